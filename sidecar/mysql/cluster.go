package mysql

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
)

// errReadOnly says that the server takes no writes from us.
var errReadOnly = errors.New("the server is read-only: it is a replica, or was made one; the dsn must name the primary")

// connector opens connections and makes each one fit for the server behind it. That is looked up anew for every
// connection: behind one address there may be another server tomorrow.
type connector struct {
	driver.Connector
	writes bool          // a server that is read-only will not do
	asked  *atomic.Int64 // counts the statements; nil: nobody wants to know
}

// Connect implements driver.Connector.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	node, err := c.fit(ctx, conn)
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	if full, ok := conn.(fullConn); ok {
		return &boundConn{fullConn: full, joins: c.writes && !node, asked: c.asked}, nil
	}
	return conn, nil
}

// causalReads lets a node of a Galera cluster answer only when it has applied what was committed before on any node: for
// reads and the beginning of a transaction (1), and for statements that change what they find (2). An INSERT need not wait:
// a key that is there already is found at its commit at the latest. doc/decisions/ has the reason and the price.
const causalReads = "SET SESSION wsrep_sync_wait = 3"

// fit tells whether the server is a node of a cluster.
func (c connector) fit(ctx context.Context, conn driver.Conn) (node bool, err error) {
	on, err := switches(ctx, conn, "SHOW VARIABLES WHERE Variable_name IN ('read_only', 'wsrep_on')")
	if err != nil {
		return false, err
	}
	if c.writes && on["read_only"] {
		return false, errReadOnly
	}
	asked, ok := conn.(driver.ExecerContext)
	if !ok {
		return false, driver.ErrSkip
	}
	said := []string{readCommitted, listsAsRanges}
	if on["wsrep_on"] {
		said = append(said, causalReads)
	}
	for _, statement := range said {
		if _, err = asked.ExecContext(ctx, statement, nil); err != nil {
			return false, err
		}
	}
	return on["wsrep_on"], nil
}

// readCommitted is said once for a connection: with each transaction it would be a round trip more.
const readCommitted = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"

// listsAsRanges keeps MariaDB from making a table of a list of a thousand values or more, and then judging by the statistics
// whether to look them up or to read all of the table that they are compared with. A sync fills tables faster than their
// statistics follow: each chunk read half a million emails, and took seconds. Other servers see a comment.
const listsAsRanges = "SET SESSION sql_warnings = 0 /*M!100318 , in_predicate_conversion_threshold = 0 */"

// switches reads pairs of a name and ON or something else. A server that does not know a name leaves it out.
func switches(ctx context.Context, conn driver.Conn, query string) (map[string]bool, error) {
	asked, ok := conn.(driver.QueryerContext)
	if !ok {
		return nil, driver.ErrSkip
	}
	rows, err := asked.QueryContext(ctx, query, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	on := map[string]bool{}
	pair := make([]driver.Value, 2)
	for {
		switch err := rows.Next(pair); {
		case errors.Is(err, io.EOF):
			return on, nil
		case err != nil:
			return nil, err
		}
		on[text(pair[0])] = isOn(text(pair[1]))
	}
}

// isOn: read_only has more values than ON since MariaDB 12.
func isOn(value string) bool { return value != "OFF" && value != "0" }

// takesWrites returns nil, or why the server that we are connected to would refuse what we write.
func (db *DB) takesWrites(ctx context.Context) error {
	var name, value string
	err := db.pool.QueryRowContext(ctx, "SHOW GLOBAL VARIABLES LIKE 'read_only'").Scan(&name, &value)
	if err == nil && isOn(value) {
		err = errReadOnly
	}
	return err
}

func text(v driver.Value) string {
	if b, ok := v.([]byte); ok {
		return string(b)
	}
	return fmt.Sprint(v)
}
