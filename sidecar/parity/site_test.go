package parity

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"userlink/sidecar/link"
	"userlink/sidecar/link/linktest"
)

// madeSite is a site as it stands before anybody is linked, and what then happens to its users. It is made up by a seed, and
// all of it is printed when the two sides differ.
type madeSite struct {
	Seed     uint64            `json:"seed"`
	Path     string            `json:"path"` // sync or events
	CMS      link.CMS          `json:"cms"`
	Domain   uint32            `json:"domain"`
	Actor    bool              `json:"actor"`    // user 1 does it, and is linked; else nobody is logged in
	Settings map[string]string `json:"settings"` // of CiviCRM, PHP-serialised
	Options  map[string]string `json:"options"`  // label of the default option; empty: no default
	Location uint32            `json:"location"` // the default location type
	Contacts []madeContact     `json:"contacts"`
	Links    []madeLink        `json:"links"`
	Users    []madeUser        `json:"users"`  // path sync: who is there
	Events   []madeEvent       `json:"events"` // path events: what happens
}

type madeContact struct {
	ID       uint32      `json:"id"`
	Type     string      `json:"type"`
	First    string      `json:"first,omitempty"`
	Deleted  bool        `json:"deleted,omitempty"`
	Deceased bool        `json:"deceased,omitempty"`
	Group    uint32      `json:"group,omitempty"`
	Emails   []madeEmail `json:"emails,omitempty"`
}

type madeEmail struct {
	ID       uint32 `json:"id"`
	Address  string `json:"address"`
	Primary  bool   `json:"primary,omitempty"`
	OnHold   bool   `json:"on_hold,omitempty"`
	Location uint32 `json:"location"`
}

type madeLink struct {
	Domain    uint32 `json:"domain"`
	UserID    uint32 `json:"user_id"`
	Name      string `json:"name"`
	ContactID uint32 `json:"contact_id,omitempty"` // 0: NULL
}

type madeUser struct {
	ID    uint32 `json:"id"`
	Email string `json:"email"`
	First string `json:"first,omitempty"`
	Last  string `json:"last,omitempty"`
	Name  string `json:"name,omitempty"`
}

// The kinds of events, as link.php knows them.
const (
	registered   = "registered"
	emailChanged = "email_changed"
	deleted      = "deleted"
)

type madeEvent struct {
	Kind string   `json:"kind"`
	User madeUser `json:"user"`
}

func (u madeUser) user() link.User {
	return link.User{ID: u.ID, Email: u.Email, FirstName: u.First, LastName: u.Last, Name: u.Name, Username: fmt.Sprintf("u%08d", u.ID)}
}

func (s madeSite) String() string {
	text, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		panic(err)
	}
	return string(text)
}

// The ids of what is made up. User 1 is WordPress's administrator, contact 1 CiviCRM's default organization.
const (
	adminUser      = 1
	adminContact   = 900
	firstContact   = 1000
	firstUser      = 10
	goneUser       = 900000
	domainGroup    = 50 // with group 51 in it, and 52 in 51
	grandchild     = 52
	secondDomain   = 2
	pathSync       = "sync"
	pathEvents     = "events"
	secondDomainIs = "Second domain"
)

// maker makes up one site.
type maker struct {
	*rand.Rand
	version string
	site    madeSite
	emails  []string // addresses that no collation holds equal to one another
	emailID uint32
}

// makeSite makes up a site with about so many users; the same seed makes the same. CiviCRM's version says what formats and
// greetings can be compared: doc/fidelity.md has what only CiviCRM can evaluate.
func makeSite(seed uint64, users int, version string) madeSite {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 11)), version: version, emailID: 5000}
	m.site = madeSite{Seed: seed, Domain: 1, CMS: link.WordPress, Settings: map[string]string{}, Options: map[string]string{}, Location: 1}
	m.site.Path = linktest.Pick(m.Rand, []string{pathSync, pathEvents})
	if m.site.Path == pathEvents {
		m.site.CMS = linktest.Pick(m.Rand, link.CMSs())
	}
	m.site.Actor = m.IntN(2) == 0
	m.settings()
	m.addresses(users)
	m.contacts(users)
	m.people(users)
	m.links()
	return m.site
}

func (m *maker) set(name, format string, value any) {
	m.site.Settings[name] = fmt.Sprintf(format, value)
}

func (m *maker) text(name, value string) {
	m.site.Settings[name] = "s:" + strconv.Itoa(len(value)) + `:"` + value + `";`
}

func (m *maker) settings() {
	if m.IntN(2) == 0 {
		m.text("display_name_format", m.format(func(f string) link.Defaults { return link.Defaults{DisplayNameFormat: f, SortNameFormat: "x"} }))
		m.text("sort_name_format", m.format(func(f string) link.Defaults { return link.Defaults{SortNameFormat: f, DisplayNameFormat: "x"} }))
	}
	if m.IntN(3) == 0 {
		m.text("contact_default_language", linktest.Pick(m.Rand, []string{"undefined", "*default*", "de_DE", "fr_CA", "current_site_language"}))
	}
	if m.IntN(4) == 0 {
		m.text("lcMessages", linktest.Pick(m.Rand, []string{"en_US", "en_GB"}))
	}
	for _, kind := range []string{"email_greeting", "postal_greeting", "addressee"} {
		if m.IntN(2) == 0 {
			m.site.Options[kind] = m.greeting()
		}
	}
	if m.IntN(5) == 0 {
		m.site.Options["communication_style"] = linktest.Pick(m.Rand, []string{"", "Casual"})
	}
	m.site.Location = uint32(1 + m.IntN(5))
	if m.IntN(3) == 0 {
		m.set("syncCMSEmail", "b:%d;", m.IntN(2))
	}
	m.domains()
}

func (m *maker) domains() {
	if m.IntN(2) == 0 {
		return
	}
	if m.IntN(2) == 0 {
		m.site.Domain = secondDomain
	}
	if m.IntN(3) > 0 {
		m.set("is_enabled", "s:1:\"%d\";", m.IntN(2))
	}
	if m.IntN(3) > 0 {
		m.set("domain_group_id", "i:%d;", domainGroup)
	}
	if m.IntN(2) == 0 {
		m.set("uniq_email_per_site", "s:1:\"%d\";", 1)
	}
}

// format picks one that can be compared.
func (m *maker) format(with func(string) link.Defaults) string {
	for {
		f := linktest.Pick(m.Rand, linktest.Formats)
		d := with(f)
		d.Version = m.version
		if len(d.Unsupported()) == 0 {
			return f
		}
	}
}

func (m *maker) greeting() string {
	for {
		g := linktest.Pick(m.Rand, linktest.Greetings)
		d := link.Defaults{Version: m.version, DisplayNameFormat: "x", SortNameFormat: "x", EmailGreeting: link.Greeting{ID: 1, Template: g}}
		if len(d.Unsupported()) == 0 {
			return g
		}
	}
}

// addresses makes up those that users and contacts share. Some are invalid.
func (m *maker) addresses(users int) {
	for i := range users {
		switch m.IntN(8) {
		case 0:
			m.emails = append(m.emails, fmt.Sprintf("n%d.%s", i, linktest.Pick(m.Rand, linktest.Emails)))
		case 1:
			m.emails = append(m.emails, fmt.Sprintf("m%d.%s@Example.org", i, strings.ReplaceAll(linktest.Name(m.Rand, 2), " ", "")))
		case 2:
			m.emails = append(m.emails, fmt.Sprintf("%d.%s@long.example.org", i, strings.Repeat("l", 60+m.IntN(16))))
		default:
			m.emails = append(m.emails, fmt.Sprintf("User%d.Name@Example.org", i))
		}
	}
}

// written is an address as somebody may write it: the same to the database, though not letter by letter.
func (m *maker) written(address string) string {
	switch m.IntN(8) {
	case 0:
		return strings.ToUpper(address)
	case 1:
		return strings.ToLower(address)
	case 2:
		return strings.Replace(address, "e", "é", 1)
	case 3:
		return address + " "
	}
	return address
}

func (m *maker) contacts(users int) {
	if m.site.Actor {
		m.site.Contacts = append(m.site.Contacts, madeContact{ID: adminContact, Type: "Individual", First: "Admin"})
	}
	for i := range users {
		c := madeContact{ID: firstContact + uint32(i), Type: "Individual", First: linktest.Name(m.Rand, 1)}
		switch m.IntN(10) {
		case 0:
			c.Type = linktest.Pick(m.Rand, []string{"Organization", "Household"})
		case 1:
			c.Deleted = true
		case 2:
			c.Deceased = true
		}
		if m.IntN(2) == 0 {
			c.Group = uint32(domainGroup + m.IntN(3))
		}
		primary := m.IntN(3) // of one, two or no emails it is the first, the second, or none
		for n := range m.IntN(3) {
			m.emailID += uint32(1 + m.IntN(2))
			c.Emails = append(c.Emails, madeEmail{
				ID: m.emailID, Address: m.written(linktest.Pick(m.Rand, m.emails)), Primary: n == primary, OnHold: m.IntN(8) == 0,
				Location: uint32(1 + m.IntN(5)),
			})
		}
		m.site.Contacts = append(m.site.Contacts, c)
	}
	// An older contact may have got its email later than a newer one.
	for range users / 4 {
		a, b := m.email(), m.email()
		if a != nil && b != nil {
			a.ID, b.ID = b.ID, a.ID
		}
	}
}

func (m *maker) email() *madeEmail {
	c := &m.site.Contacts[m.IntN(len(m.site.Contacts))]
	if len(c.Emails) == 0 {
		return nil
	}
	return &c.Emails[m.IntN(len(c.Emails))]
}

// user makes up a user who is not called NULL and nothing else; see doc/fidelity.md.
func (m *maker) user(id uint32) madeUser {
	u := madeUser{ID: id, Email: m.userEmail(id)}
	for {
		u.First, u.Last, u.Name = "", "", ""
		switch m.site.CMS {
		case link.WordPress:
			u.First, u.Last = linktest.Name(m.Rand, 3), linktest.Name(m.Rand, 3)
		case link.Joomla:
			u.Name = linktest.Name(m.Rand, 6)
		case link.Drupal, link.Drupal7, link.Backdrop:
			u.Name = linktest.Name(m.Rand, 2) // which CiviCRM must not use
		}
		if m.IntN(20) == 0 && m.site.CMS == link.WordPress {
			u.Last = strings.Repeat(linktest.Pick(m.Rand, []string{"x", "é", "😀"}), 64+m.IntN(2))
		}
		if names := link.NamesOf(m.site.CMS, u.user()); !onlyNull(names) {
			return u
		}
	}
}

func onlyNull(n link.Names) bool {
	null := func(s string) bool { return s == "" || strings.EqualFold(s, "null") }
	return null(n.First) && null(n.Middle) && null(n.Last) && n.First+n.Middle+n.Last != ""
}

// userEmail fits WordPress's and Joomla's column of 100 characters.
func (m *maker) userEmail(id uint32) string {
	switch m.IntN(40) {
	case 0:
		return ""
	case 1:
		return linktest.Pick(m.Rand, []string{"jane", "jane doe@example.org", "@example.org", "jane@"})
	case 2:
		if m.site.CMS != link.WordPress && m.site.CMS != link.Joomla {
			return strings.Repeat("é", 110+m.IntN(10)) + "@Example.org"
		}
	}
	if m.IntN(6) == 0 {
		return m.written(linktest.Pick(m.Rand, m.emails)) // which may be somebody else's
	}
	return m.written(m.emails[id-firstUser])
}

func (m *maker) people(users int) {
	for i := range users {
		u := m.user(firstUser + uint32(i))
		if m.site.Path == pathSync {
			m.site.Users = append(m.site.Users, u)
			continue
		}
		m.site.Events = append(m.site.Events, madeEvent{registered, u})
		again := m.site.Events[m.IntN(len(m.site.Events))].User
		switch m.IntN(8) {
		case 0:
			m.site.Events = append(m.site.Events, madeEvent{registered, again})
		case 1:
			again.Email = fmt.Sprintf("Changed%d@Example.org", i)
			if m.IntN(2) == 0 {
				again.Email = fmt.Sprintf("Chänged%d@Other.example", i)
			}
			m.site.Events = append(m.site.Events, madeEvent{emailChanged, again})
		case 2:
			m.site.Events = append(m.site.Events, madeEvent{deleted, again})
		}
	}
}

// links makes some users linked already, and some addresses and contacts somebody else's.
func (m *maker) links() {
	if m.site.Actor {
		m.site.Links = append(m.site.Links, madeLink{m.site.Domain, adminUser, "admin@example.org", adminContact})
	}
	var users []madeUser
	users = append(users, m.site.Users...)
	for _, e := range m.site.Events {
		users = append(users, e.User)
	}
	free := m.Perm(len(m.site.Contacts))
	next := func() uint32 {
		c := m.site.Contacts[free[0]]
		free = free[1:]
		if c.ID == adminContact {
			return 0
		}
		return c.ID
	}
	for range len(users) / 4 {
		if len(free) == 0 {
			return
		}
		l := madeLink{Domain: m.site.Domain, ContactID: next(), Name: m.written(linktest.Pick(m.Rand, m.emails))}
		switch m.IntN(5) {
		case 0:
			l.UserID = goneUser + uint32(m.IntN(100))
		case 1:
			l.Domain, l.UserID = 3-m.site.Domain, linktest.Pick(m.Rand, users).ID
		default:
			u := linktest.Pick(m.Rand, users)
			l.UserID, l.Name = u.ID, u.Email
		}
		m.site.Links = append(m.site.Links, l)
	}
}
