// Command userlink links the users of a content management system to the contacts of CiviCRM. It runs beside the CMS, whose
// plugin tells it what happens to users. README.md says how to install it.
//
// Each verb is in a file of its own; house.go puts the parts together.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"userlink/sidecar/config"
)

// The exit codes, as --help documents them.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
	exitUnsure = 3
)

const about = `userlink links the users of a content management system to the contacts of CiviCRM.

Exit codes:
  0  done
  1  failed: a database does not answer, a check found a problem, a sync stopped
  2  the command line or the configuration is wrong
  3  a sync is done, and some users need a person's decision or failed`

// memory is what the process aims at staying below, in bytes, unless GOMEMLIMIT says otherwise: the collector works harder
// before it. A sync needs half of it however many users there are; only the preview of a million new contacts comes near.
const memory = 50 << 20

func main() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memory)
	}
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) //nolint:forbidigo // the one place
}

// run carries out a command line and returns the exit code. SIGINT and SIGTERM end ctx, a second one ends the process.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	a := &app{in: stdin, out: stdout, err: stderr, now: time.Now}
	root := a.root() //nolint:contextcheck // the verbs get the context that ExecuteContext is given
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return a.exitCode(root.ExecuteContext(ctx))
}

// app is one run of the program.
type app struct {
	in       io.Reader
	out, err io.Writer // what was asked for; what is said about it
	now      func() time.Time

	configPath string
	ran        bool // a verb has begun: what goes wrong now is not the command line
}

// exitError carries an exit code out of a verb.
type exitError struct {
	code int
	err  error // nil: all is said
}

func (e *exitError) Error() string { return fmt.Sprintf("exit code %d: %v", e.code, e.err) }

func (e *exitError) Unwrap() error { return e.err }

func (a *app) exitCode(err error) int {
	var exit *exitError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &exit):
		if exit.err != nil {
			fmt.Fprintln(a.err, "userlink:", exit.err)
		}
		return exit.code
	case a.ran:
		fmt.Fprintln(a.err, "userlink:", err)
		return exitFailed
	}
	fmt.Fprintf(a.err, "userlink: %v\nSee userlink --help.\n", err)
	return exitUsage
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use: "userlink", Short: "Links CMS users to CiviCRM contacts", Long: about,
		SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	path := os.Getenv("USERLINK_CONFIG")
	if path == "" {
		path = config.DefaultPath
	}
	root.PersistentFlags().StringVar(&a.configPath, "config", path, "configuration `FILE`; also USERLINK_CONFIG")
	root.AddCommand(a.serveVerb(), a.syncVerb(), a.undoVerb(), a.jobsVerb(), a.migrateVerb(), a.checkVerb(), a.explainVerb(), a.doctorVerb(), a.conflictsVerb(), a.resolveVerb(), a.keysVerb(), a.versionVerb(), a.healthcheckVerb())
	return root
}

// verb makes a cobra function out of one of ours.
func (a *app) verb(do func(ctx context.Context) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, _ []string) error {
		a.ran = true
		return do(cmd.Context())
	}
}

// load reads the configuration. What is wrong with it is printed, all at once.
func (a *app) load() (*config.Config, error) {
	c, err := config.Load(a.configPath, os.LookupEnv)
	if err != nil {
		fmt.Fprintln(a.err, err)
		return nil, &exitError{code: exitUsage, err: errors.New("the configuration has problems; nothing was done")}
	}
	return c, nil
}
