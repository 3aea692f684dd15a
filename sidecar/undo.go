package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"userlink/sidecar/fullsync"
)

func (a *app) undoVerb() *cobra.Command {
	var jobID string
	cmd := &cobra.Command{
		Use: "undo", Short: "Take back what a job wrote: preview, or with --apply for real", Args: cobra.NoArgs,
		Long: `undo takes back exactly the rows that a sync, a repair, a decision or an undo wrote, in reverse; userlink jobs lists them. Without
--apply it is a preview, which says of each user whether his rows would be taken back or kept, and why. The rows of one user are
taken back together or not at all, and only if nobody has changed or used them since: a contact that was edited, got a
contribution or joined a group stays, and so does its link. Nothing else is touched. A second undo takes up those who were kept,
and the undo of an undo puts everything back.

The database account needs privileges for it that userlink check prints; without them nothing is done and they are named.

Exit codes: 0 done; 3 done, and some users were kept or failed; 1 it stopped, or another job is under way; 2 the command line or
the configuration is wrong.`,
	}
	flags := jobFlagsOf(cmd, "delete what the job inserted, and put back what it changed and deleted")
	cmd.Flags().StringVar(&jobID, "job", "", "`ID` of the job")
	cmd.RunE = a.verb(func(ctx context.Context) error {
		if jobID == "" {
			return &exitError{code: exitUsage, err: errors.New("--job: write the id of the job that is to be undone; userlink jobs lists them")}
		}
		q := fullsync.Request{Mode: fullsync.UndoPreview, Undoes: jobID}
		if flags.apply {
			q.Mode = fullsync.Undo
		}
		return refusedUndo(a.job(ctx, *flags, q, "Take back what job "+jobID+" wrote for the users of %s now?"))
	})
	return cmd
}

// refusedUndo says what the two errors mean here.
func refusedUndo(err error) error {
	switch {
	case errors.Is(err, fullsync.ErrNotFound):
		return &exitError{code: exitUsage, err: errors.New("--job: this site has no such job; userlink jobs lists them")}
	case errors.Is(err, fullsync.ErrState):
		return errors.New("this job cannot be undone: it is a preview, or it has not ended yet")
	}
	return err
}

func (a *app) jobsVerb() *cobra.Command {
	var siteID string
	var limit int
	var asJSON bool
	cmd := &cobra.Command{
		Use: "jobs", Short: "List the syncs, repairs, decisions and undos of a site, newest first", Args: cobra.NoArgs,
		Long: "jobs lists what was done for a site by syncs, repairs, decisions and undos, previews included, newest first. It changes nothing.",
		RunE: a.verb(func(ctx context.Context) error { return a.jobs(ctx, siteID, limit, asJSON) }),
	}
	a.siteFlags(cmd, &siteID, &asJSON)
	cmd.Flags().IntVar(&limit, "limit", 20, "`NUMBER` of jobs")
	return cmd
}

func (a *app) jobs(ctx context.Context, siteID string, limit int, asJSON bool) error {
	if limit < 1 {
		return &exitError{code: exitUsage, err: errors.New("--limit: write a number above 0")}
	}
	return a.withSite(siteID, func(s *site) error {
		page, err := s.Jobs(ctx, "", limit)
		if err != nil {
			return err
		}
		if asJSON {
			return a.printJSON(page.Items)
		}
		table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "job\tmode\tbegun\tuser\thow it went")
		for _, job := range page.Items {
			undone := when(job.UndoneBy != "", " Undone by "+job.UndoneBy+".")
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s%s\n", job.ID, job.Mode, job.CreatedAt.Local().Format(time.DateTime), actor(job), job.Message, undone)
		}
		return table.Flush()
	})
}

func actor(job fullsync.Job) string {
	if job.ActorUserID == 0 {
		return "–"
	}
	return fmt.Sprint(job.ActorUserID)
}
