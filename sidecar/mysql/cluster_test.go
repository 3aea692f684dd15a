package mysql

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"testing"

	"userlink/sidecar/link"
)

// playedServer is a connection to a server whose variables are played.
type playedServer struct {
	driver.Conn
	variables [][2]string
	refuses   error
	did       []string
	closed    bool
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

func (p *playedServer) ExecContext(_ context.Context, statement string, _ []driver.NamedValue) (driver.Result, error) {
	p.did = append(p.did, statement)
	return driver.RowsAffected(0), nil
}

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
		{name: "a plain server", server: playedServer{variables: [][2]string{{"read_only", "OFF"}, {"wsrep_on", "OFF"}}}, writes: true, did: 1},
		{name: "one that knows no cluster", server: playedServer{variables: [][2]string{{"read_only", "OFF"}}}, writes: true, did: 1},
		{name: "a node of a cluster", server: playedServer{variables: [][2]string{{"read_only", "OFF"}, {"wsrep_on", "ON"}}}, writes: true, did: 2},
		{name: "a replica", server: playedServer{variables: [][2]string{{"read_only", "ON"}, {"wsrep_on", "OFF"}}}, writes: true, err: errReadOnly},
		{name: "a replica that has the users", server: playedServer{variables: [][2]string{{"read_only", "ON"}}}, did: 1},
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
