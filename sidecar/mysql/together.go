package mysql

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"gorm.io/gorm"

	"userlink/sidecar/link"
)

// together answers events about users whose link stands: most events of a site, and nothing is to be written for them but
// the token, the answer, and when the user was last heard of. Those that arrive while others are being answered are
// answered next, together, with as many statements as one alone and one commit for all. Nothing is given up for that: what
// is remembered is committed before anybody gets an answer.
type together struct {
	mu    sync.Mutex
	queue []*waiting
	busy  int // batches under way
}

// waiting is one event with who waits for its answer.
type waiting struct {
	ev      link.Event
	at      time.Time // when it counts as having happened
	jti     string
	expires time.Time
	result  link.Result

	repeated bool      // the answer was given before
	settled  chan bool // false: it has to be looked at alone; nothing was written, nor the token
}

const (
	batchesAtOnce = 2  // one computes while the other's commit is written
	mostTogether  = 64 // events of a batch
	batchTimeout  = 5 * time.Second
)

// mayStand tells whether an event is worth asking whether the user's link stands. A registration is not, nor what needs
// more than the link to be judged.
func (s *Site) mayStand(ev link.Event, at time.Time) bool {
	switch s.Policy.Rule(s.CMS, ev.Type, ev.Hook) {
	case link.EnsureLink, link.EnsureLinkAndEmail, link.KeepEmail:
	default:
		return false
	}
	return ev.Type != link.Registered && !s.Matching.VerifyEmail && s.Matching.Only.Everybody() && s.now().Sub(at) < lateAfter
}

// settle answers the event if the user's link stands. settled is false if it does not, or if that could not be found out.
func (s *Site) settle(ctx context.Context, c *civicrm, ev link.Event, jti string, expires time.Time) (result link.Result, settled bool) {
	w := &waiting{ev: ev, at: s.timeOf(ev), jti: jti, expires: expires, settled: make(chan bool, 1)}
	if !s.mayStand(ev, w.at) {
		return link.Result{}, false
	}
	t := &s.together
	t.mu.Lock()
	t.queue = append(t.queue, w)
	begin := t.busy < batchesAtOnce
	if begin {
		t.busy++
	}
	t.mu.Unlock()
	if begin {
		go s.answerQueue(context.WithoutCancel(ctx), c)
	}
	settled = <-w.settled
	return w.result, settled
}

// answerQueue answers batch after batch until nobody waits.
func (s *Site) answerQueue(ctx context.Context, c *civicrm) {
	for batch := s.together.next(); len(batch) > 0; batch = s.together.next() {
		limited, cancel := context.WithTimeout(ctx, batchTimeout)
		standing, err := s.standing(limited, c, batch)
		if err == nil && len(standing) > 0 {
			err = s.db.once(limited, func(tx *gorm.DB) error { return s.remember(limited, tx, standing) })
		}
		cancel()
		if err != nil { // alone, each finds out whose fault it is
			s.log().Debug("events are looked at one by one", "events", len(batch), "cause", err)
			standing = nil
		}
		for _, w := range standing {
			w.settled <- true
		}
		for _, w := range batch {
			select {
			case w.settled <- false: // no effect on who was answered: one value fits in
			default:
			}
		}
	}
}

// next takes the events that wait, each user's first. It is empty when the caller may go.
func (t *together) next() []*waiting {
	t.mu.Lock()
	defer t.mu.Unlock()
	var batch, rest []*waiting
	users := map[uint32]bool{}
	for _, w := range t.queue {
		if len(batch) < mostTogether && !users[w.ev.User.ID] {
			users[w.ev.User.ID] = true
			batch = append(batch, w)
		} else {
			rest = append(rest, w)
		}
	}
	t.queue = rest
	if len(batch) == 0 {
		t.busy--
	}
	return batch
}

// standing returns those of the batch who have an answer already, or whose link stands so that there is nothing to do.
func (s *Site) standing(ctx context.Context, c *civicrm, batch []*waiting) ([]*waiting, error) {
	db := s.db.gorm.WithContext(ctx)
	users, events := make([]link.User, len(batch)), make([]string, len(batch))
	for i, w := range batch {
		users[i], events[i] = w.ev.User, w.ev.ID
	}
	states, err := s.userStates(db, userIDs(users))
	if err != nil {
		return nil, err
	}
	answers, err := s.rememberedAnswers(ctx, db, events)
	if err != nil {
		return nil, err
	}
	var listed []uint32
	if err := db.Raw("SELECT uf_id FROM userlink_conflict WHERE site_id = ? AND "+just("uf_id", userIDs(users)), s.ID).Scan(&listed).Error; err != nil {
		return nil, err
	}
	l := newLook(s, db, c, users)
	if err := errors.Join(l.emailKeys(ctx), l.links(ctx)); err != nil {
		return nil, err
	}
	seeStates(users, states, l.seen)
	var standing []*waiting
	for i, w := range batch {
		if answer, ok := answers[w.ev.ID]; ok {
			w.result, w.repeated = answer, true
			standing = append(standing, w)
			continue
		}
		if isStale(states[w.ev.User.ID], w.at) || l.seen[i].Gone || len(l.seen[i].Links) != 1 || slices.Contains(listed, w.ev.User.ID) {
			continue
		}
		d := s.batch(c).Decide(s.Policy.Rule(s.CMS, w.ev.Type, w.ev.Hook), w.ev.User, l.seen[i])
		if d.Outcome == link.AlreadyLinked && !d.Writes() {
			w.result = resultOf(d)
			standing = append(standing, w)
		}
	}
	return standing, nil
}

// remember writes the tokens, when the users were last heard of, and the answers. A token that was used before makes it
// fail. What another event has done to a user meanwhile stays if that event is younger.
func (s *Site) remember(ctx context.Context, tx *gorm.DB, standing []*waiting) error {
	slices.SortFunc(standing, func(a, b *waiting) int { return cmp.Compare(a.ev.User.ID, b.ev.User.ID) }) // all lock in one order
	var tokens, heard, answers []any
	for _, w := range standing {
		tokens = append(tokens, s.ID, w.jti, w.expires.UTC())
		if w.repeated {
			continue
		}
		answer, err := json.Marshal(w.result)
		if err != nil {
			return err
		}
		heard = append(heard, s.ID, w.ev.User.ID, w.at)
		answers = append(answers, s.ID, w.ev.ID, w.ev.User.ID, string(answer), s.now())
	}
	for _, step := range []struct {
		statement, after string
		width            int
		args             []any
	}{
		{"INSERT INTO userlink_token (site_id, jti, expires_at) VALUES ", "", 3, tokens},
		{"INSERT INTO userlink_user (site_id, uf_id, last_event_at) VALUES ", ` ON DUPLICATE KEY UPDATE turn = turn + 1,
			deleted_at = IF(last_event_at > VALUES(last_event_at), deleted_at, NULL), last_event_at = GREATEST(COALESCE(last_event_at, VALUES(last_event_at)), VALUES(last_event_at))`, 3, heard},
		{"INSERT INTO userlink_delivery (site_id, event_id, uf_id, answer, answered_at) VALUES ", "", 5, answers},
	} {
		if len(step.args) == 0 {
			continue
		}
		if _, err := tx.Statement.ConnPool.ExecContext(ctx, step.statement+placeholders(len(step.args)/step.width, step.width)+step.after, step.args...); err != nil {
			return err
		}
	}
	return nil
}

// rememberedAnswers returns the answers that events got when they came before, by the events' ids.
func (s *Site) rememberedAnswers(ctx context.Context, tx *gorm.DB, events []string) (map[string]link.Result, error) {
	answers := map[string]link.Result{}
	err := read(ctx, tx, "SELECT event_id, answer FROM userlink_delivery WHERE site_id = ? AND "+oneOf("event_id", events), []any{s.ID}, func(scan func(...any) error) error {
		var id string
		var answer []byte
		if err := scan(&id, &answer); err != nil {
			return err
		}
		var result link.Result
		err := json.Unmarshal(answer, &result)
		answers[id] = result
		return err
	})
	return answers, err
}
