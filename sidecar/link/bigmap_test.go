package link

import (
	"math/rand/v2"
	"testing"
)

// It keeps what Go's map keeps, whatever the keys are like.
func TestBigMapKeepsWhatAMapKeeps(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for name, key := range map[string]func(i int) uint64{
		"in a row":       func(i int) uint64 { return uint64(i + 1) },
		"far apart":      func(i int) uint64 { return uint64(i+1) << 40 },
		"random":         func(int) uint64 { return max(random.Uint64(), 1) },
		"often the same": func(int) uint64 { return 1 + random.Uint64N(9000) },
	} {
		t.Run(name, func(t *testing.T) {
			var c bigMap[uint64, int]
			want := map[uint64]int{}
			for i := range 50000 {
				k := key(i)
				c.put(k, i)
				want[k] = i
				if absent := random.Uint64() | 1<<63; i%100 == 0 {
					if _, found := c.get(absent); found != (want[absent] != 0) {
						t.Fatalf("%d was found", absent)
					}
				}
			}
			for k, v := range want {
				if got, found := c.get(k); !found || got != v {
					t.Fatalf("%d: %d, %t; want %d", k, got, found, v)
				}
			}
			used := len(c.few)
			for _, shard := range c.shards {
				used += shard.used
				if len(shard.keys) > 0 && 8*shard.used > 7*len(shard.keys) {
					t.Errorf("%d of %d places are taken", shard.used, len(shard.keys))
				}
			}
			if used != len(want) {
				t.Errorf("%d entries, want %d", used, len(want))
			}
		})
	}
}

func TestBigMapIsEmptyAtFirst(t *testing.T) {
	var c bigMap[uint32, string]
	if _, found := c.get(7); found {
		t.Error("found something")
	}
	for i := range uint32(fewEntries + 2) { // some shards are empty yet
		c.put(i+1, "x")
	}
	if v, found := c.get(7); !found || v != "x" {
		t.Error("lost")
	}
	if _, found := c.get(1 << 30); found {
		t.Error("found what was not put in")
	}
}
