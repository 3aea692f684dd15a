package link

import "slices"

// Match is a row of civicrm_uf_match: a link.
type Match struct {
	ID        uint32
	UserID    uint32
	Name      string // uf_name; empty when NULL
	NameKey   string // Name as CiviCRM's collation compares it
	ContactID uint32 // 0 when NULL
	Trashed   bool   // the contact is in the trash
	Missing   bool   // there is no contact of that id
}

// Broken tells whether the link leads to no contact.
func (m Match) Broken() bool { return m.ContactID == 0 || m.Missing }

// Candidate is a contact that could be the user: an Individual, not in the trash.
type Candidate struct {
	ContactID uint32
	Name      string    // display_name
	Primary   bool      // the email is the contact's primary one
	TakenBy   uint32    // the user whom this contact is linked to in the domain; 0: free
	Rule      MatchRule // what found it: MatchEmail or MatchUnsupervised
	Similar   bool      // its email is not the user's: only CiviCRM's collation holds the two equal
	SameNames bool      // its first and last name are the user's, and both are there
}

// Email is a row of civicrm_email.
type Email struct {
	ID      uint32
	Address string
}

// Seen is what the database knows about one user at the moment of deciding.
type Seen struct {
	Gone       bool        // the CMS has said that the user is deleted
	LeftAlone  bool        // a person wants this user left alone
	Proved     bool        // the user has proved to own the email; only asked for where SiteRules.VerifyEmail
	EmailKey   string      // the user's email as CiviCRM's collation compares it
	FoldedKey  string      // the same of the email in lower case, as a contact and a link that was brought into step have it
	Links      []Match     // the user's links in the domain, oldest first
	NameHolder *Match      // the link of another user that stands under this email
	HolderGone bool        // and that user no longer exists in the CMS
	Candidates []Candidate // those of one rule in the order in which CiviCRM would take them: by email, primary first, then the oldest
	InTrash    bool        // a contact in the trash carries the email
	Primary    *Email      // the primary email of the contact of Links[0]
	Chosen     *Candidate  // the contact that a person named, if there is such an Individual outside the trash
}

// sound tells whether the user has one link, and it leads to a contact.
func (s Seen) sound() bool { return len(s.Links) == 1 && !s.Links[0].Broken() }

// stale tells whether the user's email stands on the link of a user who no longer exists.
func (s Seen) stale() bool { return s.NameHolder != nil && s.HolderGone }

// withoutHolder is what would be seen if that link were removed.
func (s Seen) withoutHolder() Seen {
	holder := s.NameHolder
	s.NameHolder, s.HolderGone = nil, false
	s.Candidates = slices.Clone(s.Candidates)
	for i := range s.Candidates {
		if s.Candidates[i].TakenBy == holder.UserID {
			s.Candidates[i].TakenBy = 0
		}
	}
	return s
}

// nameKey is the key of the uf_name that the user is to get: of the email as it is for a new link, in lower case for one that
// is brought into step.
func (s Seen) nameKey() string {
	if len(s.Links) > 0 {
		return s.FoldedKey
	}
	return s.EmailKey
}

// SiteRules are the settings that bear on a decision: those of the CiviCRM site, and userlink's own of this site.
type SiteRules struct {
	SyncEmail bool // syncCMSEmail: a changed user email is copied to the contact
	Defaults  Defaults
	Matching
}
