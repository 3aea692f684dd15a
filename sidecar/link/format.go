package link

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// nameFields are the values that a name format can show of a new contact.
type nameFields struct {
	first, middle, last string
}

// The tokens that CiviCRM replaces in a format, in its order, which matters: a name that looks like a token becomes one for
// the tokens after its own. All but the three names are empty for a new contact.
var (
	formatTokens         = append(strings.Fields("display_name individual_prefix formal_title first_name middle_name last_name individual_suffix"), laterFormatTokens...)
	formatTokensSince567 = append(strings.Fields("display_name formal_title first_name middle_name last_name individual_prefix prefix_id:label individual_suffix suffix_id:label"), laterFormatTokens...)
)

var laterFormatTokens = strings.Fields(`address_name street_address supplemental_address_1 supplemental_address_2 supplemental_address_3 city
	state_province_name county state_province postal_code country world_region geo_code_1 geo_code_2 current_employer nick_name
	email im do_not_email do_not_phone do_not_mail do_not_sms do_not_trade job_title birth_date gender is_opt_out
	preferred_mail_format phone home_URL contact_source external_identifier contact_id household_name organization_name
	legal_name preferred_communication_method communication_style addressee email_greeting postal_greeting`)

var (
	braceGroup     = regexp.MustCompile(`\{[^{}]*\}`)
	groupAtStart   = regexp.MustCompile(`\n\{[^{}]*\}`)
	groupAtEnd     = regexp.MustCompile(`\{[^{}]*\}\n`)
	siblingGroups  = regexp.MustCompile(`\{([^{}]*)\}(\{[^{}]*\})+`)
	formatBraces   = strings.NewReplacer("{", "", "}", "")
	emptyLineStart = regexp.MustCompile(`(?m)^[ \t]*[\r\n]+`)
)

// formatName puts a person's names into a format such as "{contact.last_name}{, }{contact.first_name}", as CiviCRM before
// 5.69 does. Source: CRM_Utils_Address::format.
func formatName(format string, fields nameFields, r release) string {
	text := format
	for _, token := range r.formatTokens() {
		text = replaceFormatToken(text, token, fields.value(token))
	}
	text = "\n" + text + "\n"
	text = groupAtStart.ReplaceAllString(text, "\n")
	text = groupAtEnd.ReplaceAllString(text, "\n")
	text = siblingGroups.ReplaceAllString(text, "$1")
	text = formatBraces.Replace(text)
	text = emptyLineStart.ReplaceAllString(text, "")
	return phpTrim(text)
}

func (r release) formatTokens() []string {
	if r.formatsLabels() {
		return formatTokensSince567
	}
	return formatTokens
}

func (f nameFields) value(token string) string {
	switch token {
	case "first_name":
		return f.first
	case "middle_name":
		return f.middle
	case "last_name":
		return f.last
	}
	return ""
}

// replaceFormatToken turns {before contact.token after} into "before value after", or into nothing if there is no value.
func replaceFormatToken(text, token, value string) string {
	if !strings.Contains(text, token) { // most tokens are in no format, and there are fifty
		return text
	}
	return braceGroup.ReplaceAllStringFunc(text, func(group string) string {
		inside := group[1 : len(group)-1]
		from, to := lastToken(inside, "contact", token)
		if from < 0 {
			return group
		}
		if value == "" {
			return ""
		}
		return phpBackrefs("${1}"+value+"${2}", []string{group, inside[:from], inside[to:]})
	})
}

// lastToken finds the last "entity.token" in s that stands alone. The dot is any character, as it is in CiviCRM's pattern.
func lastToken(s, entity, token string) (from, to int) {
	for from = len(s); from >= 0; from-- {
		if !strings.HasPrefix(s[from:], entity) {
			continue
		}
		dot, width := utf8.DecodeRuneInString(s[from+len(entity):])
		to = from + len(entity) + width
		if width == 0 || dot == '\n' || !strings.HasPrefix(s[to:], token) {
			continue
		}
		to += len(token)
		if !wordBefore(s[:from]) && !wordAfter(s[to:]) {
			return from, to
		}
	}
	return -1, -1
}

func wordBefore(s string) bool {
	r, size := utf8.DecodeLastRuneInString(s)
	return size > 0 && isWord(r)
}

func wordAfter(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	return size > 0 && isWord(r)
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) }
