package mysql

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"gorm.io/gorm"
)

// read runs a query and calls each for every row, with what scans it. It goes past GORM, which would look at every
// placeholder of a thousand and set every field by reflection: half of our own time in a sync.
func read(ctx context.Context, tx *gorm.DB, query string, args []any, each func(scan func(...any) error) error) error {
	rows, err := tx.Statement.ConnPool.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

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
