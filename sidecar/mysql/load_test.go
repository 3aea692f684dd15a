package mysql_test

import (
	"testing"
	"time"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
	"userlink/sidecar/mysql"
	"userlink/sidecar/mysql/mysqltest"
)

// The load is the server's, and why a job makes way stands in the job until it has ended.
func TestLoadOfTheServer(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	job := begin(t, site)
	load, err := site.Load(t.Context(), job.ID)
	if err != nil || load.Running < 0 || load.Lag != 0 {
		t.Fatalf("%+v, %v", load, err)
	}
	if err := site.Slowed(t.Context(), job.ID, fullsync.ServerBusy); err != nil {
		t.Fatal(err)
	}
	if slow, err := site.Job(t.Context(), job.ID); err != nil || slow.Slowed != fullsync.ServerBusy {
		t.Errorf("%+v, %v", slow, err)
	}
	if ended, err := site.Cancel(t.Context(), job.ID); err != nil || ended.Slowed != "" {
		t.Errorf("%+v, %v", ended, err)
	}
}

// What others ask of the server is seen, what this process asks is not.
func TestLoadOfOthers(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	clock := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	db, err := mysql.Open(mysql.Options{DSN: d.DSN, Now: func() time.Time { return clock }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	d.Migrated("main")
	site, err := db.Site(mysql.SiteOptions{ID: "main", CMS: link.WordPress, TablePrefix: "wp_", DomainID: 1, Policy: link.PolicyOf(link.WordPress, false, nil)})
	if err != nil {
		t.Fatal(err)
	}
	job := begin(t, site)
	look := func() fullsync.Load {
		clock = clock.Add(time.Second)
		load, err := site.Load(t.Context(), job.ID)
		if err != nil {
			t.Fatal(err)
		}
		return load
	}
	if load := look(); !load.First || load.Others != 0 {
		t.Errorf("the first look: %+v", load)
	}
	const many = 2000 // other tests may share the server
	for range many {
		if _, err := site.Job(t.Context(), job.ID); err != nil {
			t.Fatal(err)
		}
	}
	ours := look()
	for range many {
		d.Exec("DO 1")
	}
	theirs := look()
	if ours.First || theirs.First || theirs.Others < many || ours.Others > theirs.Others-many/2 {
		t.Errorf("%d statements of ours: %+v; of others: %+v", many, ours, theirs)
	}
	clock = clock.Add(time.Hour)
	if load := look(); !load.First {
		t.Errorf("a look that lies long back was compared: %+v", load)
	}
}

// While others use the server all the time, one worker does all, and the job ends.
func TestOneWorkerDoesAll(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	d.Exec("INSERT INTO wp_users (ID, user_login, user_email, display_name) SELECT seq, CONCAT('user', seq), CONCAT('user', seq, '@example.org'), seq FROM seq_1_to_300")
	r := fullsync.NewRunner(site, discard, fullsync.ChunkSize{Start: 50})
	r.Limits = fullsync.Limits{Others: -1} // whatever they ask is too much
	job, err := r.Start(t.Context(), fullsync.Request{Mode: fullsync.Apply})
	if err != nil {
		t.Fatal(err)
	}
	if job, err = r.Do(t.Context(), job.ID, nil); err != nil || job.State != fullsync.Done || job.Created != 300 {
		t.Errorf("%+v, %v", job, err)
	}
}

// A replica is behind when it does not have what the job was marked with a question ago. Another schema plays it: what is
// written to the first arrives there when the test copies it.
func TestReplicaBehind(t *testing.T) {
	primary, replica := mysqltest.New(t, link.WordPress), mysqltest.New(t, link.WordPress)
	primary.Migrated("main")
	replica.Migrated("main")
	clock := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	db, err := mysql.Open(mysql.Options{DSN: primary.DSN, ReplicaDSN: replica.DSN, Now: func() time.Time { return clock }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	site, err := db.Site(mysql.SiteOptions{ID: "main", CMS: link.WordPress, TablePrefix: "wp_", DomainID: 1, Policy: link.PolicyOf(link.WordPress, false, nil)})
	if err != nil {
		t.Fatal(err)
	}
	job := begin(t, site)
	copied := func() {
		replica.Exec("REPLACE INTO userlink_job SELECT * FROM " + primary.Name + ".userlink_job")
	}
	expect := func(what string, want time.Duration) {
		t.Helper()
		if load, err := site.Load(t.Context(), job.ID); err != nil || load.Lag != want {
			t.Errorf("%s: %s, %v", what, load.Lag, err)
		}
		clock = clock.Add(time.Second)
	}
	expect("the first question", 0)
	expect("a replica that has not heard of the job", time.Second)
	copied()
	expect("it has the mark", 0)
	expect("it misses one mark", 2*time.Second)
	expect("it misses two", 3*time.Second)
	copied()
	expect("it has caught up", 0)
}
