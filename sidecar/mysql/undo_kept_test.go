package mysql_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
	"userlink/sidecar/mysql"
	"userlink/sidecar/mysql/mysqltest"
)

// undoSite is a site on which a sync has just created contacts for the users 1 and 2, linked 3 and given 4's contact the
// email that 4 has now.
func undoSite(t *testing.T) (*mysqltest.Database, *mysql.Site, fullsync.Job) {
	d, _ := undoing(t, link.WordPress)
	site := d.Site("main", func(o *mysql.SiteOptions) {
		o.Policy = link.PolicyOf(d.CMS, false, link.Policy{link.Synced: link.EnsureLinkAndEmail})
	})
	for id := range uint32(4) {
		d.AddUser(link.User{ID: id + 1, Email: fmt.Sprintf("user%d@example.org", id+1), FirstName: "U", LastName: fmt.Sprint(id + 1)})
	}
	d.AddContact("Individual", "U", "3", "user3@example.org")
	d.AddLink(4, "old4@example.org", d.AddContact("Individual", "", "", "old4@example.org"))
	job := ask(t, site, 60, fullsync.Request{Mode: fullsync.Apply})
	if c := job.Counts; c != (fullsync.Counts{Checked: 4, Created: 2, Linked: 1, Updated: 1}) {
		t.Fatalf("%+v", c)
	}
	return d, site, job
}

// reported returns what a job says of each user.
func reported(t *testing.T, site *mysql.Site, job fullsync.Job) map[uint32]string {
	t.Helper()
	page, err := site.Items(t.Context(), job.ID, "", "", 500)
	if err != nil {
		t.Fatal(err)
	}
	said := map[uint32]string{}
	for _, item := range page.Items {
		said[item.UserID] = fmt.Sprintf("%s/%s", item.Outcome, item.Reason)
	}
	return said
}

const contact1 = "(SELECT contact_id FROM civicrm_uf_match WHERE uf_id = 1)"

func TestUndoKeepsWhatWasChanged(t *testing.T) {
	tests := []struct {
		name string
		user uint32
		sql  string
		want string
	}{
		{"nothing was changed", 1, "DO 0", "undone/taken_back"},
		{"a cache knows the contact", 1, "INSERT INTO civicrm_group (id, name, title) VALUES (1, 'g', 'G'); INSERT INTO civicrm_group_contact_cache (group_id, contact_id) VALUES (1, " + contact1 + ")", "undone/taken_back"},
		{"the change log was emptied", 1, "DELETE FROM civicrm_log", "undone/taken_back"},
		{"modified_date alone", 1, "UPDATE civicrm_contact SET modified_date = NOW() + INTERVAL 1 DAY", "undone/taken_back"},

		{"a name was corrected", 1, "UPDATE civicrm_contact SET first_name = 'Ursula' WHERE id = " + contact1, "kept/contact_changed"},
		{"its case was corrected", 1, "UPDATE civicrm_contact SET first_name = 'u' WHERE id = " + contact1, "kept/contact_changed"},
		{"a column that we do not fill", 1, "UPDATE civicrm_contact SET birth_date = '1980-01-01' WHERE id = " + contact1, "kept/contact_changed"},
		{"a choice", 1, "UPDATE civicrm_contact SET do_not_email = 1 WHERE id = " + contact1, "kept/contact_changed"},
		{"an API key, which the account cannot read", 1, "UPDATE civicrm_contact SET api_key = 'x' WHERE id = " + contact1, "kept/contact_changed"},
		{"in the trash", 1, "UPDATE civicrm_contact SET is_deleted = 1 WHERE id = " + contact1, "kept/contact_changed"},
		{"edited and set back, says the change log", 1, "INSERT INTO civicrm_log (entity_table, entity_id) SELECT 'civicrm_contact', contact_id FROM civicrm_uf_match WHERE uf_id = 1", "kept/contact_changed"},
		{"deleted for good", 1, "SET @c = " + contact1 + "; DELETE FROM civicrm_contact WHERE id = @c", "kept/row_missing"},

		{"a phone", 1, "INSERT INTO civicrm_phone (contact_id, phone) VALUES (" + contact1 + ", '1')", "kept/contact_used"},
		{"a custom field", 1, "INSERT INTO civicrm_value_own_1 (entity_id, a) VALUES (" + contact1 + ", 'x')", "kept/contact_used"},
		{"a note", 1, "INSERT INTO civicrm_note (entity_table, entity_id) VALUES ('civicrm_contact', " + contact1 + ")", "kept/contact_used"},
		{"a note on something of the same id", 1, "INSERT INTO civicrm_note (entity_table, entity_id) VALUES ('civicrm_activity', " + contact1 + ")", "undone/taken_back"},
		{"another email", 1, "INSERT INTO civicrm_email (contact_id, email) VALUES (" + contact1 + ", 'x@example.org')", "kept/contact_used"},
		{"an employer", 1, "SET @c = " + contact1 + "; UPDATE civicrm_contact SET employer_id = @c WHERE id = 1", "kept/contact_used"},
		{"a group", 1, "INSERT INTO civicrm_group (id, name, title) VALUES (1, 'g', 'G'); INSERT INTO civicrm_group_contact (group_id, contact_id) VALUES (1, " + contact1 + ")", "kept/contact_used"},
		{"the email in a group", 1, "INSERT INTO civicrm_group (id, name, title) VALUES (1, 'g', 'G'); INSERT INTO civicrm_group_contact (group_id, contact_id, email_id) SELECT 1, 1, id FROM civicrm_email WHERE email = 'user1@example.org'", "kept/email_changed_since"},
		{"it has edited another contact", 1, "INSERT INTO civicrm_log (entity_table, entity_id, modified_id) SELECT 'civicrm_contact', 1, contact_id FROM civicrm_uf_match WHERE uf_id = 1", "kept/contact_used"},

		{"the email was changed", 1, "UPDATE civicrm_email SET email = 'new@example.org' WHERE email = 'user1@example.org'", "kept/email_changed_since"},
		{"the email is on hold", 1, "UPDATE civicrm_email SET on_hold = 1 WHERE email = 'user1@example.org'", "kept/email_changed_since"},
		{"the email has a signature", 1, "UPDATE civicrm_email SET signature_text = 'x' WHERE email = 'user1@example.org'", "kept/email_changed_since"},
		{"the email is gone", 1, "DELETE FROM civicrm_email WHERE email = 'user1@example.org'", "kept/email_changed_since"},
		{"the email of a linked contact was changed", 4, "UPDATE civicrm_email SET email = 'new@example.org' WHERE email = 'user4@example.org'", "kept/email_changed_since"},
		{"the email of a linked contact is gone", 4, "DELETE FROM civicrm_email WHERE email = 'user4@example.org'", "kept/email_changed_since"},

		{"linked to another contact", 3, "UPDATE civicrm_uf_match SET contact_id = 1 WHERE uf_id = 3", "kept/link_changed"},
		{"renamed", 1, "UPDATE civicrm_uf_match SET uf_name = 'x@example.org' WHERE uf_id = 1", "kept/link_changed"},
		{"a language of the user's own", 3, "UPDATE civicrm_uf_match SET language = 'de_DE' WHERE uf_id = 3", "kept/link_changed"},
		{"unlinked", 3, "DELETE FROM civicrm_uf_match WHERE uf_id = 3", "kept/link_changed"},
		{"renamed once more", 4, "UPDATE civicrm_uf_match SET uf_name = 'x@example.org' WHERE uf_id = 4", "kept/link_changed"},
		{"the old name is another's", 4, "INSERT INTO civicrm_uf_match (domain_id, uf_id, uf_name) VALUES (1, 99, 'OLD4@example.org')", "kept/address_taken"},
	}
	d, site, job := undoSite(t)
	d.Exec("CREATE TABLE saved AS SELECT 1")
	tables := []string{"civicrm_contact", "civicrm_group", "civicrm_group_contact", "civicrm_group_contact_cache", "civicrm_email", "civicrm_log", "civicrm_uf_match", "civicrm_phone", "civicrm_note", "civicrm_value_own_1", "userlink_journal"}
	reset := "SET foreign_key_checks = 0;"
	for _, table := range tables {
		d.Exec("CREATE TABLE saved_" + table + " AS SELECT * FROM " + table)
		reset += "DELETE FROM " + table + "; INSERT INTO " + table + " SELECT * FROM saved_" + table + ";"
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d.Exec(reset)
			d.Exec(test.sql)
			changed := contents(d)
			preview := ask(t, site, 60, fullsync.Request{Mode: fullsync.UndoPreview, Undoes: job.ID})
			same(t, "a preview", contents(d), changed)
			undo := ask(t, site, 60, fullsync.Request{PreviewID: preview.ID})
			said := reported(t, site, undo)
			if got := said[test.user]; got != test.want {
				t.Errorf("user %d: %s, want %s", test.user, got, test.want)
			}
			if foretold := reported(t, site, preview); fmt.Sprint(foretold) != fmt.Sprint(said) {
				t.Errorf("the preview said %v, the undo %v", foretold, said)
			}
			for user := range uint32(4) {
				if user+1 != test.user && said[user+1] != "undone/taken_back" && !strings.Contains(test.sql, "new@") {
					t.Errorf("user %d: %s", user+1, said[user+1])
				}
			}
			if strings.HasPrefix(test.want, "kept") && undo.Kept != 1 || !strings.HasPrefix(test.want, "kept") && undo.Kept != 0 {
				t.Errorf("%+v: %s", undo.Counts, undo.Message)
			}
		})
	}
}

// Of a user who is kept nothing at all is taken back; a second undo takes up those who were kept, and no others.
func TestSecondUndoTakesUpTheKept(t *testing.T) {
	d, site, job := undoSite(t)
	d.Exec("INSERT INTO civicrm_phone (contact_id, phone) VALUES (" + contact1 + ", '1')")
	ofUser1 := d.Rows("SELECT m.*, e.*, l.* FROM civicrm_uf_match m JOIN civicrm_email e USING (contact_id) JOIN civicrm_log l ON l.entity_id = m.contact_id WHERE m.uf_id = 1")
	first := ask(t, site, 60, fullsync.Request{Mode: fullsync.Undo, Undoes: job.ID})
	if c := first.Counts; c != (fullsync.Counts{Checked: 4, Undone: 3, Kept: 1}) {
		t.Errorf("first undo: %+v", c)
	}
	if want := "Undo completed. What was written for 3 users was taken back. One user was kept as it is, because something was changed or used since."; first.Message != want {
		t.Error(first.Message)
	}
	if now := d.Rows("SELECT m.*, e.*, l.* FROM civicrm_uf_match m JOIN civicrm_email e USING (contact_id) JOIN civicrm_log l ON l.entity_id = m.contact_id WHERE m.uf_id = 1"); !slices.Equal(now, ofUser1) || len(now) != 1 {
		t.Errorf("user 1: %v, was %v", now, ofUser1)
	}
	d.Exec("DELETE FROM civicrm_phone")
	second := ask(t, site, 60, fullsync.Request{Mode: fullsync.Undo, Undoes: job.ID})
	if c := second.Counts; c != (fullsync.Counts{Checked: 1, Undone: 1}) || second.Total != 1 {
		t.Errorf("second undo: %+v of %d", c, second.Total)
	}
	if got := d.Counts(); got != "3 3 0 1" { // the Default Organization, the two contacts that were there, and the one link
		t.Errorf("contacts emails logs links: %s", got)
	}
}

// found returns a finding of userlink check.
func found(t *testing.T, site *mysql.Site, name string) mysql.Finding {
	t.Helper()
	for _, f := range site.Check(t.Context()) {
		if f.Name == name {
			return f
		}
	}
	t.Fatalf("check says nothing of %s", name)
	return mysql.Finding{}
}

func TestWhatCannotBeUndone(t *testing.T) {
	d, site, job := undoSite(t)
	r := runner(t, site, 60)
	preview := ask(t, site, 60, fullsync.Request{Mode: fullsync.Preview})
	undoPreview := ask(t, site, 60, fullsync.Request{Mode: fullsync.UndoPreview, Undoes: job.ID})
	for _, id := range []string{preview.ID, undoPreview.ID} {
		if _, err := r.Start(t.Context(), fullsync.Request{Mode: fullsync.Undo, Undoes: id}); !errors.Is(err, fullsync.ErrState) {
			t.Errorf("a preview: %v", err)
		}
	}
	if _, err := r.Start(t.Context(), fullsync.Request{Mode: fullsync.Undo, Undoes: "00000000-0000-0000-0000-000000000000"}); !errors.Is(err, fullsync.ErrNotFound) {
		t.Errorf("no such job: %v", err)
	}
	queued, err := r.Start(t.Context(), fullsync.Request{Mode: fullsync.Apply})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Start(t.Context(), fullsync.Request{Mode: fullsync.Undo, Undoes: queued.ID}); !errors.Is(err, fullsync.ErrState) {
		t.Errorf("one under way: %v", err)
	}
	if _, err := r.Start(t.Context(), fullsync.Request{Mode: fullsync.Undo, Undoes: job.ID}); !errors.Is(err, fullsync.ErrRunning) {
		t.Errorf("beside another: %v", err)
	}
	if _, err := site.Cancel(t.Context(), queued.ID); err != nil {
		t.Fatal(err)
	}

	// What the account may not do is said before anything is done; what it may is done without.
	links := ask(t, site, 60, fullsync.Request{Mode: fullsync.Undo, Undoes: job.ID})
	relinked := ask(t, site, 60, fullsync.Request{Mode: fullsync.Undo, Undoes: links.ID})
	d.Exec("REVOKE DELETE ON civicrm_email FROM " + d.Account + "; REVOKE SELECT ON userlink_bare_contact FROM " + d.Account)
	before := contents(d)
	for _, mode := range []fullsync.Mode{fullsync.UndoPreview, fullsync.Undo} {
		started, err := r.Start(t.Context(), fullsync.Request{Mode: mode, Undoes: relinked.ID})
		if err != nil {
			t.Fatal(err)
		}
		ended, err := r.Do(t.Context(), started.ID, nil)
		var missing *fullsync.NotAllowedError
		if !errors.As(err, &missing) || ended.State != fullsync.FailedJob || !strings.Contains(ended.Error, "DELETE on civicrm_email, SELECT on userlink_bare_contact. Run the GRANT statements") {
			t.Errorf("%s without privileges: %+v, %v", mode, ended, err)
		}
	}
	same(t, "an undo without privileges", contents(d), before)
	if got := found(t, site, "undo"); got.Level != mysql.Warning || !strings.Contains(got.Detail, "until the account has DELETE on civicrm_email, SELECT on userlink_bare_contact") {
		t.Errorf("%+v", got)
	}
	d.GrantUse()
	d.Exec("GRANT DELETE ON civicrm_email TO " + d.Account)
	if got := found(t, site, "undo"); got.Level != mysql.OK {
		t.Errorf("%+v", got)
	}

	// An undo of links alone needs nothing but what linking needs.
	other, _ := undoing(t, link.WordPress)
	for _, p := range []string{"civicrm_contact", "civicrm_email", "civicrm_log"} {
		other.Exec("REVOKE DELETE ON " + p + " FROM " + other.Account)
	}
	plain := other.Site("main")
	other.AddUser(jane)
	other.AddContact("Individual", "Jane", "Doe", "jane@example.org")
	linked := ask(t, plain, 60, fullsync.Request{Mode: fullsync.Apply})
	if undo := ask(t, plain, 60, fullsync.Request{Mode: fullsync.Undo, Undoes: linked.ID}); undo.Undone != 1 {
		t.Errorf("%+v", undo)
	}
}

// The sync made a contact for the very person who ran it, and put it on the log rows of everybody. It can go only when all
// of these do, and comes back before them.
func TestUndoOfWhoRanIt(t *testing.T) {
	d, site := undoing(t, link.WordPress)
	fiveUsers(d)
	before := contents(d)
	job := ask(t, site, 60, fullsync.Request{Mode: fullsync.Apply, ActorUserID: 5})
	actor := d.One("SELECT contact_id FROM civicrm_uf_match WHERE uf_id = 5")
	if got := d.One("SELECT COUNT(*) FROM civicrm_log WHERE modified_id = ?", actor); got != "2" {
		t.Fatalf("the actor's contact stands on %s log rows", got)
	}
	d.Exec("INSERT INTO civicrm_phone (contact_id, phone) SELECT contact_id, '1' FROM civicrm_uf_match WHERE uf_id = 4")
	preview := ask(t, site, 60, fullsync.Request{Mode: fullsync.UndoPreview, Undoes: job.ID})
	undo := ask(t, site, 60, fullsync.Request{PreviewID: preview.ID})
	want := map[uint32]string{1: "undone/taken_back", 2: "undone/taken_back", 3: "undone/taken_back", 4: "kept/contact_used", 5: "kept/contact_used"}
	for _, said := range []map[uint32]string{reported(t, site, preview), reported(t, site, undo)} {
		if !maps.Equal(said, want) {
			t.Errorf("got %v, want %v", said, want)
		}
	}
	d.Exec("DELETE FROM civicrm_phone")
	rest := ask(t, site, 60, fullsync.Request{Mode: fullsync.Undo, Undoes: job.ID})
	if rest.Counts != (fullsync.Counts{Checked: 2, Undone: 2}) {
		t.Errorf("%+v", rest.Counts)
	}
	same(t, "in the end", contents(d), before)

	// Their contact cannot come back, so no log row that names it can.
	d.Exec("INSERT INTO civicrm_uf_match (domain_id, uf_id, uf_name) VALUES (1, 99, 'user5@example.org')")
	before = contents(d)
	preview = ask(t, site, 60, fullsync.Request{Mode: fullsync.UndoPreview, Undoes: rest.ID})
	redo := ask(t, site, 60, fullsync.Request{PreviewID: preview.ID})
	want = map[uint32]string{4: "kept/row_missing", 5: "kept/address_taken"}
	for _, said := range []map[uint32]string{reported(t, site, preview), reported(t, site, redo)} {
		if !maps.Equal(said, want) {
			t.Errorf("redo: got %v, want %v", said, want)
		}
	}
	same(t, "after a redo that could do nothing", contents(d), before)
}

// What the look could not see, the database refuses at the write: one line in the report, and the rest goes on.
func TestUndoRefusedByTheDatabase(t *testing.T) {
	for number, want := range map[int]string{1062: "kept/address_taken", 1452: "kept/row_missing", 1451: "kept/contact_used", 1644: "failed/database"} {
		t.Run(fmt.Sprint(number), func(t *testing.T) {
			d, site := undoing(t, link.WordPress)
			fiveUsers(d)
			job := ask(t, site, 60, fullsync.Request{Mode: fullsync.Apply})
			d.Exec(fmt.Sprintf("CREATE TRIGGER refuse BEFORE DELETE ON civicrm_uf_match FOR EACH ROW IF OLD.uf_id = 4 THEN SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = %d; END IF", number))
			undo := ask(t, site, 60, fullsync.Request{Mode: fullsync.Undo, Undoes: job.ID})
			said := reported(t, site, undo)
			if said[4] != want || undo.Undone != 4 || undo.Checked != 5 {
				t.Errorf("%v, %+v", said, undo.Counts)
			}
			if got := d.One("SELECT GROUP_CONCAT(uf_id) FROM civicrm_uf_match"); got != "4" {
				t.Errorf("linked: %s", got)
			}
		})
	}
}
