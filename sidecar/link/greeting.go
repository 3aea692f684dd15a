package link

import (
	"regexp"
	"strings"
)

var (
	contactToken = regexp.MustCompile(`\{contact\.(\w+)\}`)
	blankGroup   = regexp.MustCompile(`\\|\{\s*\}`)
	wideBlank    = regexp.MustCompile(`[\s\x0b]{2,}`)
)

// greet is a greeting's text, as CiviCRM before 5.44 makes it; nil is NULL. Source: CRM_Contact_BAO_Contact::processGreetings,
// CRM_Utils_Token::replaceGreetingTokens, CRM_Utils_String::stripSpaces.
func greet(g Greeting, fields map[string]string) *string {
	if g.ID == 0 || phpEmpty(g.Template) {
		return nil
	}
	text := g.Template
	if contactToken.MatchString(text) {
		// A backslash becomes a blank, also one in a name; braces in a name are safe: CiviCRM hides them from this step.
		text = contactToken.ReplaceAllStringFunc(text, func(token string) string {
			value := fields[contactToken.FindStringSubmatch(token)[1]]
			if phpEmpty(value) {
				return ""
			}
			return hiddenBraces.Replace(value)
		})
		text = blankGroup.ReplaceAllString(text, " ")
		text = shownBraces.Replace(text)
	}
	text = stripSpaces(text)
	return &text
}

// Two characters that no text of a CMS holds stand in for the braces of a name.
var (
	hiddenBraces = strings.NewReplacer("{", "\uFDD0", "}", "\uFDD1")
	shownBraces  = strings.NewReplacer("\uFDD0", "{", "\uFDD1", "}")
)

// stripSpaces takes blanks off both ends and makes one of several in between. A single tab or line break stays as it is.
func stripSpaces(text string) string {
	if phpEmpty(text) {
		return text
	}
	return wideBlank.ReplaceAllString(phpTrim(text), " ")
}
