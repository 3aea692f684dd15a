package link

import "strings"

// displayNames are display_name and sort_name of a new Individual. Source: CRM_Contact_BAO_Individual::format.
func displayNames(names Names, email string, _ Defaults) (display, sortName string) {
	display = strings.TrimSpace(names.First + " " + names.Last)
	switch {
	case names.First != "" && names.Last != "":
		sortName = names.Last + ", " + names.First
	default:
		sortName = display
	}
	if display == "" {
		return email, email
	}
	return display, sortName
}

// greet is the text of a greeting. Source: CRM_Contact_BAO_Contact::processGreetings.
func greet(g Greeting, names Names) *string {
	if g.ID == 0 {
		return nil
	}
	text := strings.NewReplacer("{contact.first_name}", names.First, "{contact.display_name}", strings.TrimSpace(names.First+" "+names.Last)).Replace(g.Template)
	text = strings.TrimSpace(text)
	return &text
}
