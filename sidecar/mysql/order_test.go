package mysql_test

import (
	"testing"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
	"userlink/sidecar/mysql/mysqltest"
)

// Two users have two emails of one contact: in one chunk the lower id gets it, whatever the two are called.
func TestSyncGoesByID(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	d.AddContact("Individual", "Jane", "Doe", "one@example.org", "two@example.org")
	d.AddUser(link.User{ID: 8, Username: "zoe", Email: "two@example.org"})
	d.AddUser(link.User{ID: 9, Username: "ann", Email: "one@example.org"})
	runSync(t, site, fullsync.Apply)
	if got := d.One("SELECT uf_id FROM civicrm_uf_match WHERE contact_id = 2"); got != "8" {
		t.Errorf("user %s has the contact", got)
	}
}
