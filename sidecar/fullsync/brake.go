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
	Others  int           // statements a second that the server got from others since the look before
	First   bool          // there was no look before: nothing is known of others yet
}

// Limits say when a job makes way for the live site. From half of a limit on it works half of the time; at the limit it
// rests. While others ask more than Others, one worker goes on alone, and rests after each chunk: for as long as it took for
// every fifty statements a second that others ask. 0: no limit.
type Limits struct {
	Running int
	Lag     time.Duration
	Others  int // statements a second
}

// DefaultLimits are those of pt-online-schema-change: --max-load Threads_running=25, --max-lag 1s, here with some room.
// A page of a CMS asks some forty times, and the administrator's page asks once a second how far the job is.
var DefaultLimits = Limits{Running: 25, Lag: 2 * time.Second, Others: 100}

// Why a job is slower than it could be. The page translates these sentences.
const (
	ServerBusy    = "the database server is busy"
	ReplicaBehind = "the replica of the database is behind"
	ServerInUse   = "others use the database server"
)

// calmLooks is how many looks in a row must find nobody else before all workers go on: visitors come and go.
const calmLooks = 5

// One worker at work makes every twentieth query of a site slower that shares two processors with him: seen with a hundred
// logins a second, which ask three times as much. When he rests six times as long as he works, he meets every 140th.
const (
	roomFor  = 50 // statements a second of others for which he rests as long as he works
	mostRoom = 6
)

// brake holds the workers of a job up while the servers are busy.
type brake struct {
	mu    sync.Mutex
	why   string        // empty: it is not applied
	pace  pace          // what that means for the workers
	calm  int           // looks yet to find nobody else
	room  float64       // how many times as long as a chunk took the worker rests who goes on alone
	left  bool          // the worker who goes on alone has left: nothing is to be done, and the others shall see that, too
	eased chan struct{} // closed when who waits has to look again
}

// pace is how the workers go on.
type pace int

const (
	freely   pace = iota
	alone         // one of them goes on
	halfTime      // each pauses for as long as its last chunk took
	resting       // none goes on
)

// newBrake lets one worker begin: the first looks at the load find out whether there is room for more.
func newBrake() *brake { return &brake{pace: alone, calm: 1, eased: make(chan struct{})} }

// set applies or eases the brake by what was measured, and tells whether its reason is another one now. workers is how many
// of the running threads are the job's own.
func (b *brake) set(load Load, limits Limits, workers int) (why string, changed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	why, now := b.judge(load, limits, load.Running-workers)
	changed = why != b.why
	if now != b.pace {
		close(b.eased)
		b.eased = make(chan struct{})
	}
	b.why, b.pace = why, now
	return why, changed
}

func (b *brake) judge(load Load, limits Limits, running int) (string, pace) {
	behind := limits.Lag > 0 && load.Lag > limits.Lag/2
	switch {
	case limits.Running > 0 && running > limits.Running:
		return ServerBusy, resting
	case behind && load.Lag > limits.Lag:
		return ReplicaBehind, resting
	case behind:
		return ReplicaBehind, halfTime
	case limits.Running > 0 && running > limits.Running/2:
		return ServerBusy, halfTime
	case limits.Others == 0:
		return "", freely
	case load.First:
		return b.why, b.pace
	}
	b.room = min(float64(load.Others)/roomFor, mostRoom)
	if load.Others > limits.Others {
		b.calm = calmLooks
		return ServerInUse, alone
	}
	if b.calm > 0 {
		b.calm--
	}
	if b.calm > 0 {
		return ServerInUse, alone
	}
	return "", freely
}

// leave lets the others go when the worker who goes on alone has nothing left to do; come takes that back.
func (b *brake) leave() { b.lead(false) }
func (b *brake) come()  { b.lead(true) }

func (b *brake) lead(there bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left = !there
	close(b.eased)
	b.eased = make(chan struct{})
}

// wait returns when the worker's next chunk may begin; took is how long its last one took. Workers are numbered from 0.
func (b *brake) wait(ctx context.Context, worker int, took time.Duration) error {
	for {
		b.mu.Lock()
		now, eased, left, room := b.pace, b.eased, b.left, b.room
		b.mu.Unlock()
		switch {
		case now == resting, now == alone && worker > 0 && !left:
			select {
			case <-ctx.Done():
				return context.Cause(ctx)
			case <-eased:
			}
		case now == halfTime && took > 0:
			return pause(ctx, took)
		case now == alone && took > 0:
			return pause(ctx, time.Duration(float64(took)*room))
		default:
			return nil
		}
	}
}
