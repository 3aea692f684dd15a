package mysql

import (
	"fmt"
	"slices"
	"strings"

	driver "github.com/go-sql-driver/mysql"

	"userlink/sidecar/link"
)

// privilege is what userlink's account needs on one table. Columns, if any, limit SELECT to them.
type privilege struct {
	table   string
	columns []string // SELECT on these alone; nil: on all
	write   string   // further privileges
}

// civicrmPrivileges is all that userlink may do to CiviCRM's tables. The api keys of contacts are not readable.
var civicrmPrivileges = []privilege{
	{table: tableContact, columns: syncedColumns, write: "INSERT, UPDATE (display_name, sort_name)"},
	{table: tableEmail, write: "INSERT, UPDATE (email)"},
	{table: tableLog, write: "INSERT"},
	{table: tableMatch, write: "INSERT, UPDATE (uf_name), DELETE"},
	{table: tableACLCache, write: "DELETE"},
	{table: "civicrm_domain"},
	{table: "civicrm_setting"},
	{table: "civicrm_option_group"},
	{table: "civicrm_option_value"},
	{table: "civicrm_location_type"},
	{table: tableGroup, columns: []string{"id", "title", "cache_date"}, write: "UPDATE (cache_date)"},
	{table: tableGroupContact, write: "INSERT"},
	{table: tableSubscription, write: "INSERT"},
	{table: "civicrm_group_nesting"},
}

const ownPrivileges = "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, DROP"

// Grants returns the SQL that makes userlink's account for this site, to be run by an administrator of the database. The
// names of databases and account come from the DSNs; the password does not appear.
func (s *Site) Grants(civicrmDSN string) (string, error) {
	civicrm, err := driver.ParseDSN(civicrmDSN)
	if err != nil {
		return "", fmt.Errorf("civicrm dsn: %w", err)
	}
	cms := civicrm
	if s.DSN != "" {
		if cms, err = driver.ParseDSN(s.DSN); err != nil {
			return "", fmt.Errorf("site %s: dsn: %w", s.ID, err)
		}
	}
	var b strings.Builder
	b.WriteString("-- On the server of CiviCRM's database. Put the password of the dsn in place of the dots.\n")
	createUser(&b, civicrm)
	grantCiviCRM(&b, civicrm)
	s.grantRules(&b, civicrm)
	if cms.Addr != civicrm.Addr || cms.User != civicrm.User {
		fmt.Fprintf(&b, "\n-- On the server of the users table (%s).\n", cms.Addr)
		createUser(&b, cms)
	}
	s.grantUsers(&b, cms)
	return b.String(), nil
}

// account returns 'user'@'host' as the server will see the sidecar.
func account(cfg *driver.Config) string {
	host := "127.0.0.1"
	if cfg.Net == "unix" {
		host = "localhost"
	} else if h, _, ok := strings.Cut(cfg.Addr, ":"); ok && h != "127.0.0.1" && h != "localhost" && h != "[" {
		host = "%"
	}
	return fmt.Sprintf("'%s'@'%s'", escape(cfg.User), host)
}

func createUser(b *strings.Builder, cfg *driver.Config) {
	fmt.Fprintf(b, "CREATE USER IF NOT EXISTS %s IDENTIFIED BY '…';\n", account(cfg))
}

func grantCiviCRM(b *strings.Builder, cfg *driver.Config) {
	for _, p := range civicrmPrivileges {
		grant := "SELECT"
		if p.columns != nil {
			grant += " (" + strings.Join(p.columns, ", ") + ")"
		}
		if p.write != "" {
			grant += ", " + p.write
		}
		fmt.Fprintf(b, "GRANT %s ON %s.%s TO %s;\n", grant, quote(cfg.DBName), p.table, account(cfg))
	}
	b.WriteString("-- the names of the other tables and columns, and nothing of what is in them: whoever refers to a contact must be known\n")
	fmt.Fprintf(b, "GRANT REFERENCES ON %s.* TO %s;\n", quote(cfg.DBName), account(cfg))
	b.WriteString("-- to undo; without these all else works, and what linking made stays\n")
	for _, p := range undoPrivileges {
		fmt.Fprintf(b, "GRANT %s ON %s.%s TO %s;\n", p.write, quote(cfg.DBName), p.table, account(cfg))
	}
	b.WriteString("-- to put contacts that CiviCRM's own sync has left without a link into the trash; without it all else works\n")
	fmt.Fprintf(b, "GRANT %s ON %s.%s TO %s;\n", trashPrivilege.write, quote(cfg.DBName), trashPrivilege.table, account(cfg))
	b.WriteString("-- userlink's own tables; it makes them itself\n")
	for _, table := range OwnTables() {
		fmt.Fprintf(b, "GRANT %s ON %s.%s TO %s;\n", ownPrivileges, quote(cfg.DBName), table, account(cfg))
	}
}

// grantRules is what a site needs that matches by CiviCRM's own rule for duplicates.
func (s *Site) grantRules(b *strings.Builder, cfg *driver.Config) {
	if !s.Matching.Uses(link.MatchUnsupervised) {
		return
	}
	b.WriteString("-- the rule for duplicates, since this site matches by it\n")
	for _, table := range dedupeTables {
		fmt.Fprintf(b, "GRANT SELECT ON %s.%s TO %s;\n", quote(cfg.DBName), table, account(cfg))
	}
}

func (s *Site) grantUsers(b *strings.Builder, cfg *driver.Config) {
	table := func(name string) string { return quote(cfg.DBName) + "." + quote(s.TablePrefix+name) }
	b.WriteString("-- the users: no password can be read, nothing can be written\n")
	more, tables := factsRead(s.CMS, s.Matching)
	columns := append(slices.Clone(s.users.where.columns), more...)
	fmt.Fprintf(b, "GRANT SELECT (%s) ON %s TO %s;\n", strings.Join(columns, ", "), table(s.users.where.table), account(cfg))
	for _, t := range tables {
		fmt.Fprintf(b, "GRANT SELECT (%s) ON %s TO %s;\n", strings.Join(t.columns, ", "), table(t.name), account(cfg))
	}
	if s.CMS == link.WordPress {
		fmt.Fprintf(b, "CREATE OR REPLACE SQL SECURITY DEFINER VIEW %s AS SELECT umeta_id, user_id, meta_key, meta_value FROM %s\n  WHERE meta_key IN ('first_name', 'last_name') OR meta_key LIKE '%%capabilities';\n", table(usermetaView), table(usermetaTable))
		fmt.Fprintf(b, "GRANT SELECT ON %s TO %s;\n", table(usermetaView), account(cfg))
	}
}

func escape(s string) string { return strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) }
