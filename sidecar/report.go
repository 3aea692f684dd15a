package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"unicode"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
)

// shownItems is how many users a report names on a terminal; all of them are on the administrator's page.
const shownItems = 50

// printJob prints how a sync ended: the users whom it could not simply link, the counts, the sentence.
func (a *app) printJob(ctx context.Context, s *site, job fullsync.Job) error {
	if err := a.printItems(ctx, s, job); err != nil {
		return err
	}
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, line := range countLines(job) {
		fmt.Fprintf(table, "%d\t  %s\n", line.count, line.what)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "\n%s\n", job.Message)
	if job.Error != "" {
		fmt.Fprintln(a.out, job.Error)
	}
	if carriedOut := howToCarryOut(job); carriedOut != "" && job.State == fullsync.Done {
		fmt.Fprintf(a.out, "To do it: userlink %s --site %s --apply\n", carriedOut, s.ID)
	}
	return nil
}

// howToCarryOut returns the verb that does what a preview shows, or nothing.
func howToCarryOut(job fullsync.Job) string {
	switch job.Mode {
	case fullsync.Preview:
		return "sync"
	case fullsync.UndoPreview:
		return "undo --job " + job.Undoes
	case fullsync.RepairPreview:
		if job.Repaired > 0 {
			return "doctor --repair --finding " + job.Finding
		}
	}
	return ""
}

type countLine struct {
	count int
	what  string
}

func countLines(job fullsync.Job) []countLine {
	if job.Undoes != "" {
		return []countLine{{job.Checked, "checked"}, {job.Undone, "taken back"}, {job.Kept, "kept as they are"}, {job.Failed, "failed"}}
	}
	if job.Finding != "" {
		return []countLine{{job.Checked, "found"}, {job.Repaired, "mended"}, {job.Kept, "left as they are"}, {job.Failed, "failed"}}
	}
	return []countLine{
		{job.Checked, "checked"},
		{job.AlreadyLinked, "linked already"},
		{job.Linked, "linked to a contact that was there"},
		{job.Created, "linked to a new contact"},
		{job.Updated, "email brought into step"},
		{job.Conflicts, "left alone, need a decision"},
		{job.Skipped, "skipped"},
		{job.Failed, "failed"},
	}
}

// printItems names the users who were not simply linked, and why.
func (a *app) printItems(ctx context.Context, s *site, job fullsync.Job) error {
	for _, list := range []struct {
		outcome link.Outcome
		count   int
		title   string
	}{
		{link.Conflict, job.Conflicts, "These users need a decision:"},
		{link.Kept, job.Kept, "These users are kept as they are:"},
		{link.Failed, job.Failed, "These users failed:"},
		{link.Skipped, job.Skipped, "These users were skipped:"},
	} {
		if list.count == 0 {
			continue
		}
		page, err := s.Items(ctx, job.ID, list.outcome, "", shownItems)
		if err != nil {
			return err
		}
		fmt.Fprintln(a.out, list.title)
		if err := a.printTable(page.Items); err != nil {
			return err
		}
		if more := list.count - len(page.Items); more > 0 {
			fmt.Fprintf(a.out, "… and %d more; the administrator's page has them all.\n", more)
		}
		fmt.Fprintln(a.out)
	}
	return nil
}

func (a *app) printTable(items []fullsync.Item) error {
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "user\tname\temail\twhy")
	for _, item := range items {
		fmt.Fprintf(table, "%d\t%s\t%s\t%s%s\n", item.UserID, plain(cmp.Or(item.Username, item.Name)), plain(item.Email), item.Reason.Sentence(), other(item.OtherUserID))
	}
	return table.Flush()
}

func other(userID *uint32) string {
	if userID == nil {
		return ""
	}
	return fmt.Sprintf(" (user %d)", *userID)
}

// plain takes out of a text what would move the cursor or colour the terminal: users choose their names themselves.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '�'
	}, text)
}
