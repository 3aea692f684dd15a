package mysql

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"userlink/sidecar/link"
)

// Apply carries out one event: it remembers the token, applies the site's policy, and remembers the answer, all in one
// transaction. A repeat of an event gets the remembered answer.
//
// It returns link.ErrReplayed when the token was used before, and an error that wraps link.ErrUnavailable when the database
// cannot answer now: nothing was written then, and the same event may be sent again with a new token.
func (s *Site) Apply(ctx context.Context, ev link.Event, jti string, expires time.Time) (link.Result, error) {
	c, err := s.settings(ctx)
	if err != nil {
		return link.Result{}, outward(err)
	}
	if result, settled := s.settle(ctx, c, ev, jti, expires); settled {
		return result, nil
	}
	var result link.Result
	err = s.db.inTransaction(ctx, func(tx *gorm.DB) error {
		if err := s.rememberToken(tx, jti, expires); err != nil {
			return err
		}
		result, err = s.applyOnce(ctx, tx, c, ev)
		return err
	})
	if err == nil {
		s.forgetCaches(ctx, c, []link.Result{result})
	}
	return result, outward(err)
}

// TokenFresh remembers a token and tells whether it had not been seen before.
func (s *Site) TokenFresh(ctx context.Context, jti string, expires time.Time) (bool, error) {
	err := s.db.inTransaction(ctx, func(tx *gorm.DB) error { return s.rememberToken(tx, jti, expires) })
	if errors.Is(err, link.ErrReplayed) {
		return false, nil
	}
	return err == nil, outward(err)
}

func (s *Site) rememberToken(tx *gorm.DB, jti string, expires time.Time) error {
	err := tx.Exec("INSERT INTO userlink_token (site_id, jti, expires_at) VALUES (?, ?, ?)", s.ID, jti, expires.UTC()).Error
	if number(err) == errDuplicate {
		return link.ErrReplayed
	}
	return err
}

// earliest is the time that an event counts as which claims to be older: no CMS is.
var earliest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

func (s *Site) applyOnce(ctx context.Context, tx *gorm.DB, c *civicrm, ev link.Event) (link.Result, error) {
	states, err := s.lockUsers(tx, []uint32{ev.User.ID})
	if err != nil {
		return link.Result{}, err
	}
	answers, err := s.rememberedAnswers(ctx, tx, []string{ev.ID})
	if answer, found := answers[ev.ID]; err != nil || found {
		return answer, err
	}
	at := s.timeOf(ev)
	stale := isStale(states[ev.User.ID], at)
	if !stale {
		if err := s.noteLogin(tx, ev, states, at); err != nil {
			return link.Result{}, err
		}
	}
	if err := s.know(ctx, tx, &ev.User, states, at, !stale); err != nil {
		return link.Result{}, err
	}
	result, applied, err := s.decideEvent(ctx, tx, c, ev, states[ev.User.ID], at)
	if err != nil {
		return link.Result{}, err
	}
	if applied {
		if err := s.noteEvent(tx, ev, at); err != nil {
			return link.Result{}, err
		}
		rule := s.Policy.Rule(s.CMS, ev.Type, ev.Hook)
		if err := s.noteConflicts(tx, rule, []link.User{ev.User}, []link.Result{result}); err != nil {
			return link.Result{}, err
		}
	}
	return result, s.rememberAnswer(tx, ev, result)
}

// timeOf is when the event counts as having happened.
func (s *Site) timeOf(ev link.Event) time.Time {
	at := ev.Time.UTC()
	if now := s.now(); at.After(now) {
		at = now // a clock that is ahead must not make every later event stale
	}
	if at.Before(earliest) {
		at = earliest // MySQL has no room for the years before 1000
	}
	return at
}

// isStale tells whether a later event was applied already.
func isStale(state userState, at time.Time) bool {
	return state.LastEventAt != nil && at.Before(*state.LastEventAt)
}

// lateAfter is the age from which on an event counts as late: it waited in an outbox, and no transaction of the CMS that
// could still hide the user lasts so long.
const lateAfter = 10 * time.Minute

// isGone tells whether the user was deleted before the event was handled: the CMS said so, or a late event is about a user
// whom the CMS does not have any more.
func (s *Site) isGone(ctx context.Context, tx *gorm.DB, ev link.Event, at time.Time, said bool) (bool, error) {
	if said && ev.Type != link.Registered {
		return true, nil
	}
	if ev.Type == link.Deleted || s.now().Sub(at) < lateAfter {
		return false, nil
	}
	there, err := s.users.within(tx).Existing(ctx, []uint32{ev.User.ID})
	return !there[ev.User.ID], err
}

// know completes what the site's settings ask for about one user: proofs, roles and status.
func (s *Site) know(ctx context.Context, tx *gorm.DB, user *link.User, states map[uint32]userState, at time.Time, note bool) error {
	users := []link.User{*user}
	if err := s.prove(ctx, tx, users, states, at, note); err != nil {
		return err
	}
	if s.Matching.Only.Everybody() {
		return nil
	}
	return s.users.within(tx).Facts(ctx, s.Matching.Only, []*link.User{user})
}

// decideEvent applies the policy. applied tells whether the policy had something to say: only then does the event make
// older ones stale.
func (s *Site) decideEvent(ctx context.Context, tx *gorm.DB, c *civicrm, ev link.Event, state userState, at time.Time) (result link.Result, applied bool, err error) {
	rule := s.Policy.Rule(s.CMS, ev.Type, ev.Hook)
	if rule == link.Ignore && ev.Type != link.Deleted {
		return resultOf(link.Decision{Outcome: link.Ignored, Reason: link.ByPolicy}), false, nil
	}
	if isStale(state, at) {
		return resultOf(link.Decision{Outcome: link.Ignored, Reason: link.StaleEvent}), false, nil
	}
	users := []link.User{ev.User}
	seen, err := s.look(ctx, tx, c, users, rule == link.KeepEmail || rule == link.EnsureLinkAndEmail)
	if err != nil {
		return link.Result{}, false, err
	}
	seeStates(users, map[uint32]userState{ev.User.ID: state}, seen)
	if seen[0].Gone, err = s.isGone(ctx, tx, ev, at, seen[0].Gone); err != nil {
		return link.Result{}, false, err
	}
	decision := s.batch(c).Decide(rule, ev.User, seen[0])
	id, err := uuid.Parse(ev.ID)
	if err != nil {
		return link.Result{}, false, err
	}
	results, err := s.write(ctx, tx, c, s.newJournal(tx, causeEvent, id, ev.ActorUserID), users, []link.Decision{decision})
	if err != nil {
		return link.Result{}, false, err
	}
	return results[0], true, nil
}

func (s *Site) noteEvent(tx *gorm.DB, ev link.Event, at time.Time) error {
	deleted := "NULL"
	if ev.Type == link.Deleted {
		deleted = "VALUES(last_event_at), left_alone_at = NULL" // nobody is left to be left alone
	}
	return tx.Exec("INSERT INTO userlink_user (site_id, uf_id, last_event_at) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE last_event_at = VALUES(last_event_at), deleted_at = "+deleted,
		s.ID, ev.User.ID, at).Error
}

func (s *Site) rememberAnswer(tx *gorm.DB, ev link.Event, result link.Result) error {
	answer, err := json.Marshal(result)
	if err != nil {
		return err
	}
	err = tx.Exec("INSERT INTO userlink_delivery (site_id, event_id, uf_id, answer, answered_at) VALUES (?, ?, ?, ?, ?)", s.ID, ev.ID, ev.User.ID, string(answer), s.now()).Error
	if number(err) == errDuplicate {
		return errTakenMeanwhile // the same id about another user, at the same moment: the next attempt finds its answer
	}
	return err
}

// placeholders returns "(?,?),(?,?)" and so on.
func placeholders(rows, width int) string {
	row := "(" + strings.TrimSuffix(strings.Repeat("?,", width), ",") + "),"
	return strings.TrimSuffix(strings.Repeat(row, rows), ",")
}
