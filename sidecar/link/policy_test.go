package link

import (
	"strings"
	"testing"
)

// Joomla's own event names, of 1.5 and of 1.6 and later, mean the same; those that come before the fact, and logouts, mean nothing.
func TestJoomlaHooks(t *testing.T) {
	policy := PolicyOf(Joomla, true, nil)
	cases := []struct {
		hook  string
		event EventType
		want  Rule
	}{
		{"onAfterStoreUser", Registered, EnsureLink},
		{"onAfterStoreUser", Updated, EnsureLink},
		{"onLoginUser", LoggedIn, EnsureLink},
		{"onAfterDeleteUser", Deleted, Unlink},
		{"onBeforeStoreUser", Registered, Ignore},
		{"onBeforeDeleteUser", Deleted, Ignore},
		{"onLogoutUser", LoggedIn, Ignore},
		{"onUserAfterSave", Registered, EnsureLink},
		{"onUserAfterSave", Updated, EnsureLink},
		{"onUserLogin", LoggedIn, EnsureLink},
		{"onUserAfterLogin", LoggedIn, EnsureLink},
		{"onUserAfterDelete", Deleted, Unlink},
		{"onUserBeforeSave", Updated, Ignore},
		{"onUserBeforeDelete", Deleted, Ignore},
		{"onUserLogout", LoggedIn, Ignore},
		{"onUserAfterDelete", Registered, Ignore}, // cannot be
		{"com_civicrm", Transaction, EnsureLink},
	}
	for _, c := range cases {
		if got := policy.Rule(Joomla, c.event, c.hook); got != c.want {
			t.Errorf("%s %s: got %s, want %s", c.hook, c.event, got, c.want)
		}
	}
	if got := PolicyOf(WordPress, true, nil).Rule(WordPress, LoggedIn, "onLogoutUser"); got != Ignore {
		t.Errorf("another CMS: %s", got)
	}
}

func TestSiteOverridesSingleCells(t *testing.T) {
	overrides, problems := ParsePolicy(map[string]string{"logged_in": "ensure_link", "user.updated": "ignore", "sync": "ensure_link_and_email"})
	if problems != nil {
		t.Fatal(problems)
	}
	policy := PolicyOf(WordPress, false, overrides)
	for event, want := range map[EventType]Rule{LoggedIn: EnsureLink, Updated: Ignore, Synced: EnsureLinkAndEmail, Registered: EnsureLinkAndEmail} {
		if got := policy.Rule(WordPress, event, ""); got != want {
			t.Errorf("%s: got %s, want %s", event, got, want)
		}
	}
	if got := PolicyOf(WordPress, false, nil).Rule(WordPress, Updated, ""); got != EnsureLinkAndEmail {
		t.Errorf("the table itself was changed: %s", got)
	}
}

func TestParsePolicySaysWhatToWrite(t *testing.T) {
	_, problems := ParsePolicy(map[string]string{"registred": "ensure_link", "updated": "copy", "logged_in": "unlink", "deleted": "ensure_link"})
	if len(problems) != 4 {
		t.Fatalf("%d problems: %v", len(problems), problems)
	}
	for _, p := range problems {
		if !strings.Contains(p.Error(), "write ") && !strings.Contains(p.Error(), "does not fit") {
			t.Error(p)
		}
	}
}

func TestEveryReasonHasASentence(t *testing.T) {
	for reason, sentence := range sentences {
		if sentence == "" || !strings.HasSuffix(sentence, ".") {
			t.Errorf("%s: %q", reason, sentence)
		}
	}
	if len(sentences) < 45 {
		t.Errorf("%d sentences", len(sentences))
	}
}

// Deciding twice for one user gives the same: a transaction that was tried again, a preview's chunk that was.
func TestDecidingTwice(t *testing.T) {
	b := NewBatch(WordPress, SiteRules{})
	u := User{ID: 1, Email: "a@example.org"}
	seen := Seen{EmailKey: "A", Candidates: []Candidate{{ContactID: 7, Primary: true, Rule: MatchEmail}}}
	for range 2 {
		if d := b.Decide(EnsureLink, u, seen); d.Outcome != Linked || d.ContactID != 7 {
			t.Errorf("%+v", d)
		}
	}
	if d := b.Decide(EnsureLink, User{ID: 2, Email: "a@example.org"}, seen); d.Reason != NameHeld || d.OtherUserID != 1 {
		t.Errorf("another user with the address: %+v", d)
	}
	seen.EmailKey = "B"
	if d := b.Decide(EnsureLink, User{ID: 3, Email: "b@example.org"}, seen); d.Reason != ContactTaken || d.Create == nil {
		t.Errorf("another address of the contact: %+v", d)
	}
}
