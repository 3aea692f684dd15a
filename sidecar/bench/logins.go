package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// loginQueries is what WordPress asks when somebody logs in: the user, all of his usermeta, the options.
var loginQueries = []struct {
	statement string
	argument  func(person) any // nil: none
}{
	{"SELECT * FROM wp_users WHERE user_login = ? LIMIT 1", func(p person) any { return p.login }},
	{"SELECT user_id, meta_key, meta_value FROM wp_usermeta WHERE user_id IN (?) ORDER BY umeta_id ASC", func(p person) any { return p.id }},
	{"SELECT option_name, option_value FROM wp_options WHERE autoload = 'yes'", nil},
}

// visitors log in at a steady rate.
type visitors struct {
	pool   *sql.DB
	people []person
	number int           // connections
	every  time.Duration // between two logins of all of them
}

// loginsVerb logs users in for a time, or for as long as a command runs, and prints the latencies of the queries in
// milliseconds.
func loginsVerb(ctx context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	rate := flags.Int("rate", 100, "logins per second")
	number := flags.Int("visitors", 4, "connections")
	length := flags.Duration("length", 5*time.Second, "for how long, without a command")
	people, pool, err := openSite(flags, args)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	v := visitors{pool, people, *number, time.Second / time.Duration(*rate)}
	latencies, err := v.during(ctx, func() error { return last(ctx, *length, flags.Args()) })
	if err != nil {
		return err
	}
	printLatencies(out, latencies)
	return nil
}

// last runs the command, or waits for length if there is none.
func last(ctx context.Context, length time.Duration, command []string) error {
	if len(command) > 0 {
		return prepare(ctx, command).Run()
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(length):
		return nil
	}
}

// during returns the latencies of all queries while something goes on.
func (v visitors) during(ctx context.Context, something func() error) ([]float64, error) {
	stop := make(chan struct{})
	latencies, problems := make([][]float64, v.number), make([]error, v.number+1)
	var all sync.WaitGroup
	for i := range v.number {
		all.Go(func() {
			latencies[i], problems[i] = v.visit(ctx, time.Now().Add(v.every*time.Duration(i)), stop)
		})
	}
	problems[v.number] = something()
	close(stop)
	all.Wait()
	return slices.Concat(latencies...), errors.Join(problems...)
}

// visit logs somebody in at first and then in steady steps, on a connection of its own. A query that has to wait because
// the one before it was slow waits at the site's cost: its time counts from when it was due.
func (v visitors) visit(ctx context.Context, first time.Time, stop <-chan struct{}) ([]float64, error) {
	connection, err := v.pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = connection.Close() }()
	var latencies []float64
	for due := first; ; due = due.Add(v.every * time.Duration(v.number)) {
		select {
		case <-stop:
			return latencies, nil
		case <-time.After(time.Until(due)):
		}
		took, err := logIn(ctx, connection, v.people[rand.IntN(len(v.people))], due) //nolint:gosec // no secret
		if err != nil {
			return nil, err
		}
		latencies = append(latencies, took...)
	}
}

// logIn asks what a login asks, and returns what each query took; the first one counts from when it was due.
func logIn(ctx context.Context, connection *sql.Conn, p person, due time.Time) ([]float64, error) {
	var latencies []float64
	for _, query := range loginQueries {
		var arguments []any
		if query.argument != nil {
			arguments = append(arguments, query.argument(p))
		}
		if err := ask(ctx, connection, query.statement, arguments...); err != nil {
			return nil, err
		}
		latencies = append(latencies, milliseconds(time.Since(due)))
		due = time.Now()
	}
	return latencies, nil
}

// ask reads the whole answer.
func ask(ctx context.Context, connection *sql.Conn, statement string, arguments ...any) error {
	rows, err := connection.QueryContext(ctx, statement, arguments...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() { // that it is read is all
	}
	return rows.Err()
}
