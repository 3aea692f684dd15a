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
	err = s.db.gorm.WithContext(ctx).Raw("SELECT COUNT(*) FROM userlink_conflict WHERE site_id = ?", s.ID).Scan(&status.Conflicts).Error
	if err != nil {
		return status, outward(err)
	}
	if status.Job, err = s.ActiveJob(ctx); err != nil {
		return status, err
	}
	status.LastApply, err = s.oneJob(ctx, "AND mode = 'apply' AND active_site IS NULL ORDER BY created_at DESC LIMIT 1")
	return status, err
}

// countLinked counts the users who have a link. The two tables may be on two servers, so they are never joined: both are
// read by id, side by side, like a zip.
func (s *Site) countLinked(ctx context.Context) (int, error) {
	linked, err := s.db.gorm.WithContext(ctx).Raw("SELECT DISTINCT uf_id FROM civicrm_uf_match WHERE domain_id = ? AND contact_id IS NOT NULL ORDER BY uf_id", s.DomainID).Rows()
	if err != nil {
		return 0, err
	}
	defer func() { _ = linked.Close() }()
	users, err := s.users.ids(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { _ = users.Close() }()

	count := 0
	var user, link uint64
	more := users.Next() && users.Scan(&user) == nil
	for linked.Next() {
		if err := linked.Scan(&link); err != nil {
			return 0, err
		}
		for more && user < link {
			more = users.Next() && users.Scan(&user) == nil
		}
		if more && user == link {
			count++
		}
	}
	if err := linked.Err(); err != nil {
		return 0, err
	}
	return count, users.Err()
}
