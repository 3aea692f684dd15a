package link

import (
	"strings"

	"userlink/sidecar/link/linktest"
)

// chosenSites are the cases that are kept in testdata: what each line of the code is for, and some made-up ones. Formats and
// greetings that only later releases know are left out where CiviCRM would fail on them.
func chosenSites(version string) []paritySite {
	sites := []paritySite{{Cases: append(append(chosenWordPress(), chosenJoomla()...), chosenEmails()...), Names: splitNames()}}
	sites = append(sites, chosenSettings()...)
	for seed := range uint64(5) {
		sites = append(sites, makeSite(seed, 8))
	}
	var supported []paritySite
	for _, site := range sites {
		if len(site.wanted(version).Unsupported()) == 0 {
			supported = append(supported, site)
		}
	}
	return supported
}

func wordPress(first, last string) parityUser {
	return parityUser{CMS: WordPress, First: first, Last: last, Email: "Jane.Doe@Example.org"}
}

func chosenWordPress() []parityUser {
	long := strings.Repeat("x", 64)
	pairs := [][2]string{
		{"Jane", "Doe"},
		{"", ""},
		{"Jane", ""},
		{"", "Doe"},
		{"0", "Doe"}, // PHP's idea of nothing
		{"Jane", "0"},
		{"0", "0"},
		{"00", "-1"},
		{"null", "Doe"}, // PEAR's idea of NULL
		{"NULL", "Doe"},
		{"Null", "Doe"},
		{"Jane", "null"},
		{"Jane", "NULL"},
		{"null", "null"},
		{" ", " "}, // blanks
		{" Jane ", " Doe "},
		{"Jane  Mary", "Doe\tSmith"},
		{"Jane\nMary", "Doe\r\nSmith"},
		{"\u00a0", "Doe"},
		{long, long}, // lengths
		{strings.Repeat("é", 64), strings.Repeat("😀", 64)},
		{long + "x", "Doe"},
		{"<b>Jane</b>", "O'Brien & \"Sons\""}, // markup
		{"a<b", "c>d &amp; &lt;"},
		{strings.Repeat("<", 16), "x"},
		{strings.Repeat("<", 17), "x"},
		{"<?php echo 1; ?>", "<script>alert(1)</script>"},
		{"{contact.first_name}", "Doe"}, // tokens
		{"{contact.last_name}", "Doe"},
		{"Jane", "{contact.first_name}"},
		{"{contact.individual_suffix}", "{contact.middle_name}"},
		{"{contact.display_name}", "{contact.email}"},
		{"{contact.first_name", "contact.last_name}"},
		{"{", "}"},
		{"{}", "{ }"},
		{"{, }", "{-}"},
		{"{x}", "{a.b}"},
		{"{a.b|boolean}", "{a.b|upper}"},
		{"{literal}", "{/literal}"}, // Smarty
		{"{ldelim}", "{rdelim}"},
		{"{ldelim", "ldelim}"},
		{"{$smarty.now}", "{*x*}"},
		{"$1", "$2"}, // PHP's replacement texts
		{"${1}", "\\1"},
		{"\\", "\\\\"},
		{"\\$1", "$\\"},
		{"C:\\x", "a\\{b}"},
		{"مُحَمَّد", "عَلِي"}, // scripts
		{"\u202eevil", "ישראל"},
		{"e\u0301mile", "a\u0308\u0323"},
		{"👩‍👩‍👧", "🇩🇪"},
		{"İpek", "ılgaz Straße"},
		{"山田", "太郎"},
	}
	var users []parityUser
	for _, pair := range pairs {
		users = append(users, wordPress(pair[0], pair[1]))
	}
	return users
}

func splitNames() []string {
	return []string{
		"", "0", " ", "Jane", "Jane Doe", "Jane Mary Doe", "Jane Mary Ann Doe", "Doe, Jane", "Doe, Jane Mary", "Doe,Jane Mary Ann", "Doe,", ",Jane", ",", ",,", "Doe, Jane, Dr.",
		"Jane  Doe", " Jane Doe ", "Jane\tDoe", "Jane\nDoe", "\"Jane\" O'Brien", "'", "\"\"", "\"0\"", "0 1 2", "van der Berg, Jan  Pieter", "Doe ,\tJane\tMary", "null null null", "Null, Null",
		"山田 太郎", "\u00a0Jane\u00a0Doe", "{contact.last_name} <b> $1", "'Doe', \"Jane\"", "Doe, 0", "0,", "\x0bJane\x0b Doe", "a' b\"", "' '",
	}
}

func chosenJoomla() []parityUser {
	var users []parityUser
	for _, name := range splitNames() {
		users = append(users, parityUser{CMS: Joomla, Name: name, Email: "jane@example.org"})
	}
	return users
}

func chosenEmails() []parityUser {
	emails := append([]string{
		"JANE@EXAMPLE.ORG", " jane@example.org", "jane@example.org ", "\tjane@example.org\n", "jane doe@example.org", "jane", "@example.org", "jane@", "<jane@example.org>",
		strings.Repeat("x", 116) + "@example.org", strings.Repeat("x", 117) + "@example.org", strings.Repeat("é", 116) + "@Example.org",
	}, linktest.Emails...)
	users := []parityUser{{CMS: Drupal, Name: "jane", Email: "Jane@Example.org"}, {CMS: Drupal7, Name: "jane", Email: "Jane@Example.org"}}
	for _, email := range emails {
		users = append(users, parityUser{CMS: WordPress, Email: email})
	}
	return users
}

// chosenSettings are sites that are not as CiviCRM comes.
func chosenSettings() []paritySite {
	cases := func() []parityUser {
		return []parityUser{
			wordPress("Jane", "Doe"), wordPress("Jane", ""), wordPress("", "Doe"), wordPress("", ""), wordPress(" $1\\", "{ } <x> 0"),
			{CMS: Joomla, Name: "Jane Mary Doe", Email: "Jane@Example.org"},
			{CMS: Joomla, Name: "0 1 2", Email: "Jane@Example.org"},
		}
	}
	var sites []paritySite
	for i, format := range linktest.Formats {
		other := linktest.Formats[(i+5)%len(linktest.Formats)]
		sites = append(sites, paritySite{Settings: map[string]string{"display_name_format": format, "sort_name_format": other}, Cases: append(cases()[:1], cases()[3:5]...)})
	}
	for i := range linktest.Greetings {
		sites = append(sites, paritySite{Options: map[string]string{"email_greeting": linktest.Greetings[i]}, Cases: cases()[:2]})
	}
	for _, language := range []string{"undefined", "*default*", "de_DE", "current_site_language"} {
		sites = append(sites, paritySite{Settings: map[string]string{"contact_default_language": language}, Cases: cases()[:1]})
	}
	return append(sites,
		paritySite{Options: map[string]string{"communication_style": ""}, Cases: cases()[:1]},
		paritySite{Options: map[string]string{"email_greeting": "", "postal_greeting": "", "addressee": ""}, Cases: cases()})
}
