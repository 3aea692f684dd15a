package mysql

import (
	"context"
	"time"
)

const (
	purgeEvery  = time.Minute
	answersKept = 30 * 24 * time.Hour // an outbox gives up after 14 days
	previewKept = 7 * 24 * time.Hour  // the list of an old preview says nothing about today
	purgeAtOnce = 1000                // small deletes: the live site must not wait for them
)

// Purge removes, until ctx ends, what nobody can need any more: expired tokens, old answers, the lists of old previews.
func (db *DB) Purge(ctx context.Context) {
	tick := time.NewTicker(purgeEvery)
	defer tick.Stop()
	for {
		if err := db.PurgeOnce(ctx); err != nil && ctx.Err() == nil {
			db.log.Warn("old rows not removed", "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// PurgeOnce does what Purge does, once.
func (db *DB) PurgeOnce(ctx context.Context) error {
	now := db.now().UTC()
	steps := []struct {
		statement string
		before    time.Time
	}{
		{"DELETE FROM userlink_token WHERE expires_at < ? LIMIT ?", now.Add(-2 * time.Minute)}, // a clock may lag behind ours
		{"DELETE FROM userlink_delivery WHERE answered_at < ? LIMIT ?", now.Add(-answersKept)},
		{"DELETE FROM userlink_job_chunk WHERE job_id IN (SELECT id FROM userlink_job WHERE mode IN ('preview', 'undo_preview', 'repair_preview') AND finished_at < ?) LIMIT ?", now.Add(-previewKept)},
	}
	for _, step := range steps {
		for {
			removed, err := db.exec(ctx, step.statement, step.before, purgeAtOnce)
			if err != nil {
				return outward(err)
			}
			if removed < purgeAtOnce {
				break
			}
		}
	}
	return nil
}
