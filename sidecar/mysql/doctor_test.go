package mysql_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
	"userlink/sidecar/mysql"
	"userlink/sidecar/mysql/mysqltest"
)

// ward is a site with one of each kind of trouble, and sound users beside.
func ward(t *testing.T) (*mysqltest.Database, *mysql.Site) {
	t.Helper()
	d := mysqltest.New(t, link.WordPress)
	d.AddTables("civicrm_activity", "civicrm_activity_contact", "civicrm_note")
	d.GrantUse()
	site := d.Migrated("main")
	return d, site
}

// orphan writes a contact as CiviCRM's sync makes it, with its line in the log.
func orphan(d *mysqltest.Database, first, last, email string) uint32 {
	d.T.Helper()
	id := d.AddContact("Individual", first, last, email)
	d.Exec("UPDATE civicrm_contact SET first_name = NULLIF(first_name, ''), last_name = NULLIF(last_name, '') WHERE id = ?", id)
	d.Exec("INSERT INTO civicrm_log (entity_table, entity_id, data, modified_id, modified_date) VALUES ('civicrm_contact', ?, CONCAT('civicrm_contact,', ?), ?, NOW())", id, id, id)
	return id
}

// user adds a user called Ann Lee, as most of these tests need one.
func user(d *mysqltest.Database, id uint32, email string) {
	d.T.Helper()
	d.AddUser(link.User{ID: id, Email: email, FirstName: "Ann", LastName: "Lee"})
}

func counts(t *testing.T, site *mysql.Site) string {
	t.Helper()
	health, err := site.Health(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, f := range health.Findings {
		if f.Count > 0 {
			found = append(found, fmt.Sprintf("%s %d", f.Finding, f.Count))
		}
	}
	return strings.Join(found, ", ")
}

// concerned lists whom a finding concerns, as "user contact outcome reason".
func concerned(t *testing.T, site *mysql.Site, f link.Finding, limit int) []string {
	t.Helper()
	return itemLines(t, func(after string) (fullsync.Page[fullsync.Item], error) {
		return site.Concerned(t.Context(), f, after, limit)
	})
}

// itemLines returns all items of a list that is read page by page.
func itemLines(t *testing.T, read func(after string) (fullsync.Page[fullsync.Item], error)) []string {
	t.Helper()
	found := []string{}
	for after := ""; ; {
		page, err := read(after)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range page.Items {
			found = append(found, itemLine(i))
		}
		if after = page.Next; after == "" {
			return found
		}
	}
}

func itemLine(i fullsync.Item) string {
	contact := uint32(0)
	if i.ContactID != nil {
		contact = *i.ContactID
	}
	line := fmt.Sprintf("%d %d %s %s", i.UserID, contact, i.Outcome, i.Reason)
	if i.OtherUserID != nil {
		line += fmt.Sprintf(" %d", *i.OtherUserID)
	}
	return line
}

func sameLines(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

func TestHealthOfASoundSite(t *testing.T) {
	d, site := ward(t)
	user(d, 1, "a@example.org")
	d.AddLink(1, "A@Example.org", d.AddContact("Individual", "Ann", "Lee", "a@example.org"))
	user(d, 2, "b@example.org") // linked by another address of the contact
	user(d, 3, "")
	d.AddLink(3, "", d.AddContact("Individual", "C", "C"))
	orphan(d, "Free", "Contact", "nobody@example.org")
	if got := counts(t, site); got != "" {
		t.Errorf("found %s", got)
	}
	for _, f := range link.Findings() {
		if f.Sentence() == "" {
			t.Errorf("%s has no sentence", f)
		}
	}
	if _, err := site.Concerned(t.Context(), "other", "", 10); !errors.Is(err, fullsync.ErrNotFound) {
		t.Errorf("a finding that is not known: %v", err)
	}
	if _, err := site.Concerned(t.Context(), link.FindOrphan, "1.x", 10); !errors.Is(err, fullsync.ErrCursor) {
		t.Errorf("a cursor that was not handed out: %v", err)
	}
}

func TestFindings(t *testing.T) {
	d, site := ward(t)
	contact := func(emails ...string) uint32 { return d.AddContact("Individual", "Ann", "Lee", emails...) }
	gone := contact("gone@example.org")
	d.AddLink(90, "gone@example.org", gone)
	user(d, 10, "missing@example.org")
	d.AddLink(10, "missing@example.org", 0)
	user(d, 20, "twice@example.org")
	first, second := contact("twice@example.org"), contact("twice2@example.org")
	d.AddLink(20, "twice@example.org", first)
	d.AddLink(20, "twice2@example.org", second)
	user(d, 30, "new@example.org")
	renamed := contact("new@example.org")
	d.AddLink(30, "old@example.org", renamed)
	user(d, 40, "apart@example.org")
	apart := contact("else@example.org")
	d.AddLink(40, "apart@example.org", apart)
	user(d, 50, "trash@example.org")
	trashed := contact("trash@example.org")
	d.AddLink(50, "trash@example.org", trashed)
	d.Exec("UPDATE civicrm_contact SET is_deleted = 1 WHERE id = ?", trashed)
	user(d, 60, "shared@example.org")
	shared := contact("shared@example.org")
	d.AddLink(60, "shared@example.org", shared)
	d.Exec("INSERT INTO civicrm_domain (id, name) VALUES (2, 'other')")
	d.Exec("INSERT INTO civicrm_uf_match (domain_id, uf_id, uf_name, contact_id) VALUES (2, 61, 'other@example.org', ?), (2, 31, 'old@example.org', ?)", shared, renamed)
	user(d, 70, "gone@example.org")
	left := orphan(d, "", "", "gone@example.org")
	more := orphan(d, "Ann", "Before", "gone@example.org")

	if got, want := counts(t, site), "user_missing 1, contact_missing 1, linked_twice 1, name_differs 1, orphan 2, email_differs 1, contact_trashed 1, contact_shared 1"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for f, want := range map[link.Finding][]string{
		link.FindUserMissing:    {fmt.Sprintf("90 %d repaired link_removed", gone)},
		link.FindContactMissing: {"10 0 repaired link_removed"},
		link.FindLinkedTwice:    {fmt.Sprintf("20 %d kept linked_twice", first)},
		link.FindNameDiffers:    {fmt.Sprintf("30 %d repaired name_followed", renamed)},
		link.FindEmailDiffers:   {fmt.Sprintf("40 %d repaired email_followed", apart)},
		link.FindContactTrashed: {fmt.Sprintf("50 %d kept link_trashed", trashed)},
		link.FindContactShared:  {fmt.Sprintf("60 %d kept contact_shared 61", shared)},
		link.FindOrphan: {
			fmt.Sprintf("70 %d repaired user_linked", gone), fmt.Sprintf("70 %d repaired orphan_trashed", left), fmt.Sprintf("70 %d repaired orphan_trashed", more),
		},
	} {
		sameLines(t, string(f), concerned(t, site, f, 10), want)
	}
	sameLines(t, "pages of one", concerned(t, site, link.FindOrphan, 1), concerned(t, site, link.FindOrphan, 10))
}

// Without the privileges that userlink check prints nobody is taken for an orphan, and the administrator reads why.
func TestOrphansUnseen(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	user(d, 1, "a@example.org")
	orphan(d, "Ann", "Lee", "a@example.org")
	health, err := site.Health(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range health.Findings {
		if f.Finding == link.FindOrphan && (f.Count != 0 || f.Remedy != "" || !strings.Contains(f.Sentence, "userlink check")) {
			t.Errorf("got %+v", f)
		}
	}
	sameLines(t, "the list", concerned(t, site, link.FindOrphan, 10), nil)
	r := runner(t, site, 100)
	job, err := r.Start(t.Context(), fullsync.Request{Mode: fullsync.Repair, Finding: "orphan"})
	if err == nil {
		job, err = r.Do(t.Context(), job.ID, nil)
	}
	if err == nil || job.State != fullsync.FailedJob || !strings.Contains(job.Error, "userlink_bare_contact") {
		t.Errorf("the repair: %v, %+v", err, job)
	}
}

// The users may be on another server: nothing is joined across.
func TestFindingsWithTheUsersElsewhere(t *testing.T) {
	cms := mysqltest.New(t, link.WordPress)
	d, _ := ward(t)
	site := d.Site("main", func(o *mysql.SiteOptions) { o.DSN = cms.DSN })
	user(cms, 1, "new@example.org")
	user(cms, 2, "two@example.org")
	renamed := d.AddContact("Individual", "Ann", "Lee", "new@example.org")
	d.AddLink(1, "old@example.org", renamed)
	d.AddLink(9, "gone@example.org", d.AddContact("Individual", "Ann", "Lee", "gone@example.org"))
	left := orphan(d, "Ann", "Lee", "two@example.org")
	if got, want := counts(t, site), "user_missing 1, name_differs 1, orphan 1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	job := ask(t, site, 50, fullsync.Request{Mode: fullsync.Repair, Finding: string(link.FindOrphan)})
	sameLines(t, "the repair", report(t, site, job), []string{fmt.Sprintf("2 %d repaired user_linked", left)})
}

// A user of another blog of the network is not gone.
func TestFindingsOfOneBlog(t *testing.T) {
	d, _ := ward(t)
	site := d.Site("main", func(o *mysql.SiteOptions) { o.BlogID = 3 })
	user(d, 1, "here@example.org")
	user(d, 2, "elsewhere@example.org")
	d.Exec("INSERT INTO wp_usermeta (user_id, meta_key, meta_value) VALUES (1, 'wp_3_capabilities', 'a:0:{}')")
	for id, email := range map[uint32]string{1: "here@example.org", 2: "elsewhere@example.org", 3: "nowhere@example.org"} {
		d.AddLink(id, email, d.AddContact("Individual", "Ann", "Lee", email))
	}
	if got := counts(t, site); got != "user_missing 1" {
		t.Errorf("found %s", got)
	}
}
