package parity

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
	"userlink/sidecar/mysql"
	"userlink/sidecar/mysql/mysqltest"
)

// The databases that scripts/tests/parity makes: as CiviCRM was installed, and userlink's copy. CiviCRM's own is named by
// USERLINK_PARITY_THEIRS.
const (
	pristine = "userlink_parity_pristine"
	oursName = "userlink_parity_ours"
)

// twins are two databases that are the same until CiviCRM links the users in one and userlink in the other.
type twins struct {
	civi    string // the command that runs PHP in CiviCRM
	logging bool   // detailed logging is on
	version string
	tables  []string
	theirs  *mysqltest.Database
	ours    map[link.CMS]*mysqltest.Database // one database, with an account per CMS
	db      map[link.CMS]*mysql.DB
	refs    map[string]map[string]bool // table → columns that name a contact
	sums    map[string]string          // table → checksum in pristine
	read    map[string][]row           // table and checksum → rows
}

// earlier is the clock when a site is set up, so that what the two sides write stands out.
const earlier = "2020-01-02 03:04:05"

func openTwins(t *testing.T) *twins {
	t.Helper()
	admin, theirs := os.Getenv("USERLINK_PARITY_DB"), os.Getenv("USERLINK_PARITY_THEIRS")
	w := &twins{civi: os.Getenv("USERLINK_CIVICRM"), read: map[string][]row{}}
	if admin == "" || theirs == "" || w.civi == "" {
		t.Skip("USERLINK_PARITY_DB, USERLINK_PARITY_THEIRS and USERLINK_CIVICRM are not set; scripts/tests/parity sets them")
	}
	w.ours, w.db = map[link.CMS]*mysqltest.Database{}, map[link.CMS]*mysql.DB{}
	for _, cms := range link.CMSs() {
		w.ours[cms] = mysqltest.Beside(t, cms, admin, oursName)
		w.db[cms] = w.ours[cms].Open()
	}
	w.theirs = mysqltest.Beside(t, link.WordPress, admin, theirs)
	for _, d := range []*mysqltest.Database{w.ours[link.WordPress], w.theirs} {
		d.SetMaxOpenConns(1) // one session, whose clock can be set
		d.Exec("SET time_zone = '+00:00'")
	}
	if _, err := w.db[link.WordPress].Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.version = w.theirs.One("SELECT version FROM civicrm_domain LIMIT 1")
	w.tables = w.theirs.Rows("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE' AND (TABLE_NAME LIKE 'civicrm\\_%' OR TABLE_NAME LIKE 'log\\_civicrm\\_%') ORDER BY 1")
	w.logging = w.theirs.One("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'log_civicrm_contact'") == "1"
	w.refs = contactColumns(w.theirs)
	w.sums = w.checksums(pristine)
	t.Cleanup(w.reset) // the next test may copy what is there
	return w
}

func (w *twins) our() *mysqltest.Database { return w.ours[link.WordPress] }

// contactColumns finds the columns that hold a contact's id: foreign keys, and what CiviCRM's log keeps without one.
func contactColumns(d *mysqltest.Database) map[string]map[string]bool {
	refs := map[string]map[string]bool{"civicrm_log": {"entity_id": true}}
	for _, pair := range d.Rows("SELECT TABLE_NAME, COLUMN_NAME FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME = 'civicrm_contact'") {
		table, column, _ := strings.Cut(pair, "|")
		if refs[table] == nil {
			refs[table] = map[string]bool{}
		}
		refs[table][column] = true
	}
	for table, columns := range refs {
		refs["log_"+table] = columns
	}
	return refs
}

func (w *twins) checksums(schema string) map[string]string {
	names := make([]string, len(w.tables))
	for i, table := range w.tables {
		names[i] = schema + "." + table
	}
	sums := map[string]string{}
	for _, line := range w.theirs.Rows("CHECKSUM TABLE " + strings.Join(names, ", ")) {
		name, sum, _ := strings.Cut(line, "|")
		sums[strings.TrimPrefix(name, schema+".")] = sum
	}
	return sums
}

// counting are tables that may hold the right rows and yet give the next one another id in either database.
var counting = map[string]bool{
	"civicrm_contact": true, "civicrm_email": true, "civicrm_log": true, "civicrm_uf_match": true, "civicrm_acl_contact_cache": true,
	"civicrm_group": true, "civicrm_group_contact": true, "civicrm_group_nesting": true, "civicrm_subscription_history": true,
	"civicrm_setting": true, "civicrm_option_value": true,
}

// reset makes both databases what they were after the install.
func (w *twins) reset() {
	for _, d := range []*mysqltest.Database{w.theirs, w.our()} {
		d.Exec("SET foreign_key_checks = 0, @civicrm_disable_logging = 1, timestamp = UNIX_TIMESTAMP('" + earlier + "')")
		sums := w.checksums(d.Name)
		for _, table := range w.tables {
			if sums[table] != w.sums[table] || counting[table] {
				d.Exec("TRUNCATE TABLE " + table + "; INSERT INTO " + table + " SELECT * FROM " + pristine + "." + table)
			}
		}
		for _, table := range []string{"wp_users", "wp_usermeta"} {
			d.Exec("TRUNCATE TABLE " + table + "; INSERT INTO " + table + " SELECT * FROM " + pristine + "." + table)
		}
	}
	for _, table := range []string{"users_field_data", "users", "jos_users"} {
		w.our().Exec("TRUNCATE TABLE " + table)
	}
	for _, table := range mysql.OwnTables()[1:] { // the first says which migrations were done
		w.our().Exec("TRUNCATE TABLE " + table)
	}
}

// build sets both databases up as the site says.
func (w *twins) build(s madeSite) {
	w.reset()
	for _, d := range []*mysqltest.Database{w.theirs, w.our()} {
		buildSettings(d, s)
		buildContacts(d, s)
		for _, u := range s.Users {
			d.AddUser(u.user())
		}
		d.Exec("SET foreign_key_checks = 1, @civicrm_disable_logging = NULL, timestamp = DEFAULT")
	}
}

func buildSettings(d *mysqltest.Database, s madeSite) {
	for _, name := range slices.Sorted(maps.Keys(s.Settings)) {
		value := s.Settings[name]
		d.Exec("DELETE FROM civicrm_setting WHERE name = ? AND domain_id = ?", name, s.Domain)
		d.Exec("INSERT INTO civicrm_setting (name, value, domain_id, is_domain) VALUES (?, ?, ?, 1)", name, value, s.Domain)
	}
	for _, group := range []string{"email_greeting", "postal_greeting", "addressee", "communication_style"} {
		label, ok := s.Options[group]
		if !ok {
			continue
		}
		of := "option_group_id = (SELECT id FROM civicrm_option_group WHERE name = '" + group + "')"
		filter := " AND filter IN (0, 1)"
		if group == "communication_style" {
			filter = ""
		}
		d.Exec("UPDATE civicrm_option_value SET is_default = 0 WHERE " + of + filter)
		if label != "" {
			d.Exec(`INSERT INTO civicrm_option_value (option_group_id, label, value, name, filter, is_default, weight, is_active)
				SELECT id, ?, '77', 'userlink_parity', 1, 1, 99, 1 FROM civicrm_option_group WHERE name = ?`, label, group)
		}
	}
	d.Exec("UPDATE civicrm_location_type SET is_default = (id = ?)", s.Location)
	d.Exec("INSERT INTO civicrm_setting (name, value, domain_id, is_domain) VALUES ('installed', 'i:1;', ?, 1)", secondDomain) // else the first page of it does
	d.Exec("INSERT INTO civicrm_domain (id, name, version, contact_id) SELECT ?, ?, version, contact_id FROM civicrm_domain WHERE id = 1", secondDomain, secondDomainIs)
	d.Exec(`INSERT INTO civicrm_group (id, name, title, is_active) VALUES (50, 'domain', 'Domain group', 1), (51, 'child', 'Child', 1), (52, 'grandchild', 'Grandchild', 1),
		(53, 'second', '` + secondDomainIs + `', 1)`)
	d.Exec("INSERT INTO civicrm_group_nesting (parent_group_id, child_group_id) VALUES (50, 51), (51, 52)")
}

func buildContacts(d *mysqltest.Database, s madeSite) {
	for _, c := range s.Contacts {
		d.Exec("INSERT INTO civicrm_contact (id, contact_type, first_name, display_name, sort_name, is_deleted, is_deceased, hash, modified_date) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NOW())",
			c.ID, c.Type, c.First, c.First, c.First, c.Deleted, c.Deceased, fmt.Sprint("hash", c.ID))
	}
	for _, c := range s.Contacts {
		for _, e := range c.Emails {
			d.Exec("INSERT INTO civicrm_email (id, contact_id, email, is_primary, on_hold, location_type_id) VALUES (?, ?, ?, ?, ?, ?)", e.ID, c.ID, e.Address, e.Primary, e.OnHold, e.Location)
		}
		if c.Group != 0 {
			d.Exec("INSERT INTO civicrm_group_contact (contact_id, group_id, status) VALUES (?, ?, 'Added')", c.ID, c.Group)
		}
	}
	for _, l := range s.Links {
		contact := sql.NullInt64{Int64: int64(l.ContactID), Valid: l.ContactID != 0}
		d.Exec("INSERT IGNORE INTO civicrm_uf_match (domain_id, uf_id, uf_name, contact_id) VALUES (?, ?, ?, ?)", l.Domain, l.UserID, l.Name, contact)
	}
	// Somebody with restricted rights has looked at the contacts before.
	d.Exec("INSERT INTO civicrm_acl_contact_cache (user_id, contact_id, operation) VALUES (1, 1, 'View')")
}

// listed says of a user that the two sides may differ, and why.
type listed map[uint32]link.Reason

// run lets userlink link the users, and returns those whom it set aside.
func (w *twins) run(t *testing.T, s madeSite) []link.Result {
	t.Helper()
	site := w.site(t, s, link.Policy{link.Registered: link.EnsureLink, link.Updated: link.KeepEmail})
	if s.Path == pathSync {
		return w.sync(t, s, site)
	}
	var results []link.Result
	for _, e := range s.Events {
		ev := link.Event{ID: uuid.NewString(), SiteID: "main", Hook: "test", Time: time.Now(), User: e.User.user()}
		ev.Type = map[string]link.EventType{registered: link.Registered, emailChanged: link.Updated, deleted: link.Deleted}[e.Kind]
		if s.Actor {
			ev.ActorUserID = adminUser
		}
		result, err := site.Apply(t.Context(), ev, uuid.NewString(), time.Now().Add(time.Minute))
		if err != nil {
			t.Fatalf("%v\n%s", err, s)
		}
		results = append(results, result)
	}
	return results
}

// site is the made-up site for userlink, with the policy changed as it says.
func (w *twins) site(t *testing.T, s madeSite, changed link.Policy) *mysql.Site {
	t.Helper()
	prefix := map[link.CMS]string{link.WordPress: "wp_", link.Joomla: "jos_"}[s.CMS]
	policy := link.PolicyOf(s.CMS, true, changed)
	site, err := w.db[s.CMS].Site(mysql.SiteOptions{ID: "main", CMS: s.CMS, TablePrefix: prefix, DomainID: s.Domain, Policy: policy, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// job starts a job on behalf of the site's actor and works on it to its end.
func (w *twins) job(t *testing.T, s madeSite, site *mysql.Site, q fullsync.Request) fullsync.Job {
	t.Helper()
	runner := fullsync.NewRunner(site, slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})), fullsync.ChunkSize{Start: 7})
	runner.Workers = 1 // else who of two users with emails of one contact gets it is a matter of who is first
	if s.Actor {
		q.ActorUserID = adminUser
	}
	job, err := runner.Start(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if job, err = runner.Do(t.Context(), job.ID, nil); err != nil || job.State != fullsync.Done || job.Failed > 0 {
		t.Fatalf("%v %+v\n%s", err, job, s)
	}
	return job
}

func (w *twins) sync(t *testing.T, s madeSite, site *mysql.Site) []link.Result {
	t.Helper()
	w.job(t, s, site, fullsync.Request{Mode: fullsync.Apply})
	reasons := listed{}
	for _, line := range w.our().Rows("SELECT uf_id, reason FROM userlink_conflict") {
		var id uint32
		var reason string
		if _, err := fmt.Sscanf(strings.ReplaceAll(line, "|", " "), "%d %s", &id, &reason); err != nil {
			t.Fatal(err)
		}
		reasons[id] = link.Reason(reason)
	}
	results := make([]link.Result, len(s.Users))
	for i, u := range s.Users {
		if reason := reasons[u.ID]; reason != "" {
			results[i] = link.Result{Outcome: link.Conflict, Reason: reason}
		}
	}
	return results
}

// told is what link.php is told, and done what it answers.
type told struct {
	Actor  uint32      `json:"actor"`
	Sync   bool        `json:"sync"`
	Events []toldEvent `json:"events"`
}

type toldEvent struct {
	madeEvent
	CMS    link.CMS `json:"cms"`
	Forget bool     `json:"forget"`
	why    link.Reason
}

type done struct {
	Error  string      `json:"error"`
	Events []doneEvent `json:"events"`
}

type doneEvent struct {
	Rows  map[string]int `json:"rows"`
	Error string         `json:"error"`
}

// telling is what CiviCRM is told to do. What it does about those whom userlink set aside is taken back at once, so that nobody
// else meets with it; with detailed logging, which cannot be taken back, they are left out.
func (w *twins) telling(s madeSite, results []link.Result) told {
	what := told{Sync: s.Path == pathSync}
	if s.Actor {
		what.Actor = adminContact
	}
	add := func(e madeEvent, r link.Result) {
		if !aside(r) || !w.logging {
			what.Events = append(what.Events, toldEvent{e, s.CMS, aside(r), r.Reason})
		}
	}
	for i, u := range s.Users {
		if aside(results[i]) {
			w.theirs.Exec("DELETE FROM wp_users WHERE ID = ?", u.ID)
			add(madeEvent{registered, u}, results[i])
		}
	}
	for i, e := range s.Events {
		r := results[i]
		if e.Kind == emailChanged && (r.Outcome == link.AlreadyLinked || aside(r) && r.Reason != link.EmailHeld && r.Reason != link.EmailStale) {
			continue // in step, though perhaps not letter by letter; or a change that cannot be taken back
		}
		add(e, r)
	}
	return what
}

// aside tells whether userlink refused to link a user.
func aside(r link.Result) bool { return r.Outcome == link.Conflict }

func keep[T any](list []T, want func(T) bool) []T {
	var kept []T
	for _, x := range list {
		if want(x) {
			kept = append(kept, x)
		}
	}
	return kept
}

func (w *twins) tell(t *testing.T, s madeSite, what told) done {
	t.Helper()
	script, err := filepath.Abs("../../scripts/lib/parity/link.php")
	if err != nil {
		t.Fatal(err)
	}
	in, err := json.Marshal(what)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, w.civi, script)
	cmd.Stdin = bytes.NewReader(in)
	cmd.Env = append(os.Environ(), fmt.Sprint("USERLINK_DOMAIN=", s.Domain))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	raw, err := cmd.Output()
	if err != nil {
		t.Fatalf("CiviCRM: %v\n%s\n%s\n%s", err, stderr.String(), raw, s)
	}
	var answer done
	if err := json.Unmarshal(raw, &answer); err != nil {
		t.Fatalf("CiviCRM: %v: %.500s\n%s", err, raw, s)
	}
	return answer
}
