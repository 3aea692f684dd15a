package parity

import (
	"slices"
	"testing"
)

// mostTries bounds how long a site is made smaller; each try asks CiviCRM once.
const mostTries = 80

// shrink returns a smaller site on which the two sides still differ.
func (w *twins) shrink(t *testing.T, s madeSite) madeSite {
	t.Helper()
	tries := 0
	differs := func(s madeSite) bool {
		tries++
		if tries > mostTries || s.Actor && !actorIsLinked(s) {
			return false
		}
		found, _ := w.compare(t, s)
		return len(found) > 0
	}
	s.Users = fewer(s.Users, func(u []madeUser) bool { x := s; x.Users = u; return differs(x) })
	s.Events = fewer(s.Events, func(e []madeEvent) bool { x := s; x.Events = e; return differs(x) })
	s.Contacts = fewer(s.Contacts, func(c []madeContact) bool { x := s; x.Contacts = c; x.Links = linksTo(s.Links, c); return differs(x) })
	s.Links = linksTo(s.Links, s.Contacts)
	s.Links = fewer(s.Links, func(l []madeLink) bool { x := s; x.Links = l; return differs(x) })
	for _, settings := range []*map[string]string{&s.Settings, &s.Options} {
		for name := range *settings {
			all := *settings
			*settings = lacking(all, name)
			if !differs(s) {
				*settings = all
			}
		}
	}
	return s
}

// fewer leaves out ever smaller pieces of the list while it still fails.
func fewer[T any](list []T, fails func([]T) bool) []T {
	for size := (len(list) + 1) / 2; size > 0 && len(list) > 0; {
		left := false
		for at := 0; at < len(list); {
			rest := append(append([]T{}, list[:at]...), list[min(at+size, len(list)):]...)
			if fails(rest) {
				list, left = rest, true
			} else {
				at += size
			}
		}
		if size == 1 && !left {
			break
		}
		if size > 1 {
			size /= 2
		}
	}
	return list
}

func linksTo(links []madeLink, contacts []madeContact) []madeLink {
	there := map[uint32]bool{0: true}
	for _, c := range contacts {
		there[c.ID] = true
	}
	return keep(links, func(l madeLink) bool { return there[l.ContactID] })
}

func actorIsLinked(s madeSite) bool {
	return slices.ContainsFunc(s.Links, func(l madeLink) bool { return l.UserID == adminUser })
}

func lacking(settings map[string]string, name string) map[string]string {
	rest := map[string]string{}
	for n, value := range settings {
		if n != name {
			rest[n] = value
		}
	}
	return rest
}
