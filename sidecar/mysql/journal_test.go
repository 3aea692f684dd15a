package mysql

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/uuid"

	"userlink/sidecar/link"
)

// What stands in the journal is JSON, whatever a name holds, and says of each column what the row says.
func TestRowsAsJSON(t *testing.T) {
	text, number := "O'Neil \\ \"x\"\n😀\x7f\xff", uint32(7)
	columns := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}
	got := rowJSON(columns, []any{nil, serverNow, &text, (*string)(nil), &number, (*uint32)(nil), true, 1, newID{id: &number}, newID{&number, "civicrm_contact,"}})
	var row map[string]any
	if err := json.Unmarshal(got, &row); err != nil {
		t.Fatalf("%s: %v", got, err)
	}
	if len(row) != 6 || row["i"] != 7.0 || row["j"] != "civicrm_contact,7" || row["c"] != "O'Neil \\ \"x\"\n😀\x7f\uFFFD" || row["e"] != 7.0 || row["g"] != true || row["h"] != 1.0 {
		t.Errorf("%s", got)
	}
	if got := string(rowJSON(columns[:2], []any{nil, "b"})); got != `{"b":"b"}` {
		t.Error(got)
	}
}

func TestJournalPutsAUsersRowsTogether(t *testing.T) {
	j := &journal{byUser: map[uint32]int{}, causeID: uuid.New()}
	j.inserted(1, "no_contact", tableContact, 10, []string{"first_name"}, []any{"A"})
	j.inserted(2, "no_contact", tableContact, 11, []string{"first_name"}, []any{"B"})
	j.updated(1, "no_contact", tableMatch, 12, "uf_name", "a", "b")
	j.deleted(2, "no_contact", tableMatch, 13, []string{"uf_id"}, []any{uint32(2)})
	want := []string{
		`[{"table":"civicrm_contact","row_id":10,"change":"insert","after":{"first_name":"A"}},{"table":"civicrm_uf_match","row_id":12,"change":"update","before":{"uf_name":"a"},"after":{"uf_name":"b"}}`,
		`[{"table":"civicrm_contact","row_id":11,"change":"insert","after":{"first_name":"B"}},{"table":"civicrm_uf_match","row_id":13,"change":"delete","before":{"uf_id":2}}`,
	}
	for i, u := range j.users {
		if string(u.changes) != want[i] {
			t.Errorf("got %s", u.changes)
		}
	}
}

// An item of a report is the same JSON to a reader as encoding/json would make of it.
func TestReportItemIsJSON(t *testing.T) {
	contact, other := uint32(7), uint32(1<<32-1)
	items := []reportItem{
		{},
		{UserID: 1, Outcome: link.Created, Reason: link.NoContact, ContactID: &contact, OtherID: &other, Username: "a", Email: "A@example.org", Name: "Zoë \"O'N\\eil\" 李\x00\n<&>\u2028"},
		{UserID: 3, Outcome: link.AlreadyLinked, Email: string([]byte{0xff, 'x'})},
	}
	for _, some := range [][]reportItem{nil, items[:1], items} {
		packed, err := pack(some)
		if err != nil {
			t.Fatal(err)
		}
		got, err := unpack(packed)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := json.Marshal(append([]reportItem{}, some...))
		if err != nil {
			t.Fatal(err)
		}
		want := []reportItem{}
		if err := json.Unmarshal(plain, &want); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v, %v", got, want, err)
		}
	}
}
