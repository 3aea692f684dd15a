package link

import (
	"hash/maphash"
	"slices"
	"unicode/utf8"
)

// Lengths of CiviCRM's columns, in characters.
const (
	maxUFName     = 128 // civicrm_uf_match.uf_name; CiviCRM cuts a longer one, and then two users can collide
	maxPersonName = 64  // civicrm_contact.first_name, middle_name, last_name; CiviCRM throws on a longer one
)

// Decision says what to write for one user, and why, before anything is written.
type Decision struct {
	Outcome     Outcome
	Reason      Reason
	ContactID   uint32 // the contact concerned; 0 when none is or it does not exist yet
	OtherUserID uint32 // with a conflict about an address: the user who holds it

	Create      *Names  // make a contact with these names and the user's email, then link it
	LinkTo      uint32  // link to this contact
	UFName      string  // uf_name of the link that Create or LinkTo makes, or to which Rename changes the link
	Rename      *Match  // change this link's uf_name
	SetEmail    *Email  // change this row's address to Address
	AddEmail    string  // give ContactID this primary address
	NoteEmail   uint32  // log that this email row is in step: CiviCRM does, though it changes nothing
	RemoveLinks []Match // delete these links
	Trash       bool    // put ContactID into CiviCRM's trash
}

// Writes tells whether the decision writes to CiviCRM's tables.
func (d Decision) Writes() bool {
	return d.Create != nil || d.LinkTo != 0 || d.Rename != nil || d.SetEmail != nil || d.AddEmail != "" || len(d.RemoveLinks) > 0 || d.Trash
}

// Batch decides for users one after another, so that what it decided for one is seen when it decides for the next: two
// users with one address, or two addresses of one contact, must not both be linked. Use one Batch per attempt at a
// transaction, and one for a whole preview; deciding twice for the same user gives the same decision.
type Batch struct {
	CMS   CMS
	Rules SiteRules

	seed     maphash.Seed
	names    bigMap[uint64, claim]  // hash of an email key → who will hold it; hashes, since a preview remembers a million
	contacts bigMap[uint32, uint32] // contact → user who will be linked to it
}

// claim is an address that a user of the batch will hold.
type claim struct {
	userID uint32
	exact  uint32 // hash of the address itself: the key is the same for all that the collation holds equal
}

// NewBatch returns a Batch that has decided nothing yet.
func NewBatch(cms CMS, rules SiteRules) *Batch {
	return &Batch{CMS: cms, Rules: rules, seed: maphash.MakeSeed()}
}

// Decide says what rule does for the user, given what was seen. It is pure but for the Batch's memory.
func (b *Batch) Decide(rule Rule, user User, seen Seen) Decision {
	switch rule {
	case EnsureLink, EnsureLinkAndEmail:
		return b.ensureLink(rule, user, seen)
	case KeepEmail:
		if len(seen.Links) == 0 {
			return Decision{Outcome: Ignored, Reason: NotLinked}
		}
		return b.linked(rule, user, seen)
	case Unlink:
		return unlink(seen)
	case Ignore:
	}
	return Decision{Outcome: Ignored, Reason: ByPolicy}
}

func (b *Batch) ensureLink(rule Rule, user User, seen Seen) Decision {
	switch {
	case len(seen.Links) > 0:
		return b.linked(rule, user, seen)
	case seen.Gone:
		return Decision{Outcome: Ignored, Reason: UserGone}
	case seen.LeftAlone:
		return Decision{Outcome: Ignored, Reason: LeftAlone}
	case !b.Rules.Only.Has(user):
		return Decision{Outcome: Ignored, Reason: OutOfScope}
	}
	if reason := CheckEmail(user.Email); reason != "" {
		return conflict(reason, 0)
	}
	// CiviCRM tests for a held name only after it has made the contact, and leaves that contact behind. We test first.
	if d, held := b.nameConflict(user, seen); held {
		return d
	}
	return b.match(user, seen)
}

// match links to the contact that the first rule with an answer finds, or makes one.
func (b *Batch) match(user User, seen Seen) Decision {
	rule, found := b.Rules.found(seen.Candidates)
	if len(found) == 0 {
		if seen.InTrash {
			return b.create(user, seen, ContactTrashed)
		}
		return b.create(user, seen, NoContact)
	}
	if b.Rules.VerifyEmail && !seen.Proved {
		return Decision{Outcome: Ignored, Reason: EmailUnverified}
	}
	if exact := exactly(found); b.Rules.OnSimilar.doubts() && len(exact) < len(found) {
		if len(exact) == 0 {
			return b.fallBack(b.Rules.OnSimilar, user, seen, found[0], SimilarContact)
		}
		found = exact
	}
	if b.Rules.OnAmbiguous.doubts() && several(found) {
		return b.fallBack(b.Rules.OnAmbiguous, user, seen, found[0], SeveralContacts)
	}
	best := found[0]
	if b.taken(best, user) {
		return b.create(user, seen, ContactTaken)
	}
	return b.take(user, seen, Decision{Outcome: Linked, Reason: reasonFor(rule, found), ContactID: best.ContactID, LinkTo: best.ContactID})
}

// doubts tells whether CiviCRM's choice is not simply taken.
func (f Fallback) doubts() bool { return f == AskPerson || f == MakeAnother }

func (b *Batch) fallBack(to Fallback, user User, seen Seen, best Candidate, reason Reason) Decision {
	if to == MakeAnother {
		return b.create(user, seen, PassedOver)
	}
	return Decision{Outcome: Conflict, Reason: reason, ContactID: best.ContactID}
}

func (b *Batch) create(user User, seen Seen, reason Reason) Decision {
	names := NamesOf(b.CMS, user)
	if b.Rules.Defaults.NameTooLong(names) {
		return conflict(NameTooLong, 0)
	}
	return b.take(user, seen, Decision{Outcome: Created, Reason: reason, Create: &names})
}

// linked is about a user who has a link: is it sound, and is the email in step?
func (b *Batch) linked(rule Rule, user User, seen Seen) Decision {
	current := seen.Links[0]
	switch {
	case seen.LeftAlone && (rule != EnsureLink || !seen.sound()):
		return Decision{Outcome: Ignored, Reason: LeftAlone}
	case len(seen.Links) > 1:
		return Decision{Outcome: Conflict, Reason: LinkedTwice, ContactID: current.ContactID}
	case current.Broken():
		return conflict(LinkBroken, 0)
	}
	unchanged := StandingLink(current)
	// The name on the link is the address that was last in step. As long as it is the user's, a difference at the contact
	// is somebody's choice in CiviCRM, and stays. An unknown (empty) email never overwrites one that is known.
	if rule == EnsureLink || user.Email == "" || seen.EmailKey == current.NameKey || seen.FoldedKey == current.NameKey {
		return unchanged
	}
	if reason := CheckEmail(user.Email); reason != "" {
		return Decision{Outcome: Conflict, Reason: reason, ContactID: current.ContactID}
	}
	if d, held := b.nameConflict(user, seen); held {
		d.ContactID = current.ContactID
		switch d.Reason {
		case NameHeld:
			d.Reason = EmailHeld
		case NameStale:
			d.Reason = EmailStale
		}
		return d
	}
	return b.followEmail(user, seen, current)
}

// StandingLink is what becomes of a user whose one link leads to a contact, and who needs no more.
func StandingLink(m Match) Decision {
	reason := LinkExists
	if m.Trashed {
		reason = LinkTrashed
	}
	return Decision{Outcome: AlreadyLinked, Reason: reason, ContactID: m.ContactID}
}

// followEmail is CiviCRM's UFMatch::updateContactEmail: the link's name always follows, in lower case; the contact's
// primary email follows if the setting syncCMSEmail says so.
func (b *Batch) followEmail(user User, seen Seen, current Match) Decision {
	d := Decision{Outcome: EmailUpdated, Reason: EmailChanged, ContactID: current.ContactID, Rename: &current, UFName: FoldEmail(user.Email)}
	if address := StoredEmail(user.Email); b.Rules.SyncEmail {
		switch {
		case seen.Primary == nil:
			d.AddEmail = address
		case seen.Primary.Address != address:
			d.SetEmail = &Email{ID: seen.Primary.ID, Address: address}
		default:
			d.NoteEmail = seen.Primary.ID
		}
	}
	b.remember(user, seen, 0)
	return d
}

func unlink(seen Seen) Decision {
	if len(seen.Links) == 0 {
		return Decision{Outcome: Ignored, Reason: NotLinked}
	}
	return Decision{Outcome: Unlinked, Reason: UserDeleted, ContactID: seen.Links[0].ContactID, RemoveLinks: seen.Links}
}

// nameConflict tells whether somebody else's link stands, or in this batch will stand, under the user's email.
func (b *Batch) nameConflict(user User, seen Seen) (Decision, bool) {
	if other, ok := b.names.get(b.hash(seen.nameKey())); ok && other.userID != user.ID {
		if other.exact != b.exact(user) {
			return conflict(NameSimilar, other.userID), true
		}
		return conflict(NameHeld, other.userID), true
	}
	holder := seen.NameHolder
	switch {
	case holder == nil:
		return Decision{}, false
	case seen.HolderGone:
		return Decision{Outcome: Conflict, Reason: NameStale, ContactID: holder.ContactID, OtherUserID: holder.UserID}, true
	case SimilarEmail(user, holder.Name):
		return conflict(NameSimilar, holder.UserID), true
	}
	return conflict(NameHeld, holder.UserID), true
}

func (b *Batch) taken(c Candidate, user User) bool {
	other, inBatch := b.contacts.get(c.ContactID)
	return inBatch && other != user.ID || c.TakenBy != 0
}

func (b *Batch) take(user User, seen Seen, d Decision) Decision {
	d.UFName = TrimEmail(user.Email)
	b.remember(user, seen, d.LinkTo)
	return d
}

func (b *Batch) remember(user User, seen Seen, contactID uint32) {
	b.names.put(b.hash(seen.nameKey()), claim{user.ID, b.exact(user)})
	if contactID != 0 {
		b.contacts.put(contactID, user.ID)
	}
}

func (b *Batch) hash(key string) uint64 { return max(maphash.String(b.seed, key), 1) }

func (b *Batch) exact(user User) uint32 {
	return uint32(b.hash(FoldEmail(user.Email))) //nolint:gosec // half of a hash is a hash
}

func reasonFor(rule MatchRule, found []Candidate) Reason {
	switch {
	case found[0].Similar:
		return EmailSimilar
	case several(found):
		return EmailAmbiguous
	case rule == MatchEmailAndNames:
		return NamesMatch
	case rule == MatchUnsupervised:
		return DedupeRule
	case found[0].Primary:
		return EmailPrimary
	}
	return EmailOther
}

// several tells whether there is more than one contact.
func several(found []Candidate) bool {
	return slices.ContainsFunc(found, func(c Candidate) bool { return c.ContactID != found[0].ContactID })
}

// exactly leaves out those whose email only the collation holds equal.
func exactly(found []Candidate) []Candidate {
	var exact []Candidate
	for _, c := range found {
		if !c.Similar {
			exact = append(exact, c)
		}
	}
	return exact
}

func conflict(reason Reason, otherUserID uint32) Decision {
	return Decision{Outcome: Conflict, Reason: reason, OtherUserID: otherUserID}
}

func (n Names) tooLong() bool {
	for _, s := range []string{n.First, n.Middle, n.Last} {
		if utf8.RuneCountInString(s) > maxPersonName {
			return true
		}
	}
	return false
}
