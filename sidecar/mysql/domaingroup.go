package mysql

import (
	"context"
	"fmt"

	"gorm.io/gorm"
)

// Who belongs to a domain is a matter of a group, with CiviCRM's multisite.
const tableGroup = "civicrm_group"

var (
	groupContactColumns = []string{"contact_id", "group_id", "status"}
	subscriptionColumns = []string{"contact_id", "group_id", "date", "method", "status", "tracking"}
)

// domainGroup returns the group of the domain's contacts, or 0. Source: CRM_Core_BAO_Domain::getGroupId.
func domainGroup(db *gorm.DB, s settings, domainID uint32) (uint32, error) {
	if group := s.number("domain_group_id"); group != 0 || !s.multisite() {
		return group, nil
	}
	var group uint32
	err := db.Raw("SELECT COALESCE(MIN(g.id), 0) FROM civicrm_group g JOIN civicrm_domain d ON d.name = g.title WHERE d.id = ?", domainID).Scan(&group).Error
	return group, err
}

// multisite tells whether new contacts join the domain's group. CiviCRM 6 has another name for the setting.
func (s settings) multisite() bool {
	return s.yes("is_enabled", false) || s.yes("multisite_is_enabled", false)
}

// withChildren returns a group and those right below it, as CRM_Core_BAO_Domain::getChildGroupIds does; nil without a group.
func withChildren(db *gorm.DB, group uint32) ([]uint32, error) {
	if group == 0 {
		return nil, nil
	}
	var children []uint32
	err := db.Raw("SELECT child_group_id FROM civicrm_group_nesting WHERE parent_group_id = ?", group).Scan(&children).Error
	return append(children, group), err
}

// joinGroup lets new contacts join the domain's group. Source: CRM_Contact_BAO_Contact::create and
// CRM_Contact_BAO_GroupContact::bulkAddContactsToGroup.
func (w *write) joinGroup(ctx context.Context) error {
	group := w.civicrm.joinsGroup
	if group == 0 || len(w.contacts) == 0 {
		return nil
	}
	var members, history [][]any
	for n := range w.contacts {
		members = append(members, []any{w.contact(n), group, "Added"})
		history = append(history, []any{w.contact(n), group, serverNow, "Admin", "Added", ""})
	}
	for _, t := range []struct {
		table   string
		columns []string
		rows    [][]any
	}{{tableGroupContact, groupContactColumns, members}, {tableSubscription, subscriptionColumns, history}} {
		err := w.insert(ctx, t.table, t.columns, t.rows, func(ids []uint32) {
			for n, i := range w.created {
				w.journal.inserted(w.users[i].ID, w.decisions[i].Reason, t.table, ids[n], t.columns, t.rows[n])
			}
		})
		if err != nil {
			return fmt.Errorf("insert into %s: %w", t.table, err)
		}
	}
	return nil
}
