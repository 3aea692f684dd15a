package link

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// CMS is the kind of content management system of a site.
type CMS string

// The CMSs that userlink knows.
const (
	WordPress CMS = "wordpress"
	Drupal    CMS = "drupal" // 8 and later
	Drupal7   CMS = "drupal7"
	Backdrop  CMS = "backdrop"
	Joomla    CMS = "joomla"
)

// CMSs lists them all.
func CMSs() []CMS { return []CMS{WordPress, Drupal, Drupal7, Backdrop, Joomla} }

// Rule is what an event may cause.
type Rule string

// The rules, by the names that a site's configuration uses.
const (
	Ignore             Rule = "ignore"
	EnsureLink         Rule = "ensure_link"           // link to the contact with the same email, else create one
	EnsureLinkAndEmail Rule = "ensure_link_and_email" // the same, and bring the email into step if the link existed
	KeepEmail          Rule = "keep_email"            // if linked, bring the email into step
	Unlink             Rule = "unlink"                // remove the link, keep the contact
)

// Rules lists them all.
func Rules() []Rule { return []Rule{Ignore, EnsureLink, EnsureLinkAndEmail, KeepEmail, Unlink} }

// Policy says for each event of a CMS which rule applies.
type Policy map[EventType]Rule

// policies is the table of CiviCRM's user guide, "Linking users to contacts": Drupal (and Backdrop, its fork) on
// registration and login; Joomla only when a logged-in user has a transaction with CiviCRM; WordPress on user_register and
// profile_update, with the email. The last column is the administrator's full sync.
var policies = map[CMS]Policy{
	//         registered               logged in             updated                      transaction              deleted          full sync
	Drupal:    {Registered: EnsureLink, LoggedIn: EnsureLink, Updated: KeepEmail, Transaction: EnsureLink, Deleted: Unlink, Synced: EnsureLink},
	Drupal7:   {Registered: EnsureLink, LoggedIn: EnsureLink, Updated: KeepEmail, Transaction: EnsureLink, Deleted: Unlink, Synced: EnsureLink},
	Backdrop:  {Registered: EnsureLink, LoggedIn: EnsureLink, Updated: KeepEmail, Transaction: EnsureLink, Deleted: Unlink, Synced: EnsureLink},
	Joomla:    {Registered: Ignore, LoggedIn: Ignore, Updated: KeepEmail, Transaction: EnsureLink, Deleted: Unlink, Synced: EnsureLink},
	WordPress: {Registered: EnsureLinkAndEmail, LoggedIn: Ignore, Updated: EnsureLinkAndEmail, Transaction: EnsureLink, Deleted: Unlink, Synced: EnsureLink},
}

// joomlaUserPlugin replaces Joomla's first three columns on a site that runs the optional user plugin of the user guide.
var joomlaUserPlugin = Policy{Registered: EnsureLink, LoggedIn: EnsureLink, Updated: EnsureLink}

// joomlaHooks maps the names of Joomla's user events, of 1.5 and of 1.6 and later, to the events they can report. A name
// with no events happens too early (the user is not stored yet, or may still be refused) or says nothing about the link.
var joomlaHooks = map[string][]EventType{
	"onBeforeStoreUser":  {},
	"onAfterStoreUser":   {Registered, Updated},
	"onBeforeDeleteUser": {},
	"onAfterDeleteUser":  {Deleted},
	"onLoginUser":        {LoggedIn},
	"onLogoutUser":       {},

	"onUserBeforeSave":   {},
	"onUserAfterSave":    {Registered, Updated},
	"onUserBeforeDelete": {},
	"onUserAfterDelete":  {Deleted},
	"onUserLogin":        {LoggedIn},
	"onUserAfterLogin":   {LoggedIn},
	"onUserLogout":       {},
}

// PolicyOf returns the CMS's policy with the site's own overrides. userPlugin says that a Joomla site runs the optional
// user plugin; elsewhere it has no effect.
func PolicyOf(cms CMS, userPlugin bool, overrides Policy) Policy {
	policy := Policy{}
	for event, rule := range policies[cms] {
		policy[event] = rule
	}
	if cms == Joomla && userPlugin {
		for event, rule := range joomlaUserPlugin {
			policy[event] = rule
		}
	}
	for event, rule := range overrides {
		policy[event] = rule
	}
	return policy
}

// Rule returns what the event may cause on this CMS. A hook of Joomla that cannot report such an event causes nothing.
func (p Policy) Rule(cms CMS, event EventType, hook string) Rule {
	if !CanReport(cms, event, hook) {
		return Ignore
	}
	if rule, ok := p[event]; ok {
		return rule
	}
	return Ignore
}

// CanReport tells whether a hook of that name can tell of the event: of Joomla's hooks, some come before the fact.
func CanReport(cms CMS, event EventType, hook string) bool {
	can, known := joomlaHooks[hook]
	return cms != Joomla || !known || slices.Contains(can, event)
}

// LinkingAtLogin returns the policy for a site that links nobody before the first login: where a registration links and a
// login does nothing, the login links too, unless the site itself says what a login does.
func (p Policy) LinkingAtLogin(overrides Policy) Policy {
	policy := maps.Clone(p)
	links := func(rule Rule) bool { return rule == EnsureLink || rule == EnsureLinkAndEmail }
	if _, said := overrides[LoggedIn]; !said && links(policy[Registered]) && !links(policy[LoggedIn]) {
		policy[LoggedIn] = EnsureLink
	}
	return policy
}

// ParsePolicy reads a site's overrides: the event's name, with or without its first word ("registered" or
// "user.registered"), to the rule's name. It returns one error per wrong line, each with what may stand there.
func ParsePolicy(lines map[string]string) (Policy, []error) {
	policy := Policy{}
	var problems []error
	for name, value := range lines {
		event, ok := eventByName(name)
		if !ok {
			problems = append(problems, fmt.Errorf("%q is no event: write registered, logged_in, updated, civicrm.transaction, deleted or sync", name))
			continue
		}
		rule := Rule(value)
		if !slices.Contains(Rules(), rule) {
			problems = append(problems, fmt.Errorf("%s: %q is no rule: write ignore, ensure_link, ensure_link_and_email, keep_email or unlink", name, value))
			continue
		}
		if (rule == Unlink) != (event == Deleted) && rule != Ignore {
			problems = append(problems, fmt.Errorf("%s: %s does not fit this event: unlink is for deleted alone, and deleted can only unlink or ignore", name, rule))
			continue
		}
		policy[event] = rule
	}
	return policy, problems
}

func eventByName(name string) (EventType, bool) {
	for _, event := range append(EventTypes(), Synced) {
		if name == string(event) || strings.HasSuffix(string(event), "."+name) {
			return event, true
		}
	}
	return "", false
}
