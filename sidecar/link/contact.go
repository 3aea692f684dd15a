package link

import "strings"

// Names are the parts of a person's name that a new contact gets.
type Names struct {
	First, Middle, Last string
}

// NamesOf takes a user's names from where the CMS has them, as CiviCRM does: WordPress has first and last name, Joomla one
// name that is split, Drupal and Backdrop none. Source: CRM_Core_BAO_UFMatch::synchronizeUFMatch.
func NamesOf(cms CMS, user User) Names {
	switch cms {
	case WordPress:
		return Names{First: given(user.FirstName), Last: given(user.LastName)}
	case Joomla:
		return SplitName(user.Name)
	case Drupal, Drupal7, Backdrop:
	}
	return Names{}
}

// given is a name of a WordPress user; CiviCRM takes "0" for none.
func given(name string) string {
	if phpEmpty(name) {
		return ""
	}
	return name
}

// SplitName splits one full name as CiviCRM does: "Last, First Middle" if there is a comma, else "First", "First Last" or
// "First Middle Last", each divided by single blanks; what follows is lost, and quotes go.
// Source: CRM_Utils_String::extractName.
func SplitName(name string) Names {
	name = strings.Trim(name, phpBlanks)
	if name == "" || name == "0" { // PHP's empty()
		return Names{}
	}
	name = strings.NewReplacer(`"`, "", `'`, "").Replace(name)
	if last, rest, found := strings.Cut(name, ","); found {
		second, _, _ := strings.Cut(rest, ",")
		given := strings.Split(strings.Trim(second, phpBlanks), " ")
		names := Names{Last: strings.Trim(last, phpBlanks), First: strings.Trim(given[0], phpBlanks)}
		if len(given) > 1 {
			names.Middle = strings.Trim(given[1], phpBlanks)
		}
		return names
	}
	switch parts := strings.Split(name, " "); len(parts) {
	case 1:
		return Names{First: parts[0]}
	case 2:
		return Names{First: parts[0], Last: parts[1]}
	default:
		return Names{First: parts[0], Middle: parts[1], Last: parts[2]}
	}
}
