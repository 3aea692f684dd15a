package parity

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// What the comparison itself can and cannot see.

func TestFewerKeepsTheCulprits(t *testing.T) {
	var list []int
	for i := range 100 {
		list = append(list, i)
	}
	tries := 0
	got := fewer(list, func(some []int) bool {
		tries++
		return slices.Contains(some, 37) && slices.Contains(some, 61)
	})
	if !slices.Equal(got, []int{37, 61}) || tries > 60 {
		t.Errorf("%v after %d tries", got, tries)
	}
}

func TestChangesAreSeen(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	w := &twins{refs: map[string]map[string]bool{"civicrm_email": {"contact_id": true}, "civicrm_uf_match": {"contact_id": true}, "civicrm_log": {"entity_id": true, "modified_id": true}}}
	before := map[string][]row{
		"civicrm_contact":  {{"id": "1", "display_name": "Old"}},
		"civicrm_email":    {{"id": "5", "contact_id": "1", "email": "old@example.org"}},
		"civicrm_uf_match": nil, "civicrm_log": nil,
	}
	// made is what either side may make of it, with ids of its own.
	made := func(contact, email, log string, change func(map[string][]row)) side {
		after := map[string][]row{
			"civicrm_contact":  {before["civicrm_contact"][0], {"id": contact, "display_name": "Jane", "hash": fmt.Sprintf("%032d", 7), "modified_date": "2026-01-02 03:04:06"}},
			"civicrm_email":    {before["civicrm_email"][0], {"id": email, "contact_id": contact, "email": "jane@example.org"}},
			"civicrm_log":      {{"id": log, "entity_table": "civicrm_contact", "entity_id": contact, "data": "civicrm_contact," + contact, "modified_id": contact}},
			"civicrm_uf_match": {{"id": "1", "uf_id": "42", "contact_id": contact, "uf_name": "Jane@example.org"}},
		}
		if change != nil {
			change(after)
		}
		return side{changes(before, after), w.names(before, after, clock{now, now.Add(time.Second)})}
	}
	same := made("2", "6", "1", nil)
	if found := compareChanges(made("900", "70", "33", nil), same, tally{}); len(found) > 0 {
		t.Errorf("other ids are a difference: %v", found)
	}
	cases := map[string]func(map[string][]row){
		"another value":          func(after map[string][]row) { after["civicrm_email"][1]["email"] = "Jane@example.org" },
		"NULL":                   func(after map[string][]row) { delete(after["civicrm_contact"][1], "display_name") },
		"another owner":          func(after map[string][]row) { after["civicrm_email"][1]["contact_id"] = "1" },
		"another writer":         func(after map[string][]row) { after["civicrm_log"][0]["modified_id"] = "1" },
		"the log of another row": func(after map[string][]row) { after["civicrm_log"][0]["data"] = "civicrm_email,6" },
		"a hash of another form": func(after map[string][]row) { after["civicrm_contact"][1]["hash"] = "7" },
		"another time":           func(after map[string][]row) { after["civicrm_contact"][1]["modified_date"] = "2026-01-02 04:04:06" },
		"a row too many":         func(after map[string][]row) { after["civicrm_email"] = append(after["civicrm_email"], row{"id": "7"}) },
		"a row too few":          func(after map[string][]row) { after["civicrm_log"] = nil },
		"an old row changed":     func(after map[string][]row) { after["civicrm_email"][0] = row{"id": "5", "contact_id": "1"} },
		"an old row gone":        func(after map[string][]row) { after["civicrm_contact"] = after["civicrm_contact"][1:] },
		"a row in another table": func(after map[string][]row) { after["civicrm_group"] = []row{{"id": "1"}} },
	}
	for name, change := range cases {
		if found := compareChanges(made("2", "6", "1", change), same, tally{}); len(found) == 0 {
			t.Errorf("%s is not seen", name)
		}
	}
	trimmed := made("2", "6", "1", func(after map[string][]row) { after["civicrm_uf_match"][0]["uf_name"] = "Jane@example.org " })
	counted := tally{}
	if found := compareChanges(trimmed, same, counted); len(found) > 0 || counted["rows with blanks around an email, listed"] != 1 {
		t.Errorf("blanks around an email: %v %v", found, counted)
	}
}
