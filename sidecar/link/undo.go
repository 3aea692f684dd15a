package link

import "maps"

// RowRef names a row of CiviCRM's, or of userlink's own userlink_user (whose id is the user's).
type RowRef struct {
	Table string
	ID    uint32
}

// ChangeKind says what was done to a row.
type ChangeKind string

// The kinds of a change.
const (
	RowInserted ChangeKind = "insert"
	RowUpdated  ChangeKind = "update"
	RowDeleted  ChangeKind = "delete"
)

// Change is one row that was written. Before and After hold the columns concerned, as the database shows them as text; a
// column that is NULL is left out.
type Change struct {
	RowRef
	Kind          ChangeKind
	Before, After map[string]string
}

// Columns returns the names of the columns that an update concerns.
func (c Change) Columns() map[string]bool {
	names := map[string]bool{}
	for name := range c.Before {
		names[name] = true
	}
	for name := range c.After {
		names[name] = true
	}
	return names
}

// Row is a row as it stands now.
type Row struct {
	Values map[string]string // as in Change
	Others []string          // columns that hold something else than what the database puts there by itself
}

// clocks are the columns that the server's clock or CiviCRM's triggers fill: they differ and nobody has changed anything.
var clocks = map[string]bool{"created_date": true, "modified_date": true, "date": true}

// IsClock tells whether a column holds a time that the server writes by itself.
func IsClock(column string) bool { return clocks[column] }

// expected is how a row was left by a series of changes.
type expected struct {
	there  bool
	whole  bool // inserted by them: every column counts
	values map[string]*string
}

// left returns how the changes, in the order in which they were made, left each row: for each row whether it was there
// after the last of them, and whether the first of them had made it.
func left(changes []Change) map[RowRef]expected {
	rows := map[RowRef]expected{}
	for _, c := range changes {
		switch c.Kind {
		case RowInserted:
			rows[c.RowRef] = expected{there: true, whole: true, values: pointers(c.After)}
		case RowDeleted:
			rows[c.RowRef] = expected{}
		case RowUpdated:
			row, known := rows[c.RowRef]
			if !known {
				row = expected{values: map[string]*string{}}
			}
			row.there = true
			for name := range c.Columns() {
				row.values[name] = nil
			}
			maps.Copy(row.values, pointers(c.After))
			rows[c.RowRef] = row
		}
	}
	return rows
}

func pointers(values map[string]string) map[string]*string {
	p := make(map[string]*string, len(values))
	for name, value := range values {
		p[name] = &value
	}
	return p
}

// Made returns the rows of a table that the changes made and left there: those that an undo deletes.
func Made(changes []Change, table string) []uint32 {
	var ids []uint32
	for ref, row := range left(changes) {
		if ref.Table == table && row.there && row.whole {
			ids = append(ids, ref.ID)
		}
	}
	return ids
}

// Untouched tells whether all rows are as the changes left them: it returns an empty reason, or the one why they cannot be
// taken back. now holds the rows that are there. That a line of the change log is gone is no reason to keep the rest.
func Untouched(changes []Change, now map[RowRef]Row) Reason {
	found := map[Reason]bool{}
	for ref, want := range left(changes) {
		row, there := now[ref]
		found[want.differs(ref.Table, row, there)] = true
	}
	for _, reason := range []Reason{ContactChanged, RowMissing, LinkChanged, EmailChangedSince, DecidedSince, AddressTaken} {
		if found[reason] {
			return reason
		}
	}
	return ""
}

func (e expected) differs(table string, now Row, there bool) Reason {
	switch {
	case there && !e.there:
		return AddressTaken
	case !there && e.there && table == "civicrm_log":
		return ""
	case !there && e.there && table == "civicrm_contact":
		return RowMissing
	case there != e.there || there && e.edited(now):
		return editedReason(table)
	}
	return ""
}

func editedReason(table string) Reason {
	switch table {
	case "civicrm_uf_match":
		return LinkChanged
	case "civicrm_email":
		return EmailChangedSince
	case "userlink_user":
		return DecidedSince
	}
	return ContactChanged
}

func (e expected) edited(now Row) bool {
	for name, want := range e.values {
		have, set := now.Values[name]
		if !IsClock(name) && (set != (want != nil) || set && have != *want) {
			return true
		}
	}
	if e.whole {
		for _, name := range now.Others {
			if _, ours := e.values[name]; !ours && !IsClock(name) {
				return true
			}
		}
	}
	return false
}
