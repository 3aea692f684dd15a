package mysql

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"gorm.io/gorm"

	"userlink/sidecar/link"
)

// undoLook finds out which units of a chunk can be taken back. It sets the reason of the others.
//
// Nobody can get in between the look and the write: the rows of the contacts are locked first, and a foreign key lets
// nobody add a row that refers to a locked contact. The tables that refer to a contact by entity_table and entity_id have no
// such key; a note or a tag that is added in the same few milliseconds loses its contact.
type undoLook struct {
	undo  *undo
	tx    *gorm.DB
	units []*undoUnit
	now   map[link.RowRef]link.Row
}

func (l *undoLook) all(ctx context.Context) error {
	steps := []func(context.Context) error{l.rows, l.bare, l.judge, l.uses, l.laterEmails, l.parents, l.places}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// going are the units that are to be taken back, as far as is known.
func (l *undoLook) going() []*undoUnit {
	var going []*undoUnit
	for _, unit := range l.units {
		if unit.reason == "" {
			going = append(going, unit)
		}
	}
	return going
}

// rows reads all rows that the units name, as they stand now.
func (l *undoLook) rows(context.Context) error {
	byTable := map[string]map[uint32]bool{}
	for _, unit := range l.units {
		for _, c := range unit.changes {
			if byTable[c.Table] == nil {
				byTable[c.Table] = map[uint32]bool{}
			}
			byTable[c.Table][c.ID] = true
		}
	}
	l.now = map[link.RowRef]link.Row{}
	for _, name := range undoOrder {
		if len(byTable[name]) == 0 {
			continue
		}
		found, err := l.undo.tables[name].rows(l.tx, l.undo.site.ID, sorted(byTable[name]), !l.undo.preview())
		if err != nil {
			return err
		}
		for ref, row := range found {
			l.now[ref] = row
		}
	}
	return nil
}

func sorted(set map[uint32]bool) []uint32 {
	ids := make([]uint32, 0, len(set))
	for id := range set {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// contacts returns the contacts that the units going would delete, with their units.
func (l *undoLook) contacts() map[uint32]*undoUnit { return l.made(tableContact) }

// made returns the rows of a table that the units going would delete, with their units.
func (l *undoLook) made(table string) map[uint32]*undoUnit {
	rows := map[uint32]*undoUnit{}
	for _, unit := range l.going() {
		for _, id := range link.Made(unit.changes, table) {
			rows[id] = unit
		}
	}
	return rows
}

// keepUsed keeps the units of the rows to which something refers.
func (l *undoLook) keepUsed(refs references, target string, rows map[uint32]*undoUnit, reason link.Reason) error {
	used, err := refs.usedBy(l.tx, target, keys(rows))
	for id, table := range used {
		l.undo.site.log().Debug("row kept", "table", target, "id", id, "used_in", table)
		rows[id].reason = reason
	}
	return err
}

func keys[V any](m map[uint32]V) []uint32 {
	set := make(map[uint32]bool, len(m))
	for id := range m {
		set[id] = true
	}
	return sorted(set)
}

// bare asks, of the columns that the account cannot read, whether anything stands in them.
func (l *undoLook) bare(context.Context) error {
	contacts := keys(l.contacts())
	if len(contacts) == 0 {
		return nil
	}
	var bare []uint32
	if err := l.tx.Raw("SELECT id FROM " + bareView + " WHERE " + just("id", contacts)).Scan(&bare).Error; err != nil {
		return fmt.Errorf("read bare contacts: %w", err)
	}
	for _, id := range contacts {
		ref := link.RowRef{Table: tableContact, ID: id}
		if row, there := l.now[ref]; there && !slices.Contains(bare, id) {
			row.Others = append(row.Others, "a column that a sync does not fill")
			l.now[ref] = row
		}
	}
	return nil
}

func (l *undoLook) judge(context.Context) error {
	for _, unit := range l.units {
		unit.reason = link.Untouched(unit.changes, l.now)
	}
	return nil
}

// ownReferences are the columns of tables that the units themselves wrote rows of, and what it means that another row
// refers to a contact.
var ownReferences = []struct {
	table, column, condition string
	reason                   link.Reason
}{
	{tableEmail, "contact_id", "", link.ContactUsed},
	{tableMatch, "contact_id", "", link.ContactUsed},
	{tableGroupContact, "contact_id", "", link.ContactUsed}, // these two on a multisite: else they are references like any other
	{tableSubscription, "contact_id", "", link.ContactUsed},
	{tableLog, "entity_id", "entity_table = 'civicrm_contact' AND ", link.ContactChanged},
	{tableLog, "modified_id", "", link.ContactUsed},
}

// uses keeps the units whose new contact or email is referred to by anything but the rows of units that go with it.
func (l *undoLook) uses(ctx context.Context) error {
	emails := l.made(tableEmail)
	if len(emails)+len(l.contacts()) == 0 {
		return nil
	}
	refs, err := readReferences(l.tx) // now, not a moment ago: a custom field may have been made meanwhile
	if err != nil {
		return err
	}
	own := l.ownTables()
	refs.list = slices.DeleteFunc(refs.list, func(r reference) bool { return own[r.Table] && r.Target == tableContact })
	if err := l.keepUsed(refs, tableEmail, emails, link.EmailChangedSince); err != nil {
		return err
	}
	contacts := l.contacts()
	if err := l.keepUsed(refs, tableContact, contacts, link.ContactUsed); err != nil {
		return err
	}
	foretold, err := l.foretold(ctx, contacts)
	if err != nil {
		return err
	}
	return l.otherRows(own, foretold)
}

// ownTables are the tables whose rows have to be told apart: ours, which go, from others.
func (l *undoLook) ownTables() map[string]bool {
	own := map[string]bool{tableEmail: true, tableMatch: true, tableLog: true}
	for ref := range l.goingRows() {
		own[ref.Table] = own[ref.Table] || ref.Table != tableContact
	}
	return own
}

// otherRows looks for rows of our own tables that stay. Each unit that is kept keeps its rows too, so it asks again until
// nothing changes.
func (l *undoLook) otherRows(own map[string]bool, foretold map[uint32]bool) error {
	for changed := true; changed; {
		changed = false
		contacts := l.contacts()
		going := l.goingRows()
		for _, ref := range ownReferences {
			if len(contacts) == 0 || !own[ref.table] {
				continue
			}
			var rows []struct{ ID, Contact uint32 }
			err := l.tx.Raw("SELECT id, " + ref.column + " AS contact FROM " + ref.table + " WHERE " + ref.condition + just(ref.column, keys(contacts))).Scan(&rows).Error
			if err != nil {
				return fmt.Errorf("read who uses contacts in %s: %w", ref.table, err)
			}
			for _, row := range rows {
				ours := going[link.RowRef{Table: ref.table, ID: row.ID}] || ref.table == tableLog && foretold[row.ID]
				if unit := contacts[row.Contact]; !ours && unit.reason == "" {
					unit.reason, changed = ref.reason, true
				}
			}
		}
	}
	return nil
}

// goingRows are the rows that go with the units going.
func (l *undoLook) goingRows() map[link.RowRef]bool {
	rows := map[link.RowRef]bool{}
	for _, unit := range l.going() {
		for _, c := range unit.changes {
			rows[c.RowRef] = true
		}
	}
	return rows
}

// loggedRow finds the log rows in the changes that the journal keeps.
var loggedRow = regexp.MustCompile(`"table":"civicrm_log","row_id":(\d+),"change":"insert"`)

// foretold returns the log rows of the whole job that would be gone by the time when an undo comes to its actor, whose
// contact may stand on them. Only a preview has to ask: there they are still there.
func (l *undoLook) foretold(ctx context.Context, contacts map[uint32]*undoUnit) (map[uint32]bool, error) {
	u := l.undo
	rows := map[uint32]bool{}
	isLast := len(l.units) == 1 && l.units[0].user.ID == u.actor && !u.actorFirst
	if !u.preview() || !isLast || len(contacts) == 0 {
		return rows, nil
	}
	stays, err := u.staying(ctx)
	if err != nil {
		return nil, err
	}
	found, err := u.site.db.gorm.WithContext(ctx).Raw("SELECT uf_id, changes FROM userlink_journal WHERE site_id = ? AND cause_id = ? AND undone_by IS NULL", u.site.ID, u.cause[:]).Rows()
	if err != nil {
		return nil, fmt.Errorf("read journal: %w", err)
	}
	defer func() { _ = found.Close() }()
	for found.Next() {
		var userID uint32
		var changes []byte
		if err := found.Scan(&userID, &changes); err != nil {
			return nil, fmt.Errorf("read journal: %w", err)
		}
		if stays[userID] {
			continue
		}
		for _, match := range loggedRow.FindAllSubmatch(changes, -1) {
			rows[number32(string(match[1]))] = true
		}
	}
	return rows, found.Err()
}

// staying returns the users whom the job has reported as not taken back.
func (u *undo) staying(ctx context.Context) (map[uint32]bool, error) {
	items, err := u.site.reportItems(ctx, u.job.ID, " AND kept + failed > 0", "", position{contact: wholeUser}, maxUserID)
	stays := map[uint32]bool{}
	for _, item := range items {
		if item.Outcome != link.Undone {
			stays[item.UserID] = true
		}
	}
	return stays, err
}

// laterEmails keeps the units that would take the primary email from a contact that stays and has got others since.
func (l *undoLook) laterEmails(context.Context) error {
	leaving := keys(l.contacts())
	byContact := map[uint32]*undoUnit{}
	for _, unit := range l.going() {
		for _, id := range link.Made(unit.changes, tableEmail) {
			contact := number32(l.now[link.RowRef{Table: tableEmail, ID: id}].Values["contact_id"])
			if contact != 0 && !slices.Contains(leaving, contact) {
				byContact[contact] = unit
			}
		}
	}
	if len(byContact) == 0 {
		return nil
	}
	going := l.goingRows()
	var rows []struct{ ID, Contact uint32 }
	err := l.tx.Raw("SELECT id, contact_id AS contact FROM civicrm_email WHERE " + just("contact_id", keys(byContact))).Scan(&rows).Error
	if err != nil {
		return fmt.Errorf("read emails: %w", err)
	}
	for _, row := range rows {
		unit := byContact[row.Contact]
		if !going[link.RowRef{Table: tableEmail, ID: row.ID}] && row.ID > slices.Max(link.Made(unit.changes, tableEmail)) {
			unit.reason = link.EmailChangedSince
		}
	}
	return nil
}

// parents keeps the units that would put back a row of a contact that is there no longer.
func (l *undoLook) parents(ctx context.Context) error {
	wanted := map[uint32][]*undoUnit{}
	back := map[uint32]bool{}
	for _, unit := range l.going() {
		for _, c := range unit.changes {
			if c.Kind != link.RowDeleted {
				continue
			}
			if c.Table == tableContact {
				back[c.ID] = true
			}
			for _, column := range []string{"contact_id", "modified_id"} {
				if id := number32(c.Before[column]); id != 0 {
					wanted[id] = append(wanted[id], unit)
				}
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	there := []uint32{}
	if err := l.tx.Raw("SELECT id FROM civicrm_contact WHERE " + just("id", keys(wanted))).Scan(&there).Error; err != nil {
		return fmt.Errorf("read contacts: %w", err)
	}
	promised, err := l.promised(ctx)
	if err != nil {
		return err
	}
	for _, id := range append(there, promised...) {
		back[id] = true
	}
	for id, units := range wanted {
		for _, unit := range units {
			if !back[id] {
				unit.reason = link.RowMissing
			}
		}
	}
	return nil
}

// promised returns the contact of the actor, who is put back first: in a preview it is not there.
func (l *undoLook) promised(ctx context.Context) ([]uint32, error) {
	u := l.undo
	if !u.preview() || !u.actorFirst || !u.actorDone {
		return nil, nil
	}
	stays, err := u.staying(ctx)
	if err != nil || stays[u.actor] {
		return nil, err
	}
	units, err := u.units(ctx, l.tx, []link.User{{ID: u.actor}})
	if err != nil {
		return nil, err
	}
	var contacts []uint32
	for _, c := range units[0].changes {
		if c.Table == tableContact && c.Kind == link.RowDeleted {
			contacts = append(contacts, c.ID)
		}
	}
	return contacts, nil
}

// places keeps the units whose link cannot be put back or renamed: another one has its name or its contact.
func (l *undoLook) places(ctx context.Context) error {
	type place struct {
		unit *undoUnit
		row  uint32
	}
	byName, byContact := map[string][]place{}, map[uint32][]place{}
	for _, unit := range l.going() {
		for _, c := range unit.changes {
			if c.Table != tableMatch || c.Kind == link.RowInserted {
				continue
			}
			if name := c.Before["uf_name"]; name != "" {
				byName[name] = append(byName[name], place{unit, c.ID})
			}
			if id := number32(c.Before["contact_id"]); id != 0 {
				byContact[id] = append(byContact[id], place{unit, c.ID})
			}
		}
	}
	names := make([]string, 0, len(byName))
	for name := range byName {
		names = append(names, name)
	}
	if len(names)+len(byContact) == 0 {
		return nil
	}
	ownKeys, err := l.undo.site.keys.Keys(ctx, l.tx, names)
	if err != nil {
		return err
	}
	byKey := map[string][]place{}
	for i, name := range names {
		byKey[ownKeys[i]] = append(byKey[ownKeys[i]], byName[name]...)
	}
	look := &look{site: l.undo.site, tx: l.tx, civicrm: l.undo.civicrm}
	holders, err := look.matches(ctx, "", "AND ("+oneOf("uf_name", append(names, "\x00"))+" OR "+just("contact_id", append(keys(byContact), 0))+")")
	if err != nil {
		return err
	}
	going := l.goingRows()
	for _, holder := range holders {
		if going[link.RowRef{Table: tableMatch, ID: holder.ID}] {
			continue // it gives its place up
		}
		for _, p := range append(byKey[holder.NameKey], byContact[holder.ContactID]...) {
			if p.row != holder.ID {
				p.unit.reason = link.AddressTaken
			}
		}
	}
	return nil
}
