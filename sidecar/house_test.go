package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
	"userlink/sidecar/mysql/mysqltest"
)

// fiveUsers is the example of the user guide: five users, of whom three have contacts.
func fiveUsers(d *mysqltest.Database) {
	for i := range uint32(5) {
		email := fmt.Sprintf("user%d@example.org", i+1)
		d.AddUser(link.User{ID: i + 1, Email: email, FirstName: "First", LastName: fmt.Sprintf("Last%d", i+1)})
		if i < 3 {
			d.AddContact("Individual", "First", fmt.Sprintf("Last%d", i+1), email)
		}
	}
}

// expecting returns a function that runs a command line with this configuration, ends the test unless it exits with want and
// prints the part, and returns what is on its stdout.
func expecting(t *testing.T, path string) func(want int, part string, args ...string) string {
	t.Helper()
	return func(want int, part string, args ...string) string {
		t.Helper()
		code, out, stderr := command(t, append(args, "--config", path)...)
		if code != want || !strings.Contains(out+stderr, part) {
			t.Fatalf("userlink %s: got %d, want %d and %q\nstdout: %s\nstderr: %s", strings.Join(args, " "), code, want, part, out, stderr)
		}
		return out
	}
}

func TestVerbsOnADatabase(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	fiveUsers(d)
	path := configure(t, d.DSN)
	expect := expecting(t, path)
	expect(1, "are not current\n         → Run userlink migrate", "check")
	expect(1, "run userlink migrate", "sync")
	expect(0, "are current now (steps taken: ", "migrate")
	expect(0, "are current.", "migrate")
	expect(0, "ok       privileges: are enough", "check")

	expect(0, "A sync would answer: created, no_contact.", "explain", "--user", "4")
	expect(0, "  no link, and no contact with this email\n", "explain", "--user", "4")
	expect(0, "First Last1, carries the email as its primary one\n", "explain", "--user", "1")
	expect(0, `"outcome": "linked"`, "explain", "--user", "1", "--json")
	expect(0, "User 99 is not in the CMS.", "explain", "--user", "99")
	d.AddLink(77, "user2@example.org", 1)
	expect(0, "the email stands on the link of user 77, who no longer exists, with contact 1\n", "explain", "--user", "2")
	expect(3, "These users need a decision:\nuser  name   email              why\n2     user2  user2@example.org  The email address is recorded for a user who no longer exists.", "sync")
}

func TestConflictVerbs(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	fiveUsers(d)
	d.AddLink(77, "user2@example.org", 3)
	path := configure(t, d.DSN)
	expect := expecting(t, path)
	expect(0, "are current now", "migrate")
	expect(0, "No user is on this list.", "conflicts")
	expect(3, "1  left alone, need a decision", "sync", "--apply", "--yes")
	expect(0, "(user 77)  --take-over | --link 3 (First Last2) | --create | --leave-alone\n", "conflicts")
	expect(0, `"reason": "name_stale"`, "conflicts", "--json")
	expect(0, "Listed as a conflict: name_stale.", "explain", "--user", "2")
	expect(0, "user.registered (ensure_link_and_email): conflict, name_stale\n", "explain", "--user", "2")
	expect(0, "What can be decided: userlink resolve --user 2 --take-over | --link 3 (First Last2)", "explain", "--user", "2")
	expect(1, "nothing was changed: userlink conflicts says what can be decided", "resolve", "--user", "2", "--reconsider")
	expect(0, "ignored, left_alone. A person wants this user left alone.", "resolve", "--user", "2", "--leave-alone", "--actor", "1")
	expect(0, "--reconsider\n", "conflicts", "--left-alone")
	expect(0, "Left alone since 20", "explain", "--user", "2")
	expect(0, "conflict, name_stale.", "resolve", "--user", "2", "--reconsider")
	expect(0, `"outcome": "linked"`, "resolve", "--user", "2", "--take-over", "--json")
	expect(0, "delete civicrm_uf_match", "explain", "--user", "2")
	expect(0, "No user is on this list.", "conflicts")
}

func TestSyncVerb(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	fiveUsers(d)
	path := configure(t, d.DSN)
	if code, _, stderr := command(t, "migrate", "--config", path); code != 0 {
		t.Fatal(stderr)
	}
	sync := func(want int, args ...string) string {
		t.Helper()
		code, out, stderr := command(t, append([]string{"sync", "--config", path, "--site", "main"}, args...)...)
		if code != want {
			t.Fatalf("got %d, want %d\n%s%s", code, want, out, stderr)
		}
		return out
	}
	if out := sync(0); !strings.Contains(out, "nothing was changed. Checked 5 user records. Found 3 matching contact records. 2 new contact records would be created.\nTo do it: userlink sync --site main --apply") {
		t.Errorf("preview: %s", out)
	}
	if out := sync(0, "--apply"); !strings.Contains(out, "Synchronize Users to Contacts completed. Checked 5 user records. Found 3 matching contact records. Created 2 new contact records.\n") {
		t.Errorf("apply: %s", out)
	}

	d.AddUser(link.User{ID: 6, Email: "", Username: "\x1b[31mred"})
	var job fullsync.Job
	if err := json.Unmarshal([]byte(sync(3, "--apply", "--json", "--actor", "1")), &job); err != nil {
		t.Fatal(err)
	}
	if job.State != fullsync.Done || job.AlreadyLinked != 5 || job.Conflicts != 1 || job.ActorUserID != 1 {
		t.Errorf("got %+v", job)
	}
	out := sync(3)
	if !strings.Contains(out, "These users need a decision:") || !strings.Contains(out, "has no email address") || strings.Contains(out, "\x1b") {
		t.Errorf("report: %q", out)
	}
}

func TestUndoVerb(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	fiveUsers(d)
	d.AddTables("civicrm_phone")
	d.GrantUse()
	d.Migrated("main")
	path := configure(t, d.DSN)
	expect := expecting(t, path)
	before := d.Counts()
	var job fullsync.Job
	if err := json.Unmarshal([]byte(expect(0, "", "sync", "--apply", "--json")), &job); err != nil {
		t.Fatal(err)
	}
	d.Exec("INSERT INTO civicrm_phone (contact_id, phone) SELECT contact_id, '1' FROM civicrm_uf_match WHERE uf_id = 5")
	expect(3, "  5  checked\n  4  taken back\n  1  kept as they are\n  0  failed\n", "undo", "--job", job.ID)
	expect(3, "To do it: userlink undo --job "+job.ID+" --site main --apply\n", "undo", "--job", job.ID)
	expect(3, "These users are kept as they are:\nuser  name   email              why\n5     user5  user5@example.org  By now something is recorded for the new contact", "undo", "--job", job.ID, "--apply")
	d.Exec("DELETE FROM civicrm_phone")
	var undo fullsync.Job
	if err := json.Unmarshal([]byte(expect(0, "", "undo", "--job", job.ID, "--apply", "--json", "--actor", "7")), &undo); err != nil {
		t.Fatal(err)
	}
	if undo.Undone != 1 || undo.Undoes != job.ID || undo.ActorUserID != 7 || d.Counts() != before {
		t.Errorf("%+v; contacts emails logs links: %s, were %s", undo, d.Counts(), before)
	}
	expect(0, "Undone by "+undo.ID+".", "jobs")
	if lines := strings.Count(expect(0, undo.ID+"  undo", "jobs", "--limit", "2"), "\n"); lines != 3 {
		t.Errorf("%d lines", lines)
	}
	expect(0, `"undone_by": "`+undo.ID+`"`, "jobs", "--json")

	expect(2, "write the id of the job that is to be undone", "undo")
	expect(2, "this site has no such job", "undo", "--job", "none")
	preview, _, _ := strings.Cut(expect(0, "", "jobs", "--json"), `"mode": "undo_preview"`)
	preview = preview[strings.LastIndex(preview, `"job": "`)+len(`"job": "`):][:36]
	expect(1, "it is a preview, or it has not ended yet", "undo", "--job", preview)
	expect(2, "--limit: write a number above 0", "jobs", "--limit", "0")
	d.Exec("REVOKE DELETE ON civicrm_contact FROM " + d.Account)
	expect(0, "warning  undo: is not possible until the account has DELETE on civicrm_contact\n", "check")
	if err := json.Unmarshal([]byte(expect(0, "", "sync", "--apply", "--json")), &job); err != nil {
		t.Fatal(err)
	}
	expect(1, "may not do what it needs for this: DELETE on civicrm_contact. Run the GRANT statements", "undo", "--job", job.ID)
}

func TestSyncBesideAnother(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	fiveUsers(d)
	path := configure(t, d.DSN)
	stored := d.Migrated("main")
	other, err := stored.Create(t.Context(), fullsync.Request{Mode: fullsync.Preview})
	if err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := command(t, "sync", "--config", path); code != 1 || !strings.Contains(stderr, "another sync of this site is under way: "+other.ID+", preview") || !strings.Contains(stderr, "by nobody yet") {
		t.Errorf("got %d %s", code, stderr)
	}
	// And when another process takes up the job that this one has queued.
	s := &site{Site: stored}
	runner := fullsync.NewRunner(stored, slog.New(slog.DiscardHandler), fullsync.DefaultChunk)
	seen := 0
	job, err := follow(t.Context(), s, other.ID, func(job fullsync.Job) {
		seen++
		if _, err := runner.Do(t.Context(), job.ID, nil); err != nil {
			t.Error(err)
		}
	})
	if err != nil || job.State != fullsync.Done || job.Checked != 5 || seen != 1 {
		t.Errorf("got %+v, %v, looked %d times", job, err, seen)
	}
	if job, err := cancelled(t.Context(), s, other.ID); err != nil || job.State != fullsync.Done {
		t.Errorf("cancelled when it was done: %v, %v", job.State, err)
	}
}

func TestJobVerbs(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	path := configure(t, d.DSN)
	stored := d.Migrated("main")
	expect := func(want int, part string, args ...string) {
		t.Helper()
		code, out, stderr := command(t, append(append([]string{"sync"}, args...), "--config", path)...)
		if code != want || !strings.Contains(out+stderr, part) {
			t.Errorf("userlink sync %s: got %d, want %d and %q\nstdout: %s\nstderr: %s", strings.Join(args, " "), code, want, part, out, stderr)
		}
	}
	expect(1, "no job is under way", "pause")
	job, err := stored.Create(t.Context(), fullsync.Request{Mode: fullsync.Apply})
	if err != nil {
		t.Fatal(err)
	}
	expect(0, job.ID+", apply: paused. Checked 0 of 0.", "pause")
	expect(1, "does not allow this: "+job.ID+" is paused", "pause", "--job", job.ID)
	expect(0, "apply: queued", "resume", "--site", "main")
	expect(0, "apply: cancelled", "cancel")
	expect(1, job.ID+" is cancelled", "resume", "--job", job.ID)
	expect(1, "no such job", "cancel", "--job", "00000000-0000-0000-0000-000000000000")
}

func TestSyncThatIsInterruptedIsCancelled(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	fiveUsers(d)
	path := configure(t, d.DSN)
	d.Migrated("main")
	ctx, interrupt := context.WithCancel(t.Context())
	a := &app{out: io.Discard, err: io.Discard, configPath: path}
	h, err := a.openForTerminal()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = h.close() }()
	s := h.sites[0]
	s.runner = fullsync.NewRunner(watchedStore{s.Site, func(fullsync.Job) { interrupt() }}, slog.New(slog.DiscardHandler), fullsync.DefaultChunk)
	job, err := a.work(ctx, s, fullsync.Request{Mode: fullsync.Preview}, jobFlags{})
	if err != nil || job.State != fullsync.Cancelled {
		t.Errorf("got %v, %v", job.State, err)
	}
	var exit *exitError
	if !errors.As(verdict(job), &exit) || exit.code != exitFailed {
		t.Errorf("verdict %v", verdict(job))
	}
}

// call sends a signed request to a sidecar that listens on the socket beside its configuration.
func call(t *testing.T, path, method, route, body string, admin bool) (status int, answer string) {
	t.Helper()
	sum := sha256.Sum256([]byte(body))
	now := time.Now().Unix()
	route, query, _ := strings.Cut(route, "?")
	claims := jwt.MapClaims{
		"iss": "main", "aud": "userlink", "iat": now, "exp": now + 60, "jti": rand.Text(), "htm": method, "htu": route, "body_sha256": hex.EncodeToString(sum[:]),
	}
	if admin {
		claims["scope"], claims["sub"] = "admin", "1"
	}
	if query != "" {
		hash := sha256.Sum256([]byte(query))
		claims["qsh"] = hex.EncodeToString(hash[:])
		route += "?" + query
	}
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims)
	token.Header["kid"] = "main-1"
	signed, err := token.SignedString([]byte("a secret of the tests, 32 bytes and more"))
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, "http://userlink"+route, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+signed)
	response, err := overSocket(path).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, strings.TrimSpace(string(text))
}

func TestServeOnADatabase(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	fiveUsers(d)
	path := configure(t, d.DSN)
	log := newLogWatch(`"msg":"tables are current"`, `"msg":"sync ended"`)
	stop := serving(t, path, log)
	log.wait(t, `"msg":"tables are current"`)
	if code, _, stderr := command(t, "healthcheck", "--ready", "--config", path); code != 0 {
		t.Errorf("healthcheck --ready: %d %s", code, stderr)
	}
	event := fmt.Sprintf(`{"specversion":"1.0","id":"3d6f0d0e-8f0b-4a53-9a39-6a5a3a6d1f0e","source":"/sites/main","type":"user.registered","time":%q,`+
		`"datacontenttype":"application/json","data":{"hook":"user_register","user":{"id":4,"email":"user4@example.org","first_name":"First","last_name":"Last4"}}}`,
		time.Now().UTC().Format(time.RFC3339))
	status, first := call(t, path, "POST", "/v1/events", event, false)
	if status != http.StatusOK || !strings.Contains(first, `"outcome":"created","reason":"no_contact"`) {
		t.Fatalf("got %d %s", status, first)
	}
	if status, again := call(t, path, "POST", "/v1/events", event, false); status != http.StatusOK || again != first {
		t.Errorf("a repeat got %d %s, not %s", status, again, first)
	}
	if status, answer := call(t, path, "POST", "/v1/syncs", `{"mode":"apply"}`, true); status != http.StatusAccepted {
		t.Fatalf("got %d %s", status, answer)
	}
	log.wait(t, `"msg":"sync ended"`)
	if _, answer := call(t, path, "GET", "/v1/status", "", true); !strings.Contains(answer, `"users":5,"linked":5,"not_linked":0`) || !strings.Contains(answer, "Found 4 matching contact records. Created one new contact record.") {
		t.Errorf("status: %s", answer)
	}
	if status, answer := call(t, path, "GET", "/v1/syncs", "", true); status != http.StatusOK || !strings.Contains(answer, `"state":"done"`) {
		t.Errorf("syncs: %d %s", status, answer)
	}
	unknown := "/v1/syncs/00000000-0000-0000-0000-000000000000"
	if status, answer := call(t, path, "GET", unknown, "", true); status != http.StatusNotFound {
		t.Errorf("no such job: %d %s", status, answer)
	}
	if status, answer := call(t, path, "POST", unknown+"/cancel", "", true); status != http.StatusNotFound {
		t.Errorf("cancel no such job: %d %s", status, answer)
	}
	if code, out, stderr := command(t, "explain", "--config", path, "--user", "4"); code != 0 || !strings.Contains(out, "linked to contact") || !strings.Contains(out, "insert civicrm_contact") {
		t.Errorf("explain: %d %s %s", code, out, stderr)
	}
	if code := stop(); code != 0 {
		t.Errorf("stopped with %d: %s", code, log)
	}
	if strings.Contains(log.String(), "user4@") {
		t.Errorf("an address in the log: %s", log)
	}
}

func TestServeStopsWhenItMayNotMakeItsTables(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	path := configure(t, d.DSN)
	if err := os.WriteFile(path, append([]byte("log: {level: error}\n"), mustRead(t, path)...), 0o600); err != nil {
		t.Fatal(err)
	}
	d.Exec("CREATE TABLE userlink_migration (x int)") // not ours: it cannot say which step comes next
	if code, _, stderr := command(t, "serve", "--config", path); code != 1 || !strings.Contains(stderr, "cannot be brought up to date") {
		t.Errorf("got %d %s", code, stderr)
	}
}

func mustRead(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
