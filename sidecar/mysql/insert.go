package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// serverNow stands for the server's NOW(): the clock that CiviCRM's own rows are written by.
type serverTime struct{}

var serverNow = serverTime{}

// wallClock is what a clock shows in some time zone, as a datetime column has it. Like serverNow it is not repeated in the
// journal.
type wallClock string

// logTime is what civicrm_log, whose dates have no time zone, gets as the time. Source: CRM_Core_BAO_Log::register, by PHP's date().
func (s *Site) logTime() any {
	if s.TimeZone == nil {
		return serverNow
	}
	return wallClock(s.now().In(s.TimeZone).Format(time.DateTime))
}

// inserted is one row that is sent with the statement after it, and what is done when its id is known.
type inserted struct {
	later
	then func(ids []uint32)
}

// insert adds rows, and calls then with their ids, in order: a single row's when it has landed, which whatever comes before
// it in the journal has to wait for. Columns that the table lacks are left out.
func (w *write) insert(ctx context.Context, table string, columns []string, rows [][]any, then func(ids []uint32)) error {
	if len(rows) == 0 {
		then(nil)
		return nil
	}
	if len(rows) > 1 && w.step == 0 {
		if err := w.readStep(&w.step); err != nil {
			return err
		}
	}
	known := w.civicrm.columns[table]
	var names []string
	var use []int
	for i, c := range columns {
		if known[c] {
			names, use = append(names, c), append(use, i)
		}
	}
	ids := make([]uint32, 0, len(rows))
	text := newRowsText("INSERT INTO "+table+" ("+strings.Join(names, ",")+") VALUES ", len(rows))
	values := make([]any, len(use))
	for n, row := range rows {
		for k, i := range use {
			values[k] = row[i]
		}
		if err := text.add(values...); err != nil {
			return err
		}
		if len(rows) == 1 {
			return w.insertLater(ctx, table, text, then)
		}
		if n+1 < len(rows) && !text.full() {
			continue
		}
		added := text.rows
		done, err := text.send(ctx, w.tx.Statement.ConnPool, "")
		if err != nil {
			return err
		}
		if ids, err = w.ids(ids, done, table, added); err != nil {
			return err
		}
	}
	then(ids)
	return nil
}

func (w *write) insertLater(ctx context.Context, table string, text *rowsText, then func(ids []uint32)) error {
	row := &inserted{later{wants: true}, then}
	if table == tableMatch {
		row.taken = errTakenMeanwhile
	}
	w.awaited = append(w.awaited, row)
	return text.sendLater(ctx, w.tx.Statement.ConnPool, &row.later)
}

// newID is the value of a column that refers to a new contact. As long as we do not know the id, the server does.
type newID struct {
	id     *uint32 // 0: not known yet
	before string  // what stands before the id in a text; empty: the value is the id
}

// newContact is where the server keeps the id of the contact that it inserted, for the statements after that.
const newContact = "@userlink_contact"

// keepContact lets the rows that refer to a new contact be sent together with it, when it is the only one; if there are more
// users, or it has been sent already, its id is known afterwards.
func (w *write) keepContact(ctx context.Context) error {
	if len(w.users) > 1 || len(w.awaited) != 1 || w.awaited[0].id != 0 {
		return w.land(ctx)
	}
	_, err := w.tx.Statement.ConnPool.ExecContext(ctx, "SET "+newContact+" = LAST_INSERT_ID()", &later{})
	return err
}

// appendLiteral writes the value as SQL.
func (v newID) appendLiteral(b []byte) []byte {
	switch {
	case *v.id == 0 && v.before == "":
		return append(b, newContact...)
	case *v.id == 0:
		return append(appendQuoted(append(b, "CONCAT("...), v.before), ","+newContact+")"...)
	case v.before == "":
		return strconv.AppendUint(b, uint64(*v.id), 10)
	}
	return appendQuoted(b, v.before+strconv.FormatUint(uint64(*v.id), 10))
}

// appendJSON writes the value as JSON.
func (v newID) appendJSON(b []byte) []byte {
	if v.before == "" {
		return strconv.AppendUint(b, uint64(*v.id), 10)
	}
	return appendText(b, v.before+strconv.FormatUint(uint64(*v.id), 10))
}

// land sends the rows that wait, and does what had to wait for their ids.
func (w *write) land(ctx context.Context) error {
	if len(w.awaited) == 0 {
		return nil
	}
	if err := sendLater(ctx, w.tx.Statement.ConnPool); err != nil {
		return err
	}
	for _, row := range w.awaited {
		row.then([]uint32{uint32(row.id)}) //nolint:gosec // the column is int unsigned
	}
	w.awaited = nil
	return nil
}

// ids appends the ids of the n rows just inserted. A statement that names its rows gets ids in one series, whatever
// innodb_autoinc_lock_mode says; the step is that of the server (a cluster of three counts by three).
func (w *write) ids(ids []uint32, done sql.Result, table string, n int) ([]uint32, error) {
	first, err := done.LastInsertId()
	if err != nil {
		return nil, err
	}
	for i := range n {
		ids = append(ids, uint32(first)+uint32(i)*w.step) //nolint:gosec // the column is int unsigned
	}
	if n == 1 || table != tableContact {
		return ids, nil
	}
	return ids, w.verify(ids[len(ids)-n:])
}

// verify makes sure that new contacts have the ids that we think, before anything is built on them: that many rows stand
// there.
func (w *write) verify(ids []uint32) error {
	var found int
	err := w.tx.Raw("SELECT COUNT(*) FROM civicrm_contact WHERE id BETWEEN ? AND ?", ids[0], ids[len(ids)-1]).Scan(&found).Error
	if err == nil && found != len(ids) {
		err = errNoSeries
	}
	return errors.Join(err, w.sameStep())
}

// sameStep makes sure, after the inserts, that all of them counted by the step that was read before them. A node that joins
// or leaves changes it for every connection, from one statement to the next.
func (w *write) sameStep() error {
	if w.step == 0 {
		return nil // no insert had more than one row
	}
	var now uint32
	if err := w.readStep(&now); err != nil {
		return err
	}
	if now != w.step {
		return errNoSeries
	}
	return nil
}

// series is sameStep, as the last step of a write before the ids go into the journal.
func (w *write) series(ctx context.Context) error {
	if err := w.land(ctx); err != nil {
		return fmt.Errorf("insert: %w", err)
	}
	return w.sameStep()
}

func (w *write) readStep(into *uint32) error {
	return w.tx.Raw("SELECT @@auto_increment_increment").Scan(into).Error
}
