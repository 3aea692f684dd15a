package main

import (
	"encoding/json"
	"strings"
	"testing"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
	"userlink/sidecar/mysql/mysqltest"
)

func TestDoctorVerb(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	fiveUsers(d)
	path := configure(t, d.DSN)
	doctor := func(want int, part string, args ...string) string {
		t.Helper()
		code, out, stderr := command(t, append([]string{"doctor", "--config", path}, args...)...)
		if code != want || !strings.Contains(out+stderr, part) {
			t.Fatalf("userlink doctor %s: got %d, want %d and %q\nstdout: %s\nstderr: %s", strings.Join(args, " "), code, want, part, out, stderr)
		}
		return out
	}
	doctor(1, "run userlink migrate", "--repair")
	if code, _, stderr := command(t, "migrate", "--config", path); code != 0 {
		t.Fatal(stderr)
	}
	doctor(0, "orphan: not known\n  Whether CiviCRM's own sync has left contacts")
	doctor(1, "SELECT on userlink_bare_contact", "--finding", "orphan", "--repair")
	d.GrantUse()
	doctor(0, "Nothing is amiss.")
	doctor(0, "Nobody is concerned.", "--finding", "orphan")
	doctor(2, "only with --repair", "--apply")
	doctor(2, `write one of ["user_missing"`, "--finding", "headache")

	// User 1's address stands on the link of a user who is gone, and CiviCRM's sync has left an orphan.
	d.AddLink(77, "user1@example.org", 0)
	orphan := d.AddContact("Individual", "First", "Last1", "user1@example.org")
	d.Exec("INSERT INTO civicrm_log (entity_table, entity_id, data, modified_id, modified_date) SELECT 'civicrm_contact', id, CONCAT('civicrm_contact,', id), id, NOW() FROM civicrm_contact WHERE id IN (?, (SELECT MIN(contact_id) FROM civicrm_email WHERE email = 'user1@example.org'))", orphan)
	d.AddContact("Individual", "Not", "Ann", "user1@example.org")
	d.Exec("UPDATE wp_users SET user_email = '' WHERE ID = 5")
	d.AddLink(5, "old@example.org", d.AddContact("Individual", "E", "Five", "five@example.org"))
	d.AddLink(4, "user4@example.org", d.AddContact("Individual", "D", "Four", "user4@example.org"))
	d.Exec("UPDATE civicrm_contact SET is_deleted = 1 WHERE last_name = 'Four'")

	list := doctor(0, "user_missing: 1\n  These links belong to users who do not exist any more")
	for _, part := range []string{"userlink doctor --site main --finding orphan --repair", "contact_trashed: 1", "orphan: "} {
		if !strings.Contains(list, part) {
			t.Errorf("the list lacks %q:\n%s", part, list)
		}
	}
	doctor(0, "leaves it  The user is linked already, but the contact is in the trash.", "--finding", "contact_trashed")
	doctor(0, "mends it", "--finding", "orphan")
	var items []fullsync.Item
	if err := json.Unmarshal([]byte(doctor(0, "", "--finding", "user_missing", "--json")), &items); err != nil || len(items) != 1 || items[0].Reason != link.LinkRemoved || items[0].Email != "user1@example.org" {
		t.Errorf("got %+v %v", items, err)
	}
	doctor(0, "nothing was changed. One case would be mended.\nTo do it: userlink doctor --repair --finding user_missing --site main --apply", "--finding", "user_missing", "--repair")
	var jobs []fullsync.Job
	if err := json.Unmarshal([]byte(doctor(0, "", "--repair", "--apply", "--json")), &jobs); err != nil || len(jobs) != 6 {
		t.Fatalf("%d jobs, %v", len(jobs), err)
	}
	if first, fifth := jobs[0], jobs[4]; first.Finding != "user_missing" || first.Repaired != 1 || fifth.Finding != "orphan" || fifth.Repaired == 0 {
		t.Errorf("got %+v\nand %+v", first, fifth)
	}
	if linked := d.One("SELECT COUNT(*) FROM civicrm_uf_match WHERE uf_id = 1 AND contact_id IS NOT NULL"); linked != "1" {
		t.Errorf("user 1 has %s links", linked)
	}
	var health fullsync.Health
	if err := json.Unmarshal([]byte(doctor(0, "", "--json")), &health); err != nil {
		t.Fatal(err)
	}
	for _, f := range health.Findings {
		if f.Count > 0 && f.Finding != link.FindContactTrashed {
			t.Errorf("still amiss: %+v", f)
		}
	}
}
