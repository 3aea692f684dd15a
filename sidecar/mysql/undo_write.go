package mysql

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gorm.io/gorm"

	"userlink/sidecar/link"
)

// undoWrite takes units back: the rows of each in reverse, those of the same table and kind in one statement, however many
// users there are. What it writes is journalled, so an undo can be undone.
type undoWrite struct {
	undo    *undo
	tx      *gorm.DB
	now     map[link.RowRef]link.Row
	journal *journal
}

// undoOp reverses one change.
type undoOp struct {
	unit   *undoUnit
	raw    rowChange
	change link.Change
}

func (w *undoWrite) all(ctx context.Context, units []*undoUnit) error {
	// CiviCRM's logging triggers are told who is acting.
	session := &write{site: w.undo.site, tx: w.tx, civicrm: w.undo.civicrm, journal: w.journal}
	if err := session.session(ctx); err != nil {
		return err
	}
	var entries []uint64
	var queues [][]undoOp
	for _, unit := range units {
		if unit.reason != "" {
			continue
		}
		entries = append(entries, unit.entries...)
		var queue []undoOp
		for i := len(unit.changes) - 1; i >= 0; i-- {
			queue = append(queue, undoOp{unit, unit.raw[i], unit.changes[i]})
		}
		queues = append(queues, queue)
	}
	if len(entries) == 0 {
		return nil
	}
	for {
		ops := nextOps(queues)
		if len(ops) == 0 {
			break
		}
		if err := w.reverse(ctx, ops); err != nil {
			return fmt.Errorf("take back %s of %s: %w", ops[0].change.Kind, ops[0].change.Table, err)
		}
	}
	done := w.tx.Exec("UPDATE userlink_journal SET undone_by = ? WHERE id IN ?", w.journal.causeID[:], entries)
	if done.Error != nil {
		return fmt.Errorf("mark journal: %w", done.Error)
	}
	return w.journal.flush(ctx)
}

// nextOps takes from the queues what can be done together: the same kind of change to the same table.
func nextOps(queues [][]undoOp) []undoOp {
	var ops []undoOp
	for i, queue := range queues {
		n := 0
		for n < len(queue) && (len(ops) == 0 || queue[n].alike(ops[0])) {
			ops = append(ops, queue[n])
			n++
		}
		queues[i] = queue[n:]
	}
	return ops
}

func (o undoOp) alike(p undoOp) bool {
	return o.change.Table == p.change.Table && o.change.Kind == p.change.Kind
}

func (w *undoWrite) reverse(ctx context.Context, ops []undoOp) error {
	table := w.undo.tables[ops[0].change.Table]
	switch ops[0].change.Kind {
	case link.RowInserted:
		return w.remove(table, ops)
	case link.RowDeleted:
		return w.putBack(ctx, table, ops)
	case link.RowUpdated:
		return w.reset(table, ops)
	}
	return fmt.Errorf("the journal names a change that is none: %q", ops[0].change.Kind)
}

// remove deletes what was inserted. The journal keeps the whole row, also what the server's clock had written.
func (w *undoWrite) remove(table undoTable, ops []undoOp) error {
	var ids []uint32
	for _, op := range ops {
		row, there := w.now[op.change.RowRef]
		if !there {
			continue // a line of the change log that is gone already
		}
		before := map[string]json.RawMessage{}
		if err := json.Unmarshal(op.raw.After, &before); err != nil {
			return err
		}
		for name, value := range row.Values {
			if link.IsClock(name) {
				before[name] = appendText(nil, value)
			}
		}
		kept, err := json.Marshal(before)
		if err != nil {
			return err
		}
		w.journal.add(op.unit.user.ID, link.TakenBack, table.name, op.change.ID, string(link.RowDeleted), kept, nil)
		ids = append(ids, op.change.ID)
	}
	if len(ids) == 0 {
		return nil
	}
	done := w.tx.Exec("DELETE FROM " + table.name + " WHERE " + just(table.key, ids))
	if done.Error == nil && done.RowsAffected != int64(len(ids)) {
		return errTakenMeanwhile
	}
	return done.Error
}

// putBack inserts what was deleted, under its old id.
func (w *undoWrite) putBack(ctx context.Context, table undoTable, ops []undoOp) error {
	for len(ops) > 0 {
		columns := slices.Sorted(maps.Keys(ops[0].change.Before))
		n := 1
		for n < len(ops) && slices.Equal(columns, slices.Sorted(maps.Keys(ops[n].change.Before))) {
			n++
		}
		quoted := []string{table.key}
		for _, c := range columns {
			quoted = append(quoted, quote(c))
		}
		var args []any
		for _, op := range ops[:n] {
			args = append(args, op.change.ID)
			for _, c := range columns {
				args = append(args, op.change.Before[c])
			}
			w.journal.add(op.unit.user.ID, link.TakenBack, table.name, op.change.ID, string(link.RowInserted), nil, op.raw.Before)
		}
		statement := "INSERT INTO " + table.name + " (" + strings.Join(quoted, ",") + ") VALUES " + placeholders(n, len(quoted))
		if _, err := w.tx.Statement.ConnPool.ExecContext(ctx, statement, args...); err != nil {
			return err
		}
		ops = ops[n:]
	}
	return nil
}

// reset gives updated columns their old values.
func (w *undoWrite) reset(table undoTable, ops []undoOp) error {
	for _, op := range ops {
		var sets []string
		var args []any
		for _, c := range slices.Sorted(maps.Keys(op.change.Columns())) {
			sets = append(sets, quote(c)+" = ?")
			if before, set := op.change.Before[c]; set {
				args = append(args, before)
			} else {
				args = append(args, nil)
			}
		}
		condition := " WHERE " + table.key + " = ?"
		args = append(args, op.change.ID)
		if table.name == tableUser {
			condition += " AND site_id = ?"
			args = append(args, w.undo.site.ID)
		}
		if err := w.tx.Exec("UPDATE "+table.name+" SET "+strings.Join(sets, ", ")+condition, args...).Error; err != nil {
			return err
		}
		w.journal.add(op.unit.user.ID, link.TakenBack, table.name, op.change.ID, string(link.RowUpdated), op.raw.After, op.raw.Before)
	}
	return nil
}
