package fullsync

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestBrake(t *testing.T) {
	limits := Limits{Running: 20, Lag: 2 * time.Second}
	for _, c := range []struct {
		name    string
		load    Load
		workers int
		limits  Limits
		why     string
		rest    bool
	}{
		{"quiet", Load{Running: 3}, 2, limits, "", false},
		{"its own threads do not count", Load{Running: 12}, 2, limits, "", false},
		{"half", Load{Running: 13}, 2, limits, ServerBusy, false},
		{"full", Load{Running: 23}, 2, limits, ServerBusy, true},
		{"no limit", Load{Running: 500, Lag: time.Hour}, 2, Limits{}, "", false},
		{"a replica that is nearly there", Load{Lag: 900 * time.Millisecond}, 2, limits, "", false},
		{"a replica behind", Load{Lag: 1100 * time.Millisecond}, 2, limits, ReplicaBehind, false},
		{"a replica far behind", Load{Lag: 3 * time.Second}, 2, limits, ReplicaBehind, true},
		{"what makes it rest is named", Load{Running: 15, Lag: 3 * time.Second}, 2, limits, ReplicaBehind, true},
		{"both", Load{Running: 50, Lag: 3 * time.Second}, 2, limits, ServerBusy, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBrake()
			why, changed := b.set(c.load, c.limits, c.workers)
			if why != c.why || b.rest != c.rest || changed != (c.why != "") {
				t.Errorf("%q, rest %t, changed %t", why, b.rest, changed)
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
		go func() { err, gone = b.wait(t.Context(), time.Hour), true }()
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
		if err := b.wait(t.Context(), time.Second); err != nil || time.Since(began) != time.Second {
			t.Errorf("it rested %s, %v", time.Since(began), err)
		}
		ended, end := context.WithCancelCause(t.Context())
		end(errEnded)
		for _, running := range []int{7, 50} {
			b.set(Load{Running: running}, limits, 0)
			if err := b.wait(ended, time.Hour); !errors.Is(err, errEnded) {
				t.Error(err)
			}
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
