package mysql

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
)

// maxFound is how many users FindUsers returns at most.
const maxFound = 20

// FindUsers finds users of the CMS by id, whole username or whole email address, as the CMS's own collation compares them.
// Columns with anything else in them are not readable to the account.
func (s *Site) FindUsers(ctx context.Context, text string) ([]fullsync.FoundUser, error) {
	var users []link.User
	look := func(condition string, value any) error {
		found, err := s.users.query(ctx, fmt.Sprintf("%s = ? ORDER BY %s LIMIT %d", condition, s.users.where.id, maxFound), value)
		for _, u := range found {
			if !slices.ContainsFunc(users, func(known link.User) bool { return known.ID == u.ID }) {
				users = append(users, u)
			}
		}
		return err
	}
	text = link.TrimEmail(text)
	if id, err := strconv.ParseUint(text, 10, 32); err == nil {
		if err := look(s.users.where.id, id); err != nil {
			return nil, outward(err)
		}
	}
	for _, column := range []string{s.users.where.username, s.users.where.email} {
		if err := look(column, text); err != nil {
			return nil, outward(err)
		}
	}
	found, err := s.describeFound(ctx, users[:min(len(users), maxFound)])
	return found, outward(err)
}

// describeFound adds the names and the linked contacts.
func (s *Site) describeFound(ctx context.Context, users []link.User) ([]fullsync.FoundUser, error) {
	if len(users) == 0 {
		return nil, nil
	}
	pointers := make([]*link.User, len(users))
	for i := range users {
		pointers[i] = &users[i]
	}
	if err := s.users.Names(ctx, pointers); err != nil {
		return nil, err
	}
	var links []struct{ UfID, ContactID uint32 }
	err := s.db.gorm.WithContext(ctx).Raw("SELECT uf_id, contact_id FROM civicrm_uf_match WHERE domain_id = ? AND uf_id IN ? AND contact_id IS NOT NULL ORDER BY id DESC", s.DomainID, userIDs(users)).Scan(&links).Error
	contacts := map[uint32]*uint32{}
	for _, l := range links {
		contacts[l.UfID] = &l.ContactID
	}
	found := make([]fullsync.FoundUser, len(users))
	for i, u := range users {
		found[i] = fullsync.FoundUser{ID: u.ID, Username: clip(u.Username), Email: clip(u.Email), Name: clip(personName(u)), ContactID: contacts[u.ID]}
	}
	return found, err
}
