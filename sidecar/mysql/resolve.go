package mysql

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
)

// Resolve carries out what a person decided about one user: contactID is the contact that link.ChooseLink names, else 0. It
// looks anew under the user's lock, so that of two decisions at once the second finds what the first did. What was written
// is journalled and stands as a job of mode resolution in the history, by which it can be undone.
//
// It returns fullsync.ErrChoice, and has written nothing, when the choice is not one that the user's state offers (any more).
func (s *Site) Resolve(ctx context.Context, userID uint32, choice link.Choice, contactID, actorUserID uint32) (fullsync.Resolved, error) {
	c, err := s.settings(ctx)
	if err != nil {
		return fullsync.Resolved{}, outward(err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return fullsync.Resolved{}, err
	}
	r := &resolution{site: s, civicrm: c, jobID: id, choice: choice, contactID: contactID, actorUserID: actorUserID}
	var resolved fullsync.Resolved
	err = s.db.inTransaction(ctx, func(tx *gorm.DB) error {
		r.tx = tx
		resolved, err = r.carryOut(ctx, userID)
		return err
	})
	if err != nil {
		return fullsync.Resolved{}, outward(err)
	}
	s.surveyed.forget()
	s.forgetCaches(ctx, c, []link.Result{resolved.Result})
	return resolved, nil
}

// resolution is one Resolve at work.
type resolution struct {
	site        *Site
	civicrm     *civicrm
	tx          *gorm.DB
	jobID       uuid.UUID
	choice      link.Choice
	contactID   uint32
	actorUserID uint32
}

func (r *resolution) carryOut(ctx context.Context, userID uint32) (fullsync.Resolved, error) {
	user, state, seen, err := r.see(ctx, userID)
	if err != nil {
		return fullsync.Resolved{}, err
	}
	decision, ok := r.site.batch(r.civicrm).Choose(r.choice, user, seen)
	if !ok {
		return fullsync.Resolved{}, fullsync.ErrChoice
	}
	users := []link.User{user}
	j := r.site.newJournal(r.tx, causeResolution, r.jobID, r.actorUserID)
	marked, err := r.mark(j, user, state, decision)
	if err != nil {
		return fullsync.Resolved{}, err
	}
	results, err := r.site.write(ctx, r.tx, r.civicrm, j, users, []link.Decision{decision})
	if err != nil {
		return fullsync.Resolved{}, err
	}
	if err := j.flush(ctx); err != nil { // write does it only if there was something to write to CiviCRM
		return fullsync.Resolved{}, err
	}
	// Whatever the list says about this user is settled now, also what is about the email of a user who is linked.
	if err := r.site.noteConflicts(r.tx, link.EnsureLinkAndEmail, users, results); err != nil {
		return fullsync.Resolved{}, err
	}
	resolved := fullsync.Resolved{Result: results[0]}
	if marked || decision.Writes() {
		resolved.Job, err = r.record(users, results)
	}
	return resolved, err
}

// see looks at the user under the lock.
func (r *resolution) see(ctx context.Context, userID uint32) (user link.User, state userState, seen link.Seen, err error) {
	states, err := r.site.lockUsers(r.tx, []uint32{userID})
	if err != nil {
		return user, state, seen, err
	}
	found, err := r.site.usersWithin(ctx, r.tx, []uint32{userID})
	if err != nil {
		return user, state, seen, err
	}
	user, ok := found[userID]
	if !ok || !readableUser(user) {
		return user, state, seen, fullsync.ErrChoice
	}
	users := []link.User{user}
	if err := r.site.prove(ctx, r.tx, users, states, r.site.now(), true); err != nil {
		return user, state, seen, err
	}
	l, err := r.site.lookAt(ctx, r.tx, r.civicrm, users, true)
	if err == nil && r.contactID != 0 {
		err = l.chosen(r.contactID)
	}
	if err != nil {
		return user, state, seen, err
	}
	seeStates(users, states, l.seen)
	return user, states[userID], l.seen[0], nil
}

// mark writes down, and into the journal, that the user is left alone, or no longer is.
func (r *resolution) mark(j *journal, user link.User, state userState, d link.Decision) (marked bool, err error) {
	var leftAlone *time.Time
	switch r.choice {
	case link.ChooseLeaveAlone:
		now := r.site.now().Truncate(time.Second)
		leftAlone = &now
	case link.ChooseReconsider:
	case link.ChooseLink, link.ChooseCreate, link.ChooseTakeOver:
		return false, nil
	}
	err = r.tx.Exec("UPDATE userlink_user SET left_alone_at = ? WHERE site_id = ? AND uf_id = ?", leftAlone, r.site.ID, user.ID).Error
	columns := []string{"left_alone_at"}
	j.add(user.ID, d.Reason, tableUser, user.ID, "update", rowJSON(columns, []any{timeText(state.LeftAloneAt)}), rowJSON(columns, []any{timeText(leftAlone)}))
	return true, err
}

// timeText is a time as the database writes it, in UTC; nil: NULL.
func timeText(t *time.Time) *string {
	if t == nil {
		return nil
	}
	text := t.UTC().Format(time.DateTime)
	return &text
}

// record writes the decision down as a job that has ended, with its report.
func (r *resolution) record(users []link.User, results []link.Result) (*fullsync.Job, error) {
	now := r.site.now()
	job := fullsync.Job{
		ID: r.jobID.String(), Site: r.site.ID, Mode: fullsync.Resolution, State: fullsync.Done, Counts: countResults(results), Total: 1,
		ActorUserID: r.actorUserID, CreatedAt: now, StartedAt: &now, UpdatedAt: now, FinishedAt: &now, LastUserID: users[0].ID,
	}
	job.Message = fullsync.Message(job.Mode, job.State, job.Counts)
	k := job.Counts
	err := r.tx.Exec(`INSERT INTO userlink_job (id, site_id, mode, state, actor_uf_id, total, last_uf_id, checked, already_linked, linked, created, updated, conflicts, skipped, failed, created_at, started_at, updated_at, finished_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		job.ID, job.Site, string(job.Mode), string(job.State), job.ActorUserID, job.Total, job.LastUserID,
		k.Checked, k.AlreadyLinked, k.Linked, k.Created, k.Updated, k.Conflicts, k.Skipped, k.Failed, now, now, now, now).Error
	if err != nil {
		return nil, err
	}
	return &job, insertChunk(r.tx, job, k, users, []link.Result{asSyncResult(results[0])})
}
