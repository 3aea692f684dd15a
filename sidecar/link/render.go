package link

import (
	"regexp"
	"strings"
)

// anyToken is a token of CiviCRM with an optional filter: {contact.first_name}, {contact.prefix_id:label}, {a.b|upper}.
// Source: Civi\Token\TokenProcessor::visitTokens.
var anyToken = regexp.MustCompile(`\{(\w+)\.([\w:.]+)(\|\w+(?::[\w": %\-()\[\]+/#@!,.?]*)?)?\}`)

// render fills the tokens of a template with values; a token without a value is empty. punctuation then decides about the
// characters between tokens. smarty says that the text goes through Smarty at last, so braces in values are hidden from
// punctuation. Source: Civi\Token\TokenProcessor::render and TokenCompatSubscriber::onRender.
func render(template string, values map[string]string, punctuation func(string) string, smarty bool) string {
	out := visitTokens(template, func(token, entity, field, _ string) string {
		value, known := values[field]
		if entity != "contact" || !known {
			return token
		}
		if smarty {
			return escapeSmarty(value)
		}
		return value
	})
	// This second look takes tokens without a value away, and those that stand in a name.
	out = visitTokens(out, func(_, _, _, filter string) string {
		if strings.HasPrefix(filter, "|boolean") {
			return "0"
		}
		return ""
	})
	if !strings.ContainsAny(out, `{\`) {
		return out
	}
	out = punctuation(out)
	if smarty {
		out = smartyBraces.Replace(out)
	}
	return out
}

func visitTokens(s string, visit func(token, entity, field, filter string) string) string {
	found := anyToken.FindAllStringSubmatchIndex(s, -1)
	if found == nil {
		return s
	}
	var out strings.Builder
	from := 0
	for _, m := range found {
		filter := ""
		if m[6] >= 0 {
			filter = s[m[6]:m[7]]
		}
		out.WriteString(s[from:m[0]])
		out.WriteString(visit(s[m[0]:m[1]], s[m[2]:m[3]], s[m[4]:m[5]], filter))
		from = m[1]
	}
	out.WriteString(s[from:])
	return out.String()
}

var (
	smartyBraces   = strings.NewReplacer("{ldelim}", "{", "{rdelim}", "}")
	ldelimOpen     = "{ldelim"
	escapedOpening = strings.NewReplacer("{", "{ldelim}")
)

// escapeSmarty hides braces from Smarty. Source: CRM_Utils_Token::tokenEscapeSmarty.
func escapeSmarty(value string) string {
	if !strings.ContainsAny(value, "{}") {
		return value
	}
	opened := escapedOpening.Replace(value)
	var out strings.Builder
	for i := range len(opened) {
		if opened[i] == '}' && !strings.HasSuffix(opened[:i], ldelimOpen) {
			out.WriteString("{rdelim}")
			continue
		}
		out.WriteByte(opened[i])
	}
	return out.String()
}

var backslashOrBlank = regexp.MustCompile(`\\|\{[\s\x0b]*\}`)

// blankBraces makes a blank of { } and of every backslash, as CiviCRM before 5.69 does.
func blankBraces(s string) string { return backslashOrBlank.ReplaceAllString(s, " ") }

// Braces with punctuation in them, of CiviCRM since 5.73.
const (
	anyCurly      = `\{(?:[\s\x0b]+|[\s\x0b]*[,~()` + "`" + `\-*|]*[\s\x0b]*)\}`
	pairedCurly   = `\{(?:[\s\x0b]*[` + "`" + `()][\s\x0b]*)\}`
	unpairedCurly = `\{(?:[\s\x0b]+|[\s\x0b]*[,~\-*|]*[\s\x0b]*)\}`
	curlyInner    = `\{([\s\x0b]+|[\s\x0b]*[,~()` + "`" + `\-*|]*[\s\x0b]*)\}`
)

var punctuationSteps = []struct {
	find *regexp.Regexp
	put  string
}{
	{regexp.MustCompile(`(\{,[\s\x0b]+\})[\s\x0b]*\{[\s\x0b]+\}`), "$1"},
	{regexp.MustCompile(pairedCurly + `[\s\x0b]*` + pairedCurly), ""},
	{regexp.MustCompile(`(?:` + anyCurly + `[\s\x0b]*)+(` + anyCurly + `)`), "$1"},
	{regexp.MustCompile(`^[\s\x0b]*` + unpairedCurly), ""},
	{regexp.MustCompile(unpairedCurly + `[\s\x0b]*$`), ""},
	{regexp.MustCompile(curlyInner), "$1"},
}

// punctuate keeps the punctuation between two tokens that have a value, and drops it where there is nothing to divide.
// Source: Civi\Token\TokenCompatSubscriber::renderConditionalPunctuation.
func punctuate(s string) string {
	for _, step := range punctuationSteps {
		if !strings.Contains(s, "{") {
			break
		}
		s = step.find.ReplaceAllString(s, step.put)
	}
	return s
}

var (
	oldPunctuationThenBlank = regexp.MustCompile(`\\|\{([\s\x0b]*[,` + "`" + `~()\-*|]*[\s\x0b]*)\}+\{[\s\x0b]\}`)
	oldPunctuationHere      = regexp.MustCompile(`^(?:\\|\{([\s\x0b,` + "`" + `~()\-*|]*)\}(\}*))`)
	oldPunctuation          = regexp.MustCompile(`\\|\{[\s\x0b,` + "`" + `~()\-*|]*\}`)
)

// punctuateBefore573 is punctuate as CiviCRM 5.69 to 5.72 has it.
func punctuateBefore573(s string) string {
	s = oldPunctuationThenBlank.ReplaceAllString(s, "$1")
	s = keepPunctuationBeforeText(s)
	return oldPunctuation.ReplaceAllString(s, "")
}

// keepPunctuationBeforeText puts what stands in braces in their place if text follows them, and takes backslashes away.
func keepPunctuationBeforeText(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); {
		m := oldPunctuationHere.FindStringSubmatchIndex(s[i:])
		if m == nil {
			out.WriteByte(s[i])
			i++
			continue
		}
		end := i + m[1]
		if m[2] >= 0 {
			if !textFollows(s[end:]) {
				if m[4] == m[5] { // no further brace that could count as the text
					out.WriteByte(s[i])
					i++
					continue
				}
				end--
			}
			out.WriteString(s[i+m[2] : i+m[3]])
		}
		i = end
	}
	return out.String()
}

func textFollows(s string) bool {
	return s != "" && !strings.ContainsRune("{ \t\n\v\f\r", rune(s[0]))
}
