package mysql

import (
	"context"
	"fmt"
	"time"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
)

// offer is what a person can decide about a user now.
type offer struct {
	user       link.User
	found      bool // the CMS has the user
	seen       link.Seen
	proof      *time.Time // when the user proved the email; nil: never, or the site does not ask
	decision   link.Decision
	choices    []link.Choice
	candidates []fullsync.ExplainedCandidate
}

// offers looks at users without a lock and says what a person can decide about each. decision is what would become of the
// user if all that userlink may do were done, so it is a conflict as long as its cause is there.
func (s *Site) offers(ctx context.Context, ids []uint32) ([]offer, error) {
	known, err := s.usersByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	offers := make([]offer, len(ids))
	var users []link.User
	var at []int
	for i, id := range ids {
		offers[i] = offer{user: link.User{ID: id}, choices: []link.Choice{}, candidates: []fullsync.ExplainedCandidate{}}
		if u, ok := known[id]; ok {
			offers[i].user, offers[i].found = u, true
			if readableUser(u) {
				users, at = append(users, u), append(at, i)
			}
		}
	}
	seen, states, c, err := s.seeUnlocked(ctx, users)
	if err != nil {
		return nil, err
	}
	more, err := s.linkedCandidates(ctx, users, seen)
	for n, i := range at {
		o := &offers[i]
		o.seen, o.proof = seen[n], states[users[n].ID].Proof
		o.decision = s.batch(c).Decide(link.EnsureLinkAndEmail, users[n], seen[n])
		if choices := s.batch(c).Choices(o.decision, users[n], seen[n]); choices != nil {
			o.choices = choices
		}
		if !choosesContact(o.choices) {
			continue
		}
		o.candidates = append(o.candidates, more[users[n].ID]...)
		for _, candidate := range link.Offered(users[n], seen[n]) {
			if !named(o.candidates, candidate.ContactID) {
				o.candidates = append(o.candidates, explainCandidate(candidate))
			}
		}
	}
	return offers, err
}

func choosesContact(choices []link.Choice) bool {
	for _, c := range choices {
		if c == link.ChooseLink {
			return true
		}
	}
	return false
}

func named(candidates []fullsync.ExplainedCandidate, contactID uint32) bool {
	for _, c := range candidates {
		if c.ContactID == contactID {
			return true
		}
	}
	return false
}

// seeUnlocked looks at users without their locks, for who only asks.
func (s *Site) seeUnlocked(ctx context.Context, users []link.User) ([]link.Seen, map[uint32]userState, *civicrm, error) {
	c, err := s.settings(ctx)
	if err != nil || len(users) == 0 {
		return nil, nil, c, err
	}
	db := s.db.gorm.WithContext(ctx)
	states, err := s.userStates(db, userIDs(users))
	if err != nil {
		return nil, nil, nil, err
	}
	seen, err := s.see(ctx, db, c, users, states, true, false)
	return seen, states, c, err
}

// linkedCandidates are the contacts of links that a decision can change: those of a user with several links, and that of
// the user who is gone. They are Individuals outside the trash.
func (s *Site) linkedCandidates(ctx context.Context, users []link.User, seen []link.Seen) (map[uint32][]fullsync.ExplainedCandidate, error) {
	wanted := map[uint32][]link.Match{}
	var contacts []uint32
	for i, u := range users {
		if len(seen[i].Links) > 1 {
			wanted[u.ID] = append(wanted[u.ID], seen[i].Links...)
		} else if holder := seen[i].NameHolder; holder != nil && seen[i].HolderGone {
			wanted[u.ID] = append(wanted[u.ID], *holder)
		}
		for _, m := range wanted[u.ID] {
			contacts = append(contacts, m.ContactID)
		}
	}
	if len(contacts) == 0 {
		return nil, nil //nolint:nilnil // nothing to add
	}
	var rows []struct {
		ID   uint32
		Name string
	}
	err := s.db.gorm.WithContext(ctx).Raw("SELECT id, COALESCE(display_name, '') AS name FROM civicrm_contact WHERE id IN ? AND contact_type = 'Individual' AND is_deleted = 0", contacts).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read linked contacts: %w", err)
	}
	names := map[uint32]string{}
	for _, row := range rows {
		names[row.ID] = row.Name
	}
	found := map[uint32][]fullsync.ExplainedCandidate{}
	for id, matches := range wanted {
		for _, m := range matches {
			if name, ok := names[m.ContactID]; ok {
				found[id] = append(found[id], fullsync.ExplainedCandidate{ContactID: m.ContactID, Name: name, LinkedToUser: m.UserID})
			}
		}
	}
	return found, nil
}
