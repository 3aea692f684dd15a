package mysql

import (
	"context"

	"userlink/sidecar/fullsync"
)

// Status returns the site at a glance, counted now.
func (s *Site) Status(ctx context.Context) (fullsync.Status, error) {
	status := fullsync.Status{Version: s.Version, Site: s.ID, CMS: s.CMS}
	var err error
	if status.Users, err = s.users.Count(ctx); err != nil {
		return status, outward(err)
	}
	if status.Linked, err = s.countLinked(ctx); err != nil {
		return status, outward(err)
	}
	status.NotLinked = status.Users - status.Linked
	if status.Conflicts, err = s.countConflicts(ctx); err != nil {
		return status, outward(err)
	}
	if status.LeftAlone, err = s.countLeftAlone(s.db.gorm.WithContext(ctx)); err != nil {
		return status, outward(err)
	}
	if status.Job, err = s.ActiveJob(ctx); err != nil {
		return status, err
	}
	status.LastApply, err = s.oneJob(ctx, "AND mode = 'apply' AND active_site IS NULL ORDER BY created_at DESC LIMIT 1")
	return status, err
}

// countLinked counts the users who have a link. The two tables may be on two servers, so they are never joined: the
// links' user ids are read into memory (4 bytes each) and the users' ids go past them in the same order.
func (s *Site) countLinked(ctx context.Context) (int, error) {
	var linked []uint32
	err := s.db.gorm.WithContext(ctx).Raw("SELECT DISTINCT uf_id FROM civicrm_uf_match WHERE domain_id = ? AND contact_id IS NOT NULL ORDER BY uf_id", s.DomainID).Scan(&linked).Error
	if err != nil {
		return 0, err
	}
	users, err := s.users.ids(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { _ = users.Close() }()
	count, next := 0, 0
	for next < len(linked) && users.Next() {
		var user uint64
		if err := users.Scan(&user); err != nil {
			return 0, err
		}
		for next < len(linked) && uint64(linked[next]) < user {
			next++
		}
		if next < len(linked) && uint64(linked[next]) == user {
			count++
		}
	}
	return count, users.Err()
}
