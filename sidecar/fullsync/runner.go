package fullsync

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"userlink/sidecar/link"
)

// Store is where a site's jobs live and where a chunk is done; package mysql provides it. Its methods' contracts are in
// their doc comments there. Every step is safe to repeat: a chunk commits together with its checkpoint.
type Store interface {
	Create(ctx context.Context, q Request) (Job, error)
	Job(ctx context.Context, id string) (Job, error)
	Claimable(ctx context.Context) (string, error)
	Claim(ctx context.Context, id, owner string, lease time.Duration) (Job, error)
	Beat(ctx context.Context, id, owner string, lease time.Duration) (State, error)
	Step(ctx context.Context, job Job, memory *Memory, limit int) (Job, bool, error)
	Memory(ctx context.Context) (*Memory, error)
	Finish(ctx context.Context, id, owner string, state State, why string) (Job, error)
	Release(ctx context.Context, id, owner string) error
	SharedStore
}

// Memory is what a preview keeps from step to step: it writes nothing that the next step could see.
type Memory struct {
	Batch *link.Batch // what was decided so far
	Ahead any         // what the store has read for the next step
}

const (
	lease       = 5 * time.Second // after a crash another process goes on this much later
	beatEvery   = time.Second
	lookEvery   = 2 * time.Second // for jobs that others left behind
	patience    = 5 * time.Minute // how long a job waits for a database that does not answer
	finalWindow = 5 * time.Second // to write down how a job ended when the process is told to stop
)

// Runner works on the jobs of one site. Several runners, in one process or in many, may share a site: they all work on an
// apply together; any other job the store lets one of them hold at a time.
type Runner struct {
	Workers int    // on an apply; 0: as many as this machine has processors, but 2 to 4
	Limits  Limits // from which on it makes way for the live site

	store  Store
	log    *slog.Logger
	owner  string // host:pid, for people
	holder string // whose the chunks are: pids come back, in containers often
	wake   chan struct{}
	chunk  ChunkSize
}

// NewRunner returns a runner that works under the name host:pid.
func NewRunner(store Store, log *slog.Logger, chunk ChunkSize) *Runner {
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	owner := fmt.Sprintf("%.100s:%d", host, os.Getpid())
	return &Runner{store: store, log: log, owner: owner, holder: owner + "/" + rand.Text(), wake: make(chan struct{}, 1), chunk: chunk, Limits: DefaultLimits}
}

// Start queues a job for whichever runner looks next. Errors: ErrRunning (with the job that is under way), ErrNotFound and
// ErrState (with the job that is meant) about the preview that is to be carried out or the job that is to be undone.
func (r *Runner) Start(ctx context.Context, q Request) (Job, error) {
	if q.PreviewID != "" {
		preview, err := r.store.Job(ctx, q.PreviewID)
		if err != nil {
			return Job{}, err
		}
		q.Mode, q.Finding, q.Undoes = preview.Mode.CarriedOutBy(), preview.Finding, preview.Undoes
		if q.Mode == "" || preview.State != Done {
			return preview, ErrState
		}
	}
	if q.Undoes != "" {
		if done, err := r.store.Job(ctx, q.Undoes); err != nil || !done.CanBeUndone() {
			return done, cmp.Or(err, ErrState)
		}
	}
	job, err := r.store.Create(ctx, q)
	if err == nil {
		r.Wake()
	}
	return job, err
}

// Wake lets Run look for a job now, and not only at its next round.
func (r *Runner) Wake() {
	select {
	case r.wake <- struct{}{}:
	default: // it is awake already
	}
}

// Run works on jobs until ctx ends: new ones at once, those that a dead process left behind when its lease is over.
func (r *Runner) Run(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		r.takeNext(ctx)
		select {
		case <-ctx.Done():
			return
		case <-r.wake:
		case <-tick.C:
		}
	}
}

func (r *Runner) takeNext(ctx context.Context) {
	id, err := r.store.Claimable(ctx)
	if err == nil && id != "" {
		_, err = r.Do(ctx, id, nil)
	}
	if err != nil && ctx.Err() == nil && !errors.Is(err, ErrState) && !errors.Is(err, ErrLost) {
		r.log.Warn("no job could be taken up", "cause", err)
	}
}

// Do takes up one job and works on it to its end, whoever ends it; watch, if not nil, hears how far it is. When ctx ends it
// gives the job back, and another process goes on. Errors: ErrState when the job is paused, has ended or is in other hands,
// ErrLost when it was taken over meanwhile.
func (r *Runner) Do(ctx context.Context, id string, watch func(Job)) (Job, error) {
	job, err := r.store.Job(ctx, id)
	switch {
	case err != nil:
		return job, err
	case job.Mode == Apply:
		return r.share(ctx, id, watch)
	}
	if job, err = r.store.Claim(ctx, id, r.owner, lease); err != nil {
		return job, err
	}
	r.log.Info("sync taken up", "job", job.ID, "mode", job.Mode, "after_user", job.LastUserID, "total", job.Total)
	working, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var paused atomic.Bool
	b := newBrake()
	heart, foot := r.beat(working, stop, job.ID, &paused), r.watchLoad(working, b, job)
	job, err = r.work(working, job, &paused, b, watch)
	stop(nil)
	heart.Wait()
	foot.Wait()
	return r.end(ctx, job, err)
}

// work does chunk after chunk, and rests while the job is paused: what a preview knows is in this process's memory.
func (r *Runner) work(ctx context.Context, job Job, paused *atomic.Bool, b *brake, watch func(Job)) (Job, error) {
	var memory *Memory
	if job.Mode == Preview || job.Mode == RepairPreview {
		var err error
		if memory, err = r.store.Memory(ctx); err != nil {
			return job, err
		}
	}
	size := r.chunk.first()
	var waitingSince time.Time
	var took time.Duration
	for {
		if err := b.wait(ctx, 0, took); err != nil {
			return job, err
		}
		for paused.Load() {
			if err := pause(ctx, lookAgain); err != nil {
				return job, err
			}
		}
		began := time.Now()
		next, done, err := r.store.Step(ctx, job, memory, size)
		switch {
		case ctx.Err() != nil:
			return next, context.Cause(ctx)
		case errors.Is(err, link.ErrUnavailable):
			if waitingSince.IsZero() {
				waitingSince = began
			}
			if time.Since(waitingSince) > patience {
				return next, err
			}
			r.log.Warn("the database does not answer, waiting", "job", job.ID, "cause", err)
			if err := pause(ctx, time.Second); err != nil {
				return next, err
			}
		case err != nil:
			return next, err
		case done:
			return next, nil
		default:
			waitingSince = time.Time{}
			took = time.Since(began)
			size = r.chunk.next(size, took)
		}
		job = next
		if watch != nil {
			watch(job)
		}
	}
}

// errCancelled stops a job because a person said so.
var errCancelled = errors.New("cancelled")

// beat keeps the lease until working ends, ends it when the job is cancelled or lost, and hears of pauses.
func (r *Runner) beat(working context.Context, stop context.CancelCauseFunc, id string, paused *atomic.Bool) *sync.WaitGroup {
	return every(working, beatEvery, func() {
		state, err := r.store.Beat(working, id, r.owner, lease)
		switch {
		case errors.Is(err, ErrLost):
			stop(ErrLost)
		case state == Cancelling:
			stop(errCancelled)
		case err == nil:
			paused.Store(state == Paused)
		}
	})
}

// every calls f again and again until ctx ends.
func every(ctx context.Context, interval time.Duration, f func()) *sync.WaitGroup {
	var going sync.WaitGroup
	going.Go(func() {
		tick := time.NewTicker(interval)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				f()
			}
		}
	})
	return &going
}

// end writes down how the job ended. It has a moment for that even when the process is told to stop.
func (r *Runner) end(ctx context.Context, job Job, cause error) (Job, error) {
	stopped := ctx.Err() != nil
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finalWindow)
	defer cancel()
	switch {
	case errors.Is(cause, ErrLost):
		return job, cause
	case errors.Is(cause, errCancelled):
		return r.finish(ctx, job, Cancelled, "")
	case cause == nil:
		return r.finish(ctx, job, Done, "")
	case stopped:
		r.log.Info("sync given back", "job", job.ID, "after_user", job.LastUserID)
		return job, errors.Join(cause, r.store.Release(ctx, job.ID, r.owner))
	}
	r.log.Error("sync failed", "job", job.ID, "after_user", job.LastUserID, "cause", cause)
	job, err := r.finish(ctx, job, FailedJob, sentence(cause))
	return job, errors.Join(cause, err)
}

func (r *Runner) finish(ctx context.Context, job Job, state State, why string) (Job, error) {
	ended, err := r.store.Finish(ctx, job.ID, r.owner, state, why)
	if err != nil {
		return job, err
	}
	r.logEnd(ended)
	return ended, nil
}

func (r *Runner) logEnd(job Job) {
	c := job.Counts
	r.log.Info("sync ended", "job", job.ID, "state", job.State, "checked", c.Checked, "linked", c.Linked, "created", c.Created, "conflicts", c.Conflicts, "failed", c.Failed, "undone", c.Undone, "kept", c.Kept, "repaired", c.Repaired)
}

// sentence says for an administrator why a job failed; the cause itself is in the log.
func sentence(cause error) string {
	if errors.Is(cause, link.ErrUnavailable) {
		return "The database did not answer for five minutes. Start the sync again when it does: it finds what is left to do."
	}
	if notAllowed, ok := errors.AsType[*NotAllowedError](cause); ok {
		return notAllowed.Error()
	}
	return "The database refused the changes. The sidecar's log has the cause. Start the sync again when it is mended: it finds what is left to do."
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
