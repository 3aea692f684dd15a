package mysql_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
	"userlink/sidecar/mysql"
	"userlink/sidecar/mysql/mysqltest"
)

// Fifty visitors register with one address at once, at two sidecars: one contact, one link, forty-nine conflicts.
func TestFiftyAtOnce(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	sites := []*mysql.Site{d.Migrated("main"), d.Migrated("main")}
	outcomes := make([]string, 50)
	var all sync.WaitGroup
	for i := range outcomes {
		all.Go(func() {
			u := link.User{ID: uint32(100 + i), Email: "same@example.org", FirstName: "S"}
			result, err := sites[i%2].Apply(context.Background(), event(link.Registered, u), uuid.NewString(), time.Now().Add(time.Minute))
			if err != nil {
				t.Error(err)
			}
			outcomes[i] = said(result)
		})
	}
	all.Wait()
	count := map[string]int{}
	for _, o := range outcomes {
		count[o]++
	}
	// All fifty users are unknown to the users table, as inside a transaction of the CMS; the link's holder is no less there.
	if count["created/no_contact"] != 1 || count["conflict/name_held"] != 49 {
		t.Errorf("%v", count)
	}
	if got := d.Counts(); got != "2 2 1 1" {
		t.Errorf("contacts emails logs links: %s", got)
	}
}

// The same user, fifty times at once, at two sidecars: one contact, one link.
func TestOneUserFiftyTimes(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	sites := []*mysql.Site{d.Migrated("main"), d.Migrated("main")}
	d.AddUser(jane)
	var all sync.WaitGroup
	outcomes := make([]string, 50)
	for i := range outcomes {
		all.Go(func() {
			ev := event(link.Registered, jane)
			ev.Time = ev.Time.Add(time.Hour) // all count as now
			result, err := sites[i%2].Apply(context.Background(), ev, uuid.NewString(), time.Now().Add(time.Minute))
			if err != nil {
				t.Error(err)
			}
			outcomes[i] = said(result)
		})
	}
	all.Wait()
	created := 0
	for _, o := range outcomes {
		switch o {
		case "created/no_contact":
			created++
		case "already_linked/link_exists", "ignored/stale_event":
		default:
			t.Error(o)
		}
	}
	if created != 1 || d.Counts() != "2 2 1 1" {
		t.Errorf("created %d times; contacts emails logs links: %s", created, d.Counts())
	}
}

// CiviCRM's own code writes the same link while we are at it: that is no error.
func TestCiviCRMWritesTheSameLink(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	contact := d.AddContact("Individual", "Jane", "Doe", "jane@example.org")
	d.AddUser(jane)
	native, err := d.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = native.Rollback() }() // no effect after the commit
	if _, err := native.Exec("INSERT INTO civicrm_uf_match (domain_id, uf_id, uf_name, contact_id) VALUES (1, 42, 'Jane@Example.org', ?)", contact); err != nil {
		t.Fatal(err)
	}
	answered := make(chan link.Result)
	go func() {
		result, err := site.Apply(context.Background(), event(link.Registered, jane), uuid.NewString(), time.Now().Add(time.Minute))
		if err != nil {
			t.Error(err)
		}
		answered <- result
	}()
	waitForLockWait(t, d)
	if err := native.Commit(); err != nil {
		t.Fatal(err)
	}
	if got := <-answered; said(got) != "already_linked/link_exists" || *got.ContactID != contact {
		t.Errorf("%+v", got)
	}
	if got := d.Counts(); got != "2 2 0 1" {
		t.Errorf("contacts emails logs links: %s", got)
	}
}

// waitForLockWait returns when some transaction waits for a lock in the server.
func waitForLockWait(t *testing.T, d *mysqltest.Database) {
	t.Helper()
	look := time.NewTicker(150 * time.Millisecond) // the server renews this view only when nobody has read it for 100 ms
	defer look.Stop()
	for range 60 {
		<-look.C
		if d.One("SELECT COUNT(*) FROM information_schema.INNODB_TRX x JOIN information_schema.PROCESSLIST p ON p.ID = x.trx_mysql_thread_id WHERE x.trx_state = 'LOCK WAIT' AND p.DB = DATABASE()") != "0" {
			return
		}
	}
	t.Fatal("nobody waits for a lock")
}

// Two nodes of a cluster see each other's writes, not each other's locks. So whatever is decided about a user writes his row,
// also when it is there already and nothing comes of it.
func TestEveryDecisionWritesTheUsersRow(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	d.AddUser(link.User{ID: 7, Email: "nobody"}) // a conflict, each time anew
	turn := func() string { return d.One("SELECT turn FROM userlink_user WHERE uf_id = 7") }
	apply(t, site, event(link.Registered, link.User{ID: 7, Email: "nobody"}))
	last := turn()
	for name, decide := range map[string]func(){
		"an event":            func() { apply(t, site, event(link.Updated, link.User{ID: 7, Email: "nobody"})) },
		"an event for nobody": func() { apply(t, site, event(link.LoggedIn, link.User{ID: 7})) },
		"a sync":              func() { runSync(t, site, fullsync.Apply) },
	} {
		decide()
		if now := turn(); now == last {
			t.Errorf("after %s: still %s", name, now)
		}
		last = turn()
	}
}
