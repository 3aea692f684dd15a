package fullsync

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"userlink/sidecar/link"
)

// Chunk is a part of a shared job that one process works on: the users with ids above After, up to Last.
type Chunk struct {
	JobID       string
	After, Last uint32
	Owner       string // who may commit it
}

// SharedStore is how a job that writes is worked on by several workers at once, in one process or in many. All that they
// agree by is in the database: a chunk belongs to who has its lease, and a lease ends with the commit of its chunk or, when
// its owner is silent, some seconds later.
type SharedStore interface {
	// Join lets one more process work on the job, and returns it. ErrState: it is paused, or has ended.
	Join(ctx context.Context, id, owner string) (Job, error)
	// TakeChunk leases the next chunk of up to limit users, or one whose owner is silent. ErrNoChunk: all are done or in
	// somebody's hands. ErrState: the job is paused, or has ended.
	TakeChunk(ctx context.Context, id, owner string, limit int, lease time.Duration) (Chunk, error)
	// DoChunk does the chunk, commits its report with it, and ends its lease. ErrLost: somebody else has it, or the job has
	// ended; nothing was written.
	DoChunk(ctx context.Context, job Job, chunk Chunk) error
	// RenewChunks prolongs the leases of all chunks of the owner, and returns the job as it stands.
	RenewChunks(ctx context.Context, id, owner string, lease time.Duration) (Job, error)
	// Load says how busy the servers are; slowed, if it changed, is written to the job for all to see.
	Load(ctx context.Context, id string) (Load, error)
	Slowed(ctx context.Context, id, why string) error
	// ReturnChunks gives the owner's chunks back, for others to take at once.
	ReturnChunks(ctx context.Context, id, owner string) error
	// End ends the job in a final state; only one caller does. Done: ErrUnfinished while a user is left or a chunk is in
	// somebody's hands. The other states end all leases. ErrState: the job is paused, or has ended already.
	End(ctx context.Context, id string, state State, why string) (Job, error)
}

// Errors that workers on a shared job must tell apart.
var (
	ErrNoChunk    = errors.New("no chunk is left to take")
	ErrUnfinished = errors.New("users are left, or in the hands of a worker")
)

const (
	lookAgain     = 200 * time.Millisecond // while others have the last chunks
	fewestWorkers = 2                      // on one processor, too: one computes while the database works for the other
	mostWorkers   = 4                      // more gain little: they wait for the same pages of the same indexes
)

// share works on a job beside every other process that does, to the job's end.
func (r *Runner) share(ctx context.Context, id string, watch func(Job)) (Job, error) {
	job, err := r.store.Join(ctx, id, r.owner)
	if err != nil {
		return job, err
	}
	r.log.Info("sync taken up", "job", job.ID, "mode", job.Mode, "checked", job.Checked, "total", job.Total)
	working, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	b := newBrake()
	heart, foot := r.renew(working, stop, job, watch), r.watchLoad(working, b, job)
	ended, err := r.untilDone(working, job, b)
	stop(nil)
	heart.Wait()
	foot.Wait()
	if err != nil {
		ended, err = r.leave(ctx, job, err)
	}
	if err == nil && watch != nil {
		watch(ended)
	}
	return ended, err
}

// untilDone lets the workers loose until there is nothing left to do for anybody.
func (r *Runner) untilDone(ctx context.Context, job Job, b *brake) (Job, error) {
	for {
		err := r.crew(ctx, job, b)
		if err == nil {
			var ended Job
			err = r.patiently(ctx, job, func() error {
				ended, err = r.store.End(ctx, job.ID, Done, "")
				return err
			})
			if err == nil {
				r.logEnd(ended)
				return ended, nil
			}
		}
		// Others have the last chunks, or a person has paused the job. When it is ended elsewhere, the heart notices.
		if !errors.Is(err, ErrUnfinished) && !errors.Is(err, ErrState) {
			return job, err
		}
		if err := pause(ctx, lookAgain); err != nil {
			return job, err
		}
	}
}

// crew runs the workers until there is no chunk to take. What stops one for good stops all; a pause lets each finish its
// chunk.
func (r *Runner) crew(ctx context.Context, job Job, b *brake) error {
	working, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var workers sync.WaitGroup
	var paused atomic.Bool
	b.come()
	for worker := range r.workers() {
		workers.Go(func() {
			if worker == 0 {
				defer b.leave()
			}
			switch err := r.chunks(working, job, worker, b); {
			case errors.Is(err, ErrState):
				paused.Store(true)
			case err != nil:
				stop(err)
			}
		})
	}
	workers.Wait()
	if paused.Load() && context.Cause(working) == nil {
		return ErrState
	}
	return context.Cause(working)
}

func (r *Runner) workers() int {
	if r.Workers > 0 {
		return r.Workers
	}
	return min(max(runtime.GOMAXPROCS(0), fewestWorkers), mostWorkers)
}

// chunks is one worker: chunk after chunk, until there is none to take.
func (r *Runner) chunks(ctx context.Context, job Job, worker int, b *brake) error {
	size, took := r.chunk.first(), time.Duration(0)
	for {
		if err := b.wait(ctx, worker, took); err != nil {
			return err
		}
		var chunk Chunk
		err := r.patiently(ctx, job, func() (err error) {
			taking, cancel := uncut(ctx)
			defer cancel()
			chunk, err = r.store.TakeChunk(taking, job.ID, r.holder, size, lease)
			return err
		})
		if errors.Is(err, ErrNoChunk) {
			return nil
		}
		if err != nil {
			return err
		}
		began := time.Now()
		// However long the database is away meanwhile: whether the chunk is still ours then, its commit tells.
		switch err := r.patiently(ctx, job, func() error { return r.store.DoChunk(ctx, job, chunk) }); {
		case err == nil:
			took = time.Since(began)
			size = r.chunk.next(size, took)
		case !errors.Is(err, ErrLost):
			return err
		}
	}
}

// uncut lets what is said about leases come to its end, though ctx may end meanwhile: the server could carry it out after
// leave has given back what we have, and nobody would work on that chunk until its lease is over.
func uncut(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), lease)
}

// patiently does f again for as long as the database does not answer, within patience.
func (r *Runner) patiently(ctx context.Context, job Job, f func() error) error {
	began := time.Now()
	for {
		err := f()
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case !errors.Is(err, link.ErrUnavailable), time.Since(began) > patience:
			return err
		}
		r.log.Warn("the database does not answer, waiting", "job", job.ID, "cause", err)
		if err := pause(ctx, time.Second); err != nil {
			return err
		}
	}
}

// watchLoad applies the brake while the servers are busy.
func (r *Runner) watchLoad(working context.Context, b *brake, job Job) *sync.WaitGroup {
	limits := r.Limits
	if r.workersOn(job) == 1 || r.Workers > 0 {
		limits.Others = 0 // there is none to hold back, or a person has said how many there are to be
	}
	look := func() {
		load, err := r.store.Load(working, job.ID)
		if err != nil {
			return // a server that does not answer holds the workers up by itself
		}
		why, changed := b.set(load, limits, r.workersOn(job))
		if !changed {
			return
		}
		r.log.Info("sync makes way", "job", job.ID, "because", why, "running", load.Running, "lag", load.Lag, "others", load.Others)
		if err := r.store.Slowed(working, job.ID, why); err != nil && working.Err() == nil {
			r.log.Warn("why the sync is slow was not written down", "job", job.ID, "cause", err)
		}
	}
	var going sync.WaitGroup
	going.Go(func() {
		look()
		if pause(working, firstLook) != nil {
			return
		}
		look()
		every(working, beatEvery, look).Wait()
	})
	return &going
}

// firstLook is after what time the first two looks at the load are compared: until then one worker goes on alone.
const firstLook = 100 * time.Millisecond

// workersOn is how many of us work on a job at once.
func (r *Runner) workersOn(job Job) int {
	if job.Mode == Apply {
		return r.workers()
	}
	return 1
}

// errEnded stops the workers when the job was ended by somebody else.
var errEnded = errors.New("the job has ended")

// renew keeps our leases, and tells the watcher how far all are together.
func (r *Runner) renew(working context.Context, stop context.CancelCauseFunc, job Job, watch func(Job)) *sync.WaitGroup {
	return every(working, beatEvery, func() {
		renewing, cancel := uncut(working)
		defer cancel()
		now, err := r.store.RenewChunks(renewing, job.ID, r.holder, lease)
		switch {
		case errors.Is(err, ErrNotFound): // somebody has emptied our tables
			stop(err)
		case err != nil: // the leases last a few seconds yet
		case now.State.Final():
			stop(errEnded)
		case watch != nil:
			watch(now)
		}
	})
}

// leave is how a process goes that has not ended the job itself.
func (r *Runner) leave(ctx context.Context, job Job, cause error) (Job, error) {
	stopped := ctx.Err() != nil
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finalWindow)
	defer cancel()
	switch {
	case errors.Is(cause, errEnded):
		return r.store.Job(ctx, job.ID)
	case stopped:
		r.log.Info("sync given back", "job", job.ID)
		return job, errors.Join(cause, r.store.ReturnChunks(ctx, job.ID, r.holder))
	}
	r.log.Error("sync failed", "job", job.ID, "cause", cause)
	ended, err := r.store.End(ctx, job.ID, FailedJob, sentence(cause))
	if errors.Is(err, ErrState) { // somebody else has ended it in this moment
		ended, err = r.store.Job(ctx, job.ID)
	}
	if err == nil {
		r.logEnd(ended)
	}
	return ended, errors.Join(cause, err)
}
