package link

// Outcome is what happened to one user.
type Outcome string

// The outcomes. Failed and Skipped occur only in a full sync, the last three only in an undo or a repair.
const (
	Created       Outcome = "created"
	Linked        Outcome = "linked"
	AlreadyLinked Outcome = "already_linked"
	EmailUpdated  Outcome = "updated"
	Unlinked      Outcome = "unlinked"
	Ignored       Outcome = "ignored"
	Conflict      Outcome = "conflict"
	Failed        Outcome = "failed"
	Skipped       Outcome = "skipped"
	Undone        Outcome = "undone"
	Kept          Outcome = "kept" // left as it is
	Repaired      Outcome = "repaired"
)

// Reason is the stable code that says why. shared/README.md lists them with their meaning.
type Reason string

// The reasons.
const (
	NoContact      Reason = "no_contact"
	ContactTaken   Reason = "contact_taken"
	EmailPrimary   Reason = "email_primary"
	EmailOther     Reason = "email_other"
	EmailAmbiguous Reason = "email_ambiguous"
	LinkExists     Reason = "link_exists"
	EmailChanged   Reason = "email_changed"
	UserDeleted    Reason = "user_deleted"
	ByPolicy       Reason = "policy"
	StaleEvent     Reason = "stale_event"
	NotLinked      Reason = "not_linked"
	UserGone       Reason = "user_gone"
	NameHeld       Reason = "name_held"
	NameStale      Reason = "name_stale"
	EmailHeld      Reason = "email_held"
	EmailEmpty     Reason = "email_empty"
	EmailInvalid   Reason = "email_invalid"
	EmailTooLong   Reason = "email_too_long"
	NameTooLong    Reason = "name_too_long"
	LinkedTwice    Reason = "linked_twice"
	LinkBroken     Reason = "link_broken"
	RowUnreadable  Reason = "row_unreadable"
	Database       Reason = "database"
)

// Sentence says for an administrator what the reason means.
func (r Reason) Sentence() string { return sentences[r] }

var sentences = map[Reason]string{
	NoContact:      "No contact has this email address, so a new contact is made and linked.",
	ContactTaken:   "The contact with this email address belongs to another user, so a new contact is made and linked, as CiviCRM does.",
	EmailPrimary:   "A contact has this email address as its primary one, so the user is linked to it.",
	EmailOther:     "A contact has this email address among its others, so the user is linked to it.",
	EmailAmbiguous: "Several contacts have this email address. The user is linked to the one that CiviCRM would take: primary address first, then the oldest contact.",
	LinkExists:     "The user is linked already.",
	EmailChanged:   "The user's email address has changed, and the link and the contact follow.",
	UserDeleted:    "The user was deleted. The link is removed, the contact stays.",
	ByPolicy:       "This site's policy does nothing on this event.",
	StaleEvent:     "Something newer has already been done for this user.",
	NotLinked:      "The user is not linked, so there is nothing to do.",
	UserGone:       "The user was deleted meanwhile.",
	NameHeld:       "The email address is recorded for another user's link. One of the two users needs another address, or one of them should be left alone.",
	NameStale:      "The email address is recorded for a user who no longer exists. Remove that old link, and this user can be linked.",
	EmailHeld:      "The user's new email address is recorded for another user's link, so it was not copied to the contact.",
	EmailEmpty:     "The user has no email address, and users are linked by it. Give the user one.",
	EmailInvalid:   "The user's email address is not a usable address. Correct it.",
	EmailTooLong:   "The user's email address has more than the 128 characters that CiviCRM can store for a link.",
	NameTooLong:    "The first or last name has more than the 64 characters that CiviCRM can store. Shorten it.",
	LinkedTwice:    "The user is linked to more than one contact. Keep one of the links and remove the others.",
	LinkBroken:     "The user's link names no contact. Remove it, and the user can be linked again.",
	RowUnreadable:  "The user's row could not be read.",
	Database:       "The database refused the change for this user. The log has the cause.",
}

// Action names one thing that was written.
type Action string

// The actions, in the order in which a decision carries them out.
const (
	ContactCreated Action = "contact.created"
	EmailCreated   Action = "email.created"
	EmailAltered   Action = "email.updated"
	LinkCreated    Action = "link.created"
	LinkAltered    Action = "link.updated"
	LinkDeleted    Action = "link.deleted"
)

// Result is what an event or one line of a sync ends in.
type Result struct {
	Outcome     Outcome  `json:"outcome"`
	Reason      Reason   `json:"reason"`
	ContactID   *uint32  `json:"contact_id"`
	Actions     []Action `json:"actions"`
	OtherUserID *uint32  `json:"-"` // with a conflict: the user who holds the address
}
