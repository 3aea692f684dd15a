package link

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// mended writes decisions as "outcome reason contact", with what they would write.
func mended(decisions []Decision) string {
	lines := make([]string, len(decisions))
	for i, d := range decisions {
		lines[i] = fmt.Sprintf("%s %s %d", d.Outcome, d.Reason, d.ContactID)
		if d.LinkTo != 0 {
			lines[i] += fmt.Sprintf(" link %d as %s", d.LinkTo, d.UFName)
		}
		for _, m := range d.RemoveLinks {
			lines[i] += fmt.Sprintf(" without %d", m.ID)
		}
		if d.Create != nil {
			lines[i] += " create"
		}
		if d.Trash {
			lines[i] += " trash"
		}
		if (d.Outcome == Repaired) != d.Writes() {
			lines[i] += " but writes otherwise"
		}
	}
	return strings.Join(lines, "; ")
}

func TestMendOrphans(t *testing.T) {
	ann := User{ID: 1, Email: "ann@example.org", FirstName: "Ann", LastName: "Lee"}
	free := func(contacts ...uint32) (list []Candidate) {
		for _, id := range contacts {
			list = append(list, Candidate{ContactID: id, Primary: true, Rule: MatchEmail})
		}
		return list
	}
	stale := &Match{ID: 9, UserID: 99, Name: "ann@example.org", ContactID: 5}
	tests := []struct {
		name  string
		rules Matching
		user  User
		seen  Seen
		want  string
	}{
		{"nothing is in the way", Matching{}, ann, Seen{Candidates: free(7, 8)}, "repaired user_linked 7 link 7 as ann@example.org; repaired orphan_trashed 8 trash"},
		{"the contact that somebody uses comes first", Matching{}, ann, Seen{Candidates: free(6, 7, 8)}, "repaired user_linked 6 link 6 as ann@example.org; repaired orphan_trashed 7 trash; repaired orphan_trashed 8 trash"},
		{"orphans alone are no choice for a person", Matching{OnAmbiguous: AskPerson}, ann, Seen{Candidates: free(7, 8)}, "repaired user_linked 7 link 7 as ann@example.org; repaired orphan_trashed 8 trash"},
		{"a used one beside is", Matching{OnAmbiguous: AskPerson}, ann, Seen{Candidates: free(6, 7, 8)}, "kept several_contacts 7; repaired orphan_trashed 8 trash"},
		{"rather the orphan than one more", Matching{OnAmbiguous: MakeAnother}, ann, Seen{Candidates: free(6, 7, 8)}, "repaired user_linked 7 link 7 as ann@example.org; repaired orphan_trashed 8 trash"},
		{"the first one is somebody else's", Matching{}, ann, Seen{Candidates: append([]Candidate{{ContactID: 6, TakenBy: 66, Primary: true, Rule: MatchEmail}}, free(7, 8)...)}, "repaired user_linked 7 link 7 as ann@example.org; repaired orphan_trashed 8 trash"},
		{"the address must be proved first", Matching{VerifyEmail: true}, ann, Seen{Candidates: free(7, 8)}, "kept email_unverified 7; repaired orphan_trashed 8 trash"},
		{"and nothing is taken over before", Matching{VerifyEmail: true}, ann, Seen{Candidates: free(7, 8), NameHolder: stale, HolderGone: true}, "kept name_stale 7; repaired orphan_trashed 8 trash"},
		{"it is proved", Matching{VerifyEmail: true}, ann, Seen{Candidates: free(7, 8), Proved: true}, "repaired user_linked 7 link 7 as ann@example.org; repaired orphan_trashed 8 trash"},
		{
			"the contact of the user who is gone",
			Matching{},
			ann,
			Seen{Candidates: append([]Candidate{{ContactID: 5, TakenBy: 99, Primary: true, Rule: MatchEmail}}, free(7, 8)...), NameHolder: stale, HolderGone: true},
			"repaired user_linked 5 link 5 as ann@example.org without 9; repaired orphan_trashed 7 trash; repaired orphan_trashed 8 trash",
		},
		{"that contact has another address now", Matching{}, ann, Seen{Candidates: free(7, 8), NameHolder: stale, HolderGone: true}, "repaired user_linked 7 link 7 as ann@example.org without 9; repaired orphan_trashed 8 trash"},
		{"the user exists", Matching{}, ann, Seen{Candidates: free(7, 8), NameHolder: stale}, "kept name_held 7; repaired orphan_trashed 8 trash"},
		{"linked by now", Matching{}, ann, Seen{Links: []Match{{ID: 1, UserID: 1, ContactID: 4}}}, "repaired orphan_trashed 7 trash; repaired orphan_trashed 8 trash"},
		{"linked to nothing", Matching{}, ann, Seen{Links: []Match{{ID: 1, UserID: 1}}}, "kept link_broken 7; repaired orphan_trashed 8 trash"},
		{"linked twice", Matching{}, ann, Seen{Links: []Match{{ID: 1, UserID: 1, ContactID: 4}, {ID: 2, UserID: 1, ContactID: 5}}}, "kept linked_twice 7; repaired orphan_trashed 8 trash"},
		{"left alone", Matching{}, ann, Seen{Candidates: free(7, 8), LeftAlone: true}, "kept left_alone 7; repaired orphan_trashed 8 trash"},
		{"not of this site", Matching{Only: Scope{Roles: []string{"member"}}}, ann, Seen{Candidates: free(7, 8)}, "kept out_of_scope 7; repaired orphan_trashed 8 trash"},
		{"gone meanwhile", Matching{}, ann, Seen{Candidates: free(7, 8), Gone: true}, "kept user_gone 7; repaired orphan_trashed 8 trash"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.seen.EmailKey = "ANN@EXAMPLE.ORG"
			b := NewBatch(WordPress, SiteRules{Matching: test.rules})
			before := slices.Clone(test.seen.Candidates)
			got := mended(b.Repair(FindOrphan, Case{User: test.user, Seen: test.seen, Orphans: []uint32{7, 8}}))
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if !slices.Equal(before, test.seen.Candidates) {
				t.Error("what was seen has changed")
			}
		})
	}
}

func TestOrphansOfTwoUsersWithOneAddress(t *testing.T) {
	b := NewBatch(WordPress, SiteRules{})
	first := b.Repair(FindOrphan, Case{User: User{ID: 1, Email: "a@example.org"}, Seen: Seen{EmailKey: "A"}, Orphans: []uint32{7}})
	second := b.Repair(FindOrphan, Case{User: User{ID: 2, Email: "A@example.org"}, Seen: Seen{EmailKey: "A"}, Orphans: []uint32{8}, Lost: []uint32{9}})
	if got, want := mended(first)+"; "+mended(second), "repaired user_linked 7 link 7 as a@example.org; kept orphan_used 9; kept name_held 8"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestMadeForUser(t *testing.T) {
	ann := User{ID: 1, Email: "ann@example.org", FirstName: "Ann", LastName: "Lee", Name: "Ann Mary Lee"}
	tests := []struct {
		name   string
		cms    CMS
		user   User
		stored Names
		want   bool
	}{
		{"no name", WordPress, ann, Names{}, true},
		{"the same", WordPress, ann, Names{First: "Ann", Last: "Lee"}, true},
		{"married", WordPress, ann, Names{First: "Ann", Last: "Before"}, true},
		{"first name alone", WordPress, ann, Names{First: "Ann"}, true},
		{"another person of the family", WordPress, ann, Names{First: "Bob", Last: "Lee"}, false},
		{"last name alone", WordPress, ann, Names{Last: "Lee"}, false},
		{"a user without a name", WordPress, User{ID: 1, Email: "ann@example.org"}, Names{First: "Ann"}, false},
		{"only a last name", WordPress, User{ID: 1, LastName: "Lee"}, Names{Last: "Lee"}, true},
		{"one name, split", Joomla, ann, Names{First: "Ann", Middle: "Mary", Last: "Lee"}, true},
		{"Drupal gives no names", Drupal, ann, Names{First: "Ann", Last: "Lee"}, false},
		{"as it is stored", WordPress, User{ID: 1, FirstName: "<b>", LastName: "x"}, Names{First: "&lt;b&gt;", Last: "x"}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := MadeForUser(test.cms, Defaults{Version: "5.77.0"}, test.user, test.stored); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestRepairOfLinks(t *testing.T) {
	ann := User{ID: 1, Email: "ann@example.org"}
	sound := Match{ID: 1, UserID: 1, Name: "old@example.org", NameKey: "OLD", ContactID: 4}
	trashed, gone := Match{ID: 2, UserID: 1, ContactID: 5, Trashed: true}, Match{ID: 3, UserID: 1, ContactID: 6, Missing: true}
	links := func(list ...Match) Seen { return Seen{EmailKey: "ANN", Links: list} }
	email := func(id uint32, key string, primary bool) ContactEmail {
		return ContactEmail{Email: Email{ID: id, Address: key}, Key: key, Primary: primary}
	}
	tests := []struct {
		name    string
		finding Finding
		c       Case
		want    string
	}{
		{"a user who exists", FindUserMissing, Case{User: ann, Seen: links(sound)}, ""},
		{"a user who does not, with two links", FindUserMissing, Case{User: User{ID: 1}, Missing: true, Seen: links(sound, gone)}, "repaired link_removed 4 without 1 without 3"},
		{"a contact that is not there", FindContactMissing, Case{User: ann, Seen: links(gone)}, "repaired link_removed 6 without 3"},
		{"one of two", FindContactMissing, Case{User: ann, Seen: links(sound, gone)}, "repaired link_removed 6 without 3"},
		{"in the trash is not missing", FindContactMissing, Case{User: ann, Seen: links(trashed)}, ""},
		{"the one link that leads somewhere", FindLinkedTwice, Case{User: ann, Seen: links(trashed, sound, gone)}, "repaired link_removed 4 without 2 without 3"},
		{"none leads anywhere", FindLinkedTwice, Case{User: ann, Seen: links(trashed, gone)}, "kept linked_twice 5"},
		{"two do", FindLinkedTwice, Case{User: ann, Seen: links(sound, Match{ID: 7, UserID: 1, ContactID: 8})}, "kept linked_twice 4"},
		{"twice, left alone", FindLinkedTwice, Case{User: ann, Seen: Seen{Links: []Match{sound, gone}, LeftAlone: true}}, "kept left_alone 4"},
		{"once", FindLinkedTwice, Case{User: ann, Seen: links(sound)}, ""},
		{"the name in step", FindNameDiffers, Case{User: ann, Seen: Seen{EmailKey: "OLD", Links: []Match{sound}}}, ""},
		{"a blank overwrites nothing", FindNameDiffers, Case{User: User{ID: 1, Email: " "}, Seen: links(sound)}, ""},
		{"held", FindNameDiffers, Case{User: ann, Seen: Seen{EmailKey: "ANN", Links: []Match{sound}, NameHolder: &Match{UserID: 2, Name: "ann@example.org"}}}, "kept email_held 4"},
		{"held by a user who is gone", FindNameDiffers, Case{User: ann, Seen: Seen{EmailKey: "ANN", Links: []Match{sound}, NameHolder: &Match{UserID: 2, Name: "ann@example.org"}, HolderGone: true}}, "kept email_stale 4"},
		{"free", FindNameDiffers, Case{User: ann, Seen: links(sound)}, "repaired name_followed 4"},
		{"the primary email in step", FindEmailDiffers, Case{User: ann, Seen: links(sound), Emails: []ContactEmail{email(1, "ANN", true)}}, ""},
		{"it differs", FindEmailDiffers, Case{User: ann, Seen: links(sound), Emails: []ContactEmail{email(1, "OLD", true)}}, "repaired email_followed 4"},
		{"there is none", FindEmailDiffers, Case{User: ann, Seen: links(sound)}, "repaired email_followed 4"},
		{"among the others", FindEmailDiffers, Case{User: ann, Seen: links(sound), Emails: []ContactEmail{email(1, "OLD", true), email(2, "ANN", false)}}, "kept email_elsewhere 4"},
		{"of a contact that is shared", FindEmailDiffers, Case{User: ann, Seen: links(sound), Sharers: []Match{{UserID: 2}}}, "kept contact_shared 4"},
		{"not an address", FindEmailDiffers, Case{User: User{ID: 1, Email: "ann"}, Seen: links(sound)}, "kept email_invalid 4"},
		{"of a contact in the trash", FindEmailDiffers, Case{User: ann, Seen: links(trashed)}, ""},
		{"in the trash", FindContactTrashed, Case{User: ann, Seen: links(sound, trashed)}, "kept link_trashed 5"},
		{"shared", FindContactShared, Case{User: ann, Seen: links(sound), Sharers: []Match{{UserID: 2}}}, "kept contact_shared 4"},
		{"not shared", FindContactShared, Case{User: ann, Seen: links(sound)}, ""},
		{"a finding that is not known", "headache", Case{User: ann, Seen: links(sound)}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := NewBatch(WordPress, SiteRules{SyncEmail: true})
			if got := mended(b.Repair(test.finding, test.c)); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}
