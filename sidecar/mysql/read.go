package mysql

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"gorm.io/gorm"
)

// question is a query, with what is called for every row of its answer.
type question struct {
	query string
	each  func(scan func(...any) error) error
}

func (q question) read(ctx context.Context, tx *gorm.DB) error {
	return read(ctx, tx, q.query, nil, q.each)
}

// read runs a query and calls each for every row, with what scans it. It goes past GORM, which would look at every
// placeholder of a thousand and set every field by reflection: half of our own time in a sync.
func read(ctx context.Context, tx *gorm.DB, query string, args []any, each func(scan func(...any) error) error) error {
	rows, err := tx.Statement.ConnPool.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	if err := eachRow(rows, each); err != nil {
		return err
	}
	return rows.Err()
}

func eachRow(rows *sql.Rows, each func(scan func(...any) error) error) error {
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return nil
}

// questions are several queries at once. It is the only argument of QueryContext; see boundConn.
type questions []question

func (list questions) statements() []*later {
	all := make([]*later, len(list))
	for i, q := range list {
		all[i] = &later{statement: q.query}
	}
	return all
}

// ask runs several queries with one round trip, each of which sees what is committed when its turn comes.
func ask(ctx context.Context, tx *gorm.DB, list ...question) error {
	rows, err := tx.Statement.ConnPool.QueryContext(ctx, "", questions(list))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for i, q := range list {
		if i > 0 && !rows.NextResultSet() {
			return cmp.Or(rows.Err(), errFewAnswers)
		}
		if err := eachRow(rows, q.each); err != nil {
			return err
		}
	}
	return rows.Err()
}

var errFewAnswers = errors.New("the server answered fewer queries than it was asked")

// among is a condition on a column that the ids fulfil. Where they stand close together it is their range: the server reads
// one far faster than a list of a thousand, and what lies in between is little. The caller passes over what he did not ask
// for.
func among(column string, ids []uint32) string {
	first, last := slices.Min(ids), slices.Max(ids)
	if uint64(last-first) < rangeFactor*uint64(len(ids)) {
		return fmt.Sprintf("%s BETWEEN %d AND %d", column, first, last)
	}
	return just(column, ids)
}

// just is a condition on a column that the ids fulfil, and nothing else.
func just(column string, ids []uint32) string {
	list := make([]byte, 0, 11*len(ids))
	for i, id := range ids {
		if i > 0 {
			list = append(list, ',')
		}
		list = strconv.AppendUint(list, uint64(id), 10)
	}
	return column + " IN (" + string(list) + ")"
}

// rangeFactor is how many times as many ids a range may span as are asked for.
const rangeFactor = 2

// oneOf is a condition that a column is one of the texts.
func oneOf(column string, texts []string) string {
	size := len(column) + 8
	for _, text := range texts {
		size += len(text) + 4
	}
	b := append(append(make([]byte, 0, size), column...), " IN ("...)
	for i, text := range texts {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendQuoted(b, text)
	}
	return string(append(b, ')'))
}

// integer is a whole number as the driver gives it; 0 if it is none.
func integer(v any) uint64 {
	switch n := v.(type) {
	case uint64:
		return n
	case int64:
		return uint64(max(n, 0))
	case []byte:
		whole, _ := strconv.ParseUint(string(n), 10, 64)
		return whole
	}
	return 0
}
