package mysql

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// serverNow stands for the server's NOW(): the clock that CiviCRM's own rows are written by.
type serverTime struct{}

var serverNow = serverTime{}

// insert adds rows with one statement and returns their ids, in order. Columns that the table lacks are left out.
func (w *write) insert(ctx context.Context, table string, columns []string, rows [][]any) ([]uint32, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	known := w.civicrm.columns[table]
	var statement strings.Builder
	statement.WriteString("INSERT INTO " + table + " (")
	var use []int
	for i, c := range columns {
		if known[c] {
			if len(use) > 0 {
				statement.WriteByte(',')
			}
			statement.WriteString(c)
			use = append(use, i)
		}
	}
	statement.WriteString(") VALUES ")
	args := make([]any, 0, len(rows)*len(use))
	for n, row := range rows {
		if n > 0 {
			statement.WriteByte(',')
		}
		statement.WriteByte('(')
		for k, i := range use {
			if k > 0 {
				statement.WriteByte(',')
			}
			if row[i] == serverNow {
				statement.WriteString("NOW()")
				continue
			}
			statement.WriteByte('?')
			args = append(args, row[i])
		}
		statement.WriteByte(')')
	}
	// Past GORM's own parsing of the statement, which would look at every byte of a thousand rows again.
	done, err := w.tx.Statement.ConnPool.ExecContext(ctx, statement.String(), args...)
	if err != nil {
		return nil, err
	}
	return w.ids(done, table, len(rows))
}

// ids returns the ids of the n rows just inserted. A statement that names its rows gets ids in one series, whatever
// innodb_autoinc_lock_mode says; the step is that of the server (a cluster of three counts by three).
func (w *write) ids(done sql.Result, table string, n int) ([]uint32, error) {
	first, err := done.LastInsertId()
	if err != nil {
		return nil, err
	}
	if n == 1 {
		return []uint32{uint32(first)}, nil //nolint:gosec // the column is int unsigned
	}
	var step uint32
	if err := w.tx.Raw("SELECT @@auto_increment_increment").Scan(&step).Error; err != nil {
		return nil, err
	}
	ids := make([]uint32, n)
	for i := range ids {
		ids[i] = uint32(first) + uint32(i)*step //nolint:gosec // as above
	}
	return ids, w.verify(table, ids)
}

// verify makes sure that the series is what we think: that many rows of this transaction stand there.
func (w *write) verify(table string, ids []uint32) error {
	if table != tableContact {
		return nil // nothing is built on the ids of the others but the journal
	}
	var found int
	err := w.tx.Raw("SELECT COUNT(*) FROM civicrm_contact WHERE id BETWEEN ? AND ?", ids[0], ids[len(ids)-1]).Scan(&found).Error
	if err == nil && found != len(ids) {
		err = fmt.Errorf("the %d new contacts did not get ids in one series", len(ids))
	}
	return err
}
