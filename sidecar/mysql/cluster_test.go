package mysql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"userlink/sidecar/link"
)

// playedServer is a connection to a server whose variables are played, and which does not answer a COMMIT unless it is told to.
type playedServer struct {
	fullConn
	variables   [][2]string
	refuses     error
	refusesWith map[string]error // by statement
	commits     bool             // it does answer a COMMIT
	did         []string
	closed      bool
}

func (p *playedServer) Connect(context.Context) (driver.Conn, error) { return p, nil }

func (p *playedServer) Driver() driver.Driver { return nil }

func (p *playedServer) Close() error {
	p.closed = true
	return nil
}

func (p *playedServer) QueryContext(context.Context, string, []driver.NamedValue) (driver.Rows, error) {
	return &playedRows{left: p.variables}, p.refuses
}

func (p *playedServer) ExecContext(ctx context.Context, statement string, _ []driver.NamedValue) (driver.Result, error) {
	p.did = append(p.did, statement)
	if p.refuses != nil {
		return nil, p.refuses
	}
	if err := p.refusesWith[statement]; err != nil {
		return nil, err
	}
	if statement == "COMMIT" && !p.commits {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return driver.RowsAffected(0), nil
}

func (p *playedServer) BeginTx(context.Context, driver.TxOptions) (driver.Tx, error) { return nil, nil } //nolint:nilnil // not looked at

func (p *playedServer) Ping(context.Context) error { return nil }

func (p *playedServer) ResetSession(context.Context) error { return nil }

func (p *playedServer) IsValid() bool { return !p.closed }

type playedRows struct{ left [][2]string }

func (r *playedRows) Columns() []string { return []string{"Variable_name", "Value"} }

func (r *playedRows) Close() error { return nil }

func (r *playedRows) Next(into []driver.Value) error {
	if len(r.left) == 0 {
		return io.EOF
	}
	into[0], into[1] = []byte(r.left[0][0]), r.left[0][1] // the driver may give either
	r.left = r.left[1:]
	return nil
}

func TestEveryConnectionFitsItsServer(t *testing.T) {
	refusal := serverError(errNotPrepared)
	for _, c := range []struct {
		name   string
		server playedServer
		writes bool
		did    int
		err    error
	}{
		{name: "a plain server", server: playedServer{variables: [][2]string{{"read_only", "OFF"}, {"wsrep_on", "OFF"}}}, writes: true, did: 2},
		{name: "one that knows no cluster", server: playedServer{variables: [][2]string{{"read_only", "OFF"}}}, writes: true, did: 2},
		{name: "a node of a cluster", server: playedServer{variables: [][2]string{{"read_only", "OFF"}, {"wsrep_on", "ON"}}}, writes: true, did: 3},
		{name: "a replica", server: playedServer{variables: [][2]string{{"read_only", "ON"}, {"wsrep_on", "OFF"}}}, writes: true, err: errReadOnly},
		{name: "a replica that has the users", server: playedServer{variables: [][2]string{{"read_only", "ON"}}}, did: 2},
		{name: "one that does not answer", server: playedServer{refuses: refusal}, writes: true, err: refusal},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn, err := connector{Connector: &c.server, writes: c.writes}.Connect(t.Context())
			if !errors.Is(err, c.err) || len(c.server.did) != c.did || c.server.closed != (err != nil) || (conn == nil) != (err != nil) {
				t.Errorf("%v; said %q, closed %t", err, c.server.did, c.server.closed)
			}
			if err != nil && !errors.Is(outward(err), link.ErrUnavailable) {
				t.Errorf("a sender is not told to try again: %v", outward(err))
			}
		})
	}
}

// A primary that becomes a replica is noticed at the next write: callers are told to come again, and a new connection is made.
func TestPrimaryBecomesAReplica(t *testing.T) {
	server := &playedServer{}
	pool := sql.OpenDB(connector{Connector: server, writes: true})
	if err := pool.PingContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	server.refuses = serverError(errReadOnlyServer)
	_, err := pool.ExecContext(t.Context(), "UPDATE a SET b = 1")
	if !errors.Is(err, errReadOnly) || !errors.Is(outward(err), link.ErrUnavailable) || !server.closed {
		t.Errorf("%v, closed %t", err, server.closed)
	}
}

// A commit waits for other nodes; who has only so much time must not wait longer.
func TestCommitEndsWithItsContext(t *testing.T) {
	server := &playedServer{}
	pool := sql.OpenDB(connector{Connector: server})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(outward(err), link.ErrUnavailable) {
		t.Error(err)
	}
	if tx, err = pool.Begin(); err != nil {
		t.Fatal(err)
	}
	err = tx.Rollback()
	said := slices.DeleteFunc(server.did, func(statement string) bool { return strings.HasPrefix(statement, "SET ") })
	if err != nil || !slices.Equal(said, []string{"COMMIT", "ROLLBACK"}) {
		t.Errorf("%q, %v", server.did, err)
	}
}

// A list of any length is looked up in the index. Made a table of, it may be compared with all rows of the other one.
func TestLongListIsLookedUp(t *testing.T) {
	pool := adminPool(t)
	ids := make([]uint32, 5000)
	for i := range ids {
		ids[i] = uint32(2 * i)
	}
	rows, err := pool.QueryContext(t.Context(), "EXPLAIN SELECT 1 FROM civicrm_email WHERE "+just("id", ids))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	tables := 0
	for rows.Next() {
		tables++
	}
	if err := rows.Err(); err != nil || tables != 1 {
		t.Errorf("%d tables are read, %v", tables, err)
	}
}
