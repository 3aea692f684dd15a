package mysql_test

import (
	"fmt"
	"strings"
	"testing"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
	"userlink/sidecar/mysql"
	"userlink/sidecar/mysql/mysqltest"
)

// report returns a job's items as itemLine writes them, read page by page.
func report(t *testing.T, site *mysql.Site, job fullsync.Job) []string {
	t.Helper()
	return itemLines(t, func(after string) (fullsync.Page[fullsync.Item], error) {
		return site.Items(t.Context(), job.ID, "", after, 2)
	})
}

// repairs makes the preview and the repair, holds the two and the list against want, and returns the repair.
func repairs(t *testing.T, d *mysqltest.Database, site *mysql.Site, f link.Finding, want ...string) fullsync.Job {
	t.Helper()
	before := contents(d)
	sameLines(t, "the list", concerned(t, d.Site("main"), f, 3), want) // one that remembers no other
	preview := ask(t, site, 50, fullsync.Request{Mode: fullsync.RepairPreview, Finding: string(f)})
	sameLines(t, "the preview", report(t, site, preview), want)
	same(t, "after the preview", contents(d), before)
	done := ask(t, site, 50, fullsync.Request{PreviewID: preview.ID, ActorUserID: 1})
	sameLines(t, "the repair", report(t, site, done), want)
	mended := 0
	for _, line := range want {
		if strings.Contains(line, " repaired ") {
			mended++
		}
	}
	if done.Mode != fullsync.Repair || done.Finding != string(f) || done.Repaired != mended || done.Kept != len(want)-mended || done.Checked != len(want) {
		t.Errorf("the repair: %+v", done)
	}
	again := ask(t, site, 50, fullsync.Request{Mode: fullsync.RepairPreview, Finding: string(f)})
	if again.Repaired != 0 {
		t.Errorf("a second repair has something to do: %s", again.Message)
	}
	return done
}

// undoes takes the repair back and expects all as it was.
func undoes(t *testing.T, d *mysqltest.Database, site *mysql.Site, job fullsync.Job, before []string) {
	t.Helper()
	undo := ask(t, site, 50, fullsync.Request{Mode: fullsync.Undo, Undoes: job.ID})
	if undo.Kept != 0 || undo.Failed != 0 {
		t.Errorf("the undo: %s", undo.Message)
	}
	same(t, "after the undo", contents(d), before)
}

func TestRepairOfOrphans(t *testing.T) {
	d, site := ward(t)
	user(d, 1, "admin@example.org")
	admin := d.AddContact("Individual", "Ad", "Min", "admin@example.org")
	d.AddLink(1, "admin@example.org", admin)

	// The email stands on the link of a user who is gone, whose contact carries it: CiviCRM makes an orphan each time.
	user(d, 10, "stale@example.org")
	stale := d.AddContact("Individual", "Ann", "Lee", "stale@example.org")
	d.AddLink(90, "stale@example.org", stale)
	s1, s2 := orphan(d, "Ann", "Lee", "stale@example.org"), orphan(d, "Ann", "Before", "stale@example.org")
	// The old link's contact is in the trash: the user gets the oldest orphan.
	user(d, 11, "trash@example.org")
	trashed := d.AddContact("Individual", "Ann", "Lee", "trash@example.org")
	d.AddLink(91, "trash@example.org", trashed)
	d.Exec("UPDATE civicrm_contact SET is_deleted = 1 WHERE id = ?", trashed)
	t1, t2 := orphan(d, "", "", "trash@example.org"), orphan(d, "Ann", "Lee", "trash@example.org")
	// Nothing is in the way any more.
	user(d, 12, "free@example.org")
	f1 := orphan(d, "Ann", "Lee", "free@example.org")
	// The email stands on the link of a user who exists: one orphan stays for whoever decides.
	user(d, 13, "held@example.org")
	user(d, 14, "moved@example.org")
	d.AddLink(14, "held@example.org", d.AddContact("Individual", "Other", "Person", "moved@example.org"))
	h1, h2 := orphan(d, "Ann", "Lee", "held@example.org"), orphan(d, "Ann", "Lee", "held@example.org")
	// Linked by now: all orphans are left over.
	user(d, 15, "linked@example.org")
	d.AddLink(15, "linked@example.org", d.AddContact("Individual", "Ann", "Lee", "linked@example.org"))
	l1 := orphan(d, "Ann", "Lee", "linked@example.org")

	if got := counts(t, site); !strings.Contains(got, "orphan 8") {
		t.Errorf("found %s", got)
	}
	before := contents(d)
	done := repairs(t, d, site, link.FindOrphan,
		fmt.Sprintf("10 %d repaired user_linked", stale), fmt.Sprintf("10 %d repaired orphan_trashed", s1), fmt.Sprintf("10 %d repaired orphan_trashed", s2),
		fmt.Sprintf("11 %d repaired user_linked", t1), fmt.Sprintf("11 %d repaired orphan_trashed", t2),
		fmt.Sprintf("12 %d repaired user_linked", f1),
		fmt.Sprintf("13 %d kept name_held 14", h1), fmt.Sprintf("13 %d repaired orphan_trashed", h2),
		fmt.Sprintf("15 %d repaired orphan_trashed", l1))
	if done.Total != 8 {
		t.Errorf("total %d, want 8 orphans", done.Total)
	}
	sameLines(t, "links", d.Rows("SELECT uf_id, uf_name, contact_id FROM civicrm_uf_match WHERE uf_id BETWEEN 10 AND 13 OR uf_id > 89 ORDER BY uf_id"), []string{
		fmt.Sprintf("10|stale@example.org|%d", stale), fmt.Sprintf("11|trash@example.org|%d", t1), fmt.Sprintf("12|free@example.org|%d", f1),
	})
	sameLines(t, "what the log says of an orphan in the trash, by the acting user", d.Rows("SELECT data, modified_id FROM civicrm_log WHERE entity_id = ? ORDER BY id", s1),
		[]string{fmt.Sprintf("civicrm_contact,%d|%d", s1, s1), fmt.Sprintf("civicrm_contact,%d|%d", s1, admin)})
	undoes(t, d, site, done, before)
}

// Each of these has the email of a user and the name, too: and is no orphan, because somebody used or edited it.
func TestNoOrphans(t *testing.T) {
	d, site := ward(t)
	user(d, 1, "ann@example.org")
	d.AddLink(1, "ann@example.org", d.AddContact("Individual", "Ann", "Lee", "ann@example.org"))
	made := func() uint32 { return orphan(d, "Ann", "Lee", "ann@example.org") }
	left := made()
	d.Exec("UPDATE civicrm_contact SET job_title = 'Queen' WHERE id = ?", made())
	d.Exec("UPDATE civicrm_contact SET birth_date = '2000-01-01' WHERE id = ?", made())
	d.Exec("UPDATE civicrm_contact SET source = 'Import' WHERE id = ?", made())
	d.Exec("UPDATE civicrm_contact SET do_not_email = 1 WHERE id = ?", made())
	d.Exec("UPDATE civicrm_contact SET is_deleted = 1 WHERE id = ?", made())
	d.Exec("UPDATE civicrm_contact SET first_name = 'Bob' WHERE id = ?", made())
	d.Exec("UPDATE civicrm_contact SET contact_type = 'Organization' WHERE id = ?", made())
	d.Exec("INSERT INTO civicrm_email (contact_id, location_type_id, email, is_primary) VALUES (?, 2, 'second@example.org', 0)", made())
	d.Exec("UPDATE civicrm_email SET on_hold = 1, hold_date = NOW() WHERE contact_id = ?", made())
	d.Exec("UPDATE civicrm_email SET signature_text = 'A.' WHERE contact_id = ?", made())
	d.Exec("UPDATE civicrm_email SET is_primary = 0 WHERE contact_id = ?", made())
	id := made()
	d.Exec("INSERT INTO civicrm_log (entity_table, entity_id, data, modified_id, modified_date) VALUES ('civicrm_contact', ?, CONCAT('civicrm_contact,', ?), 1, NOW())", id, id)
	d.Exec("UPDATE civicrm_log SET data = CONCAT(data, ':civicrm_email,7') WHERE entity_id = ?", made())
	d.Exec("DELETE FROM civicrm_log WHERE entity_id = ?", made())
	d.Exec("INSERT INTO civicrm_activity (id, activity_type_id) VALUES (1, 1)")
	d.Exec("INSERT INTO civicrm_activity_contact (activity_id, contact_id, record_type_id) VALUES (1, ?, 3)", made())
	d.Exec("INSERT INTO civicrm_note (entity_table, entity_id, note) VALUES ('civicrm_contact', ?, 'x')", made())
	d.Exec("INSERT INTO civicrm_domain (id, name) VALUES (2, 'other')")
	d.Exec("INSERT INTO civicrm_uf_match (domain_id, uf_id, uf_name, contact_id) VALUES (2, 1, 'ann@example.org', ?)", made())
	repairs(t, d, site, link.FindOrphan, fmt.Sprintf("1 %d repaired orphan_trashed", left))
}

func TestRepairOfLinks(t *testing.T) {
	d, site := ward(t)
	d.Setting("syncCMSEmail", "b:1;")
	contact := func(emails ...string) uint32 { return d.AddContact("Individual", "Ann", "Lee", emails...) }
	trashed := contact("in@trash.example.org")
	d.Exec("UPDATE civicrm_contact SET is_deleted = 1 WHERE id = ?", trashed)

	t.Run("user_missing", func(t *testing.T) {
		gone, told := contact("gone@example.org"), contact("told@example.org")
		d.AddLink(90, "gone@example.org", gone)
		d.AddLink(91, "told@example.org", told) // the CMS has told us about this user, and may not have committed the row yet
		d.Exec("INSERT INTO userlink_user (site_id, uf_id, last_event_at) VALUES ('main', 91, UTC_TIMESTAMP())")
		before := contents(d)
		done := repairs(t, d, site, link.FindUserMissing, fmt.Sprintf("90 %d repaired link_removed", gone))
		undoes(t, d, site, done, before)
		d.Exec("DELETE FROM civicrm_uf_match")
	})
	t.Run("contact_missing", func(t *testing.T) {
		user(d, 10, "nowhere@example.org")
		d.AddLink(10, "nowhere@example.org", 0)
		before := contents(d)
		done := repairs(t, d, site, link.FindContactMissing, "10 0 repaired link_removed")
		undoes(t, d, site, done, before)
	})
	t.Run("linked_twice", func(t *testing.T) {
		user(d, 20, "one@example.org")
		user(d, 21, "both@example.org")
		sound, a, b := contact("one@example.org"), contact("both@example.org"), contact("both2@example.org")
		d.AddLink(20, "in@trash.example.org", trashed)
		d.AddLink(20, "one@example.org", sound)
		d.AddLink(21, "both@example.org", a)
		d.AddLink(21, "both2@example.org", b)
		before := contents(d)
		done := repairs(t, d, site, link.FindLinkedTwice, fmt.Sprintf("20 %d repaired link_removed", sound), fmt.Sprintf("21 %d kept linked_twice", a))
		if got := d.One("SELECT GROUP_CONCAT(contact_id) FROM civicrm_uf_match WHERE uf_id = 20"); got != fmt.Sprint(sound) {
			t.Errorf("user 20 is linked to %s", got)
		}
		undoes(t, d, site, done, before)
	})
	t.Run("name_differs", func(t *testing.T) {
		user(d, 30, "New@example.org")
		user(d, 31, "taken@example.org")
		user(d, 32, "not an address")
		user(d, 33, "") // not known: nothing is overwritten with a blank
		contacts := []uint32{contact("new@example.org"), contact("taken@example.org"), contact("x@example.org"), contact("y@example.org"), contact("z@example.org")}
		d.AddLink(30, "old@example.org", contacts[0])
		d.AddLink(31, "before@example.org", contacts[1])
		d.AddLink(32, "address@example.org", contacts[2])
		d.AddLink(33, "blank@example.org", contacts[3])
		user(d, 34, "z@example.org")
		d.AddLink(34, "TAKEN@example.org", contacts[4])
		d.Exec("UPDATE wp_users SET user_email = 'TAKEN@example.org' WHERE ID = 34")
		before := contents(d)
		done := repairs(t, d, site, link.FindNameDiffers, fmt.Sprintf("30 %d repaired name_followed", contacts[0]),
			fmt.Sprintf("31 %d kept email_held 34", contacts[1]), fmt.Sprintf("32 %d kept email_invalid", contacts[2]))
		if got := d.One("SELECT uf_name FROM civicrm_uf_match WHERE uf_id = 30"); got != "new@example.org" {
			t.Errorf("the link's name is %s", got)
		}
		undoes(t, d, site, done, before)
		d.Exec("DELETE FROM civicrm_uf_match")
	})
	t.Run("email_differs", func(t *testing.T) {
		for i, email := range []string{"a@example.org", "b@example.org", "c@example.org"} {
			user(d, uint32(40+i), email)
		}
		old, none, other := contact("old-a@example.org"), contact(), contact("main-c@example.org", "c@example.org")
		d.AddLink(40, "a@example.org", old)
		d.AddLink(41, "b@example.org", none)
		d.AddLink(42, "c@example.org", other)
		before := contents(d)
		done := repairs(t, d, site, link.FindEmailDiffers, fmt.Sprintf("40 %d repaired email_followed", old),
			fmt.Sprintf("41 %d repaired email_followed", none), fmt.Sprintf("42 %d kept email_elsewhere", other))
		sameLines(t, "emails", d.Rows("SELECT contact_id, email FROM civicrm_email WHERE contact_id IN (?, ?) AND is_primary = 1 ORDER BY 1", old, none),
			[]string{fmt.Sprintf("%d|a@example.org", old), fmt.Sprintf("%d|b@example.org", none)})
		undoes(t, d, site, done, before)
	})
	t.Run("email_differs, kept apart", func(t *testing.T) {
		d.Setting("syncCMSEmail", "b:0;")
		apart := d.Site("main") // the settings of the other are not read anew yet
		repairs(t, d, apart, link.FindEmailDiffers)
		d.Exec("DELETE FROM civicrm_uf_match")
	})
	t.Run("contact_trashed", func(t *testing.T) {
		user(d, 50, "in@trash.example.org")
		d.AddLink(50, "in@trash.example.org", trashed)
		repairs(t, d, site, link.FindContactTrashed, fmt.Sprintf("50 %d kept link_trashed", trashed))
	})
}

// With CiviCRM's multisite a sync lets each contact that it makes join the domain's group. Another group is somebody's choice.
func TestOrphansOfADomainWithAGroup(t *testing.T) {
	d, site := ward(t)
	d.Exec("INSERT INTO civicrm_group (id, name, title) VALUES (7, 'domain', 'Domain'), (8, 'choir', 'Choir')")
	d.Setting("is_enabled", "b:1;")
	d.Setting("domain_group_id", "i:7;")
	user(d, 1, "ann@example.org")
	d.AddLink(1, "ann@example.org", d.AddContact("Individual", "Ann", "Lee", "ann@example.org"))
	left, singer := orphan(d, "Ann", "Lee", "ann@example.org"), orphan(d, "Ann", "Lee", "ann@example.org")
	for _, id := range []uint32{left, singer} {
		d.Exec("INSERT INTO civicrm_group_contact (contact_id, group_id, status) VALUES (?, 7, 'Added')", id)
	}
	d.Exec("INSERT INTO civicrm_group_contact (contact_id, group_id, status) VALUES (?, 8, 'Added')", singer)
	repairs(t, d, site, link.FindOrphan, fmt.Sprintf("1 %d repaired orphan_trashed", left))
}

// The live site uses the orphan between the look and the repair: it is kept, and the report says why.
func TestOrphanUsedMeanwhile(t *testing.T) {
	d, site := ward(t)
	d.Exec("INSERT INTO civicrm_activity (id, activity_type_id) VALUES (1, 1)")
	user(d, 1, "ann@example.org")
	d.AddLink(1, "ann@example.org", d.AddContact("Individual", "Ann", "Lee", "ann@example.org"))
	left, used := orphan(d, "Ann", "Lee", "ann@example.org"), orphan(d, "Ann", "Lee", "ann@example.org")

	// A visitor's transaction has the contact, and commits when the repair waits for it.
	visitor, err := d.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := visitor.Exec("INSERT INTO civicrm_activity_contact (activity_id, contact_id, record_type_id) VALUES (1, ?, 3)", used); err != nil {
		t.Fatal(err)
	}
	done := make(chan fullsync.Job)
	go func() {
		done <- ask(t, site, 50, fullsync.Request{Mode: fullsync.Repair, Finding: string(link.FindOrphan)})
	}()
	for d.One("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO LIKE '%FOR UPDATE%' AND ID <> CONNECTION_ID()") == "0" {
		if t.Context().Err() != nil {
			t.Fatal("the repair never came to the contact")
		}
	}
	if err := visitor.Commit(); err != nil {
		t.Fatal(err)
	}
	sameLines(t, "the repair", report(t, site, <-done), []string{fmt.Sprintf("1 %d repaired orphan_trashed", left), fmt.Sprintf("1 %d kept orphan_used", used)})
	if deleted := d.One("SELECT is_deleted FROM civicrm_contact WHERE id = ?", used); deleted != "0" {
		t.Error("a contact that is used is in the trash")
	}
}

// Half of a repair, and its process dies: another goes on, and no user is mended twice.
func TestRepairGoesOnAfterACrash(t *testing.T) {
	d, site := ward(t)
	for i := range uint32(120) {
		email := fmt.Sprintf("u%03d@example.org", i)
		user(d, i+1, email)
		d.AddLink(i+1, email, d.AddContact("Individual", "Ann", "Lee", email))
		orphan(d, "Ann", "Lee", email)
	}
	job, err := site.Create(t.Context(), fullsync.Request{Mode: fullsync.Repair, Finding: string(link.FindOrphan)})
	if err == nil {
		job, err = site.Claim(t.Context(), job.ID, "dead:1", 0)
	}
	if err == nil {
		job, _, err = site.Step(t.Context(), job, nil, 50)
	}
	if err != nil || job.Repaired != 50 || job.Total != 120 {
		t.Fatalf("the first chunk: %+v, %v", job, err)
	}
	other := d.Site("main") // another process
	done, err := runner(t, other, 50).Do(t.Context(), job.ID, nil)
	if err != nil || done.State != fullsync.Done || done.Repaired != 120 || done.Checked != 120 {
		t.Errorf("the rest: %+v, %v", done, err)
	}
	if got := len(report(t, site, done)); got != 120 {
		t.Errorf("%d lines in the report", got)
	}
	if left := d.One("SELECT COUNT(*) FROM civicrm_contact WHERE is_deleted = 1"); left != "120" {
		t.Errorf("%s contacts in the trash", left)
	}
	if lines := d.One("SELECT COUNT(*) FROM userlink_journal"); lines != "120" {
		t.Errorf("%s entries in the journal", lines)
	}
}

// Where an address must be proved, a repair links nobody who has not logged in: it would hand out a stranger's record.
func TestOrphansOfUsersWhoHaveProvedNothing(t *testing.T) {
	d, _ := ward(t)
	site := d.Site("main", func(o *mysql.SiteOptions) { o.Matching.VerifyEmail = true })
	user(d, 1, "ann@example.org")
	user(d, 2, "bea@example.org")
	a1, a2, b1 := orphan(d, "Ann", "Lee", "ann@example.org"), orphan(d, "Ann", "Lee", "ann@example.org"), orphan(d, "Ann", "Lee", "bea@example.org")
	d.Exec("INSERT INTO userlink_user (site_id, uf_id, proved_at) VALUES ('main', 2, UTC_TIMESTAMP())")
	job := ask(t, site, 50, fullsync.Request{Mode: fullsync.Repair, Finding: string(link.FindOrphan)})
	sameLines(t, "the repair", report(t, site, job), []string{
		fmt.Sprintf("1 %d kept email_unverified", a1), fmt.Sprintf("1 %d repaired orphan_trashed", a2), fmt.Sprintf("2 %d repaired user_linked", b1),
	})
}
