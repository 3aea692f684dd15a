package mysql

import (
	"strings"
	"testing"

	"gorm.io/gorm"
)

// UsedBy asks, for the tests outside of this package, who uses the contacts.
func (s *Site) UsedBy(t testing.TB, contacts ...uint32) (used map[uint32]string, err error) {
	t.Helper()
	err = s.db.inTransaction(t.Context(), func(tx *gorm.DB) error {
		r, err := readReferences(tx)
		if err == nil {
			used, err = r.usedBy(tx, tableContact, contacts)
		}
		return err
	})
	return used, err
}

// However many rows are asked about, no statement is longer than a server takes.
func TestQuestionsAreFewAndNotTooLong(t *testing.T) {
	r := references{list: []reference{
		{Target: tableContact, Table: "a", Column: "x"},
		{Target: tableContact, Table: "b", Column: "y", Entity: true},
		{Target: tableEmail, Table: "c", Column: "z"},
		{Target: tableContact, Table: "d", Column: "u"},
	}}
	near, far := make([]uint32, 100_000), make([]uint32, 100_000)
	for i := range near {
		near[i], far[i] = uint32(i+1), uint32(10*i+1)
	}
	if got := r.questions(tableContact, near); len(got) != 1 || strings.Count(got[0], "SELECT") != 3 || strings.Contains(got[0], "FROM `c`") {
		t.Errorf("%d questions about a range: %.300s", len(got), got)
	}
	if got := r.questions(tableContact, far); len(got) != 3 || strings.Contains(got[0], "UNION") {
		t.Errorf("%d questions about a long list", len(got))
	}
	if got := r.questions(tableEmail, near); len(got) != 1 || got[0] != "SELECT DISTINCT 2 AS ref, `z` AS id FROM `c` WHERE `z` BETWEEN 1 AND 100000" {
		t.Errorf("%q", got)
	}
}
