package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
)

type resolveFlags struct {
	site                                     string
	user, contact, actor                     uint32
	create, takeOver, leaveAlone, reconsider bool
	asJSON                                   bool
}

func (a *app) resolveVerb() *cobra.Command {
	var flags resolveFlags
	cmd := &cobra.Command{
		Use: "resolve", Short: "Carry out what you decide about one user", Args: cobra.NoArgs,
		Long: `resolve carries out a person's decision about one user who cannot be linked without it. userlink conflicts lists these users and
what can be decided. It looks anew first: a choice that does not fit any more changes nothing. What was written is a job of
its own in the history, and can be undone there.`,
		RunE: a.verb(func(ctx context.Context) error { return a.resolve(ctx, flags) }),
	}
	a.siteFlags(cmd, &flags.site, &flags.asJSON)
	f := cmd.Flags()
	f.Uint32Var(&flags.user, "user", 0, "`ID` of the user in the CMS")
	f.Uint32Var(&flags.contact, "link", 0, "link to the contact with this `ID`; of several links keep that one")
	f.BoolVar(&flags.create, "create", false, "make a new contact and link it")
	f.BoolVar(&flags.takeOver, "take-over", false, "remove the link of the user who is gone, and link this one in its place")
	f.BoolVar(&flags.leaveAlone, "leave-alone", false, "no conflict and no link, until --reconsider")
	f.BoolVar(&flags.reconsider, "reconsider", false, "no longer leave this user alone")
	f.Uint32Var(&flags.actor, "actor", 0, "`ID` of the CMS user who shall stand in CiviCRM's change log; 0: nobody")
	choices := []string{"link", "create", "take-over", "leave-alone", "reconsider"}
	cmd.MarkFlagsOneRequired(choices...)
	cmd.MarkFlagsMutuallyExclusive(choices...)
	return cmd
}

func (f resolveFlags) choice() link.Choice {
	switch {
	case f.create:
		return link.ChooseCreate
	case f.takeOver:
		return link.ChooseTakeOver
	case f.leaveAlone:
		return link.ChooseLeaveAlone
	case f.reconsider:
		return link.ChooseReconsider
	}
	return link.ChooseLink
}

func (a *app) resolve(ctx context.Context, flags resolveFlags) error {
	choice := flags.choice()
	if flags.user == 0 || choice == link.ChooseLink && flags.contact == 0 {
		return &exitError{code: exitUsage, err: errors.New("write --user with the id of a user of the CMS, and one of --link CONTACT, --create, --take-over, --leave-alone, --reconsider")}
	}
	return a.withSite(flags.site, func(s *site) error {
		resolved, err := s.Resolve(ctx, flags.user, choice, flags.contact, flags.actor)
		switch {
		case errors.Is(err, fullsync.ErrChoice):
			return fmt.Errorf("%w; nothing was changed: userlink conflicts says what can be decided", err)
		case err != nil:
			return err
		case flags.asJSON:
			return a.printJSON(resolved)
		}
		fmt.Fprintf(a.out, "%s, %s. %s\n", resolved.Outcome, resolved.Reason, resolved.Reason.Sentence())
		if resolved.Job != nil {
			fmt.Fprintf(a.out, "It is job %s in the history.\n", resolved.Job.ID)
		}
		return nil
	})
}
