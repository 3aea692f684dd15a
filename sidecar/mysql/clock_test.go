package mysql_test

import (
	"testing"
	"time"

	"userlink/sidecar/link"
	"userlink/sidecar/mysql"
	"userlink/sidecar/mysql/mysqltest"
)

// The dates in civicrm_log have no time zone: CiviCRM writes what its PHP's clock shows, wherever the database is.
func TestLogHasTheClockOfTheCMS(t *testing.T) {
	for name, zone := range map[string]*time.Location{"as the server": nil, "ahead": time.FixedZone("ahead", 5*3600+1800), "behind": time.FixedZone("behind", -11*3600)} {
		t.Run(name, func(t *testing.T) {
			d := mysqltest.New(t, link.WordPress)
			site := d.Migrated("main", func(o *mysql.SiteOptions) { o.TimeZone = zone })
			d.AddUser(jane)
			apply(t, site, event(link.Registered, jane))
			clock, offset := "NOW() + INTERVAL ? SECOND", 0
			if zone != nil {
				clock = "UTC_TIMESTAMP() + INTERVAL ? SECOND"
				_, offset = time.Now().In(zone).Zone()
			}
			if got := d.One("SELECT ABS(TIMESTAMPDIFF(SECOND, modified_date, "+clock+")) < 30 FROM civicrm_log", offset); got != "1" {
				t.Errorf("the log says %s", d.One("SELECT modified_date FROM civicrm_log"))
			}
		})
	}
}
