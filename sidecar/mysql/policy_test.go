package mysql_test

import (
	"fmt"
	"testing"

	"userlink/sidecar/link"
	"userlink/sidecar/mysql"
	"userlink/sidecar/mysql/mysqltest"
)

// Every cell of the policy table, against the database: what the event does to a user who has no link but whose address a
// contact carries, to one whose address nobody carries, and to one who is linked and whose address has changed.
func TestEveryCellOfThePolicy(t *testing.T) {
	const (
		nothing = "ignored/policy ignored/policy ignored/policy"
		ensure  = "linked/email_primary created/no_contact already_linked/link_exists"
		both    = "linked/email_primary created/no_contact updated/email_changed"
		keep    = "ignored/not_linked ignored/not_linked updated/email_changed"
		unlink  = "ignored/not_linked ignored/not_linked unlinked/user_deleted"
	)
	rows := []struct {
		site       string
		cms        link.CMS
		userPlugin bool
		cells      [5]string // registered, logged in, updated, transaction, deleted
	}{
		{"Drupal", link.Drupal, false, [5]string{ensure, ensure, keep, ensure, unlink}},
		{"Drupal 7", link.Drupal7, false, [5]string{ensure, ensure, keep, ensure, unlink}},
		{"Backdrop", link.Backdrop, false, [5]string{ensure, ensure, keep, ensure, unlink}},
		{"Joomla", link.Joomla, false, [5]string{nothing, nothing, keep, ensure, unlink}},
		{"Joomla with its user plugin", link.Joomla, true, [5]string{ensure, ensure, ensure, ensure, unlink}},
		{"WordPress", link.WordPress, false, [5]string{both, nothing, both, ensure, unlink}},
	}
	for _, row := range rows {
		t.Run(row.site, func(t *testing.T) {
			d := mysqltest.New(t, row.cms)
			site := d.Migrated("main", func(o *mysql.SiteOptions) { o.Policy = link.PolicyOf(row.cms, row.userPlugin, nil) })
			next := uint32(100)
			for i, typ := range link.EventTypes() {
				got := ""
				for _, situation := range []string{"contact", "nobody", "linked"} {
					next++
					u := link.User{ID: next, Email: fmt.Sprintf("%s%d@example.org", situation, next), FirstName: "A", LastName: "B", Name: "A B"}
					switch situation {
					case "contact":
						d.AddContact("Individual", "A", "B", u.Email)
					case "linked":
						d.AddLink(u.ID, "old"+u.Email, d.AddContact("Individual", "A", "B", "old"+u.Email))
					}
					if got != "" {
						got += " "
					}
					got += said(apply(t, site, event(typ, u)))
				}
				if got != row.cells[i] {
					t.Errorf("%s: got  %s\n want %s", typ, got, row.cells[i])
				}
			}
		})
	}
}
