package mysql

import (
	"context"

	"gorm.io/gorm"

	"userlink/sidecar/link"
)

// relist looks anew at users for whom something was taken back, and puts those who are in conflict now on the list: who
// takes a decision back is asked again, without waiting for the next sync.
func (s *Site) relist(ctx context.Context, ids []uint32) error {
	offers, err := s.offers(ctx, ids)
	if err != nil {
		return err
	}
	var users []link.User
	var results []link.Result
	for _, o := range offers {
		if o.found && o.decision.Outcome == link.Conflict {
			users, results = append(users, o.user), append(results, resultOf(o.decision))
		}
	}
	if len(users) == 0 {
		return nil
	}
	return s.db.inTransaction(ctx, func(tx *gorm.DB) error {
		return s.noteConflicts(tx, link.EnsureLinkAndEmail, users, results)
	})
}
