package mysql

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
)

// Step does the next chunk of a job that one process holds: up to limit users after its checkpoint. Its report and the
// checkpoint are committed together, so a crash loses nothing and does nothing twice. It returns the job as it stands now,
// and done when there was no user left. An apply is not done so, but by DoChunk.
//
// memory is what a preview keeps from chunk to chunk: what it decided, and the next chunk, which is read meanwhile. A
// user who cannot be decided about becomes one line in the report; the rest of the chunk goes on.
func (s *Site) Step(ctx context.Context, job fullsync.Job, memory *fullsync.Memory, limit int) (_ fullsync.Job, done bool, err error) {
	switch job.Mode {
	case fullsync.Undo, fullsync.UndoPreview:
		return s.stepUndo(ctx, job, limit)
	case fullsync.Repair, fullsync.RepairPreview:
		return s.stepRepair(ctx, job, memory, limit)
	case fullsync.Preview, fullsync.Apply:
	default:
		return job, false, fmt.Errorf("job %s: no job of mode %q is done in steps", job.ID, job.Mode)
	}
	chunk, err := s.newChunk(ctx, job)
	if err != nil {
		return job, false, outward(err)
	}
	chunk.memory = memory
	if chunk.sifted, err = chunk.next(ctx, limit); err != nil {
		return job, false, outward(err)
	}
	if len(chunk.sifted.users) == 0 {
		return job, true, nil
	}
	err = chunk.do(ctx, chunk.sifted.users)
	return chunk.job, false, outward(err)
}

// chunk is one Step or one DoChunk at work.
type chunk struct {
	site    *Site
	civicrm *civicrm
	job     fullsync.Job
	rule    link.Rule
	memory  *fullsync.Memory // of a preview
	sifted  *sifted          // the users of a preview's step
	lease   *fullsync.Chunk  // of an apply: what of it is not done yet
}

// sifted are users who were presifted: results of those about whom nothing is to be decided, and the indexes of the others.
type sifted struct {
	users   []link.User
	results []link.Result
	open    []int
}

// ahead is a step that is read while the ones before it are decided about.
type ahead struct {
	after uint32
	paged chan struct{} // closed when it is known who the users are,
	last  uint32        // and the id of the last of them; 0: there is none, or this could not be found out
	read  chan struct{} // closed when all the rest is known
	sifted
	err error
}

const (
	stepsAhead = 2
	// stepAhead is the most users of such a step: three of them are in memory.
	stepAhead = 2500
)

// next returns the users after the checkpoint, and lets those after them be read. Two thirds of a preview's time are the
// server's, who looks for the names in usermeta.
func (k *chunk) next(ctx context.Context, limit int) (*sifted, error) {
	if k.memory == nil {
		now := k.readAhead(ctx, k.job.LastUserID, limit)
		<-now.read
		return &now.sifted, now.err
	}
	limit = min(limit, stepAhead)
	var now *ahead
	queue, _ := k.memory.Ahead.([]*ahead)
	if len(queue) > 0 && queue[0].after == k.job.LastUserID {
		now, queue = queue[0], queue[1:]
		<-now.read
	}
	if now == nil || now.err != nil { // what failed while nobody waited for it is tried again
		now, queue = k.readAhead(ctx, k.job.LastUserID, limit), nil
		<-now.read
	}
	k.memory.Ahead = nil
	if now.err != nil {
		return nil, now.err
	}
	end := now
	if len(queue) > 0 {
		end = queue[len(queue)-1]
	}
	for len(queue) < stepsAhead {
		<-end.paged
		if end.last == 0 {
			break
		}
		end = k.readAhead(ctx, end.last, limit)
		queue = append(queue, end)
	}
	k.memory.Ahead = queue
	return &now.sifted, nil
}

// readAhead begins to read a step.
func (k *chunk) readAhead(ctx context.Context, after uint32, limit int) *ahead {
	a := &ahead{after: after, paged: make(chan struct{}), read: make(chan struct{})}
	go func() {
		defer close(a.read)
		if a.users, a.err = k.site.users.Page(ctx, after, limit); len(a.users) > 0 {
			a.last = a.users[len(a.users)-1].ID
		}
		close(a.paged)
		if a.last != 0 {
			a.results = make([]link.Result, len(a.users))
			a.open, a.err = k.presift(ctx, a.users, a.results)
		}
	}()
	return a
}

func (s *Site) newChunk(ctx context.Context, job fullsync.Job) (*chunk, error) {
	c, err := s.settings(ctx)
	if err != nil {
		return nil, err
	}
	return &chunk{site: s, civicrm: c, job: job, rule: s.Policy.Rule(s.CMS, link.Synced, "")}, nil
}

// do does the users in one transaction or, if that cannot be committed, in smaller ones.
func (k *chunk) do(ctx context.Context, users []link.User) error {
	h := halving{
		log:    k.site.log().With("job", k.job.ID),
		commit: func(ctx context.Context, users []link.User) error { return k.commit(ctx, users, false) },
		alone: func(ctx context.Context, user link.User, _ error) (bool, error) {
			return false, k.commit(ctx, []link.User{user}, true)
		},
	}
	return h.do(ctx, users)
}

// commit looks, decides, writes, reports, and moves the checkpoint or ends the lease, in one transaction. asFailed only
// reports the users as failed.
func (k *chunk) commit(ctx context.Context, users []link.User, asFailed bool) error {
	results := make([]link.Result, len(users))
	var open []int // users about whom there is something to decide
	switch {
	case k.sifted != nil && len(users) == len(k.sifted.users) && !asFailed:
		copy(results, k.sifted.results) // they are decided about again if this cannot be committed
		open = k.sifted.open
	case asFailed:
		for i := range users {
			results[i] = failedResult(link.Database)
		}
	default:
		var err error
		if open, err = k.presift(ctx, users, results); err != nil {
			return err
		}
	}
	job := k.job
	err := k.site.db.inTransaction(ctx, func(tx *gorm.DB) error {
		if err := k.decide(ctx, tx, users, open, results); err != nil {
			return err
		}
		if k.job.Mode == fullsync.Apply {
			if err := k.site.noteConflicts(tx, k.rule, users, results); err != nil {
				return err
			}
		}
		var err error
		if k.lease != nil {
			return k.site.closeChunk(tx, *k.lease, users, results)
		}
		job, err = k.site.checkpoint(tx, k.job, users, results)
		return err
	})
	if err != nil {
		return err
	}
	k.job = job
	if k.lease != nil {
		k.lease.After = users[len(users)-1].ID
		k.site.forgetCaches(ctx, k.civicrm, results)
	}
	return nil
}

func failedResult(reason link.Reason) link.Result {
	return link.Result{Outcome: link.Failed, Reason: reason, Actions: []link.Action{}}
}

// presift answers for the users who are linked already, which on a second run is nearly all, with one statement and no
// lock. It returns the others, with their names read.
func (k *chunk) presift(ctx context.Context, users []link.User, results []link.Result) ([]int, error) {
	l := &look{site: k.site, tx: k.site.db.gorm.WithContext(ctx), civicrm: k.civicrm}
	found, err := l.matches(ctx, "uf_id", "AND m.uf_id BETWEEN ? AND ? ORDER BY m.id", users[0].ID, users[len(users)-1].ID)
	if err != nil {
		return nil, err
	}
	links := make(map[uint32][]link.Match, len(found))
	for _, m := range found {
		links[m.UserID] = append(links[m.UserID], m)
	}
	var open []int
	var named []*link.User
	for i := range users {
		u := &users[i]
		own := links[u.ID]
		switch {
		case !readableUser(*u):
			results[i] = failedResult(link.RowUnreadable)
		case k.rule == link.EnsureLink && len(own) == 1 && !own[0].Broken():
			results[i] = resultOf(link.StandingLink(own[0]))
		default:
			open = append(open, i)
			named = append(named, u)
		}
	}
	if err := k.site.users.Names(ctx, named); err != nil {
		return nil, err
	}
	if err := k.site.users.Facts(ctx, k.site.Matching.Only, named); err != nil {
		return nil, err
	}
	readable := open[:0]
	for _, i := range open {
		if readableUser(users[i]) {
			readable = append(readable, i)
		} else {
			results[i] = failedResult(link.RowUnreadable)
		}
	}
	return readable, nil
}

// decide looks at the open users under their locks, decides, and, in an apply, writes.
func (k *chunk) decide(ctx context.Context, tx *gorm.DB, users []link.User, open []int, results []link.Result) error {
	if len(open) == 0 {
		return nil
	}
	some := make([]link.User, len(open))
	for n, i := range open {
		some[n] = users[i]
	}
	states, err := k.lock(tx, userIDs(some))
	if err != nil {
		return err
	}
	seen, err := k.site.see(ctx, tx, k.civicrm, some, states, k.rule == link.EnsureLinkAndEmail, k.job.Mode != fullsync.Preview)
	if err != nil {
		return err
	}
	batch := batchOf(k.memory)
	if batch == nil {
		batch = k.site.batch(k.civicrm)
	}
	decisions := make([]link.Decision, len(some))
	for n := range some {
		decisions[n] = batch.Decide(k.rule, some[n], seen[n])
	}
	decided, err := k.site.carryOut(ctx, tx, k.civicrm, k.job, causeSync, some, decisions)
	for n, i := range open {
		if err == nil {
			results[i] = asSyncResult(decided[n])
		}
	}
	return err
}

func batchOf(memory *fullsync.Memory) *link.Batch {
	if memory == nil {
		return nil
	}
	return memory.Batch
}

// lock takes the users' locks; a preview takes none, and makes no rows.
func (k *chunk) lock(tx *gorm.DB, ids []uint32) (map[uint32]userState, error) {
	if k.job.Mode == fullsync.Preview {
		return k.site.userStates(tx, ids)
	}
	return k.site.lockUsers(tx, ids)
}

// carryOut writes what a job decided about users, and journals it under the job; a preview writes nothing.
func (s *Site) carryOut(ctx context.Context, tx *gorm.DB, c *civicrm, job fullsync.Job, why cause, users []link.User, decisions []link.Decision) ([]link.Result, error) {
	if job.Mode == fullsync.Preview || job.Mode == fullsync.RepairPreview {
		results := make([]link.Result, len(decisions))
		for i, d := range decisions {
			results[i] = resultOf(d)
		}
		return results, nil
	}
	id, err := uuid.Parse(job.ID)
	if err != nil {
		return nil, err
	}
	return s.write(ctx, tx, c, s.newJournal(tx, why, id, job.ActorUserID), users, decisions)
}

// asSyncResult: in a report, a user about whom nothing was to be done is skipped.
func asSyncResult(r link.Result) link.Result {
	if r.Outcome == link.Ignored {
		r.Outcome = link.Skipped
	}
	return r
}
