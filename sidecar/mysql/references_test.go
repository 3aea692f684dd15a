package mysql

import (
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
