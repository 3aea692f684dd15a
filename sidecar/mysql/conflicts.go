package mysql

import (
	"context"
	"strconv"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
)

// noteConflicts keeps the list of open conflicts: a user who is in conflict is listed once however often it recurs, and is
// off the list as soon as something else became of him. A rule that does not look at the emails of linked users must not
// take a conflict about such an email off the list.
func (s *Site) noteConflicts(tx *gorm.DB, rule link.Rule, users []link.User, results []link.Result) error {
	var open []any
	var rows int
	var settled []uint32
	now := s.now()
	for i, r := range results {
		u := users[i]
		switch r.Outcome {
		case link.Conflict:
			open = append(open, s.ID, u.ID, string(r.Reason), r.ContactID, r.OtherUserID, clip(u.Username), clip(u.Email), clip(personName(u)), now, now, 1)
			rows++
		case link.Failed, link.Skipped:
		default:
			settled = append(settled, u.ID)
		}
	}
	if rows > 0 {
		err := tx.Exec("INSERT INTO userlink_conflict (site_id, uf_id, reason, contact_id, other_uf_id, username, email, name, first_seen, last_seen, times) VALUES "+
			placeholders(rows, 11)+` ON DUPLICATE KEY UPDATE times = times + 1, last_seen = VALUES(last_seen),
			first_seen = IF(reason = VALUES(reason), first_seen, VALUES(first_seen)), reason = VALUES(reason), contact_id = VALUES(contact_id),
			other_uf_id = VALUES(other_uf_id), username = VALUES(username), email = VALUES(email), name = VALUES(name)`, open...).Error
		if err != nil {
			return err
		}
	}
	if len(settled) == 0 {
		return nil
	}
	// Most users never were in conflict: ask first, a DELETE would lock.
	var listed []uint32
	about := ""
	if rule == link.EnsureLink {
		about = " AND NOT (contact_id IS NOT NULL AND reason IN ('email_held', 'email_invalid', 'email_too_long'))"
	}
	if err := tx.Raw("SELECT uf_id FROM userlink_conflict WHERE site_id = ? AND uf_id IN ?"+about, s.ID, settled).Scan(&listed).Error; err != nil || len(listed) == 0 {
		return err
	}
	return tx.Exec("DELETE FROM userlink_conflict WHERE site_id = ? AND uf_id IN ?", s.ID, listed).Error
}

// personName is what an administrator knows a user by.
func personName(u link.User) string {
	if full := link.TrimEmail(u.FirstName + " " + u.LastName); full != "" {
		return full
	}
	return u.Name
}

// clip makes a text of the CMS fit for our own tables: valid, and not longer than 255 characters.
func clip(s string) string {
	if utf8.ValidString(s) && len(s) <= 255 {
		return s
	}
	runes := []rune(s) // invalid bytes become U+FFFD
	return string(runes[:min(len(runes), 255)])
}

type conflictRow struct {
	UfID                  uint32
	Reason                string
	ContactID             *uint32
	ContactName           string
	OtherUfID             *uint32
	Username, Email, Name string
	FirstSeen, LastSeen   time.Time
	Times                 int
}

// Conflicts lists the open conflicts by user id. Total is their number.
func (s *Site) Conflicts(ctx context.Context, after string, limit int) (fullsync.Page[fullsync.OpenConflict], error) {
	page := fullsync.Page[fullsync.OpenConflict]{Items: []fullsync.OpenConflict{}}
	from, err := cursor(after)
	if err != nil {
		return page, err
	}
	db := s.db.gorm.WithContext(ctx)
	if err := db.Raw("SELECT COUNT(*) FROM userlink_conflict WHERE site_id = ?", s.ID).Scan(&page.Total).Error; err != nil {
		return page, outward(err)
	}
	var rows []conflictRow
	err = db.Raw(`SELECT x.*, COALESCE(c.display_name, '') AS contact_name FROM userlink_conflict x LEFT JOIN civicrm_contact c ON c.id = x.contact_id
		WHERE x.site_id = ? AND x.uf_id > ? ORDER BY x.uf_id LIMIT ?`, s.ID, from, limit+1).Scan(&rows).Error
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = strconv.FormatUint(uint64(rows[limit-1].UfID), 10)
	}
	for _, r := range rows {
		page.Items = append(page.Items, fullsync.OpenConflict{
			UserID: r.UfID, Username: r.Username, Email: r.Email, Name: r.Name, Reason: link.Reason(r.Reason),
			ContactID: r.ContactID, ContactName: r.ContactName, OtherUserID: r.OtherUfID,
			FirstSeen: r.FirstSeen, LastSeen: r.LastSeen, Times: r.Times,
		})
	}
	return page, outward(err)
}

func cursor(after string) (uint64, error) {
	if after == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(after, 10, 32)
	if err != nil {
		return 0, fullsync.ErrCursor
	}
	return n, nil
}
