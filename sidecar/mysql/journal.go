package mysql

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"userlink/sidecar/link"
)

// cause says what made us write.
type cause string

const (
	causeEvent      cause = "event"
	causeSync       cause = "sync"
	causeResolution cause = "resolution"
	causeRepair     cause = "repair"
	causeUndo       cause = "undo"
)

// journal collects one line for every row of CiviCRM's that a transaction writes, and writes them in the same transaction.
type journal struct {
	tx          *gorm.DB
	siteID      string
	cause       cause
	causeID     uuid.UUID
	actorUserID uint32
	at          time.Time
	lines       []any // journalColumns, flat
}

const journalColumns = "(site_id, uf_id, cause, cause_id, actor_uf_id, table_name, row_id, change_type, row_before, row_after, reason, written_at)"

func (s *Site) newJournal(tx *gorm.DB, c cause, id uuid.UUID, actorUserID uint32) *journal {
	return &journal{tx: tx, siteID: s.ID, cause: c, causeID: id, actorUserID: actorUserID, at: s.now()}
}

func (j *journal) add(userID uint32, reason link.Reason, table string, rowID uint32, change string, before, after any) {
	j.lines = append(j.lines, j.siteID, userID, string(j.cause), j.causeID[:], j.actorUserID, table, rowID, change, before, after, string(reason), j.at)
}

func (j *journal) inserted(userID uint32, reason link.Reason, table string, rowID uint32, columns []string, row []any) {
	j.add(userID, reason, table, rowID, "insert", nil, rowJSON(columns, row))
}

func (j *journal) updated(userID uint32, reason link.Reason, table string, rowID uint32, column, before, after string) {
	j.add(userID, reason, table, rowID, "update", rowJSON([]string{column}, []any{before}), rowJSON([]string{column}, []any{after}))
}

func (j *journal) deleted(userID uint32, reason link.Reason, table string, rowID uint32, columns []string, row []any) {
	j.add(userID, reason, table, rowID, "delete", rowJSON(columns, row), nil)
}

const journalWidth = 12

// flush writes the lines.
func (j *journal) flush(ctx context.Context) error {
	const atOnce = 1000
	for len(j.lines) > 0 {
		n := min(len(j.lines)/journalWidth, atOnce)
		statement := "INSERT INTO userlink_journal " + journalColumns + " VALUES " + placeholders(n, journalWidth)
		if _, err := j.tx.Statement.ConnPool.ExecContext(ctx, statement, j.lines[:n*journalWidth]...); err != nil {
			return err
		}
		j.lines = j.lines[n*journalWidth:]
	}
	return nil
}

// rowJSON writes the columns that have a value, in their order, as a JSON object. The server's clock is left out.
func rowJSON(columns []string, row []any) string {
	var b strings.Builder
	b.WriteByte('{')
	for i, c := range columns {
		if row[i] == nil || row[i] == serverNow || isNilPointer(row[i]) {
			continue
		}
		value, err := json.Marshal(row[i])
		if err != nil {
			continue // text and numbers only: cannot happen
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		b.WriteString(`"` + c + `":`)
		b.Write(value)
	}
	b.WriteByte('}')
	return b.String()
}

func isNilPointer(v any) bool {
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Pointer && r.IsNil()
}
