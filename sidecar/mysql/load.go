package mysql

import (
	"context"
	"sync"
	"time"

	"userlink/sidecar/fullsync"
)

// Load implements fullsync.SharedStore. Any account may ask how many threads are at work, and how many statements the server
// was given; those of this process are counted by its connections. The replica's lag is the time by
// which what it knows of the job is older than what we know: no privilege is needed for that, nor a clock of the servers.
func (s *Site) Load(ctx context.Context, id string) (fullsync.Load, error) {
	var load fullsync.Load
	var status []struct {
		VariableName string
		Value        int64
	}
	if err := s.db.gorm.WithContext(ctx).Raw("SHOW GLOBAL STATUS WHERE Variable_name IN ('Threads_running', 'Questions')").Scan(&status).Error; err != nil {
		return load, outward(err)
	}
	for _, row := range status {
		if row.VariableName == "Questions" {
			load.Others, load.First = s.others.since(row.Value-s.db.asked.Load(), s.now())
		} else {
			load.Running = max(int(row.Value)-1, 0) // one of them is this question
		}
	}
	if s.db.replica == nil {
		return load, nil
	}
	lag, err := s.lag(ctx, id)
	load.Lag = lag
	return load, err
}

// otherStatements remembers how many statements the server had from others at the last look.
type otherStatements struct {
	mu    sync.Mutex
	count int64
	at    time.Time
}

// since notes the count, and returns how many there were a second since the look before; first: there was none. A server
// that was started anew has counted from zero.
func (o *otherStatements) since(count int64, now time.Time) (perSecond int, first bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	more, took := count-o.count, now.Sub(o.at)
	first = o.at.IsZero() || took <= 0 || took > lookLasts
	o.count, o.at = count, now
	if first {
		return 0, true
	}
	return int(float64(max(more, 0)) / took.Seconds()), false
}

// lookLasts is for how long a look at the load can be compared with the next.
const lookLasts = 10 * time.Second

// replicaMarks remembers when a job was last marked for its replica.
type replicaMarks struct {
	mu  sync.Mutex
	job string
	at  time.Time
}

// next sets the mark to now, and returns the one before it; it is zero for a job that had none.
func (m *replicaMarks) next(job string, now time.Time) time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	before := m.at
	if m.job != job {
		before = time.Time{}
	}
	m.job, m.at = job, now
	return before
}

// lag marks the job with the time; by the next question, a second later, the replica must have the mark.
func (s *Site) lag(ctx context.Context, id string) (time.Duration, error) {
	var there []time.Time
	if err := s.db.replica.WithContext(ctx).Raw("SELECT updated_at FROM userlink_job WHERE id = ?", id).Scan(&there).Error; err != nil {
		return 0, outward(err)
	}
	now := s.now().Truncate(time.Millisecond) // as the column keeps it
	if _, err := s.db.exec(ctx, "UPDATE userlink_job SET updated_at = ? WHERE id = ? AND active_site IS NOT NULL", now, id); err != nil {
		return 0, outward(err)
	}
	mark := s.marks.next(id, now)
	switch {
	case mark.IsZero():
		return 0, nil
	case len(there) == 0: // it has not even heard of the job
		return now.Sub(mark), nil
	case there[0].Before(mark):
		return now.Sub(there[0]), nil
	}
	return 0, nil
}

// Slowed implements fullsync.SharedStore.
func (s *Site) Slowed(ctx context.Context, id, why string) error {
	_, err := s.db.exec(ctx, "UPDATE userlink_job SET slowed = ? WHERE id = ? AND active_site IS NOT NULL", why, id)
	return outward(err)
}
