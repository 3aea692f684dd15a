package link

import "strings"

// Greeting is a site's default option of one kind of greeting for Individuals.
type Greeting struct {
	ID       uint32 // the option's value; 0: the site has no default
	Template string // the option's label, with tokens
}

// Defaults are the site's own settings and option values that the columns of a new contact come from.
type Defaults struct {
	Version string // civicrm_domain.version; empty: the newest

	DisplayNameFormat string // setting display_name_format
	SortNameFormat    string // setting sort_name_format

	Language             string // what preferred_language gets (see Language); empty: NULL
	CommunicationStyleID uint32 // 0: NULL
	LocationTypeID       uint32 // of the email; 0: NULL
	LocationIsBilling    bool   // that location type is the one whose name is Billing

	EmailGreeting, PostalGreeting, Addressee Greeting
}

// CiviCRM's own values of the two settings before 5.67; see NameFormats.
const (
	DefaultDisplayNameFormat = "{contact.individual_prefix}{ }{contact.first_name}{ }{contact.last_name}{ }{contact.individual_suffix}"
	DefaultSortNameFormat    = "{contact.last_name}{, }{contact.first_name}"
)

// NewContact is what CiviCRM writes to civicrm_contact for a user who has no contact, and to civicrm_email beside it. A nil
// pointer is NULL. Columns not named here stay at their default; the hash is random.
type NewContact struct {
	FirstName, MiddleName, LastName *string
	DisplayName, SortName           *string // NULL only if there is neither name nor email, or the word is "null"

	PreferredLanguage    *string
	CommunicationStyleID *uint32

	EmailGreetingID, PostalGreetingID, AddresseeID                *uint32
	EmailGreetingDisplay, PostalGreetingDisplay, AddresseeDisplay *string

	Email          string // civicrm_email.email
	LocationTypeID *uint32
	IsBilling      bool // civicrm_email.is_billing
}

// BuildContact computes the rows of the contact that CiviCRM creates for a user with these names and this email.
// Source: CRM_Core_BAO_UFMatch::synchronizeUFMatch and what it calls.
func BuildContact(names Names, email string, d Defaults) NewContact {
	r := releaseOf(d.Version)
	email = TrimEmail(email)
	if r.encodes() {
		names, email = names.encoded(), encode(email)
	}
	c := NewContact{
		FirstName:            column(names.First),
		MiddleName:           column(names.Middle),
		LastName:             column(names.Last),
		PreferredLanguage:    column(d.Language),
		CommunicationStyleID: idOrNull(d.CommunicationStyleID),
		EmailGreetingID:      idOrNull(d.EmailGreeting.ID),
		PostalGreetingID:     idOrNull(d.PostalGreeting.ID),
		AddresseeID:          idOrNull(d.Addressee.ID),
		Email:                FoldEmail(email),
		LocationTypeID:       idOrNull(d.LocationTypeID),
		IsBilling:            d.LocationIsBilling && r.marksBilling(),
	}
	display, sort := displayNames(names, email, d, r)
	if r.callsByStoredEmail() && c.FirstName == nil && c.LastName == nil {
		display, sort = c.Email, c.Email
	}
	c.DisplayName, c.SortName = column(display), column(sort)
	values := c.tokenValues()
	c.EmailGreetingDisplay = greet(d.EmailGreeting, values, r)
	c.PostalGreetingDisplay = c.EmailGreetingDisplay
	if d.PostalGreeting != d.EmailGreeting { // on most sites they are the same
		c.PostalGreetingDisplay = greet(d.PostalGreeting, values, r)
	}
	c.AddresseeDisplay = greet(d.Addressee, values, r)
	return c
}

// NameTooLong tells whether CiviCRM has no room for a name. Since 5.51 it throws then; before, it cuts the name. A "<" takes
// four characters since 5.51.
func (d Defaults) NameTooLong(names Names) bool {
	if releaseOf(d.Version).encodes() {
		names = names.encoded()
	}
	return names.tooLong()
}

// NameFollowsEmail tells whether a changed primary email also becomes display_name and sort_name of a contact that has
// neither a first nor a last name.
func (d Defaults) NameFollowsEmail() bool { return releaseOf(d.Version).callsByStoredEmail() }

func (n Names) encoded() Names {
	return Names{First: encode(n.First), Middle: encode(n.Middle), Last: encode(n.Last)}
}

// encode hides < and > from browsers. Source: CRM_Utils_API_HTMLInputCoder::encodeInput.
func encode(s string) string { return htmlCoder.Replace(s) }

var htmlCoder = strings.NewReplacer("<", "&lt;", ">", "&gt;")

// tokenValues are the tokens of a greeting that are not empty for a new contact.
func (c NewContact) tokenValues() map[string]string {
	return map[string]string{
		"first_name":          text(c.FirstName),
		"middle_name":         text(c.MiddleName),
		"last_name":           text(c.LastName),
		"display_name":        text(c.DisplayName),
		"sort_name":           text(c.SortName),
		"preferred_language":  text(c.PreferredLanguage),
		"email":               c.Email,
		"email_primary.email": c.Email,
		"primary_email.email": c.Email,
	}
}

// Language returns what preferred_language of a new contact gets from the settings contact_default_language and lcMessages;
// empty is NULL. Source: CRM_Core_I18n::getContactDefaultLanguage.
func Language(contactDefaultLanguage, lcMessages string) string {
	switch contactDefaultLanguage {
	case "undefined":
		return ""
	case "", "0", "*default*", "current_site_language":
		return lcMessages
	}
	return contactDefaultLanguage
}

func idOrNull(id uint32) *uint32 {
	if id == 0 {
		return nil
	}
	return &id
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
