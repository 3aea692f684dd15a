package mysql

import (
	"context"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
)

// Explain says what a full sync would do with one user now, from what it was concluded, and what was done before. It
// writes nothing.
func (s *Site) Explain(ctx context.Context, userID uint32) (fullsync.Explanation, error) {
	e := fullsync.Explanation{User: link.User{ID: userID}, Decision: resultOf(link.Decision{Outcome: link.Skipped, Reason: link.UserGone})}
	e.Seen = fullsync.ExplainedSeen{Links: []fullsync.ExplainedLink{}, Candidates: []fullsync.ExplainedCandidate{}}
	found, err := s.usersByID(ctx, []uint32{userID})
	if err != nil {
		return e, outward(err)
	}
	if user, ok := found[userID]; ok {
		e.Found, e.User = true, user
		if err := s.explainFound(ctx, user, &e); err != nil {
			return e, outward(err)
		}
	}
	e.Sentence = e.Decision.Reason.Sentence()
	e.Journal, err = s.journalOf(ctx, userID)
	return e, outward(err)
}

func (s *Site) explainFound(ctx context.Context, user link.User, e *fullsync.Explanation) error {
	c, err := s.settings(ctx)
	if err != nil {
		return err
	}
	rule := s.Policy.Rule(s.CMS, link.Synced, "")
	seen, err := s.look(ctx, s.db.gorm, c, []link.User{user}, true)
	if err != nil {
		return err
	}
	e.Decision = asSyncResult(resultOf(s.batch(c).Decide(rule, user, seen[0])))
	for _, m := range seen[0].Links {
		e.Seen.Links = append(e.Seen.Links, explainLink(m))
	}
	if holder := seen[0].NameHolder; holder != nil {
		h := explainLink(*holder)
		e.Seen.NameHolder, e.Seen.HolderGone = &h, seen[0].HolderGone
	}
	for _, x := range seen[0].Candidates {
		e.Seen.Candidates = append(e.Seen.Candidates, explainCandidate(x))
	}
	return nil
}

func explainCandidate(c link.Candidate) fullsync.ExplainedCandidate {
	return fullsync.ExplainedCandidate{ContactID: c.ContactID, Name: c.Name, Primary: c.Primary, LinkedToUser: c.TakenBy, Similar: c.Similar, Rule: c.Rule}
}

func explainLink(m link.Match) fullsync.ExplainedLink {
	return fullsync.ExplainedLink{UserID: m.UserID, Name: m.Name, ContactID: m.ContactID}
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
