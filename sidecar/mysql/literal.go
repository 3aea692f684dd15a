package mysql

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"
)

// rowsText is an INSERT of many rows in the making. Its values stand in the text as literals: the driver would look through
// the text for placeholders and copy it four times, which took a third of our own time in a sync.
type rowsText struct {
	text []byte
	head int // length of what stands before the rows
	rows int // in text now
}

// execer carries out statements: a connection, a transaction or a pool.
type execer interface {
	ExecContext(ctx context.Context, statement string, args ...any) (sql.Result, error)
}

// packet is about how long the text of one INSERT gets, in bytes: the driver and the server keep their buffers up to that
// size, and make new ones for each statement above it. The live site waits less for short statements, too.
const packet = 192 << 10

// newRowsText begins an INSERT of so many rows.
func newRowsText(head string, rows int) *rowsText {
	b := append(make([]byte, 0, min(len(head)+rows*usualRow, packet+packet/4)), head...)
	return &rowsText{text: b, head: len(b)}
}

// usualRow is about how long the text of a row gets, in bytes: that of a contact, or of a journal entry.
const usualRow = 1 << 10

// add appends one row.
func (t *rowsText) add(values ...any) error {
	var err error
	t.begin()
	for i, v := range values {
		if i > 0 {
			t.text = append(t.text, ',')
		}
		if t.text, err = appendLiteral(t.text, v); err != nil {
			return err
		}
	}
	t.text = append(t.text, ')')
	return nil
}

func (t *rowsText) begin() {
	if t.rows > 0 {
		t.text = append(t.text, ',')
	}
	t.text = append(t.text, '(')
	t.rows++
}

// full tells whether it is time to send what there is.
func (t *rowsText) full() bool { return len(t.text) >= packet }

// send inserts the rows, with what follows them, and begins anew.
func (t *rowsText) send(ctx context.Context, conn execer, after string) (sql.Result, error) {
	done, err := conn.ExecContext(ctx, string(append(t.text, after...)))
	t.text, t.rows = t.text[:t.head], 0
	return done, err
}

// sendLater inserts the rows with the statement that comes next.
func (t *rowsText) sendLater(ctx context.Context, conn execer, l *later) error {
	_, err := conn.ExecContext(ctx, string(t.text), l)
	return err
}

// appendLiteral writes a value as SQL. A text is quoted for connections of utf8mb4 whose sql_mode is ours; see session.
func appendLiteral(b []byte, value any) ([]byte, error) {
	switch v := value.(type) {
	case nil:
		return append(b, "NULL"...), nil
	case serverTime:
		return append(b, "NOW()"...), nil
	case wallClock:
		return appendQuoted(b, string(v)), nil
	case string:
		return appendQuoted(b, v), nil
	case *string:
		if v == nil {
			return append(b, "NULL"...), nil
		}
		return appendQuoted(b, *v), nil
	case *uint32:
		if v == nil {
			return append(b, "NULL"...), nil
		}
		return strconv.AppendUint(b, uint64(*v), 10), nil
	case newID:
		return v.appendLiteral(b), nil
	case uint32:
		return strconv.AppendUint(b, uint64(v), 10), nil
	case int:
		return strconv.AppendInt(b, int64(v), 10), nil
	case bool:
		if v {
			return append(b, '1'), nil
		}
		return append(b, '0'), nil
	case []byte:
		return append(hex.AppendEncode(append(b, "x'"...), v), '\''), nil
	case time.Time:
		return append(v.UTC().AppendFormat(append(b, '\''), "2006-01-02 15:04:05.000000"), '\''), nil
	}
	return b, fmt.Errorf("no literal for %T", value)
}

// appendQuoted writes a text as a string literal.
func appendQuoted[T string | []byte](b []byte, text T) []byte {
	b = append(b, '\'')
	from := 0
	for i := range len(text) {
		switch text[i] {
		case '\'', '\\':
			b = append(append(b, text[from:i]...), '\\')
			from = i
		}
	}
	return append(append(b, text[from:]...), '\'')
}
