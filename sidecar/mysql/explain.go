package mysql

import (
	"context"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
)

// Explain says what each event and a full sync would do with one user now, from what it was concluded, what a person could
// decide, and what was done before. It writes nothing.
func (s *Site) Explain(ctx context.Context, userID uint32) (fullsync.Explanation, error) {
	e := fullsync.Explanation{
		User: link.User{ID: userID}, Decision: resultOf(link.Decision{Outcome: link.Skipped, Reason: link.UserGone}),
		Seen:  fullsync.ExplainedSeen{Links: []fullsync.ExplainedLink{}, Candidates: []fullsync.ExplainedCandidate{}},
		Would: []fullsync.ExplainedEvent{}, Choices: []link.Choice{}, Candidates: []fullsync.ExplainedCandidate{},
	}
	if err := s.explainState(ctx, userID, &e); err != nil {
		return e, outward(err)
	}
	offers, err := s.offers(ctx, []uint32{userID})
	if err != nil {
		return e, outward(err)
	}
	if o := offers[0]; o.found {
		e.Found, e.User, e.Choices, e.Candidates = true, o.user, o.choices, o.candidates
		if err := s.explainFound(ctx, o, &e); err != nil {
			return e, outward(err)
		}
	}
	e.Sentence = e.Decision.Reason.Sentence()
	e.Journal, err = s.journalOf(ctx, userID)
	return e, outward(err)
}

// explainState is what our own tables say.
func (s *Site) explainState(ctx context.Context, userID uint32, e *fullsync.Explanation) error {
	db := s.db.gorm.WithContext(ctx)
	states, err := s.userStates(db, []uint32{userID})
	if err != nil {
		return err
	}
	state := states[userID]
	e.State = fullsync.ExplainedState{LeftAloneAt: state.LeftAloneAt, DeletedAt: state.DeletedAt, VerifyEmail: "off", InScope: true}
	if s.Matching.VerifyEmail {
		e.State.VerifyEmail = "first_login"
	}
	return db.Raw("SELECT COALESCE(MAX(reason), '') FROM userlink_conflict WHERE site_id = ? AND uf_id = ?", s.ID, userID).Scan(&e.State.Conflict).Error
}

func (s *Site) explainFound(ctx context.Context, o offer, e *fullsync.Explanation) error {
	c, err := s.settings(ctx)
	if err != nil {
		return err
	}
	for _, event := range append(link.EventTypes(), link.Synced) {
		would := fullsync.ExplainedEvent{Event: event, Rule: s.Policy.Rule(s.CMS, event, "")}
		would.Result = resultOf(s.batch(c).Decide(would.Rule, o.user, after(event, o.seen)))
		if event == link.Synced {
			would.Result = asSyncResult(would.Result)
			e.Decision = would.Result
		}
		would.Sentence = would.Reason.Sentence()
		e.Would = append(e.Would, would)
	}
	e.State.ProvedAt, e.State.InScope = o.proof, s.Matching.Only.Has(o.user)
	for _, m := range o.seen.Links {
		e.Seen.Links = append(e.Seen.Links, explainLink(m))
	}
	if holder := o.seen.NameHolder; holder != nil {
		h := explainLink(*holder)
		e.Seen.NameHolder, e.Seen.HolderGone = &h, o.seen.HolderGone
	}
	for _, x := range o.seen.Candidates {
		e.Seen.Candidates = append(e.Seen.Candidates, explainCandidate(x))
	}
	e.Seen.InTrash = o.seen.InTrash
	return nil
}

// after is what would be seen when the event has just happened.
func after(event link.EventType, seen link.Seen) link.Seen {
	switch event {
	case link.Registered:
		seen.Gone = false
	case link.LoggedIn:
		seen.Proved = true
	case link.Updated, link.Deleted, link.Transaction, link.Synced:
	}
	return seen
}

func explainCandidate(c link.Candidate) fullsync.ExplainedCandidate {
	return fullsync.ExplainedCandidate{ContactID: c.ContactID, Name: c.Name, Primary: c.Primary, LinkedToUser: c.TakenBy, Similar: c.Similar, Rule: c.Rule}
}

func explainLink(m link.Match) fullsync.ExplainedLink {
	return fullsync.ExplainedLink{UserID: m.UserID, Name: m.Name, ContactID: m.ContactID, Trashed: m.Trashed, Missing: m.Missing}
}

// journalShown is how many transactions about one user an explanation goes back.
const journalShown = 50

func (s *Site) journalOf(ctx context.Context, userID uint32) ([]fullsync.JournalLine, error) {
	entries, err := s.journalEntries(ctx, s.db.gorm, "AND uf_id = ? ORDER BY id DESC LIMIT ?", userID, journalShown)
	lines := []fullsync.JournalLine{}
	for _, e := range entries {
		lines = append(lines, e.lines()...)
	}
	return lines, err
}
