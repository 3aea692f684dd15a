package mysql

import (
	"cmp"
	"context"
	"database/sql"
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
	busy  int       // batches under way
	began time.Time // the last of them
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
	mostTogether  = 64 // events of a batch
	batchTimeout  = 5 * time.Second
	batchesAtOnce = 4
	// slowBatch is how long one batch keeps the next from beginning beside it. Two at once would be half as large, and a
	// good part of what a batch costs is its statements, however many events they are about. But nobody shall wait long for
	// one that waits for a lock or a slow disk.
	slowBatch = 10 * time.Millisecond
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
	begin := t.busy == 0 || t.busy < batchesAtOnce && s.now().Sub(t.began) > slowBatch
	if begin {
		t.busy++
		t.began = s.now()
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
	for batch := s.together.next(s.now()); len(batch) > 0; batch = s.together.next(s.now()) {
		limited, cancel := context.WithTimeout(ctx, batchTimeout)
		standing, err := s.answer(limited, c, batch)
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

// answer finds the answers of those of the batch whose link stands, and remembers them. That an event was answered before,
// which is rare, shows when its answer is written once more; only then are the answers of all looked for.
func (s *Site) answer(ctx context.Context, c *civicrm, batch []*waiting) ([]*waiting, error) {
	standing, err := s.standing(ctx, c, batch)
	if err == nil {
		err = s.remember(ctx, standing)
	}
	if number(err) != errDuplicate {
		return standing, err
	}
	if err := s.repeats(ctx, batch); err != nil {
		return nil, err
	}
	if standing, err = s.standing(ctx, c, batch); err != nil {
		return nil, err
	}
	return standing, s.remember(ctx, standing)
}

// next takes the events that wait, each user's first. It is empty when nobody waits; then the caller's work is done.
func (t *together) next(now time.Time) []*waiting {
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
	t.began = now
	if len(batch) == 0 {
		t.busy--
	}
	return batch
}

// repeats finds the events of the batch that were answered before.
func (s *Site) repeats(ctx context.Context, batch []*waiting) error {
	events := make([]string, len(batch))
	for i, w := range batch {
		events[i] = w.ev.ID
	}
	answers, err := s.rememberedAnswers(ctx, s.db.gorm.WithContext(ctx), events)
	for _, w := range batch {
		if answer, ok := answers[w.ev.ID]; ok {
			w.result, w.repeated = answer, true
		}
	}
	return err
}

// standing returns those of the batch who have an answer already, or whose link stands so that there is nothing to do.
func (s *Site) standing(ctx context.Context, c *civicrm, batch []*waiting) ([]*waiting, error) {
	found, err := s.onlyLinks(ctx, c, batch)
	if err != nil {
		return nil, err
	}
	var addresses []string // of each event: the user's as it is and folded, the link's
	for _, w := range batch {
		addresses = append(addresses, link.TrimEmail(w.ev.User.Email), link.FoldEmail(w.ev.User.Email), found[w.ev.User.ID].Name)
	}
	keys, err := s.keys.Keys(ctx, s.db.gorm.WithContext(ctx), addresses)
	if err != nil {
		return nil, err
	}
	var standing []*waiting
	decide := s.batch(c)
	for i, w := range batch {
		if !w.repeated {
			only := found[w.ev.User.ID]
			if !only.stands(w.at) {
				continue
			}
			only.NameKey = keys[3*i+2]
			seen := link.Seen{Links: []link.Match{only.Match}, EmailKey: keys[3*i], FoldedKey: keys[3*i+1], LeftAlone: only.leftAlone}
			d := decide.Decide(s.Policy.Rule(s.CMS, w.ev.Type, w.ev.Hook), w.ev.User, seen)
			if d.Outcome != link.AlreadyLinked || d.Writes() {
				continue
			}
			w.result = resultOf(d)
		}
		standing = append(standing, w)
	}
	return standing, nil
}

// onlyLink is a user's link with what we know about the user.
type onlyLink struct {
	link.Match
	links     int          // of the user; with more than one this is any of them
	lastEvent sql.NullTime // UTC
	deleted   bool
	leftAlone bool
	listed    bool // as a conflict
}

// stands tells whether the link alone says what becomes of an event of that time.
func (l onlyLink) stands(at time.Time) bool {
	return l.links == 1 && !l.deleted && !l.listed && (!l.lastEvent.Valid || !at.Before(l.lastEvent.Time))
}

// onlyLinks reads, in one statement, the links of the batch's users and our own rows about those who have one.
func (s *Site) onlyLinks(ctx context.Context, c *civicrm, batch []*waiting) (map[uint32]onlyLink, error) {
	ids := make([]uint32, len(batch))
	for i, w := range batch {
		ids[i] = w.ev.User.ID
	}
	found := make(map[uint32]onlyLink, len(batch))
	query := `SELECT m.uf_id, COALESCE(m.uf_name, ''), COALESCE(m.contact_id, 0), c.is_deleted,
		u.last_event_at, u.deleted_at IS NOT NULL, u.left_alone_at IS NOT NULL, x.uf_id IS NOT NULL
		FROM civicrm_uf_match m ` + c.by(tableMatch, "uf_id") + ` LEFT JOIN civicrm_contact c FORCE INDEX (PRIMARY) ON c.id = m.contact_id
		LEFT JOIN userlink_user u ON u.site_id = ? AND u.uf_id = m.uf_id
		LEFT JOIN userlink_conflict x ON x.site_id = ? AND x.uf_id = m.uf_id
		WHERE m.domain_id = ? AND ` + just("m.uf_id", ids)
	err := read(ctx, s.db.gorm, query, []any{s.ID, s.ID, s.DomainID}, func(scan func(...any) error) error {
		var l onlyLink
		var trashed sql.NullBool // NULL: there is no such contact
		err := scan(&l.UserID, &l.Name, &l.ContactID, &trashed, &l.lastEvent, &l.deleted, &l.leftAlone, &l.listed)
		l.Trashed, l.Missing = trashed.Bool, l.ContactID != 0 && !trashed.Valid
		l.links = found[l.UserID].links + 1
		found[l.UserID] = l
		return err
	})
	return found, err
}

// remember writes the tokens, when the users were last heard of, and the answers. A token that was used before makes it
// fail. What another event has done to a user meanwhile stays if that event is younger.
func (s *Site) remember(ctx context.Context, standing []*waiting) error {
	if len(standing) == 0 {
		return nil
	}
	slices.SortFunc(standing, func(a, b *waiting) int { return cmp.Compare(a.ev.User.ID, b.ev.User.ID) }) // all lock in one order
	tokens := newRowsText("INSERT INTO userlink_token (site_id, jti, expires_at) VALUES ", len(standing))
	heard := newRowsText("INSERT INTO userlink_user (site_id, uf_id, last_event_at) VALUES ", len(standing))
	answers := newRowsText("INSERT INTO userlink_delivery (site_id, event_id, uf_id, answer, answered_at) VALUES ", len(standing))
	now := s.now()
	for _, w := range standing {
		answer, err := json.Marshal(w.result)
		if err == nil {
			err = tokens.add(s.ID, w.jti, w.expires)
		}
		if err == nil && !w.repeated {
			err = errors.Join(heard.add(s.ID, w.ev.User.ID, w.at), answers.add(s.ID, w.ev.ID, w.ev.User.ID, string(answer), now))
		}
		if err != nil {
			return err
		}
	}
	heard.text = append(heard.text, youngest...)
	return s.db.once(ctx, func(tx *gorm.DB) error {
		for _, rows := range []*rowsText{tokens, heard, answers} {
			if rows.rows == 0 { // of repeats there is the token alone
				continue
			}
			if err := rows.sendLater(ctx, tx.Statement.ConnPool, &later{}); err != nil { // with the commit
				return err
			}
		}
		return nil
	})
}

// youngest keeps what a younger event has said about a user.
const youngest = ` ON DUPLICATE KEY UPDATE turn = turn + 1, deleted_at = IF(last_event_at > VALUES(last_event_at), deleted_at, NULL),
	last_event_at = GREATEST(COALESCE(last_event_at, VALUES(last_event_at)), VALUES(last_event_at))`

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
