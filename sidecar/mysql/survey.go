package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"sync"
	"time"

	"gorm.io/gorm"

	"userlink/sidecar/link"
)

// survey says who may be concerned by each kind of finding: the ids of users, or of links without one, in order. It is
// made by one walk over all links and all users, and so knows no more than that; cases look closer.
//
// The users may be on another server than the links, so the two are never joined: both come by user id and are read side
// by side. A million users take some seconds and, for the time of the walk, about 50 MB.
type survey struct {
	at        time.Time
	concerned map[link.Finding][]uint32

	counting sync.Mutex
	orphans  *int // how many they are, once they have been counted
}

// after returns up to limit of those concerned, with ids of at least from.
func (v *survey) after(f link.Finding, from uint64, limit int) []uint32 {
	ids := v.concerned[f]
	start, _ := slices.BinarySearchFunc(ids, from, func(id uint32, from uint64) int {
		if uint64(id) < from {
			return -1
		}
		return 1
	})
	return ids[start:min(start+limit, len(ids))]
}

// surveys keeps the last one: the pages of a list and the chunks of a repair are parts of the same walk.
type surveys struct {
	mu      sync.Mutex
	last    *survey
	err     error         // of the last one that was made
	running chan struct{} // closed when the one that is being made is done; nil: none is
}

// forget makes the next who asks look anew: a repair, an undo or a decision has changed what there is to see.
func (k *surveys) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.last = nil
}

// survey returns one that was made at notBefore or later. Who comes while one is being made waits for that one. When ctx
// ends before it is done the error wraps link.ErrUnavailable, and it goes on for whoever asks next.
func (s *Site) survey(ctx context.Context, notBefore time.Time) (*survey, error) {
	for {
		v, running, err := s.startSurvey(ctx, notBefore)
		if v != nil || err != nil {
			return v, err
		}
		select {
		case <-running:
		case <-ctx.Done():
			return nil, fmt.Errorf("%w: %w: %w", link.ErrUnavailable, errSurveyed, context.Cause(ctx))
		}
	}
}

// startSurvey returns the last survey if it is new enough, or its error if it has just failed, else what to wait for.
func (s *Site) startSurvey(ctx context.Context, notBefore time.Time) (*survey, <-chan struct{}, error) {
	k := &s.surveyed
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.err; err != nil {
		k.err = nil
		return nil, nil, err
	}
	if k.running == nil && k.last != nil && !k.last.at.Before(notBefore) {
		return k.last, nil, nil
	}
	if k.running == nil {
		done := make(chan struct{})
		k.running = done
		go func() {
			v, err := s.makeSurvey(context.WithoutCancel(ctx))
			k.mu.Lock()
			defer k.mu.Unlock()
			k.running, k.err = nil, err
			if err == nil {
				k.last = v
			}
			close(done)
		}()
	}
	return nil, k.running, nil
}

// surveyor makes a survey.
type surveyor struct {
	site     *Site
	db       *gorm.DB
	civicrm  *civicrm
	mu       sync.Mutex // of survey
	survey   *survey
	missing  []uint32            // uf_ids that are not among the users of the site
	doubtful []doubtfulName      // names that are not the user's email byte by byte
	seed     maphash.Seed        // of the next two
	byEmail  map[uint64]uint32   // hash of the folded address → user
	others   map[uint64][]uint32 // the same, for the few who share an address with one of these
}

// doubtfulName is a link, or a primary email, that only the collation can compare with the user's email.
type doubtfulName struct {
	finding    link.Finding
	userID     uint32
	have, want string
}

func (s *Site) makeSurvey(ctx context.Context) (*survey, error) {
	c, err := s.settings(ctx)
	if err != nil {
		return nil, err
	}
	v := &surveyor{
		site: s, db: s.db.gorm.WithContext(ctx), civicrm: c, seed: maphash.MakeSeed(), byEmail: map[uint64]uint32{}, others: map[uint64][]uint32{},
		survey: &survey{at: s.now(), concerned: map[link.Finding][]uint32{}},
	}
	aside := make(chan error, 1) // what needs no user is asked meanwhile
	go func() { aside <- inTurn(ctx, v.contacts, v.shared) }()
	err = inTurn(ctx, v.walk, v.usersOfTheCMS, v.names, v.suspects)
	if err = errors.Join(err, <-aside); err != nil {
		return nil, fmt.Errorf("survey: %w", err)
	}
	found := v.survey.concerned
	for f, ids := range found {
		slices.Sort(ids)
		found[f] = slices.Compact(ids)
	}
	// What is amiss with the address of a contact that is not there, or in the trash, is not worth a word.
	found[link.FindNameDiffers] = without(found[link.FindNameDiffers], found[link.FindContactMissing])
	found[link.FindEmailDiffers] = without(without(found[link.FindEmailDiffers], found[link.FindContactMissing]), found[link.FindContactTrashed])
	return v.survey, nil
}

func inTurn(ctx context.Context, steps ...func(context.Context) error) error {
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// without returns those ids that are not among the others, which are in order.
func without(ids, others []uint32) []uint32 {
	return slices.DeleteFunc(ids, func(id uint32) bool {
		_, found := slices.BinarySearch(others, id)
		return found
	})
}

func (v *surveyor) add(f link.Finding, userIDs ...uint32) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.survey.concerned[f] = append(v.survey.concerned[f], userIDs...)
}

// rowsByUser are the rows of a statement that come by user id, one in advance.
type rowsByUser struct {
	rows *sql.Rows
	id   uint64 // of the row that is next; past every user at the end
	text [2]string
	into []any
}

const noMoreUsers = maxUserID + 1

func openRows(rows *sql.Rows, err error, columns int) (*rowsByUser, error) {
	if err != nil {
		return nil, err
	}
	r := &rowsByUser{rows: rows}
	r.into = []any{&r.id, &r.text[0], &r.text[1]}[:columns]
	err = r.next()
	return r, err
}

func (r *rowsByUser) next() error {
	if !r.rows.Next() {
		r.id = noMoreUsers
		return r.rows.Err()
	}
	return r.rows.Scan(r.into...)
}

func (r *rowsByUser) close() {
	if r != nil {
		_ = r.rows.Close()
	}
}

// walk reads users, links and the primary emails that are not the link's name, side by side.
func (v *surveyor) walk(ctx context.Context) error {
	users, err := v.site.users.emails(ctx)
	u, err := openRows(users, err, 2)
	defer u.close()
	if err != nil {
		return err
	}
	links, err := v.db.Raw(`SELECT uf_id, COALESCE(uf_name, ''), COALESCE(contact_id, 0) FROM civicrm_uf_match WHERE domain_id = ? ORDER BY uf_id, id`, v.site.DomainID).Rows()
	m, err := openRows(links, err, 3)
	defer m.close()
	if err != nil {
		return err
	}
	e, err := v.primaryEmails()
	defer e.close()
	if err != nil {
		return err
	}
	for u.id < noMoreUsers || m.id < noMoreUsers {
		if err := v.one(u, m, e); err != nil {
			return err
		}
	}
	return nil
}

// primaryEmails are those of the linked contacts that differ from the name on the link, and an empty text where a contact
// has none. A site that keeps emails apart has none of interest.
func (v *surveyor) primaryEmails() (*rowsByUser, error) {
	if !v.civicrm.syncEmail {
		return nil, nil //nolint:nilnil // there is nothing to read
	}
	rows, err := v.db.Raw(`SELECT m.uf_id, COALESCE(e.email, '') FROM civicrm_uf_match m LEFT JOIN civicrm_email e ON e.contact_id = m.contact_id AND e.is_primary = 1
		WHERE m.domain_id = ? AND m.contact_id IS NOT NULL AND (e.id IS NULL OR NOT e.email <=> m.uf_name) ORDER BY m.uf_id`, v.site.DomainID).Rows()
	return openRows(rows, err, 2)
}

// standing is all that stands under one user id.
type standing struct {
	userID  uint32
	exists  bool
	email   string
	links   int
	name    string // of the last link
	broken  bool   // the last link names no contact
	primary string // the contact's primary email; empty: none
}

// one takes all that stands under the lowest user id.
func (v *surveyor) one(u, m, e *rowsByUser) error {
	id := min(u.id, m.id)
	s := standing{userID: uint32(id)} //nolint:gosec // the walk ends before noMoreUsers
	if u.id == id {
		s.exists, s.email = true, u.text[0]
		if err := u.next(); err != nil {
			return err
		}
	}
	for ; m.id == id; s.links++ {
		s.name, s.broken = m.text[0], m.text[1] == "0"
		if s.broken {
			v.add(link.FindContactMissing, s.userID)
		}
		if err := m.next(); err != nil {
			return err
		}
	}
	s.primary = s.name
	for e != nil && e.id <= id {
		if e.id == id {
			s.primary = e.text[0]
		}
		if err := e.next(); err != nil {
			return err
		}
	}
	v.judge(s, e != nil)
	return nil
}

// judge notes what may be amiss. inStep says that the site keeps emails in step.
func (v *surveyor) judge(s standing, inStep bool) {
	folded := link.FoldEmail(s.email)
	if folded != "" {
		v.remember(maphash.String(v.seed, folded), s.userID)
	}
	switch {
	case s.links > 0 && !s.exists:
		v.missing = append(v.missing, s.userID)
	case s.links > 1:
		v.add(link.FindLinkedTwice, s.userID)
	case s.links == 1 && !s.broken && folded != "":
		v.compare(link.FindNameDiffers, s.userID, s.name, s.email)
		if inStep {
			v.compare(link.FindEmailDiffers, s.userID, s.primary, s.email)
		}
	}
}

func (v *surveyor) remember(key uint64, userID uint32) {
	if _, known := v.byEmail[key]; known {
		v.others[key] = append(v.others[key], userID)
		return
	}
	v.byEmail[key] = userID
}

func (v *surveyor) compare(f link.Finding, userID uint32, have, want string) {
	if have != want {
		v.doubtful = append(v.doubtful, doubtfulName{f, userID, have, want})
	}
}

// usersOfTheCMS keeps those users missing who are in no blog of the CMS, and of whom it has told nothing lately: a user
// whose row is not committed yet may well be linked.
func (v *surveyor) usersOfTheCMS(ctx context.Context) error {
	for part := range slices.Chunk(v.missing, inOnce) {
		gone, err := v.site.gone(ctx, v.db, part)
		if err != nil {
			return err
		}
		v.add(link.FindUserMissing, gone...)
	}
	v.missing = nil
	return nil
}

// inOnce is how many ids or addresses a statement is given.
const inOnce = 1000

// justNow is how long a user may be unknown to us though the CMS has told us about him: some tell before they commit.
const justNow = time.Hour

// gone returns those ids that no user of the CMS has, in order.
func (s *Site) gone(ctx context.Context, db *gorm.DB, ids []uint32) ([]uint32, error) {
	existing, err := s.users.within(db).Existing(ctx, ids)
	if err != nil {
		return nil, err
	}
	var fresh []uint32
	err = db.Raw("SELECT uf_id FROM userlink_user WHERE site_id = ? AND uf_id IN ? AND deleted_at IS NULL AND last_event_at > ?", s.ID, ids, s.now().Add(-justNow)).Scan(&fresh).Error
	gone := slices.Clone(ids)
	return slices.DeleteFunc(gone, func(id uint32) bool { return existing[id] || slices.Contains(fresh, id) }), err
}

// names lets the collation compare what differs by its bytes.
func (v *surveyor) names(ctx context.Context) error {
	for part := range slices.Chunk(v.doubtful, inOnce) {
		texts := make([]string, 0, 2*len(part))
		for _, d := range part {
			texts = append(texts, link.TrimEmail(d.have), link.TrimEmail(d.want))
		}
		keys, err := v.site.keys.Keys(ctx, v.db, texts)
		if err != nil {
			return err
		}
		for i, d := range part {
			if keys[2*i] != keys[2*i+1] {
				v.add(d.finding, d.userID)
			}
		}
	}
	v.doubtful = nil
	return nil
}

// contacts finds links whose contact is in the trash or not there at all.
func (v *surveyor) contacts(context.Context) error {
	var rows []struct {
		UfID    uint32
		Missing bool
	}
	err := v.db.Raw(`SELECT m.uf_id, c.id IS NULL AS missing FROM civicrm_uf_match m LEFT JOIN civicrm_contact c ON c.id = m.contact_id
		WHERE m.domain_id = ? AND m.contact_id IS NOT NULL AND (c.id IS NULL OR c.is_deleted = 1)`, v.site.DomainID).Scan(&rows).Error
	for _, row := range rows {
		if row.Missing {
			v.add(link.FindContactMissing, row.UfID)
		} else {
			v.add(link.FindContactTrashed, row.UfID)
		}
	}
	return err
}

// shared finds contacts with several users. In another domain the same address is the same person with another id.
func (v *surveyor) shared(context.Context) error {
	var contacts []uint32
	if err := v.db.Raw("SELECT contact_id FROM civicrm_uf_match WHERE contact_id IS NOT NULL GROUP BY contact_id HAVING COUNT(*) > 1").Scan(&contacts).Error; err != nil {
		return err
	}
	for part := range slices.Chunk(contacts, inOnce) {
		var users []uint32
		err := v.db.Raw(`SELECT m.uf_id FROM civicrm_uf_match m JOIN civicrm_uf_match o ON o.contact_id = m.contact_id AND o.uf_id <> m.uf_id
			WHERE m.domain_id = ? AND m.contact_id IN ? AND (o.domain_id = m.domain_id OR NOT o.uf_name <=> m.uf_name)`, v.site.DomainID, part).Scan(&users).Error
		if err != nil {
			return err
		}
		v.add(link.FindContactShared, users...)
	}
	return nil
}

// suspects finds users whose address a contact without any link carries.
func (v *surveyor) suspects(context.Context) error {
	rows, err := v.db.Raw("SELECT STRAIGHT_JOIN e.email FROM " + unlinkedContacts).Rows()
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var email string
		if err := rows.Scan(&email); err != nil {
			return err
		}
		key := maphash.String(v.seed, link.FoldEmail(email))
		if userID, known := v.byEmail[key]; known {
			v.add(link.FindOrphan, userID)
			v.add(link.FindOrphan, v.others[key]...)
		}
	}
	return rows.Err()
}

// unlinkedContacts is the part of a statement, after SELECT STRAIGHT_JOIN and what is wanted, that finds Individuals outside
// the trash, without a link in any domain, by their primary emails. The order of the tables is the cheapest one on a site
// where nearly all contacts are linked: the index of links alone sifts them.
const unlinkedContacts = `civicrm_email e LEFT JOIN civicrm_uf_match m ON m.contact_id = e.contact_id JOIN civicrm_contact c ON c.id = e.contact_id
	WHERE e.is_primary = 1 AND e.email IS NOT NULL AND m.id IS NULL AND c.contact_type = 'Individual' AND c.is_deleted = 0`

// errSurveyed says that the counting goes on although the caller could not wait.
var errSurveyed = errors.New("counting takes longer than a page can wait; it goes on")
