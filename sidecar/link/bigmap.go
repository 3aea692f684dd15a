package link

import "math/bits"

// bigMap is a map for the very many: of a million entries it takes half of what Go's map does, whose parts double in size
// all at about the same time. A preview remembers every user with it. The zero value is empty; a key is not 0.
type bigMap[K uint32 | uint64, V any] struct {
	few    map[K]V             // as long as there are few
	shards []bigMapShard[K, V] // then
}

// bigMapShard is a table that is full to between 70 and 88 percent.
type bigMapShard[K uint32 | uint64, V any] struct {
	keys   []K
	values []V
	used   int
}

const (
	fewEntries   = 4096
	bigMapShards = 256 // one of them grows at a time
)

// get returns what stands under the key.
func (c *bigMap[K, V]) get(key K) (value V, found bool) {
	if c.shards == nil {
		value, found = c.few[key]
		return value, found
	}
	shard, place := c.place(key)
	if len(shard.keys) == 0 {
		return value, false
	}
	at := shard.find(key, place)
	return shard.values[at], shard.keys[at] == key
}

// put lets a value stand under the key.
func (c *bigMap[K, V]) put(key K, value V) {
	if c.shards == nil {
		if c.few == nil {
			c.few = map[K]V{}
		}
		c.few[key] = value
		if len(c.few) <= fewEntries {
			return
		}
		c.shards = make([]bigMapShard[K, V], bigMapShards)
		for k, v := range c.few {
			c.put(k, v)
		}
		c.few = nil
		return
	}
	shard, place := c.place(key)
	if 8*(shard.used+1) > 7*len(shard.keys) {
		c.grow(shard)
	}
	shard.set(key, value, place)
}

// place returns the key's shard, and its place in there as a fraction of 2^64.
func (c *bigMap[K, V]) place(key K) (*bigMapShard[K, V], uint64) {
	const golden = 0x9E3779B97F4A7C15 // 2^64 over the golden ratio: neighbours go far apart
	mixed := uint64(key) * golden
	mixed ^= mixed >> 32
	mixed *= golden
	return &c.shards[mixed>>56], mixed << 8
}

func (c *bigMap[K, V]) grow(shard *bigMapShard[K, V]) {
	old := *shard
	size := len(old.keys)*5/4 + 16
	*shard = bigMapShard[K, V]{keys: make([]K, size), values: make([]V, size)}
	for i, key := range old.keys {
		if key != 0 {
			_, place := c.place(key)
			shard.set(key, old.values[i], place)
		}
	}
}

// find returns where the key stands, or the free place where it would.
func (s *bigMapShard[K, V]) find(key K, place uint64) int {
	high, _ := bits.Mul64(place, uint64(len(s.keys)))
	at := int(high) //nolint:gosec // less than the length
	for s.keys[at] != 0 && s.keys[at] != key {
		at++
		if at == len(s.keys) {
			at = 0
		}
	}
	return at
}

func (s *bigMapShard[K, V]) set(key K, value V, place uint64) {
	at := s.find(key, place)
	if s.keys[at] == 0 {
		s.used++
	}
	s.keys[at], s.values[at] = key, value
}
