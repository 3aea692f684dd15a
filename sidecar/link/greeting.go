package link

import "regexp"

const maxGreeting = 255 // civicrm_contact.email_greeting_display and the two others

var (
	contactToken = regexp.MustCompile(`\{contact\.(\w+)\}`)
	wideBlank    = regexp.MustCompile(`[\s\x0b]{2,}`)
)

// greet is a greeting's text; nil is NULL. Source: CRM_Contact_BAO_Contact::processGreetings.
func greet(g Greeting, values map[string]string, r release) *string {
	if g.ID == 0 || phpEmpty(g.Template) {
		return nil
	}
	text := greetBefore544(g.Template, values)
	if r.rendersGreetings() {
		text = render(g.Template, values, r.punctuation(), true)
	}
	// CiviCRM has no such cut: the database refuses the text, and the whole run ends.
	text = phpCut(stripSpaces(text), maxGreeting)
	return &text
}

// greetBefore544 fills a template as CiviCRM before 5.44 does. Source: CRM_Utils_Token::replaceGreetingTokens.
func greetBefore544(template string, values map[string]string) string {
	if !contactToken.MatchString(template) {
		return smartyBraces.Replace(template)
	}
	text := contactToken.ReplaceAllStringFunc(template, func(token string) string {
		value := values[contactToken.FindStringSubmatch(token)[1]]
		if phpEmpty(value) {
			return ""
		}
		return escapeSmarty(value)
	})
	return smartyBraces.Replace(blankBraces(text))
}

// stripSpaces takes blanks off both ends and makes one of several in between. A single tab or line break stays as it is.
// Source: CRM_Utils_String::stripSpaces.
func stripSpaces(text string) string {
	if phpEmpty(text) {
		return text
	}
	return wideBlank.ReplaceAllString(phpTrim(text), " ")
}
