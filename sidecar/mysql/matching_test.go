package mysql_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
	"userlink/sidecar/mysql"
	"userlink/sidecar/mysql/mysqltest"
)

func matching(m link.Matching) func(*mysql.SiteOptions) {
	return func(o *mysql.SiteOptions) {
		o.Matching = m
		if m.VerifyEmail {
			o.Policy = o.Policy.LinkingAtLogin(nil)
		}
	}
}

// becameOf is what a sync says of one user.
func becameOf(t *testing.T, site *mysql.Site, mode fullsync.Mode, userID uint32) string {
	t.Helper()
	job := runSync(t, site, mode)
	items, err := site.Items(t.Context(), job.ID, "", "", 500)
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range items.Items {
		if item.UserID == userID {
			s := fmt.Sprintf("%s/%s", item.Outcome, item.Reason)
			if item.ContactID != nil && item.Outcome != link.Created {
				s += fmt.Sprintf(" %d", *item.ContactID)
			}
			return s
		}
	}
	return "nothing"
}

// An event, a preview and an apply agree about each case.
func TestMatchRules(t *testing.T) {
	family := func(d *mysqltest.Database) {
		d.AddContact("Individual", "John", "Doe", "jane@example.org")
		d.AddContact("Individual", "JANE", "Doe", "x@example.org", "jane@example.org")
	}
	cases := map[string]struct {
		m    link.Matching
		prep func(d *mysqltest.Database)
		want string
	}{
		"by email, as CiviCRM":               {link.Matching{}, family, "linked/email_ambiguous 2"},
		"by email and names first":           {link.Matching{Rules: []link.MatchRule{link.MatchEmailAndNames, link.MatchEmail}}, family, "linked/names_match 3"},
		"several: a person chooses":          {link.Matching{OnAmbiguous: link.AskPerson}, family, "conflict/several_contacts 2"},
		"several: a new one":                 {link.Matching{OnAmbiguous: link.MakeAnother}, family, "created/passed_over"},
		"names without the email do not do":  {link.Matching{Rules: []link.MatchRule{link.MatchEmailAndNames}}, func(d *mysqltest.Database) { d.AddContact("Individual", "Jane", "Doe") }, "created/no_contact"},
		"similar: a person looks":            {link.Matching{OnSimilar: link.AskPerson}, func(d *mysqltest.Database) { d.AddContact("Individual", "J", "D", "jané@example.org") }, "conflict/similar_contact 2"},
		"similar: a new one":                 {link.Matching{OnSimilar: link.MakeAnother}, func(d *mysqltest.Database) { d.AddContact("Individual", "J", "D", "jané@example.org") }, "created/passed_over"},
		"another case is not similar":        {link.Matching{OnSimilar: link.AskPerson}, func(d *mysqltest.Database) { d.AddContact("Individual", "J", "D", " JANE@Example.org") }, "created/no_contact"},
		"another case is the same":           {link.Matching{OnSimilar: link.AskPerson}, func(d *mysqltest.Database) { d.AddContact("Individual", "J", "D", "JANE@Example.org") }, "linked/email_primary 2"},
		"CiviCRM's rule, as it is installed": {link.Matching{Rules: []link.MatchRule{link.MatchUnsupervised}}, family, "linked/email_ambiguous 2"},
		"CiviCRM's rule by names alone": {link.Matching{Rules: []link.MatchRule{link.MatchUnsupervised, link.MatchEmail}}, func(d *mysqltest.Database) {
			family(d)
			ruleOf(d, 10, "civicrm_contact.first_name 5", "civicrm_contact.last_name 5", "civicrm_contact.birth_date 3")
			d.AddContact("Individual", "Jane", "Doe", "z@example.org")
			d.Exec("UPDATE civicrm_contact SET is_deleted = 1 WHERE id = 3")
		}, "linked/dedupe_rule 4"},
		"CiviCRM's rule that needs the email": {link.Matching{Rules: []link.MatchRule{link.MatchUnsupervised}}, func(d *mysqltest.Database) {
			ruleOf(d, 12, "civicrm_contact.first_name 5", "civicrm_email.email 10")
			d.AddContact("Individual", "Jane", "Roe", "y@example.org")
			d.AddContact("Individual", "Jane", "Roe", "y@example.org", "jane@example.org")
			d.AddContact("Individual", "John", "Doe", "jane@example.org")
		}, "linked/dedupe_rule 3"},
		"CiviCRM's rule by the first letters": {link.Matching{Rules: []link.MatchRule{link.MatchUnsupervised}}, func(d *mysqltest.Database) {
			ruleOf(d, 10, "civicrm_contact.first_name/2 4", "civicrm_contact.last_name 6")
			d.AddContact("Individual", "Jason", "Doe")
		}, "linked/dedupe_rule 2"},
		"CiviCRM's rule finds a similar email": {link.Matching{Rules: []link.MatchRule{link.MatchUnsupervised}, OnSimilar: link.AskPerson}, func(d *mysqltest.Database) {
			d.AddContact("Individual", "J", "D", "jané@example.org")
		}, "conflict/similar_contact 2"},
		"CiviCRM's rule that asks for what no user has": {link.Matching{Rules: []link.MatchRule{link.MatchUnsupervised}}, func(d *mysqltest.Database) {
			ruleOf(d, 20, "civicrm_contact.first_name 5", "civicrm_address.postal_code 15")
			family(d)
		}, "created/no_contact"},
		"no such rule": {link.Matching{Rules: []link.MatchRule{link.MatchUnsupervised}}, func(d *mysqltest.Database) {
			d.Exec("DELETE FROM civicrm_dedupe_rule")
			family(d)
		}, "created/no_contact"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := mysqltest.New(t, link.WordPress, matching(c.m))
			site := d.Migrated("main")
			d.AddUser(jane)
			c.prep(d)
			if got := becameOf(t, site, fullsync.Preview, 42); got != c.want {
				t.Errorf("preview: got %s, want %s", got, c.want)
			}
			result := apply(t, site, event(link.Registered, jane))
			got := said(result)
			if result.ContactID != nil && result.Outcome != link.Created {
				got += fmt.Sprintf(" %d", *result.ContactID)
			}
			if got != c.want {
				t.Errorf("event: got %s, want %s", got, c.want)
			}
			for _, f := range site.Check(t.Context()) {
				if f.Name == "privileges" && f.Level != mysql.OK || f.Name == "logins, roles and status" {
					t.Errorf("check: %+v", f)
				}
			}
		})
	}
}

// ruleOf replaces CiviCRM's rule in use; a field is "table.column weight", or "table.column/length weight".
func ruleOf(d *mysqltest.Database, threshold int, fields ...string) {
	d.Exec("UPDATE civicrm_dedupe_rule_group SET used = 'General' WHERE contact_type = 'Individual' AND used = 'Unsupervised'")
	d.Exec("INSERT INTO civicrm_dedupe_rule_group (contact_type, threshold, used, name, title, is_reserved) VALUES ('Individual', ?, 'Unsupervised', 'own', 'own', 0)", threshold)
	for _, f := range fields {
		field, weight, _ := strings.Cut(f, " ")
		field, length, _ := strings.Cut(field, "/")
		table, column, _ := strings.Cut(field, ".")
		d.Exec(`INSERT INTO civicrm_dedupe_rule (dedupe_rule_group_id, rule_table, rule_field, rule_length, rule_weight)
			SELECT MAX(id), ?, ?, NULLIF(?, ''), ? FROM civicrm_dedupe_rule_group`, table, column, length, weight)
	}
}

func TestCheckJudgesTheRuleForDuplicates(t *testing.T) {
	for name, c := range map[string]struct {
		cms    link.CMS
		fields []string
		want   string
	}{
		"can be asked":      {link.WordPress, []string{"civicrm_email.email 10"}, "ok CiviCRM's rule can be asked"},
		"asks for more":     {link.WordPress, []string{"civicrm_email.email 10", "civicrm_phone.phone 5"}, "warning CiviCRM's rule also asks for civicrm_phone.phone"},
		"can find nobody":   {link.Drupal, []string{"civicrm_contact.first_name 5", "civicrm_contact.last_name 5"}, "problem CiviCRM's rule can never find the contact of a user: it asks for civicrm_contact.first_name, civicrm_contact.last_name"},
		"is not there":      {link.WordPress, nil, "problem CiviCRM has no such rule"},
		"middle name: none": {link.WordPress, []string{"civicrm_contact.middle_name 10"}, "problem CiviCRM's rule can never"},
		"middle name: some": {link.Joomla, []string{"civicrm_contact.middle_name 10"}, "ok "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := mysqltest.New(t, c.cms, matching(link.Matching{Rules: []link.MatchRule{link.MatchUnsupervised}}))
			site := d.Migrated("main")
			ruleOf(d, 10, c.fields...)
			for _, f := range site.Check(t.Context()) {
				if f.Name == "match: unsupervised" {
					if got := fmt.Sprintf("%s %s", f.Level, f.Detail); !strings.HasPrefix(got, c.want) {
						t.Errorf("got %s, want %s", got, c.want)
					}
					return
				}
			}
			t.Error("not judged")
		})
	}
}

// A stranger who registers with somebody's address does not get that person's record before the first login.
func TestVerifyEmail(t *testing.T) {
	d := mysqltest.New(t, link.WordPress, matching(link.Matching{VerifyEmail: true}))
	site := d.Migrated("main")
	d.AddUser(jane)
	d.AddContact("Individual", "J", "D", "jane@example.org")
	if got := said(apply(t, site, event(link.Registered, jane))); got != "ignored/email_unverified" {
		t.Errorf("registered: %s", got)
	}
	for _, mode := range []fullsync.Mode{fullsync.Preview, fullsync.Apply} {
		if got := becameOf(t, site, mode, 42); got != "skipped/email_unverified" {
			t.Errorf("%s: %s", mode, got)
		}
	}
	if list := conflicts(t, site); len(list) != 0 {
		t.Errorf("waiting is no conflict: %s", offered(list))
	}
	e, err := site.Explain(t.Context(), 42)
	if err != nil || e.State.VerifyEmail != "first_login" || e.State.ProvedAt != nil {
		t.Errorf("%+v %v", e.State, err)
	}
	if got := wouldBe(e); got != "registered ignored/email_unverified, logged_in linked/email_primary, updated ignored/email_unverified, transaction ignored/email_unverified, deleted ignored/not_linked, sync skipped/email_unverified" {
		t.Errorf("explain: %s", got)
	}
	stranger := jane
	stranger.Email = "someone@example.org"
	d.AddContact("Individual", "S", "O", "someone@example.org")
	if got := said(apply(t, site, event(link.LoggedIn, jane))); got != "linked/email_primary" {
		t.Errorf("logged in: %s", got)
	}
}

func wouldBe(e fullsync.Explanation) string {
	var lines []string
	for _, w := range e.Would {
		name := string(w.Event)
		lines = append(lines, fmt.Sprintf("%s %s", name[strings.LastIndex(name, ".")+1:], said(w.Result)))
	}
	return strings.Join(lines, ", ")
}

// Who has no contact gets a new one at once: that is nobody's record.
func TestVerifyEmailDoesNotHoldUpNewContacts(t *testing.T) {
	d := mysqltest.New(t, link.WordPress, matching(link.Matching{VerifyEmail: true}))
	site := d.Migrated("main")
	d.AddUser(jane)
	if got := said(apply(t, site, event(link.Registered, jane))); got != "created/no_contact" {
		t.Error(got)
	}
}

// A proof is of one address: with another one it is gone, until the next login.
func TestAChangedAddressIsNotProved(t *testing.T) {
	d := mysqltest.New(t, link.WordPress, matching(link.Matching{VerifyEmail: true, OnAmbiguous: link.AskPerson}))
	site := d.Migrated("main")
	d.AddUser(jane)
	for range 2 { // so that nothing is linked yet
		d.AddContact("Individual", "J", "D", "jane@example.org")
	}
	d.AddContact("Individual", "V", "V", "victim@example.org")
	at := time.Now().Add(-5 * time.Minute)
	tell := func(typ link.EventType, u link.User, want string) {
		t.Helper()
		at = at.Add(time.Second)
		ev := event(typ, u)
		ev.Time = at
		if got := said(apply(t, site, ev)); got != want {
			t.Errorf("%s %s: got %s, want %s", typ, u.Email, got, want)
		}
	}
	tell(link.Registered, jane, "ignored/email_unverified")
	tell(link.LoggedIn, jane, "conflict/several_contacts")
	tell(link.Updated, jane, "conflict/several_contacts")
	victim := jane
	victim.Email = "victim@example.org"
	d.Exec("UPDATE wp_users SET user_email = 'victim@example.org' WHERE ID = 42")
	if got := becameOf(t, site, fullsync.Preview, 42); got != "skipped/email_unverified" { // seen in the table before any event
		t.Errorf("preview: %s", got)
	}
	tell(link.Updated, victim, "ignored/email_unverified")
	if got := becameOf(t, site, fullsync.Apply, 42); got != "skipped/email_unverified" {
		t.Errorf("sync: %s", got)
	}
	tell(link.LoggedIn, victim, "linked/email_primary")
}

// Where the CMS keeps the last login, it counts too, if the address is not newer.
func TestLoginsOfTheTable(t *testing.T) {
	login := map[link.CMS]string{
		link.Drupal:   "UPDATE users_field_data SET login = UNIX_TIMESTAMP() - 3600",
		link.Drupal7:  "UPDATE users SET login = UNIX_TIMESTAMP() - 3600",
		link.Backdrop: "UPDATE users SET login = UNIX_TIMESTAMP() - 3600",
		link.Joomla:   "UPDATE jos_users SET lastvisitDate = UTC_TIMESTAMP() - INTERVAL 1 HOUR",
	}
	change := map[link.CMS]string{
		link.Drupal: "UPDATE users_field_data SET mail = 'victim@example.org'", link.Drupal7: "UPDATE users SET mail = 'victim@example.org'",
		link.Backdrop: "UPDATE users SET mail = 'victim@example.org'", link.Joomla: "UPDATE jos_users SET email = 'victim@example.org'",
	}
	for cms, statement := range login {
		t.Run(string(cms), func(t *testing.T) {
			t.Parallel()
			d := mysqltest.New(t, cms, matching(link.Matching{VerifyEmail: true, OnAmbiguous: link.AskPerson}))
			site := d.Migrated("main")
			d.AddUser(jane)
			for range 2 {
				d.AddContact("Individual", "J", "D", "jane@example.org")
			}
			d.AddContact("Individual", "V", "V", "victim@example.org")
			if got := becameOf(t, site, fullsync.Apply, 42); got != "skipped/email_unverified" {
				t.Errorf("never logged in: %s", got)
			}
			d.Exec(statement)
			if got := becameOf(t, site, fullsync.Apply, 42); got != "conflict/several_contacts 2" {
				t.Errorf("logged in: %s", got)
			}
			d.Exec(change[cms])
			if got := becameOf(t, site, fullsync.Apply, 42); got != "skipped/email_unverified" {
				t.Errorf("with another address: %s", got)
			}
		})
	}
}

func TestScope(t *testing.T) {
	role := map[link.CMS]string{
		link.WordPress: `UPDATE wp_usermeta SET meta_value = 'a:2:{s:10:"subscriber";b:0;s:6:"member";b:1;}' WHERE meta_key = 'wp_capabilities' AND user_id = 42`,
		link.Drupal:    "INSERT INTO user__roles (entity_id, delta, roles_target_id) VALUES (42, 0, 'member')",
		link.Drupal7:   "INSERT INTO role (rid, name) VALUES (3, 'member'); INSERT INTO users_roles VALUES (42, 3)",
		link.Backdrop:  "INSERT INTO users_roles VALUES (42, 'member')",
		link.Joomla:    "INSERT INTO jos_usergroups VALUES (2, 'member'); INSERT INTO jos_user_usergroup_map VALUES (42, 2)",
	}
	block := map[link.CMS]string{
		link.Drupal: "UPDATE users_field_data SET status = 0 WHERE uid = 42", link.Drupal7: "UPDATE users SET status = 0 WHERE uid = 42",
		link.Backdrop: "UPDATE users SET status = 0 WHERE uid = 42", link.Joomla: "UPDATE jos_users SET block = 1 WHERE id = 42",
	}
	for _, cms := range link.CMSs() {
		t.Run(string(cms), func(t *testing.T) {
			t.Parallel()
			d := mysqltest.New(t, cms, matching(link.Matching{Only: link.Scope{Roles: []string{"member"}, Statuses: []link.Status{link.StatusActive}}}))
			site := d.Migrated("main")
			member := link.User{ID: 42, Email: "jane@example.org"}
			d.AddUser(member)
			d.AddUser(link.User{ID: 43, Email: "other@example.org"})
			if got := becameOf(t, site, fullsync.Preview, 42); got != "skipped/out_of_scope" {
				t.Errorf("without the role: %s", got)
			}
			if cms != link.Joomla { // whose policy does nothing then
				if got := said(apply(t, site, event(link.Registered, member))); got != "ignored/out_of_scope" {
					t.Errorf("event: %s", got)
				}
			}
			d.Exec(role[cms])
			if cms != link.WordPress { // which has no blocked users
				d.Exec(block[cms])
				if got := becameOf(t, site, fullsync.Preview, 42); got != "skipped/out_of_scope" {
					t.Errorf("blocked: %s", got)
				}
				d.Exec(strings.NewReplacer("status = 0", "status = 1", "block = 1", "block = 0").Replace(block[cms]))
			}
			if got := becameOf(t, site, fullsync.Apply, 42); got != "created/no_contact" {
				t.Errorf("with the role: %s", got)
			}
			if got := becameOf(t, site, fullsync.Apply, 43); got != "skipped/out_of_scope" {
				t.Errorf("another: %s", got)
			}
			status, err := site.Status(t.Context())
			if err != nil || status.Users != 2 || status.Linked != 1 || status.NotLinked != 1 || status.Conflicts != 0 {
				t.Errorf("%+v %v", status, err)
			}
			d.Exec("DELETE FROM " + map[link.CMS]string{link.WordPress: "wp_usermeta WHERE meta_key = 'wp_capabilities'", link.Drupal: "user__roles", link.Drupal7: "users_roles", link.Backdrop: "users_roles", link.Joomla: "jos_user_usergroup_map"}[cms])
			if got := becameOf(t, site, fullsync.Apply, 42); !strings.HasPrefix(got, "already_linked/link_exists") {
				t.Errorf("who lost the role keeps the link: %s", got)
			}
			e, err := site.Explain(t.Context(), 43)
			if err != nil || e.State.InScope || len(e.Choices) != 0 {
				t.Errorf("explain: %+v %v", e.State, err)
			}
		})
	}
}

// What an event says of roles counts before what the table says: inside a transaction of the CMS only the event knows.
func TestScopeOfAnEvent(t *testing.T) {
	d := mysqltest.New(t, link.Drupal, matching(link.Matching{Only: link.Scope{Roles: []string{"member"}}}))
	site := d.Migrated("main")
	if got := said(apply(t, site, event(link.Registered, link.User{ID: 42, Email: "jane@example.org", Roles: []string{"member"}}))); got != "created/no_contact" {
		t.Error(got)
	}
	if got := said(apply(t, site, event(link.Registered, link.User{ID: 43, Email: "other@example.org"}))); got != "ignored/out_of_scope" {
		t.Error(got)
	}
}

// Without these settings the account may read neither logins nor roles nor rules.
func TestGrantsFollowTheSettings(t *testing.T) {
	plain, err := mysqltest.New(t, link.Drupal).Site("main").Grants("u:p@tcp(127.0.0.1:3306)/civicrm")
	if err != nil {
		t.Fatal(err)
	}
	all, err := mysqltest.New(t, link.Drupal, matching(link.Matching{
		Rules: []link.MatchRule{link.MatchUnsupervised}, VerifyEmail: true, Only: link.Scope{Roles: []string{"x"}, Statuses: []link.Status{link.StatusActive}},
	})).Site("main").Grants("u:p@tcp(127.0.0.1:3306)/civicrm")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"default_langcode, login, status)", "`user__roles`", "civicrm_dedupe_rule ", "civicrm_dedupe_rule_group "} {
		if strings.Contains(plain, part) || !strings.Contains(all, part) {
			t.Errorf("%q: plain %v, all %v", part, strings.Contains(plain, part), strings.Contains(all, part))
		}
	}
}
