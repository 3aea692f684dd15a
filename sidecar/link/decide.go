package link

import (
	"hash/maphash"
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
}

// Writes tells whether the decision writes to CiviCRM's tables.
func (d Decision) Writes() bool {
	return d.Create != nil || d.LinkTo != 0 || d.Rename != nil || d.SetEmail != nil || d.AddEmail != "" || len(d.RemoveLinks) > 0
}

// Batch decides for users one after another, so that what it decided for one is seen when it decides for the next: two
// users with one address, or two addresses of one contact, must not both be linked. Use one Batch per attempt at a
// transaction, and one for a whole preview; deciding twice for the same user gives the same decision.
type Batch struct {
	CMS   CMS
	Rules SiteRules

	seed     maphash.Seed
	names    map[uint64]uint32 // hash of an email key → user who will hold it; hashes, since a preview remembers a million
	contacts map[uint32]uint32 // contact → user who will be linked to it
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
	if len(seen.Links) > 0 {
		return b.linked(rule, user, seen)
	}
	if seen.Gone {
		return Decision{Outcome: Ignored, Reason: UserGone}
	}
	if reason := CheckEmail(user.Email); reason != "" {
		return conflict(reason, 0)
	}
	// CiviCRM tests for a held name only after it has made the contact, and leaves that contact behind. We test first.
	if d, held := b.nameConflict(user, seen); held {
		return d
	}
	if len(seen.Candidates) > 0 {
		best := seen.Candidates[0]
		if !b.taken(best, user) {
			return b.take(user, seen, Decision{Outcome: Linked, Reason: reasonFor(seen.Candidates), ContactID: best.ContactID, LinkTo: best.ContactID})
		}
	}
	names := NamesOf(b.CMS, user)
	if b.Rules.Defaults.NameTooLong(names) {
		return conflict(NameTooLong, 0)
	}
	reason := NoContact
	if len(seen.Candidates) > 0 {
		reason = ContactTaken
	}
	return b.take(user, seen, Decision{Outcome: Created, Reason: reason, Create: &names})
}

// linked is about a user who has a link: is it sound, and is the email in step?
func (b *Batch) linked(rule Rule, user User, seen Seen) Decision {
	current := seen.Links[0]
	switch {
	case len(seen.Links) > 1:
		return Decision{Outcome: Conflict, Reason: LinkedTwice, ContactID: current.ContactID}
	case current.ContactID == 0:
		return conflict(LinkBroken, 0)
	}
	unchanged := Decision{Outcome: AlreadyLinked, Reason: LinkExists, ContactID: current.ContactID}
	// The name on the link is the address that was last in step. As long as it is the user's, a difference at the contact
	// is somebody's choice in CiviCRM, and stays. An unknown (empty) email never overwrites one that is known.
	if rule == EnsureLink || user.Email == "" || seen.EmailKey == current.NameKey {
		return unchanged
	}
	if reason := CheckEmail(user.Email); reason != "" {
		return Decision{Outcome: Conflict, Reason: reason, ContactID: current.ContactID}
	}
	if d, held := b.nameConflict(user, seen); held {
		d.Reason, d.ContactID = EmailHeld, current.ContactID
		return d
	}
	return b.followEmail(user, seen, current)
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
	if other, ok := b.names[b.hash(seen.EmailKey)]; ok && other != user.ID {
		return conflict(NameHeld, other), true
	}
	if seen.NameHolder == nil {
		return Decision{}, false
	}
	if seen.HolderGone {
		return conflict(NameStale, seen.NameHolder.UserID), true
	}
	return conflict(NameHeld, seen.NameHolder.UserID), true
}

func (b *Batch) taken(c Candidate, user User) bool {
	other, inBatch := b.contacts[c.ContactID]
	return inBatch && other != user.ID || c.TakenBy != 0
}

func (b *Batch) take(user User, seen Seen, d Decision) Decision {
	d.UFName = TrimEmail(user.Email)
	b.remember(user, seen, d.LinkTo)
	return d
}

func (b *Batch) remember(user User, seen Seen, contactID uint32) {
	if b.names == nil {
		b.names, b.contacts = map[uint64]uint32{}, map[uint32]uint32{}
	}
	b.names[b.hash(seen.EmailKey)] = user.ID
	if contactID != 0 {
		b.contacts[contactID] = user.ID
	}
}

func (b *Batch) hash(key string) uint64 { return maphash.String(b.seed, key) }

func reasonFor(candidates []Candidate) Reason {
	for _, c := range candidates[1:] {
		if c.ContactID != candidates[0].ContactID {
			return EmailAmbiguous
		}
	}
	if candidates[0].Primary {
		return EmailPrimary
	}
	return EmailOther
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
