package mysql

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
)

// Join implements fullsync.SharedStore.
func (s *Site) Join(ctx context.Context, id, owner string) (fullsync.Job, error) {
	now := s.now()
	_, err := s.db.exec(ctx, `UPDATE userlink_job SET state = 'running', owner = ?, started_at = COALESCE(started_at, ?), updated_at = ?
		WHERE id = ? AND site_id = ? AND state IN ('queued', 'running')`, owner, now, now, id, s.ID)
	if err != nil {
		return fullsync.Job{}, outward(err)
	}
	if err := s.countUsers(ctx, id); err != nil {
		return fullsync.Job{}, outward(err)
	}
	job, err := s.Job(ctx, id)
	if err == nil && job.State != fullsync.Running {
		err = fullsync.ErrState
	}
	return job, err
}

// TakeChunk implements fullsync.SharedStore. The next chunk is found without a lock; then its lease is committed together
// with the step of the job's last_uf_id over it, so that two who found the same one do not both have it.
func (s *Site) TakeChunk(ctx context.Context, id, owner string, limit int, lease time.Duration) (fullsync.Chunk, error) {
	chunk, err := s.takeOver(ctx, id, owner, lease)
	for err == nil && chunk.Last == 0 {
		if err = s.awaitActor(ctx, id, chunk); err == nil {
			chunk, err = s.takeNext(ctx, id, owner, limit, lease)
		}
		if err == nil && chunk.Last != 0 { // his chunk may have been taken just before this one
			err = s.awaitActor(ctx, id, chunk)
		}
	}
	return chunk, outward(err)
}

// actorLook is how often a worker looks whether the acting user is linked.
const actorLook = 20 * time.Millisecond

// awaitActor waits while another worker has the chunk in which the acting user is linked: CiviCRM's change log is to name
// him for all the chunks that follow. own is the chunk that this worker has itself; its Last is 0 if it has none.
func (s *Site) awaitActor(ctx context.Context, id string, own fullsync.Chunk) error {
	for {
		var held bool
		err := s.db.gorm.WithContext(ctx).Raw(`SELECT EXISTS (SELECT 1 FROM userlink_job j JOIN userlink_job_lease l ON l.job_id = j.id
			WHERE j.id = ? AND j.actor_uf_id > l.after_uf_id AND j.actor_uf_id <= l.last_uf_id AND l.lease_until >= UTC_TIMESTAMP(3) AND l.last_uf_id <> ?
			AND NOT EXISTS (SELECT 1 FROM civicrm_uf_match m WHERE m.domain_id = ? AND m.uf_id = j.actor_uf_id))`, id, own.Last, s.DomainID).Scan(&held).Error
		if err != nil || !held {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(actorLook):
		}
	}
}

// takeOver leases a chunk whose owner has been silent for too long. Last is 0 when there is none.
func (s *Site) takeOver(ctx context.Context, id, owner string, lease time.Duration) (fullsync.Chunk, error) {
	db := s.db.gorm.WithContext(ctx)
	var silent []struct {
		AfterUfID, LastUfID uint32
		State               string
	}
	err := db.Raw(`SELECT l.after_uf_id, l.last_uf_id, j.state FROM userlink_job_lease l JOIN userlink_job j ON j.id = l.job_id
		WHERE l.job_id = ? AND l.lease_until < UTC_TIMESTAMP(3) ORDER BY l.last_uf_id LIMIT 1`, id).Scan(&silent).Error
	if err != nil || len(silent) == 0 {
		return fullsync.Chunk{}, err
	}
	if silent[0].State != string(fullsync.Running) {
		return fullsync.Chunk{}, fullsync.ErrState
	}
	taken, err := s.db.exec(ctx, `UPDATE userlink_job_lease SET owner = ?, lease_until = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND
		WHERE job_id = ? AND last_uf_id = ? AND after_uf_id = ? AND lease_until < UTC_TIMESTAMP(3)`,
		owner, lease.Microseconds(), id, silent[0].LastUfID, silent[0].AfterUfID)
	if err != nil || taken == 0 {
		return fullsync.Chunk{}, err
	}
	s.log().Info("chunk taken over from a silent worker", "job", id, "after_user", silent[0].AfterUfID, "last_user", silent[0].LastUfID)
	return fullsync.Chunk{JobID: id, After: silent[0].AfterUfID, Last: silent[0].LastUfID, Owner: owner}, nil
}

// takeNext leases the next chunk that nobody has had. Last is 0 when somebody else was quicker.
func (s *Site) takeNext(ctx context.Context, id, owner string, limit int, lease time.Duration) (fullsync.Chunk, error) {
	var job struct {
		State    string
		LastUfID uint32
	}
	if err := s.db.gorm.WithContext(ctx).Raw("SELECT state, last_uf_id FROM userlink_job WHERE id = ? AND site_id = ?", id, s.ID).Scan(&job).Error; err != nil {
		return fullsync.Chunk{}, err
	}
	if job.State != string(fullsync.Running) {
		return fullsync.Chunk{}, fullsync.ErrState
	}
	last, err := s.users.Boundary(ctx, job.LastUfID, limit)
	if err != nil {
		return fullsync.Chunk{}, err
	}
	if last == 0 {
		return fullsync.Chunk{}, fullsync.ErrNoChunk
	}
	err = s.db.inTransaction(ctx, func(tx *gorm.DB) error {
		moved := tx.Exec("UPDATE userlink_job SET last_uf_id = ?, updated_at = ? WHERE id = ? AND last_uf_id = ? AND state = 'running'", last, s.now(), id, job.LastUfID)
		if moved.Error != nil {
			return moved.Error
		}
		if moved.RowsAffected == 0 {
			return fullsync.ErrLost
		}
		return tx.Exec(`INSERT INTO userlink_job_lease (job_id, last_uf_id, after_uf_id, owner, lease_until) VALUES (?, ?, ?, ?, UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND)`,
			id, last, job.LastUfID, owner, lease.Microseconds()).Error
	})
	if errors.Is(err, fullsync.ErrLost) {
		return fullsync.Chunk{}, nil
	}
	return fullsync.Chunk{JobID: id, After: job.LastUfID, Last: last, Owner: owner}, err
}

// DoChunk implements fullsync.SharedStore. A user who cannot be written becomes one line in the report; the rest of the
// chunk goes on, in smaller parts.
func (s *Site) DoChunk(ctx context.Context, job fullsync.Job, chunk fullsync.Chunk) error {
	if err := s.stillOurs(ctx, &chunk); err != nil {
		return outward(err)
	}
	users, err := s.users.Range(ctx, chunk.After, chunk.Last)
	if err != nil {
		return outward(err)
	}
	work, err := s.newChunk(ctx, job)
	if err != nil {
		return outward(err)
	}
	work.lease = &chunk
	if len(users) > 0 {
		err = work.do(ctx, users)
	}
	if err == nil && chunk.After < chunk.Last { // the last users were deleted meanwhile
		err = s.db.inTransaction(ctx, func(tx *gorm.DB) error { return s.endLease(tx, chunk) })
	}
	return outward(err)
}

// stillOurs brings the chunk up to date with its lease: a part of it may have been committed by an attempt that did not
// live to see the answer.
func (s *Site) stillOurs(ctx context.Context, chunk *fullsync.Chunk) error {
	found := s.db.gorm.WithContext(ctx).Raw("SELECT after_uf_id FROM userlink_job_lease WHERE job_id = ? AND last_uf_id = ? AND owner = ?",
		chunk.JobID, chunk.Last, chunk.Owner).Scan(&chunk.After)
	return oneRow(found)
}

// closeChunk commits the report of these users, and the lease as far as they are it, if the lease is still ours.
func (s *Site) closeChunk(tx *gorm.DB, lease fullsync.Chunk, users []link.User, results []link.Result) error {
	job := fullsync.Job{ID: lease.JobID, Mode: fullsync.Apply, LastUserID: users[len(users)-1].ID}
	if err := insertChunk(tx, job, countResults(results), users, results); err != nil {
		return err
	}
	if job.LastUserID == lease.Last {
		return s.endLease(tx, lease)
	}
	done := tx.Exec("UPDATE userlink_job_lease SET after_uf_id = ? WHERE job_id = ? AND last_uf_id = ? AND after_uf_id = ? AND owner = ?",
		job.LastUserID, lease.JobID, lease.Last, lease.After, lease.Owner)
	return oneRow(done)
}

// endLease comes last in its transaction: nobody shall wait for the row while we work.
func (s *Site) endLease(tx *gorm.DB, lease fullsync.Chunk) error {
	done := tx.Exec("DELETE FROM userlink_job_lease WHERE job_id = ? AND last_uf_id = ? AND after_uf_id = ? AND owner = ?",
		lease.JobID, lease.Last, lease.After, lease.Owner)
	return oneRow(done)
}

// oneRow is fullsync.ErrLost when a statement found nothing: what it wanted is somebody else's now.
func oneRow(done *gorm.DB) error {
	if done.Error == nil && done.RowsAffected == 0 {
		return fullsync.ErrLost
	}
	return done.Error
}

// RenewChunks implements fullsync.SharedStore.
func (s *Site) RenewChunks(ctx context.Context, id, owner string, lease time.Duration) (fullsync.Job, error) {
	_, err := s.db.exec(ctx, "UPDATE userlink_job_lease SET lease_until = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND WHERE job_id = ? AND owner = ?",
		lease.Microseconds(), id, owner)
	if err != nil {
		return fullsync.Job{}, outward(err)
	}
	return s.Job(ctx, id)
}

// ReturnChunks implements fullsync.SharedStore.
func (s *Site) ReturnChunks(ctx context.Context, id, owner string) error {
	_, err := s.db.exec(ctx, "UPDATE userlink_job_lease SET lease_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND WHERE job_id = ? AND owner = ?", id, owner)
	return outward(err)
}

// End implements fullsync.SharedStore. The job's row is locked before its leases are counted, and no lease is made without
// a change of that row: so none can come in between.
func (s *Site) End(ctx context.Context, id string, state fullsync.State, why string) (fullsync.Job, error) {
	job, err := s.Job(ctx, id)
	if err != nil {
		return job, err
	}
	if state == fullsync.Done {
		next, err := s.users.Boundary(ctx, job.LastUserID, 1)
		if err != nil || next != 0 {
			return job, errors.Join(outward(err), fullsync.ErrUnfinished)
		}
	}
	err = s.db.inTransaction(ctx, func(tx *gorm.DB) error { return s.endShared(tx, job, state, why) })
	if err != nil {
		return job, outward(err)
	}
	if job, err = s.Job(ctx, id); err == nil && state == fullsync.Done {
		s.reviewAfter(ctx, job)
	}
	return job, err
}

// endShared ends the job, and with it all leases: who still has one cannot commit any more.
func (s *Site) endShared(tx *gorm.DB, seen fullsync.Job, state fullsync.State, why string) error {
	var now struct {
		State    string
		LastUfID uint32
	}
	if err := tx.Raw("SELECT state, last_uf_id FROM userlink_job WHERE id = ? FOR UPDATE", seen.ID).Scan(&now).Error; err != nil {
		return err
	}
	if fullsync.State(now.State).Final() || state == fullsync.Done && now.State != string(fullsync.Running) {
		return fullsync.ErrState
	}
	if state == fullsync.Done {
		var held int
		if err := tx.Raw("SELECT COUNT(*) FROM userlink_job_lease WHERE job_id = ?", seen.ID).Scan(&held).Error; err != nil {
			return err
		}
		if held > 0 || now.LastUfID != seen.LastUserID {
			return fullsync.ErrUnfinished
		}
	}
	if err := tx.Exec("DELETE FROM userlink_job_lease WHERE job_id = ?", seen.ID).Error; err != nil {
		return err
	}
	c, err := sumChunks(tx, seen.ID)
	if err != nil {
		return err
	}
	return tx.Exec(`UPDATE userlink_job SET state = ?, error = ?, active_site = NULL, lease_until = NULL, slowed = '', finished_at = ?, updated_at = ?,
		checked = ?, already_linked = ?, linked = ?, created = ?, updated = ?, conflicts = ?, skipped = ?, failed = ? WHERE id = ?`,
		string(state), clip(why), s.now(), s.now(), c.Checked, c.AlreadyLinked, c.Linked, c.Created, c.Updated, c.Conflicts, c.Skipped, c.Failed, seen.ID).Error
}

// sumChunks adds up what a job's chunks have counted. While several work on a job, none of them counts in the job's own
// row: they would all wait for it.
func sumChunks(db *gorm.DB, id string) (jobCounts, error) {
	var c jobCounts
	err := db.Raw(`SELECT COALESCE(SUM(already_linked + linked + created + updated + conflicts + skipped + failed), 0) AS checked,
		COALESCE(SUM(already_linked), 0) AS already_linked, COALESCE(SUM(linked), 0) AS linked, COALESCE(SUM(created), 0) AS created, COALESCE(SUM(updated), 0) AS updated,
		COALESCE(SUM(conflicts), 0) AS conflicts, COALESCE(SUM(skipped), 0) AS skipped, COALESCE(SUM(failed), 0) AS failed
		FROM userlink_job_chunk WHERE job_id = ?`, id).Scan(&c).Error
	return c, err
}
