package mysql_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
	"userlink/sidecar/mysql"
	"userlink/sidecar/mysql/mysqltest"
)

// series is a table of the numbers from 1 to 100000: not MariaDB's own, which MySQL lacks.
var series = func() string {
	digits := "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)"
	return strings.ReplaceAll("(SELECT 1 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d AS seq FROM ? a, ? b, ? c, ? e, ? f) s", "?", digits)
}()

// manyUsers adds n users, every third of whom has a contact already.
func manyUsers(d *mysqltest.Database, n int) {
	d.Exec("INSERT INTO wp_users (ID, user_login, user_email) SELECT seq, CONCAT('u', seq), CONCAT('u', seq, '@example.org') FROM "+series+" WHERE seq <= ?", n)
	d.Exec("INSERT INTO civicrm_contact (id, contact_type, display_name, sort_name) SELECT 1000000 + seq, 'Individual', seq, seq FROM "+series+" WHERE seq <= ? AND seq % 3 = 0", n)
	d.Exec("INSERT INTO civicrm_email (contact_id, location_type_id, email, is_primary) SELECT 1000000 + seq, 1, CONCAT('u', seq, '@example.org'), 1 FROM "+series+" WHERE seq <= ? AND seq % 3 = 0", n)
}

// whole fails the test unless every user of manyUsers is linked once, nothing is left over, and the job says so.
func whole(t *testing.T, d *mysqltest.Database, job fullsync.Job, n int) {
	t.Helper()
	if c := job.Counts; job.State != fullsync.Done || c.Checked != n || c.Linked+c.Created+c.AlreadyLinked != n {
		t.Errorf("%s %s %+v", job.State, job.Error, c)
	}
	if got := d.One("SELECT COUNT(DISTINCT uf_id) * 1000000 + COUNT(*) FROM civicrm_uf_match"); got != fmt.Sprint(n*1000000+n) {
		t.Errorf("users linked and links: %s", got)
	}
	noOrphan(t, d)
	for _, row := range []struct{ what, query, want string }{
		{"users in the report", "SELECT SUM(already_linked + linked + created + updated + conflicts + skipped + failed) FROM userlink_job_chunk WHERE job_id = '" + job.ID + "'", fmt.Sprint(n)},
		{"leases", "SELECT COUNT(*) FROM userlink_job_lease", "0"},
		{"entries of the journal", "SELECT COUNT(*) FROM userlink_journal", fmt.Sprint(n)},
		{"counts in the job's row", "SELECT CONCAT_WS(' ', checked, linked, created) FROM userlink_job WHERE id = '" + job.ID + "'", fmt.Sprintf("%d %d %d", job.Checked, job.Linked, job.Created)},
	} {
		if got := d.One(row.query); got != row.want {
			t.Errorf("%s: %s, want %s", row.what, got, row.want)
		}
	}
}

// allLinked fails the test if a contact has no link. Contact 1 is CiviCRM's own.
func allLinked(t *testing.T, d *mysqltest.Database) {
	t.Helper()
	if got := d.One("SELECT COUNT(*) FROM civicrm_contact c LEFT JOIN civicrm_uf_match m ON m.contact_id = c.id WHERE c.id > 1 AND m.id IS NULL"); got != "0" {
		t.Errorf("%s contacts without a link", got)
	}
}

// noOrphan fails the test if a contact or an email was made that no link belongs to.
func noOrphan(t *testing.T, d *mysqltest.Database) {
	t.Helper()
	allLinked(t, d)
	if got := d.One("SELECT (SELECT COUNT(*) FROM civicrm_contact WHERE contact_type = 'Individual') - (SELECT COUNT(*) FROM civicrm_email WHERE contact_id > 1)"); got != "0" {
		t.Errorf("contacts less emails: %s", got)
	}
}

func begin(t *testing.T, site *mysql.Site) fullsync.Job {
	t.Helper()
	job, err := site.Create(t.Context(), fullsync.Request{Mode: fullsync.Apply})
	if err != nil {
		t.Fatal(err)
	}
	return job
}

// Four runners of two sidecars, with three workers each, on one job.
func TestSeveralRunnersOnOneJob(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	sites := []*mysql.Site{d.Migrated("main"), d.Migrated("main")}
	const n = 6000
	manyUsers(d, n)
	job := begin(t, sites[0])
	ended := make([]fullsync.Job, 4)
	var all sync.WaitGroup
	for i := range ended {
		all.Go(func() {
			r := runner(t, sites[i%2], 100)
			r.Workers = 3
			var err error
			if ended[i], err = r.Do(t.Context(), job.ID, nil); err != nil && !errors.Is(err, fullsync.ErrState) { // it may come too late
				t.Error(err)
			}
		})
	}
	all.Wait()
	done, err := sites[0].Job(t.Context(), job.ID)
	if err != nil {
		t.Fatal(err)
	}
	whole(t, d, done, n)
	for i, job := range ended {
		if job.ID != "" && job.State != fullsync.Done {
			t.Errorf("runner %d left while it was %s", i, job.State)
		}
	}
}

// A worker that dies with a chunk loses its lease, and another one does the chunk; one that was only taken for dead cannot
// commit it any more.
func TestChunkOfADeadWorker(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	const n = 300
	manyUsers(d, n)
	job := begin(t, site)
	if _, err := site.Join(t.Context(), job.ID, "dead:1"); err != nil {
		t.Fatal(err)
	}
	late, err := site.TakeChunk(t.Context(), job.ID, "dead:1/x", 100, -time.Second)
	if err != nil || late.After != 0 || late.Last != 100 {
		t.Fatalf("%+v, %v", late, err)
	}
	alive, err := site.TakeChunk(t.Context(), job.ID, "live:2/y", 100, time.Minute)
	if err != nil || alive.After != 0 || alive.Last != 100 {
		t.Fatalf("the dead one's chunk comes first: %+v, %v", alive, err)
	}
	next, err := site.TakeChunk(t.Context(), job.ID, "live:2/y", 100, time.Minute)
	if err != nil || next.After != 100 || next.Last != 200 {
		t.Fatalf("then the next: %+v, %v", next, err)
	}
	before := d.Counts()
	if err := site.DoChunk(t.Context(), job, late); !errors.Is(err, fullsync.ErrLost) {
		t.Errorf("a lost chunk: %v", err)
	}
	if after := d.Counts(); after != before {
		t.Errorf("it wrote: %s, were %s", after, before)
	}
	if _, err := site.End(t.Context(), job.ID, fullsync.Done, ""); !errors.Is(err, fullsync.ErrUnfinished) {
		t.Errorf("ended with users left: %v", err)
	}
	for _, chunk := range []fullsync.Chunk{next, alive} { // in whatever order
		if err := site.DoChunk(t.Context(), job, chunk); err != nil {
			t.Fatal(err)
		}
	}
	if err := site.DoChunk(t.Context(), job, alive); !errors.Is(err, fullsync.ErrLost) {
		t.Errorf("a chunk done twice: %v", err)
	}
	middle, err := site.Job(t.Context(), job.ID)
	if err != nil || middle.State != fullsync.Running || middle.Checked != 200 || middle.Linked != 66 || middle.Created != 134 {
		t.Errorf("in the middle: %+v, %v", middle, err)
	}
	done, err := runner(t, site, 50).Do(t.Context(), job.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	whole(t, d, done, n)
	if _, err := site.End(t.Context(), job.ID, fullsync.Done, ""); !errors.Is(err, fullsync.ErrState) {
		t.Errorf("ended twice: %v", err)
	}
}

// mortal is a store whose process dies in the middle of its third chunk: the transaction is gone with the connection, the
// lease stays.
type mortal struct {
	*mysql.Site
	mu     sync.Mutex
	chunks int
	died   context.CancelFunc
}

func (m *mortal) DoChunk(ctx context.Context, job fullsync.Job, chunk fullsync.Chunk) error {
	m.mu.Lock()
	m.chunks++
	dies := m.chunks == 3
	m.mu.Unlock()
	if dies {
		m.died()
		<-ctx.Done()
		return ctx.Err()
	}
	return m.Site.DoChunk(ctx, job, chunk)
}

func (m *mortal) ReturnChunks(context.Context, string, string) error { return nil } // the dead give nothing back

func TestRunnerThatDiesInTheMiddleOfAChunk(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	const n = 2000
	manyUsers(d, n)
	job := begin(t, site)
	life, died := context.WithCancel(t.Context())
	r := fullsync.NewRunner(&mortal{Site: site, died: died}, discard, fullsync.ChunkSize{Start: 100})
	r.Workers = 2
	if _, err := r.Do(life, job.ID, nil); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if left := d.One("SELECT COUNT(*) FROM userlink_job_lease"); left == "0" {
		t.Fatal("it did not die with a chunk")
	}
	middle, err := site.Job(t.Context(), job.ID)
	if err != nil || middle.State != fullsync.Running || fmt.Sprint(middle.Checked) != d.One("SELECT COUNT(*) FROM civicrm_uf_match") {
		t.Errorf("after the death: %+v, %v", middle, err)
	}
	d.Exec("UPDATE userlink_job_lease SET lease_until = UTC_TIMESTAMP() - INTERVAL 1 SECOND") // the seconds pass
	done, err := runner(t, site, 100).Do(t.Context(), job.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	whole(t, d, done, n)
}

// Cancelled while several work on it: it ends at once, once, and its numbers are those of the rows.
func TestCancelWithSeveralWorkers(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	manyUsers(d, 20000)
	job := begin(t, site)
	var runners sync.WaitGroup
	for range 2 {
		runners.Go(func() {
			r := runner(t, site, 100)
			r.Workers = 3
			if got, err := r.Do(t.Context(), job.ID, nil); err != nil || got.State != fullsync.Cancelled {
				t.Errorf("%s, %v", got.State, err)
			}
		})
	}
	for d.One("SELECT COUNT(*) > 5 FROM userlink_job_chunk") == "0" {
	}
	cancelled, err := site.Cancel(t.Context(), job.ID)
	if err != nil || cancelled.State != fullsync.Cancelled {
		t.Fatalf("%+v, %v", cancelled, err)
	}
	links := d.One("SELECT COUNT(*) FROM civicrm_uf_match")
	runners.Wait()
	if after := d.One("SELECT COUNT(*) FROM civicrm_uf_match"); after != links || fmt.Sprint(cancelled.Linked+cancelled.Created) != links || links == "20000" {
		t.Errorf("the job says %+v; links: %s, later %s", cancelled.Counts, links, after)
	}
	if got := d.One("SELECT (SELECT COUNT(*) FROM userlink_journal) - (SELECT COUNT(*) FROM civicrm_uf_match)"); got != "0" {
		t.Errorf("entries of the journal less links: %s", got)
	}
	if _, err := site.Cancel(t.Context(), job.ID); !errors.Is(err, fullsync.ErrState) {
		t.Errorf("cancelled twice: %v", err)
	}
}

// Paused, it keeps its place and takes no chunk; resumed, it goes on; paused, it can also be cancelled.
func TestPauseAndResume(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	const n = 400
	manyUsers(d, n)
	job := begin(t, site)
	if _, err := site.Resume(t.Context(), job.ID); !errors.Is(err, fullsync.ErrState) {
		t.Errorf("resume of a job that is not paused: %v", err)
	}
	if paused, err := site.Pause(t.Context(), job.ID); err != nil || paused.State != fullsync.Paused {
		t.Fatalf("%+v, %v", paused, err)
	}
	if id, err := site.Claimable(t.Context()); err != nil || id != "" {
		t.Errorf("claimable while paused: %q, %v", id, err)
	}
	if _, err := site.Join(t.Context(), job.ID, "a:1"); !errors.Is(err, fullsync.ErrState) {
		t.Errorf("join while paused: %v", err)
	}
	if resumed, err := site.Resume(t.Context(), job.ID); err != nil || resumed.State != fullsync.Queued {
		t.Fatalf("%+v, %v", resumed, err)
	}
	if _, err := site.Join(t.Context(), job.ID, "a:1"); err != nil {
		t.Fatal(err)
	}
	chunk, err := site.TakeChunk(t.Context(), job.ID, "a:1/x", 100, time.Minute)
	if err == nil {
		_, err = site.Pause(t.Context(), job.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := site.Pause(t.Context(), job.ID); !errors.Is(err, fullsync.ErrState) {
		t.Errorf("paused twice: %v", err)
	}
	if _, err := site.TakeChunk(t.Context(), job.ID, "a:1/x", 100, time.Minute); !errors.Is(err, fullsync.ErrState) {
		t.Errorf("a chunk while paused: %v", err)
	}
	if err := site.DoChunk(t.Context(), job, chunk); err != nil {
		t.Errorf("what was begun is finished: %v", err)
	}
	if _, err := site.End(t.Context(), job.ID, fullsync.Done, ""); err == nil {
		t.Error("a paused job was ended")
	}
	if _, err := site.Resume(t.Context(), job.ID); err != nil {
		t.Fatal(err)
	}
	done, err := runner(t, site, 100).Do(t.Context(), job.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	whole(t, d, done, n)
	if _, err := site.Pause(t.Context(), job.ID); !errors.Is(err, fullsync.ErrState) {
		t.Errorf("pause after the end: %v", err)
	}
}

// A preview that is paused rests in its process and goes on with what it knows.
func TestPausedPreviewGoesOn(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	fiveUsers(d)
	job, err := site.Create(t.Context(), fullsync.Request{Mode: fullsync.Preview})
	if err == nil {
		_, err = site.Claim(t.Context(), job.ID, "a:1", time.Minute)
	}
	if err == nil {
		_, err = site.Pause(t.Context(), job.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	if state, err := site.Beat(t.Context(), job.ID, "a:1", time.Minute); err != nil || state != fullsync.Paused {
		t.Errorf("%s, %v", state, err)
	}
	if _, err := site.Resume(t.Context(), job.ID); err != nil {
		t.Fatal(err)
	}
	if state, err := site.Beat(t.Context(), job.ID, "a:1", -time.Minute); err != nil || state != fullsync.Running {
		t.Errorf("%s, %v", state, err)
	}
	if _, err := site.Pause(t.Context(), job.ID); err != nil {
		t.Fatal(err)
	}
	if cancelled, err := site.Cancel(t.Context(), job.ID); err != nil || cancelled.State != fullsync.Cancelled {
		t.Errorf("cancel while paused: %+v, %v", cancelled, err)
	}
}

// Users with one address, and users with two addresses of one contact, in chunks that are worked on at the same moment: the
// unique keys decide, whoever loses gets his conflict or his new contact, and no contact is left without a link.
func TestOneAddressInManyChunks(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	const n, twins = 3000, 1500 // each hundred users have fifty addresses, so twins are in neighbouring chunks
	d.Exec(`INSERT INTO wp_users (ID, user_login, user_email)
		SELECT seq, CONCAT('u', seq), CONCAT(IF(seq % 2, 'u', 'U'), (seq - 1) % 50 + 50 * ((seq - 1) DIV 100), '@example.org') FROM `+series+" WHERE seq <= ?", n)
	contact := d.AddContact("Individual", "A", "B", "u5@example.org", "u55@example.org", "u105@example.org")
	r := runner(t, site, 50)
	r.Workers = 4
	job, err := r.Start(t.Context(), fullsync.Request{Mode: fullsync.Apply})
	if err == nil {
		job, err = r.Do(t.Context(), job.ID, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	if c := job.Counts; c.Checked != n || c.Conflicts != twins || c.Linked != 1 || c.Created != n-twins-1 || c.Failed != 0 {
		t.Errorf("%+v", c)
	}
	if got := d.One("SELECT COUNT(*) FROM civicrm_uf_match WHERE contact_id = ?", contact); got != "1" {
		t.Errorf("links to the contact: %s", got)
	}
	allLinked(t, d)
	if got := d.One("SELECT COUNT(*) FROM userlink_conflict WHERE reason = 'name_held'"); got != fmt.Sprint(twins) {
		t.Errorf("open conflicts: %s", got)
	}
}

// The part of a chunk that was committed stays done when the rest is taken over.
func TestHalfAChunkIsTakenOver(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	const n = 200
	manyUsers(d, n)
	d.Exec("CREATE TABLE refuse_now (x int)")
	d.Exec("CREATE TRIGGER refuse BEFORE INSERT ON civicrm_uf_match FOR EACH ROW IF NEW.uf_id > 100 AND (SELECT COUNT(*) FROM refuse_now) > 0 THEN SIGNAL SQLSTATE '45000'; END IF")
	d.Exec("INSERT INTO refuse_now VALUES (1)")
	job := begin(t, site)
	if _, err := site.Join(t.Context(), job.ID, "a:1"); err != nil {
		t.Fatal(err)
	}
	chunk, err := site.TakeChunk(t.Context(), job.ID, "a:1/x", n, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if err := site.DoChunk(t.Context(), job, chunk); err == nil {
		t.Fatal("a hundred users in a row cannot be written, and that is no error")
	}
	d.Exec("DELETE FROM refuse_now")
	if err := site.DoChunk(t.Context(), job, chunk); err != nil { // the same worker may go on
		t.Fatal(err)
	}
	done, err := runner(t, site, 100).Do(t.Context(), job.ID, nil)
	if err != nil || done.Checked != n || done.Created+done.Linked+done.Failed != n || done.Failed == 0 || done.Failed > 20 {
		t.Errorf("%+v, %v", done.Counts, err)
	}
	if got := d.One("SELECT COUNT(*) FROM civicrm_uf_match"); got != fmt.Sprint(done.Created+done.Linked) {
		t.Errorf("links: %s", got)
	}
}

// emptied is a site whose jobs somebody removes while a chunk is done.
type emptied struct {
	*mysql.Site
	d *mysqltest.Database
}

func (e *emptied) DoChunk(ctx context.Context, job fullsync.Job, chunk fullsync.Chunk) error {
	e.d.Exec("DELETE FROM userlink_job_lease")
	e.d.Exec("DELETE FROM userlink_job")
	return e.Site.DoChunk(ctx, job, chunk)
}

// A worker whose job is removed under him says so, and stops.
func TestJobIsRemovedMeanwhile(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	manyUsers(d, 200)
	job := begin(t, site)
	r := fullsync.NewRunner(&emptied{site, d}, discard, fullsync.ChunkSize{Start: 100})
	if _, err := r.Do(t.Context(), job.ID, nil); !errors.Is(err, fullsync.ErrNotFound) {
		t.Error(err)
	}
	if links := d.One("SELECT COUNT(*) FROM civicrm_uf_match"); links != "0" {
		t.Errorf("%s links were written for no job", links)
	}
}
