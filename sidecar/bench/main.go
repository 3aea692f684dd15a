// Command bench does for scripts/bench what a shell cannot: it sends the load, runs what the load is compared with, watches
// a process and prints the table. It is no part of the product; scripts/bench builds and calls it.
//
// Each verb prints its results as lines of a name and a number, apart by a blank.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

const usage = `bench VERB [FLAG…]; -h after a verb shows its flags
  hooks     sends signed events
  route     serves a bare Echo route with a SELECT
  by-hand   makes contacts in plain SQL
  logins    asks what a login asks
  watch     runs a command and watches its memory
  disk      times a flushed write
  table     prints the table of all figures`

func main() { os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)) } //nolint:forbidigo // the one place

type verb func(ctx context.Context, flags *flag.FlagSet, args []string, out io.Writer) error

var verbs = map[string]verb{
	"hooks": hooksVerb, "route": routeVerb, "by-hand": byHandVerb, "logins": loginsVerb,
	"table": tableVerb, "watch": watchVerb, "disk": diskVerb,
}

// run carries out a command line and returns the exit code: 0, 1 for a failure, 2 for a wrong command line. What watch and
// logins run passes its own exit code on.
func run(ctx context.Context, args []string, out, problems io.Writer) int {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(args) == 0 || verbs[args[0]] == nil {
		fmt.Fprintln(problems, usage)
		return 2
	}
	flags := flag.NewFlagSet("bench "+args[0], flag.ContinueOnError)
	flags.SetOutput(problems)
	err := verbs[args[0]](ctx, flags, args[1:], out)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, flag.ErrHelp):
		return 2
	}
	fmt.Fprintf(problems, "bench %s: %v\n", args[0], err)
	return 1
}
