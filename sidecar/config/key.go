package config

import (
	"fmt"
	"regexp"
	"strings"
)

const (
	minSecret = 32 // bytes
	maxKeys   = 2  // the one in use and its successor, or its predecessor
	// exampleSecret stands in documents, for people to see where a secret goes. It must never open anything.
	exampleSecret = "replace-me-with-what-userlink-keys-new-makes"
)

var keyIDPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// checkKey looks at one key.
func (r *reader) checkKey(key Key, from source) {
	at := from.place(key.at)
	if !keyIDPattern.MatchString(key.ID) {
		r.problem(key.at, fmt.Sprintf("%q is no id of a key", key.ID), "write id: with 1 to 64 letters, digits, dots, dashes or underscores, such as main-1")
	}
	secret := key.Secret.Reveal()
	switch {
	case !from.given():
		r.problem(at, fmt.Sprintf("the key %q has no secret", key.ID), "write secret_file: with the path of the key file")
	case secret == "": // why it cannot be read is reported
	case strings.TrimSpace(secret) == exampleSecret:
		r.problem(at, "the secret is the one of the documentation", "run userlink keys new")
	case len(secret) < minSecret:
		r.problem(at, fmt.Sprintf("the secret has %d bytes, and needs at least %d", len(secret), minSecret), "run userlink keys new")
	case strings.ContainsAny(secret, "\r\n"):
		r.problem(at, "the secret has more than one line", "a key file is one line; run userlink keys new")
	}
}

// checkKeysTogether makes sure that an id and a secret lead to one site alone.
func (r *reader) checkKeysTogether(c *Config) {
	ids, secrets := map[string]place{}, map[Secret]place{}
	for _, site := range c.Sites {
		if len(site.Keys) > maxKeys {
			r.problem(site.Keys[maxKeys].at, fmt.Sprintf("the site %q has %d keys", site.ID, len(site.Keys)), "keep two: the one in use, and its successor")
		}
		if len(site.Keys) == 0 {
			r.warn(site.at, fmt.Sprintf("the site %q has no key, so its CMS cannot call", site.ID), "run userlink keys new --site "+site.ID)
		}
		for _, key := range site.Keys {
			if first, ok := ids[key.ID]; ok {
				r.problem(key.at, fmt.Sprintf("the key id %q is used before, at %s", key.ID, first), "give each key of all sites an id of its own")
			}
			if first, ok := secrets[key.Secret]; ok && key.Secret != "" {
				r.problem(key.at, fmt.Sprintf("the secret is that of another key, at %s", first), "run userlink keys new: whoever has one key must not have the other")
			}
			ids[key.ID], secrets[key.Secret] = key.at, key.at
		}
	}
}
