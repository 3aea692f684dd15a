package mysql_test

import (
	"strings"
	"testing"

	"userlink/sidecar/link"
	"userlink/sidecar/mysql/mysqltest"
)

// group 50 has group 51 in it, and 51 has 52.
func groups(d *mysqltest.Database) {
	d.Exec("INSERT INTO civicrm_group (id, name, title, cache_date) VALUES (50, 'd', 'Of the domain', NOW()), (51, 'c', 'Child', NOW()), (52, 'g', 'Grandchild', NOW()), (53, 't', (SELECT name FROM civicrm_domain WHERE id = 1), NOW())")
	d.Exec("INSERT INTO civicrm_group_nesting (parent_group_id, child_group_id) VALUES (50, 51), (51, 52)")
}

func TestNewContactJoinsTheDomainsGroup(t *testing.T) {
	cases := []struct {
		name     string
		settings map[string]string
		group    string // empty: none
	}{
		{"multisite with a group", map[string]string{"is_enabled": `s:1:"1";`, "domain_group_id": "i:50;"}, "50"},
		{"multisite as CiviCRM 6 calls it", map[string]string{"multisite_is_enabled": "b:1;", "domain_group_id": "i:50;"}, "50"},
		{"multisite without a group: the one that is called as the domain", map[string]string{"is_enabled": "i:1;"}, "53"},
		{"a group without multisite", map[string]string{"domain_group_id": "i:50;"}, ""},
		{"neither", nil, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := mysqltest.New(t, link.WordPress)
			groups(d)
			for name, value := range c.settings {
				d.Setting(name, value)
			}
			site := d.Migrated("main")
			d.AddUser(jane)
			if got := said(apply(t, site, event(link.Registered, jane))); got != "created/no_contact" {
				t.Fatal(got)
			}
			member, history, cached := "", "", "4"
			if c.group != "" {
				member, history, cached = c.group+"|Added|NULL|NULL", c.group+"|Admin|Added||1", "3"
			}
			if got := strings.Join(d.Rows("SELECT group_id, status, location_id, email_id FROM civicrm_group_contact WHERE contact_id = 2"), " "); got != member {
				t.Errorf("groups: %s", got)
			}
			if got := strings.Join(d.Rows("SELECT group_id, method, status, tracking, ABS(TIMESTAMPDIFF(SECOND, date, NOW())) < 10 FROM civicrm_subscription_history WHERE contact_id = 2"), " "); got != history {
				t.Errorf("history: %s", got)
			}
			if got := d.One("SELECT COUNT(cache_date) FROM civicrm_group"); got != cached {
				t.Errorf("groups whose cache holds: %s", got)
			}
		})
	}
}

// Only contacts of the domain's group, and of the groups right below it, may be linked.
func TestEmailIsUniquePerSite(t *testing.T) {
	for group, want := range map[string]string{"50": "linked/email_primary", "51": "linked/email_primary", "52": "created/no_contact", "53": "created/no_contact"} {
		t.Run(group, func(t *testing.T) {
			d := mysqltest.New(t, link.WordPress)
			groups(d)
			d.Setting("uniq_email_per_site", "i:1;")
			d.Setting("domain_group_id", "i:50;")
			site := d.Migrated("main")
			d.AddContact("Individual", "Jane", "Doe", "jane@example.org")
			d.Exec("INSERT INTO civicrm_group_contact (contact_id, group_id, status) VALUES (2, ?, 'Added')", group)
			d.AddUser(jane)
			if got := said(apply(t, site, event(link.Registered, jane))); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}
