package mysql_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"userlink/sidecar/link"
	"userlink/sidecar/mysql"
	"userlink/sidecar/mysql/mysqltest"
)

func event(typ link.EventType, u link.User) link.Event {
	return link.Event{ID: uuid.NewString(), SiteID: "main", Type: typ, Hook: "test", Time: time.Now(), User: u}
}

func apply(t *testing.T, site *mysql.Site, ev link.Event) link.Result {
	t.Helper()
	result, err := site.Apply(t.Context(), ev, uuid.NewString(), time.Now().Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func said(r link.Result) string { return fmt.Sprintf("%s/%s", r.Outcome, r.Reason) }

var jane = link.User{ID: 42, Email: "Jane@Example.org", Username: "jane", FirstName: "Jane", LastName: "Doe"}

func TestApplyCreatesWhatCiviCRMCreates(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	d.AddContact("Individual", "Admin", "", "admin@example.org")
	d.AddLink(1, "admin@example.org", 2)
	d.AddUser(jane)
	ev := event(link.Registered, jane)
	ev.ActorUserID = 1

	got := apply(t, site, ev)

	if said(got) != "created/no_contact" || *got.ContactID != 3 || fmt.Sprint(got.Actions) != "[contact.created email.created link.created]" {
		t.Errorf("got %+v", got)
	}
	rows := []struct{ what, query, want string }{
		{
			"contact", `SELECT contact_type, first_name, last_name, display_name, sort_name, email_greeting_id, email_greeting_display, postal_greeting_display, addressee_id, addressee_display,
			preferred_language, communication_style_id, LENGTH(hash), preferred_mail_format, is_deleted, source, created_date IS NOT NULL, modified_date IS NOT NULL FROM civicrm_contact WHERE id = 3`,
			"Individual|Jane|Doe|Jane Doe|Doe, Jane|1|Dear Jane|Dear Jane|1|Jane Doe|en_US|1|32|Both|0|NULL|1|1",
		},
		{"email", "SELECT contact_id, location_type_id, email, is_primary, is_billing, on_hold, is_bulkmail FROM civicrm_email WHERE contact_id = 3", "3|1|jane@example.org|1|0|0|0"},
		{"log", "SELECT entity_table, entity_id, data, modified_id FROM civicrm_log", "civicrm_contact|3|civicrm_contact,3|2"},
		{"link", "SELECT domain_id, uf_id, uf_name, contact_id, language FROM civicrm_uf_match WHERE uf_id = 42", "1|42|Jane@Example.org|3|NULL"},
		{
			"journal", "SELECT JSON_EXTRACT(changes, '$[*].table'), JSON_EXTRACT(changes, '$[*].row_id'), JSON_EXTRACT(changes, '$[*].change') FROM userlink_journal",
			`["civicrm_contact", "civicrm_email", "civicrm_log", "civicrm_uf_match"]|[3, 3, 1, 2]|["insert", "insert", "insert", "insert"]`,
		},
	}
	for _, row := range rows {
		if got := d.Rows(row.query); len(got) != 1 || got[0] != row.want {
			t.Errorf("%s: got %q, want %q", row.what, got, row.want)
		}
	}
}

// sharp has a letter in the email that came late: utf8mb4_unicode_ci does not hold it equal to its lower case.
var sharp = link.User{ID: 42, Email: "ẞß@example.org", Username: "sharp", FirstName: "Jane", LastName: "Doe"}

// Each row is a case of the measured behaviour of CiviCRM, section 3, and what we do in it.
func TestMatch(t *testing.T) {
	cases := []struct {
		name string
		prep func(d *mysqltest.Database)
		user link.User
		want string // outcome/reason contact
		new  int    // contacts made
	}{
		{"nobody has the email", func(*mysqltest.Database) {}, jane, "created/no_contact", 1},
		{"an Individual has it as primary", func(d *mysqltest.Database) { d.AddContact("Individual", "J", "D", "jane@example.org") }, jane, "linked/email_primary 2", 0},
		{"an Individual has it among others", func(d *mysqltest.Database) { d.AddContact("Individual", "J", "D", "j@example.org", "jane@example.org") }, jane, "linked/email_other 2", 0},
		{"two Individuals have it as primary: the lower id", func(d *mysqltest.Database) {
			d.AddContact("Individual", "J", "D", "jane@example.org")
			d.AddContact("Individual", "J", "D", "jane@example.org")
		}, jane, "linked/email_ambiguous 2", 0},
		{"two Individuals have it as primary: the email that was stored first", func(d *mysqltest.Database) {
			d.AddContact("Individual", "J", "D")
			d.AddContact("Individual", "J", "D", "jane@example.org")
			d.Exec("INSERT INTO civicrm_email (contact_id, location_type_id, email, is_primary) VALUES (2, 1, 'jane@example.org', 1)")
		}, jane, "linked/email_ambiguous 3", 0},
		{"the same since 6.12: the older contact", func(d *mysqltest.Database) {
			d.Exec("UPDATE civicrm_domain SET version = '6.12.0'")
			d.AddContact("Individual", "J", "D")
			d.AddContact("Individual", "J", "D", "jane@example.org")
			d.Exec("INSERT INTO civicrm_email (contact_id, location_type_id, email, is_primary) VALUES (2, 1, 'jane@example.org', 1)")
		}, jane, "linked/email_ambiguous 2", 0},
		{"primary wins over a lower id", func(d *mysqltest.Database) {
			d.AddContact("Individual", "J", "D", "j@example.org", "jane@example.org")
			d.AddContact("Individual", "J", "D", "jane@example.org")
		}, jane, "linked/email_ambiguous 3", 0},
		{"one contact has it twice", func(d *mysqltest.Database) {
			d.AddContact("Individual", "J", "D", "jane@example.org", "JANE@example.org")
		}, jane, "linked/email_primary 2", 0},
		{"the contact is in the trash", func(d *mysqltest.Database) {
			d.AddContact("Individual", "J", "D", "jane@example.org")
			d.Exec("UPDATE civicrm_contact SET is_deleted = 1 WHERE id = 2")
		}, jane, "created/contact_trashed", 1},
		{"only an Organization has it", func(d *mysqltest.Database) { d.AddContact("Organization", "", "J", "jane@example.org") }, jane, "created/no_contact", 1},
		{"the contact is deceased", func(d *mysqltest.Database) {
			d.AddContact("Individual", "J", "D", "jane@example.org")
			d.Exec("UPDATE civicrm_contact SET is_deceased = 1 WHERE id = 2")
		}, jane, "linked/email_primary 2", 0},
		{"the contact belongs to another user, under another address", func(d *mysqltest.Database) {
			d.AddContact("Individual", "J", "D", "jane@example.org")
			d.AddUser(link.User{ID: 7, Email: "other@example.org"})
			d.AddLink(7, "other@example.org", 2)
		}, jane, "created/contact_taken", 1},
		{"the address stands on another user's link", func(d *mysqltest.Database) {
			d.AddContact("Individual", "J", "D", "x@example.org")
			d.AddUser(link.User{ID: 7, Email: "x@example.org"})
			d.AddLink(7, "jane@example.org", 2)
		}, jane, "conflict/name_held other 7", 0},
		{"the address stands on the link of a user who is gone", func(d *mysqltest.Database) {
			d.AddContact("Individual", "J", "D", "jane@example.org")
			d.AddLink(7, "JANE@example.org", 2)
		}, jane, "conflict/name_stale 2 other 7", 0},
		{"the collation alone holds two addresses equal", func(d *mysqltest.Database) {
			d.AddContact("Individual", "J", "D", "x@example.org")
			d.AddUser(link.User{ID: 7, Email: "x@example.org"})
			d.AddLink(7, "jané@example.org", 2)
		}, jane, "conflict/name_similar other 7", 0},
		{"the collation alone finds a contact", func(d *mysqltest.Database) { d.AddContact("Individual", "J", "D", "jané@example.org") }, jane, "linked/email_similar 2", 0},
		{"a letter that the collation knows no lower case of, at the contact", func(d *mysqltest.Database) { d.AddContact("Individual", "J", "D", "ßß@example.org") }, sharp, "linked/email_primary 2", 0},
		{"such a letter on another user's link", func(d *mysqltest.Database) {
			d.AddContact("Individual", "J", "D", "x@example.org")
			d.AddUser(link.User{ID: 7, Email: "x@example.org"})
			d.AddLink(7, "ẞß@example.org", 2)
		}, sharp, "conflict/name_held other 7", 0},
		{"the user is linked", func(d *mysqltest.Database) {
			d.AddContact("Individual", "J", "D", "jane@example.org")
			d.AddLink(42, "jane@example.org", 2)
		}, jane, "already_linked/link_exists 2", 0},
		{"the user is linked to a contact in the trash", func(d *mysqltest.Database) {
			d.AddContact("Individual", "J", "D", "jane@example.org")
			d.AddLink(42, "jane@example.org", 2)
			d.Exec("UPDATE civicrm_contact SET is_deleted = 1 WHERE id = 2")
		}, jane, "already_linked/link_trashed 2", 0},
		{"the user is linked twice", func(d *mysqltest.Database) {
			d.AddLink(42, "jane@example.org", d.AddContact("Individual", "J", "D", "jane@example.org"))
			d.AddLink(42, "jane2@example.org", d.AddContact("Individual", "J", "D"))
		}, jane, "conflict/linked_twice 2", 0},
		{"the link names no contact", func(d *mysqltest.Database) { d.AddLink(42, "jane@example.org", 0) }, jane, "conflict/link_broken", 0},
		{"no email", func(*mysqltest.Database) {}, link.User{ID: 42, FirstName: "Jane"}, "conflict/email_empty", 0},
		{"not an email", func(*mysqltest.Database) {}, link.User{ID: 42, Email: "jane"}, "conflict/email_invalid", 0},
		{"an email too long for the link", func(*mysqltest.Database) {}, link.User{ID: 42, Email: long(117) + "@example.org"}, "conflict/email_too_long", 0},
		{"a name too long", func(*mysqltest.Database) {}, link.User{ID: 42, Email: "jane@example.org", FirstName: long(65)}, "conflict/name_too_long", 0},
		{
			"a name too long does not matter to a link", func(d *mysqltest.Database) { d.AddContact("Individual", "J", "D", "jane@example.org") },
			link.User{ID: 42, Email: "jane@example.org", FirstName: long(65)},
			"linked/email_primary 2", 0,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := mysqltest.New(t, link.WordPress)
			site := d.Migrated("main")
			c.prep(d)
			before := d.One("SELECT COUNT(*) FROM civicrm_contact")
			got := apply(t, site, event(link.Registered, c.user))
			text := said(got)
			if got.ContactID != nil && got.Outcome != link.Created {
				text += fmt.Sprintf(" %d", *got.ContactID)
			}
			if other := d.One("SELECT MAX(other_uf_id) FROM userlink_conflict"); other != "NULL" {
				text += " other " + other
			}
			if text != c.want {
				t.Errorf("got %s, want %s", text, c.want)
			}
			if n := d.One("SELECT COUNT(*) - ? FROM civicrm_contact", before); n != fmt.Sprint(c.new) {
				t.Errorf("%s contacts made, want %d", n, c.new)
			}
			if orphans := d.One("SELECT COUNT(*) FROM civicrm_contact c WHERE id > ? AND NOT EXISTS (SELECT 1 FROM civicrm_uf_match m WHERE m.contact_id = c.id)", before); got.Outcome == link.Created && orphans != "0" {
				t.Errorf("%s orphans", orphans)
			}
		})
	}
}

func long(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = 'a' + byte(i%26)
	}
	return string(b)
}

func TestKeepEmailInStep(t *testing.T) {
	moved := link.User{ID: 42, Email: "New@Example.org"}
	linked := func(d *mysqltest.Database) {
		d.AddLink(42, "jane@example.org", d.AddContact("Individual", "Jane", "Doe", "jane@example.org", "second@example.org"))
	}
	cases := []struct {
		name   string
		prep   func(d *mysqltest.Database)
		user   link.User
		want   string
		ufName string
		emails string
	}{
		{"the email changed", linked, moved, "updated/email_changed", "new@example.org", "new@example.org,second@example.org"},
		{"the site does not copy emails", func(d *mysqltest.Database) { linked(d); d.Setting("syncCMSEmail", "b:0;") }, moved, "updated/email_changed", "new@example.org", "jane@example.org,second@example.org"},
		{"the contact has no email", func(d *mysqltest.Database) {
			d.AddLink(42, "jane@example.org", d.AddContact("Individual", "Jane", "Doe"))
		}, moved, "updated/email_changed", "new@example.org", "new@example.org"},
		{"the contact has it already", func(d *mysqltest.Database) {
			linked(d)
			d.Exec("UPDATE civicrm_email SET email = 'new@example.org' WHERE email = 'jane@example.org'")
		}, moved, "updated/email_changed", "new@example.org", "new@example.org,second@example.org"},
		{"nothing changed", linked, link.User{ID: 42, Email: "JANE@example.org"}, "already_linked/link_exists", "jane@example.org", "jane@example.org,second@example.org"},
		{"CiviCRM changed its own, the user did not", func(d *mysqltest.Database) {
			linked(d)
			d.Exec("UPDATE civicrm_email SET email = 'staff@example.org' WHERE email = 'jane@example.org'")
		}, link.User{ID: 42, Email: "jane@example.org"}, "already_linked/link_exists", "jane@example.org", "staff@example.org,second@example.org"},
		{"a blank never overwrites", linked, link.User{ID: 42, Email: ""}, "already_linked/link_exists", "jane@example.org", "jane@example.org,second@example.org"},
		{"another linked user holds the address", func(d *mysqltest.Database) {
			linked(d)
			d.AddUser(link.User{ID: 7, Email: "new@example.org"})
			d.AddLink(7, "new@example.org", d.AddContact("Individual", "N", "N", "new@example.org"))
		}, moved, "conflict/email_held", "jane@example.org", "jane@example.org,second@example.org"},
		{"not an address", linked, link.User{ID: 42, Email: "nothing"}, "conflict/email_invalid", "jane@example.org", "jane@example.org,second@example.org"},
		{"not linked", func(*mysqltest.Database) {}, moved, "ignored/not_linked", "NULL", "NULL"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := mysqltest.New(t, link.Drupal)
			site := d.Migrated("main")
			c.prep(d)
			if got := said(apply(t, site, event(link.Updated, c.user))); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if got := d.One("SELECT MAX(uf_name) FROM civicrm_uf_match WHERE uf_id = 42"); got != c.ufName {
				t.Errorf("uf_name %s, want %s", got, c.ufName)
			}
			if got := d.One("SELECT GROUP_CONCAT(e.email ORDER BY e.id) FROM civicrm_email e JOIN civicrm_uf_match m USING (contact_id) WHERE m.uf_id = 42"); got != c.emails {
				t.Errorf("emails %s, want %s", got, c.emails)
			}
		})
	}
}

// Since CiviCRM 5.39 a contact that is called by its email is renamed with it; one that has a name is not.
func TestNameFollowsEmail(t *testing.T) {
	for version, want := range map[string]string{"5.33.2": "old@example.org|old@example.org", "5.77.1": "new@example.org|new@example.org"} {
		d := mysqltest.New(t, link.Drupal)
		d.Exec("UPDATE civicrm_domain SET version = ?", version)
		site := d.Migrated("main")
		nameless := d.AddContact("Individual", "", "", "old@example.org")
		d.Exec("UPDATE civicrm_contact SET first_name = NULL, last_name = '', display_name = 'old@example.org', sort_name = 'old@example.org' WHERE id = ?", nameless)
		d.AddLink(42, "old@example.org", nameless)
		apply(t, site, event(link.Updated, link.User{ID: 42, Email: "new@example.org"}))
		if got := d.Rows("SELECT display_name, sort_name FROM civicrm_contact WHERE id = ?", nameless); got[0] != want {
			t.Errorf("%s: %s", version, got[0])
		}
		d.AddLink(43, "jane@example.org", d.AddContact("Individual", "Jane", "Doe", "jane@example.org"))
		apply(t, site, event(link.Updated, link.User{ID: 43, Email: "jane2@example.org"}))
		if got := d.One("SELECT display_name FROM civicrm_contact WHERE first_name = 'Jane'"); got != "Jane Doe" {
			t.Errorf("%s: %s", version, got)
		}
	}
}

// Staff whose rights are restricted see a new contact at once.
func TestACLCacheIsEmptied(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	d.Exec("INSERT INTO civicrm_acl_contact_cache (contact_id, operation) VALUES (1, 'View')")
	apply(t, site, event(link.Updated, link.User{ID: 7}))
	if got := d.One("SELECT COUNT(*) FROM civicrm_acl_contact_cache"); got != "1" {
		t.Errorf("a conflict: %s rows", got)
	}
	apply(t, site, event(link.Registered, jane))
	if got := d.One("SELECT COUNT(*) FROM civicrm_acl_contact_cache"); got != "0" {
		t.Errorf("a new contact: %s rows", got)
	}
}

func TestUnlinkKeepsTheContact(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	created := apply(t, site, event(link.Registered, jane))
	if got := said(apply(t, site, event(link.Deleted, jane))); got != "unlinked/user_deleted" {
		t.Error(got)
	}
	if got := d.Counts(); got != "2 2 1 0" {
		t.Errorf("contacts emails logs links: %s", got)
	}
	again := jane
	again.ID = 43
	back := apply(t, site, event(link.Registered, again))
	if said(back) != "linked/email_primary" || *back.ContactID != *created.ContactID {
		t.Errorf("registering again with the same address: %+v", back)
	}
}

func TestApplyRemembers(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	ev := event(link.Registered, jane)
	first := apply(t, site, ev)
	before := d.Counts() + d.One("SELECT COUNT(*) FROM userlink_journal")

	t.Run("a repeat gets the same answer and writes nothing", func(t *testing.T) {
		repeat := ev
		repeat.User.Email = "other@example.org"
		again := apply(t, site, repeat)
		if fmt.Sprint(said(again), *again.ContactID, again.Actions) != fmt.Sprint(said(first), *first.ContactID, first.Actions) {
			t.Errorf("got %+v, want %+v", again, first)
		}
		if after := d.Counts() + d.One("SELECT COUNT(*) FROM userlink_journal"); after != before {
			t.Errorf("rows %s, were %s", after, before)
		}
	})
	t.Run("an event whose id another one had gets that one's answer and writes nothing", func(t *testing.T) {
		same := event(link.Registered, link.User{ID: 79, Email: "same@example.org"})
		same.ID = ev.ID
		if again := apply(t, site, same); said(again) != said(first) || *again.ContactID != *first.ContactID {
			t.Errorf("got %+v, want %+v", again, first)
		}
		if after := d.Counts() + d.One("SELECT COUNT(*) FROM userlink_journal"); after != before {
			t.Errorf("rows %s, were %s", after, before)
		}
	})
	t.Run("a token is accepted once, whoever it is about", func(t *testing.T) {
		jti := uuid.NewString()
		if _, err := site.Apply(t.Context(), event(link.Updated, jane), jti, time.Now()); err != nil {
			t.Fatal(err)
		}
		if _, err := site.Apply(t.Context(), event(link.Registered, link.User{ID: 80, Email: "new@example.org"}), jti, time.Now()); !errors.Is(err, link.ErrReplayed) {
			t.Errorf("got %v", err)
		}
		if got := d.One("SELECT COUNT(*) FROM userlink_user WHERE uf_id = 80"); got != "0" {
			t.Errorf("%s rows of the user", got)
		}
	})
	t.Run("a token is accepted once", func(t *testing.T) {
		jti := uuid.NewString()
		if _, err := site.Apply(t.Context(), event(link.Updated, jane), jti, time.Now()); err != nil {
			t.Fatal(err)
		}
		if _, err := site.Apply(t.Context(), event(link.Updated, jane), jti, time.Now()); !errors.Is(err, link.ErrReplayed) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("an older event never overwrites newer data", func(t *testing.T) {
		newer := event(link.Updated, link.User{ID: 42, Email: "newer@example.org"})
		apply(t, site, newer)
		older := event(link.Updated, link.User{ID: 42, Email: "older@example.org"})
		older.Time = newer.Time.Add(-time.Second)
		if got := said(apply(t, site, older)); got != "ignored/stale_event" {
			t.Error(got)
		}
		if got := d.One("SELECT uf_name FROM civicrm_uf_match WHERE uf_id = 42"); got != "newer@example.org" {
			t.Error(got)
		}
	})
	t.Run("an event of the year 0 is as old as can be", func(t *testing.T) {
		ancient := event(link.Registered, d.AddUser(link.User{ID: 77, Email: "ancient@example.org"}))
		ancient.Time = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
		if got := said(apply(t, site, ancient)); got != "created/no_contact" {
			t.Error(got)
		}
		if got := said(apply(t, site, event(link.Updated, link.User{ID: 77, Email: "today@example.org"}))); got != "updated/email_changed" {
			t.Error(got)
		}
	})
	t.Run("an event that waited until its user was gone does nothing", func(t *testing.T) {
		late := event(link.Registered, link.User{ID: 78, Email: "gone@example.org"})
		late.Time = time.Now().Add(-time.Hour)
		if got := said(apply(t, site, late)); got != "ignored/user_gone" {
			t.Error(got)
		}
	})
	t.Run("a clock that is ahead does not make later events stale", func(t *testing.T) {
		ahead := event(link.Updated, link.User{ID: 42, Email: "ahead@example.org"})
		ahead.Time = time.Now().Add(24 * time.Hour)
		apply(t, site, ahead)
		if got := said(apply(t, site, event(link.Updated, link.User{ID: 42, Email: "now@example.org"}))); got != "updated/email_changed" {
			t.Error(got)
		}
	})
}
