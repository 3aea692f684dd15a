package link

import (
	"fmt"
	"slices"
	"strings"
)

// MatchRule is a way to find the contact of a user who has none.
type MatchRule string

// The match rules, by the names that a site's configuration uses.
const (
	MatchEmail         MatchRule = "email"           // CiviCRM's way: the contact carries the email
	MatchEmailAndNames MatchRule = "email_and_names" // and the user's first and last name
	MatchUnsupervised  MatchRule = "unsupervised"    // CiviCRM's own dedupe rule of that use finds the contact
)

// MatchRules lists them all.
func MatchRules() []MatchRule { return []MatchRule{MatchEmail, MatchEmailAndNames, MatchUnsupervised} }

// Fallback is what to do when a match leaves a doubt.
type Fallback string

// The fallbacks, by the names that a site's configuration uses.
const (
	TakeFirst   Fallback = "first"    // link to the contact that CiviCRM would take
	AskPerson   Fallback = "conflict" // a person must choose
	MakeAnother Fallback = "create"   // make a new contact
)

// Fallbacks lists them all.
func Fallbacks() []Fallback { return []Fallback{TakeFirst, AskPerson, MakeAnother} }

// Matching is how a site finds contacts, and for whom. Its zero value is CiviCRM's way.
type Matching struct {
	Rules       []MatchRule // in the order in which they are asked; empty: by email alone
	OnAmbiguous Fallback    // several contacts match; empty: TakeFirst
	OnSimilar   Fallback    // the email is equal by the database's collation only; empty: TakeFirst
	VerifyEmail bool        // nobody is linked to an existing contact before the email is proved
	Only        Scope
}

// Uses tells whether one of the rules is rule.
func (m Matching) Uses(rule MatchRule) bool { return slices.Contains(m.rules(), rule) }

func (m Matching) rules() []MatchRule {
	if len(m.Rules) == 0 {
		return []MatchRule{MatchEmail}
	}
	return m.Rules
}

// found returns what the first rule with an answer found.
func (m Matching) found(candidates []Candidate) (MatchRule, []Candidate) {
	for _, rule := range m.rules() {
		var found []Candidate
		for _, c := range candidates {
			if c.foundBy(rule) {
				found = append(found, c)
			}
		}
		if len(found) > 0 {
			return rule, found
		}
	}
	return "", nil
}

func (c Candidate) foundBy(rule MatchRule) bool {
	if rule == MatchEmailAndNames {
		return c.Rule == MatchEmail && c.SameNames
	}
	return c.Rule == rule
}

// SameNames tells whether the user has a first and a last name and the contact has the same, whatever the case.
func SameNames(cms CMS, user User, first, last string) bool {
	names := NamesOf(cms, user)
	return names.First != "" && names.Last != "" && strings.EqualFold(names.First, strings.TrimSpace(first)) && strings.EqualFold(names.Last, strings.TrimSpace(last))
}

// SimilarEmail tells whether an address that the database found for the user's is another one all the same.
func SimilarEmail(user User, found string) bool { return FoldEmail(found) != FoldEmail(user.Email) }

// Scope says which users count; its zero value: all. It never concerns a link that is there.
type Scope struct {
	Roles    []string // one of these, as the CMS calls them
	Statuses []Status // one of these
}

// Everybody tells whether there is no limit.
func (s Scope) Everybody() bool { return len(s.Roles) == 0 && len(s.Statuses) == 0 }

// Has tells whether the user counts. What is not known about a user does not fit.
func (s Scope) Has(u User) bool {
	if len(s.Statuses) > 0 && !slices.Contains(s.Statuses, u.Status) {
		return false
	}
	return len(s.Roles) == 0 || slices.ContainsFunc(u.Roles, func(role string) bool { return slices.Contains(s.Roles, role) })
}

// ParseMatchRule reads a rule's name. The error says what may stand there.
func ParseMatchRule(name string) (MatchRule, error) { return oneOf("match rule", name, MatchRules()) }

// ParseFallback reads a fallback's name. The error says what may stand there.
func ParseFallback(name string) (Fallback, error) { return oneOf("answer", name, Fallbacks()) }

// ParseStatus reads a status of a user. The error says what may stand there.
func ParseStatus(name string) (Status, error) {
	return oneOf("status", name, []Status{StatusActive, StatusBlocked, StatusPending})
}

func oneOf[T ~string](what, name string, known []T) (T, error) {
	if slices.Contains(known, T(name)) {
		return T(name), nil
	}
	words := make([]string, len(known))
	for i, k := range known {
		words[i] = string(k)
	}
	return "", fmt.Errorf("%q is no %s: write %s or %s", name, what, strings.Join(words[:len(words)-1], ", "), words[len(words)-1])
}
