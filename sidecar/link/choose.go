package link

// Choice is what a person can decide about a user.
type Choice string

// The choices, by the names of the contract.
const (
	ChooseLink       Choice = "link"        // link to the contact that is named
	ChooseCreate     Choice = "create"      // make a new contact
	ChooseTakeOver   Choice = "take_over"   // remove the link of the user who is gone, and take its place
	ChooseLeaveAlone Choice = "leave_alone" // no conflict, no link
	ChooseReconsider Choice = "reconsider"  // no longer left alone
)

// Choices returns what a person can decide about the user now, given d, what EnsureLinkAndEmail decides: nothing about a
// user who is soundly linked, or gone, or does not count.
func (b *Batch) Choices(d Decision, user User, seen Seen) []Choice {
	switch {
	case seen.LeftAlone:
		return []Choice{ChooseReconsider}
	case d.Reason == UserGone, d.Reason == OutOfScope, seen.sound() && d.Outcome != Conflict:
		return nil
	}
	var choices []Choice
	if _, ok := b.afresh().takeOver(user, seen); ok {
		choices = append(choices, ChooseTakeOver)
	}
	if !seen.sound() {
		if len(seen.Links) > 1 || canBeLinked(user, seen) {
			choices = append(choices, ChooseLink)
		}
		if _, ok := b.afresh().createChosen(user, seen); ok {
			choices = append(choices, ChooseCreate)
		}
	}
	return append(choices, ChooseLeaveAlone)
}

// Choose says what to write for a person's choice. It is not ok when the choice is none of Choices any more, or when
// seen.Chosen cannot be linked. ChooseLeaveAlone and ChooseReconsider write nothing to CiviCRM by themselves; the latter
// decides as if the user had never been left alone.
func (b *Batch) Choose(choice Choice, user User, seen Seen) (d Decision, ok bool) {
	now := b.afresh().Decide(EnsureLinkAndEmail, user, seen)
	offered := false
	for _, c := range b.Choices(now, user, seen) {
		offered = offered || c == choice
	}
	if !offered {
		return Decision{}, false
	}
	switch choice {
	case ChooseLink:
		return b.linkChosen(user, seen)
	case ChooseCreate:
		return b.createChosen(user, seen)
	case ChooseTakeOver:
		return b.takeOver(user, seen)
	case ChooseReconsider:
		seen.LeftAlone = false
		return b.Decide(EnsureLinkAndEmail, user, seen), true
	case ChooseLeaveAlone:
	}
	return Decision{Outcome: Ignored, Reason: LeftAlone}, true
}

// Offered returns the contacts that ChooseLink can name, of those that were seen: each once, in the order of Candidates.
func Offered(user User, seen Seen) []Candidate {
	var offered []Candidate
	named := map[uint32]bool{}
	for _, c := range seen.Candidates {
		if !named[c.ContactID] && seen.free(c, user) {
			named[c.ContactID] = true
			offered = append(offered, c)
		}
	}
	return offered
}

// afresh is a Batch that remembers nothing, for what is only tried.
func (b *Batch) afresh() *Batch { return NewBatch(b.CMS, b.Rules) }

// canBeLinked tells whether a new link can bear the user's email.
func canBeLinked(user User, seen Seen) bool {
	return CheckEmail(user.Email) == "" && (seen.NameHolder == nil || seen.HolderGone)
}

// free tells whether the contact is linked to nobody else, or to the user who is gone.
func (s Seen) free(c Candidate, user User) bool {
	return c.TakenBy == 0 || c.TakenBy == user.ID || s.stale() && c.TakenBy == s.NameHolder.UserID
}

// inTheWay returns the links that have to go before a new one can be made: broken ones, and that of the user who is gone.
func (s Seen) inTheWay() []Match {
	remove := append([]Match(nil), s.Links...)
	if s.stale() {
		remove = append(remove, *s.NameHolder)
	}
	return remove
}

func (b *Batch) linkChosen(user User, seen Seen) (Decision, bool) {
	chosen := seen.Chosen
	if chosen == nil || !seen.free(*chosen, user) {
		return Decision{}, false
	}
	d := Decision{Outcome: Linked, Reason: Chosen, ContactID: chosen.ContactID}
	for i, m := range seen.Links {
		if m.ContactID == chosen.ContactID { // one of several links of the user: it stays, the others go
			d.RemoveLinks = append(append(d.RemoveLinks, seen.Links[:i]...), seen.Links[i+1:]...)
			return d, true
		}
	}
	if !canBeLinked(user, seen) {
		return Decision{}, false
	}
	d.LinkTo, d.RemoveLinks = chosen.ContactID, seen.inTheWay()
	return b.take(user, seen, d), true
}

func (b *Batch) createChosen(user User, seen Seen) (Decision, bool) {
	if len(seen.Links) > 1 || !canBeLinked(user, seen) {
		return Decision{}, false
	}
	d := b.create(user, seen, Chosen)
	d.RemoveLinks = seen.inTheWay()
	return d, d.Outcome == Created
}

// takeOver removes the link of the user who is gone. This user is then linked to that link's contact, if it carries this
// very address, is free and not in the trash; else as a sync would.
func (b *Batch) takeOver(user User, seen Seen) (Decision, bool) {
	if !seen.stale() || CheckEmail(user.Email) != "" || len(seen.Links) > 1 {
		return Decision{}, false
	}
	holder := *seen.NameHolder
	remove := []Match{holder}
	free := seen.withoutHolder()
	free.Proved = true // a person vouches
	if seen.sound() {
		d := b.linked(EnsureLinkAndEmail, user, free)
		d.RemoveLinks = remove
		return d, d.Outcome == EmailUpdated
	}
	remove = seen.inTheWay()
	var d Decision
	if c, ok := carrier(free.Candidates, holder.ContactID); ok && !b.taken(c, user) {
		d = b.take(user, free, Decision{Outcome: Linked, Reason: reasonFor(MatchEmail, []Candidate{c}), ContactID: c.ContactID, LinkTo: c.ContactID})
	} else {
		d = b.match(user, free)
	}
	d.RemoveLinks = remove
	return d, d.Outcome == Linked || d.Outcome == Created
}

// carrier returns the contact of that id, if it carries the very address.
func carrier(candidates []Candidate, contactID uint32) (Candidate, bool) {
	for _, c := range candidates {
		if c.ContactID == contactID && c.Rule == MatchEmail && !c.Similar {
			return c, true
		}
	}
	return Candidate{}, false
}
