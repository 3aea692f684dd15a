package mysql_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
	"userlink/sidecar/mysql"
	"userlink/sidecar/mysql/mysqltest"
)

// undoing has the tables that an undo has to know of, and an account that may see them.
func undoing(t *testing.T, cms link.CMS) (*mysqltest.Database, *mysql.Site) {
	d := mysqltest.New(t, cms)
	d.AddTables("civicrm_phone", "civicrm_note", "civicrm_group_contact_cache")
	d.Exec(`CREATE TABLE civicrm_value_own_1 (id int unsigned PRIMARY KEY AUTO_INCREMENT, entity_id int unsigned NOT NULL, a text,
		CONSTRAINT FK_own FOREIGN KEY (entity_id) REFERENCES civicrm_contact (id) ON DELETE CASCADE)`)
	d.GrantUse()
	site := d.Migrated("main")
	return d, site
}

func ask(t *testing.T, site *mysql.Site, chunk int, q fullsync.Request) fullsync.Job {
	t.Helper()
	r := runner(t, site, chunk)
	job, err := r.Start(t.Context(), q)
	if err == nil {
		job, err = r.Do(t.Context(), job.ID, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return job
}

// contents returns all rows of all of CiviCRM's tables, but for the clock that CiviCRM's triggers set on a contact whose
// email was touched.
func contents(d *mysqltest.Database) []string {
	d.T.Helper()
	var all []string
	for _, table := range d.Rows("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME LIKE 'civicrm\\_%' ORDER BY 1") {
		columns := d.Rows("SELECT CONCAT('`', COLUMN_NAME, '`') FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND CONCAT(TABLE_NAME, COLUMN_NAME) <> 'civicrm_contactmodified_date' ORDER BY ORDINAL_POSITION", table)
		for _, row := range d.Rows("SELECT " + strings.Join(columns, ", ") + " FROM " + table + " ORDER BY 1, 2") {
			all = append(all, table+": "+row)
		}
	}
	return all
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	for _, row := range got {
		if !slices.Contains(want, row) {
			t.Errorf("%s: too much: %s", what, row)
		}
	}
	for _, row := range want {
		if !slices.Contains(got, row) {
			t.Errorf("%s: missing: %s", what, row)
		}
	}
}

// madeUp fills a site with users and contacts of every kind.
func madeUp(d *mysqltest.Database, r *rand.Rand, n int) {
	names := []string{"", "Ann", "Bob", "ÄÖ", "O'Neil", "<b>", "😀", "שלום", "{contact.first_name}", `back\slash`, "  blank "}
	for i := range n {
		id := uint32(i + 1)
		email := fmt.Sprintf("u%d@example.org", id)
		switch r.IntN(12) {
		case 0:
			email = ""
		case 1:
			email = "U%d@Example.ORG"
		case 2:
			email = "no address"
		case 3:
			email = fmt.Sprintf("u%d@example.org", max(id, 2)-1) // shared with the user before
		}
		if strings.Contains(email, "%d") {
			email = fmt.Sprintf(email, id)
		}
		user := d.AddUser(link.User{ID: id, Email: email, Name: names[r.IntN(len(names))], FirstName: names[r.IntN(len(names))], LastName: names[r.IntN(len(names))]})
		if email == "" {
			continue
		}
		switch r.IntN(6) {
		case 0:
			d.AddContact("Individual", user.FirstName, user.LastName, "other@example.org", email)
		case 1:
			d.AddContact("Individual", "A", "B", strings.ToUpper(email))
		case 2:
			d.AddContact("Organization", "A", "B", email)
		case 3: // linked already, under an address that has changed since, with or without an email
			contact := d.AddContact("Individual", names[r.IntN(2)], "", [][]string{{}, {fmt.Sprintf("old%d@example.org", id)}}[r.IntN(2)]...)
			d.AddLink(id, fmt.Sprintf("old%d@example.org", id), contact)
		}
	}
}

// After apply and undo all of CiviCRM's tables are as they were; after the undo of the undo they are as after the apply.
func TestUndoLeavesNothing(t *testing.T) {
	for seed := range uint64(6) {
		cms := link.CMSs()[int(seed)%len(link.CMSs())]
		t.Run(fmt.Sprintf("%s, seed %d", cms, seed), func(t *testing.T) {
			d, _ := undoing(t, cms)
			site := d.Site("main", func(o *mysql.SiteOptions) {
				o.Policy = link.PolicyOf(cms, false, link.Policy{link.Synced: link.EnsureLinkAndEmail})
			})
			if seed == 5 { // new contacts join the domain's group
				d.Exec("INSERT INTO civicrm_group (id, name, title) VALUES (50, 'd', 'Of the domain')")
				d.Setting("is_enabled", "i:1;")
				d.Setting("domain_group_id", "i:50;")
			}
			madeUp(d, rand.New(rand.NewPCG(seed, 4)), 150)
			before := contents(d)
			actor := []uint32{0, 75, 1, 150}[seed%4] // nobody, or one who may get a contact by this very sync
			job := ask(t, site, 60, fullsync.Request{Mode: fullsync.Apply, ActorUserID: actor})
			after := contents(d)
			if job.Created < 20 || job.Linked < 10 || slices.Equal(before, after) {
				t.Fatalf("the site is not varied: %+v", job.Counts)
			}
			if members := d.One("SELECT COUNT(*) FROM civicrm_group_contact"); members != map[bool]string{true: fmt.Sprint(job.Created), false: "0"}[seed == 5] {
				t.Errorf("%s in the domain's group", members)
			}
			wrote := job.Created + job.Linked + job.Updated

			preview := ask(t, site, 60, fullsync.Request{Mode: fullsync.UndoPreview, Undoes: job.ID})
			same(t, "a preview of the undo", contents(d), after)
			undo := ask(t, site, 60, fullsync.Request{PreviewID: preview.ID})
			if c := undo.Counts; c != preview.Counts || c != (fullsync.Counts{Checked: wrote, Undone: wrote}) || undo.Total != wrote {
				t.Errorf("%d written, preview %+v, undo %+v of %d", wrote, preview.Counts, c, undo.Total)
			}
			same(t, "the undo", contents(d), before)

			again := ask(t, site, 60, fullsync.Request{Mode: fullsync.Undo, Undoes: job.ID})
			if again.Checked != 0 || again.State != fullsync.Done {
				t.Errorf("a second undo: %+v", again)
			}
			redoPreview := ask(t, site, 60, fullsync.Request{Mode: fullsync.UndoPreview, Undoes: undo.ID})
			redo := ask(t, site, 60, fullsync.Request{Mode: fullsync.Undo, Undoes: undo.ID})
			if redo.Undone != wrote || redo.Kept+redo.Failed > 0 || redoPreview.Counts != redo.Counts {
				t.Errorf("undo of the undo: %+v, preview %+v", redo.Counts, redoPreview.Counts)
			}
			same(t, "the undo of the undo", withoutCreated(contents(d)), withoutCreated(after))
			if last := ask(t, site, 60, fullsync.Request{Mode: fullsync.Undo, Undoes: redo.ID}); last.Undone != wrote {
				t.Errorf("undo of the undo of the undo: %+v", last.Counts)
			}
			same(t, "the last undo", contents(d), before)
			if done, err := site.Job(t.Context(), job.ID); err != nil || done.UndoneBy != undo.ID {
				t.Errorf("undone by %q, want %s; %v", done.UndoneBy, undo.ID, err)
			}
		})
	}
}

// withoutCreated leaves out created_date, the last column of a contact, which CiviCRM's trigger sets whenever a row is made.
func withoutCreated(rows []string) []string {
	cut := slices.Clone(rows)
	for i, row := range cut {
		if strings.HasPrefix(row, "civicrm_contact:") {
			cut[i] = row[:strings.LastIndex(row, "|")]
		}
	}
	return cut
}
