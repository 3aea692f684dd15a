package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
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
	a.printState(e.State)
	a.printSeen(e.Seen)
	if len(e.Would) > 0 {
		line("\nWhat would happen now:")
	}
	for _, w := range e.Would {
		line("  %s (%s): %s, %s", w.Event, w.Rule, w.Outcome, w.Reason)
	}
	if len(e.Choices) > 0 {
		line("\nWhat can be decided: userlink resolve --user %d %s", e.User.ID, choicesAsFlags(e.Choices, e.Candidates))
	}
	if len(e.Journal) > 0 {
		line("\nWritten before:")
	}
	for _, j := range e.Journal {
		line("  %s  %s %s %d  %s  by %s%s", j.At.Local().Format(time.DateTime), j.Change, j.Table, j.RowID, j.Reason, j.By, when(j.Undone, ", undone since"))
	}
}

func (a *app) printState(state fullsync.ExplainedState) {
	line := func(condition bool, format string, args ...any) {
		if condition {
			fmt.Fprintf(a.out, format+"\n", args...)
		}
	}
	date := func(at *time.Time) string {
		if at == nil {
			return "never"
		}
		return at.Local().Format(time.DateTime)
	}
	line(state.LeftAloneAt != nil, "Left alone since %s.", date(state.LeftAloneAt))
	line(state.DeletedAt != nil, "Deleted in the CMS on %s.", date(state.DeletedAt))
	line(!state.InScope, "Out of the site's scope: the roles or the status do not count.")
	line(state.VerifyEmail != "off", "The email must be proved before an existing contact is linked; proved: %s.", date(state.ProvedAt))
	line(state.Conflict != "", "Listed as a conflict: %s.", state.Conflict)
}

func (a *app) printSeen(seen fullsync.ExplainedSeen) {
	line := func(format string, args ...any) { fmt.Fprintf(a.out, format+"\n", args...) }
	line("\nSeen:")
	for _, l := range seen.Links {
		line("  linked to contact %d, under the name %s%s%s", l.ContactID, plain(l.Name), when(l.Trashed, "; the contact is in the trash"), when(l.Missing, "; there is no such contact"))
	}
	if h := seen.NameHolder; h != nil {
		line("  the email stands on the link of user %d%s, with contact %d", h.UserID, when(seen.HolderGone, ", who no longer exists"), h.ContactID)
	}
	for _, c := range seen.Candidates {
		line("  contact %d, %s, %s%s", c.ContactID, plain(c.Name), foundBy(c), when(c.LinkedToUser != 0, fmt.Sprintf(", linked to user %d", c.LinkedToUser)))
	}
	if seen.InTrash {
		line("  a contact in the trash carries the email")
	}
	if len(seen.Links)+len(seen.Candidates) == 0 && seen.NameHolder == nil {
		line("  no link, and no contact with this email")
	}
}

// foundBy says what makes a contact a candidate.
func foundBy(c fullsync.ExplainedCandidate) string {
	switch {
	case c.Rule == link.MatchUnsupervised:
		return "is found by CiviCRM's rule Unsupervised"
	case c.Similar:
		return "carries an email that the database takes for the same"
	}
	return "carries the email" + when(c.Primary, " as its primary one")
}

func when(condition bool, text string) string {
	if condition {
		return text
	}
	return ""
}
