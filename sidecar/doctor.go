package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
)

func (a *app) doctorVerb() *cobra.Command {
	var finding string
	var repair bool
	cmd := &cobra.Command{
		Use: "doctor", Short: "Find what is amiss between users and contacts, and mend it", Args: cobra.NoArgs,
		Long: `doctor looks for what goes wrong between users and contacts: contacts that CiviCRM's own sync has left without a link, links that
lead nowhere, addresses that have got out of step. Without --repair it changes nothing: it says how many of each kind there are,
what they are, and what a repair would do; with --finding it lists whom one kind concerns.

With --repair it makes a preview of the repair, of one kind or, without --finding, of all kinds that can be mended, one after the
other in the best order. With --apply it does it; on a terminal it asks before it begins, and --yes answers. Every row that a repair
writes is in the journal, and userlink undo takes it back.

To find orphans the database account needs privileges that userlink check prints.

Exit codes: 0 done; 3 done, and some cases are left as they are or failed; 1 it stopped, or another job is under way; 2 the command
line or the configuration is wrong.`,
	}
	flags := jobFlagsOf(cmd, "with --repair: mend for real")
	cmd.Flags().StringVar(&finding, "finding", "", "one `KIND` only, by its name in the list")
	cmd.Flags().BoolVar(&repair, "repair", false, "mend: preview, or with --apply for real")
	cmd.RunE = a.verb(func(ctx context.Context) error {
		f := link.Finding(finding)
		switch {
		case finding != "" && !f.Known():
			return &exitError{code: exitUsage, err: fmt.Errorf("--finding %q: write one of %q", finding, link.Findings())}
		case flags.apply && !repair:
			return &exitError{code: exitUsage, err: errors.New("--apply: only with --repair")}
		case repair:
			return a.repair(ctx, *flags, f)
		case f != "":
			return a.withSite(flags.site, func(s *site) error { return a.concerned(ctx, s, f, flags.asJSON) })
		}
		return a.withSite(flags.site, func(s *site) error { return a.findings(ctx, s, flags.asJSON) })
	})
	return cmd
}

func (a *app) findings(ctx context.Context, s *site, asJSON bool) error {
	health, err := s.Health(ctx)
	if err != nil {
		return err
	}
	if asJSON {
		return a.printJSON(health)
	}
	amiss := false
	for _, f := range health.Findings {
		if f.Unseen {
			amiss = true
			fmt.Fprintf(a.out, "%s: not known\n  %s\n\n", f.Finding, f.Sentence)
		}
		if f.Count == 0 {
			continue
		}
		amiss = true
		fmt.Fprintf(a.out, "%s: %d\n  %s\n", f.Finding, f.Count, f.Sentence)
		if f.Remedy != "" {
			fmt.Fprintf(a.out, "  → %s\n    userlink doctor --site %s --finding %s --repair\n", f.Remedy, s.ID, f.Finding)
		}
		fmt.Fprintln(a.out)
	}
	if !amiss {
		fmt.Fprintln(a.out, "Nothing is amiss.")
	}
	return nil
}

// concerned lists whom a finding concerns: on a terminal the first of them, as JSON all.
func (a *app) concerned(ctx context.Context, s *site, f link.Finding, asJSON bool) error {
	items := []fullsync.Item{}
	after := ""
	for {
		page, err := s.Concerned(ctx, f, after, shownItems)
		if err != nil {
			return err
		}
		items = append(items, page.Items...)
		if after = page.Next; after == "" || !asJSON {
			break
		}
	}
	if asJSON {
		return a.printJSON(items)
	}
	if len(items) == 0 {
		fmt.Fprintln(a.out, "Nobody is concerned.")
		return nil
	}
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "user\tname\temail\tcontact\ta repair\twhy")
	for _, i := range items {
		contact := ""
		if i.ContactID != nil {
			contact = fmt.Sprint(*i.ContactID)
		}
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s%s\n", i.UserID, plain(cmp.Or(i.Username, i.Name)), plain(i.Email), contact, remedies[i.Outcome], i.Reason.Sentence(), other(i.OtherUserID))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if after != "" {
		fmt.Fprintln(a.out, "… and more; with --json all of them are listed.")
	}
	return nil
}

var remedies = map[link.Outcome]string{link.Repaired: "mends it", link.Kept: "leaves it"}

// repair mends one kind of finding, or one after the other all that can be mended.
func (a *app) repair(ctx context.Context, flags jobFlags, f link.Finding) error {
	findings := []link.Finding{f}
	if f == "" {
		findings = nil
		for _, known := range link.Findings() {
			if known.Remedy() != "" {
				findings = append(findings, known)
			}
		}
	}
	return a.withSite(flags.site, func(s *site) error {
		if err := a.agreedTo(ctx, s, flags, flags.apply, "Mend what is amiss on %s now?"); err != nil {
			return err
		}
		jobs := []fullsync.Job{}
		var worst error
		for _, f := range findings {
			job, err := a.repairOne(ctx, s, flags, f)
			if err != nil {
				return errors.Join(err, worst)
			}
			jobs = append(jobs, job)
			if worst == nil || job.State != fullsync.Done {
				worst = verdict(job)
			}
			if job.State != fullsync.Done {
				break
			}
		}
		if !flags.asJSON {
			return worst
		}
		if len(findings) == 1 {
			return errors.Join(a.printJSON(jobs[0]), worst)
		}
		return errors.Join(a.printJSON(jobs), worst)
	})
}

func (a *app) repairOne(ctx context.Context, s *site, flags jobFlags, f link.Finding) (fullsync.Job, error) {
	q := fullsync.Request{Mode: fullsync.RepairPreview, Finding: string(f), ActorUserID: flags.actor}
	if flags.apply {
		q.Mode = fullsync.Repair
	}
	job, err := a.work(ctx, s, q, flags)
	if err != nil || flags.asJSON {
		return job, err
	}
	fmt.Fprintf(a.out, "%s\n\n", f)
	err = a.printJob(context.WithoutCancel(ctx), s, job)
	fmt.Fprintln(a.out)
	return job, err
}
