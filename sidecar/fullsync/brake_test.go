package fullsync

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestBrake(t *testing.T) {
	limits := Limits{Running: 20, Lag: 2 * time.Second} // of others there is a test below
	for _, c := range []struct {
		name    string
		load    Load
		workers int
		limits  Limits
		why     string
		pace    pace
	}{
		{"quiet", Load{Running: 3}, 2, limits, "", freely},
		{"its own threads do not count", Load{Running: 12}, 2, limits, "", freely},
		{"half", Load{Running: 13}, 2, limits, ServerBusy, halfTime},
		{"full", Load{Running: 23}, 2, limits, ServerBusy, resting},
		{"no limit", Load{Running: 500, Lag: time.Hour}, 2, Limits{}, "", freely},
		{"a replica that is nearly there", Load{Lag: 900 * time.Millisecond}, 2, limits, "", freely},
		{"a replica behind", Load{Lag: 1100 * time.Millisecond}, 2, limits, ReplicaBehind, halfTime},
		{"a replica far behind", Load{Lag: 3 * time.Second}, 2, limits, ReplicaBehind, resting},
		{"what makes it rest is named", Load{Running: 15, Lag: 3 * time.Second}, 2, limits, ReplicaBehind, resting},
		{"both", Load{Running: 50, Lag: 3 * time.Second}, 2, limits, ServerBusy, resting},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBrake()
			why, changed := b.set(c.load, c.limits, c.workers)
			if why != c.why || b.pace != c.pace || changed != (c.why != "") {
				t.Errorf("%q, pace %d, changed %t", why, b.pace, changed)
			}
			if _, changed := b.set(c.load, c.limits, c.workers); changed {
				t.Error("the same load is no change")
			}
		})
	}
}

// Who rests goes on when the load is gone, and leaves when the job ends. Time is played.
func TestBrakeLetsGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, limits := newBrake(), Limits{Running: 10}
		b.set(Load{Running: 50}, limits, 0)
		var err error
		gone := false
		go func() { err, gone = b.wait(t.Context(), 0, time.Hour), true }()
		for range 3 { // a minute under load
			b.set(Load{Running: 50}, limits, 0)
			<-time.After(20 * time.Second)
		}
		synctest.Wait()
		if gone {
			t.Fatal("it went on under load")
		}
		b.set(Load{Running: 1}, limits, 0)
		synctest.Wait()
		if !gone || err != nil {
			t.Errorf("gone %t, %v", gone, err)
		}
		b.set(Load{Running: 7}, limits, 0) // half of the limit: for as long as the chunk took
		began := time.Now()
		if err := b.wait(t.Context(), 0, time.Second); err != nil || time.Since(began) != time.Second {
			t.Errorf("it rested %s, %v", time.Since(began), err)
		}
		ended, end := context.WithCancelCause(t.Context())
		end(errEnded)
		for _, running := range []int{7, 50} {
			b.set(Load{Running: running}, limits, 0)
			if err := b.wait(ended, 0, time.Hour); !errors.Is(err, errEnded) {
				t.Error(err)
			}
		}
	})
}

// One worker begins. The others follow when the first two looks find nobody else, and rest while somebody is there and for
// some looks after he has gone.
func TestOneWorkerWhileOthersUseTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, limits := newBrake(), Limits{Others: 30}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		passes := func() bool { // tells whether the second worker goes on now
			if err := b.wait(ctx, 0, 0); err != nil {
				t.Fatal(err)
			}
			trying, end := context.WithTimeoutCause(ctx, time.Millisecond, errEnded)
			defer end()
			return b.wait(trying, 1, time.Hour) == nil
		}
		for n, look := range []struct {
			load  Load
			why   string
			other bool
		}{
			{Load{First: true}, "", false},
			{Load{Others: 30}, "", true},
			{Load{Others: 31}, ServerInUse, false},
			{Load{First: true}, ServerInUse, false},
			{Load{}, ServerInUse, false},
			{Load{}, ServerInUse, false},
			{Load{Others: 40}, ServerInUse, false},
			{Load{}, ServerInUse, false},
			{Load{}, ServerInUse, false},
			{Load{}, ServerInUse, false},
			{Load{}, ServerInUse, false},
			{Load{}, "", true},
			{Load{}, "", true},
		} {
			if why, _ := b.set(look.load, limits, 2); why != look.why || passes() != look.other {
				t.Errorf("look %d, %+v: %q, the second worker goes on: %t", n, look.load, why, passes())
			}
		}
		for others, want := range map[int]time.Duration{50: time.Second, 125: 2500 * time.Millisecond, 10000: 6 * time.Second} {
			b.set(Load{Others: others}, limits, 2)
			began := time.Now()
			if err := b.wait(ctx, 0, time.Second); err != nil || time.Since(began) != want {
				t.Errorf("beside %d statements a second the worker rests %s, %v", others, time.Since(began), err)
			}
		}
		gone := false
		go func() { gone = b.wait(ctx, 1, time.Hour) == nil }()
		synctest.Wait()
		if gone {
			t.Error("the second worker did not wait")
		}
		b.set(Load{Others: 100}, Limits{}, 2) // no limit
		synctest.Wait()
		if !gone {
			t.Error("the second worker was forgotten")
		}
		b.set(Load{Others: 100}, limits, 2)
		b.leave() // the first worker finds nothing left to do: the second may see that for himself
		if err := b.wait(ctx, 1, time.Hour); err != nil {
			t.Error(err)
		}
		b.come()
		if passes() {
			t.Error("the second worker goes on beside the first")
		}
	})
}

func TestChunkAimsAtATime(t *testing.T) {
	c := ChunkSize{Start: 1000, Target: 400 * time.Millisecond}
	for _, s := range []struct {
		size int
		took time.Duration
		want int
	}{
		{1000, 400 * time.Millisecond, 1000},
		{1000, 500 * time.Millisecond, 800},
		{1000, 10 * time.Millisecond, 2000},
		{1000, 10 * time.Second, 500},
		{60, 10 * time.Second, 50},
		{4000, time.Millisecond, 5000},
	} {
		if got := c.next(s.size, s.took); got != s.want {
			t.Errorf("after %d in %s: %d, want %d", s.size, s.took, got, s.want)
		}
	}
	if got := (ChunkSize{Start: 7}).first(); got != 50 {
		t.Error(got)
	}
	if got := (ChunkSize{}).next(123, time.Second); got != 123 { // no target, no change
		t.Error(got)
	}
}
