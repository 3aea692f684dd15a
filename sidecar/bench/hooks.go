package main

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// load is a number of senders, each with a connection of its own, who send one event after another.
type load struct {
	signer             *signer
	address            string // host:port
	path               string // "{id}" in it becomes the user's id
	kind, hook, expect string // type and hook of the event; what a right answer contains
	people             []person
	senders            int
	warm, length       time.Duration // before and while it is measured
	once               bool          // each user once, in order, instead of any user for as long as length
}

// hooksVerb sends signed events and prints the rate per second and the latencies in milliseconds. An answer that is not
// the expected one ends it: a wrong answer has no speed.
func hooksVerb(ctx context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	l := load{}
	var users, site, keyID, keyFile string
	flags.StringVar(&l.address, "address", "", "`HOST:PORT`")
	flags.StringVar(&l.path, "path", eventsPath, "path; {id} becomes the user's id")
	flags.StringVar(&l.kind, "type", "user.updated", "type of the events")
	flags.StringVar(&l.hook, "hook", "profile_update", "hook of the events")
	flags.StringVar(&l.expect, "expect", "", "what a right answer contains")
	flags.StringVar(&users, "users", "", "`FILE` of id, login, email, first and last name")
	flags.StringVar(&site, "site", "main", "id of the site")
	flags.StringVar(&keyID, "key-id", "main-1", "id of the key")
	flags.StringVar(&keyFile, "key-file", "", "`FILE` of the key")
	flags.IntVar(&l.senders, "senders", 32, "how many send at a time")
	flags.DurationVar(&l.warm, "warm", time.Second, "time before it is measured")
	flags.DurationVar(&l.length, "length", 4*time.Second, "time that is measured")
	flags.BoolVar(&l.once, "once", false, "each user once, by one sender")
	if err := flags.Parse(args); err != nil {
		return err
	}
	var err error
	if l.people, err = readPeople(users); err != nil {
		return err
	}
	if l.signer, err = newSigner(site, keyID, keyFile); err != nil {
		return err
	}
	if l.once {
		return l.sendOnce(ctx, out)
	}
	return l.send(ctx, out)
}

// sendOnce sends one event for each user, one after another.
func (l *load) sendOnce(ctx context.Context, out io.Writer) error {
	c, err := l.connect(ctx)
	if err != nil {
		return err
	}
	defer c.close()
	latencies := make([]float64, 0, len(l.people))
	for _, p := range l.people {
		took, err := c.call(l, p)
		if err != nil {
			return err
		}
		latencies = append(latencies, took)
	}
	printLatencies(out, latencies)
	return nil
}

// send keeps all senders busy until the time is over.
func (l *load) send(ctx context.Context, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute+l.warm+l.length)
	defer cancel()
	begin := time.Now().Add(l.warm)
	end := begin.Add(l.length)
	latencies := make([][]float64, l.senders)
	problems := make([]error, l.senders)
	var senders sync.WaitGroup
	for i := range l.senders {
		senders.Go(func() {
			latencies[i], problems[i] = l.sender(ctx, i, begin, end)
		})
	}
	senders.Wait()
	var all []float64
	for i := range l.senders {
		if problems[i] != nil {
			return problems[i]
		}
		all = append(all, latencies[i]...)
	}
	fmt.Fprintf(out, "rate %.1f\n", float64(len(all))/l.length.Seconds())
	printLatencies(out, all)
	return nil
}

// sender returns the latencies of the calls that were answered between begin and end. Each sender has users of his own: of
// two events of one user at a time the later one could overtake, and the other one would be stale.
func (l *load) sender(ctx context.Context, number int, begin, end time.Time) ([]float64, error) {
	mine := len(l.people) / l.senders
	if mine == 0 {
		return nil, fmt.Errorf("%d users are too few for %d senders", len(l.people), l.senders)
	}
	c, err := l.connect(ctx)
	if err != nil {
		return nil, err
	}
	defer c.close()
	var latencies []float64
	for {
		took, err := c.call(l, l.people[number*mine+rand.IntN(mine)]) //nolint:gosec // no secret
		now := time.Now()
		switch {
		case err != nil:
			return nil, err
		case now.After(end):
			return latencies, nil
		case now.After(begin):
			latencies = append(latencies, took)
		}
	}
}

// caller is one connection, kept open as PHP-FPM's requests on one machine would not: the sidecar's share of a call is
// what is compared, not the kernel's.
type caller struct {
	connection net.Conn
	answers    *bufio.Reader
}

func (l *load) connect(ctx context.Context) (*caller, error) {
	var dialer net.Dialer
	connection, err := dialer.DialContext(ctx, "tcp", l.address)
	if err != nil {
		return nil, err
	}
	if deadline, ok := ctx.Deadline(); ok {
		if err := connection.SetDeadline(deadline); err != nil {
			return nil, err
		}
	}
	return &caller{connection, bufio.NewReader(connection)}, nil
}

func (c *caller) close() { _ = c.connection.Close() }

// call sends one event and returns the milliseconds until its answer was read. Signing is not part of them.
func (c *caller) call(l *load, p person) (float64, error) {
	request, err := l.signer.request(l.address, strings.ReplaceAll(l.path, "{id}", fmt.Sprint(p.id)), l.kind, l.hook, p)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if _, err := c.connection.Write(request); err != nil {
		return 0, err
	}
	response, err := http.ReadResponse(c.answers, nil)
	if err != nil {
		return 0, err
	}
	body, err := io.ReadAll(response.Body)
	took := milliseconds(time.Since(began))
	_ = response.Body.Close()
	if err != nil {
		return 0, err
	}
	if response.StatusCode != http.StatusOK || !bytes.Contains(body, []byte(l.expect)) {
		return 0, fmt.Errorf("user %d: the answer is %d %s, expected %s", p.id, response.StatusCode, bytes.TrimSpace(body), l.expect)
	}
	return took, nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func printLatencies(out io.Writer, latencies []float64) {
	fmt.Fprintf(out, "count %d\np50 %.3f\np99 %.3f\n", len(latencies), quantile(latencies, 0.5), quantile(latencies, 0.99))
}
