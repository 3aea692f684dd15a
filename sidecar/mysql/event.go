package mysql

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
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
	attempts := 0
	var empties *afterwards
	err = s.db.inTransaction(ctx, func(tx *gorm.DB) error {
		attempts++
		if err := s.rememberToken(ctx, tx, jti, expires); err != nil {
			return err
		}
		a := &applying{site: s, tx: tx, civicrm: c, ev: ev, at: s.timeOf(ev), rule: s.Policy.Rule(s.CMS, ev.Type, ev.Hook), known: attempts > 1}
		result, err = a.apply(ctx)
		empties = &a.empties
		return err
	})
	if err == nil && !empties.done {
		s.forgetCaches(ctx, c, []link.Result{result})
	}
	return result, outward(err)
}

// TokenFresh remembers a token and tells whether it had not been seen before.
func (s *Site) TokenFresh(ctx context.Context, jti string, expires time.Time) (bool, error) {
	err := s.db.inTransaction(ctx, func(tx *gorm.DB) error { return s.rememberToken(ctx, tx, jti, expires) })
	if errors.Is(err, link.ErrReplayed) {
		return false, nil
	}
	return err == nil, outward(err)
}

func (s *Site) rememberToken(ctx context.Context, tx *gorm.DB, jti string, expires time.Time) error {
	_, err := tx.Statement.ConnPool.ExecContext(ctx, "INSERT INTO userlink_token (site_id, jti, expires_at) VALUES (?, ?, ?)", s.ID, jti, expires.UTC(), &later{taken: link.ErrReplayed})
	return err
}

// earliest is the time that an event counts as which claims to be older: no CMS is.
var earliest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

// applying is one event in its transaction.
type applying struct {
	site    *Site
	tx      *gorm.DB
	civicrm *civicrm
	ev      link.Event
	at      time.Time // when it counts as having happened
	rule    link.Rule
	known   bool // the user's row was there before, or this is not the first attempt: something may be remembered of him or the event
	seen    link.Seen
	empties afterwards // CiviCRM's caches
}

func (a *applying) apply(ctx context.Context) (link.Result, error) {
	if err := a.lockAndLook(ctx); err != nil {
		return link.Result{}, err
	}
	states := map[uint32]userState{}
	if a.known {
		answer, found, err := a.remembered(ctx, states)
		if err != nil || found {
			return answer, err
		}
	}
	stale := isStale(states[a.ev.User.ID], a.at)
	if !stale {
		if err := a.site.noteLogin(a.tx, a.ev, states, a.at); err != nil {
			return link.Result{}, err
		}
	}
	if err := a.site.know(ctx, a.tx, &a.ev.User, states, a.at, !stale); err != nil {
		return link.Result{}, err
	}
	if !a.applies() {
		return a.answer(ctx, resultOf(link.Decision{Outcome: link.Ignored, Reason: link.ByPolicy}))
	}
	if stale {
		return a.answer(ctx, resultOf(link.Decision{Outcome: link.Ignored, Reason: link.StaleEvent}))
	}
	result, err := a.carryOut(ctx, states)
	if err != nil {
		return link.Result{}, err
	}
	return a.answer(ctx, result)
}

// applies tells whether the policy has something to say about the event: only then does it make older ones stale.
func (a *applying) applies() bool { return a.rule != link.Ignore || a.ev.Type == link.Deleted }

// lockAndLook locks the user's row, as lockUsers does, and looks at the user under that lock: with one round trip if the
// database knows nothing of him.
func (a *applying) lockAndLook(ctx context.Context) error {
	l := newLook(a.site, a.tx.WithContext(ctx), a.civicrm, []link.User{a.ev.User})
	if err := l.emailKeys(ctx); err != nil {
		return err
	}
	made, traces, err := a.lock(ctx, l)
	if err != nil {
		return fmt.Errorf("lock user: %w", err)
	}
	a.known = a.known || !made
	if !a.applies() {
		return nil
	}
	steps := []func(context.Context) error{l.byDedupeRule}
	if traces {
		steps = []func(context.Context) error{l.atOnce, l.byDedupeRule}
	}
	err = l.take(ctx, a.rule == link.KeepEmail || a.rule == link.EnsureLinkAndEmail, steps...)
	a.seen = l.seen[0]
	return err
}

// lock tells whether the user's row was made just now, and whether there is anything for a look to find.
func (a *applying) lock(ctx context.Context, l *look) (made, traces bool, err error) {
	var heardOf any // a row that is new says at once what noteEvent would say of it
	if a.applies() && a.ev.Type != link.Deleted {
		heardOf = a.at
	}
	_, err = a.tx.Statement.ConnPool.ExecContext(ctx, "INSERT INTO userlink_user (site_id, uf_id, last_event_at) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE turn = turn + 1",
		a.site.ID, a.ev.User.ID, heardOf, &later{})
	if err != nil {
		return false, false, err
	}
	// A row that was there counts twice. Nothing may come in between that the server counts rows of.
	err = a.tx.Statement.ConnPool.QueryRowContext(ctx, "SELECT ROW_COUNT() = 1, "+l.traces()).Scan(&made, &traces)
	return made, traces, err
}

// remembered returns the answer that the event got when it came before, or completes what is known of the user.
func (a *applying) remembered(ctx context.Context, states map[uint32]userState) (answer link.Result, found bool, err error) {
	read, err := a.site.userStates(a.tx, []uint32{a.ev.User.ID})
	if err != nil {
		return answer, false, err
	}
	maps.Copy(states, read)
	answers, err := a.site.rememberedAnswers(ctx, a.tx, []string{a.ev.ID})
	answer, found = answers[a.ev.ID]
	return answer, found, err
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

// carryOut decides, and writes what was decided.
func (a *applying) carryOut(ctx context.Context, states map[uint32]userState) (link.Result, error) {
	users, seen := []link.User{a.ev.User}, []link.Seen{a.seen}
	seeStates(users, states, seen)
	var err error
	if seen[0].Gone, err = a.site.isGone(ctx, a.tx, a.ev, a.at, seen[0].Gone); err != nil {
		return link.Result{}, err
	}
	decision := a.site.batch(a.civicrm).Decide(a.rule, a.ev.User, seen[0])
	id, err := uuid.Parse(a.ev.ID)
	if err != nil {
		return link.Result{}, err
	}
	results, err := a.site.write(ctx, a.tx, a.civicrm, a.site.newJournal(a.tx, causeEvent, id, a.ev.ActorUserID), users, []link.Decision{decision})
	if err != nil {
		return link.Result{}, err
	}
	if a.known || a.ev.Type == link.Deleted {
		if err := a.site.noteEvent(ctx, a.tx, a.ev, a.at); err != nil {
			return link.Result{}, err
		}
	}
	if a.known || results[0].Outcome == link.Conflict { // who is listed has a row
		if err := a.site.noteConflicts(a.tx, a.rule, []link.User{a.ev.User}, []link.Result{results[0]}); err != nil {
			return link.Result{}, err
		}
	}
	if results[0].Outcome == link.Created && a.civicrm.joinsGroup == 0 {
		_, err = a.tx.Statement.ConnPool.ExecContext(ctx, emptyACLs, &a.empties)
	}
	return results[0], err
}

func (s *Site) noteEvent(ctx context.Context, tx *gorm.DB, ev link.Event, at time.Time) error {
	deleted := "NULL"
	if ev.Type == link.Deleted {
		deleted = "VALUES(last_event_at), left_alone_at = NULL" // nobody is left to be left alone
	}
	_, err := tx.Statement.ConnPool.ExecContext(ctx, "INSERT INTO userlink_user (site_id, uf_id, last_event_at) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE last_event_at = VALUES(last_event_at), deleted_at = "+deleted,
		s.ID, ev.User.ID, at, &later{})
	return err
}

// answer remembers the answer. The same id about another user, at the same moment, makes the commit fail: the next attempt
// finds that one's answer.
func (a *applying) answer(ctx context.Context, result link.Result) (link.Result, error) {
	answer, err := json.Marshal(result)
	if err != nil {
		return link.Result{}, err
	}
	_, err = a.tx.Statement.ConnPool.ExecContext(ctx, "INSERT INTO userlink_delivery (site_id, event_id, uf_id, answer, answered_at) VALUES (?, ?, ?, ?, ?)",
		a.site.ID, a.ev.ID, a.ev.User.ID, string(answer), a.site.now(), &later{taken: errTakenMeanwhile})
	return result, err
}

// placeholders returns "(?,?),(?,?)" and so on.
func placeholders(rows, width int) string {
	row := "(" + strings.TrimSuffix(strings.Repeat("?,", width), ",") + "),"
	return strings.TrimSuffix(strings.Repeat(row, rows), ",")
}
