package mysql

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
)

// maxFailuresInARow stops a run: when so many users in a row cannot be written, the fault is not theirs.
const maxFailuresInARow = 20

// halving does users in one transaction; if that cannot be committed, in two halves, and so on down to one.
type halving struct {
	log    *slog.Logger
	commit func(ctx context.Context, users []link.User) error
	// alone reports the one user who cannot be written. excused tells that nothing is wrong with the database.
	alone  func(ctx context.Context, user link.User, cause error) (excused bool, err error)
	failed int // users in a row
}

func (h *halving) do(ctx context.Context, users []link.User) error {
	err := h.commit(ctx, users)
	if err == nil {
		h.failed = 0
		return nil
	}
	if ctx.Err() != nil || unavailable(err) || errors.Is(err, fullsync.ErrLost) {
		return err
	}
	if len(users) > 1 {
		h.log.Warn("chunk not written, trying smaller ones", "first_user", users[0].ID, "users", len(users), "cause", err)
		half := len(users) / 2
		if err := h.do(ctx, users[:half]); err != nil {
			return err
		}
		return h.do(ctx, users[half:])
	}
	h.log.Warn("user not written", "user", users[0].ID, "cause", err)
	h.failed++
	if h.failed >= maxFailuresInARow {
		return fmt.Errorf("%d users in a row could not be written: %w", h.failed, err)
	}
	excused, err := h.alone(ctx, users[0], err)
	if excused {
		h.failed = 0
	}
	return err
}
