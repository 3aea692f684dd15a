package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
)

func (a *app) migrateVerb() *cobra.Command {
	return &cobra.Command{
		Use: "migrate", Short: "Bring userlink's own tables in CiviCRM's database up to date", Args: cobra.NoArgs,
		Long: `migrate makes or changes userlink's own tables, userlink_…, in CiviCRM's database. It touches no other table and may be run as
often as you like. serve does it too, when it starts.`,
		RunE: a.verb(a.migrate),
	}
}

func (a *app) migrate(ctx context.Context) error {
	h, err := a.openForTerminal()
	if err != nil {
		return err
	}
	defer func() { _ = h.close() }()
	steps, err := h.db.Migrate(ctx)
	switch {
	case err != nil:
		return err
	case steps == 0:
		fmt.Fprintln(a.out, "userlink's tables are current.")
	default:
		fmt.Fprintf(a.out, "userlink's tables are current now (steps taken: %d).\n", steps)
	}
	return nil
}
