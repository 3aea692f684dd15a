package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"userlink/sidecar/fullsync"
)

func (a *app) explainVerb() *cobra.Command {
	var siteID string
	var userID uint32
	var asJSON bool
	cmd := &cobra.Command{
		Use: "explain", Short: "Say what a sync would do with one user now, and why", Args: cobra.NoArgs,
		Long: `explain says what a full sync would do with one user now, what the database knows about that user, and what userlink has written
before. It changes nothing.`,
		RunE: a.verb(func(ctx context.Context) error {
			if userID == 0 {
				return &exitError{code: exitUsage, err: errors.New("--user: write the id of a user of the CMS")}
			}
			return a.explain(ctx, siteID, userID, asJSON)
		}),
	}
	a.siteFlags(cmd, &siteID, &asJSON)
	cmd.Flags().Uint32Var(&userID, "user", 0, "`ID` of the user in the CMS")
	return cmd
}

func (a *app) explain(ctx context.Context, siteID string, userID uint32, asJSON bool) error {
	return a.withSite(siteID, func(s *site) error {
		e, err := s.Explain(ctx, userID)
		if err != nil {
			return err
		}
		if asJSON {
			return a.printJSON(e)
		}
		a.printExplanation(e)
		return nil
	})
}

func (a *app) printExplanation(e fullsync.Explanation) {
	line := func(format string, args ...any) { fmt.Fprintf(a.out, format+"\n", args...) }
	if e.Found {
		line("User %d, %s, %s", e.User.ID, plain(e.User.Username), plain(e.User.Email))
	} else {
		line("User %d is not in the CMS.", e.User.ID)
	}
	line("A sync would answer: %s, %s. %s", e.Decision.Outcome, e.Decision.Reason, e.Sentence)
	line("\nSeen:")
	for _, l := range e.Seen.Links {
		line("  linked to contact %d, under the name %s", l.ContactID, plain(l.Name))
	}
	if h := e.Seen.NameHolder; h != nil {
		gone := ""
		if e.Seen.HolderGone {
			gone = ", who no longer exists"
		}
		line("  the email stands on the link of user %d%s, with contact %d", h.UserID, gone, h.ContactID)
	}
	for _, c := range e.Seen.Candidates {
		line("  contact %d, %s, carries the email%s%s", c.ContactID, plain(c.Name), when(c.Primary, " as its primary one"), when(c.LinkedToUser != 0, fmt.Sprintf(", linked to user %d", c.LinkedToUser)))
	}
	if len(e.Seen.Links)+len(e.Seen.Candidates) == 0 && e.Seen.NameHolder == nil {
		line("  no link, and no contact with this email")
	}
	if len(e.Journal) > 0 {
		line("\nWritten before:")
	}
	for _, j := range e.Journal {
		line("  %s  %s %s %d  %s  by %s", j.At.Local().Format(time.DateTime), j.Change, j.Table, j.RowID, j.Reason, j.By)
	}
}

func when(condition bool, text string) string {
	if condition {
		return text
	}
	return ""
}
