package mysql_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"userlink/sidecar/link"
	"userlink/sidecar/mysql"
	"userlink/sidecar/mysql/mysqltest"
)

// columnsOf reads what columns the tables that userlink writes have in another release of CiviCRM. From 5.77 to 6.18 they
// have been the same.
func columnsOf(t *testing.T, release string) map[string]map[string]string {
	t.Helper()
	raw, err := os.ReadFile("testdata/columns-" + release + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var tables map[string]map[string]string
	if err := json.Unmarshal(raw, &tables); err != nil {
		t.Fatal(err)
	}
	return tables
}

// rebuild gives the tables these columns and no others. Those of 5.33 stand, with their keys and triggers.
func rebuild(d *mysqltest.Database, tables map[string]map[string]string) {
	for table, columns := range tables {
		have := d.Rows("SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?", table)
		var changes []string
		for column, definition := range columns {
			verb := "ADD"
			if slices.Contains(have, column) {
				verb = "MODIFY"
			}
			changes = append(changes, verb+" "+column+" "+definition)
		}
		for _, column := range have {
			if columns[column] == "" {
				changes = append(changes, "DROP `"+column+"`")
			}
		}
		d.Exec("SET foreign_key_checks = 0; ALTER TABLE " + table + " " + strings.Join(changes, ", "))
	}
}

func TestOtherReleases(t *testing.T) {
	for version, columns := range map[string]string{"5.77.0": "5.77", "6.3.1": "5.77", "6.18.0": "5.77"} {
		t.Run(version, func(t *testing.T) {
			d := mysqltest.New(t, link.WordPress)
			d.SetMaxOpenConns(1)
			rebuild(d, columnsOf(t, columns))
			d.Exec("UPDATE civicrm_domain SET version = ?", version)
			site := d.Migrated("main")
			if problems := problemsOf(t, site); len(problems) > 0 {
				t.Errorf("userlink check: %v", problems)
			}
			d.AddUser(jane)
			if got := said(apply(t, site, event(link.Registered, jane))); got != "created/no_contact" {
				t.Fatal(got)
			}
			row := d.Rows(`SELECT contact_type, first_name, last_name, display_name, sort_name, email_greeting_display, is_deleted, is_deceased, do_not_email, is_opt_out,
				LENGTH(hash), created_date IS NOT NULL, modified_date IS NOT NULL, e.email, e.is_primary, e.is_billing, e.on_hold, e.is_bulkmail
				FROM civicrm_contact c JOIN civicrm_email e ON e.contact_id = c.id WHERE c.id = 2`)
			if want := "Individual|Jane|Doe|Jane Doe|Doe, Jane|Dear Jane|0|0|0|0|32|1|1|jane@example.org|1|0|0|0"; len(row) != 1 || row[0] != want {
				t.Errorf("got %q", row)
			}
		})
	}
}

// problemsOf are the problems of userlink check that are not about the account: the tests' is made by the printed statements.
func problemsOf(t *testing.T, site *mysql.Site) []string {
	t.Helper()
	var problems []string
	for _, f := range site.Check(t.Context()) {
		if f.Level == mysql.Problem {
			problems = append(problems, f.Name+": "+f.Detail)
		}
	}
	return problems
}

// A column that a release lacks is not written.
func TestColumnsThatAreNotThere(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	d.SetMaxOpenConns(1)
	d.Exec("SET foreign_key_checks = 0; ALTER TABLE civicrm_contact DROP communication_style_id; ALTER TABLE civicrm_email DROP is_bulkmail; ALTER TABLE civicrm_log DROP data; ALTER TABLE civicrm_subscription_history DROP tracking")
	d.Setting("is_enabled", "i:1;")
	d.Setting("domain_group_id", "i:50;")
	groups(d)
	site := d.Migrated("main")
	d.AddUser(jane)
	if got := said(apply(t, site, event(link.Registered, jane))); got != "created/no_contact" {
		t.Error(got)
	}
}

// A column that must have a value, and that userlink does not know, is named before anything goes wrong.
func TestUnknownMandatoryColumnsAreNamed(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	site := d.Migrated("main")
	for _, table := range []string{"civicrm_contact", "civicrm_email", "civicrm_log", "civicrm_uf_match", "civicrm_group_contact", "civicrm_subscription_history"} {
		d.Exec("ALTER TABLE " + table + " ADD shoe_size int NOT NULL")
		want := "CiviCRM's columns: " + table + ".shoe_size must have a value and userlink does not know it"
		if problems := problemsOf(t, site); !slices.Contains(problems, want) {
			t.Errorf("%s: %v", table, problems)
		}
		d.Exec("ALTER TABLE " + table + " ALTER shoe_size SET DEFAULT 42")
		if problems := problemsOf(t, site); len(problems) > 0 {
			t.Errorf("%s with a default: %v", table, problems)
		}
	}
}
