package mysql_test

import (
	"testing"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
	"userlink/sidecar/mysql/mysqltest"
)

// BenchmarkUndo measures the undo of 20,000 contacts that a sync has just made, and its preview.
func BenchmarkUndo(b *testing.B) {
	const n = 20000
	for _, mode := range []fullsync.Mode{fullsync.UndoPreview, fullsync.Undo} {
		b.Run(string(mode), func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				d := mysqltest.New(b, link.WordPress)
				d.AddTables("civicrm_phone", "civicrm_note", "civicrm_group_contact_cache", "civicrm_contribution", "civicrm_activity_contact", "civicrm_membership", "civicrm_participant")
				d.GrantUse()
				site := d.Migrated("main")
				d.Exec("INSERT INTO wp_users (ID, user_login, user_email, display_name) SELECT seq, CONCAT('user', seq), CONCAT('user', seq, '@example.org'), CONCAT('User ', seq) FROM seq_1_to_20000")
				job := benchJob(b, site, fullsync.Request{Mode: fullsync.Apply})
				b.StartTimer()
				if undo := benchJob(b, site, fullsync.Request{Mode: mode, Undoes: job.ID}); undo.Undone != n {
					b.Fatalf("%+v", undo.Counts)
				}
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "users/s")
		})
	}
}

// BenchmarkHealth measures how long the doctor looks at 200,000 linked users, 2,000 of whom have four orphans each.
func BenchmarkHealth(b *testing.B) {
	const n = 200000
	d := mysqltest.New(b, link.WordPress)
	d.AddTables("civicrm_phone", "civicrm_note", "civicrm_contribution", "civicrm_activity_contact", "civicrm_membership", "civicrm_participant")
	d.GrantUse()
	d.Migrated("main")
	for _, trigger := range []string{"insert", "update", "delete"} {
		d.Exec("DROP TRIGGER civicrm_email_after_" + trigger) // only in the way of so many rows
	}
	d.Exec("INSERT INTO wp_users (ID, user_login, user_email, display_name) SELECT seq, CONCAT('user', seq), CONCAT('user', seq, '@example.org'), CONCAT('User ', seq) FROM seq_1_to_200000")
	d.Exec("INSERT INTO civicrm_contact (id, contact_type, display_name, sort_name) SELECT seq + 10, 'Individual', seq, seq FROM seq_1_to_208000")
	d.Exec("INSERT INTO civicrm_email (contact_id, location_type_id, email, is_primary) SELECT seq + 10, 1, CONCAT('user', IF(seq <= 200000, seq, 1 + seq % 2000), '@example.org'), 1 FROM seq_1_to_208000")
	d.Exec("INSERT INTO civicrm_uf_match (domain_id, uf_id, uf_name, contact_id) SELECT 1, seq, CONCAT('user', seq, '@example.org'), seq + 10 FROM seq_1_to_200000")
	d.Exec("INSERT INTO civicrm_log (entity_table, entity_id, data, modified_id, modified_date) SELECT 'civicrm_contact', id, CONCAT('civicrm_contact,', id), id, NOW() FROM civicrm_contact WHERE id > 200010")
	b.ResetTimer()
	for range b.N {
		health, err := d.Site("main").Health(b.Context()) // one that remembers no other
		if err != nil || health.Findings[4].Count != 8000 {
			b.Fatalf("%+v %v", health.Findings, err)
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "users/s")
}

// BenchmarkSync measures a full sync of 20,000 users: all new, all with a contact, none left to do.
func BenchmarkSync(b *testing.B) {
	const n = 20000
	for _, kind := range []string{"create", "link", "nothing", "preview"} {
		b.Run(kind, func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				d := mysqltest.New(b, link.WordPress)
				site := d.Migrated("main")
				d.Exec("INSERT INTO wp_users (ID, user_login, user_email, display_name) SELECT seq, CONCAT('user', seq), CONCAT('user', seq, '@example.org'), CONCAT('User ', seq) FROM seq_1_to_20000")
				d.Exec("INSERT INTO wp_usermeta (user_id, meta_key, meta_value) SELECT seq, 'first_name', 'User' FROM seq_1_to_20000")
				d.Exec("INSERT INTO wp_usermeta (user_id, meta_key, meta_value) SELECT seq, 'last_name', seq FROM seq_1_to_20000")
				if kind == "link" {
					d.Exec("INSERT INTO civicrm_contact (id, contact_type, display_name, sort_name) SELECT seq + 10, 'Individual', seq, seq FROM seq_1_to_20000")
					d.Exec("INSERT INTO civicrm_email (contact_id, location_type_id, email, is_primary) SELECT seq + 10, 1, CONCAT('user', seq, '@example.org'), 1 FROM seq_1_to_20000")
				}
				if kind == "nothing" {
					benchSync(b, site, fullsync.Apply)
				}
				mode := fullsync.Apply
				if kind == "preview" {
					mode = fullsync.Preview
				}
				b.StartTimer()
				benchSync(b, site, mode)
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "users/s")
		})
	}
}

func benchSync(b *testing.B, site fullsync.Store, mode fullsync.Mode) {
	b.Helper()
	benchJob(b, site, fullsync.Request{Mode: mode})
}

func benchJob(b *testing.B, site fullsync.Store, q fullsync.Request) fullsync.Job {
	b.Helper()
	r := fullsync.NewRunner(site, discard, fullsync.DefaultChunk)
	job, err := r.Start(b.Context(), q)
	if err == nil {
		job, err = r.Do(b.Context(), job.ID, nil)
	}
	if err != nil {
		b.Fatal(err)
	}
	return job
}
