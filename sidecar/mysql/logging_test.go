package mysql_test

import (
	"testing"

	"userlink/sidecar/link"
	"userlink/sidecar/mysql"
	"userlink/sidecar/mysql/mysqltest"
)

// CiviCRM's triggers for detailed logging ask the session who writes, in all domains; the setting is one domain's.
func TestDetailedLogKnowsWhoWrites(t *testing.T) {
	for domain, logging := range map[uint32]string{1: "s:1:\"1\";", 2: "i:1;"} {
		d := mysqltest.New(t, link.WordPress)
		d.Setting("logging", logging) // of domain 1
		d.Exec("INSERT INTO civicrm_domain (id, name, version) SELECT 2, 'Second', version FROM civicrm_domain WHERE id = 1")
		d.Exec("CREATE TABLE log_civicrm_email (id int unsigned, log_conn_id varchar(17), log_user_id int)")
		d.Exec("CREATE TRIGGER logs_email AFTER INSERT ON civicrm_email FOR EACH ROW INSERT INTO log_civicrm_email VALUES (NEW.id, COALESCE(@uniqueID, 'nothing'), @civicrm_user_id)")
		admin := d.AddContact("Individual", "Admin", "", "admin@example.org")
		d.Exec("INSERT INTO civicrm_uf_match (domain_id, uf_id, uf_name, contact_id) VALUES (?, 1, 'admin@example.org', ?)", domain, admin)
		site := d.Migrated("main", func(o *mysql.SiteOptions) { o.DomainID = domain })
		d.AddUser(jane)
		ev := event(link.Registered, jane)
		ev.ActorUserID = 1
		apply(t, site, ev)
		if got := d.One("SELECT CONCAT(log_user_id, ' ', log_conn_id REGEXP '^[0-9a-f]{17}$') FROM log_civicrm_email ORDER BY id DESC LIMIT 1"); got != "2 1" {
			t.Errorf("domain %d: by contact and in a request: %s", domain, got)
		}
	}
}
