package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
)

func (a *app) conflictsVerb() *cobra.Command {
	var siteID string
	var leftAlone, asJSON bool
	cmd := &cobra.Command{
		Use: "conflicts", Short: "List the users who need a person's decision", Args: cobra.NoArgs,
		Long: `conflicts lists the users who cannot be linked without a person's decision, why, and what can be decided. It looks at each anew:
one whose cause is gone leaves the list. With --left-alone it lists those about whom somebody decided to leave them alone.`,
		RunE: a.verb(func(ctx context.Context) error { return a.conflicts(ctx, siteID, leftAlone, asJSON) }),
	}
	a.siteFlags(cmd, &siteID, &asJSON)
	cmd.Flags().BoolVar(&leftAlone, "left-alone", false, "list the users who are left alone")
	return cmd
}

// siteFlags are those of every verb about a site that prints.
func (a *app) siteFlags(cmd *cobra.Command, siteID *string, asJSON *bool) {
	siteFlag(cmd, siteID)
	cmd.Flags().BoolVar(asJSON, "json", false, "as JSON")
}

// withSite opens the house for a verb that a person watches, and lets do work on the site.
func (a *app) withSite(siteID string, do func(*site) error) error {
	h, err := a.openForTerminal()
	if err != nil {
		return err
	}
	defer func() { _ = h.close() }()
	s, err := h.site(siteID)
	if err != nil {
		return err
	}
	return do(s)
}

func (a *app) conflicts(ctx context.Context, siteID string, leftAlone, asJSON bool) error {
	return a.withSite(siteID, func(s *site) error {
		read := s.Conflicts
		if leftAlone {
			read = s.LeftAlone
		}
		list := []fullsync.OpenConflict{}
		for after, more := "", true; more; {
			page, err := read(ctx, after, 500)
			if err != nil {
				return err
			}
			list = append(list, page.Items...)
			after, more = page.Next, page.Next != ""
		}
		if asJSON {
			return a.printJSON(list)
		}
		return a.printConflicts(list)
	})
}

func (a *app) printConflicts(list []fullsync.OpenConflict) error {
	if len(list) == 0 {
		fmt.Fprintln(a.out, "No user is on this list.")
		return nil
	}
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "user\tname\temail\twhy\tuserlink resolve --user …")
	for _, c := range list {
		fmt.Fprintf(table, "%d\t%s\t%s\t%s%s\t%s\n", c.UserID, plain(c.Username), plain(c.Email), c.Reason.Sentence(), other(c.OtherUserID), choicesAsFlags(c.Choices, c.Candidates))
	}
	return table.Flush()
}

// choicesAsFlags are the choices as they are typed after userlink resolve.
func choicesAsFlags(choices []link.Choice, candidates []fullsync.ExplainedCandidate) string {
	var words []string
	for _, choice := range choices {
		word := "--" + strings.ReplaceAll(string(choice), "_", "-")
		if choice == link.ChooseLink {
			word += " " + contactsOf(candidates)
		}
		words = append(words, word)
	}
	return strings.Join(words, " | ")
}

func contactsOf(candidates []fullsync.ExplainedCandidate) string {
	const shown = 3
	var words []string
	for _, c := range candidates[:min(len(candidates), shown)] {
		words = append(words, fmt.Sprintf("%d (%s)", c.ContactID, plain(c.Name)))
	}
	if len(words) == 0 {
		return "CONTACT"
	}
	return strings.Join(words, " or ")
}
