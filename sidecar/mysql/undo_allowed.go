package mysql

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"userlink/sidecar/fullsync"
)

// undoPrivileges are what an undo needs beyond civicrmPrivileges. A site may do without: then what linking made stays.
var undoPrivileges = []privilege{
	{table: tableContact, write: "DELETE"},
	{table: tableEmail, write: "DELETE"},
	{table: tableLog, write: "DELETE"},
	{table: tableGroupContact, write: "DELETE"},
	{table: tableSubscription, write: "DELETE"},
}

// missingForUndo returns, in words, what the account may not do and an undo of rows of these tables needs.
func missingForUndo(db *gorm.DB, tables []string) ([]string, error) {
	var missing []string
	for _, p := range undoPrivileges {
		if !slices.Contains(tables, p.table) {
			continue
		}
		if err := db.Exec("EXPLAIN DELETE FROM " + p.table + " WHERE id = 0").Error; err != nil {
			if !denied(err) {
				return nil, err
			}
			missing = append(missing, p.write+" on "+p.table)
		}
	}
	if !slices.Contains(tables, tableContact) && !slices.Contains(tables, tableEmail) {
		return missing, nil
	}
	unseen, err := missingToSeeUse(db)
	return append(missing, unseen...), err
}

// undo looks whether what linking makes could be taken back. A site may well run without.
func (k *check) undo() {
	missing, err := missingForUndo(k.site.db.gorm.WithContext(k.ctx), undoOrder)
	switch {
	case err != nil:
		k.add(Problem, "undo", "cannot be looked into: "+err.Error(), "Run the GRANT statements that userlink check --grants prints.")
	case len(missing) > 0:
		k.add(Warning, "undo", "is not possible until the account has "+strings.Join(missing, ", "), "Run the GRANT statements that userlink check --grants prints. Without them all else works, and what linking made stays.")
	default:
		k.add(OK, "undo", "is possible: the account may delete the rows that it wrote", "")
	}
}

// allowed returns an error that says what is missing if the account may not take back what the job wrote.
func (u *undo) allowed(ctx context.Context) error {
	tables, err := u.jobTables(ctx)
	if err != nil {
		return err
	}
	missing, err := missingForUndo(u.site.db.gorm.WithContext(ctx), tables)
	if err == nil && len(missing) > 0 {
		err = &fullsync.NotAllowedError{Missing: missing}
	}
	return err
}

// jobTables lists, of the tables that an undo may have to delete from, those that a job wrote rows of.
func (u *undo) jobTables(ctx context.Context) ([]string, error) {
	var tables []string
	for _, name := range undoOrder {
		if !strings.HasPrefix(name, "civicrm_") || name == tableMatch {
			continue
		}
		var found bool
		err := u.site.db.gorm.WithContext(ctx).Raw(`SELECT EXISTS (SELECT 1 FROM userlink_journal WHERE site_id = ? AND cause_id = ? AND undone_by IS NULL
			AND changes REGEXP ?)`, u.site.ID, u.cause[:], `"table":"`+name+`","row_id":[0-9]+,"change":"insert"`).Scan(&found).Error
		if err != nil {
			return nil, fmt.Errorf("read journal: %w", err)
		}
		if found {
			tables = append(tables, name)
		}
	}
	return tables, nil
}
