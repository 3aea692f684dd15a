package mysql

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// fullConn is all that the driver's connections can do.
type fullConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// boundConn is a connection that sends statements together; see later and ask. Its commits end with the context of their
// transaction, as every other statement does: in a cluster a commit waits for other nodes, and the driver alone would wait for
// it for ever.
type boundConn struct {
	fullConn
	joins bool // the server takes statements together. A node of a cluster does not: see doc/decisions/
	held  []*later
	after *afterwards
	asked *atomic.Int64 // counts the statements; nil: nobody wants to know
}

// count notes how many statements the server is going to see: it counts each of those that are sent together.
func (c *boundConn) count(statements int) {
	if c.asked != nil {
		c.asked.Add(int64(statements))
	}
}

// later is a statement that waits for the next one of its transaction and is sent together with that, since nobody needs its
// outcome before. An error of any of them is that of whatever sent them. It is the last argument of ExecContext.
type later struct {
	taken error // what it means that a key of its row is there already; nil: an error like any other
	id    int64 // of the row that was inserted, when it has been sent
	wants bool  // the id

	statement string
	args      []driver.NamedValue
	begins    bool // it is the beginning of a transaction
}

// afterwards is a statement that follows the COMMIT of its transaction without being part of it. It is the last argument of
// ExecContext.
type afterwards struct {
	done      bool // else it has not been carried out, and whoever wanted it does it
	statement string
}

// sendHeld is the argument of a call that sends what is held.
type sendHeld struct{}

// sendLater sends the statements that wait.
func sendLater(ctx context.Context, conn execer) error {
	_, err := conn.ExecContext(ctx, "", sendHeld{})
	return err
}

// joinable is up to how many bytes a statement is sent together with others. A longer one costs more to copy than the way to
// the server does.
const joinable = 64 << 10

// errStacked says that a text which should have been one statement has several.
var errStacked = errors.New("the text has more than one statement")

// CheckNamedValue implements driver.NamedValueChecker. Our own arguments are for boundConn alone.
func (c *boundConn) CheckNamedValue(v *driver.NamedValue) error {
	switch v.Value.(type) {
	case *later, *afterwards, sendHeld, questions:
		return nil
	}
	return c.fullConn.CheckNamedValue(v)
}

// ExecContext implements driver.ExecerContext. A server that has become a replica since we connected is left: the next
// connection may lead to the primary.
func (c *boundConn) ExecContext(ctx context.Context, statement string, args []driver.NamedValue) (driver.Result, error) {
	if len(args) > 0 {
		last := len(args) - 1
		switch own := args[last].Value.(type) {
		case *later:
			own.statement, own.args = statement, args[:last]
			return driver.ResultNoRows, c.hold(ctx, own)
		case *afterwards:
			if stacked(statement) {
				return nil, errStacked
			}
			own.statement, c.after = statement, own
			return driver.ResultNoRows, nil
		case sendHeld:
			return driver.ResultNoRows, c.release(ctx)
		}
	}
	if len(statement) > joinable {
		if err := c.release(ctx); err != nil {
			return nil, err
		}
	}
	return c.send(ctx, &later{statement: statement, args: args})
}

// hold keeps a statement until the next one.
func (c *boundConn) hold(ctx context.Context, l *later) error {
	apart := func(other *later) bool {
		return other.taken != nil && l.taken != nil && !errors.Is(other.taken, l.taken)
	}
	for _, other := range c.held {
		if apart(other) { // of two duplicates it could not be told which one it was
			if err := c.release(ctx); err != nil {
				return err
			}
			break
		}
	}
	if !c.joins || len(l.statement) > joinable {
		if err := c.release(ctx); err != nil {
			return err
		}
		_, err := c.send(ctx, l)
		return err
	}
	if stacked(l.statement) {
		return errStacked
	}
	c.held = append(c.held, l)
	return nil
}

// release sends what is held.
func (c *boundConn) release(ctx context.Context) error {
	if len(c.held) == 0 {
		return nil
	}
	last := c.held[len(c.held)-1]
	c.held = c.held[:len(c.held)-1]
	_, err := c.send(ctx, last)
	return err
}

// send sends a statement, with those that are held before it. The result is that of the statement.
func (c *boundConn) send(ctx context.Context, l *later) (driver.Result, error) {
	if stacked(l.statement) {
		return nil, errStacked
	}
	all := slices.Concat(c.held, []*later{l})
	text, args := joined(all)
	c.count(len(all))
	done, err := c.fullConn.ExecContext(ctx, text, args)
	if errors.Is(err, driver.ErrSkip) { // it is going to be prepared instead, which sends what is held
		return nil, err
	}
	c.held = nil
	if err != nil {
		return nil, c.meaning(all, err)
	}
	return done, c.keepIDs(all, done)
}

// keepIDs tells who wants to know the ids of the rows that were inserted.
func (c *boundConn) keepIDs(sent []*later, done driver.Result) error {
	var ids []int64
	for i, l := range sent {
		if !l.wants {
			continue
		}
		if ids == nil {
			every, ok := done.(interface{ AllLastInsertIds() []int64 })
			if ok {
				ids = every.AllLastInsertIds()
			}
			if len(ids) != len(sent) {
				return fmt.Errorf("%d results of %d statements", len(ids), len(sent))
			}
		}
		l.id = ids[i]
	}
	return nil
}

// meaning is an error of one of the statements.
func (c *boundConn) meaning(sent []*later, err error) error {
	switch number(err) {
	case errReadOnlyServer:
		_ = c.Close()
		return fmt.Errorf("%w: %w", errReadOnly, err)
	case errDuplicate:
		for _, l := range sent {
			if l.taken != nil {
				return fmt.Errorf("%w: %w", l.taken, err)
			}
		}
	}
	return err
}

// joined is the text of several statements, and their arguments.
func joined(all []*later) (string, []driver.NamedValue) {
	if len(all) == 1 {
		return all[0].statement, all[0].args
	}
	var text strings.Builder
	var args []driver.NamedValue
	for i, l := range all {
		if i > 0 {
			text.WriteString("; ")
		}
		text.WriteString(l.statement)
		args = append(args, l.args...)
	}
	return text.String(), args
}

// QueryContext implements driver.QueryerContext.
func (c *boundConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	all := []*later{{statement: query, args: args}}
	if len(args) == 1 {
		if several, ok := args[0].Value.(questions); ok {
			all = several.statements()
		}
	}
	if !c.joins && len(all) > 1 {
		return c.inTurn(ctx, all)
	}
	for _, l := range c.held {
		if l.wants { // the results of INSERTs are not among those of a query
			if err := c.release(ctx); err != nil {
				return nil, err
			}
			break
		}
	}
	for _, l := range all {
		if stacked(l.statement) {
			return nil, errStacked
		}
	}
	all = slices.Concat(c.held, all)
	text, values := joined(all)
	c.count(len(all))
	rows, err := c.fullConn.QueryContext(ctx, text, values)
	if errors.Is(err, driver.ErrSkip) {
		return nil, err
	}
	c.held = nil
	if err != nil {
		return nil, c.meaning(all, err)
	}
	return rows, nil
}

// answers are those of several queries that are asked one after another.
type answers struct {
	driver.Rows
	conn *boundConn
	ctx  context.Context //nolint:containedctx // that of the call whose rows they are
	left []*later
}

func (c *boundConn) inTurn(ctx context.Context, all []*later) (driver.Rows, error) {
	rows, err := c.QueryContext(ctx, all[0].statement, all[0].args)
	if err != nil {
		return nil, err
	}
	return &answers{Rows: rows, conn: c, ctx: ctx, left: all[1:]}, nil
}

// HasNextResultSet implements driver.RowsNextResultSet.
func (a *answers) HasNextResultSet() bool { return len(a.left) > 0 }

// NextResultSet implements driver.RowsNextResultSet.
func (a *answers) NextResultSet() error {
	if len(a.left) == 0 {
		return io.EOF
	}
	if err := a.Close(); err != nil {
		return err
	}
	next := a.left[0]
	a.left = a.left[1:]
	rows, err := a.conn.QueryContext(a.ctx, next.statement, next.args)
	if err == nil {
		a.Rows = rows
	}
	return err
}

// PrepareContext implements driver.ConnPrepareContext: for a statement that the driver cannot put its arguments into.
func (c *boundConn) PrepareContext(ctx context.Context, statement string) (driver.Stmt, error) {
	if err := c.release(ctx); err != nil {
		return nil, err
	}
	return c.fullConn.PrepareContext(ctx, statement)
}

// ResetSession implements driver.SessionResetter.
func (c *boundConn) ResetSession(ctx context.Context) error {
	c.held, c.after = nil, nil
	return c.fullConn.ResetSession(ctx)
}

// BeginTx implements driver.ConnBeginTx. The transaction begins with its first statement.
func (c *boundConn) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	if c.joins && options == (driver.TxOptions{}) {
		c.held, c.after = []*later{{statement: "START TRANSACTION", begins: true}}, nil
	} else if _, err := c.fullConn.BeginTx(ctx, options); err != nil {
		return nil, err
	}
	return boundTx{conn: c, ctx: ctx}, nil
}

type boundTx struct {
	conn *boundConn
	ctx  context.Context //nolint:containedctx // that of the transaction, which ends with it
}

// Commit implements driver.Tx. When the context ends first the connection is closed, and whether the transaction took place
// is not known.
func (t boundTx) Commit() error {
	held := len(t.conn.held)
	if held == 1 && t.conn.held[0].begins {
		t.conn.held = nil
		return nil
	}
	var err error
	if t.conn.after != nil && t.conn.joins {
		err = t.conn.commitAnd(t.ctx, t.conn.after)
	} else {
		_, err = t.conn.send(t.ctx, &later{statement: "COMMIT"})
	}
	if err != nil && held > 0 { // the server did not come to the COMMIT
		_ = t.Rollback()
	}
	return err
}

// commitAnd commits and carries out another statement. A query stands between the two: its answer tells that the commit took
// place, whatever becomes of the other.
func (c *boundConn) commitAnd(ctx context.Context, after *afterwards) error {
	rows, err := c.QueryContext(ctx, "", []driver.NamedValue{{Value: questions{{query: "COMMIT"}, {query: "SELECT 1"}, {query: after.statement}}}})
	if err != nil {
		return err
	}
	if more, ok := rows.(driver.RowsNextResultSet); ok {
		after.done = errors.Is(more.NextResultSet(), io.EOF)
	}
	_ = rows.Close()
	return nil
}

// Rollback implements driver.Tx. It has a moment when the context has ended already; the server does the same for a
// connection that is closed.
func (t boundTx) Rollback() error {
	held := t.conn.held
	t.conn.held = nil
	if len(held) > 0 && held[0].begins {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.ctx), rollbackTime)
	defer cancel()
	_, err := t.conn.fullConn.ExecContext(ctx, "ROLLBACK", nil)
	return err
}

const rollbackTime = 2 * time.Second

// stacked tells whether a text has a second statement, as the server reads it. What is sent together has been told from
// texts by us; were something put into one that ends it and begins another, it would not be carried out.
func stacked(text string) bool {
	if strings.IndexByte(text, ';') < 0 {
		return false
	}
	var quote byte
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case b == '\\' && quote != '`' && quote != 0:
			i++
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case b == '\'' || b == '"' || b == '`':
			quote = b
		case b == ';':
			return strings.TrimSpace(text[i+1:]) != ""
		}
	}
	return false
}
