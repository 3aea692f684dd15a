package mysql

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"

	"gorm.io/gorm"

	"userlink/sidecar/link"
)

// look reads what the database knows about a batch of users, in a handful of statements however many they are.
type look struct {
	site    *Site
	tx      *gorm.DB
	civicrm *civicrm
	users   []link.User
	seen    []link.Seen
	byEmail map[string][]int // key of a folded email → users of the batch, by index
	byID    map[uint32]int
}

// look fills one link.Seen for each user. withEmail says that the rule may bring emails into step, so that the contact's
// primary email is needed too.
func (s *Site) look(ctx context.Context, tx *gorm.DB, c *civicrm, users []link.User, withEmail bool) ([]link.Seen, error) {
	l, err := s.lookAt(ctx, tx, c, users, withEmail)
	return l.seen, err
}

func (s *Site) lookAt(ctx context.Context, tx *gorm.DB, c *civicrm, users []link.User, withEmail bool) (*look, error) {
	l := newLook(s, tx.WithContext(ctx), c, users)
	steps := []func(context.Context) error{l.emailKeys, l.links, l.candidates, l.byDedupeRule, l.holders}
	if len(users) == 1 {
		steps = []func(context.Context) error{l.emailKeys, l.atOnce, l.byDedupeRule}
	}
	err := l.take(ctx, withEmail, steps...)
	return l, err
}

// take takes the steps of a look.
func (l *look) take(ctx context.Context, withEmail bool, steps ...func(context.Context) error) error {
	if withEmail {
		steps = append(steps, l.primaryEmails)
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// traces is an expression that is true if there is anything for links, candidates and holders to find about one user.
func (l *look) traces() string {
	domain := "m.domain_id = " + strconv.FormatUint(uint64(l.site.DomainID), 10) + " AND "
	exists := "EXISTS (SELECT 1 FROM civicrm_uf_match m " + l.civicrm.by(tableMatch, "uf_id") + " WHERE " + domain + just("m.uf_id", userIDs(l.users)) + ")"
	if names, _ := l.names(); len(names) > 0 {
		exists += " OR EXISTS (SELECT 1 FROM civicrm_uf_match m " + l.civicrm.by(tableMatch, "uf_name") + " WHERE " + domain + oneOf("m.uf_name", names) + ")"
	}
	if emails := l.openEmails(); len(emails) > 0 {
		exists += " OR EXISTS (SELECT 1 FROM civicrm_email e " + l.civicrm.by(tableEmail, "email") + " WHERE " + oneOf("e.email", emails) + ")"
	}
	return exists
}

// atOnce looks at one user for links, candidates and holders with one round trip. It takes the user for one without a link,
// as nearly all are who are looked at alone.
func (l *look) atOnce(ctx context.Context) error {
	var links, held []link.Match
	var rows []candidateRow
	list := []question{l.linkQuestion(&links)}
	if emails := l.openEmails(); len(emails) > 0 {
		list = append(list, l.candidateQuestion(&rows, emails))
	}
	names, byKey := l.names()
	if len(names) > 0 {
		list = append(list, l.holderQuestion(&held, names))
	}
	if err := ask(ctx, l.tx, list...); err != nil {
		return fmt.Errorf("look at the user: %w", err)
	}
	if err := l.takeLinks(ctx, links); err != nil {
		return err
	}
	if !unlinked(l.seen[0]) {
		return l.holders(ctx)
	}
	if err := l.takeCandidates(ctx, rows); err != nil {
		return err
	}
	return l.takeHolders(ctx, held, byKey)
}

func newLook(s *Site, tx *gorm.DB, c *civicrm, users []link.User) *look {
	return &look{site: s, tx: tx, civicrm: c, users: users, seen: make([]link.Seen, len(users)), byEmail: map[string][]int{}, byID: map[uint32]int{}}
}

// emailKeys finds by what key each user's email is compared: as it stands on a link, and in lower case as it stands at a
// contact. The two differ where the collation knows a letter that has no lower case of its own, such as ẞ.
func (l *look) emailKeys(ctx context.Context) error {
	emails := make([]string, 2*len(l.users))
	for i, u := range l.users {
		emails[2*i], emails[2*i+1] = link.TrimEmail(u.Email), link.FoldEmail(u.Email)
		l.byID[u.ID] = i
	}
	keys, err := l.site.keys.Keys(ctx, l.tx, emails)
	if err != nil {
		return err
	}
	for i := range l.users {
		l.seen[i].EmailKey, l.seen[i].FoldedKey = keys[2*i], keys[2*i+1]
		if link.CheckEmail(emails[2*i]) == "" {
			l.byEmail[keys[2*i+1]] = append(l.byEmail[keys[2*i+1]], i)
		}
	}
	return nil
}

// selectMatch wants a hint from civicrm.by: see there.
const selectMatch = `SELECT m.id, m.uf_id, COALESCE(m.uf_name, '') AS uf_name, COALESCE(m.contact_id, 0) AS contact_id, c.is_deleted
	FROM civicrm_uf_match m %s LEFT JOIN civicrm_contact c FORCE INDEX (PRIMARY) ON c.id = m.contact_id WHERE m.domain_id = %d `

// matches reads links. column is the one that condition is about; empty: several are.
func (l *look) matches(ctx context.Context, column, condition string, args ...any) ([]link.Match, error) {
	var found []link.Match
	q := l.matchQuestion(&found, column, condition)
	if err := read(ctx, l.tx, q.query, args, q.each); err != nil {
		return nil, fmt.Errorf("read links: %w", err)
	}
	return found, l.nameKeys(ctx, found)
}

func (l *look) matchQuestion(found *[]link.Match, column, condition string) question {
	return question{fmt.Sprintf(selectMatch, l.civicrm.by(tableMatch, column), l.site.DomainID) + condition, func(scan func(...any) error) error {
		var m link.Match
		var deleted sql.NullBool // NULL: there is no such contact
		err := scan(&m.ID, &m.UserID, &m.Name, &m.ContactID, &deleted)
		m.Trashed, m.Missing = deleted.Bool, m.ContactID != 0 && !deleted.Valid
		*found = append(*found, m)
		return err
	}}
}

// nameKeys adds by what keys the names of links are compared.
func (l *look) nameKeys(ctx context.Context, found []link.Match) error {
	names := make([]string, len(found))
	for i, m := range found {
		names[i] = m.Name
	}
	keys, err := l.site.keys.Keys(ctx, l.tx, names)
	for i, key := range keys {
		found[i].NameKey = key
	}
	return err
}

func (l *look) linkQuestion(found *[]link.Match) question {
	return l.matchQuestion(found, "uf_id", "AND "+among("m.uf_id", userIDs(l.users))+" ORDER BY m.id")
}

func (l *look) links(ctx context.Context) error {
	var found []link.Match
	q := l.linkQuestion(&found)
	if err := q.read(ctx, l.tx); err != nil {
		return fmt.Errorf("read links: %w", err)
	}
	return l.takeLinks(ctx, found)
}

func (l *look) takeLinks(ctx context.Context, found []link.Match) error {
	err := l.nameKeys(ctx, found)
	for _, m := range found {
		if i, asked := l.byID[m.UserID]; asked {
			l.seen[i].Links = append(l.seen[i].Links, m)
		}
	}
	return err
}

func unlinked(s link.Seen) bool { return len(s.Links) == 0 }

// candidates finds the contacts that carry the users' emails: any email, Individuals, primary first, then the oldest. One in
// the trash is only noted. Source: CRM_Contact_BAO_Contact::matchContactOnEmail.
func (l *look) candidates(ctx context.Context) error {
	emails := l.openEmails()
	if len(emails) == 0 {
		return nil
	}
	var rows []candidateRow
	q := l.candidateQuestion(&rows, emails)
	if err := q.read(ctx, l.tx); err != nil {
		return fmt.Errorf("read contacts: %w", err)
	}
	return l.takeCandidates(ctx, rows)
}

// openEmails are the emails of the users without a link.
func (l *look) openEmails() (emails []string) {
	for _, indexes := range l.byEmail {
		if i := slices.IndexFunc(indexes, func(i int) bool { return unlinked(l.seen[i]) }); i >= 0 {
			emails = append(emails, link.FoldEmail(l.users[indexes[i]].Email))
		}
	}
	return emails
}

func (l *look) candidateQuestion(rows *[]candidateRow, emails []string) question {
	join := ""
	if l.civicrm.emailGroups != nil {
		join = "JOIN civicrm_group_contact g ON g.contact_id = c.id AND g.status = 'Added' AND " + just("g.group_id", l.civicrm.emailGroups) + " "
	}
	oldest := "e.id"
	if l.civicrm.defaults.OldestContactFirst() {
		oldest = "c.id, e.id"
	}
	return question{`SELECT e.email, COALESCE(e.is_primary, 0) AS ` + "`primary`" + `, c.id AS contact_id, COALESCE(c.display_name, '') AS name,
		COALESCE(c.first_name, '') AS first_name, COALESCE(c.last_name, '') AS last_name, c.is_deleted AS trashed, COALESCE(m.uf_id, 0) AS taken_by
		FROM civicrm_email e ` + l.civicrm.by(tableEmail, "email") + ` STRAIGHT_JOIN civicrm_contact c FORCE INDEX (PRIMARY) ON c.id = e.contact_id
		LEFT JOIN civicrm_uf_match m ` + l.civicrm.by(tableMatch, "contact_id") + ` ON m.contact_id = c.id AND m.domain_id = ` + strconv.FormatUint(uint64(l.site.DomainID), 10) + " " + join +
		`WHERE ` + oneOf("e.email", emails) + ` AND c.contact_type = 'Individual'
		ORDER BY e.is_primary DESC, ` + oldest, func(scan func(...any) error) error {
		var r candidateRow
		err := scan(&r.Email, &r.Primary, &r.ContactID, &r.Name, &r.FirstName, &r.LastName, &r.Trashed, &r.TakenBy)
		*rows = append(*rows, r)
		return err
	}}
}

func (l *look) takeCandidates(ctx context.Context, rows []candidateRow) error {
	addresses := make([]string, len(rows))
	for i, row := range rows {
		addresses[i] = row.Email
	}
	keys, err := l.site.keys.Keys(ctx, l.tx, addresses)
	for i, key := range keys {
		for _, u := range l.byEmail[key] {
			if rows[i].Trashed {
				l.seen[u].InTrash = true
				continue
			}
			l.seen[u].Candidates = append(l.seen[u].Candidates, rows[i].candidate(l.site.CMS, l.users[u]))
		}
	}
	return err
}

type candidateRow struct {
	Email               string
	Primary             bool
	ContactID           uint32
	Name                string
	FirstName, LastName string
	Trashed             bool
	TakenBy             uint32
}

func (r candidateRow) candidate(cms link.CMS, user link.User) link.Candidate {
	return link.Candidate{
		ContactID: r.ContactID, Name: r.Name, Primary: r.Primary, TakenBy: r.TakenBy, Rule: link.MatchEmail,
		Similar: link.SimilarEmail(user, r.Email), SameNames: link.SameNames(cms, user, r.FirstName, r.LastName),
	}
}

// chosen finds the contact that a person named for one user: an Individual that is not in the trash.
func (l *look) chosen(contactID uint32) error {
	var rows []candidateRow
	err := l.tx.Raw(`SELECT c.id AS contact_id, COALESCE(c.display_name, '') AS name, COALESCE(m.uf_id, 0) AS taken_by FROM civicrm_contact c
		LEFT JOIN civicrm_uf_match m ON m.contact_id = c.id AND m.domain_id = ?
		WHERE c.id = ? AND c.contact_type = 'Individual' AND c.is_deleted = 0`, l.site.DomainID, contactID).Scan(&rows).Error
	for _, row := range rows {
		l.seen[0].Chosen = &link.Candidate{ContactID: row.ContactID, Name: row.Name, TakenBy: row.TakenBy}
	}
	return err
}

// names are the uf_names that users of the batch are to get, with the users by index: the email as it is for a new link, in
// lower case for one that is brought into step.
func (l *look) names() (names []string, byKey map[string][]int) {
	byKey = map[string][]int{}
	for _, indexes := range l.byEmail {
		for _, i := range indexes {
			name, key := link.TrimEmail(l.users[i].Email), l.seen[i].EmailKey
			if !unlinked(l.seen[i]) {
				if name, key = link.FoldEmail(name), l.seen[i].FoldedKey; l.seen[i].Links[0].NameKey == key {
					continue
				}
			}
			if byKey[key] == nil {
				names = append(names, name)
			}
			byKey[key] = append(byKey[key], i)
		}
	}
	return names, byKey
}

// holders finds the links of other users that stand under the users' emails, and whether those users still exist.
func (l *look) holders(ctx context.Context) error {
	names, byKey := l.names()
	if len(names) == 0 {
		return nil
	}
	var found []link.Match
	q := l.holderQuestion(&found, names)
	if err := q.read(ctx, l.tx); err != nil {
		return fmt.Errorf("read links: %w", err)
	}
	return l.takeHolders(ctx, found, byKey)
}

func (l *look) holderQuestion(found *[]link.Match, names []string) question {
	return l.matchQuestion(found, "uf_name", "AND "+oneOf("m.uf_name", names))
}

func (l *look) takeHolders(ctx context.Context, found []link.Match, byKey map[string][]int) error {
	if err := l.nameKeys(ctx, found); err != nil {
		return err
	}
	var others []uint32
	for _, m := range found {
		for _, i := range byKey[m.NameKey] {
			if l.users[i].ID != m.UserID {
				l.seen[i].NameHolder = &m
				others = append(others, m.UserID)
			}
		}
	}
	if len(others) == 0 {
		return nil
	}
	gone, err := l.site.gone(ctx, l.tx, others)
	for i := range l.seen {
		if holder := l.seen[i].NameHolder; holder != nil {
			l.seen[i].HolderGone = slices.Contains(gone, holder.UserID)
		}
	}
	return err
}

func (l *look) primaryEmails(_ context.Context) error {
	byContact := map[uint32]int{}
	var contacts []uint32
	for i, s := range l.seen {
		if len(s.Links) > 0 && s.Links[0].ContactID != 0 && s.Links[0].NameKey != s.EmailKey {
			byContact[s.Links[0].ContactID] = i
			contacts = append(contacts, s.Links[0].ContactID)
		}
	}
	if len(contacts) == 0 {
		return nil
	}
	var rows []struct {
		ID, ContactID uint32
		Email         string
	}
	err := l.tx.Raw(`SELECT id, contact_id, COALESCE(email, '') AS email FROM civicrm_email
		WHERE contact_id IN ? AND is_primary = 1 ORDER BY id DESC`, contacts).Scan(&rows).Error
	for _, row := range rows {
		l.seen[byContact[row.ContactID]].Primary = &link.Email{ID: row.ID, Address: row.Email}
	}
	return err
}
