// Package mysqltest gives a test its own database on a real server: CiviCRM's real tables with their keys, triggers and
// first rows, and the users table of a CMS. The sidecar's account in it is made by the very GRANT statements that userlink
// check prints, so every test also proves that they suffice.
//
// scripts/test starts the server and says where it is in USERLINK_TEST_DB, a DSN of an administrator without a database
// name. The server holds a database userlink_template with CiviCRM's tables.
package mysqltest

import (
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"userlink/sidecar/link"
	"userlink/sidecar/mysql"
)

const template = "userlink_template"

// civicrmTables are those that userlink touches, parents first, and whether their rows are copied.
var civicrmTables = []struct {
	name string
	rows bool
}{
	{"civicrm_contact", true},
	{"civicrm_domain", true},
	{"civicrm_option_group", true},
	{"civicrm_option_value", true},
	{"civicrm_setting", true},
	{"civicrm_location_type", true},
	{"civicrm_group", false},
	{"civicrm_group_contact", false},
	{"civicrm_subscription_history", false},
	{"civicrm_group_nesting", false},
	{"civicrm_email", true},
	{"civicrm_log", false},
	{"civicrm_uf_match", false},
	{"civicrm_acl_contact_cache", false},
	{"civicrm_dedupe_rule_group", true},
	{"civicrm_dedupe_rule", true},
}

// Database is one test's own.
type Database struct {
	*sql.DB // as administrator
	T       testing.TB
	Name    string
	CMS     link.CMS
	DSN     string // of the sidecar's least-privileged account
	Account string

	options []func(*mysql.SiteOptions) // of every site in it
}

// New makes the database and removes it when the test ends. Without USERLINK_TEST_DB it skips the test: scripts/test sets it.
// The options hold for every site in it, and the account may do what a site with them needs.
func New(t testing.TB, cms link.CMS, options ...func(*mysql.SiteOptions)) *Database {
	t.Helper()
	admin := os.Getenv("USERLINK_TEST_DB")
	if admin == "" {
		t.Skip("USERLINK_TEST_DB is not set; scripts/test unit starts a server and sets it")
	}
	cfg, err := driver.ParseDSN(admin)
	must(t, err)
	name := "t_" + randomHex(6)
	cfg.DBName, cfg.MultiStatements, cfg.ParseTime = "", true, true
	server, err := sql.Open("mysql", cfg.FormatDSN())
	must(t, err)
	_, err = server.Exec("CREATE DATABASE " + name + " CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
	must(t, err)
	must(t, server.Close())
	cfg.DBName = name
	db, err := sql.Open("mysql", cfg.FormatDSN())
	must(t, err)
	db.SetMaxOpenConns(4)
	d := &Database{DB: db, T: t, Name: name, CMS: cms, options: options}
	d.copyCiviCRM()
	d.Exec(usersDDL[cms])
	d.account(cfg)
	t.Cleanup(d.drop)
	return d
}

// Beside opens a database that stands on the administrator's server already, with all of CiviCRM's tables in it, and makes the
// sidecar's account in it; a users table of the CMS is made if there is none. Only the account goes when the test ends.
func Beside(t testing.TB, cms link.CMS, admin, name string) *Database {
	t.Helper()
	cfg, err := driver.ParseDSN(admin)
	must(t, err)
	cfg.DBName, cfg.MultiStatements, cfg.ParseTime = name, true, true
	db, err := sql.Open("mysql", cfg.FormatDSN())
	must(t, err)
	d := &Database{DB: db, T: t, Name: name, CMS: cms}
	d.Exec(strings.ReplaceAll(usersDDL[cms], "CREATE TABLE ", "CREATE TABLE IF NOT EXISTS "))
	d.account(cfg)
	t.Cleanup(func() {
		d.Exec("DROP USER IF EXISTS " + d.Account)
		must(t, d.Close())
	})
	return d
}

func (d *Database) drop() {
	_, err := d.DB.Exec("DROP DATABASE " + d.Name + "; DROP USER IF EXISTS " + d.Account)
	if err != nil {
		d.T.Errorf("remove test database: %v", err)
	}
	must(d.T, d.Close())
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func randomHex(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// Exec runs a statement as administrator.
func (d *Database) Exec(statement string, args ...any) sql.Result {
	d.T.Helper()
	done, err := d.DB.Exec(statement, args...)
	if err != nil {
		d.T.Fatalf("%.200s: %v", statement, err)
	}
	return done
}

func (d *Database) copyCiviCRM() {
	statements := []string{"SET foreign_key_checks = 0"}
	for _, table := range civicrmTables {
		var name, ddl string
		must(d.T, d.QueryRow("SHOW CREATE TABLE "+template+"."+table.name).Scan(&name, &ddl))
		statements = append(statements, ddl)
		if table.rows {
			statements = append(statements, fmt.Sprintf("INSERT INTO %s SELECT * FROM %s.%s", name, template, name))
		}
	}
	statements = append(statements, d.triggers()...)
	statements = append(statements, "SET foreign_key_checks = 1")
	d.Exec(strings.Join(statements, ";\n"))
}

func (d *Database) triggers() []string {
	rows, err := d.Query(`SELECT TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION, EVENT_OBJECT_TABLE, ACTION_STATEMENT FROM information_schema.TRIGGERS
		WHERE TRIGGER_SCHEMA = ? AND EVENT_OBJECT_TABLE IN ('civicrm_contact', 'civicrm_email', 'civicrm_log', 'civicrm_uf_match')`, template)
	must(d.T, err)
	defer func() { _ = rows.Close() }()
	var statements []string
	for rows.Next() {
		var name, timing, event, table, action string
		must(d.T, rows.Scan(&name, &timing, &event, &table, &action))
		statements = append(statements, fmt.Sprintf("CREATE TRIGGER %s %s %s ON %s FOR EACH ROW %s", name, timing, event, table, action))
	}
	must(d.T, rows.Err())
	if len(statements) == 0 {
		d.T.Fatalf("%s has no triggers: it was not loaded as CiviCRM's installer does", template)
	}
	return statements
}

// account makes the sidecar's account with the statements that userlink check --grants prints.
func (d *Database) account(admin *driver.Config) {
	own := admin.Clone()
	own.User, own.Passwd, own.MultiStatements = "u_"+randomHex(5), "secret", false
	d.DSN = own.FormatDSN()
	host := "127.0.0.1"
	if own.Net == "unix" {
		host = "localhost"
	}
	d.Account = fmt.Sprintf("'%s'@'%s'", own.User, host)
	grants, err := d.Site("main").Grants(d.DSN)
	must(d.T, err)
	d.Exec(strings.ReplaceAll(grants, "'…'", "'secret'"))
}

// AddTables copies more of CiviCRM's tables, empty, with their keys.
func (d *Database) AddTables(names ...string) {
	d.T.Helper()
	statements := []string{"SET foreign_key_checks = 0"}
	for _, table := range names {
		var name, ddl string
		must(d.T, d.QueryRow("SHOW CREATE TABLE "+template+"."+table).Scan(&name, &ddl))
		statements = append(statements, ddl)
	}
	d.Exec(strings.Join(append(statements, "SET foreign_key_checks = 1"), ";\n"))
}

// GrantUse runs the statements that let the sidecar see who uses a contact; those tables must be there that shall count.
func (d *Database) GrantUse() {
	d.T.Helper()
	grants, err := d.Site("main").UseGrants(d.T.Context(), d.DSN)
	must(d.T, err)
	d.Exec(grants)
}

// Open opens the sidecar's database, its tables made.
func (d *Database) Open() *mysql.DB {
	d.T.Helper()
	level := slog.LevelWarn
	if os.Getenv("USERLINK_TEST_LOG") != "" {
		level = slog.LevelDebug
	}
	db, err := mysql.Open(mysql.Options{DSN: d.DSN, Log: slog.New(slog.NewTextHandler(d.T.Output(), &slog.HandlerOptions{Level: level}))})
	must(d.T, err)
	d.T.Cleanup(func() { must(d.T, db.Close()) })
	return db
}

// Site returns the site of this database with the policy of its CMS; options change what they will.
func (d *Database) Site(id string, options ...func(*mysql.SiteOptions)) *mysql.Site {
	d.T.Helper()
	o := mysql.SiteOptions{ID: id, CMS: d.CMS, TablePrefix: prefixes[d.CMS], DomainID: 1, Policy: link.PolicyOf(d.CMS, false, nil), Version: "test"}
	for _, option := range append(slices.Clone(d.options), options...) {
		option(&o)
	}
	site, err := d.Open().Site(o)
	must(d.T, err)
	d.T.Cleanup(func() { must(d.T, site.Close()) })
	return site
}

// Migrated is Site with userlink's tables made.
func (d *Database) Migrated(id string, options ...func(*mysql.SiteOptions)) *mysql.Site {
	d.T.Helper()
	_, err := d.Open().Migrate(d.T.Context())
	must(d.T, err)
	return d.Site(id, options...)
}
