package mysql

import (
	"context"
	"fmt"
	"slices"

	"userlink/sidecar/link"
)

// orphans finds the contacts that a sync made for the users and left without a link. With lock it looks twice: at first
// without it, and once more when nobody can use them any more; those that got lost in between are noted as Lost.
func (l *caseLook) orphans(ctx context.Context, lock bool) error {
	suspects, err := l.suspects()
	if err != nil {
		return err
	}
	found, err := l.site.unused(ctx, l, suspects)
	if err != nil {
		return err
	}
	still := found
	if lock && len(found) > 0 {
		if err := l.tx.Exec("SELECT id FROM civicrm_contact WHERE id IN ? ORDER BY id FOR UPDATE", found).Error; err != nil {
			return fmt.Errorf("lock contacts: %w", err)
		}
		if still, err = l.site.unused(ctx, l, found); err != nil {
			return err
		}
	}
	isStill := setOf(still)
	wasFound := setOf(found)
	for i := range l.cases {
		c := &l.cases[i]
		for _, id := range c.Orphans {
			if wasFound[id] && !isStill[id] {
				c.Lost = append(c.Lost, id)
			}
		}
		c.Orphans = slices.DeleteFunc(c.Orphans, func(id uint32) bool { return !isStill[id] })
	}
	return nil
}

func setOf(ids []uint32) map[uint32]bool {
	set := make(map[uint32]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}

// suspects notes for each case the contacts without a link that carry the user's email, and no other name than his. Of
// several users with one address the one whose name it is has it, or the first.
func (l *caseLook) suspects() ([]uint32, error) {
	byEmail := map[string][]int{}
	for i, c := range l.cases {
		if email := link.FoldEmail(c.User.Email); email != "" && !c.Missing {
			byEmail[email] = append(byEmail[email], i)
		}
	}
	emails := make([]string, 0, len(byEmail))
	for email := range byEmail {
		emails = append(emails, email)
	}
	var suspects []uint32
	for part := range slices.Chunk(emails, inOnce) {
		var rows []struct {
			ID                  uint32
			Email               string
			First, Middle, Last string
		}
		err := l.tx.Raw("SELECT STRAIGHT_JOIN c.id, e.email, COALESCE(c.first_name, '') AS first, COALESCE(c.middle_name, '') AS middle, COALESCE(c.last_name, '') AS last FROM "+
			unlinkedContacts+" AND e.email IN ? ORDER BY c.id", part).Scan(&rows).Error
		if err != nil {
			return nil, fmt.Errorf("read contacts without a link: %w", err)
		}
		for _, row := range rows {
			names := link.Names{First: row.First, Middle: row.Middle, Last: row.Last}
			for _, i := range byEmail[link.FoldEmail(row.Email)] {
				if link.MadeForUser(l.site.CMS, l.civicrm.defaults, l.cases[i].User, names) {
					l.cases[i].Orphans = append(l.cases[i].Orphans, row.ID)
					suspects = append(suspects, row.ID)
					break
				}
			}
		}
	}
	return suspects, nil
}

// unused returns those of the contacts that have no more than a sync gives a contact: one plain email, one line in the log,
// which says that the contact was made, no other column filled in, and nothing that refers to it. Whoever edits a contact
// in CiviCRM leaves another line in the log.
func (s *Site) unused(ctx context.Context, l *caseLook, contacts []uint32) ([]uint32, error) {
	r, err := s.references(ctx, l.tx)
	if err == nil {
		err = r.complete()
	}
	if err != nil {
		return nil, err
	}
	r = r.outside(l.civicrm.joinsGroup)
	var unused []uint32
	for part := range slices.Chunk(contacts, inOnce) {
		bare, emails, err := l.bare(part)
		if err != nil {
			return nil, err
		}
		used, err := r.usedBy(l.tx, tableContact, bare)
		if err != nil {
			return nil, err
		}
		usedEmails, err := r.usedBy(l.tx, tableEmail, emails)
		if err != nil {
			return nil, err
		}
		for n, id := range bare {
			_, contact := used[id]
			_, email := usedEmails[emails[n]]
			if !contact && !email {
				unused = append(unused, id)
			}
		}
	}
	return unused, nil
}

// bare returns those of the contacts whose own rows are as a sync writes them, and the one email of each.
func (l *caseLook) bare(contacts []uint32) (ids, emails []uint32, err error) {
	query := `SELECT c.id, e.id FROM civicrm_contact c JOIN ` + bareView + ` b ON b.id = c.id JOIN civicrm_email e ON e.contact_id = c.id
		WHERE ` + just("c.id", contacts) + ` AND c.is_deleted = 0 AND e.on_hold = 0 AND e.is_bulkmail = 0 AND e.is_primary = 1
		AND e.hold_date IS NULL AND e.reset_date IS NULL AND e.signature_text IS NULL AND e.signature_html IS NULL
		AND (SELECT COUNT(*) FROM civicrm_email o WHERE o.contact_id = c.id) = 1
		AND NOT EXISTS (SELECT 1 FROM civicrm_uf_match m WHERE m.contact_id = c.id)
		AND (SELECT COUNT(*) = 1 AND MIN(g.data) = CONCAT('civicrm_contact,', c.id) FROM civicrm_log g WHERE g.entity_table = 'civicrm_contact' AND g.entity_id = c.id)
		ORDER BY c.id`
	err = read(l.tx.Statement.Context, l.tx, query, nil, func(scan func(...any) error) error {
		var id, email uint32
		if err := scan(&id, &email); err != nil {
			return err
		}
		ids, emails = append(ids, id), append(emails, email)
		return nil
	})
	if err != nil {
		err = fmt.Errorf("read who uses contacts: %w", err)
	}
	return ids, emails, err
}
