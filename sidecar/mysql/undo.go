package mysql

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
)

// undo is one step of an undo, or of its preview, at work. It takes back what the job that it undoes wrote: users by
// descending id, the rows of one user together or not at all. Its checkpoint is the lowest user done.
//
// The acting user of the first job is an exception. The sync that made his contact put that contact on the log rows of
// others, and they would go with it: so it is taken back last, and put back first.
type undo struct {
	site    *Site
	civicrm *civicrm
	job     fullsync.Job
	cause   uuid.UUID // id of the job that is taken back

	actor      uint32 // 0: nobody needs an exception
	actorFirst bool
	actorDone  bool

	tables map[string]undoTable
}

// stepUndo is Step for the modes Undo and UndoPreview.
func (s *Site) stepUndo(ctx context.Context, job fullsync.Job, limit int) (fullsync.Job, bool, error) {
	u := &undo{site: s, job: job}
	if err := u.begin(ctx); err != nil {
		return job, false, outward(err)
	}
	ids, err := u.next(ctx, limit)
	if err != nil || len(ids) == 0 {
		return job, err == nil, outward(err)
	}
	users, err := s.usersOrIDs(ctx, ids)
	if err != nil {
		return job, false, outward(err)
	}
	h := halving{log: s.log().With("job", job.ID), commit: u.commit, alone: u.alone}
	err = h.do(ctx, users)
	return u.job, false, outward(err)
}

func (u *undo) preview() bool { return u.job.Mode == fullsync.UndoPreview }

func (u *undo) begin(ctx context.Context) (err error) {
	if u.cause, err = uuid.Parse(u.job.Undoes); err != nil {
		return err
	}
	if u.job.Checked == 0 {
		if err := u.allowed(ctx); err != nil {
			return err
		}
	}
	if u.civicrm, err = u.site.settings(ctx); err != nil {
		return err
	}
	if u.tables, err = readUndoTables(u.site.db.gorm.WithContext(ctx)); err != nil {
		return err
	}
	return u.exception(ctx)
}

// exception finds out who was acting in the job at the root of this chain of undos, and whether he is to be the first or
// the last.
func (u *undo) exception(ctx context.Context) error {
	root, err := u.site.Job(ctx, u.job.Undoes)
	for err == nil && root.Mode == fullsync.Undo {
		u.actorFirst = !u.actorFirst
		root, err = u.site.Job(ctx, root.Undoes)
	}
	if err != nil || root.ActorUserID == 0 {
		return err
	}
	u.actor = root.ActorUserID
	var reported int
	err = u.site.db.gorm.WithContext(ctx).Raw("SELECT COUNT(*) FROM userlink_job_chunk WHERE job_id = ? AND last_uf_id = ?", u.job.ID, u.actor).Scan(&reported).Error
	u.actorDone = reported > 0
	return err
}

// next returns the users of the next chunk, by descending id.
func (u *undo) next(ctx context.Context, limit int) ([]uint32, error) {
	if u.actor != 0 && u.actorFirst && !u.actorDone {
		if ids, err := u.written(ctx, uint64(u.actor)+1, u.actor-1, 1); err != nil || len(ids) > 0 {
			return ids, err
		}
	}
	from := uint64(u.job.LastUserID)
	if from == 0 {
		from = math.MaxUint32 + 1
	}
	if u.actor != 0 && from > uint64(u.actor) { // a chunk ends above him: chunks of a report must not overlap
		if ids, err := u.written(ctx, from, u.actor, limit); err != nil || len(ids) > 0 {
			return ids, err
		}
		from = uint64(u.actor)
	}
	ids, err := u.written(ctx, from, 0, limit)
	if err == nil && len(ids) == 0 && u.actor != 0 && !u.actorDone {
		return u.written(ctx, uint64(u.actor)+1, u.actor-1, 1)
	}
	return ids, err
}

// written lists users for whom the job wrote something that still stands, with ids below one bound and above the other.
func (u *undo) written(ctx context.Context, below uint64, above uint32, limit int) ([]uint32, error) {
	var ids []uint32
	err := u.site.db.gorm.WithContext(ctx).Raw(`SELECT DISTINCT uf_id FROM userlink_journal
		WHERE site_id = ? AND cause_id = ? AND undone_by IS NULL AND uf_id < ? AND uf_id > ? ORDER BY uf_id DESC LIMIT ?`,
		u.site.ID, u.cause[:], below, above, limit).Scan(&ids).Error
	return ids, err
}

// countUndo returns how many users an undo of the job has to do with.
func (s *Site) countUndo(ctx context.Context, undoes string) (n int, err error) {
	id, err := uuid.Parse(undoes)
	if err != nil {
		return 0, err
	}
	err = s.db.gorm.WithContext(ctx).Raw("SELECT COUNT(DISTINCT uf_id) FROM userlink_journal WHERE site_id = ? AND cause_id = ? AND undone_by IS NULL", s.ID, id[:]).Scan(&n).Error
	return n, err
}

// usersOrIDs returns the users in the order of the ids. Of a user who is gone only the id is known.
func (s *Site) usersOrIDs(ctx context.Context, ids []uint32) ([]link.User, error) {
	found, err := s.usersByID(ctx, ids)
	users := make([]link.User, len(ids))
	for i, id := range ids {
		users[i] = link.User{ID: id}
		if user, ok := found[id]; ok {
			users[i] = user
		}
	}
	return users, err
}

// commit looks, decides, writes, reports and moves the checkpoint, in one transaction.
func (u *undo) commit(ctx context.Context, users []link.User) error {
	var units []*undoUnit
	job, err := u.transact(ctx, users, func(tx *gorm.DB, results []link.Result) error {
		var err error
		if units, err = u.takeBack(ctx, tx, users); err != nil {
			return err
		}
		for i, unit := range units {
			results[i] = unit.result()
		}
		return nil
	})
	if err != nil {
		return err
	}
	u.job = job
	if u.preview() {
		return nil
	}
	u.site.surveyed.forget()
	if err := u.site.relist(ctx, takenBack(units)); err != nil { // the next sync lists them
		u.site.log().Warn("conflicts not looked for after an undo", "job", u.job.ID, "cause", err)
	}
	if slices.ContainsFunc(units, (*undoUnit).changesContacts) {
		u.site.emptyCaches(ctx, u.civicrm)
	}
	return nil
}

// takenBack returns the users of the units that are not kept.
func takenBack(units []*undoUnit) []uint32 {
	var ids []uint32
	for _, unit := range units {
		if unit.reason == "" {
			ids = append(ids, unit.user.ID)
		}
	}
	return ids
}

// alone reports a user whose rows the database does not take back. What would have to be put back may have found its place
// taken in this very moment.
func (u *undo) alone(ctx context.Context, user link.User, cause error) (bool, error) {
	result := link.Result{Outcome: link.Kept, Actions: []link.Action{}}
	switch number(cause) {
	case errDuplicate:
		result.Reason = link.AddressTaken
	case errReferred:
		result.Reason = link.ContactUsed
	case errNoParent:
		result.Reason = link.RowMissing
	default:
		result = failedResult(link.Database)
	}
	job, err := u.transact(ctx, []link.User{user}, func(_ *gorm.DB, results []link.Result) error {
		results[0] = result
		return nil
	})
	if err == nil {
		u.job = job
	}
	return result.Outcome == link.Kept, err
}

// transact fills the results and notes them, in one transaction.
func (u *undo) transact(ctx context.Context, users []link.User, fill func(tx *gorm.DB, results []link.Result) error) (job fullsync.Job, err error) {
	results := make([]link.Result, len(users))
	err = u.site.db.inTransaction(ctx, func(tx *gorm.DB) error {
		if err := fill(tx, results); err != nil {
			return err
		}
		job, err = u.checkpoint(tx, users, results)
		return err
	})
	return job, err
}

// checkpoint commits the chunk's report, which stands under its highest user, and moves the job on.
func (u *undo) checkpoint(tx *gorm.DB, users []link.User, results []link.Result) (fullsync.Job, error) {
	job, before := u.job, u.job.LastUserID
	if users[0].ID != u.actor {
		job.LastUserID = users[len(users)-1].ID
	}
	return u.site.note(tx, job, before, users[0].ID, users, results)
}

// takeBack decides about each user and, in an undo, carries it out.
func (u *undo) takeBack(ctx context.Context, tx *gorm.DB, users []link.User) ([]*undoUnit, error) {
	tx = tx.WithContext(ctx)
	units, err := u.units(ctx, tx, users)
	if err != nil {
		return nil, err
	}
	look := &undoLook{undo: u, tx: tx, units: units}
	if err := look.all(ctx); err != nil {
		return nil, err
	}
	if u.preview() {
		return units, nil
	}
	w := &undoWrite{undo: u, tx: tx, now: look.now, journal: u.site.newJournal(tx, causeUndo, uuid.MustParse(u.job.ID), u.job.ActorUserID)}
	return units, w.all(ctx, units)
}

// undoUnit is what the job wrote for one user: it is taken back together or not at all.
type undoUnit struct {
	user    link.User
	entries []uint64      // ids in userlink_journal
	raw     []rowChange   // in the order in which they were written
	changes []link.Change // the same
	reason  link.Reason   // why it is kept; empty: it is taken back
}

func (n *undoUnit) result() link.Result {
	result := link.Result{Outcome: link.Undone, Reason: link.TakenBack, Actions: []link.Action{}}
	if n.reason != "" {
		result.Outcome, result.Reason = link.Kept, n.reason
	}
	for i := range n.changes {
		if id := n.contact(i); id != 0 {
			result.ContactID = &id
		}
	}
	return result
}

// contact returns the contact that a change is about, or 0.
func (n *undoUnit) contact(i int) uint32 {
	c := n.changes[i]
	if c.Table == tableContact {
		return c.ID
	}
	for _, values := range []map[string]string{c.After, c.Before} {
		if id := number32(values["contact_id"]); id != 0 {
			return id
		}
	}
	return 0
}

func (n *undoUnit) changesContacts() bool {
	return n.reason == "" && slices.ContainsFunc(n.changes, func(c link.Change) bool { return c.Table == tableContact && c.Kind != link.RowUpdated })
}

// units locks the users, and reads what was written for them.
func (u *undo) units(ctx context.Context, tx *gorm.DB, users []link.User) ([]*undoUnit, error) {
	ids := make([]uint32, len(users))
	units := make([]*undoUnit, len(users))
	byUser := map[uint32]*undoUnit{}
	for i, user := range users {
		ids[i], units[i] = user.ID, &undoUnit{user: user}
		byUser[user.ID] = units[i]
	}
	if !u.preview() {
		if _, err := u.site.lockUsers(tx, ids); err != nil {
			return nil, err
		}
	}
	entries, err := u.site.journalEntries(ctx, tx, "AND cause_id = ? AND uf_id IN ? AND undone_by IS NULL ORDER BY id", u.cause[:], ids)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		unit := byUser[e.UserID]
		unit.entries = append(unit.entries, e.ID)
		for _, raw := range e.Changes {
			change, err := u.change(raw)
			if err != nil {
				return nil, fmt.Errorf("entry %d of the journal: %w", e.ID, err)
			}
			unit.raw, unit.changes = append(unit.raw, raw), append(unit.changes, change)
		}
	}
	return units, nil
}

// errUnknownTable says that the journal names a table that an undo does not know.
var errUnknownTable = errors.New("the journal names a table that cannot be undone")

func (u *undo) change(raw rowChange) (link.Change, error) {
	table, known := u.tables[raw.Table]
	if !known {
		return link.Change{}, fmt.Errorf("%w: %s", errUnknownTable, raw.Table)
	}
	before, err := table.texts(raw.Before)
	if err != nil {
		return link.Change{}, err
	}
	after, err := table.texts(raw.After)
	return link.Change{RowRef: link.RowRef{Table: raw.Table, ID: raw.RowID}, Kind: link.ChangeKind(raw.Change), Before: before, After: after}, err
}
