package mysql

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
)

const (
	healthAge = 10 * time.Second // a page that asks again finds what a repair has mended
	listAge   = time.Minute      // the pages of one list belong together
	casesOnce = 500              // users that are looked at in one go
)

// Health says how many are concerned by each kind of finding, in the order in which they are best mended. The error wraps
// link.ErrUnavailable when ctx ends before they are counted.
func (s *Site) Health(ctx context.Context) (fullsync.Health, error) {
	health, err := s.health(ctx)
	return health, outward(err)
}

func (s *Site) health(ctx context.Context) (fullsync.Health, error) {
	v, err := s.survey(ctx, s.now().Add(-healthAge))
	if err != nil {
		return fullsync.Health{}, err
	}
	health := fullsync.Health{CheckedAt: v.at}
	for _, f := range link.Findings() {
		h := fullsync.Finding{Finding: f, Sentence: f.Sentence(), Remedy: f.Remedy()}
		if h.Count, err = s.countConcerned(ctx, v, f); errors.Is(err, errBlind) {
			h.Unseen, h.Sentence, h.Remedy, err = true, orphansUnseen, "", nil
		}
		if err != nil {
			return fullsync.Health{}, err
		}
		health.Findings = append(health.Findings, h)
	}
	return health, nil
}

// countConcerned counts the users whom the survey found or, of orphans, the contacts themselves: that a contact without a
// link carries a user's address does not yet make it an orphan. These are counted once for each survey.
func (s *Site) countConcerned(ctx context.Context, v *survey, f link.Finding) (int, error) {
	if f != link.FindOrphan {
		return len(v.concerned[f]), nil
	}
	v.counting.Lock()
	defer v.counting.Unlock()
	if v.orphans != nil {
		return *v.orphans, nil
	}
	n := 0
	for ids := range slices.Chunk(v.concerned[f], casesOnce) {
		found, err := s.orphansOf(ctx, ids)
		if err != nil {
			return 0, err
		}
		n += found
	}
	v.orphans = &n
	return n, nil
}

func (s *Site) orphansOf(ctx context.Context, ids []uint32) (n int, err error) {
	c, err := s.settings(ctx)
	if err != nil {
		return 0, err
	}
	users, err := s.readableUsers(ctx, s.db.gorm, ids)
	if err != nil {
		return 0, err
	}
	l := &caseLook{site: s, tx: s.db.gorm.WithContext(ctx), civicrm: c, cases: make([]link.Case, len(users))}
	for i, user := range users {
		l.cases[i].User = user
	}
	err = l.orphans(ctx, false)
	for _, found := range l.cases {
		n += len(found.Orphans)
	}
	return n, err
}

// orphansUnseen stands in the place of what orphans are when the account cannot find them.
const orphansUnseen = "Whether CiviCRM's own sync has left contacts without a link is not known: userlink's database account may not see who uses a contact. Run userlink check and carry out the statements that it prints."

// Concerned lists who is concerned by one kind of finding, as the preview of a repair would. The cursor is the last user of
// the page before, and the last contact of that user if there are more.
func (s *Site) Concerned(ctx context.Context, f link.Finding, after string, limit int) (fullsync.Page[fullsync.Item], error) {
	page := fullsync.Page[fullsync.Item]{Items: []fullsync.Item{}}
	from, err := parsePosition(after)
	if err != nil {
		return page, err
	}
	if !f.Known() {
		return page, fullsync.ErrNotFound
	}
	age := listAge
	if after == "" {
		age = healthAge
	}
	v, err := s.survey(ctx, s.now().Add(-age))
	if err != nil {
		return page, outward(err)
	}
	var items []reportItem
	for next := from.firstUser(); len(items) <= limit; {
		ids := v.after(f, next, casesOnce)
		if len(ids) == 0 {
			break
		}
		next = uint64(ids[len(ids)-1]) + 1
		more, err := s.concernedItems(ctx, f, ids)
		if errors.Is(err, errBlind) {
			return page, nil // Health says why nobody is listed
		}
		if err != nil {
			return page, outward(err)
		}
		items = append(items, slices.DeleteFunc(more, func(i reportItem) bool { return !from.before(i) })...)
	}
	items, page.Next = cutPage(items, limit)
	page.Items, err = s.describe(ctx, items)
	return page, outward(err)
}

// concernedItems decides about the cases without a lock, and writes nothing.
func (s *Site) concernedItems(ctx context.Context, f link.Finding, ids []uint32) ([]reportItem, error) {
	c, err := s.settings(ctx)
	if err != nil {
		return nil, err
	}
	cases, err := s.cases(ctx, s.db.gorm, c, f, ids, false)
	if err != nil {
		return nil, err
	}
	batch := s.batch(c)
	var items []reportItem
	for _, found := range cases {
		for _, d := range batch.Repair(f, found) {
			items = append(items, newReportItem(reportedUser(found), resultOf(d)))
		}
	}
	return items, nil
}

// reportedUser is the user as a report names him. Of one who is gone the link knows the address.
func reportedUser(c link.Case) link.User {
	if c.Missing && len(c.Seen.Links) > 0 {
		c.User.Email = c.Seen.Links[0].Name
	}
	return c.User
}

// position is a place in a list of items by user and contact: after all of the user's, or after one of them.
type position struct {
	user    uint64
	contact uint64
}

const wholeUser = 1 << 32 // past every contact

func parsePosition(after string) (position, error) {
	user, contact, within := strings.Cut(after, ".")
	p := position{contact: wholeUser}
	var err error
	if p.user, err = cursor(user); err != nil || !within {
		return p, err
	}
	p.contact, err = strconv.ParseUint(contact, 10, 32)
	if err != nil {
		return p, fullsync.ErrCursor
	}
	return p, nil
}

// firstUser is the lowest user who may have items after the position.
func (p position) firstUser() uint64 {
	if p.contact == wholeUser {
		return p.user + 1
	}
	return p.user
}

// before tells whether the item comes after the position.
func (p position) before(i reportItem) bool {
	user := uint64(i.UserID)
	return user > p.user || user == p.user && i.contact() > p.contact
}

func (i reportItem) contact() uint64 {
	if i.ContactID == nil {
		return 0
	}
	return uint64(*i.ContactID)
}

// byUserAndContact orders items as pages need them.
func byUserAndContact(a, b reportItem) int {
	return cmp.Or(cmp.Compare(a.UserID, b.UserID), cmp.Compare(a.contact(), b.contact()))
}

// cutPage cuts ordered items down to limit and says where the next page begins, or nothing on the last.
func cutPage(items []reportItem, limit int) ([]reportItem, string) {
	slices.SortStableFunc(items, byUserAndContact)
	if len(items) <= limit {
		return items, ""
	}
	last := items[limit-1]
	next := strconv.FormatUint(uint64(last.UserID), 10)
	if items[limit].UserID == last.UserID {
		next += "." + strconv.FormatUint(last.contact(), 10)
	}
	return items[:limit], next
}
