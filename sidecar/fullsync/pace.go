package fullsync

import "time"

// ChunkSize says how many users a chunk has. A chunk aims at a time, not at a size: short enough to let the live site
// through, long enough not to pay for the commit more than for the work.
type ChunkSize struct {
	Start  int           // users in the first chunk
	Target time.Duration // what a chunk should take
}

// DefaultChunk is what a site gets that says nothing else.
var DefaultChunk = ChunkSize{Start: 1000, Target: 400 * time.Millisecond}

const (
	smallestChunk = 50
	largestChunk  = 5000
)

func (c ChunkSize) first() int { return min(max(c.Start, smallestChunk), largestChunk) }

// next returns the size of the next chunk, at most doubled or halved, from how long one of size took.
func (c ChunkSize) next(size int, took time.Duration) int {
	if c.Target <= 0 || took <= 0 {
		return size
	}
	wanted := int(float64(size) * float64(c.Target) / float64(took))
	wanted = min(max(wanted, size/2), size*2)
	return min(max(wanted, smallestChunk), largestChunk)
}
