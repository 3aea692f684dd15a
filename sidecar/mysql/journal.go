package mysql

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"userlink/sidecar/fullsync"
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

// rowChange is one row that was written. before and after are JSON objects of the columns concerned, empty where there was
// or is no row.
type rowChange struct {
	Table  string          `json:"table"`
	RowID  uint32          `json:"row_id"`
	Change string          `json:"change"` // insert, update or delete
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
}

// journal collects every row that a transaction writes, and writes them down in the same transaction: one row of
// userlink_journal for each user, since what was done for a user is also taken back together.
type journal struct {
	tx          *gorm.DB
	siteID      string
	cause       cause
	causeID     uuid.UUID
	actorUserID uint32
	at          time.Time
	users       []journalUser
	byUser      map[uint32]int // index in users
}

// journalUser is one user's row in the making. changes is a JSON array without its end.
type journalUser struct {
	id      uint32
	reason  link.Reason
	changes []byte
}

func (s *Site) newJournal(tx *gorm.DB, c cause, id uuid.UUID, actorUserID uint32) *journal {
	return &journal{tx: tx, siteID: s.ID, cause: c, causeID: id, actorUserID: actorUserID, at: s.now(), byUser: map[uint32]int{}}
}

// add notes one row. before and after are JSON objects, or empty.
func (j *journal) add(userID uint32, reason link.Reason, table string, rowID uint32, change string, before, after []byte) {
	at := j.row(userID, reason, table)
	b := beginChange(j.users[at].changes, table, rowID, change)
	if len(before) > 0 {
		b = append(append(b, `,"before":`...), before...)
	}
	if len(after) > 0 {
		b = append(append(b, `,"after":`...), after...)
	}
	b = append(b, '}')
	j.users[at].changes = b
}

// row returns the index of the user's row, which is begun if this is the first change.
func (j *journal) row(userID uint32, reason link.Reason, table string) int {
	at, known := j.byUser[userID]
	if !known {
		room := linkRoom
		if table == tableContact {
			room = contactRoom
		}
		at = len(j.users)
		j.byUser[userID] = at
		j.users = append(j.users, journalUser{id: userID, reason: reason, changes: make([]byte, 0, room)})
	}
	return at
}

// About what a new link takes, in bytes, and a new contact with its email, log row and link.
const (
	linkRoom    = 256
	contactRoom = 1024
)

func beginChange(b []byte, table string, rowID uint32, change string) []byte {
	if len(b) == 0 {
		b = append(b, '[')
	} else {
		b = append(b, ',')
	}
	b = append(append(b, `{"table":"`...), table...)
	b = strconv.AppendUint(append(b, `","row_id":`...), uint64(rowID), 10)
	return append(append(append(b, `,"change":"`...), change...), '"')
}

func (j *journal) inserted(userID uint32, reason link.Reason, table string, rowID uint32, columns []string, row []any) {
	at := j.row(userID, reason, table) // straight into its place: of all changes these are the many
	b := append(beginChange(j.users[at].changes, table, rowID, "insert"), `,"after":`...)
	j.users[at].changes = append(appendRow(b, columns, row), '}')
}

func (j *journal) updated(userID uint32, reason link.Reason, table string, rowID uint32, column string, before, after any) {
	j.add(userID, reason, table, rowID, "update", rowJSON([]string{column}, []any{before}), rowJSON([]string{column}, []any{after}))
}

func (j *journal) deleted(userID uint32, reason link.Reason, table string, rowID uint32, columns []string, row []any) {
	j.add(userID, reason, table, rowID, "delete", rowJSON(columns, row), nil)
}

// flush writes what was collected.
func (j *journal) flush(ctx context.Context) error {
	if len(j.users) == 0 {
		return nil
	}
	same, err := j.sameForAll()
	if err != nil {
		return err
	}
	text := newRowsText("INSERT INTO userlink_journal (site_id, cause, cause_id, actor_uf_id, written_at, uf_id, reason, changes) VALUES ", len(j.users))
	for n, u := range j.users {
		text.begin()
		text.text = strconv.AppendUint(append(text.text, same...), uint64(u.id), 10)
		text.text = appendQuoted(append(text.text, ','), string(u.reason))
		text.text = append(appendQuoted(append(text.text, ','), append(u.changes, ']')), ')')
		if n+1 < len(j.users) && !text.full() {
			continue
		}
		if err := j.send(ctx, text); err != nil {
			return fmt.Errorf("write journal: %w", err)
		}
	}
	j.users = nil
	return nil
}

// send sends entries, a single one with what the transaction does next.
func (j *journal) send(ctx context.Context, text *rowsText) error {
	if text.rows == 1 {
		return text.sendLater(ctx, j.tx.Statement.ConnPool, &later{})
	}
	_, err := text.send(ctx, j.tx.Statement.ConnPool, "")
	return err
}

// sameForAll is what the rows of all users begin with.
func (j *journal) sameForAll() (b []byte, err error) {
	for _, v := range []any{j.siteID, string(j.cause), j.causeID[:], j.actorUserID, j.at} {
		if b, err = appendLiteral(b, v); err != nil {
			return nil, err
		}
		b = append(b, ',')
	}
	return b, nil
}

// rowJSON writes the columns that have a value, in their order, as a JSON object. The server's clock is left out.
func rowJSON(columns []string, row []any) []byte { return appendRow(nil, columns, row) }

func appendRow(b []byte, columns []string, row []any) []byte {
	b = append(b, '{')
	first := len(b)
	for i, c := range columns {
		from := len(b)
		if from > first {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), c...), `":`...)
		var ok bool
		if b, ok = appendValue(b, row[i]); !ok {
			b = b[:from]
		}
	}
	return append(b, '}')
}

// appendValue writes a column's value as JSON; false: it has none.
func appendValue(b []byte, value any) ([]byte, bool) {
	switch v := value.(type) {
	case nil, serverTime, wallClock:
		return b, false
	case *string:
		if v == nil {
			return b, false
		}
		return appendText(b, *v), true
	case *uint32:
		if v == nil {
			return b, false
		}
		return strconv.AppendUint(b, uint64(*v), 10), true
	case string:
		return appendText(b, v), true
	case newID:
		return v.appendJSON(b), true
	case uint32:
		return strconv.AppendUint(b, uint64(v), 10), true
	case int:
		return strconv.AppendInt(b, int64(v), 10), true
	}
	other, err := json.Marshal(value)
	return append(b, other...), err == nil
}

// appendText writes a text as JSON. Most are plain, and a sync writes a dozen for each user.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(s) //nolint:errchkjson // a text cannot fail
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

// journalEntry is a row of userlink_journal: all that one transaction wrote for one user.
type journalEntry struct {
	ID       uint64
	UserID   uint32
	Cause    cause
	CauseID  uuid.UUID
	Reason   link.Reason
	At       time.Time
	UndoneBy *uuid.UUID // the undo that took it back
	Changes  []rowChange
}

// journalEntries reads the site's entries that the condition, which may end in an order and a limit, lets through.
func (s *Site) journalEntries(ctx context.Context, db *gorm.DB, condition string, args ...any) ([]journalEntry, error) {
	rows, err := db.WithContext(ctx).Raw("SELECT id, uf_id, cause, cause_id, reason, written_at, undone_by, changes FROM userlink_journal WHERE site_id = ? "+condition,
		append([]any{s.ID}, args...)...).Rows()
	if err != nil {
		return nil, fmt.Errorf("read journal: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var entries []journalEntry
	for rows.Next() {
		var e journalEntry
		var changes []byte
		if err := rows.Scan(&e.ID, &e.UserID, &e.Cause, &e.CauseID, &e.Reason, &e.At, &e.UndoneBy, &changes); err != nil {
			return nil, fmt.Errorf("read journal: %w", err)
		}
		if err := json.Unmarshal(changes, &e.Changes); err != nil {
			return nil, fmt.Errorf("entry %d of the journal is damaged: %w", e.ID, err)
		}
		entries = append(entries, e)
	}
	return entries, rows.Err()
}

// lines are the entry's changes for a reader, the last one first.
func (e journalEntry) lines() []fullsync.JournalLine {
	lines := make([]fullsync.JournalLine, 0, len(e.Changes))
	for i := len(e.Changes) - 1; i >= 0; i-- {
		c := e.Changes[i]
		lines = append(lines, fullsync.JournalLine{
			At: e.At, Table: c.Table, RowID: c.RowID, Change: c.Change, Before: string(c.Before), After: string(c.After),
			Reason: e.Reason, Cause: string(e.Cause), ID: e.CauseID.String(), By: string(e.Cause) + " " + e.CauseID.String(), Undone: e.UndoneBy != nil,
		})
	}
	return lines
}
