package mysql

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"userlink/sidecar/link"
)

// userState is our row of a user: what happened to him, and the lock that serialises what happens next.
type userState struct {
	UfID        uint32
	LastEventAt *time.Time
	DeletedAt   *time.Time
	LeftAloneAt *time.Time
	ProvedAt    *time.Time // the last login that we were told of; only where the site wants proofs, as the next two
	EmailHash   []byte     // of the address as it was last seen
	EmailSince  *time.Time // when it was first seen to be another one; nil: it always was

	Proof *time.Time `gorm:"-"` // when the user proved the address; see prove
}

// lockUsers locks our rows of the users, in the order of their ids, and makes those that are missing. Two transactions about
// one user go one after the other. Each row is changed, too: the other nodes of a cluster see no lock, they compare what was
// written, and the later of two transactions fails at its commit.
func (s *Site) lockUsers(tx *gorm.DB, ids []uint32) (map[uint32]userState, error) {
	if len(ids) == 0 {
		return map[uint32]userState{}, nil
	}
	made := int64(0)
	text := newRowsText("INSERT INTO userlink_user (site_id, uf_id) VALUES ", len(ids))
	for n, id := range ids {
		if err := text.add(s.ID, id); err != nil {
			return nil, err
		}
		if n+1 < len(ids) && !text.full() {
			continue
		}
		done, err := text.send(tx.Statement.Context, tx.Statement.ConnPool, " ON DUPLICATE KEY UPDATE turn = turn + 1")
		if err != nil {
			return nil, fmt.Errorf("lock users: %w", err)
		}
		changed, err := done.RowsAffected()
		if err != nil {
			return nil, err
		}
		made += changed
	}
	// A row that is made counts once, one that was there twice.
	if made == int64(len(ids)) {
		return map[uint32]userState{}, nil
	}
	return s.userStates(tx, ids)
}

// userStates reads our rows of the users without a lock, for who only looks. A user of whom nothing is known has no entry.
func (s *Site) userStates(tx *gorm.DB, ids []uint32) (map[uint32]userState, error) {
	var found []userState
	// Most rows are mere locks.
	if err := tx.Raw("SELECT uf_id, last_event_at, deleted_at, left_alone_at, proved_at, email_hash, email_since FROM userlink_user WHERE site_id = ? AND "+among("uf_id", ids)+
		" AND (last_event_at IS NOT NULL OR deleted_at IS NOT NULL OR left_alone_at IS NOT NULL OR proved_at IS NOT NULL OR email_hash IS NOT NULL OR email_since IS NOT NULL)", s.ID).Scan(&found).Error; err != nil {
		return nil, fmt.Errorf("read users' state: %w", err)
	}
	states := make(map[uint32]userState, len(found))
	for _, f := range found {
		states[f.UfID] = f
	}
	return states, nil
}

// see looks at users whose states are known. note writes down what is remembered of their addresses, which needs their locks.
func (s *Site) see(ctx context.Context, tx *gorm.DB, c *civicrm, users []link.User, states map[uint32]userState, withEmail, note bool) ([]link.Seen, error) {
	if err := s.prove(ctx, tx, users, states, s.now(), note); err != nil {
		return nil, err
	}
	seen, err := s.look(ctx, tx, c, users, withEmail)
	if err != nil {
		return nil, err
	}
	seeStates(users, states, seen)
	return seen, nil
}

// seeStates adds to what was seen what our own rows say.
func seeStates(users []link.User, states map[uint32]userState, seen []link.Seen) {
	for i, u := range users {
		state := states[u.ID]
		seen[i].Gone, seen[i].LeftAlone, seen[i].Proved = state.DeletedAt != nil, state.LeftAloneAt != nil, state.Proof != nil
	}
}

func userIDs(users []link.User) []uint32 {
	ids := make([]uint32, len(users))
	for i, u := range users {
		ids[i] = u.ID
	}
	return ids
}
