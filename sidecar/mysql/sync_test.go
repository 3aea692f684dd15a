package mysql_test

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
	"userlink/sidecar/mysql"
	"userlink/sidecar/mysql/mysqltest"
)

var discard = slog.New(slog.DiscardHandler)

func runner(t *testing.T, site *mysql.Site, chunk int) *fullsync.Runner {
	return fullsync.NewRunner(site, slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})), fullsync.ChunkSize{Start: chunk})
}

func runSync(t *testing.T, site *mysql.Site, mode fullsync.Mode) fullsync.Job {
	t.Helper()
	r := runner(t, site, 1000)
	job, err := r.Start(t.Context(), fullsync.Request{Mode: mode})
	if err != nil {
		t.Fatal(err)
	}
	job, err = r.Do(t.Context(), job.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	return job
}

// The example of CiviCRM's user guide: five users, three of whom have a contact.
func fiveUsers(d *mysqltest.Database) {
	for i := range uint32(5) {
		d.AddUser(link.User{ID: i + 1, Email: fmt.Sprintf("user%d@example.org", i+1), FirstName: "U", LastName: fmt.Sprint(i + 1)})
	}
	for i := range 3 {
		d.AddContact("Individual", "U", fmt.Sprint(i+1), fmt.Sprintf("USER%d@example.org", i+1))
	}
}

func TestSyncOfTheUserGuide(t *testing.T) {
	for _, cms := range link.CMSs() {
		t.Run(string(cms), func(t *testing.T) {
			d := mysqltest.New(t, cms)
			site := d.Migrated("main")
			fiveUsers(d)
			before := d.Counts()

			preview := runSync(t, site, fullsync.Preview)
			if got, want := preview.Message, "Preview of Synchronize Users to Contacts completed, nothing was changed. Checked 5 user records. Found 3 matching contact records. 2 new contact records would be created."; got != want {
				t.Errorf("preview: %s", got)
			}
			if after := d.Counts(); after != before {
				t.Errorf("a preview wrote: %s, were %s", after, before)
			}

			first := runSync(t, site, fullsync.Apply)
			if got, want := first.Message, "Synchronize Users to Contacts completed. Checked 5 user records. Found 3 matching contact records. Created 2 new contact records."; got != want {
				t.Errorf("first run: %s", got)
			}
			if got := d.Counts(); got != "6 6 2 5" { // with the Default Organization
				t.Errorf("contacts emails logs links: %s", got)
			}

			second := runSync(t, site, fullsync.Apply)
			if got, want := second.Message, "Synchronize Users to Contacts completed. Checked 5 user records. Found 5 matching contact records. Created 0 new contact records."; got != want {
				t.Errorf("second run: %s", got)
			}
			if got := d.Counts(); got != "6 6 2 5" {
				t.Errorf("second run wrote: %s", got)
			}
		})
	}
}

func TestReportHasEveryUser(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	fiveUsers(d)
	d.AddUser(link.User{ID: 10, Email: "user1@example.org"})                             // same as user 1
	d.AddUser(link.User{ID: 11, Email: ""})                                              // nothing to go by
	d.AddUser(link.User{ID: 12, Email: "long@example.org", FirstName: long(65)})         // does not fit
	d.Exec("UPDATE wp_users SET user_login = ? WHERE ID = 5", "=HYPERLINK(\"evil\")<b>") // hostile
	d.AddLink(2, "user2@example.org", 3)
	for _, mode := range []fullsync.Mode{fullsync.Preview, fullsync.Apply} {
		job := runSync(t, site, mode)
		if c := job.Counts; c != (fullsync.Counts{Checked: 8, AlreadyLinked: 1, Linked: 2, Created: 2, Conflicts: 3}) {
			t.Errorf("%s: %+v", mode, c)
		}
		var got []string
		after := ""
		for {
			page, err := site.Items(t.Context(), job.ID, "", after, 3)
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range page.Items {
				got = append(got, fmt.Sprintf("%d %s %s/%s", item.UserID, item.Email, item.Outcome, item.Reason))
			}
			if after = page.Next; after == "" {
				break
			}
		}
		want := []string{
			"1 user1@example.org linked/email_primary", "2 user2@example.org already_linked/link_exists", "3 user3@example.org linked/email_primary",
			"4 user4@example.org created/no_contact", "5 user5@example.org created/no_contact",
			"10 user1@example.org conflict/name_held", "11  conflict/email_empty", "12 long@example.org conflict/name_too_long",
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %s\nwant %s", mode, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
		}
		page, err := site.Items(t.Context(), job.ID, link.Conflict, "", 2)
		if err != nil || len(page.Items) != 2 || page.Items[0].UserID != 10 || *page.Items[0].OtherUserID != 1 || page.Next != "11" {
			t.Errorf("%s: conflicts %+v, %v", mode, page, err)
		}
	}
	conflicts, err := site.Conflicts(t.Context(), "", 10)
	if err != nil || conflicts.Total != 3 || conflicts.Items[0].Times != 1 {
		t.Errorf("open conflicts: %+v, %v", conflicts, err)
	}
}

// A preview agrees with the apply that follows, also when what is decided for one user bears on another, chunks later.
func TestPreviewAgreesAcrossChunks(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	d.AddContact("Individual", "A", "B", "a@example.org", "b@example.org")
	for i := range uint32(120) {
		d.AddUser(link.User{ID: i + 1, Email: fmt.Sprintf("u%d@example.org", i+1)})
	}
	d.Exec("UPDATE wp_users SET user_email = 'a@example.org' WHERE ID = 3")
	d.Exec("UPDATE wp_users SET user_email = 'b@example.org' WHERE ID = 110") // another address of the same contact
	d.Exec("UPDATE wp_users SET user_email = 'ü2@example.org' WHERE ID = 111")
	d.Exec("UPDATE wp_users SET user_email = 'U2@example.org' WHERE ID = 112") // equal to both 2 and 111 in the collation
	jobs := map[fullsync.Mode]fullsync.Job{}
	for _, mode := range []fullsync.Mode{fullsync.Preview, fullsync.Apply} {
		r := runner(t, site, 50)
		r.Workers = 1 // with several, which of two users of one address comes first may differ
		job, err := r.Start(t.Context(), fullsync.Request{Mode: mode})
		if err == nil {
			job, err = r.Do(t.Context(), job.ID, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		jobs[mode] = job
	}
	if jobs[fullsync.Preview].Counts != jobs[fullsync.Apply].Counts {
		t.Errorf("preview %+v, apply %+v", jobs[fullsync.Preview].Counts, jobs[fullsync.Apply].Counts)
	}
	if c := jobs[fullsync.Apply].Counts; c.Linked != 1 || c.Created != 117 || c.Conflicts != 2 {
		t.Errorf("%+v", c)
	}
	for i := range jobs {
		page, err := site.Items(t.Context(), jobs[i].ID, link.Created, "109", 1)
		if err != nil || page.Items[0].Reason != link.ContactTaken {
			t.Errorf("%s: user 110: %+v, %v", i, page.Items, err)
		}
	}
}

func TestOneSyncAtATime(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	fiveUsers(d)
	first, err := site.Create(t.Context(), fullsync.Request{Mode: fullsync.Preview, ActorUserID: 1})
	if err != nil {
		t.Fatal(err)
	}
	running, err := site.Create(t.Context(), fullsync.Request{Mode: fullsync.Apply, ActorUserID: 2})
	if !errors.Is(err, fullsync.ErrRunning) || running.ID != first.ID || running.ActorUserID != 1 {
		t.Errorf("a second job: %+v, %v", running, err)
	}
	if _, err := site.Claim(t.Context(), first.ID, "a:1", time.Minute); err != nil {
		t.Fatal(err)
	}
	if _, err := site.Claim(t.Context(), first.ID, "b:2", time.Minute); !errors.Is(err, fullsync.ErrState) {
		t.Errorf("two owners: %v", err)
	}
	cancelled, err := site.Cancel(t.Context(), first.ID)
	if err != nil || cancelled.State != fullsync.Cancelling {
		t.Errorf("cancel: %+v, %v", cancelled, err)
	}
	if _, err := site.Finish(t.Context(), first.ID, "b:2", fullsync.Done, ""); !errors.Is(err, fullsync.ErrLost) {
		t.Errorf("finished by a stranger: %v", err)
	}
	if _, err := site.Finish(t.Context(), first.ID, "a:1", fullsync.Cancelled, ""); err != nil {
		t.Error(err)
	}
	if _, err := site.Create(t.Context(), fullsync.Request{Mode: fullsync.Preview, ActorUserID: 2}); err != nil {
		t.Errorf("after the end: %v", err)
	}
}

// A process that was taken for dead and is not must not report.
func TestLostJobReportsNothing(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	fiveUsers(d)
	job, err := site.Create(t.Context(), fullsync.Request{Mode: fullsync.Preview, ActorUserID: 0})
	if err != nil {
		t.Fatal(err)
	}
	old, err := site.Claim(t.Context(), job.ID, "a:1", -time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := site.Claim(t.Context(), job.ID, "b:2", time.Minute); err != nil {
		t.Fatal(err)
	}
	if _, _, err := site.Step(t.Context(), old, nil, 10); !errors.Is(err, fullsync.ErrLost) {
		t.Errorf("step: %v", err)
	}
	if got := d.One("SELECT COUNT(*) FROM userlink_job_chunk"); got != "0" {
		t.Errorf("it reported %s chunks", got)
	}
	if _, err := site.Beat(t.Context(), job.ID, "a:1", time.Minute); !errors.Is(err, fullsync.ErrLost) {
		t.Errorf("beat: %v", err)
	}
}

// One row that the database refuses is one line in the report.
func TestOneBadRow(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	for i := range uint32(60) {
		d.AddUser(link.User{ID: i + 1, Email: fmt.Sprintf("u%d@example.org", i+1)})
	}
	d.Exec("CREATE TRIGGER refuse BEFORE INSERT ON civicrm_uf_match FOR EACH ROW IF NEW.uf_id = 17 THEN SIGNAL SQLSTATE '45000'; END IF")
	job := runSync(t, site, fullsync.Apply)
	if c := job.Counts; c != (fullsync.Counts{Checked: 60, Created: 59, Failed: 1}) {
		t.Errorf("%+v", c)
	}
	page, err := site.Items(t.Context(), job.ID, link.Failed, "", 10)
	if err != nil || len(page.Items) != 1 || page.Items[0].UserID != 17 || page.Items[0].Reason != link.Database {
		t.Errorf("%+v, %v", page.Items, err)
	}
	if got := d.Counts(); got != "60 60 59 59" { // the Default Organization, and nothing of user 17
		t.Errorf("contacts emails logs links: %s", got)
	}
}

func TestHostileRows(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	d.Exec("ALTER TABLE wp_users MODIFY user_login VARBINARY(255), MODIFY user_email VARBINARY(255)")
	d.AddUser(link.User{ID: 1, Email: "\xff\xfe@example.org"})
	d.AddUser(link.User{ID: 2, Email: "a'; DROP TABLE civicrm_contact; --@example.org"})
	d.AddUser(link.User{ID: 3, Email: "o'neil+tag@example.org", FirstName: "{contact.first_name} <script>", LastName: "O'Neil\\"})
	d.AddUser(link.User{ID: 4, Email: "emoji😀@example.org", FirstName: "😀", LastName: strings.Repeat("é", 64)})
	d.AddUser(link.User{ID: 4294967295, Email: "last@example.org"})
	d.Exec("INSERT INTO wp_users (ID, user_login, user_email) VALUES (4294967296, 'toobig', 'toobig@example.org')")
	job := runSync(t, site, fullsync.Apply)
	var got []string
	page, err := site.Items(t.Context(), job.ID, "", "", 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range page.Items {
		got = append(got, fmt.Sprintf("%d %s/%s", item.UserID, item.Outcome, item.Reason))
	}
	want := []string{"1 failed/row_unreadable", "2 conflict/email_invalid", "3 created/no_contact", "4 created/no_contact", "4294967295 created/no_contact"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := d.One("SELECT last_name FROM civicrm_contact WHERE first_name = '😀'"); got != strings.Repeat("é", 64) {
		t.Error(got)
	}
}

func TestUsersOnAnotherServersSchema(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	cms := mysqltest.New(t, link.WordPress)
	fiveUsers(d)
	for i := range uint32(5) {
		cms.AddUser(link.User{ID: i + 1, Email: fmt.Sprintf("user%d@example.org", i+1)})
	}
	cms.AddUser(link.User{ID: 99, Email: "only@example.org"})
	site := d.Migrated("main", func(o *mysql.SiteOptions) { o.DSN = cms.DSN })
	job := runSync(t, site, fullsync.Apply)
	if c := job.Counts; c != (fullsync.Counts{Checked: 6, Linked: 3, Created: 3}) {
		t.Errorf("%+v", c)
	}
}

func TestMultisiteBlog(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	fiveUsers(d)
	d.Exec("INSERT INTO wp_usermeta (user_id, meta_key, meta_value) VALUES (2, 'wp_3_capabilities', 'x'), (5, 'wp_3_capabilities', 'x')")
	site := d.Migrated("main", func(o *mysql.SiteOptions) { o.BlogID = 3 })
	job := runSync(t, site, fullsync.Apply)
	if c := job.Counts; c != (fullsync.Counts{Checked: 2, Linked: 1, Created: 1}) || job.Total != 2 {
		t.Errorf("%+v of %d", c, job.Total)
	}
}

func TestConflictDisappearsWithItsCause(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	d.AddUser(jane)
	d.AddLink(7, "jane@example.org", d.AddContact("Individual", "J", "D", "jane@example.org"))
	for range 3 {
		runSync(t, site, fullsync.Apply)
	}
	page, err := site.Conflicts(t.Context(), "", 10)
	if err != nil || page.Total != 1 || page.Items[0].Times != 3 || page.Items[0].Reason != link.NameStale || *page.Items[0].OtherUserID != 7 {
		t.Fatalf("%+v, %v", page, err)
	}
	d.Exec("DELETE FROM civicrm_uf_match WHERE uf_id = 7")
	runSync(t, site, fullsync.Apply)
	if page, err = site.Conflicts(t.Context(), "", 10); err != nil || page.Total != 0 {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestCheckFindsTooMuchAndTooLittle(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	d.AddUser(jane)
	problems := func() (names []string) {
		for _, f := range site.Check(t.Context()) {
			if f.Level == mysql.Problem {
				names = append(names, f.Name+": "+f.Detail)
			}
		}
		return names
	}
	if got := problems(); got != nil {
		t.Errorf("with the statements of userlink check --grants: %v", got)
	}
	d.Exec("GRANT SELECT (user_pass) ON wp_users TO " + d.Account)
	d.Exec("GRANT UPDATE ON wp_users TO " + d.Account)
	d.Exec("GRANT SELECT ON wp_usermeta TO " + d.Account)
	if got := fmt.Sprint(problems()); got != "[too many privileges: the account could change users, read application passwords in usermeta, read user_pass]" {
		t.Error(got)
	}
	d.Exec("REVOKE INSERT ON civicrm_log FROM " + d.Account)
	if got := fmt.Sprint(problems()); !strings.Contains(got, "privileges: the account may not:") || !strings.Contains(got, "civicrm_log") {
		t.Error(got)
	}
}

func TestExplain(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	d.AddUser(jane)
	contact := d.AddContact("Individual", "Jane", "Doe", "jane@example.org")
	before, err := site.Explain(t.Context(), 42)
	if err != nil || said(before.Decision) != "linked/email_primary" || before.Seen.Candidates[0].ContactID != contact || len(before.Journal) != 0 {
		t.Errorf("%+v, %v", before, err)
	}
	runSync(t, site, fullsync.Apply)
	after, err := site.Explain(t.Context(), 42)
	if err != nil || said(after.Decision) != "already_linked/link_exists" || len(after.Journal) != 1 || after.Journal[0].Table != "civicrm_uf_match" || after.User.LastName != "Doe" {
		t.Errorf("%+v, %v", after, err)
	}
	nobody, err := site.Explain(t.Context(), 7)
	if err != nil || nobody.Found || said(nobody.Decision) != "skipped/user_gone" {
		t.Errorf("%+v, %v", nobody, err)
	}
}

func TestStatus(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	fiveUsers(d)
	d.AddLink(2, "user2@example.org", 2)
	d.AddLink(99, "gone@example.org", 3)
	status, err := site.Status(t.Context())
	if err != nil || status.Users != 5 || status.Linked != 1 || status.NotLinked != 4 || status.Job != nil || status.LastApply != nil {
		t.Errorf("%+v, %v", status, err)
	}
	runSync(t, site, fullsync.Apply)
	status, err = site.Status(t.Context())
	if err != nil || status.Linked != 5 || status.Conflicts != 0 || status.LastApply == nil {
		t.Errorf("%+v, %v", status, err)
	}
}

// A preview reads steps ahead. None is passed over or taken twice, and a user who is added behind the last one is seen by the
// next preview at the latest.
func TestPreviewReadsAhead(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	manyUsers(d, 1000)
	d.Exec("DELETE FROM wp_users WHERE ID % 7 = 0") // steps do not end at round numbers
	want := d.One("SELECT COUNT(*) FROM wp_users")
	r := runner(t, site, 50)
	job, err := r.Start(t.Context(), fullsync.Request{Mode: fullsync.Preview})
	if err != nil {
		t.Fatal(err)
	}
	if job, err = r.Do(t.Context(), job.ID, nil); err != nil || fmt.Sprint(job.Created+job.Linked) != want || fmt.Sprint(job.Checked) != want {
		t.Errorf("%+v, %v; want %s", job, err, want)
	}
	if steps := d.One("SELECT COUNT(*) > 10 FROM userlink_job_chunk WHERE job_id = '" + job.ID + "'"); steps != "1" {
		t.Error("it was done in a few steps")
	}
}
