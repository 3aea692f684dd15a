package mysql_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
	"userlink/sidecar/mysql"
	"userlink/sidecar/mysql/mysqltest"
)

const admin = 1

func resolve(t *testing.T, site *mysql.Site, userID uint32, choice link.Choice, contactID uint32) (fullsync.Resolved, error) {
	t.Helper()
	return site.Resolve(t.Context(), userID, choice, contactID, admin)
}

func conflicts(t *testing.T, site *mysql.Site) []fullsync.OpenConflict {
	t.Helper()
	page, err := site.Conflicts(t.Context(), "", 100)
	if err != nil {
		t.Fatal(err)
	}
	if page.Total != len(page.Items) {
		t.Errorf("total %d of %d", page.Total, len(page.Items))
	}
	return page.Items
}

// offered is a conflict in short: its reason, what it offers, and the contacts.
func offered(list []fullsync.OpenConflict) string {
	var lines []string
	for _, c := range list {
		var contacts []string
		for _, k := range c.Candidates {
			contacts = append(contacts, fmt.Sprint(k.ContactID))
		}
		choices := strings.Trim(fmt.Sprint(c.Choices), "[]")
		lines = append(lines, fmt.Sprintf("%d %s: %s (%s)", c.UserID, c.Reason, choices, strings.Join(contacts, " ")))
	}
	return strings.Join(lines, "; ")
}

const linksNow = "SELECT CONCAT_WS(' ', uf_id, uf_name, contact_id) FROM civicrm_uf_match ORDER BY id"

// Contact 1 is the organisation that every CiviCRM has; the tests' own begin at 2.
func TestResolve(t *testing.T) {
	stale := func(d *mysqltest.Database) {
		d.AddContact("Individual", "J", "D", "jane@example.org")
		d.AddContact("Individual", "Other", "One", "other@example.org")
		d.AddLink(7, "jane@example.org", 2)
	}
	cases := []struct {
		name    string
		prep    func(d *mysqltest.Database)
		user    link.User
		offers  string // what the list says
		choice  link.Choice
		contact uint32
		want    string // outcome/reason, actions
		links   string
	}{
		{
			"take over the link of a user who is gone, with its contact", stale, jane, "42 name_stale: take_over link create leave_alone (2)",
			link.ChooseTakeOver, 0, "linked/email_primary [link.deleted link.created]", "42 Jane@Example.org 2",
		},
		{
			"take over: the contact does not carry the address, so as a sync would", func(d *mysqltest.Database) {
				stale(d)
				d.Exec("UPDATE civicrm_email SET email = 'else@example.org' WHERE contact_id = 2")
			}, jane, "42 name_stale: take_over link create leave_alone (2)",
			link.ChooseTakeOver, 0, "created/no_contact [contact.created email.created link.deleted link.created]", "42 Jane@Example.org 4",
		},
		{
			"take over: the contact is in the trash, so as a sync would", func(d *mysqltest.Database) {
				stale(d)
				d.Exec("UPDATE civicrm_contact SET is_deleted = 1 WHERE id = 2")
			}, jane, "42 name_stale: take_over link create leave_alone ()",
			link.ChooseTakeOver, 0, "created/contact_trashed [contact.created email.created link.deleted link.created]", "42 Jane@Example.org 4",
		},
		{
			"take over: the address is only similar, so as a sync would", func(d *mysqltest.Database) {
				d.AddContact("Individual", "J", "D", "jane@example.org")
				d.AddContact("Individual", "J", "D", "jané@example.org")
				d.AddLink(7, "jané@example.org", 3)
			}, jane, "42 name_stale: take_over link create leave_alone (3 2)",
			link.ChooseTakeOver, 0, "linked/email_ambiguous [link.deleted link.created]", "42 Jane@Example.org 2",
		},
		{
			"another contact in place of that of the user who is gone", stale, jane, "42 name_stale: take_over link create leave_alone (2)",
			link.ChooseLink, 3, "linked/chosen [link.deleted link.created]", "42 Jane@Example.org 3",
		},
		{
			"a new contact in place of that of the user who is gone", stale, jane, "42 name_stale: take_over link create leave_alone (2)",
			link.ChooseCreate, 0, "created/chosen [contact.created email.created link.deleted link.created]", "42 Jane@Example.org 4",
		},
		{
			"keep the second of two links", func(d *mysqltest.Database) {
				d.AddLink(42, "jane@example.org", d.AddContact("Individual", "J", "D", "jane@example.org"))
				d.AddLink(42, "jane2@example.org", d.AddContact("Individual", "J", "D"))
			}, jane, "42 linked_twice: link leave_alone (2 3)",
			link.ChooseLink, 3, "linked/chosen [link.deleted]", "42 jane2@example.org 3",
		},
		{
			"a third contact in place of two links", func(d *mysqltest.Database) {
				d.AddLink(42, "jane@example.org", d.AddContact("Individual", "J", "D", "jane@example.org"))
				d.AddLink(42, "jane2@example.org", d.AddContact("Individual", "J", "D"))
				d.AddContact("Individual", "J", "D")
			}, jane, "42 linked_twice: link leave_alone (2 3)",
			link.ChooseLink, 4, "linked/chosen [link.deleted link.deleted link.created]", "42 Jane@Example.org 4",
		},
		{
			"a contact for a broken link", func(d *mysqltest.Database) {
				d.AddContact("Individual", "J", "D", "jane@example.org")
				d.AddLink(42, "jane@example.org", 0)
			}, jane, "42 link_broken: link create leave_alone ()",
			link.ChooseLink, 2, "linked/chosen [link.deleted link.created]", "42 Jane@Example.org 2",
		},
		{
			"a new contact for a broken link", func(d *mysqltest.Database) { d.AddLink(42, "jane@example.org", 0) },
			jane, "42 link_broken: link create leave_alone ()",
			link.ChooseCreate, 0, "created/chosen [contact.created email.created link.deleted link.created]", "42 Jane@Example.org 2",
		},
		{
			"a contact for a name that is too long", func(d *mysqltest.Database) { d.AddContact("Individual", "J", "D") },
			link.User{ID: 42, Email: "jane@example.org", FirstName: long(65)},
			"42 name_too_long: link leave_alone ()",
			link.ChooseLink, 2, "linked/chosen [link.created]", "42 jane@example.org 2",
		},
		{
			"leave alone who has no email", func(*mysqltest.Database) {},
			link.User{ID: 42},
			"42 email_empty: leave_alone ()",
			link.ChooseLeaveAlone, 0, "ignored/left_alone []", "",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d, site := undoing(t, link.WordPress)
			c.prep(d)
			d.AddUser(c.user)
			if got := apply(t, site, event(link.Registered, c.user)); got.Outcome != link.Conflict {
				t.Fatalf("no conflict: %s", said(got))
			}
			before, rows := d.Counts(), contents(d)
			if got := offered(conflicts(t, site)); got != c.offers {
				t.Errorf("offers %s, want %s", got, c.offers)
			}
			if after := d.Counts(); after != before {
				t.Errorf("asking wrote: %s, then %s", before, after)
			}

			got, err := resolve(t, site, 42, c.choice, c.contact)
			if err != nil {
				t.Fatal(err)
			}

			if text := fmt.Sprintf("%s %v", said(got.Result), got.Actions); text != c.want {
				t.Errorf("got %s, want %s", text, c.want)
			}
			if links := strings.Join(d.Rows(linksNow), "; "); links != c.links {
				t.Errorf("links: %s, want %s", links, c.links)
			}
			if left := conflicts(t, site); len(left) != 0 {
				t.Errorf("still listed: %s", offered(left))
			}
			job, err := site.Job(t.Context(), got.Job.ID)
			if err != nil || job.Mode != fullsync.Resolution || job.State != fullsync.Done || job.Total != 1 || job.Checked != 1 || job.ActorUserID != admin || job.FinishedAt == nil {
				t.Errorf("job %+v, %v", job, err)
			}
			items, err := site.Items(t.Context(), job.ID, "", "", 10)
			if err != nil || len(items.Items) != 1 || items.Items[0].UserID != 42 || items.Items[0].Reason != got.Reason {
				t.Errorf("report %+v, %v", items, err)
			}
			if n := d.One("SELECT COUNT(*) FROM userlink_journal WHERE cause = 'resolution' AND cause_id = UNHEX(REPLACE(?, '-', '')) AND uf_id = 42 AND actor_uf_id = 1", job.ID); n != "1" {
				t.Errorf("%s rows in the journal", n)
			}
			if again, err := resolve(t, site, 42, c.choice, c.contact); !errors.Is(err, fullsync.ErrChoice) {
				t.Errorf("a second time: %+v, %v", again, err)
			}

			undo := ask(t, site, 50, fullsync.Request{Mode: fullsync.Undo, Undoes: job.ID})
			if undo.Undone != 1 || undo.Kept != 0 {
				t.Errorf("undo: %+v", undo.Counts)
			}
			same(t, "undone", contents(d), rows)
			if marks := d.One("SELECT COUNT(*) FROM userlink_user WHERE left_alone_at IS NOT NULL"); marks != "0" {
				t.Error("still left alone")
			}
			if got := offered(conflicts(t, site)); got != c.offers {
				t.Errorf("undone, it offers %s, want %s", got, c.offers)
			}
			if e, err := site.Explain(t.Context(), 42); err != nil || !undoneIn(e, job.ID) {
				t.Errorf("explain does not say that it was undone: %+v, %v", e.Journal, err)
			}
		})
	}
}

func undoneIn(e fullsync.Explanation, jobID string) bool {
	marked := false
	for _, line := range e.Journal {
		if line.ID == jobID {
			marked = line.Undone
		}
	}
	return marked
}

// The language of a link is no business of ours, but an undo has to put it back.
func TestARemovedLinkIsJournalledWhole(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	d.AddUser(jane)
	d.AddLink(7, "jane@example.org", d.AddContact("Individual", "J", "D", "jane@example.org"))
	d.Exec("UPDATE civicrm_uf_match SET language = 'fr_FR'")
	apply(t, site, event(link.Registered, jane))
	if _, err := resolve(t, site, 42, link.ChooseTakeOver, 0); err != nil {
		t.Fatal(err)
	}
	want := `{"table":"civicrm_uf_match","row_id":1,"change":"delete","before":{"domain_id":1,"uf_id":7,"uf_name":"jane@example.org","contact_id":2,"language":"fr_FR"}}`
	if got := d.One("SELECT changes FROM userlink_journal"); !strings.HasPrefix(got, "["+want) {
		t.Errorf("got %s", got)
	}
}

// A link whose user exists must never be taken over, nor a contact linked that is not fit; nothing is written then.
func TestResolveRefuses(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	d.AddUser(jane)
	d.AddUser(link.User{ID: 7, Email: "x@example.org"})
	taken := d.AddContact("Individual", "J", "D", "x@example.org")
	organisation := d.AddContact("Organization", "", "Org", "org@example.org")
	trashed := d.AddContact("Individual", "T", "T", "t@example.org")
	free := d.AddContact("Individual", "F", "F", "f@example.org")
	d.Exec("UPDATE civicrm_contact SET is_deleted = 1 WHERE id = ?", trashed)
	d.AddLink(7, "jane@example.org", taken)
	apply(t, site, event(link.Registered, jane))
	before := d.Counts()
	refused := func(when string, choice link.Choice, contactID uint32) {
		t.Helper()
		if got, err := resolve(t, site, 42, choice, contactID); !errors.Is(err, fullsync.ErrChoice) {
			t.Errorf("%s: %s %d: %+v, %v", when, choice, contactID, got, err)
		}
	}
	for _, choice := range []link.Choice{link.ChooseTakeOver, link.ChooseCreate, link.ChooseReconsider} {
		refused("another user holds the address", choice, 0)
	}
	refused("another user holds the address", link.ChooseLink, free)
	d.Exec("DELETE FROM wp_users WHERE ID = 7")
	for _, contact := range []uint32{organisation, trashed, 1, 999} {
		refused("the user who held it is gone", link.ChooseLink, contact)
	}
	d.AddUser(link.User{ID: 8, Email: "eight@example.org"})
	d.AddLink(8, "eight@example.org", free)
	refused("the contact is linked", link.ChooseLink, free)
	if _, err := resolve(t, site, 4711, link.ChooseLeaveAlone, 0); !errors.Is(err, fullsync.ErrChoice) {
		t.Errorf("a user who is not there: %v", err)
	}
	if _, err := resolve(t, site, 8, link.ChooseLeaveAlone, 0); !errors.Is(err, fullsync.ErrChoice) {
		t.Errorf("a user who is linked: %v", err)
	}
	d.Exec("DELETE FROM civicrm_uf_match WHERE uf_id = 8")
	if after := d.Counts(); after != before {
		t.Errorf("%s, then %s", before, after)
	}
	if n := d.One("SELECT COUNT(*) FROM userlink_job"); n != "0" {
		t.Errorf("%s jobs of nothing", n)
	}
	if got, err := resolve(t, site, 42, link.ChooseTakeOver, 0); err != nil || said(got.Result) != "created/no_contact" {
		t.Errorf("at last: %+v, %v", got, err)
	}
}

func TestLeftAlone(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	d.AddUser(jane)
	d.AddContact("Individual", "J", "D", "jane@example.org")
	if _, err := resolve(t, site, 42, link.ChooseLeaveAlone, 0); err != nil { // before any conflict, too
		t.Fatal(err)
	}
	before := d.Counts()
	if got := said(apply(t, site, event(link.Registered, jane))); got != "ignored/left_alone" {
		t.Error(got)
	}
	for _, mode := range []fullsync.Mode{fullsync.Preview, fullsync.Apply} {
		job := runSync(t, site, mode)
		items, err := site.Items(t.Context(), job.ID, link.Skipped, "", 10)
		if err != nil || job.Skipped != 1 || len(items.Items) != 1 || items.Items[0].Reason != link.LeftAlone {
			t.Errorf("%s: %+v %+v %v", mode, job.Counts, items, err)
		}
	}
	if d.Counts() != before || len(conflicts(t, site)) != 0 {
		t.Errorf("%s, then %s", before, d.Counts())
	}
	page, err := site.LeftAlone(t.Context(), "", 10)
	if err != nil || page.Total != 1 || offered(page.Items) != "42 left_alone: reconsider ()" || page.Items[0].Email != jane.Email {
		t.Errorf("%+v %v", page, err)
	}
	status, err := site.Status(t.Context())
	if err != nil || status.LeftAlone != 1 || status.NotLinked != 1 || status.Conflicts != 0 {
		t.Errorf("%+v %v", status, err)
	}
	mark := d.One("SELECT changes FROM userlink_journal")
	if !strings.HasPrefix(mark, `[{"table":"userlink_user","row_id":42,"change":"update","before":{},"after":{"left_alone_at":"20`) {
		t.Errorf("journal: %s", mark)
	}

	got, err := resolve(t, site, 42, link.ChooseReconsider, 0)
	if err != nil || said(got.Result) != "linked/email_primary" || got.Job == nil {
		t.Errorf("reconsidered: %+v %v", got, err)
	}
	if page, err := site.LeftAlone(t.Context(), "", 10); err != nil || page.Total != 0 || len(page.Items) != 0 {
		t.Errorf("%+v %v", page, err)
	}
}

// Who is deleted is off the list; a link that was there goes as it would for anybody.
func TestWhoIsLeftAloneIsDeleted(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	d.AddUser(jane)
	if _, err := resolve(t, site, 42, link.ChooseLeaveAlone, 0); err != nil {
		t.Fatal(err)
	}
	d.AddLink(42, "jane@example.org", d.AddContact("Individual", "J", "D", "jane@example.org"))
	if got := said(apply(t, site, event(link.Deleted, link.User{ID: 42}))); got != "unlinked/user_deleted" {
		t.Error(got)
	}
	if page, err := site.LeftAlone(t.Context(), "", 10); err != nil || page.Total != 0 {
		t.Errorf("%+v %v", page, err)
	}
}

func TestReconsiderMayEndInTheConflictAgain(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	d.AddUser(link.User{ID: 42})
	apply(t, site, event(link.Registered, link.User{ID: 42}))
	for _, choice := range []link.Choice{link.ChooseLeaveAlone, link.ChooseReconsider} {
		if _, err := resolve(t, site, 42, choice, 0); err != nil {
			t.Fatal(err)
		}
	}
	if got := offered(conflicts(t, site)); got != "42 email_empty: leave_alone ()" {
		t.Error(got)
	}
}

// The link of a user whose new address stands on the link of a user who is gone follows when that link is taken over.
func TestTakeOverForAChangedAddress(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	d.AddLink(42, "old@example.org", d.AddContact("Individual", "J", "D", "old@example.org"))
	d.AddLink(7, "jane@example.org", d.AddContact("Individual", "K", "D", "jane@example.org"))
	d.AddUser(jane)
	if got := apply(t, site, event(link.Updated, jane)); said(got) != "conflict/email_stale" || *got.ContactID != 2 {
		t.Fatalf("%+v", got)
	}
	runSync(t, site, fullsync.Apply) // which links users, and has no eye for the address of one who is linked
	if got := offered(conflicts(t, site)); got != "42 email_stale: take_over leave_alone ()" {
		t.Fatal(got)
	}
	got, err := resolve(t, site, 42, link.ChooseTakeOver, 0)
	if err != nil || said(got.Result) != "updated/email_changed" {
		t.Fatalf("%+v %v", got, err)
	}
	if links := strings.Join(d.Rows(linksNow), "; "); links != "42 jane@example.org 2" {
		t.Error(links)
	}
	if email := d.One("SELECT email FROM civicrm_email WHERE contact_id = 2"); email != "jane@example.org" {
		t.Error(email)
	}
}

// A conflict leaves the list when its cause is gone, whoever mended it, without an event.
func TestAConflictGoesWithItsCause(t *testing.T) {
	held := func(d *mysqltest.Database) {
		d.AddUser(jane)
		d.AddUser(link.User{ID: 7, Email: "x@example.org"})
		d.AddLink(7, "jane@example.org", d.AddContact("Individual", "J", "D", "x@example.org"))
	}
	cases := map[string]struct {
		mend func(d *mysqltest.Database)
		want string
	}{
		"nothing changes":     {func(*mysqltest.Database) {}, "42 name_held: leave_alone ()"},
		"the user is deleted": {func(d *mysqltest.Database) { d.Exec("DELETE FROM wp_users WHERE ID = 42") }, ""},
		"the user gets another address": {func(d *mysqltest.Database) {
			d.Exec("UPDATE wp_users SET user_email = 'new@example.org' WHERE ID = 42")
		}, ""},
		"the other link is renamed":              {func(d *mysqltest.Database) { d.Exec("UPDATE civicrm_uf_match SET uf_name = 'x@example.org'") }, ""},
		"CiviCRM links the user":                 {func(d *mysqltest.Database) { d.AddLink(42, "jane2@example.org", 1) }, "42 email_held: leave_alone ()"},
		"CiviCRM links the user under the name":  {func(d *mysqltest.Database) { d.Exec("UPDATE civicrm_uf_match SET uf_id = 42") }, ""},
		"the other user is deleted: another one": {func(d *mysqltest.Database) { d.Exec("DELETE FROM wp_users WHERE ID = 7") }, "42 name_stale: take_over link create leave_alone (2)"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := mysqltest.New(t, link.WordPress)
			site := d.Migrated("main")
			held(d)
			apply(t, site, event(link.Registered, jane))
			d.Exec("UPDATE userlink_conflict SET last_seen = last_seen - INTERVAL 1 HOUR")
			c.mend(d)
			if got := offered(conflicts(t, site)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			status, err := site.Status(t.Context())
			if err != nil || (status.Conflicts > 0) != (c.want != "") {
				t.Errorf("status: %+v %v", status, err)
			}
		})
	}
}

// A user who is known from an event but not yet visible in the table is not taken off the list.
func TestAConflictOfAMomentAgoStays(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	apply(t, site, event(link.Registered, link.User{ID: 42}))
	if got := offered(conflicts(t, site)); got != "42 email_empty:  ()" {
		t.Errorf("%q", got)
	}
}

func TestASyncTakesConflictsOffThatItDidNotMeet(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	for id := range uint32(3) {
		d.AddUser(link.User{ID: 42 + id})
		apply(t, site, event(link.Registered, link.User{ID: 42 + id}))
	}
	d.Exec("UPDATE userlink_conflict SET last_seen = last_seen - INTERVAL 1 HOUR")
	d.Exec("DELETE FROM wp_users WHERE ID = 43")
	runSync(t, site, fullsync.Apply)
	if got := d.Rows("SELECT CONCAT(uf_id, ' ', times) FROM userlink_conflict ORDER BY uf_id"); !slices.Equal(got, []string{"42 2", "44 2"}) {
		t.Error(got)
	}
}

func TestConflictsByPages(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	for id := uint32(1); id <= 5; id++ {
		d.AddUser(link.User{ID: id})
		apply(t, site, event(link.Registered, link.User{ID: id}))
	}
	d.Exec("UPDATE userlink_conflict SET last_seen = last_seen - INTERVAL 1 HOUR")
	d.Exec("DELETE FROM wp_users WHERE ID IN (3, 4)") // a page of its own: it is passed over
	var ids []uint32
	for after, pages := "", 0; pages == 0 || after != ""; pages++ {
		page, err := site.Conflicts(t.Context(), after, 2)
		if err != nil || pages > 3 {
			t.Fatal(err, pages)
		}
		for _, c := range page.Items {
			ids = append(ids, c.UserID)
		}
		after = page.Next
	}
	if !slices.Equal(ids, []uint32{1, 2, 5}) {
		t.Error(ids)
	}
}

// Two administrators decide at once: one of them is told that there is nothing left to decide.
func TestTwoDecideAtOnce(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	sites := []*mysql.Site{d.Migrated("main"), d.Migrated("main")}
	d.AddUser(jane)
	d.AddContact("Individual", "A", "A")
	d.AddContact("Individual", "B", "B")
	d.AddLink(42, "jane@example.org", 0)
	apply(t, sites[0], event(link.Registered, jane))
	errs := make([]error, len(sites))
	var both sync.WaitGroup
	for i, site := range sites {
		both.Go(func() { _, errs[i] = site.Resolve(context.Background(), 42, link.ChooseLink, uint32(2+i), admin) })
	}
	both.Wait()
	refused := 0
	for _, err := range errs {
		if errors.Is(err, fullsync.ErrChoice) {
			refused++
		} else if err != nil {
			t.Error(err)
		}
	}
	if links := d.One("SELECT COUNT(*) FROM civicrm_uf_match"); refused != 1 || links != "1" {
		t.Errorf("%d refused, %s links", refused, links)
	}
}

// Two users are given one contact at once: the key of CiviCRM's table lets one have it.
func TestTwoUsersOneContact(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	sites := []*mysql.Site{d.Migrated("main"), d.Migrated("main")}
	d.AddContact("Individual", "A", "A")
	for id := uint32(42); id < 44; id++ {
		d.AddUser(link.User{ID: id, Email: fmt.Sprintf("u%d@example.org", id), FirstName: long(65)})
	}
	errs := make([]error, len(sites))
	var both sync.WaitGroup
	for i, site := range sites {
		both.Go(func() { _, errs[i] = site.Resolve(context.Background(), uint32(42+i), link.ChooseLink, 2, admin) })
	}
	both.Wait()
	if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), fullsync.ErrChoice) {
		t.Errorf("%v", errs)
	}
}

// An event of the user arrives while a person decides: whichever is first, there is one link in the end.
func TestAnEventMeanwhile(t *testing.T) {
	for range 5 {
		d := mysqltest.New(t, link.WordPress)
		sites := []*mysql.Site{d.Migrated("main"), d.Migrated("main")}
		d.AddUser(jane)
		d.AddContact("Individual", "J", "D", "jane@example.org")
		d.AddLink(7, "jane@example.org", 2)
		apply(t, sites[0], event(link.Registered, jane))
		var both sync.WaitGroup
		both.Go(func() {
			if _, err := sites[0].Resolve(context.Background(), 42, link.ChooseTakeOver, 0, admin); err != nil {
				t.Error(err)
			}
		})
		both.Go(func() {
			result, err := sites[1].Apply(context.Background(), event(link.Updated, jane), uuid.NewString(), time.Now().Add(time.Minute))
			if got := said(result); err != nil || !slices.Contains([]string{"conflict/name_stale", "already_linked/link_exists"}, got) {
				t.Error(got, err)
			}
		})
		both.Wait()
		if links := strings.Join(d.Rows(linksNow), "; "); links != "42 Jane@Example.org 2" {
			t.Error(links)
		}
		if left := conflicts(t, sites[0]); len(left) != 0 {
			t.Error(offered(left))
		}
	}
}

func TestFindUsers(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	d.AddUser(jane)
	d.AddUser(link.User{ID: 7, Username: "42", Email: "seven@example.org", Name: "Seven"})
	d.AddLink(42, "jane@example.org", d.AddContact("Individual", "J", "D", "jane@example.org"))
	for text, want := range map[string]string{
		"42": "[42 jane Jane Doe 2] [7 42 Seven 0]", "jane": "[42 jane Jane Doe 2]", "JANE@example.ORG": "[42 jane Jane Doe 2]",
		"jan": "", "%": "", "7": "[7 42 Seven 0]", "4294967296": "",
	} {
		users, err := site.FindUsers(t.Context(), "\t"+text+" ")
		var got []string
		for _, u := range users {
			var contact uint32
			if u.ContactID != nil {
				contact = *u.ContactID
			}
			got = append(got, fmt.Sprint([]any{u.ID, u.Username, u.Name, contact}))
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q: got %v, want %s, %v", text, got, want, err)
		}
	}
}
