package link

// Greeting is a site's default option of one kind of greeting for Individuals.
type Greeting struct {
	ID       uint32 // the option's value; 0: the site has no default
	Template string // the option's label, with tokens
}

// Defaults are the site's own settings and option values that the columns of a new contact come from.
type Defaults struct {
	DisplayNameFormat string // setting display_name_format
	SortNameFormat    string // setting sort_name_format

	Language             string // what preferred_language gets (see Language); empty: NULL
	CommunicationStyleID uint32 // 0: NULL
	LocationTypeID       uint32 // of the email; 0: NULL

	EmailGreeting, PostalGreeting, Addressee Greeting
}

// CiviCRM's own values of the two settings, for a site that has not set them. Source: settings/Display.setting.php.
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
}

// BuildContact computes the rows of the contact that CiviCRM creates for a user with these names and this email.
// Source: CRM_Contact_BAO_Contact::createProfileContact.
func BuildContact(names Names, email string, d Defaults) NewContact {
	email = TrimEmail(email)
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
	}
	display, sort := displayNames(names, email, d)
	c.DisplayName, c.SortName = column(display), column(sort)
	fields := c.tokenValues()
	c.EmailGreetingDisplay = greet(d.EmailGreeting, fields)
	c.PostalGreetingDisplay = greet(d.PostalGreeting, fields)
	c.AddresseeDisplay = greet(d.Addressee, fields)
	return c
}

// tokenValues are the tokens of a greeting that are not empty for a new contact.
func (c NewContact) tokenValues() map[string]string {
	return map[string]string{
		"first_name":         text(c.FirstName),
		"middle_name":        text(c.MiddleName),
		"last_name":          text(c.LastName),
		"display_name":       text(c.DisplayName),
		"sort_name":          text(c.SortName),
		"contact_type":       "Individual",
		"preferred_language": text(c.PreferredLanguage),
		"email":              c.Email,
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

// Unsupported names what the site's formats and greetings use that only CiviCRM itself can evaluate. If there is anything,
// a contact that we make would differ from CiviCRM's.
func (d Defaults) Unsupported() []string {
	return nil
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
