package link

import "slices"

// Finding is a kind of trouble between users and contacts that the doctor looks for, by the name of the contract.
type Finding string

// The findings.
const (
	FindUserMissing    Finding = "user_missing"
	FindContactMissing Finding = "contact_missing"
	FindLinkedTwice    Finding = "linked_twice"
	FindNameDiffers    Finding = "name_differs"
	FindOrphan         Finding = "orphan"
	FindEmailDiffers   Finding = "email_differs"
	FindContactTrashed Finding = "contact_trashed"
	FindContactShared  Finding = "contact_shared"
)

// Findings lists them all, in the order in which they are best mended: a link that leads nowhere may be what holds the
// address of another user, and a name that is out of date what left that user's orphans.
func Findings() []Finding {
	return []Finding{
		FindUserMissing, FindContactMissing, FindLinkedTwice, FindNameDiffers,
		FindOrphan, FindEmailDiffers, FindContactTrashed, FindContactShared,
	}
}

// Known tells whether f is one of Findings.
func (f Finding) Known() bool { return slices.Contains(Findings(), f) }

// Sentence says for an administrator what was found, and where it comes from.
func (f Finding) Sentence() string { return findings[f].sentence }

// Remedy says what a repair does; empty: only a person can mend it, and Sentence says how.
func (f Finding) Remedy() string { return findings[f].remedy }

var findings = map[Finding]struct{ sentence, remedy string }{
	FindUserMissing: {
		"These links belong to users who do not exist any more: they were removed from the users table past the CMS. As long as a link holds an email address, nobody else with it can be linked, and CiviCRM's own sync leaves a contact without a link each time.",
		"The links are removed. The contacts stay.",
	},
	FindContactMissing: {
		"These links lead to no contact: it was deleted past CiviCRM. The users count as linked and are not.",
		"The links are removed. The next sync links these users anew.",
	},
	FindLinkedTwice: {
		"These users have several links, so CiviCRM may take them for one person today and for another tomorrow.",
		"Where just one of the links leads to a contact outside the trash, the others are removed. Where several do, a person must say which one is right: in the list of conflicts, or in CiviCRM.",
	},
	FindNameDiffers: {
		"These links are recorded under an address that is not the user's any more. CiviCRM on WordPress does not follow a changed address. Whoever registers with the old one cannot be linked.",
		"The user's address is written there, if no other link has it.",
	},
	FindOrphan: {
		"CiviCRM's own sync made these contacts for users whose address stands on another user's link, and left them without a link, one more each time. Each carries one user's email address and name and nothing else, and nobody has ever used or edited it.",
		"A user without a link is linked to the contact that a sync would take, in the place of a user who is gone if need be. All other orphans go into CiviCRM's trash, from where they can be taken back.",
	},
	FindEmailDiffers: {
		"The contact's primary email address is not the user's, though this site keeps them in step (setting syncCMSEmail). Mail may go to an old address.",
		"The user's address becomes the contact's primary one. Where the contact's is the newer one, correct the user's first.",
	},
	FindContactTrashed: {
		"These users are linked to contacts in the trash. Take the contact out of the trash in CiviCRM if it is the right one; else delete the link there, and the next sync links the user anew.",
		"",
	},
	FindContactShared: {
		"These contacts are linked to several users, so these share one record, with all that is in it. Find out whose it is, and remove the other links in CiviCRM.",
		"",
	},
}
