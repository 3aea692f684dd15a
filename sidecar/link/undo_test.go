package link

import "testing"

func TestUntouched(t *testing.T) {
	contact, email, match, log, user := RowRef{"civicrm_contact", 7}, RowRef{"civicrm_email", 8}, RowRef{"civicrm_uf_match", 9}, RowRef{"civicrm_log", 10}, RowRef{"userlink_user", 1}
	type values = map[string]string
	made := []Change{
		{contact, RowInserted, nil, values{"first_name": "Jane"}},
		{email, RowInserted, nil, values{"email": "jane@example.org", "is_primary": "1"}},
		{log, RowInserted, nil, values{"entity_id": "7"}},
		{match, RowInserted, nil, values{"uf_name": "jane@example.org"}},
	}
	asMade := func() map[RowRef]Row {
		return map[RowRef]Row{
			contact: {Values: values{"first_name": "Jane", "modified_date": "2026-01-31 12:00:00"}, Others: []string{"first_name", "modified_date"}},
			email:   {Values: values{"email": "jane@example.org", "is_primary": "1"}, Others: []string{"email"}},
			log:     {Values: values{"entity_id": "7"}},
			match:   {Values: values{"uf_name": "jane@example.org"}},
		}
	}
	without := func(ref RowRef) map[RowRef]Row {
		rows := asMade()
		delete(rows, ref)
		return rows
	}
	with := func(ref RowRef, row Row) map[RowRef]Row {
		rows := asMade()
		rows[ref] = row
		return rows
	}
	renamed := []Change{{match, RowUpdated, values{"uf_name": "old"}, values{"uf_name": "new"}}}
	fromNull := []Change{{match, RowUpdated, nil, values{"uf_name": "new"}}}
	toNull := []Change{{user, RowUpdated, values{"left_alone_at": "2026-01-31 12:00:00"}, nil}}
	removed := []Change{{match, RowDeleted, values{"uf_name": "old"}, nil}}
	twice := []Change{made[1], {email, RowUpdated, values{"email": "jane@example.org"}, values{"email": "j@example.org"}}}
	tests := []struct {
		name    string
		changes []Change
		now     map[RowRef]Row
		want    Reason
	}{
		{"pass - as it was made, a clock aside", made, asMade(), ""},
		{"pass - a line of the change log is gone", made, without(log), ""},
		{"fail - a value", made, with(contact, Row{Values: values{"first_name": "jane"}}), ContactChanged},
		{"fail - a value is gone", made, with(contact, Row{Values: values{}}), ContactChanged},
		{"fail - a column that was not filled", made, with(contact, Row{Values: values{"first_name": "Jane"}, Others: []string{"nick_name"}}), ContactChanged},
		{"fail - no contact", made, without(contact), RowMissing},
		{"fail - no email", made, without(email), EmailChangedSince},
		{"fail - another email", made, with(email, Row{Values: values{"email": "x@example.org", "is_primary": "1"}}), EmailChangedSince},
		{"fail - no link", made, without(match), LinkChanged},
		{"fail - the link has a language", made, with(match, Row{Values: values{"uf_name": "jane@example.org"}, Others: []string{"language"}}), LinkChanged},
		{"fail - a line of the change log was moved", made, with(log, Row{Values: values{"entity_id": "8"}}), ContactChanged},
		{"fail - all at once: the contact is what counts", made, map[RowRef]Row{contact: {}}, ContactChanged},

		{"pass - an update, whatever else the row holds", renamed, with(match, Row{Values: values{"uf_name": "new"}, Others: []string{"language"}}), ""},
		{"fail - an update, updated again", renamed, with(match, Row{Values: values{"uf_name": "newer"}}), LinkChanged},
		{"fail - an updated row is gone", renamed, nil, LinkChanged},
		{"pass - an update from NULL", fromNull, with(match, Row{Values: values{"uf_name": "new"}}), ""},
		{"pass - an update to NULL", toNull, map[RowRef]Row{user: {}}, ""},
		{"fail - an update to NULL, filled since", toNull, map[RowRef]Row{user: {Values: values{"left_alone_at": "2026-02-01 12:00:00"}}}, DecidedSince},
		{"pass - a row that was deleted", removed, nil, ""},
		{"fail - a row that was deleted has its number taken", removed, asMade(), AddressTaken},
		{"pass - made and updated", twice, map[RowRef]Row{email: {Values: values{"email": "j@example.org", "is_primary": "1"}}}, ""},
		{"fail - made, updated, set back", twice, asMade(), EmailChangedSince},
		{"pass - nothing", nil, nil, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Untouched(test.changes, test.now); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestMade(t *testing.T) {
	contact := RowRef{"civicrm_contact", 7}
	for _, test := range []struct {
		name    string
		changes []Change
		want    int
	}{
		{"made", []Change{{contact, RowInserted, nil, nil}}, 1},
		{"made and updated", []Change{{contact, RowInserted, nil, nil}, {contact, RowUpdated, nil, nil}}, 1},
		{"made and deleted again", []Change{{contact, RowInserted, nil, nil}, {contact, RowDeleted, nil, nil}}, 0},
		{"only updated", []Change{{contact, RowUpdated, nil, nil}}, 0},
		{"a row of another table", []Change{{RowRef{"civicrm_email", 7}, RowInserted, nil, nil}}, 0},
	} {
		if got := Made(test.changes, "civicrm_contact"); len(got) != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}
