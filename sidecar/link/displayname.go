package link

import "strings"

const maxDisplayName = 128 // civicrm_contact.display_name, sort_name

// displayNames are display_name and sort_name of a new Individual. Source: CRM_Contact_BAO_Individual::format and the cut
// in CRM_Contact_BAO_Contact::add.
func displayNames(names Names, email string, d Defaults, r release) (display, sort string) {
	// CiviCRM's deduper writes "null" for a name to be emptied. Only this spelling means it here.
	fields := nameFields{first: notNull(names.First), middle: notNull(names.Middle), last: notNull(names.Last)}
	if fields.any() {
		sort = fields.show(d.SortNameFormat, r)
		display = fields.show(d.DisplayNameFormat, r)
	}
	if phpEmpty(display) {
		display = email
	}
	if phpEmpty(sort) {
		sort = email
	}
	return phpCut(display, maxDisplayName), phpCut(sort, maxDisplayName)
}

func (f nameFields) show(format string, r release) string {
	if r.rendersNames() {
		values := map[string]string{"first_name": f.first, "middle_name": f.middle, "last_name": f.last}
		return phpTrim(render(format, values, r.punctuation(), false))
	}
	return formatName(format, f, r)
}

// any tells whether there is a name at all. Blanks are none, nor is "0".
func (f nameFields) any() bool {
	return !phpEmpty(phpTrim(f.first)) || !phpEmpty(phpTrim(f.middle)) || !phpEmpty(phpTrim(f.last))
}

func notNull(name string) string {
	if name == "null" {
		return ""
	}
	return name
}

// column is what a text column gets. CiviCRM stores NULL for an empty text and for the word "null", in any case but "Null",
// which people are called. Source: CRM_Core_DAO::copyValues and DB_DataObject::_is_null.
func column(text string) *string {
	if text == "" || (strings.EqualFold(text, "null") && text != "Null") {
		return nil
	}
	return &text
}
