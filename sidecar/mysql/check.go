package mysql

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"userlink/sidecar/link"
)

// Level says how bad a finding is.
type Level string

// The levels of a finding.
const (
	OK      Level = "ok"
	Warning Level = "warning"
	Problem Level = "problem" // userlink must not, or cannot, run like this
)

// Finding is one line of userlink check.
type Finding struct {
	Level  Level  `json:"level"`
	Name   string `json:"name"`
	Detail string `json:"detail"`
	Remedy string `json:"remedy,omitempty"`
}

const (
	clockWarning = 2 * time.Second
	clockProblem = 30 * time.Second // tokens are refused from there on
)

// check collects findings about one site.
type check struct {
	site  *Site
	ctx   context.Context //nolint:containedctx // lives for one call of Check
	found []Finding
}

// Check looks whether the databases answer, the tables are there, and the account may do what it must and nothing that it
// must not. It writes nothing: privileges are tried with EXPLAIN, which needs them but does not act.
func (s *Site) Check(ctx context.Context) []Finding {
	k := &check{site: s, ctx: ctx}
	if !k.answers("CiviCRM's database", s.db.gorm) {
		return k.found
	}
	k.civicrmTables()
	k.ownTables()
	k.clock()
	k.binlog()
	k.cluster()
	k.civicrmPrivileges()
	k.contactUse()
	k.undo()
	if s.DSN != "" && !k.answers("the users' database", s.users.db) {
		return k.found
	}
	k.usersTable()
	k.matching()
	k.tooMuch()
	return k.found
}

func (k *check) add(level Level, name, detail, remedy string) {
	k.found = append(k.found, Finding{Level: level, Name: name, Detail: detail, Remedy: remedy})
}

func (k *check) answers(name string, db *gorm.DB) bool {
	var version string
	if err := db.WithContext(k.ctx).Raw("SELECT VERSION()").Scan(&version).Error; err != nil {
		if errors.Is(err, errReadOnly) {
			k.add(Problem, name, "cannot be used: "+err.Error(), "Put the primary's address, or that of a proxy which always leads to it, into the dsn.")
			return false
		}
		k.add(Problem, name, "does not answer: "+err.Error(), "Is the server running, and are address, account and password in the dsn right?")
		return false
	}
	k.add(OK, name, "answers, version "+version, "")
	return true
}

func (k *check) civicrmTables() {
	var version string
	err := k.site.db.gorm.WithContext(k.ctx).Raw("SELECT COALESCE(MAX(version), '') FROM civicrm_domain WHERE id = ?", k.site.DomainID).Scan(&version).Error
	switch {
	case err != nil:
		k.add(Problem, "CiviCRM's tables", "cannot be read: "+err.Error(), "Does the dsn name CiviCRM's database? Run the GRANT statements that userlink check --grants prints.")
		return
	case version == "":
		k.add(Problem, "CiviCRM's domain", fmt.Sprintf("there is no domain %d", k.site.DomainID), "Set domain_id to an id in civicrm_domain; on a site without multisite that is 1.")
		return
	}
	k.add(OK, "CiviCRM's tables", "are there, CiviCRM "+version, "")
	c, err := k.site.settings(k.ctx)
	if err != nil {
		k.add(Problem, "CiviCRM's settings", err.Error(), "Run the GRANT statements that userlink check --grants prints.")
		return
	}
	if unsupported := c.defaults.Unsupported(); len(unsupported) > 0 {
		k.add(Warning, "name and greeting formats", "use what only CiviCRM can evaluate: "+strings.Join(unsupported, ", "), "New contacts get these parts left out until CiviCRM's scheduled job updates the greetings.")
	}
	k.unknownColumns()
}

// unknownColumns finds columns that must be given and that we do not know: an extension or a later CiviCRM made them.
func (k *check) unknownColumns() {
	var rows []struct{ TableName, ColumnName string }
	err := k.site.db.gorm.WithContext(k.ctx).Raw(`SELECT TABLE_NAME AS table_name, COLUMN_NAME AS column_name FROM information_schema.COLUMNS
		WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN ? AND IS_NULLABLE = 'NO' AND COLUMN_DEFAULT IS NULL AND EXTRA = ''`,
		writtenTables()).Scan(&rows).Error
	if err != nil {
		k.add(Problem, "CiviCRM's columns", err.Error(), "")
	}
	for _, row := range rows {
		if !slices.Contains(writtenColumns[row.TableName], row.ColumnName) {
			k.add(Problem, "CiviCRM's columns", fmt.Sprintf("%s.%s must have a value and userlink does not know it", row.TableName, row.ColumnName), "Give the column a default, or ask for a version of userlink that knows it.")
		}
	}
}

func (k *check) ownTables() {
	pending, err := k.site.db.pendingMigrations(k.ctx)
	switch {
	case err != nil:
		k.add(Problem, "userlink's tables", err.Error(), "Run the GRANT statements that userlink check --grants prints, then userlink migrate.")
	case pending:
		k.add(Problem, "userlink's tables", "are not current", "Run userlink migrate; userlink serve does it too.")
	default:
		k.add(OK, "userlink's tables", "are current", "")
	}
}

func (k *check) clock() {
	var theirs time.Time
	before := k.site.now()
	if err := k.site.db.gorm.WithContext(k.ctx).Raw("SELECT UTC_TIMESTAMP(6)").Scan(&theirs).Error; err != nil {
		return // the findings before this one say why
	}
	off := theirs.Sub(before).Abs().Round(100 * time.Millisecond)
	switch {
	case off >= clockProblem:
		k.add(Problem, "clock", fmt.Sprintf("the database's clock and this machine's differ by %s", off), "Let both follow a time server. Signed calls are refused when clocks differ by 30 seconds.")
	case off >= clockWarning:
		k.add(Warning, "clock", fmt.Sprintf("the database's clock and this machine's differ by %s", off), "Let both follow a time server.")
	default:
		k.add(OK, "clock", "agrees with the database's", "")
	}
}

func (k *check) binlog() {
	var on int
	var format string
	if err := k.site.db.gorm.WithContext(k.ctx).Raw("SELECT @@log_bin, @@binlog_format").Row().Scan(&on, &format); err == nil && on == 1 && format == "STATEMENT" {
		k.add(Problem, "binary log", "binlog_format is STATEMENT, and the server refuses our writes (error 1665)", "Set binlog_format to MIXED (MariaDB's default) or ROW.")
	}
}

// cluster says whether the server is a node of a Galera cluster, and how many nodes there are.
func (k *check) cluster() {
	var name, size string
	err := k.site.db.gorm.WithContext(k.ctx).Raw("SHOW GLOBAL STATUS LIKE 'wsrep_cluster_size'").Row().Scan(&name, &size)
	switch {
	case err != nil, size == "0": // no cluster, or a server that has never heard of one
	case size == "1", size == "2":
		k.add(Warning, "cluster", "the server is a node of a Galera cluster of "+size, "Have three nodes, or two and an arbitrator: a node that is left alone by the loss of another stops working.")
	default:
		k.add(OK, "cluster", "the server is one of "+size+" nodes, and reads wait for what was committed at the others", "")
	}
}

// civicrmPrivileges tries every kind of statement that userlink uses on CiviCRM's tables.
func (k *check) civicrmPrivileges() {
	missing := k.refused(k.site.db.gorm, []string{
		"EXPLAIN INSERT INTO civicrm_contact (contact_type) VALUES ('Individual')",
		"EXPLAIN UPDATE civicrm_contact SET display_name = '', sort_name = '' WHERE id = 0",
		"EXPLAIN INSERT INTO civicrm_email (contact_id) VALUES (1)",
		"EXPLAIN UPDATE civicrm_email SET email = '' WHERE id = 0",
		"EXPLAIN INSERT INTO civicrm_log (entity_table, entity_id) VALUES ('', 0)",
		"EXPLAIN INSERT INTO civicrm_group_contact (contact_id, group_id) VALUES (1, 0)",
		"EXPLAIN INSERT INTO civicrm_subscription_history (contact_id, group_id) VALUES (1, 0)",
		"EXPLAIN UPDATE civicrm_group SET cache_date = NULL WHERE id = 0",
		"SELECT id, title, cache_date FROM civicrm_group LIMIT 0",
		"EXPLAIN INSERT INTO civicrm_uf_match (domain_id, uf_id) VALUES (1, 0)",
		"EXPLAIN UPDATE civicrm_uf_match SET uf_name = '' WHERE id = 0",
		"EXPLAIN DELETE FROM civicrm_uf_match WHERE id = 0",
		"EXPLAIN DELETE FROM civicrm_acl_contact_cache",
		"SELECT id, is_deleted, display_name FROM civicrm_contact LIMIT 0",
		"SELECT contact_id FROM civicrm_group_contact LIMIT 0",
		"SELECT child_group_id FROM civicrm_group_nesting LIMIT 0",
	})
	if len(missing) > 0 {
		k.add(Problem, "privileges", "the account may not: "+strings.Join(missing, "; "), "Run the GRANT statements that userlink check --grants prints.")
		return
	}
	k.add(OK, "privileges", "are enough", "")
}

// contactUse looks whether the account may do what undo and the repair of orphans need. Linking does not need it.
func (k *check) contactUse() {
	missing, err := missingForTrash(k.site.db.gorm.WithContext(k.ctx))
	if err != nil {
		missing = append(missing, err.Error())
	}
	if len(missing) > 0 {
		k.add(Warning, "who uses a contact", "cannot be seen, so no orphan is repaired and no new contact is taken back by an undo: the account lacks "+strings.Join(missing, ", "),
			"Run the statements that userlink check prints at its end; it wants to be run twice if it says so.")
		return
	}
	k.add(OK, "who uses a contact", "can be seen: orphans can be found and repaired", "")
}

// refused returns the server's words about each statement that it does not let the account do.
func (k *check) refused(db *gorm.DB, statements []string) []string {
	var words []string
	for _, statement := range statements {
		if err := db.WithContext(k.ctx).Exec(statement).Error; err != nil {
			words = append(words, err.Error())
		}
	}
	return words
}

func (k *check) usersTable() {
	n, err := k.site.users.Count(k.ctx)
	if err == nil {
		_, err = k.site.users.Page(k.ctx, 0, 1)
	}
	if err != nil {
		k.add(Problem, "the users table", "cannot be read: "+err.Error(), "Is table_prefix right? Run the GRANT statements that userlink check --grants prints.")
		return
	}
	k.add(OK, "the users table", fmt.Sprintf("can be read, %d users", n), "")
}

// matching tries what only a site with such settings reads, and judges the rule for duplicates.
func (k *check) matching() {
	m := k.site.Matching
	err := k.site.users.Facts(k.ctx, m.Only, []*link.User{{}})
	if m.VerifyEmail && err == nil {
		_, err = k.site.users.LastLogins(k.ctx, []uint32{0})
	}
	if err != nil {
		k.add(Problem, "logins, roles and status", "cannot be read: "+err.Error(), "verify_email and only need them. Run the GRANT statements that userlink check --grants prints.")
	}
	if m.VerifyEmail && userFacts[k.site.CMS].lastLogin == "" {
		k.add(Warning, "verify_email", "this CMS does not keep when a user logged in", "Only logins from now on count: users who have a contact are linked at their next login.")
	}
	if m.Uses(link.MatchUnsupervised) {
		k.dedupeRule()
	}
}

func (k *check) dedupeRule() {
	const name = "match: unsupervised"
	rule, err := readDedupeRule(k.site.db.gorm.WithContext(k.ctx))
	switch {
	case err != nil:
		k.add(Problem, name, err.Error(), "Run the GRANT statements that userlink check --grants prints.")
		return
	case rule == nil:
		k.add(Problem, name, "CiviCRM has no such rule for Individuals", "Choose one under Contacts, Find and Merge Duplicate Contacts, or take unsupervised out of match.")
		return
	}
	unknown, reachable := rule.beyond(k.site.CMS)
	fields := strings.Join(unknown, ", ")
	switch {
	case !reachable:
		k.add(Problem, name, "CiviCRM's rule can never find the contact of a user: it asks for "+fields+", which no account of this CMS has", "Change the rule in CiviCRM, or take unsupervised out of match.")
	case fields != "":
		k.add(Warning, name, "CiviCRM's rule also asks for "+fields+", which no account of this CMS has", "These fields count as not equal.")
	default:
		k.add(OK, name, "CiviCRM's rule can be asked", "")
	}
}

// tooMuch fails if the account could read a password or change a user: what it does not need it must not have.
func (k *check) tooMuch() {
	u := k.site.users
	table := u.table()
	may := map[string]string{
		"change users": fmt.Sprintf("EXPLAIN UPDATE %s u SET %s = %s WHERE FALSE", table, u.where.email, u.where.email),
		"delete users": fmt.Sprintf("EXPLAIN DELETE FROM %s WHERE FALSE", table),
		"add users":    fmt.Sprintf("EXPLAIN INSERT INTO %s () VALUES ()", table),
	}
	for _, column := range u.where.secrets {
		may["read "+column] = fmt.Sprintf("SELECT %s FROM %s LIMIT 0", quote(column), table)
	}
	if u.cms == link.WordPress {
		meta := quote(u.prefix + usermetaTable)
		may["read application passwords in usermeta"] = "SELECT meta_value FROM " + meta + " LIMIT 0"
		may["change usermeta"] = "EXPLAIN UPDATE " + meta + " SET meta_value = '' WHERE FALSE"
	}
	var excess []string
	for what, statement := range may {
		if u.db.WithContext(k.ctx).Exec(statement).Error == nil {
			excess = append(excess, what)
		}
	}
	if len(excess) > 0 {
		slices.Sort(excess)
		k.add(Problem, "too many privileges", "the account could "+strings.Join(excess, ", "), "Make an account of its own with the statements that userlink check --grants prints, and put it in the dsn.")
		return
	}
	k.add(OK, "no more privileges than needed", "the account can read no password and change no user", "")
}
