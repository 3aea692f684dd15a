package mysql

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"gorm.io/gorm"

	"userlink/sidecar/link"
)

// emailHash is what we remember of an address: enough to see that it has changed.
func emailHash(email string) []byte {
	sum := sha256.Sum256([]byte(link.FoldEmail(email)))
	return sum[:16]
}

// provedAt returns when the user proved the address that is his now, or nil: by a login that we were told of, or that the
// CMS's table shows, since the address is the one it is.
func (s userState) provedAt(lastLogin *time.Time) *time.Time {
	for _, at := range []*time.Time{s.ProvedAt, lastLogin} {
		if at != nil && (s.EmailSince == nil || !at.Before(*s.EmailSince)) {
			return at
		}
	}
	return nil
}

// prove finds out, where the site wants it, which of the users have proved to own their address, and completes their
// states. at is the time of the event or now. An address that is another than the last time counts from at on; note writes
// that down, which needs the users' locks.
func (s *Site) prove(ctx context.Context, tx *gorm.DB, users []link.User, states map[uint32]userState, at time.Time, note bool) error {
	if !s.Matching.VerifyEmail {
		return nil
	}
	logins, err := s.users.within(tx).LastLogins(ctx, userIDs(users))
	if err != nil {
		return err
	}
	var changed []any
	for _, u := range users {
		state := states[u.ID]
		state.UfID = u.ID
		if hash := emailHash(u.Email); link.TrimEmail(u.Email) != "" && !bytes.Equal(hash, state.EmailHash) {
			if state.EmailHash != nil {
				state.EmailSince = &at
			}
			state.EmailHash = hash
			changed = append(changed, s.ID, u.ID, state.EmailHash, state.EmailSince)
		}
		var login *time.Time
		if l, ok := logins[u.ID]; ok {
			login = &l
		}
		state.Proof = state.provedAt(login)
		states[u.ID] = state
	}
	const width = 4
	if len(changed) == 0 || !note {
		return nil
	}
	err = tx.Exec("INSERT INTO userlink_user (site_id, uf_id, email_hash, email_since) VALUES "+placeholders(len(changed)/width, width)+
		" ON DUPLICATE KEY UPDATE email_hash = VALUES(email_hash), email_since = VALUES(email_since)", changed...).Error
	if err != nil {
		return fmt.Errorf("note addresses: %w", err)
	}
	return nil
}

// noteLogin remembers that the user logged in.
func (s *Site) noteLogin(tx *gorm.DB, ev link.Event, states map[uint32]userState, at time.Time) error {
	if !s.Matching.VerifyEmail || ev.Type != link.LoggedIn || !link.CanReport(s.CMS, ev.Type, ev.Hook) {
		return nil
	}
	state := states[ev.User.ID]
	if state.ProvedAt != nil && !state.ProvedAt.Before(at) {
		return nil
	}
	state.ProvedAt = &at
	states[ev.User.ID] = state
	return tx.Exec("UPDATE userlink_user SET proved_at = ? WHERE site_id = ? AND uf_id = ?", at, s.ID, ev.User.ID).Error
}
