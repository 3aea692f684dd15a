package link

// Match is a row of civicrm_uf_match: a link.
type Match struct {
	ID        uint32
	UserID    uint32
	Name      string // uf_name; empty when NULL
	NameKey   string // Name as CiviCRM's collation compares it
	ContactID uint32 // 0 when NULL
}

// Candidate is a contact that carries the user's email: an Individual, not in the trash.
type Candidate struct {
	ContactID uint32
	Name      string // display_name
	Primary   bool   // the email is the contact's primary one
	TakenBy   uint32 // the user whom this contact is linked to in the domain; 0: free
}

// Email is a row of civicrm_email.
type Email struct {
	ID      uint32
	Address string
}

// Seen is what the database knows about one user at the moment of deciding.
type Seen struct {
	Gone       bool        // the CMS has said that the user is deleted
	EmailKey   string      // the user's email as CiviCRM's collation compares it
	Links      []Match     // the user's links in the domain, oldest first
	NameHolder *Match      // the link of another user that stands under this email
	HolderGone bool        // and that user no longer exists in the CMS
	Candidates []Candidate // in the order in which CiviCRM would take them: primary first, then by contact id
	Primary    *Email      // the primary email of the contact of Links[0]
}

// SiteRules are the settings of the CiviCRM site that bear on a decision.
type SiteRules struct {
	SyncEmail bool // syncCMSEmail: a changed user email is copied to the contact
	Defaults  Defaults
}
