package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"
	gormmysql "gorm.io/driver/mysql"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"userlink/sidecar/link"
)

func TestStacked(t *testing.T) {
	for text, want := range map[string]bool{
		"":                                false,
		"SELECT 1":                        false,
		"SELECT 1;":                       false,
		"SELECT 1; \n":                    false,
		"SELECT 1; SELECT 2":              true,
		"SELECT ';'":                      false,
		`SELECT ';"', "';", ` + "`;'`":    false,
		`SELECT 'it''s; so'`:              false,
		`SELECT 'a\'; DROP TABLE b'`:      false,
		`SELECT 'a\\'; DROP TABLE b`:      true,
		"SELECT `a\\`; DROP TABLE b":      true, // no escape in a name
		`SELECT 'a'; DROP TABLE b -- '`:   true,
		`SELECT "a" ; SELECT 'b;`:         true,
		`INSERT INTO a VALUES (';', 'x')`: false,
	} {
		if got := stacked(text); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
}

// exchanges plays a transaction with a server and returns what was sent, each with one round trip.
func exchanges(t *testing.T, server *playedServer, f func(ctx context.Context, tx *sql.Tx) error) ([]string, error) {
	t.Helper()
	server.commits = true
	pool := sql.OpenDB(connector{Connector: server, writes: true})
	defer func() { _ = pool.Close() }()
	if err := pool.PingContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	server.did = nil
	tx, err := pool.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err = f(t.Context(), tx); err == nil {
		err = tx.Commit()
	} else if rollback := tx.Rollback(); rollback != nil {
		t.Error(rollback)
	}
	return server.did, err
}

func TestStatementsAreSentTogether(t *testing.T) {
	errOther := errors.New("something else")
	wait := func(ctx context.Context, tx *sql.Tx, statement string, l *later) error {
		_, err := tx.ExecContext(ctx, statement, l)
		return err
	}
	do := func(ctx context.Context, tx *sql.Tx, statement string) error {
		_, err := tx.ExecContext(ctx, statement)
		return err
	}
	long := strings.Repeat("x", joinable+1)
	for _, c := range []struct {
		name  string
		f     func(ctx context.Context, tx *sql.Tx) error
		want  []string
		fails bool
	}{
		{"nothing", func(context.Context, *sql.Tx) error { return nil }, nil, false},
		{"nothing but an error", func(context.Context, *sql.Tx) error { return errOther }, nil, true},
		{"one", func(ctx context.Context, tx *sql.Tx) error { return do(ctx, tx, "a") }, []string{"START TRANSACTION; a", "COMMIT"}, false},
		{"one that waits", func(ctx context.Context, tx *sql.Tx) error { return wait(ctx, tx, "a", &later{}) }, []string{"START TRANSACTION; a; COMMIT"}, false},
		{"one that waits and an error", func(ctx context.Context, tx *sql.Tx) error {
			return errors.Join(wait(ctx, tx, "a", &later{}), errOther)
		}, nil, true},
		{"an error afterwards", func(ctx context.Context, tx *sql.Tx) error {
			return errors.Join(do(ctx, tx, "a"), wait(ctx, tx, "b", &later{}), errOther)
		}, []string{"START TRANSACTION; a", "ROLLBACK"}, true},
		{"in order", func(ctx context.Context, tx *sql.Tx) error {
			return errors.Join(wait(ctx, tx, "a", &later{}), do(ctx, tx, "b"), wait(ctx, tx, "c", &later{}), sendLater(ctx, tx), sendLater(ctx, tx), do(ctx, tx, "d"))
		}, []string{"START TRANSACTION; a; b", "c", "d", "COMMIT"}, false},
		{"duplicates of two meanings", func(ctx context.Context, tx *sql.Tx) error {
			return errors.Join(wait(ctx, tx, "a", &later{taken: link.ErrReplayed}), wait(ctx, tx, "b", &later{}), wait(ctx, tx, "c", &later{taken: errTakenMeanwhile}))
		}, []string{"START TRANSACTION; a; b", "c; COMMIT"}, false},
		{"a long one", func(ctx context.Context, tx *sql.Tx) error { return do(ctx, tx, long) }, []string{"START TRANSACTION", long, "COMMIT"}, false},
		{"a long one that waits", func(ctx context.Context, tx *sql.Tx) error { return wait(ctx, tx, long, &later{}) }, []string{"START TRANSACTION", long, "COMMIT"}, false},
		{"one that is two", func(ctx context.Context, tx *sql.Tx) error { return do(ctx, tx, "a; b") }, nil, true},
		{"one that is two and waits", func(ctx context.Context, tx *sql.Tx) error { return wait(ctx, tx, "a; b", &later{}) }, nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			did, err := exchanges(t, &playedServer{}, c.f)
			if !slices.Equal(did, c.want) || (err != nil) != c.fails {
				t.Errorf("%.200q, %v", did, err)
			}
		})
	}
}

// An error is that of whatever sent the statement, and means what the statement says.
func TestErrorOfAStatementThatWaited(t *testing.T) {
	did, err := exchanges(t, &playedServer{refuses: nil, refusesWith: map[string]error{"START TRANSACTION; a; COMMIT": serverError(errDuplicate)}}, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "a", &later{taken: errTakenMeanwhile})
		return err
	})
	if !errors.Is(err, errTakenMeanwhile) || !again(err) || !slices.Equal(did, []string{"START TRANSACTION; a; COMMIT", "ROLLBACK"}) {
		t.Errorf("%q, %v", did, err)
	}
}

// What is sent together is carried out in order up to the first error, and the ids are those of each row.
func TestServerDoesWhatComesTogether(t *testing.T) {
	pool := adminPool(t)
	pool.SetMaxOpenConns(1) // the table is a temporary one
	if _, err := pool.ExecContext(t.Context(), "CREATE TEMPORARY TABLE joined (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(40) UNIQUE)"); err != nil {
		t.Fatal(err)
	}
	const insert = "INSERT INTO joined (name) VALUES (?)"
	in := func(f func(tx *sql.Tx) error) error {
		tx, err := pool.BeginTx(t.Context(), nil)
		if err != nil {
			return err
		}
		if err := f(tx); err != nil {
			return errors.Join(err, tx.Rollback())
		}
		return tx.Commit()
	}
	rows := []*later{{wants: true}, {}, {wants: true, taken: errTakenMeanwhile}}
	add := func(tx *sql.Tx) error {
		var err error
		for i, name := range []string{"it's; one", `two\?`, "three"} {
			_, failed := tx.ExecContext(t.Context(), insert, name, rows[i])
			err = errors.Join(err, failed)
		}
		return err
	}
	var names string
	err := in(func(tx *sql.Tx) error {
		return errors.Join(add(tx), tx.QueryRowContext(t.Context(), "SELECT GROUP_CONCAT(name ORDER BY id) FROM joined WHERE name <> ?", "?").Scan(&names))
	})
	if err != nil || names != `it's; one,two\?,three` || rows[0].id != 1 || rows[2].id != 3 {
		t.Errorf("%s, ids %d %d, %v", names, rows[0].id, rows[2].id, err)
	}
	if err := in(add); !errors.Is(err, errTakenMeanwhile) {
		t.Errorf("a duplicate: %v", err)
	}
	err = in(func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), insert, "four", &later{})
		var n int
		return errors.Join(err, tx.QueryRowContext(t.Context(), "SELECT no_such_column FROM joined").Scan(&n))
	})
	if number(err) != 1054 {
		t.Errorf("a query that fails: %v", err)
	}
	var left int
	if err := pool.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM joined").Scan(&left); err != nil || left != 3 {
		t.Errorf("%d rows, %v", left, err)
	}
	for _, text := range []string{"SELECT 1; DELETE FROM joined", "SELECT 'a\\\\'; DELETE FROM joined"} {
		if err := pool.QueryRowContext(t.Context(), text).Scan(&left); !errors.Is(err, errStacked) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// What follows a commit can fail without the commit being in doubt, and does not follow one that failed.
func TestWhatFollowsACommit(t *testing.T) {
	pool := adminPool(t)
	pool.SetMaxOpenConns(1)
	if _, err := pool.ExecContext(t.Context(), "CREATE TEMPORARY TABLE followed (id INT PRIMARY KEY)"); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.ExecContext(t.Context(), "CREATE TEMPORARY TABLE cache (id INT)"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, first, after string
		done, fails        bool
		rows               string // of both tables
	}{
		{"all goes well", "INSERT INTO followed VALUES (1)", "INSERT INTO cache VALUES (1)", true, false, "1 1"},
		{"what follows fails", "INSERT INTO followed VALUES (2)", "INSERT INTO no_such_table VALUES (1)", false, false, "2 1"},
		{"the transaction fails", "INSERT INTO followed VALUES (3), (1)", "INSERT INTO cache VALUES (3)", false, true, "2 1"},
		{"another one later", "INSERT INTO followed VALUES (4)", "DELETE FROM cache", true, false, "3 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tx, err := pool.BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			after := &afterwards{}
			_, held := tx.ExecContext(t.Context(), c.first, &later{taken: errTakenMeanwhile})
			_, noted := tx.ExecContext(t.Context(), c.after, after)
			err = tx.Commit()
			if errors.Join(held, noted) != nil || errors.Is(err, errTakenMeanwhile) != c.fails || (err != nil) != c.fails || after.done != c.done {
				t.Errorf("done %t, %v %v %v", after.done, held, noted, err)
			}
			var rows string
			if err := pool.QueryRowContext(t.Context(), "SELECT CONCAT((SELECT COUNT(*) FROM followed), ' ', (SELECT COUNT(*) FROM cache))").Scan(&rows); err != nil || rows != c.rows {
				t.Errorf("%s rows, %v", rows, err)
			}
		})
	}
}

// A node of a cluster may have rolled back before any statement, and tells only the first one of a text.
func TestNodeGetsEachStatementAlone(t *testing.T) {
	did, err := exchanges(t, &playedServer{variables: [][2]string{{"wsrep_on", "ON"}}}, func(ctx context.Context, tx *sql.Tx) error {
		_, a := tx.ExecContext(ctx, "a", &later{})
		_, b := tx.ExecContext(ctx, "b")
		_, c := tx.ExecContext(ctx, "c", &later{})
		_, d := tx.ExecContext(ctx, "d", &afterwards{}) // left to whoever wants it
		return errors.Join(a, b, c, d)
	})
	if want := []string{"a", "b", "c", "COMMIT"}; !slices.Equal(did, want) || err != nil { // BEGIN is the driver's
		t.Errorf("%q, %v", did, err)
	}
}

// Each of several questions gets its own answer, be they asked together or one after another.
func TestAsk(t *testing.T) {
	for _, joins := range []bool{true, false} {
		cfg, err := mysql.ParseDSN(adminDSN(t))
		if err != nil {
			t.Fatal(err)
		}
		session(cfg)
		cfg.MultiStatements = joins
		plain, err := mysql.NewConnector(cfg)
		if err != nil {
			t.Fatal(err)
		}
		pool := sql.OpenDB(connector{Connector: plain, writes: joins})
		g, err := gorm.Open(gormmysql.New(gormmysql.Config{Conn: pool, SkipInitializeWithVersion: true}), &gorm.Config{DisableAutomaticPing: true, Logger: logger.Discard})
		if err != nil {
			t.Fatal(err)
		}
		t.Run(fmt.Sprintf("together %t", joins), func(t *testing.T) { asksAndAnswers(t, g.WithContext(t.Context())) })
		_ = pool.Close()
	}
}

func asksAndAnswers(t *testing.T, db *gorm.DB) {
	t.Helper()
	answers := make([][]string, 3)
	put := func(i int) func(func(...any) error) error {
		return func(scan func(...any) error) error {
			var text string
			err := scan(&text)
			answers[i] = append(answers[i], text)
			return err
		}
	}
	err := ask(t.Context(), db, question{"SELECT 'a' UNION ALL SELECT 'b;'", put(0)}, question{"SELECT 'none' FROM DUAL WHERE FALSE", put(1)}, question{"SELECT 'c'", put(2)})
	if err != nil || !slices.Equal(answers[0], []string{"a", "b;"}) || answers[1] != nil || !slices.Equal(answers[2], []string{"c"}) {
		t.Errorf("%q, %v", answers, err)
	}
	for _, wrong := range []string{"SELECT no_such_column", "SELECT 1; SELECT 2"} {
		if err := ask(t.Context(), db, question{"SELECT 'a'", put(0)}, question{wrong, put(1)}, question{"SELECT 'c'", put(2)}); err == nil {
			t.Errorf("%s has an answer", wrong)
		}
	}
	if err := ask(t.Context(), db, question{"SELECT 'a'", put(0)}, question{"SELECT 'b'", func(func(...any) error) error { return link.ErrReplayed }}, question{"SELECT 'c'", put(2)}); !errors.Is(err, link.ErrReplayed) {
		t.Errorf("an answer that is refused: %v", err)
	}
}
