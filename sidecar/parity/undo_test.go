package parity

import (
	"maps"
	"strings"
	"testing"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
)

// TestUndo makes up sites as TestRows does, in the whole of CiviCRM's schema with its keys and triggers: after a sync and its
// undo every row of every table is as it was, after the undo of the undo as the sync had left it. Of caches, of what detailed
// logging keeps (it has the sync and the undo, rightly), and of times that the server writes by itself nothing is expected.
func TestUndo(t *testing.T) {
	w := openTwins(t)
	w.our().GrantUse()
	seed, sites, users := whichSites(t)
	t.Logf("CiviCRM %s, detailed logging %v, USERLINK_SEED=%d", w.version, w.logging, seed)
	total := tally{"sites": int(sites)}
	for next := seed; sites > 0; next++ {
		s := makeSite(next, int(users), w.version)
		if s.Path != pathSync {
			continue
		}
		sites--
		w.undo(t, s, total)
		if t.Failed() {
			t.Fatalf("USERLINK_SEED=%d\n%s", next, s)
		}
	}
	t.Log(total)
}

func (w *twins) undo(t *testing.T, s madeSite, total tally) {
	t.Helper()
	w.build(s)
	site := w.site(t, s, link.Policy{link.Synced: link.EnsureLinkAndEmail})
	before := w.still(t)
	applied := w.job(t, s, site, fullsync.Request{Mode: fullsync.Apply})
	after := w.still(t)
	undone := w.job(t, s, site, fullsync.Request{PreviewID: w.job(t, s, site, fullsync.Request{Mode: fullsync.UndoPreview, Undoes: applied.ID}).ID})
	unchanged(t, "undo", before, w.still(t))
	redone := w.job(t, s, site, fullsync.Request{Mode: fullsync.Undo, Undoes: undone.ID})
	unchanged(t, "undo of the undo", after, w.still(t))
	w.job(t, s, site, fullsync.Request{Mode: fullsync.Undo, Undoes: redone.ID})
	unchanged(t, "undo of the undo of the undo", before, w.still(t))
	for _, job := range []fullsync.Job{undone, redone} {
		if job.Kept > 0 || job.Undone != applied.Created+applied.Linked+applied.Updated {
			t.Errorf("%s %+v after %+v", job.Mode, job.Counts, applied.Counts)
		}
	}
	total.add(tally{"tables": len(w.tables), "contacts made and taken back": applied.Created, "links": applied.Linked, "emails": applied.Updated})
}

// still reads every row, without what moves by itself.
func (w *twins) still(t *testing.T) map[string][]row {
	t.Helper()
	tables := map[string][]row{}
	for table, rows := range w.all(t, w.our()) {
		if _, moves := rebuilt[table]; moves || strings.HasPrefix(table, "log_") || table == aclContacts {
			continue
		}
		tables[table] = []row{}
		for _, r := range rows {
			r = maps.Clone(r)
			if table == "civicrm_contact" {
				delete(r, "modified_date")
				delete(r, "created_date")
			}
			if table == "civicrm_group" {
				delete(r, "cache_date")
			}
			tables[table] = append(tables[table], r)
		}
	}
	return tables
}

func unchanged(t *testing.T, what string, before, after map[string][]row) {
	t.Helper()
	c := changes(before, after)
	for table := range before {
		for _, r := range c.gone[table] {
			t.Errorf("%s: missing in %s: %s", what, table, r)
		}
	}
	for table := range after {
		for _, r := range c.new[table] {
			t.Errorf("%s: too much in %s: %s", what, table, r)
		}
	}
}
