package link

import (
	"strconv"
	"strings"
)

// release is a version of CiviCRM. It makes new contacts in another way every few years.
type release struct {
	major, minor int
}

// releaseOf reads the version that stands in civicrm_domain.version, such as "5.33.2" or "6.3.beta1". One that cannot be
// read is taken for the newest.
func releaseOf(version string) release {
	major, rest, _ := strings.Cut(version, ".")
	minor, _, _ := strings.Cut(rest, ".")
	a, errA := strconv.Atoi(major)
	b, errB := strconv.Atoi(minor)
	if errA != nil || errB != nil {
		return release{major: 999}
	}
	return release{major: a, minor: b}
}

// since5 tells whether it is CiviCRM 5.minor or later.
func (r release) since5(minor int) bool {
	return r.major > 5 || (r.major == 5 && r.minor >= minor)
}

// since6 tells whether it is CiviCRM 6.minor or later.
func (r release) since6(minor int) bool {
	return r.major > 6 || (r.major == 6 && r.minor >= minor)
}

// OldestContactFirst tells in what order CiviCRM takes the contacts that have the same email, primary or not, in equal measure:
// since 6.12 by the contact's id. Before, the server chose, which reads its index on the email, in which equal ones stand by
// their own ids. Source: CRM_Contact_BAO_Contact::matchContactOnEmail (#34601).
func (d Defaults) OldestContactFirst() bool { return releaseOf(d.Version).since6(12) }

// A contact without a first and a last name is called by its primary email as that is stored, in lower case, also when the
// email changes. Source: CRM_Core_BAO_Email::updateContactName, since 5.39.
func (r release) callsByStoredEmail() bool { return r.since5(39) }

// Greetings are rendered by Civi\Token\TokenProcessor instead of CRM_Utils_Token since 5.44.
func (r release) rendersGreetings() bool { return r.since5(44) }

// The contact is made by API 3, which hides < and >. Source: CRM_Utils_API_HTMLInputCoder; CRM_Core_BAO_UFMatch since 5.51.
func (r release) encodes() bool { return r.since5(51) }

// Before API 3 made the contact, an email of the location type Billing became the billing email.
// Source: CRM_Contact_BAO_Contact::formatProfileContactParams.
func (r release) marksBilling() bool { return !r.since5(51) }

// Prefix and suffix can be written {contact.prefix_id:label} in a format of names since 5.67.
func (r release) formatsLabels() bool { return r.since5(67) }

// Names are rendered by Civi\Token\TokenProcessor instead of CRM_Utils_Address since 5.69.
func (r release) rendersNames() bool { return r.since5(69) }

// punctuation returns what becomes of { }, {, } and the like. Source: Civi\Token\TokenCompatSubscriber::onRender.
func (r release) punctuation() func(string) string {
	switch {
	case r.since5(73):
		return punctuate
	case r.since5(69):
		return punctuateBefore573
	}
	return blankBraces
}

// NameFormats are the values of the settings display_name_format and sort_name_format on a site that has not set them.
// Source: settings/Core.setting.php.
func NameFormats(version string) (display, sort string) {
	r := releaseOf(version)
	display, sort = DefaultDisplayNameFormat, DefaultSortNameFormat
	if r.formatsLabels() {
		display = "{contact.prefix_id:label}{ }{contact.first_name}{ }{contact.last_name}{ }{contact.suffix_id:label}"
	}
	if r.since5(69) {
		sort = "{contact.last_name}{, }{contact.first_name}{ }{contact.suffix_id:label}"
	}
	return display, sort
}
