package link

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"userlink/sidecar/link/linktest"
)

// makeSite makes up a site and users; the same seed makes the same.
func makeSite(seed uint64, users int) paritySite {
	r := rand.New(rand.NewPCG(seed, 7))
	site := paritySite{Settings: map[string]string{}, Options: map[string]string{}}
	if r.IntN(4) > 0 {
		site.Settings["display_name_format"] = linktest.Pick(r, linktest.Formats)
		site.Settings["sort_name_format"] = linktest.Pick(r, linktest.Formats)
	}
	if r.IntN(3) == 0 {
		site.Settings["contact_default_language"] = linktest.Pick(r, []string{"undefined", "*default*", "de_DE", "fr_CA", "current_site_language"})
	}
	for _, kind := range []string{"email_greeting", "postal_greeting", "addressee"} {
		if r.IntN(4) > 0 {
			site.Options[kind] = linktest.Pick(r, linktest.Greetings)
		}
	}
	for range users {
		site.Cases = append(site.Cases, makeUser(r))
	}
	return site
}

func makeUser(r *rand.Rand) parityUser {
	u := parityUser{CMS: linktest.Pick(r, []CMS{WordPress, WordPress, WordPress, Joomla, Joomla, Drupal}), Email: makeEmail(r)}
	switch u.CMS {
	case WordPress:
		u.First, u.Last = linktest.Name(r, 3), linktest.Name(r, 3)
	case Joomla:
		u.Name = linktest.Name(r, 6)
	case Drupal, Drupal7, Backdrop:
		u.Name = linktest.Name(r, 2) // which CiviCRM must not use
	}
	return u
}

func makeEmail(r *rand.Rand) string {
	switch r.IntN(8) {
	case 0:
		return linktest.Pick(r, linktest.Emails)
	case 1:
		return strings.ReplaceAll(linktest.Name(r, 2), " ", "") + "@Example.org"
	}
	return fmt.Sprintf("User%d@Example.org", r.IntN(1_000_000))
}
