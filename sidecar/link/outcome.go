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
	NoContact       Reason = "no_contact"
	ContactTaken    Reason = "contact_taken"
	ContactTrashed  Reason = "contact_trashed"
	PassedOver      Reason = "passed_over"
	EmailPrimary    Reason = "email_primary"
	EmailOther      Reason = "email_other"
	EmailAmbiguous  Reason = "email_ambiguous"
	EmailSimilar    Reason = "email_similar"
	NamesMatch      Reason = "names_match"
	DedupeRule      Reason = "dedupe_rule"
	Chosen          Reason = "chosen"
	LinkExists      Reason = "link_exists"
	LinkTrashed     Reason = "link_trashed"
	EmailChanged    Reason = "email_changed"
	UserDeleted     Reason = "user_deleted"
	ByPolicy        Reason = "policy"
	StaleEvent      Reason = "stale_event"
	NotLinked       Reason = "not_linked"
	UserGone        Reason = "user_gone"
	LeftAlone       Reason = "left_alone"
	OutOfScope      Reason = "out_of_scope"
	EmailUnverified Reason = "email_unverified"
	NameHeld        Reason = "name_held"
	NameSimilar     Reason = "name_similar"
	NameStale       Reason = "name_stale"
	EmailHeld       Reason = "email_held"
	EmailStale      Reason = "email_stale"
	SeveralContacts Reason = "several_contacts"
	SimilarContact  Reason = "similar_contact"
	EmailEmpty      Reason = "email_empty"
	EmailInvalid    Reason = "email_invalid"
	EmailTooLong    Reason = "email_too_long"
	NameTooLong     Reason = "name_too_long"
	LinkedTwice     Reason = "linked_twice"
	LinkBroken      Reason = "link_broken"
	RowUnreadable   Reason = "row_unreadable"
	Database        Reason = "database"

	TakenBack         Reason = "taken_back"
	ContactChanged    Reason = "contact_changed"
	ContactUsed       Reason = "contact_used"
	EmailChangedSince Reason = "email_changed_since"
	LinkChanged       Reason = "link_changed"
	RowMissing        Reason = "row_missing"
	AddressTaken      Reason = "address_taken"
	DecidedSince      Reason = "decided_since"

	UserLinked     Reason = "user_linked"
	OrphanTrashed  Reason = "orphan_trashed"
	LinkRemoved    Reason = "link_removed"
	NameFollowed   Reason = "name_followed"
	EmailFollowed  Reason = "email_followed"
	OrphanUsed     Reason = "orphan_used"
	EmailElsewhere Reason = "email_elsewhere"
	ContactShared  Reason = "contact_shared"
	Settled        Reason = "settled"
)

// Sentence says for an administrator what the reason means.
func (r Reason) Sentence() string { return sentences[r] }

var sentences = map[Reason]string{
	NoContact:       "No contact has this email address, so a new contact is made and linked.",
	ContactTaken:    "The contact with this email address belongs to another user, so a new contact is made and linked, as CiviCRM does.",
	ContactTrashed:  "The only contact with this email address is in the trash, so a new contact is made and linked, as CiviCRM does. Take the old one out of the trash first if it is the person's.",
	PassedOver:      "There are contacts with this email address, and this site's settings say to take none of them, so a new contact is made and linked.",
	EmailPrimary:    "A contact has this email address as its primary one, so the user is linked to it.",
	EmailOther:      "A contact has this email address among its others, so the user is linked to it.",
	EmailAmbiguous:  "Several contacts have this email address. The user is linked to the one that CiviCRM would take: primary address first, then the oldest.",
	EmailSimilar:    "The contact's email address is not the user's, but CiviCRM's database takes the two for the same: they differ by an accent or the like. The user is linked to it, as CiviCRM would do. Check that it is the same person.",
	NamesMatch:      "A contact has this email address and this name, so the user is linked to it.",
	DedupeRule:      "CiviCRM's own rule for duplicates (Unsupervised) finds this contact, so the user is linked to it.",
	Chosen:          "A person decided so.",
	LinkExists:      "The user is linked already.",
	LinkTrashed:     "The user is linked already, but the contact is in the trash. Take it out of the trash, or link the user to another contact in CiviCRM.",
	EmailChanged:    "The user's email address has changed, and the link and the contact follow.",
	UserDeleted:     "The user was deleted. The link is removed, the contact stays.",
	ByPolicy:        "This site's policy does nothing on this event.",
	StaleEvent:      "Something newer has already been done for this user.",
	NotLinked:       "The user is not linked, so there is nothing to do.",
	UserGone:        "The user was deleted meanwhile.",
	LeftAlone:       "A person wants this user left alone. Say reconsider to change that.",
	OutOfScope:      "This site's settings leave users with this role or status out.",
	EmailUnverified: "A contact matches, but the user has not logged in since the address was entered, and so has not proved to own it. The login links the user.",
	NameHeld:        "The email address is recorded for another user's link. One of the two users needs another address, or one of them should be left alone.",
	NameSimilar:     "An email address that CiviCRM's database takes for the same (it differs by an accent or the like) is recorded for another user's link. Find out whether it is the same person; one of the two needs another address, or should be left alone.",
	NameStale:       "The email address is recorded for a user who no longer exists. Take over that old link, and this user is linked.",
	EmailHeld:       "The user's new email address is recorded for another user's link, so it was not copied to the contact.",
	EmailStale:      "The user's new email address is recorded for a user who no longer exists, so it was not copied to the contact. Take over that old link, and the email follows.",
	SeveralContacts: "Several contacts match this user, and this site's settings leave the choice to a person. Link the user to one of them, or make a new contact.",
	SimilarContact:  "A contact has an email address that CiviCRM's database takes for the same (it differs by an accent or the like), and this site's settings leave the choice to a person. Find out whether it is the same person.",
	EmailEmpty:      "The user has no email address, and users are linked by it. Give the user one.",
	EmailInvalid:    "The user's email address is not a usable address. Correct it.",
	EmailTooLong:    "The user's email address has more than the 128 characters that CiviCRM can store for a link.",
	NameTooLong:     "The first or last name has more than the 64 characters that CiviCRM can store. Shorten it.",
	LinkedTwice:     "The user is linked to more than one contact. Link the user to one of them, and the other links are removed.",
	LinkBroken:      "The user's link names no contact that exists. Link the user to a contact or make a new one, and the broken link is removed.",
	RowUnreadable:   "The user's row could not be read.",
	Database:        "The database refused the change for this user. The log has the cause.",

	TakenBack:         "What was written for this user is taken back.",
	ContactChanged:    "The contact was edited, merged or put in the trash since, so it stays, and so does what belongs to it.",
	ContactUsed:       "By now something is recorded for the new contact: a contribution, an activity, a group, a note or the like. It stays, and so does its link.",
	EmailChangedSince: "The email address in CiviCRM was changed, removed or used since, so it stays, and so does what belongs to it.",
	LinkChanged:       "The link was changed or removed since, so nothing of this user is taken back.",
	RowMissing:        "What would have to be changed back, or the contact to be linked again, is no longer there.",
	AddressTaken:      "What would have to be put back can not be: its email address, its contact or its number stands on another row by now.",
	DecidedSince:      "A person has decided anew about this user since, and that counts.",

	UserLinked:     "The user is linked, to the contact that a sync would take.",
	OrphanTrashed:  "A sync had made this contact and left it without a link, and nobody has used it. It is put into CiviCRM's trash.",
	LinkRemoved:    "The link of a user or a contact that does not exist is removed.",
	NameFollowed:   "The link is recorded under the user's email address again.",
	EmailFollowed:  "The contact's primary email address is the user's again.",
	OrphanUsed:     "Somebody has used or edited this contact by now, so it is left alone.",
	EmailElsewhere: "The contact has the user's email address among its others. Make it the primary one in CiviCRM, or correct the user's.",
	ContactShared:  "The contact is linked to several users. Find out whose it is, and link the others to contacts of their own.",
	Settled:        "There is nothing to mend any more.",
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
