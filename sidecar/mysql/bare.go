package mysql

import (
	"context"
	"fmt"
	"slices"
	"strings"

	driver "github.com/go-sql-driver/mysql"
	"gorm.io/gorm"
)

// bareView shows the ids of the contacts that have nothing but what a sync gives a contact: no source, no job title, no
// birth date, whatever columns the site's CiviCRM has. An administrator of the database makes it, so that the account can
// see that there is nothing without being able to read what there is.
const bareView = "userlink_bare_contact"

// contactColumn is a column of civicrm_contact.
type contactColumn struct {
	ColumnName, DataType string
	ColumnDefault        *string
}

// UseGrants returns the SQL, to be run by an administrator of the database after that of Grants, that lets the account see
// whether anybody uses a contact. The tables of this very site say which statements these are; it is empty when nothing is
// missing. Undo and the repair of orphans need it, linking does not.
func (s *Site) UseGrants(ctx context.Context, civicrmDSN string) (string, error) {
	cfg, err := driver.ParseDSN(civicrmDSN)
	if err != nil {
		return "", fmt.Errorf("civicrm dsn: %w", err)
	}
	db := s.db.gorm.WithContext(ctx)
	r, err := readReferences(db)
	if err != nil {
		return "", outward(err)
	}
	if r.blind {
		return "-- Then run userlink check once more: it prints what undo and the repair of orphans need beyond this.\n", nil
	}
	statements := r.missing(cfg.DBName, account(cfg))
	if bareReadable(db) != nil {
		columns, err := readContactColumns(db)
		if err != nil {
			return "", outward(err)
		}
		statements += bareStatement(cfg.DBName, columns) + fmt.Sprintf("GRANT SELECT ON %s.%s TO %s;\n", quote(cfg.DBName), bareView, account(cfg))
	}
	if statements != "" {
		statements = "-- whether anybody uses a contact, for undo and the repair of orphans: ids, and nothing of what is in these tables\n" + statements
	}
	return statements, nil
}

func bareReadable(db *gorm.DB) error { return db.Exec("SELECT id FROM " + bareView + " LIMIT 0").Error }

func readContactColumns(db *gorm.DB) ([]contactColumn, error) {
	var columns []contactColumn
	err := db.Raw(`SELECT COLUMN_NAME AS column_name, DATA_TYPE AS data_type, COLUMN_DEFAULT AS column_default FROM information_schema.COLUMNS
		WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`, tableContact).Scan(&columns).Error
	return columns, err
}

func bareStatement(schema string, columns []contactColumn) string {
	var conditions []string
	for _, c := range columns {
		if !slices.Contains(syncedColumns, c.ColumnName) {
			conditions = append(conditions, c.untouched())
		}
	}
	return fmt.Sprintf("CREATE OR REPLACE SQL SECURITY DEFINER VIEW %s.%s AS SELECT id FROM %s.%s\n  WHERE %s;\n",
		quote(schema), bareView, quote(schema), tableContact, strings.Join(conditions, "\n  AND "))
}

// syncedColumns are the columns of civicrm_contact that a sync fills, or that say nothing about a person.
var syncedColumns = append([]string{"id", "is_deleted", "modified_date"}, contactColumns...)

// untouched returns the condition that the column is as a sync leaves it: empty, or as the schema fills it.
func (c contactColumn) untouched() string {
	name := quote(c.ColumnName)
	value := ""
	if c.ColumnDefault != nil {
		value = strings.Trim(*c.ColumnDefault, "'") // MariaDB quotes it, MySQL does not
	}
	if value == "NULL" {
		value = ""
	}
	switch {
	case value != "":
		return fmt.Sprintf("COALESCE(%s, '%s') = '%s'", name, escape(value), escape(value))
	case slices.Contains([]string{"char", "varchar", "tinytext", "text", "mediumtext", "longtext"}, c.DataType):
		return fmt.Sprintf("COALESCE(%s, '') = ''", name)
	case strings.HasSuffix(c.DataType, "int"):
		return fmt.Sprintf("COALESCE(%s, 0) = 0", name)
	}
	return name + " IS NULL"
}

// missingToSeeUse returns, in words, what the account may not do and needs to see whether anybody uses a contact.
func missingToSeeUse(db *gorm.DB) ([]string, error) {
	r, err := readReferences(db)
	if err != nil {
		return nil, err
	}
	var missing []string
	switch {
	case r.blind:
		missing = append(missing, "REFERENCES on the schema")
	case r.complete() != nil:
		missing = append(missing, "SELECT on columns that refer to a contact")
	}
	if bareReadable(db) != nil {
		missing = append(missing, "SELECT on "+bareView)
	}
	return missing, nil
}
