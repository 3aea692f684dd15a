package mysql

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"userlink/sidecar/link"
)

// cases looks closely at those who may be concerned by one kind of finding, in the order of the ids. With lock it takes
// their locks, and those of the contacts that are to be judged: what is seen then stays true until the transaction ends.
func (s *Site) cases(ctx context.Context, tx *gorm.DB, c *civicrm, f link.Finding, ids []uint32, lock bool) ([]link.Case, error) {
	users, err := s.readableUsers(ctx, tx, ids)
	if err != nil || len(users) == 0 {
		return nil, err
	}
	states, err := s.statesFor(tx, userIDs(users), lock)
	if err != nil {
		return nil, err
	}
	seen, err := s.see(ctx, tx, c, users, states, true, lock)
	if err != nil {
		return nil, err
	}
	gone, err := s.gone(ctx, tx, userIDs(users))
	if err != nil {
		return nil, err
	}
	l := &caseLook{site: s, tx: tx.WithContext(ctx), civicrm: c, cases: make([]link.Case, len(users))}
	for i, user := range users {
		l.cases[i] = link.Case{User: user, Missing: slices.Contains(gone, user.ID), Seen: seen[i]}
	}
	switch f {
	case link.FindOrphan:
		err = l.orphans(ctx, lock)
	case link.FindEmailDiffers:
		if err = l.emails(ctx); err == nil {
			err = l.sharers()
		}
	case link.FindContactShared:
		err = l.sharers()
	case link.FindUserMissing, link.FindContactMissing, link.FindLinkedTwice, link.FindNameDiffers, link.FindContactTrashed:
	}
	return l.cases, err
}

// readableUsers returns the users in the order of the ids; of those who are gone the id alone. Who cannot be read is left out.
func (s *Site) readableUsers(ctx context.Context, tx *gorm.DB, ids []uint32) ([]link.User, error) {
	found, err := s.usersWithin(ctx, tx, ids)
	users := make([]link.User, 0, len(ids))
	for _, id := range ids {
		user, ok := found[id]
		if !ok {
			user = link.User{ID: id}
		}
		if readableUser(user) {
			users = append(users, user)
		}
	}
	return users, err
}

func (s *Site) statesFor(tx *gorm.DB, ids []uint32, lock bool) (map[uint32]userState, error) {
	if lock {
		return s.lockUsers(tx, ids)
	}
	return s.userStates(tx, ids)
}

// caseLook reads what a repair must know beyond what a sync does.
type caseLook struct {
	site    *Site
	tx      *gorm.DB
	civicrm *civicrm
	cases   []link.Case
}

// contacts returns the contacts of the cases' first links, and which cases they belong to.
func (l *caseLook) contacts() (ids []uint32, owners map[uint32][]int) {
	owners = map[uint32][]int{}
	for i, c := range l.cases {
		if len(c.Seen.Links) > 0 && !c.Seen.Links[0].Broken() {
			id := c.Seen.Links[0].ContactID
			ids, owners[id] = append(ids, id), append(owners[id], i)
		}
	}
	return ids, owners
}

func (l *caseLook) emails(ctx context.Context) error {
	contacts, owners := l.contacts()
	if len(contacts) == 0 {
		return nil
	}
	var rows []struct {
		ID, ContactID uint32
		Email         string
		Main          bool
	}
	err := l.tx.Raw(`SELECT id, contact_id, COALESCE(email, '') AS email, COALESCE(is_primary, 0) AS main FROM civicrm_email
		WHERE contact_id IN ? ORDER BY is_primary DESC, id`, contacts).Scan(&rows).Error
	if err != nil {
		return fmt.Errorf("read emails: %w", err)
	}
	addresses := make([]string, len(rows))
	for i, row := range rows {
		addresses[i] = row.Email
	}
	keys, err := l.site.keys.Keys(ctx, l.tx, addresses)
	if err != nil {
		return err
	}
	for n, row := range rows {
		for _, i := range owners[row.ContactID] {
			l.cases[i].Emails = append(l.cases[i].Emails, link.ContactEmail{Email: link.Email{ID: row.ID, Address: row.Email}, Key: keys[n], Primary: row.Main})
		}
	}
	return nil
}

// sharers finds the other users of the contacts. In another domain the same name is the same person with another id.
func (l *caseLook) sharers() error {
	contacts, owners := l.contacts()
	if len(contacts) == 0 {
		return nil
	}
	var rows []struct {
		ID, DomainID, UfID, ContactID uint32
		UfName                        string
	}
	err := l.tx.Raw("SELECT id, domain_id, uf_id, contact_id, COALESCE(uf_name, '') AS uf_name FROM civicrm_uf_match WHERE contact_id IN ? ORDER BY id", contacts).Scan(&rows).Error
	for _, row := range rows {
		for _, i := range owners[row.ContactID] {
			own := l.cases[i].Seen.Links[0]
			if row.UfID != own.UserID && (row.DomainID == l.site.DomainID || row.UfName != own.Name) {
				l.cases[i].Sharers = append(l.cases[i].Sharers, link.Match{ID: row.ID, UserID: row.UfID, Name: row.UfName, ContactID: row.ContactID})
			}
		}
	}
	return err
}
