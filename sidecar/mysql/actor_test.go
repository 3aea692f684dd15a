package mysql_test

import (
	"fmt"
	"slices"
	"testing"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
	"userlink/sidecar/mysql/mysqltest"
)

// Also when several workers make contacts at once.
func TestActorWhomTheSyncLinksBesideOtherWorkers(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	manyUsers(d, 3000)
	r := runner(t, site, 100)
	r.Workers = 4
	job, err := r.Start(t.Context(), fullsync.Request{Mode: fullsync.Apply, ActorUserID: 2})
	if err == nil {
		job, err = r.Do(t.Context(), job.ID, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	whole(t, d, job, 3000)
	actor := d.One("SELECT contact_id FROM civicrm_uf_match WHERE uf_id = 2")
	if got := d.Rows("SELECT DISTINCT modified_id FROM civicrm_log"); !slices.Equal(got, []string{actor}) {
		t.Errorf("changed by %d contacts, not %s alone", len(got), actor)
	}
}

// CiviCRM's Change Log names the administrator who ran the sync, also when it is this sync that links him.
func TestActorWhomTheSyncLinks(t *testing.T) {
	for name, hasContact := range map[string]bool{"to a contact": true, "to a new contact": false} {
		t.Run(name, func(t *testing.T) {
			d := mysqltest.New(t, link.WordPress)
			site := d.Migrated("main")
			if hasContact {
				d.AddContact("Individual", "A", "B", "user3@example.org")
			}
			for i := range uint32(4) {
				d.AddUser(link.User{ID: i + 1, Email: fmt.Sprintf("user%d@example.org", i+1)})
			}
			r := runner(t, site, 1000)
			job, err := r.Start(t.Context(), fullsync.Request{Mode: fullsync.Apply, ActorUserID: 3})
			if err == nil {
				_, err = r.Do(t.Context(), job.ID, nil)
			}
			if err != nil {
				t.Fatal(err)
			}
			actor := d.One("SELECT contact_id FROM civicrm_uf_match WHERE uf_id = 3")
			if got := d.Rows("SELECT DISTINCT modified_id FROM civicrm_log"); !slices.Equal(got, []string{actor}) {
				t.Errorf("changed by %v, not %s alone", got, actor)
			}
		})
	}
}
