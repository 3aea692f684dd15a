package fullsync

import (
	"context"
	"sync"
	"time"
)

// Load is how busy the servers are that a job shares with the live site.
type Load struct {
	Running int           // threads at work on CiviCRM's database server, ours that ask left out
	Lag     time.Duration // how far the replica is behind; 0: it is not, or there is none
}

// Limits say when a job makes way for the live site. From half of a limit on it works half of the time; at the limit it
// rests. 0: no limit.
type Limits struct {
	Running int
	Lag     time.Duration
}

// DefaultLimits are those of pt-online-schema-change: --max-load Threads_running=25, --max-lag 1s, here with some room.
var DefaultLimits = Limits{Running: 25, Lag: 2 * time.Second}

// Why a job is slower than it could be. The page translates these sentences.
const (
	ServerBusy    = "the database server is busy"
	ReplicaBehind = "the replica of the database is behind"
)

// brake holds the workers of a job up while the servers are busy.
type brake struct {
	mu    sync.Mutex
	why   string // empty: it is not applied
	rest  bool   // wait; else: pause for as long as each chunk takes
	eased chan struct{}
}

func newBrake() *brake { return &brake{eased: make(chan struct{})} }

// set applies or eases the brake by what was measured, and tells whether its reason is another one now. workers is how many
// of the running threads are the job's own.
func (b *brake) set(load Load, limits Limits, workers int) (why string, changed bool) {
	running, rest := load.Running-workers, false
	if limits.Running > 0 && running > limits.Running/2 {
		why, rest = ServerBusy, running > limits.Running
	}
	if limits.Lag > 0 && load.Lag > limits.Lag/2 && !rest {
		why, rest = ReplicaBehind, load.Lag > limits.Lag
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	changed = why != b.why
	b.why = why
	if b.rest && !rest {
		close(b.eased)
		b.eased = make(chan struct{})
	}
	b.rest = rest
	return why, changed
}

// wait returns when the next chunk may begin; took is how long the last one took.
func (b *brake) wait(ctx context.Context, took time.Duration) error {
	for {
		b.mu.Lock()
		why, rest, eased := b.why, b.rest, b.eased
		b.mu.Unlock()
		switch {
		case rest:
			select {
			case <-ctx.Done():
				return context.Cause(ctx)
			case <-eased:
			}
		case why != "" && took > 0:
			return pause(ctx, took)
		default:
			return nil
		}
	}
}
