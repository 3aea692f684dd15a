// Package linktest makes up what users and sites are called: the names and addresses that break programs, and the formats and
// greetings that sites have. What is made depends on the source of randomness alone, so a seed makes the same again.
package linktest

import (
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
)

// Words are the pieces that made-up names consist of: what people are called, and what breaks programs.
var Words = []string{
	"Jane", "Doe", "Ann", "Müller", "O'Brien", "d’Arc", "Jean-Luc", "van", "Ñandú", "Łukasz", "İpek", "ılgaz", "Straße", "ÉMILE", "e\u0301mile",
	"ﬁona", "محمد", "\u202eevil", "ישראל", "山田", "太郎", "Ⅷ", "😀", "👩‍👩‍👧", "🇩🇪", "a\u0308\u0323", "\u200bzero", "\u00a0", "\u3000", "\u2028", "\u0085",
	"0", "00", "1", "-1", "1e5", "12345", ".5", "null", "NULL", "Null", "nUll", "false", "undefined", "N/A",
	"<b>", "</b>", "&amp;", "&", "&lt;", "<script>alert(1)</script>", "\"", "'", "`", "\"Bob\"", "a<b", "a>b", "%", "%s", "%1", "_", ";", "--", "/*", "#",
	"\\", "\\\\", "\\n", "C:\\x", "$", "$x", "$0", "$1", "$2", "$3", "$12", "${1}", "${2}", "${1", "\\1", "\\0", "\\2", "\\$1", "$\\",
	"{", "}", "{}", "{ }", "{{", "}}", "{x}", "{, }", "{contact.first_name}", "{contact.last_name}", "{contact.middle_name}", "{contact.display_name}",
	"{contact.individual_suffix}", "{contact.email}", "{ldelim}", "{rdelim}", "ldelim}", "{ldelim", "{literal}", "{/literal}", "{$smarty.now}", "{*x*}", "{if 1}a{/if}",
	"contact.first_name", "x contact.last_name y", "{contact.first_name", "contact.last_name}", "<?php echo 1; ?>", "<?", "?>",
	",", ", ", "-", ".", "(", ")", "[x]", "|", "~", "*", "/", "@", "x@y.example",
	" ", "  ", "   ", "\t", "\n", "\r\n", "\n\n", " \n ", "\x0b", "\f", "\x01",
}

// Formats are values of the settings display_name_format and sort_name_format; CiviCRM's own come first.
var Formats = []string{
	"{contact.individual_prefix}{ }{contact.first_name}{ }{contact.last_name}{ }{contact.individual_suffix}",
	"{contact.last_name}{, }{contact.first_name}",
	"{contact.last_name}{ }{contact.first_name}",
	"{contact.first_name}{ }{contact.middle_name}{ }{contact.last_name}",
	"{contact.last_name}{, }{contact.first_name}{ }{contact.middle_name}",
	"{contact.individual_prefix}{ }{contact.last_name}",
	"{contact.last_name}",
	"{contact.first_name}",
	"{contact.middle_name}",
	"{contact.nick_name}",
	"{Name: contact.first_name!}{ / }{contact.last_name}",
	"{contact.first_name} - {contact.last_name}",
	"[{contact.last_name}]",
	"{contact.last_name}\n{contact.first_name}",
	"{contact.formal_title}{ }{contact.first_name}{ }({contact.nick_name}){ }{contact.last_name}",
	"{contact.first_name contact.first_name}{contact.last_name}",
	"{(}{contact.first_name}{)}{ }{-}{contact.last_name}{.}",
	"no tokens",
	"{contact.nick_name}{contact.city}{contact.last_name}",
	"{contact_first_name}{contact.last_name}",
	"{contact.prefix_id:label}{ }{contact.first_name}{ }{contact.last_name}{ }{contact.suffix_id:label}",
	"{contact.last_name}{, }{contact.first_name}{ (}{contact.nick_name}{)}",
	"{contact.first_name}{ - }{contact.middle_name}{`}{contact.last_name}{)}",
	"{(}{contact.middle_name}{)} {|}{contact.first_name}{, }{ }{contact.last_name}",
	" {contact.first_name}  {contact.last_name} ",
	"}{contact.first_name}{{contact.last_name}}{",
}

// Greetings are labels of greeting options.
var Greetings = []string{
	"Dear {contact.first_name}",
	"Dear {contact.individual_prefix} {contact.first_name} {contact.last_name}",
	"{contact.individual_prefix}{ } {contact.first_name}{ }{contact.middle_name}{ }{contact.last_name}{ }{contact.individual_suffix}",
	"{contact.display_name}", "{contact.sort_name}", "{contact.email}", "{contact.preferred_language}/{contact.prefix_id}",
	"Hello", "0", " x  y ", "Sehr geehrte(r) {contact.prefix_id} {contact.last_name},",
	"{contact.first_name}\n{contact.last_name}", "a\\b", "a\\b {contact.first_name}", "} {contact.first_name} }",
	"{contact.first_name}{}{contact.last_name}", "{contact.first_name}{\t\n}{contact.last_name}", "<b>{contact.first_name}</b>&amp;", "{contact.nick_name}{contact.city}!",
	"{contact.first_name}{, }{contact.middle_name}{ }{contact.last_name}", "{contact.prefix_id:label}{ }{contact.first_name}{ (}{contact.middle_name}{) }{contact.last_name}",
	"{contact.first_name}{*}{`}{contact.last_name}{, }", "{-}{contact.middle_name}{,}{contact.address_primary.city} x", "{ldelim}{contact.first_name}{rdelim}",
	"{contact.first_name}{contact.first_name} ${contact.last_name} $1", "", "{contact.job_title}{ }{contact.last_name}{ }",
}

// Emails are addresses that are unusual, and valid.
var Emails = []string{
	"jane@example.org", "Jane.DOE@Example.ORG", "ÄÖ@Müller.example", "İ@Example.org", "ẞß@example.org", "Σίσυφος@example.org", "ΑΣ@ΑΣ.example", "a'b@example.org",
	"x+y@example.org", "\"q\"@example.org", "a\\b@example.org", "{contact.first_name}@example.org", "$1@example.org", "😀@example.org", "ǅ@example.org", "Ω@example.org", "K@example.org",
}

// Name makes up a name of up to most words; one in twelve is empty.
func Name(r *rand.Rand, most int) string {
	var name strings.Builder
	switch r.IntN(12) {
	case 0:
		return ""
	case 1:
		return strings.Repeat(Pick(r, []string{"x", "é", "😀", "xy "}), 20)[:20] + Pick(r, Words)
	}
	for range 1 + r.IntN(most) {
		if name.Len() > 0 && r.IntN(3) > 0 {
			name.WriteString(" ")
		}
		name.WriteString(Pick(r, Words))
	}
	return name.String()
}

// Pick returns one of several.
func Pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// Number returns the number in the environment variable, by which somebody asks for another seed or another size, or fallback.
func Number(t *testing.T, name string, fallback uint64) uint64 {
	t.Helper()
	s := os.Getenv(name)
	if s == "" {
		return fallback
	}
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}
