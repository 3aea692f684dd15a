package mysql

import (
	"context"
	"slices"
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
		case link.Failed:
		case link.Skipped:
			if r.Reason != link.ByPolicy && r.Reason != link.NotLinked { // of these two the sync knows nothing
				settled = append(settled, u.ID)
			}
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
		about = " AND NOT (contact_id IS NOT NULL AND reason IN ('email_held', 'email_stale', 'name_similar', 'email_invalid', 'email_too_long'))"
	}
	if err := tx.Raw("SELECT uf_id FROM userlink_conflict WHERE site_id = ? AND "+among("uf_id", settled)+about, s.ID).Scan(&listed).Error; err != nil {
		return err
	}
	listed = slices.DeleteFunc(listed, func(id uint32) bool { return !slices.Contains(settled, id) })
	if len(listed) == 0 {
		return nil
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
func clip(s string) string { return clipTo(s, 255) }

func clipTo(s string, length int) string {
	if utf8.ValidString(s) && len(s) <= length {
		return s
	}
	runes := []rune(s) // invalid bytes become U+FFFD
	return string(runes[:min(len(runes), length)])
}

type conflictRow struct {
	UfID                  uint32
	Reason                string
	ContactID             *uint32
	OtherUfID             *uint32
	Username, Email, Name string
	FirstSeen, LastSeen   time.Time
	Times                 int
}

// Conflicts lists the open conflicts by user id. Total is their number. It looks at each anew: one whose cause is gone is
// taken off the list, whoever mended it.
func (s *Site) Conflicts(ctx context.Context, after string, limit int) (fullsync.Page[fullsync.OpenConflict], error) {
	page := fullsync.Page[fullsync.OpenConflict]{Items: []fullsync.OpenConflict{}}
	from, err := cursor(after)
	if err != nil {
		return page, err
	}
	for more := true; more && len(page.Items) == 0; {
		var rows []conflictRow
		if rows, more, err = s.conflictRows(ctx, "", from, limit); err != nil {
			return page, outward(err)
		}
		open, err := s.reviewConflicts(ctx, rows)
		if err != nil {
			return page, outward(err)
		}
		page.Items, page.Next = append(page.Items, open...), ""
		if more {
			from = uint64(rows[limit-1].UfID)
			page.Next = strconv.FormatUint(from, 10)
		}
	}
	if err := s.nameContacts(ctx, page.Items); err != nil {
		return page, outward(err)
	}
	page.Total, err = s.countConflicts(ctx)
	return page, outward(err)
}

func (s *Site) countConflicts(ctx context.Context) (n int, err error) {
	err = s.db.gorm.WithContext(ctx).Raw("SELECT COUNT(*) FROM userlink_conflict WHERE site_id = ?", s.ID).Scan(&n).Error
	return n, err
}

// conflictRows reads up to limit rows after a user id, and whether there are more.
func (s *Site) conflictRows(ctx context.Context, condition string, from uint64, limit int, args ...any) (rows []conflictRow, more bool, err error) {
	err = s.db.gorm.WithContext(ctx).Raw("SELECT uf_id, reason, contact_id, other_uf_id, username, email, name, first_seen, last_seen, times FROM userlink_conflict WHERE site_id = ? AND uf_id > ? "+
		condition+" ORDER BY uf_id LIMIT ?", append(append([]any{s.ID, from}, args...), limit+1)...).Scan(&rows).Error
	more = len(rows) > limit
	return rows[:min(len(rows), limit)], more, err
}

// visibleAfter is how long a user may be known from an event and not yet be seen in the CMS's table: Drupal and Backdrop
// tell of a user inside a transaction.
const visibleAfter = time.Minute

// reviewConflicts looks at the users anew. It takes those off the list whose cause is gone, and says of the others how
// things are now.
func (s *Site) reviewConflicts(ctx context.Context, rows []conflictRow) ([]fullsync.OpenConflict, error) {
	ids := make([]uint32, len(rows))
	for i, r := range rows {
		ids[i] = r.UfID
	}
	offers, err := s.offers(ctx, ids)
	if err != nil {
		return nil, err
	}
	var open []fullsync.OpenConflict
	for i, r := range rows {
		o := offers[i]
		gone := !o.found && s.now().Sub(r.LastSeen) > visibleAfter
		if settled := o.found && readableUser(o.user) && o.decision.Outcome != link.Conflict; gone || settled {
			// Only as it was read: an event may have renewed it meanwhile.
			if _, err := s.db.exec(ctx, "DELETE FROM userlink_conflict WHERE site_id = ? AND uf_id = ? AND last_seen = ? AND times = ?", s.ID, r.UfID, r.LastSeen, r.Times); err != nil {
				return nil, err
			}
			continue
		}
		item := r.conflict()
		if d := resultOf(o.decision); o.decision.Outcome == link.Conflict {
			item.Reason, item.ContactID, item.OtherUserID = d.Reason, d.ContactID, d.OtherUserID
			item.Username, item.Email, item.Name = clip(o.user.Username), clip(o.user.Email), clip(personName(o.user))
		}
		item.Choices, item.Candidates = o.choices, o.candidates
		open = append(open, item)
	}
	return open, nil
}

func (r conflictRow) conflict() fullsync.OpenConflict {
	return fullsync.OpenConflict{
		UserID: r.UfID, Username: r.Username, Email: r.Email, Name: r.Name, Reason: link.Reason(r.Reason), ContactID: r.ContactID, OtherUserID: r.OtherUfID,
		FirstSeen: r.FirstSeen, LastSeen: r.LastSeen, Times: r.Times,
	}
}

// nameContacts adds the names of the contacts concerned.
func (s *Site) nameContacts(ctx context.Context, items []fullsync.OpenConflict) error {
	var contacts []uint32
	for _, item := range items {
		if item.ContactID != nil {
			contacts = append(contacts, *item.ContactID)
		}
	}
	names, err := s.contactNames(ctx, contacts)
	for i, item := range items {
		if item.ContactID != nil {
			items[i].ContactName = names[*item.ContactID]
		}
	}
	return err
}

// reviewedAtOnce is how many conflicts are looked at together.
const reviewedAtOnce = 500

// reviewOlder looks at the conflicts that have not been seen since: after a sync of all users, at those whom it did not
// meet because they are gone, or whose conflict was none of its business.
func (s *Site) reviewOlder(ctx context.Context, since time.Time) error {
	for from, more := uint64(0), true; more; {
		var rows []conflictRow
		var err error
		if rows, more, err = s.conflictRows(ctx, "AND last_seen < ?", from, reviewedAtOnce, since); err != nil || len(rows) == 0 {
			return err
		}
		if _, err = s.reviewConflicts(ctx, rows); err != nil {
			return err
		}
		from = uint64(rows[len(rows)-1].UfID)
	}
	return nil
}

// LeftAlone lists the users whom a person wants left alone, by user id, as conflicts of that reason. Total is their number.
func (s *Site) LeftAlone(ctx context.Context, after string, limit int) (fullsync.Page[fullsync.OpenConflict], error) {
	page := fullsync.Page[fullsync.OpenConflict]{Items: []fullsync.OpenConflict{}}
	from, err := cursor(after)
	if err != nil {
		return page, err
	}
	db := s.db.gorm.WithContext(ctx)
	if page.Total, err = s.countLeftAlone(db); err != nil {
		return page, outward(err)
	}
	var rows []userState
	err = db.Raw("SELECT uf_id, left_alone_at FROM userlink_user WHERE site_id = ? AND left_alone_at IS NOT NULL AND uf_id > ? ORDER BY uf_id LIMIT ?", s.ID, from, limit+1).Scan(&rows).Error
	if err != nil {
		return page, outward(err)
	}
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = strconv.FormatUint(uint64(rows[limit-1].UfID), 10)
	}
	ids := make([]uint32, len(rows))
	for i, r := range rows {
		ids[i] = r.UfID
	}
	users, err := s.usersByID(ctx, ids)
	for _, r := range rows {
		u := users[r.UfID]
		page.Items = append(page.Items, fullsync.OpenConflict{
			UserID: r.UfID, Username: clip(u.Username), Email: clip(u.Email), Name: clip(personName(u)), Reason: link.LeftAlone,
			FirstSeen: *r.LeftAloneAt, LastSeen: *r.LeftAloneAt, Choices: []link.Choice{link.ChooseReconsider}, Candidates: []fullsync.ExplainedCandidate{},
		})
	}
	return page, outward(err)
}

func (s *Site) countLeftAlone(db *gorm.DB) (n int, err error) {
	err = db.Raw("SELECT COUNT(*) FROM userlink_user WHERE site_id = ? AND left_alone_at IS NOT NULL", s.ID).Scan(&n).Error
	return n, err
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
