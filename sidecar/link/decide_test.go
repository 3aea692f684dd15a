package link

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"userlink/shared"
)

var (
	jane   = User{ID: 42, Email: "jane@example.org", FirstName: "Jane", LastName: "Doe", Status: StatusActive, Roles: []string{"member"}}
	holder = Match{ID: 9, UserID: 7, Name: "jane@example.org", NameKey: "JANE", ContactID: 70}
)

func byEmail(contactID uint32) Candidate {
	return Candidate{ContactID: contactID, Primary: true, Rule: MatchEmail}
}

func similar(contactID uint32) Candidate {
	c := byEmail(contactID)
	c.Similar = true
	return c
}

func namesake(contactID uint32) Candidate {
	c := byEmail(contactID)
	c.SameNames = true
	return c
}

func (d Decision) said() string {
	s := fmt.Sprintf("%s/%s", d.Outcome, d.Reason)
	if d.ContactID != 0 {
		s += fmt.Sprintf(" %d", d.ContactID)
	}
	if d.OtherUserID != 0 {
		s += fmt.Sprintf(" other %d", d.OtherUserID)
	}
	return s
}

func TestMatching(t *testing.T) {
	unsupervised := Candidate{ContactID: 5, Rule: MatchUnsupervised}
	taken := byEmail(1)
	taken.TakenBy = 8
	other := byEmail(2)
	other.Primary = false
	tooLong := jane
	tooLong.LastName = strings.Repeat("x", 65)
	cases := []struct {
		name string
		m    Matching
		user User
		seen Seen
		want string
	}{
		{"CiviCRM's way", Matching{}, jane, Seen{Candidates: []Candidate{byEmail(1)}}, "linked/email_primary 1"},
		{"another email", Matching{}, jane, Seen{Candidates: []Candidate{other}}, "linked/email_other 2"},
		{"nobody", Matching{}, jane, Seen{}, "created/no_contact"},
		{"only in the trash", Matching{}, jane, Seen{InTrash: true}, "created/contact_trashed"},
		{"in the trash, too", Matching{}, jane, Seen{InTrash: true, Candidates: []Candidate{byEmail(1)}}, "linked/email_primary 1"},
		{"taken", Matching{}, jane, Seen{Candidates: []Candidate{taken, byEmail(2)}}, "created/contact_taken"},
		{"taken, and the name is too long", Matching{}, tooLong, Seen{Candidates: []Candidate{taken}}, "conflict/name_too_long"},

		{"several", Matching{}, jane, Seen{Candidates: []Candidate{byEmail(1), byEmail(2)}}, "linked/email_ambiguous 1"},
		{"several: first", Matching{OnAmbiguous: TakeFirst}, jane, Seen{Candidates: []Candidate{byEmail(1), byEmail(2)}}, "linked/email_ambiguous 1"},
		{"several: conflict", Matching{OnAmbiguous: AskPerson}, jane, Seen{Candidates: []Candidate{byEmail(1), byEmail(2)}}, "conflict/several_contacts 1"},
		{"several: create", Matching{OnAmbiguous: MakeAnother}, jane, Seen{Candidates: []Candidate{byEmail(1), byEmail(2)}}, "created/passed_over"},
		{"one contact twice is not several", Matching{OnAmbiguous: AskPerson}, jane, Seen{Candidates: []Candidate{byEmail(1), byEmail(1)}}, "linked/email_primary 1"},

		{"similar", Matching{}, jane, Seen{Candidates: []Candidate{similar(1)}}, "linked/email_similar 1"},
		{"similar comes first, as CiviCRM has it", Matching{}, jane, Seen{Candidates: []Candidate{similar(1), byEmail(2)}}, "linked/email_similar 1"},
		{"similar: conflict", Matching{OnSimilar: AskPerson}, jane, Seen{Candidates: []Candidate{similar(1)}}, "conflict/similar_contact 1"},
		{"similar: create", Matching{OnSimilar: MakeAnother}, jane, Seen{Candidates: []Candidate{similar(1)}}, "created/passed_over"},
		{"similar and exact: the exact one", Matching{OnSimilar: AskPerson}, jane, Seen{Candidates: []Candidate{similar(1), byEmail(2)}}, "linked/email_primary 2"},
		{"similar and several exact ones", Matching{OnSimilar: AskPerson, OnAmbiguous: AskPerson}, jane, Seen{Candidates: []Candidate{similar(1), byEmail(2), byEmail(3)}}, "conflict/several_contacts 2"},

		{"names first", Matching{Rules: []MatchRule{MatchEmailAndNames, MatchEmail}}, jane, Seen{Candidates: []Candidate{byEmail(1), namesake(2)}}, "linked/names_match 2"},
		{"names first, and none has them", Matching{Rules: []MatchRule{MatchEmailAndNames, MatchEmail}}, jane, Seen{Candidates: []Candidate{byEmail(1)}}, "linked/email_primary 1"},
		{"names alone, and none has them", Matching{Rules: []MatchRule{MatchEmailAndNames}}, jane, Seen{Candidates: []Candidate{byEmail(1)}}, "created/no_contact"},
		{"two of the same names", Matching{Rules: []MatchRule{MatchEmailAndNames}, OnAmbiguous: AskPerson}, jane, Seen{Candidates: []Candidate{namesake(1), namesake(2)}}, "conflict/several_contacts 1"},
		{"CiviCRM's rule", Matching{Rules: []MatchRule{MatchUnsupervised, MatchEmail}}, jane, Seen{Candidates: []Candidate{byEmail(1), unsupervised}}, "linked/dedupe_rule 5"},
		{"CiviCRM's rule is not asked", Matching{}, jane, Seen{Candidates: []Candidate{unsupervised}}, "created/no_contact"},

		{"not proved", Matching{VerifyEmail: true}, jane, Seen{Candidates: []Candidate{byEmail(1)}}, "ignored/email_unverified"},
		{"not proved, and taken", Matching{VerifyEmail: true}, jane, Seen{Candidates: []Candidate{taken}}, "ignored/email_unverified"},
		{"not proved, and nobody has it", Matching{VerifyEmail: true}, jane, Seen{}, "created/no_contact"},
		{"proved", Matching{VerifyEmail: true}, jane, Seen{Proved: true, Candidates: []Candidate{byEmail(1)}}, "linked/email_primary 1"},

		{"in scope", Matching{Only: Scope{Roles: []string{"x", "member"}, Statuses: []Status{StatusActive}}}, jane, Seen{}, "created/no_contact"},
		{"another role", Matching{Only: Scope{Roles: []string{"x"}}}, jane, Seen{}, "ignored/out_of_scope"},
		{"another status", Matching{Only: Scope{Statuses: []Status{StatusPending}}}, jane, Seen{}, "ignored/out_of_scope"},
		{"nothing is known", Matching{Only: Scope{Statuses: []Status{StatusActive}}}, User{ID: 42, Email: "jane@example.org"}, Seen{}, "ignored/out_of_scope"},
		{"out of scope, and linked", Matching{Only: Scope{Roles: []string{"x"}}}, jane, Seen{Links: []Match{{UserID: 42, ContactID: 3}}}, "already_linked/link_exists 3"},

		{"left alone", Matching{}, jane, Seen{LeftAlone: true, Candidates: []Candidate{byEmail(1)}}, "ignored/left_alone"},
		{"left alone, and linked", Matching{}, jane, Seen{LeftAlone: true, Links: []Match{{UserID: 42, ContactID: 3}}}, "already_linked/link_exists 3"},
		{"left alone, and linked twice", Matching{}, jane, Seen{LeftAlone: true, Links: []Match{{UserID: 42, ContactID: 3}, {UserID: 42, ContactID: 4}}}, "ignored/left_alone"},
		{"gone", Matching{}, jane, Seen{Gone: true}, "ignored/user_gone"},
		{"linked to the trash", Matching{}, jane, Seen{Links: []Match{{UserID: 42, ContactID: 3, Trashed: true}}}, "already_linked/link_trashed 3"},
		{"linked to nobody", Matching{}, jane, Seen{Links: []Match{{UserID: 42, ContactID: 3, Missing: true}}}, "conflict/link_broken"},

		{"held", Matching{}, jane, Seen{NameHolder: &holder}, "conflict/name_held other 7"},
		{"held under another case", Matching{}, User{ID: 42, Email: "JANE@example.org"}, Seen{NameHolder: &holder}, "conflict/name_held other 7"},
		{"held by the collation alone", Matching{}, User{ID: 42, Email: "jané@example.org"}, Seen{NameHolder: &holder}, "conflict/name_similar other 7"},
		{"held by who is gone", Matching{}, jane, Seen{NameHolder: &holder, HolderGone: true}, "conflict/name_stale 70 other 7"},
	}
	for _, c := range cases {
		b := NewBatch(WordPress, SiteRules{Matching: c.m})
		if got := b.Decide(EnsureLink, c.user, c.seen).said(); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestAChangedEmailThatIsHeld(t *testing.T) {
	linked := []Match{{ID: 1, UserID: 42, Name: "old@example.org", NameKey: "OLD", ContactID: 3}}
	cases := map[string]struct {
		user User
		seen Seen
		want string
	}{
		"held":                      {jane, Seen{EmailKey: "JANE", Links: linked, NameHolder: &holder}, "conflict/email_held 3 other 7"},
		"held by who is gone":       {jane, Seen{EmailKey: "JANE", Links: linked, NameHolder: &holder, HolderGone: true}, "conflict/email_stale 3 other 7"},
		"held by the collation":     {User{ID: 42, Email: "jané@example.org"}, Seen{EmailKey: "JANE", Links: linked, NameHolder: &holder}, "conflict/name_similar 3 other 7"},
		"held, and left alone":      {jane, Seen{EmailKey: "JANE", Links: linked, NameHolder: &holder, LeftAlone: true}, "ignored/left_alone"},
		"invalid":                   {User{ID: 42, Email: "jane"}, Seen{EmailKey: "X", Links: linked}, "conflict/email_invalid 3"},
		"free":                      {jane, Seen{EmailKey: "JANE", Links: linked}, "updated/email_changed 3"},
		"free, and out of scope":    {User{ID: 42, Email: "jane@example.org"}, Seen{EmailKey: "JANE", Links: linked}, "updated/email_changed 3"},
		"not changed, in the trash": {User{ID: 42, Email: "old@example.org"}, Seen{EmailKey: "OLD", Links: []Match{{UserID: 42, NameKey: "OLD", ContactID: 3, Trashed: true}}}, "already_linked/link_trashed 3"},
	}
	for name, c := range cases {
		for _, rule := range []Rule{KeepEmail, EnsureLinkAndEmail} {
			b := NewBatch(WordPress, SiteRules{Matching: Matching{Only: Scope{Roles: []string{"member"}}}})
			if got := b.Decide(rule, c.user, c.seen).said(); got != c.want {
				t.Errorf("%s, %s: got %s, want %s", name, rule, got, c.want)
			}
		}
	}
}

// Two users of one batch whose addresses only the collation holds equal.
func TestSimilarInOneBatch(t *testing.T) {
	b := NewBatch(WordPress, SiteRules{})
	b.Decide(EnsureLink, jane, Seen{EmailKey: "JANE"})
	if got := b.Decide(EnsureLink, User{ID: 43, Email: "jané@example.org"}, Seen{EmailKey: "JANE"}).said(); got != "conflict/name_similar other 42" {
		t.Error(got)
	}
	if got := b.Decide(EnsureLink, User{ID: 44, Email: "JANE@example.org "}, Seen{EmailKey: "JANE"}).said(); got != "conflict/name_held other 42" {
		t.Error(got)
	}
}

func TestSameNames(t *testing.T) {
	for _, c := range []struct {
		cms         CMS
		user        User
		first, last string
		want        bool
	}{
		{WordPress, jane, "Jane", "Doe", true},
		{WordPress, jane, "JANE ", " doe", true},
		{WordPress, jane, "Jane", "Dö", false},
		{WordPress, jane, "", "", false},
		{WordPress, User{FirstName: "Jane"}, "Jane", "", false},
		{WordPress, User{LastName: "Doe"}, "", "Doe", false},
		{Joomla, User{Name: "Jane Doe"}, "Jane", "Doe", true},
		{Drupal, jane, "Jane", "Doe", false},
	} {
		if got := SameNames(c.cms, c.user, c.first, c.last); got != c.want {
			t.Errorf("%s %q %q: %v", c.cms, c.first, c.last, got)
		}
	}
}

func TestParseWords(t *testing.T) {
	for _, rule := range MatchRules() {
		if got, err := ParseMatchRule(string(rule)); got != rule || err != nil {
			t.Error(got, err)
		}
	}
	for _, f := range Fallbacks() {
		if got, err := ParseFallback(string(f)); got != f || err != nil {
			t.Error(got, err)
		}
	}
	if got, err := ParseStatus("pending"); got != StatusPending || err != nil {
		t.Error(got, err)
	}
	if _, err := ParseMatchRule("mail"); err == nil || err.Error() != `"mail" is no match rule: write email, email_and_names or unsupervised` {
		t.Error(err)
	}
	if _, err := ParseFallback(""); err == nil {
		t.Error("an empty one is accepted")
	}
	if !(Scope{}).Everybody() || (Scope{Roles: []string{"x"}}).Everybody() || (Scope{Statuses: []Status{StatusActive}}).Everybody() {
		t.Error("everybody")
	}
}

func TestLinkingAtLogin(t *testing.T) {
	for _, c := range []struct {
		cms       CMS
		overrides Policy
		want      Rule
	}{
		{WordPress, nil, EnsureLink},
		{WordPress, Policy{LoggedIn: Ignore}, Ignore},
		{WordPress, Policy{Registered: Ignore}, Ignore},
		{Drupal, nil, EnsureLink},
		{Joomla, nil, Ignore},
	} {
		policy := PolicyOf(c.cms, false, c.overrides)
		before := policy[LoggedIn]
		if got := policy.LinkingAtLogin(c.overrides)[LoggedIn]; got != c.want || policy[LoggedIn] != before {
			t.Errorf("%s %v: got %s, want %s", c.cms, c.overrides, got, c.want)
		}
	}
}

func TestChoices(t *testing.T) {
	twice := []Match{{ID: 1, UserID: 42, ContactID: 3}, {ID: 2, UserID: 42, ContactID: 4}}
	linked := []Match{{ID: 1, UserID: 42, Name: "old@example.org", NameKey: "OLD", ContactID: 3}}
	broken := []Match{{ID: 1, UserID: 42}}
	tooLong := jane
	tooLong.FirstName = strings.Repeat("x", 65)
	stale := Seen{EmailKey: "JANE", NameHolder: &holder, HolderGone: true}
	for name, c := range map[string]struct {
		m    Matching
		user User
		seen Seen
		want string
	}{
		"free":                              {Matching{}, jane, Seen{}, "[link create leave_alone]"},
		"held":                              {Matching{}, jane, Seen{NameHolder: &holder}, "[leave_alone]"},
		"stale":                             {Matching{}, jane, stale, "[take_over link create leave_alone]"},
		"stale, and several would match":    {Matching{OnAmbiguous: AskPerson}, jane, Seen{NameHolder: &holder, HolderGone: true, Candidates: []Candidate{byEmail(1), byEmail(2)}}, "[link create leave_alone]"},
		"stale, linked twice":               {Matching{}, jane, Seen{NameHolder: &holder, HolderGone: true, Links: twice}, "[link leave_alone]"},
		"no email":                          {Matching{}, User{ID: 42}, Seen{}, "[leave_alone]"},
		"name too long":                     {Matching{}, tooLong, Seen{}, "[link leave_alone]"},
		"name too long, stale":              {Matching{}, tooLong, stale, "[link leave_alone]"},
		"linked":                            {Matching{}, jane, Seen{EmailKey: "OLD", Links: linked}, "[]"},
		"linked, and the new email held":    {Matching{}, jane, Seen{EmailKey: "JANE", Links: linked, NameHolder: &holder}, "[leave_alone]"},
		"linked, and the new email stale":   {Matching{}, jane, Seen{EmailKey: "JANE", Links: linked, NameHolder: &holder, HolderGone: true}, "[take_over leave_alone]"},
		"linked twice":                      {Matching{}, jane, Seen{Links: twice}, "[link leave_alone]"},
		"broken":                            {Matching{}, jane, Seen{Links: broken}, "[link create leave_alone]"},
		"left alone":                        {Matching{}, jane, Seen{LeftAlone: true}, "[reconsider]"},
		"gone":                              {Matching{}, jane, Seen{Gone: true}, "[]"},
		"out of scope":                      {Matching{Only: Scope{Roles: []string{"x"}}}, jane, Seen{}, "[]"},
		"unverified":                        {Matching{VerifyEmail: true}, jane, Seen{Candidates: []Candidate{byEmail(1)}}, "[link create leave_alone]"},
		"unverified, stale: a person knows": {Matching{VerifyEmail: true}, jane, Seen{NameHolder: &holder, HolderGone: true, Candidates: []Candidate{byEmail(1)}}, "[take_over link create leave_alone]"},
	} {
		b := NewBatch(WordPress, SiteRules{Matching: c.m})
		d := b.afresh().Decide(EnsureLinkAndEmail, c.user, c.seen)
		if got := fmt.Sprint(b.Choices(d, c.user, c.seen)); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// Whatever was seen: what is decided stands in the contract, a conflict writes nothing, nobody's contact or link is taken,
// no unusable address gets into a link; and a choice is carried out if, and only if, it was offered.
func TestDecidingAnything(t *testing.T) {
	allowed := contractPairs(t)
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 0))
	for n := range 20_000 {
		m, user, seen := anything(r)
		rules := SiteRules{SyncEmail: r.IntN(2) == 0, Matching: m}
		fail := func(what string, d Decision) {
			t.Helper()
			t.Fatalf("seed %d, case %d: %s: %s %+v\nmatching %+v\nuser %+v\nseen %+v", seed, n, what, d.said(), d, m, user, seen)
		}
		hold := func(d Decision) {
			t.Helper()
			switch {
			case !allowed[fmt.Sprintf("%s %s", d.Outcome, d.Reason)]:
				fail("not in the contract", d)
			case (d.Outcome == Conflict || d.Outcome == Ignored || d.Outcome == AlreadyLinked) && d.Writes():
				fail("writes", d)
			case (d.Create != nil || d.LinkTo != 0) && CheckEmail(user.Email) != "":
				fail("an unusable address", d)
			case d.LinkTo != 0 && takenByAnother(seen, d.LinkTo):
				fail("somebody's contact", d)
			case (d.Create != nil || d.LinkTo != 0 || d.Rename != nil) && seen.NameHolder != nil && !seen.HolderGone:
				fail("somebody's address", d)
			}
			for _, m := range d.RemoveLinks {
				if m.UserID != user.ID && (!seen.HolderGone || m != *seen.NameHolder) {
					fail("somebody's link", d)
				}
			}
		}
		for _, rule := range Rules() {
			hold(NewBatch(WordPress, rules).Decide(rule, user, seen))
		}
		b := NewBatch(WordPress, rules)
		d := b.afresh().Decide(EnsureLinkAndEmail, user, seen)
		offered := b.Choices(d, user, seen)
		if d.Outcome == Conflict && len(offered) == 0 {
			fail("a conflict that nobody can do anything about", d)
		}
		for _, choice := range []Choice{ChooseLink, ChooseCreate, ChooseTakeOver, ChooseLeaveAlone, ChooseReconsider} {
			got, ok := b.afresh().Choose(choice, user, seen)
			isOffered := slices.Contains(offered, choice)
			if choice == ChooseLink {
				ok = ok || isOffered && (seen.Chosen == nil || takenByAnother(seen, seen.Chosen.ContactID) || seen.Chosen.TakenBy != 0 || len(seen.Links) > 1)
			}
			if ok != isOffered {
				fail(fmt.Sprintf("%s: offered %v, carried out %v", choice, isOffered, ok), got)
			}
			if ok && got.Outcome != "" {
				hold(got)
			}
		}
	}
}

func takenByAnother(s Seen, contactID uint32) bool {
	candidates := s.Candidates
	if s.Chosen != nil {
		candidates = append(slices.Clone(candidates), *s.Chosen)
	}
	for _, c := range candidates {
		if c.ContactID == contactID && c.TakenBy != 0 && (s.NameHolder == nil || !s.HolderGone || c.TakenBy != s.NameHolder.UserID) {
			return true
		}
	}
	return false
}

// contractPairs are the pairs of outcome and reason that the contract's schema lets through.
func contractPairs(t *testing.T) map[string]bool {
	t.Helper()
	data, err := shared.Schema.ReadFile("schema/outcome.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		AllOf []struct {
			If struct {
				Properties struct{ Outcome struct{ Const string } }
			}
			Then struct {
				Properties struct{ Reason struct{ Enum []string } }
			}
		}
	}
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	pairs := map[string]bool{}
	for _, s := range schema.AllOf {
		for _, reason := range s.Then.Properties.Reason.Enum {
			pairs[s.If.Properties.Outcome.Const+" "+reason] = true
		}
	}
	if len(pairs) < 40 {
		t.Fatalf("only %d pairs were read", len(pairs))
	}
	return pairs
}

// anything makes up settings, a user and what may be seen of him. Contacts and users are few, so that they meet.
func anything(r *rand.Rand) (Matching, User, Seen) {
	pick := func(n int) bool { return r.IntN(n) == 0 }
	m := Matching{VerifyEmail: pick(3)}
	for _, i := range r.Perm(3)[:r.IntN(4)] {
		m.Rules = append(m.Rules, MatchRules()[i])
	}
	fallbacks := append(Fallbacks(), "")
	m.OnAmbiguous, m.OnSimilar = fallbacks[r.IntN(4)], fallbacks[r.IntN(4)]
	if pick(4) {
		m.Only = Scope{Roles: []string{[]string{"member", "x"}[r.IntN(2)]}}
	}
	user := jane
	user.Email = []string{"jane@example.org", "jané@example.org", "", "jane", strings.Repeat("x", 130) + "@example.org"}[min(r.IntN(12), 4)]
	if r.IntN(12) >= 4 {
		user.Email = jane.Email
	}
	if pick(5) {
		user.FirstName = strings.Repeat("x", 65)
	}
	seen := Seen{Gone: pick(8), LeftAlone: pick(8), Proved: pick(2), EmailKey: "JANE", InTrash: pick(4)}
	for range max(0, r.IntN(5)-2) {
		match := Match{ID: uint32(r.IntN(3) + 1), UserID: user.ID, Name: "old@example.org", NameKey: []string{"OLD", "JANE"}[r.IntN(2)], ContactID: uint32(r.IntN(4)), Trashed: pick(4), Missing: pick(6)}
		seen.Links = append(seen.Links, match)
	}
	if pick(2) {
		h := holder
		h.ContactID = uint32(r.IntN(5))
		seen.NameHolder, seen.HolderGone = &h, pick(2)
	}
	candidate := func() Candidate {
		c := Candidate{ContactID: uint32(r.IntN(5) + 1), Primary: pick(2), Rule: MatchEmail, Similar: pick(3), SameNames: pick(2)}
		if pick(3) {
			c.Rule, c.SameNames = MatchUnsupervised, false
		}
		c.TakenBy = []uint32{0, 0, 7, 8, 0}[c.ContactID-1] // one contact has one user
		return c
	}
	for range r.IntN(4) {
		seen.Candidates = append(seen.Candidates, candidate())
	}
	if pick(2) {
		c := candidate()
		seen.Chosen = &c
	}
	return m, user, seen
}

// What ChooseLink can name: each contact once, none of another user's, that of the user who is gone.
func TestOffered(t *testing.T) {
	taken, free, ofTheGone := byEmail(1), byEmail(2), byEmail(70)
	taken.TakenBy, ofTheGone.TakenBy = 8, 7
	seen := Seen{NameHolder: &holder, HolderGone: true, Candidates: []Candidate{taken, free, free, ofTheGone}}
	if got := fmt.Sprint(Offered(jane, seen)); got != fmt.Sprint([]Candidate{free, ofTheGone}) {
		t.Error(got)
	}
	seen.HolderGone = false
	if got := fmt.Sprint(Offered(jane, seen)); got != fmt.Sprint([]Candidate{free}) {
		t.Error(got)
	}
}

func TestUses(t *testing.T) {
	if !(Matching{}).Uses(MatchEmail) || (Matching{}).Uses(MatchUnsupervised) || !(Matching{Rules: []MatchRule{MatchUnsupervised}}).Uses(MatchUnsupervised) {
		t.Error("CiviCRM's way is by email")
	}
}

func TestTheContactsEmailFollows(t *testing.T) {
	b := NewBatch(WordPress, SiteRules{SyncEmail: true})
	seen := Seen{EmailKey: "JANE", Links: []Match{{ID: 1, UserID: 42, Name: "old@example.org", NameKey: "OLD", ContactID: 3}}}
	for name, c := range map[string]struct {
		primary *Email
		want    string
	}{
		"there is none":  {nil, "add jane@example.org"},
		"another":        {&Email{ID: 5, Address: "old@example.org"}, "set 5 jane@example.org"},
		"it is the same": {&Email{ID: 5, Address: "jane@example.org"}, "note 5"},
	} {
		seen.Primary = c.primary
		d := b.Decide(KeepEmail, jane, seen)
		got := fmt.Sprintf("note %d", d.NoteEmail)
		switch {
		case d.AddEmail != "":
			got = "add " + d.AddEmail
		case d.SetEmail != nil:
			got = fmt.Sprintf("set %d %s", d.SetEmail.ID, d.SetEmail.Address)
		}
		if got != c.want || d.UFName != "jane@example.org" {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}
