package mysql_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	driver "github.com/go-sql-driver/mysql"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
	"userlink/sidecar/mysql"
	"userlink/sidecar/mysql/mysqltest"
)

// undoAside starts an undo of the job and returns what waits for its end.
func undoAside(t *testing.T, site *mysql.Site, job fullsync.Job) func() fullsync.Job {
	t.Helper()
	r := runner(t, site, 60)
	started, err := r.Start(t.Context(), fullsync.Request{Mode: fullsync.Undo, Undoes: job.ID})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan fullsync.Job, 1)
	go func() {
		done, err := r.Do(context.WithoutCancel(t.Context()), started.ID, nil)
		if err != nil {
			t.Error(err)
		}
		ended <- done
	}()
	return func() fullsync.Job { return <-ended }
}

// A phone that CiviCRM adds while the undo is under way: who comes first counts, and no row goes along unseen, though the
// foreign key would delete it with its contact.
func TestUndoBesideTheSite(t *testing.T) {
	t.Run("the site was first", func(t *testing.T) {
		d, site, job := undoSite(t)
		native, err := d.Begin()
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = native.Rollback() }() // no effect after the commit
		if _, err := native.Exec("INSERT INTO civicrm_phone (contact_id, phone) VALUES (" + contact1 + ", '1')"); err != nil {
			t.Fatal(err)
		}
		wait := undoAside(t, site, job)
		waitForLockWait(t, d)
		if err := native.Commit(); err != nil {
			t.Fatal(err)
		}
		if said := reported(t, site, wait()); said[1] != "kept/contact_used" || said[2] != "undone/taken_back" {
			t.Errorf("%v", said)
		}
		if got := d.One("SELECT COUNT(*) FROM civicrm_phone"); got != "1" {
			t.Errorf("%s phones", got)
		}
	})
	t.Run("the undo was first", func(t *testing.T) {
		d, site, job := undoSite(t)
		contact := d.One("SELECT contact_id FROM civicrm_uf_match WHERE uf_id = 1")
		held, err := d.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = held.Close() }()
		holding := func(call string) {
			t.Helper()
			if _, err := held.ExecContext(t.Context(), "DO "+call); err != nil {
				t.Fatal(err)
			}
		}
		holding("GET_LOCK(DATABASE(), 0)") // the undo will want it when it has looked and is about to write
		d.Exec("CREATE TRIGGER hold BEFORE DELETE ON civicrm_uf_match FOR EACH ROW SET @held = GET_LOCK(DATABASE(), 60)")
		wait := undoAside(t, site, job)
		waitForStatement(t, d, "SET @held")
		added := make(chan error, 1)
		go func() {
			_, err := d.ExecContext(context.WithoutCancel(t.Context()), "INSERT INTO civicrm_phone (contact_id, phone) VALUES (?, '1')", contact)
			added <- err
		}()
		waitForStatement(t, d, "INSERT INTO civicrm_phone")
		waitForLockWait(t, d)
		holding("RELEASE_LOCK(DATABASE())")
		if done := wait(); done.Undone != 4 {
			t.Errorf("%+v", done.Counts)
		}
		var refused *driver.MySQLError
		if err := <-added; !errors.As(err, &refused) || refused.Number != 1452 {
			t.Errorf("the phone of a contact that is gone: %v", err)
		}
	})
}

// waitForStatement returns when the server is at work on a statement that begins so.
func waitForStatement(t *testing.T, d *mysqltest.Database, begins string) {
	t.Helper()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for range 500 {
		<-look.C
		if d.One("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO LIKE ?", begins+"%") == "1" {
			return
		}
	}
	t.Fatalf("nobody runs %s", begins)
}

// A process that dies in the middle of an undo leaves whole users behind; another one goes on, and nothing is done twice.
// One that was taken for dead and is not writes nothing.
func TestUndoSurvivesACrash(t *testing.T) {
	for _, mode := range []fullsync.Mode{fullsync.UndoPreview, fullsync.Undo} {
		t.Run(string(mode), func(t *testing.T) {
			d, _ := undoing(t, link.WordPress)
			site := d.Site("main")
			fiveUsers(d)
			withContacts := contents(d)
			job := ask(t, site, 60, fullsync.Request{Mode: fullsync.Apply, ActorUserID: 4})
			after := contents(d)
			undo, err := site.Create(t.Context(), fullsync.Request{Mode: mode, Undoes: job.ID})
			if err != nil {
				t.Fatal(err)
			}
			dead, err := site.Claim(t.Context(), undo.ID, "a:1", -time.Second)
			if err != nil {
				t.Fatal(err)
			}
			first, done, err := site.Step(t.Context(), dead, nil, 2) // user 5, then above the actor there is nobody
			if err != nil || done || first.Checked != 1 || first.LastUserID != 5 {
				t.Fatalf("%+v %v %v", first, done, err)
			}
			if mode == fullsync.Undo && slices.Equal(contents(d), after) {
				t.Fatal("the first step wrote nothing")
			}
			alive, err := site.Claim(t.Context(), undo.ID, "b:2", time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			between := contents(d)
			if _, _, err := site.Step(t.Context(), first, nil, 10); !errors.Is(err, fullsync.ErrLost) {
				t.Errorf("a step of the dead: %v", err)
			}
			same(t, "what the dead wrote", contents(d), between)
			for done := false; !done; {
				if alive, done, err = site.Step(t.Context(), alive, nil, 2); err != nil {
					t.Fatal(err)
				}
			}
			ended, err := site.Finish(t.Context(), undo.ID, "b:2", fullsync.Done, "")
			if err != nil || ended.Counts != (fullsync.Counts{Checked: 5, Undone: 5}) {
				t.Errorf("%+v %v", ended.Counts, err)
			}
			if said := reported(t, site, ended); len(said) != 5 {
				t.Errorf("%v", said)
			}
			page, err := site.Items(t.Context(), undo.ID, "", "", 2) // pages go by user, however the chunks were made
			if err != nil || page.Next != "2" || page.Items[0].UserID != 1 {
				t.Errorf("%+v %v", page, err)
			}
			if mode == fullsync.UndoPreview {
				withContacts = after
			}
			same(t, "in the end", contents(d), withContacts)
		})
	}
}

// What was taken back before a cancel stays taken back; the rest stands, and a second undo takes it.
func TestUndoCancelled(t *testing.T) {
	d, site, job := undoSite(t)
	undo, err := site.Create(t.Context(), fullsync.Request{Mode: fullsync.Undo, Undoes: job.ID})
	if err == nil {
		undo, err = site.Claim(t.Context(), undo.ID, "a:1", time.Minute)
	}
	if err != nil {
		t.Fatal(err)
	}
	if undo, _, err = site.Step(t.Context(), undo, nil, 2); err != nil || undo.Undone != 2 || undo.LastUserID != 3 {
		t.Fatalf("%+v %v", undo, err)
	}
	if undo, err = site.Cancel(t.Context(), undo.ID); err != nil || undo.State != fullsync.Cancelling {
		t.Fatalf("%+v %v", undo, err)
	}
	if undo, err = site.Finish(t.Context(), undo.ID, "a:1", fullsync.Cancelled, ""); err != nil || !strings.HasPrefix(undo.Message, "Undo was cancelled. What was done stays. What was written for 2 users was taken back.") {
		t.Fatalf("%+v %v", undo, err)
	}
	if got := d.One("SELECT GROUP_CONCAT(uf_id ORDER BY uf_id) FROM civicrm_uf_match"); got != "1,2,4" {
		t.Errorf("linked: %s", got)
	}
	rest := ask(t, site, 60, fullsync.Request{Mode: fullsync.Undo, Undoes: job.ID})
	if rest.Counts != (fullsync.Counts{Checked: 2, Undone: 2}) {
		t.Errorf("%+v", rest.Counts)
	}
	// An undo that was cancelled can be undone too: it puts back what it took.
	redo := ask(t, site, 60, fullsync.Request{Mode: fullsync.Undo, Undoes: undo.ID})
	if redo.Counts != (fullsync.Counts{Checked: 2, Undone: 2}) {
		t.Errorf("%+v", redo.Counts)
	}
	if got := d.One("SELECT GROUP_CONCAT(CONCAT(uf_id, uf_name) ORDER BY uf_id) FROM civicrm_uf_match"); got != "3user3@example.org,4user4@example.org" {
		t.Errorf("linked: %s", got)
	}
}

// A person's decision is taken back like a sync: the old link comes back under its number, and who was left alone no longer
// is.
func TestUndoOfADecision(t *testing.T) {
	d, site := undoing(t, link.WordPress)
	d.AddUser(jane)
	d.AddLink(77, "jane@example.org", d.AddContact("Individual", "Jane", "Doe", "jane@example.org"))
	d.Exec("UPDATE civicrm_uf_match SET language = 'de_DE'")
	decide := func(choice link.Choice) fullsync.Job {
		t.Helper()
		resolved, err := site.Resolve(t.Context(), jane.ID, choice, 0, 1)
		if err != nil || resolved.Job == nil {
			t.Fatalf("%+v %v", resolved, err)
		}
		return *resolved.Job
	}
	undone := func(job fullsync.Job, want string) {
		t.Helper()
		undo := ask(t, site, 60, fullsync.Request{Mode: fullsync.Undo, Undoes: job.ID})
		if got := reported(t, site, undo)[jane.ID]; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	ask(t, site, 60, fullsync.Request{Mode: fullsync.Apply}) // lists the conflict
	before := contents(d)
	took := decide(link.ChooseTakeOver)
	if slices.Equal(contents(d), before) {
		t.Fatal("nothing was taken over")
	}
	// Health that was counted before a decision or its undo is not what is shown after it.
	gone := func(want int) {
		t.Helper()
		health, err := site.Health(t.Context())
		if err != nil || len(health.Findings) == 0 {
			t.Fatalf("%+v %v", health, err)
		}
		if f := health.Findings[0]; f.Finding != link.FindUserMissing || f.Count != want {
			t.Errorf("links of users who are gone: %+v, want %d", f, want)
		}
	}
	gone(0)
	if got := d.One("SELECT COUNT(*) FROM userlink_conflict"); got != "0" {
		t.Errorf("%s conflicts are listed after the decision", got)
	}
	undone(took, "undone/taken_back")
	gone(1)
	same(t, "the undo of a take-over", contents(d), before)
	if got := d.One("SELECT GROUP_CONCAT(uf_id, reason) FROM userlink_conflict"); got != "42name_stale" {
		t.Errorf("after the undo the user is to decide again, listed is %s", got)
	}

	took = decide(link.ChooseTakeOver)
	d.Exec("DELETE FROM civicrm_uf_match; INSERT INTO civicrm_uf_match (domain_id, uf_id, uf_name) VALUES (1, 88, 'JANE@example.org')")
	undone(took, "kept/link_changed")
	d.Exec("DELETE FROM civicrm_uf_match")

	alone := decide(link.ChooseLeaveAlone)
	again := decide(link.ChooseReconsider)
	undone(alone, "kept/decided_since")
	undone(again, "undone/taken_back")
	undone(alone, "undone/taken_back")
	if got := d.One("SELECT left_alone_at FROM userlink_user WHERE uf_id = 42"); got != "NULL" {
		t.Errorf("left alone since %s", got)
	}
}
