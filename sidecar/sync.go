package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"userlink/sidecar/fullsync"
)

// followEvery is how often a sync that another process works on is looked at.
const followEvery = 500 * time.Millisecond

// jobFlags are the flags of the verbs that start a job.
type jobFlags struct {
	site               string
	apply, asJSON, yes bool
	actor              uint32
}

// jobFlagsOf adds the flags to a verb; apply says what --apply does there.
func jobFlagsOf(cmd *cobra.Command, apply string) *jobFlags {
	flags := &jobFlags{}
	siteFlag(cmd, &flags.site)
	cmd.Flags().BoolVar(&flags.apply, "apply", false, apply)
	cmd.Flags().BoolVar(&flags.asJSON, "json", false, "print the job as JSON, and nothing else")
	cmd.Flags().BoolVar(&flags.yes, "yes", false, "do not ask")
	cmd.Flags().Uint32Var(&flags.actor, "actor", 0, "`ID` of the CMS user who shall stand in CiviCRM's change log; 0: nobody")
	return flags
}

func siteFlag(cmd *cobra.Command, siteID *string) {
	cmd.Flags().StringVar(siteID, "site", "", "`ID` of the site; may be left out if there is one only")
}

func (a *app) syncVerb() *cobra.Command {
	cmd := &cobra.Command{
		Use: "sync", Short: "Synchronize Users to Contacts: preview, or with --apply for real", Args: cobra.NoArgs,
		Long: `sync walks all users of a site, as the administrator's page does. Without --apply it is a preview, which changes nothing but
userlink's own tables. With --apply, on a terminal, it asks before it begins; --yes answers. What was begun can be ended with
Ctrl-C: what was written stays and is whole, and a later run finds what is left. userlink undo takes it back.

Exit codes: 0 done; 3 done, and some users need a decision or failed; 1 it stopped, or another one is under way; 2 the command
line or the configuration is wrong.`,
	}
	flags := jobFlagsOf(cmd, "link users and create contacts")
	cmd.RunE = a.verb(func(ctx context.Context) error {
		q := fullsync.Request{Mode: fullsync.Preview}
		if flags.apply {
			q.Mode = fullsync.Apply
		}
		return a.job(ctx, *flags, q, "Link the users of %s and create contacts now?")
	})
	cmd.AddCommand(
		a.jobVerb("pause", "Let the job that is under way rest; it keeps its place", (*site).PauseSync),
		a.jobVerb("resume", "Let a job that rests go on, in whichever sidecar serves the site", (*site).ResumeSync),
		a.jobVerb("cancel", "End the job that is under way; what was written stays", (*site).CancelSync),
	)
	return cmd
}

// jobVerb is a verb that does one thing to a job: to the one that is under way, unless --job names another.
func (a *app) jobVerb(name, short string, do func(*site, context.Context, string) (fullsync.Job, error)) *cobra.Command {
	var siteID, id string
	cmd := &cobra.Command{Use: name, Short: short, Args: cobra.NoArgs, RunE: a.verb(func(ctx context.Context) error { return a.toJob(ctx, siteID, id, do) })}
	siteFlag(cmd, &siteID)
	cmd.Flags().StringVar(&id, "job", "", "`ID` of the job (default: the one that is under way)")
	return cmd
}

func (a *app) toJob(ctx context.Context, siteID, id string, do func(*site, context.Context, string) (fullsync.Job, error)) error {
	return a.withSite(siteID, func(s *site) error {
		if id == "" {
			active, err := s.ActiveJob(ctx)
			if err != nil {
				return err
			}
			if active == nil {
				return errors.New("no job is under way")
			}
			id = active.ID
		}
		job, err := do(s, ctx, id)
		if errors.Is(err, fullsync.ErrState) {
			return fmt.Errorf("%w: %s is %s", err, job.ID, job.State)
		}
		if err == nil {
			fmt.Fprintf(a.out, "%s, %s: %s. Checked %d of %d.\n", job.ID, job.Mode, job.State, job.Checked, job.Total)
		}
		return err
	})
}

// job starts a job, stays with it until it has ended, and prints how. question, with the site's id, is asked before anything
// is written.
func (a *app) job(ctx context.Context, flags jobFlags, q fullsync.Request, question string) error {
	return a.withSite(flags.site, func(s *site) error {
		if err := a.agreedTo(ctx, s, flags, q.Mode.Writes(), question); err != nil {
			return err
		}
		q.ActorUserID = flags.actor
		job, err := a.work(ctx, s, q, flags)
		if err != nil {
			return err
		}
		if flags.asJSON {
			err = a.printJSON(job)
		} else {
			err = a.printJob(context.WithoutCancel(ctx), s, job)
		}
		return errors.Join(err, verdict(job))
	})
}

// agreedTo returns nil when a job may begin: the site is ready, and a person at a terminal agrees to what writes.
func (a *app) agreedTo(ctx context.Context, s *site, flags jobFlags, writes bool, question string) error {
	if err := s.Ready(ctx); err != nil {
		return err
	}
	if writes && !flags.yes && isTerminal(a.in) && !a.agreed(fmt.Sprintf(question, s.ID)) {
		return errors.New("nothing was done")
	}
	return nil
}

func (a *app) agreed(question string) bool {
	fmt.Fprint(a.err, question+" [y/N] ")
	answer, err := bufio.NewReader(a.in).ReadString('\n')
	return err == nil && strings.EqualFold(strings.TrimSpace(answer), "y")
}

// work starts a job and stays with it until it has ended.
func (a *app) work(ctx context.Context, s *site, q fullsync.Request, flags jobFlags) (fullsync.Job, error) {
	job, err := s.runner.Start(ctx, q)
	if errors.Is(err, fullsync.ErrRunning) {
		return job, fmt.Errorf("%w: %s, %s, begun %s by %s", err, job.ID, job.Mode, job.CreatedAt.Local().Format(time.DateTime), owner(job))
	}
	if err != nil {
		return job, err
	}
	progress := a.progress(!flags.asJSON && isTerminal(a.err))
	done, err := s.runner.Do(ctx, job.ID, progress)
	if errors.Is(err, fullsync.ErrState) || errors.Is(err, fullsync.ErrLost) { // a serve was quicker, or took it over
		done, err = follow(ctx, s, job.ID, progress)
	}
	if ctx.Err() == nil || done.State.Final() {
		return done, err
	}
	return cancelled(context.WithoutCancel(ctx), s, job.ID)
}

// cancelled ends a job for good that would else go on in another process: Ctrl-C means stop.
func cancelled(ctx context.Context, s *site, id string) (fullsync.Job, error) {
	job, err := s.Cancel(ctx, id)
	if errors.Is(err, fullsync.ErrState) { // it ended by itself in this moment
		return job, nil
	}
	return job, err
}

func owner(job fullsync.Job) string {
	if job.Owner == "" {
		return "nobody yet"
	}
	return job.Owner
}

// follow watches a job that another process works on.
func follow(ctx context.Context, s *site, id string, progress func(fullsync.Job)) (fullsync.Job, error) {
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	for {
		job, err := s.Job(ctx, id)
		if err != nil || job.State.Final() {
			return job, err
		}
		progress(job)
		select {
		case <-ctx.Done():
			return job, ctx.Err()
		case <-tick.C:
		}
	}
}

// progress returns what shows how far a job is: a bar for a person, nothing for a pipe.
func (a *app) progress(show bool) func(fullsync.Job) {
	if !show {
		return func(fullsync.Job) {}
	}
	var bar *progressbar.ProgressBar
	return func(job fullsync.Job) {
		if bar == nil {
			bar = newBar(a.err, job)
		}
		_ = bar.Set(min(job.Checked, job.Total)) // a bar that cannot be drawn is no reason to stop
		if job.Checked >= job.Total {
			_ = bar.Finish()
		}
	}
}

func newBar(w io.Writer, job fullsync.Job) *progressbar.ProgressBar {
	return progressbar.NewOptions(max(job.Total, 1),
		progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(string(job.Mode)), progressbar.OptionShowCount(),
		progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(40))
}

// verdict is the exit code that a job deserves.
func verdict(job fullsync.Job) error {
	switch {
	case job.State != fullsync.Done:
		return &exitError{code: exitFailed}
	case job.Conflicts+job.Failed+job.Kept > 0:
		return &exitError{code: exitUnsure}
	}
	return nil
}
