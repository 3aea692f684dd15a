package link

import (
	"regexp"
	"strings"
)

// emptyTokens are the tokens of CiviCRM that are empty for every new contact: what no user account says.
var emptyTokens = setOf(`address_id address_name birth_date city contact_is_deleted contact_source contact_sub_type country county
	current_employer current_employer_id deceased_date employer_id employer_id.display_name external_identifier formal_title
	gender gender_id gender_id:label geo_code_1 geo_code_2 group household_name im im_provider image_URL individual_prefix
	individual_suffix is_bulkmail job_title legal_identifier legal_name location_type manual_geo_code master_id nick_name note
	openid organization_name phone phone_ext phone_type phone_type_id postal_code postal_code_suffix
	preferred_communication_method preferred_communication_method:label prefix_id prefix_id:label sic_code signature_html
	signature_text source state_province street_address street_name street_number street_number_suffix street_unit suffix_id
	suffix_id:label supplemental_address_1 supplemental_address_2 supplemental_address_3 tag url user_unique_id
	website_first.url world_region`)

// emptyEntities are related records of which a new contact has none: {contact.address_primary.city}.
var emptyEntities = regexp.MustCompile(`^(address_primary|phone_primary|im_primary)\.[a-z_0-9]+(:label|:abbr)?$`)

var (
	nameTokens     = setOf("first_name middle_name last_name")
	greetingTokens = setOf("first_name middle_name last_name display_name sort_name preferred_language email")
	// The same email by its newer names.
	greetingTokensSince544 = setOf("email_primary.email primary_email.email")
)

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(words) {
		set[word] = true
	}
	return set
}

// Unsupported names what the site's formats and greetings use that only CiviCRM itself can evaluate: tokens of custom fields
// and extensions, tokens that depend on more than the user, Smarty code. If there is anything, a contact that we make would
// differ from CiviCRM's.
func (d Defaults) Unsupported() []string {
	r := releaseOf(d.Version)
	var found []string
	for _, setting := range []struct{ name, format string }{
		{"display_name_format", d.DisplayNameFormat},
		{"sort_name_format", d.SortNameFormat},
	} {
		found = append(found, named(setting.name, r.unsupportedInFormat(setting.format))...)
	}
	for _, option := range []struct {
		name string
		Greeting
	}{
		{"email_greeting", d.EmailGreeting},
		{"postal_greeting", d.PostalGreeting},
		{"addressee", d.Addressee},
	} {
		if option.ID != 0 {
			found = append(found, named(option.name, r.unsupportedInGreeting(option.Template))...)
		}
	}
	return found
}

func named(name string, found []string) []string {
	for i := range found {
		found[i] = name + ": " + found[i]
	}
	return found
}

// dottedWord is what an extension could have made a token of, where tokens stand among other text in braces.
var dottedWord = regexp.MustCompile(`\w+\.[\w:.]+`)

func (r release) unsupportedInFormat(format string) []string {
	var found []string
	if r.rendersNames() {
		_, found = r.knownTokens(format, nameTokens)
		return found
	}
	if phpEmpty(format) {
		return []string{"it is empty, so CiviCRM takes the format of addresses"}
	}
	known := map[string]bool{}
	for _, token := range r.formatTokens() {
		known["contact."+token] = true
	}
	for _, group := range braceGroup.FindAllString(format, -1) {
		for _, word := range dottedWord.FindAllString(group, -1) {
			if !known[word] {
				found = append(found, "{"+word+"}")
			}
		}
	}
	return found
}

func (r release) unsupportedInGreeting(template string) []string {
	if !r.rendersGreetings() && strings.Contains(template, `\{`) {
		return []string{`a brace after a backslash`}
	}
	rest, found := r.knownTokens(template, greetingTokens)
	rest = r.withoutPunctuation(rest, contactToken.MatchString(template))
	for {
		at := strings.IndexByte(rest, '{')
		if at < 0 {
			return found
		}
		code, after, closed := strings.Cut(rest[at:], "}")
		if closed {
			code += "}"
		}
		if code != "{ldelim}" && code != "{rdelim}" {
			found = append(found, "Smarty code "+code)
		}
		rest = after
	}
}

// knownTokens returns the template with a letter in place of every token, and the tokens that cannot be evaluated.
func (r release) knownTokens(template string, valued map[string]bool) (rest string, unknown []string) {
	token := anyToken
	if !r.rendersGreetings() {
		token = plainToken
	}
	rest = token.ReplaceAllStringFunc(template, func(t string) string {
		parts := token.FindStringSubmatch(t)
		field, filter := parts[2], parts[3]
		known := valued[field] || emptyTokens[field] || emptyEntities.MatchString(field) ||
			(r.rendersGreetings() && valued["email"] && greetingTokensSince544[field])
		if parts[1] != "contact" || !known || filter != "" {
			unknown = append(unknown, t)
		}
		return "x"
	})
	return rest, unknown
}

// plainToken is a token of CiviCRM before 5.44.
var plainToken = regexp.MustCompile(`\{(\w+)\.(\w+)\}()`)

// withoutPunctuation takes away the braces that are no Smarty code.
func (r release) withoutPunctuation(s string, tokens bool) string {
	switch {
	case r.since5(73):
		return anyPunctuation.ReplaceAllString(s, "")
	case r.since5(69):
		return oldPunctuation.ReplaceAllString(s, "")
	case r.rendersGreetings() || tokens:
		return blankBraces(s)
	}
	return s
}

var anyPunctuation = regexp.MustCompile(anyCurly)
