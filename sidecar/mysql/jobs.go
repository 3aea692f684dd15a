package mysql

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
)

// jobRow is a row of userlink_job.
type jobRow struct {
	ID, SiteID    string
	Mode, State   string
	PreviewID     string
	ActorUfID     uint32
	Owner         string
	Total         int
	LastUfID      uint32
	Counts        jobCounts `gorm:"embedded"`
	Finding       string
	Undoes        string
	Slowed, Error string
	CreatedAt     time.Time
	StartedAt     *time.Time
	UpdatedAt     time.Time
	FinishedAt    *time.Time
	ActiveSite    *string
	LeaseUntil    *time.Time
	UndoneBy      string // not a column: selectJob looks it up
}

// jobCounts are the columns of userlink_job and userlink_job_chunk that count outcomes.
type jobCounts struct {
	Checked       int
	AlreadyLinked int
	Linked        int
	Created       int
	Updated       int
	Conflicts     int
	Skipped       int
	Failed        int
	Undone        int
	Kept          int
	Repaired      int
}

func (c jobCounts) counts() fullsync.Counts {
	return fullsync.Counts{
		Checked: c.Checked, AlreadyLinked: c.AlreadyLinked, Linked: c.Linked, Created: c.Created, Updated: c.Updated,
		Conflicts: c.Conflicts, Skipped: c.Skipped, Failed: c.Failed, Undone: c.Undone, Kept: c.Kept, Repaired: c.Repaired,
	}
}

func (r jobRow) job() fullsync.Job {
	j := fullsync.Job{
		ID: r.ID, Site: r.SiteID, Mode: fullsync.Mode(r.Mode), State: fullsync.State(r.State),
		Counts: r.Counts.counts(),
		Total:  r.Total, Slowed: r.Slowed, Error: r.Error, PreviewID: r.PreviewID, Finding: r.Finding, Undoes: r.Undoes, ActorUserID: r.ActorUfID, Owner: r.Owner,
		CreatedAt: r.CreatedAt, StartedAt: r.StartedAt, UpdatedAt: r.UpdatedAt, FinishedAt: r.FinishedAt, LastUserID: r.LastUfID,
	}
	j.UndoneBy = r.UndoneBy
	j.Message = fullsync.Message(j.Mode, j.State, j.Counts)
	return j
}

// selectJob reads jobs, and for each the last undo that took back something of it.
const selectJob = `SELECT *, COALESCE((SELECT u.id FROM userlink_job u WHERE u.undoes = userlink_job.id AND u.mode = 'undo' AND u.undone > 0
	ORDER BY u.created_at DESC, u.id DESC LIMIT 1), '') AS undone_by FROM userlink_job WHERE site_id = ? `

func (s *Site) jobs(ctx context.Context, condition string, args ...any) ([]fullsync.Job, error) {
	var rows []jobRow
	err := s.db.gorm.WithContext(ctx).Raw(selectJob+condition, append([]any{s.ID}, args...)...).Scan(&rows).Error
	jobs := make([]fullsync.Job, len(rows))
	for i, r := range rows {
		if r.ActiveSite != nil && r.Mode == string(fullsync.Apply) && err == nil {
			r.Counts, err = sumChunks(s.db.gorm.WithContext(ctx), r.ID)
		}
		jobs[i] = r.job()
	}
	return jobs, outward(err)
}

func (s *Site) oneJob(ctx context.Context, condition string, args ...any) (*fullsync.Job, error) {
	jobs, err := s.jobs(ctx, condition, args...)
	if err != nil || len(jobs) == 0 {
		return nil, err
	}
	return &jobs[0], nil
}

// Job returns a job of this site, or fullsync.ErrNotFound.
func (s *Site) Job(ctx context.Context, id string) (fullsync.Job, error) {
	job, err := s.oneJob(ctx, "AND id = ?", id)
	switch {
	case err != nil:
		return fullsync.Job{}, err
	case job == nil:
		return fullsync.Job{}, fullsync.ErrNotFound
	}
	return *job, nil
}

// Jobs lists the site's jobs, newest first. The cursor is the id of the last job of the page before.
func (s *Site) Jobs(ctx context.Context, after string, limit int) (fullsync.Page[fullsync.Job], error) {
	page := fullsync.Page[fullsync.Job]{Items: []fullsync.Job{}}
	condition, args := "", []any{}
	if after != "" {
		if _, err := uuid.Parse(after); err != nil {
			return page, fullsync.ErrCursor
		}
		condition, args = "AND (created_at, id) < (SELECT created_at, id FROM userlink_job WHERE id = ?) ", []any{after}
	}
	jobs, err := s.jobs(ctx, condition+"ORDER BY created_at DESC, id DESC LIMIT ?", append(args, limit+1)...)
	if len(jobs) > limit {
		jobs = jobs[:limit]
		page.Next = jobs[limit-1].ID
	}
	page.Items = append(page.Items, jobs...)
	return page, err
}

// ActiveJob returns the job that is queued or under way, or nil.
func (s *Site) ActiveJob(ctx context.Context) (*fullsync.Job, error) {
	return s.oneJob(ctx, "AND active_site = site_id")
}

// Create queues a job. The unique key on active_site lets one be under way: with fullsync.ErrRunning comes that one.
func (s *Site) Create(ctx context.Context, q fullsync.Request) (fullsync.Job, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return fullsync.Job{}, err
	}
	now := s.now()
	_, err = s.db.exec(ctx, `INSERT INTO userlink_job (id, site_id, active_site, mode, state, preview_id, finding, undoes, actor_uf_id, created_at, updated_at)
		VALUES (?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?)`, id.String(), s.ID, s.ID, string(q.Mode), q.PreviewID, q.Finding, q.Undoes, q.ActorUserID, now, now)
	if number(err) == errDuplicate {
		active, err := s.ActiveJob(ctx)
		if err != nil {
			return fullsync.Job{}, err
		}
		if active == nil { // it ended in this very moment
			return s.Create(ctx, q)
		}
		return *active, fullsync.ErrRunning
	}
	if err != nil {
		return fullsync.Job{}, outward(err)
	}
	return s.Job(ctx, id.String())
}

// Claim makes owner the one who works on a job that is not shared, until lease from now, if nobody else does. The lease is by the
// database's clock, which all sidecars share. It returns fullsync.ErrState when the job has ended or is in other hands. A
// preview that was left half done begins anew: what it knew was in its owner's memory.
func (s *Site) Claim(ctx context.Context, id, owner string, lease time.Duration) (fullsync.Job, error) {
	now := s.now()
	err := s.db.inTransaction(ctx, func(tx *gorm.DB) error {
		done := tx.Exec(`UPDATE userlink_job SET state = IF(state = 'queued', 'running', state), owner = ?, lease_until = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND,
			started_at = COALESCE(started_at, ?), updated_at = ?
			WHERE id = ? AND site_id = ? AND active_site IS NOT NULL AND state <> 'paused' AND mode <> 'apply' AND (lease_until IS NULL OR lease_until < UTC_TIMESTAMP(3))`,
			owner, lease.Microseconds(), now, now, id, s.ID)
		if done.Error != nil {
			return done.Error
		}
		if done.RowsAffected == 0 {
			return fullsync.ErrState
		}
		return restartPreview(tx, id)
	})
	if err != nil {
		return fullsync.Job{}, outward(err)
	}
	if err := s.countUsers(ctx, id); err != nil {
		return fullsync.Job{}, outward(err)
	}
	return s.Job(ctx, id)
}

func restartPreview(tx *gorm.DB, id string) error {
	done := tx.Exec(`UPDATE userlink_job SET last_uf_id = 0, checked = 0, already_linked = 0, linked = 0, created = 0, updated = 0, conflicts = 0, skipped = 0, failed = 0, kept = 0, repaired = 0
		WHERE id = ? AND mode IN ('preview', 'repair_preview') AND last_uf_id > 0`, id)
	if done.Error != nil || done.RowsAffected == 0 {
		return done.Error
	}
	return tx.Exec("DELETE FROM userlink_job_chunk WHERE job_id = ?", id).Error
}

func (s *Site) countUsers(ctx context.Context, id string) error {
	job, err := s.Job(ctx, id)
	if err != nil {
		return err
	}
	var total int
	switch job.Mode {
	case fullsync.Undo, fullsync.UndoPreview:
		total, err = s.countUndo(ctx, job.Undoes)
	case fullsync.Repair, fullsync.RepairPreview:
		return nil // its first step counts
	default:
		total, err = s.users.Count(ctx)
	}
	if err != nil {
		return err
	}
	_, err = s.db.exec(ctx, "UPDATE userlink_job SET total = ? WHERE id = ? AND total = 0", total, id)
	return err
}

// Beat prolongs the owner's lease and returns the job's state. fullsync.ErrLost: somebody else has it now.
func (s *Site) Beat(ctx context.Context, id, owner string, lease time.Duration) (fullsync.State, error) {
	_, err := s.db.exec(ctx, "UPDATE userlink_job SET lease_until = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND WHERE id = ? AND owner = ? AND active_site IS NOT NULL",
		lease.Microseconds(), id, owner)
	if err != nil {
		return "", outward(err)
	}
	job, err := s.Job(ctx, id)
	if err != nil {
		return "", err
	}
	if job.Owner != owner || job.State.Final() {
		return job.State, fullsync.ErrLost
	}
	return job.State, nil
}

// Release gives the job back, for another sidecar to go on with at once.
func (s *Site) Release(ctx context.Context, id, owner string) error {
	_, err := s.db.exec(ctx, "UPDATE userlink_job SET lease_until = NULL WHERE id = ? AND owner = ? AND active_site IS NOT NULL", id, owner)
	return outward(err)
}

// Finish ends the job in a final state.
func (s *Site) Finish(ctx context.Context, id, owner string, state fullsync.State, why string) (fullsync.Job, error) {
	now := s.now()
	changed, err := s.db.exec(ctx, `UPDATE userlink_job SET state = ?, error = ?, active_site = NULL, lease_until = NULL, slowed = '', finished_at = ?, updated_at = ?
		WHERE id = ? AND owner = ? AND active_site IS NOT NULL`, string(state), clipTo(why, 1024), now, now, id, owner)
	if err != nil {
		return fullsync.Job{}, outward(err)
	}
	job, err := s.Job(ctx, id)
	if err == nil && changed == 0 {
		err = fullsync.ErrLost
	}
	return job, err
}

// reviewAfter takes conflicts off the list that a sync of all users did not meet any more. The job has ended whether or not
// that succeeds: who opens the list looks again.
func (s *Site) reviewAfter(ctx context.Context, job fullsync.Job) {
	if err := s.reviewOlder(ctx, job.CreatedAt); err != nil {
		s.log().Warn("old conflicts not looked at", "job", job.ID, "cause", err)
	}
}

// Cancel ends an apply, or a job that nobody works on, at once; whoever works on any other job is asked to stop.
// fullsync.ErrState: it has ended already.
func (s *Site) Cancel(ctx context.Context, id string) (fullsync.Job, error) {
	if job, err := s.Job(ctx, id); err != nil || job.Mode == fullsync.Apply {
		if err == nil {
			job, err = s.End(ctx, id, fullsync.Cancelled, "")
		}
		return job, err
	}
	now := s.now()
	idle, err := s.db.exec(ctx, `UPDATE userlink_job SET state = 'cancelled', active_site = NULL, lease_until = NULL, finished_at = ?, updated_at = ?
		WHERE id = ? AND site_id = ? AND active_site IS NOT NULL AND (lease_until IS NULL OR lease_until < UTC_TIMESTAMP(3))`, now, now, id, s.ID)
	if err != nil {
		return fullsync.Job{}, outward(err)
	}
	if idle == 0 {
		if _, err := s.db.exec(ctx, "UPDATE userlink_job SET state = 'cancelling', updated_at = ? WHERE id = ? AND site_id = ? AND state IN ('running', 'paused')", now, id, s.ID); err != nil {
			return fullsync.Job{}, outward(err)
		}
	}
	job, err := s.Job(ctx, id)
	if err == nil && job.State != fullsync.Cancelling && job.State != fullsync.Cancelled {
		err = fullsync.ErrState
	}
	return job, err
}

// Pause lets a job keep its place until it is resumed or cancelled; a chunk that is under way is finished.
// fullsync.ErrState: it is paused already, or has ended.
func (s *Site) Pause(ctx context.Context, id string) (fullsync.Job, error) {
	return s.move(ctx, id, "state = 'paused'", "state IN ('queued', 'running')")
}

// Resume lets a paused job go on. fullsync.ErrState: it is not paused.
func (s *Site) Resume(ctx context.Context, id string) (fullsync.Job, error) {
	return s.move(ctx, id, "state = IF(started_at IS NULL, 'queued', 'running')", "state = 'paused'")
}

func (s *Site) move(ctx context.Context, id, to, from string) (fullsync.Job, error) {
	moved, err := s.db.exec(ctx, "UPDATE userlink_job SET "+to+", updated_at = ? WHERE id = ? AND site_id = ? AND "+from, s.now(), id, s.ID)
	if err != nil {
		return fullsync.Job{}, outward(err)
	}
	job, err := s.Job(ctx, id)
	if err == nil && moved == 0 {
		err = fullsync.ErrState
	}
	return job, err
}

// Claimable returns the id of a job that nobody works on, or that several may work on, or an empty string.
func (s *Site) Claimable(ctx context.Context) (string, error) {
	job, err := s.oneJob(ctx, "AND active_site = site_id AND state <> 'paused' AND (mode = 'apply' OR lease_until IS NULL OR lease_until < UTC_TIMESTAMP(3))")
	if err != nil || job == nil {
		return "", err
	}
	return job.ID, nil
}

// Memory returns the batch that a preview keeps from chunk to chunk.
func (s *Site) Memory(ctx context.Context) (*fullsync.Memory, error) {
	c, err := s.settings(ctx)
	if err != nil {
		return nil, outward(err)
	}
	return &fullsync.Memory{Batch: s.batch(c)}, nil
}

// checkpoint commits a chunk's report and moves the job on, if the job is still where we took it up and still ours.
func (s *Site) checkpoint(tx *gorm.DB, job fullsync.Job, users []link.User, results []link.Result) (fullsync.Job, error) {
	before, end := job.LastUserID, users[len(users)-1].ID
	job.LastUserID = end
	return s.note(tx, job, before, end, users, results)
}

// note commits a chunk's report, which stands under the chunk's highest user, and the job's counts and checkpoint. before is
// the checkpoint at which the job was taken up: fullsync.ErrLost says that it is not there any more.
func (s *Site) note(tx *gorm.DB, job fullsync.Job, before, end uint32, users []link.User, results []link.Result) (fullsync.Job, error) {
	counts := countResults(results)
	job.Counts = sum(job.Counts, counts)
	job.UpdatedAt = s.now()
	chunk := job
	chunk.LastUserID = end
	if err := insertChunk(tx, chunk, counts, users, results); err != nil {
		if number(err) == errDuplicate {
			return job, fullsync.ErrLost
		}
		return job, err
	}
	c := job.Counts
	done := tx.Exec(`UPDATE userlink_job SET last_uf_id = ?, checked = ?, already_linked = ?, linked = ?, created = ?, updated = ?, conflicts = ?, skipped = ?, failed = ?, undone = ?, kept = ?, repaired = ?, updated_at = ?
		WHERE id = ? AND owner = ? AND last_uf_id = ? AND active_site IS NOT NULL`,
		job.LastUserID, c.Checked, c.AlreadyLinked, c.Linked, c.Created, c.Updated, c.Conflicts, c.Skipped, c.Failed, c.Undone, c.Kept, c.Repaired, job.UpdatedAt, job.ID, job.Owner, before)
	if done.Error == nil && done.RowsAffected == 0 {
		return job, fullsync.ErrLost
	}
	job.Message = fullsync.Message(job.Mode, job.State, job.Counts)
	return job, done.Error
}

func countResults(results []link.Result) fullsync.Counts {
	c := fullsync.Counts{Checked: len(results)}
	for _, r := range results {
		switch r.Outcome {
		case link.AlreadyLinked:
			c.AlreadyLinked++
		case link.Linked:
			c.Linked++
		case link.Created:
			c.Created++
		case link.EmailUpdated:
			c.Updated++
		case link.Conflict:
			c.Conflicts++
		case link.Skipped, link.Ignored, link.Unlinked:
			c.Skipped++
		case link.Failed:
			c.Failed++
		case link.Undone:
			c.Undone++
		case link.Kept:
			c.Kept++
		case link.Repaired:
			c.Repaired++
		}
	}
	return c
}

func sum(a, b fullsync.Counts) fullsync.Counts {
	return fullsync.Counts{
		Checked: a.Checked + b.Checked, AlreadyLinked: a.AlreadyLinked + b.AlreadyLinked, Linked: a.Linked + b.Linked, Created: a.Created + b.Created,
		Updated: a.Updated + b.Updated, Conflicts: a.Conflicts + b.Conflicts, Skipped: a.Skipped + b.Skipped, Failed: a.Failed + b.Failed,
		Undone: a.Undone + b.Undone, Kept: a.Kept + b.Kept, Repaired: a.Repaired + b.Repaired,
	}
}
