package mysql

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
)

// repair is one step of a repair, or of its preview, at work: those whom one kind of finding concerns, by ascending id. The
// report has an item for each decision; whoever is not concerned any more when it comes to him is kept as settled.
type repair struct {
	site    *Site
	civicrm *civicrm
	job     fullsync.Job
	finding link.Finding
	memory  *fullsync.Memory // of a preview
}

// mostWithOrphans is how many users a chunk may have that is about their orphans: one may have thousands.
const mostWithOrphans = 200

// stepRepair is Step for the modes Repair and RepairPreview.
func (s *Site) stepRepair(ctx context.Context, job fullsync.Job, memory *fullsync.Memory, limit int) (fullsync.Job, bool, error) {
	k := &repair{site: s, job: job, finding: link.Finding(job.Finding), memory: memory}
	var err error
	if k.civicrm, err = s.settings(ctx); err != nil {
		return job, false, outward(err)
	}
	if job.LastUserID == 0 {
		if err := k.allowed(ctx); err != nil {
			return job, false, outward(err)
		}
	}
	v, err := s.survey(ctx, job.CreatedAt)
	if err != nil {
		return job, false, outward(err)
	}
	if job.LastUserID == 0 {
		if err := k.count(ctx, v); err != nil {
			return job, false, outward(err)
		}
	}
	if k.finding == link.FindOrphan {
		limit = min(limit, mostWithOrphans)
	}
	ids := v.after(k.finding, uint64(job.LastUserID)+1, limit)
	if len(ids) == 0 {
		s.surveyed.forget()
		return job, true, nil
	}
	users := make([]link.User, len(ids))
	for i, id := range ids {
		users[i].ID = id
	}
	h := halving{log: s.log().With("job", job.ID), commit: k.commit, alone: k.alone}
	err = h.do(ctx, users)
	return k.job, false, outward(err)
}

// count notes how many there are. It takes its time on a big site, so it is not done before the job's lease is kept up.
func (k *repair) count(ctx context.Context, v *survey) error {
	n, err := k.site.countConcerned(ctx, v, k.finding)
	if err != nil {
		return err
	}
	k.job.Total = n
	_, err = k.site.db.exec(ctx, "UPDATE userlink_job SET total = ? WHERE id = ?", n, k.job.ID)
	return err
}

func (k *repair) preview() bool { return k.job.Mode == fullsync.RepairPreview }

// commit looks, decides, writes, reports and moves the checkpoint, in one transaction.
func (k *repair) commit(ctx context.Context, concerned []link.User) error {
	var job fullsync.Job
	trashed := false
	err := k.site.db.inTransaction(ctx, func(tx *gorm.DB) error {
		users, decisions, err := k.decide(ctx, tx, userIDs(concerned))
		if err != nil {
			return err
		}
		results, err := k.carryOut(ctx, tx, users, decisions)
		if err != nil {
			return err
		}
		trashed = false
		for _, d := range decisions {
			trashed = trashed || d.Trash
		}
		job, err = k.checkpoint(tx, concerned, users, results)
		return err
	})
	if err != nil {
		return err
	}
	k.job = job
	if trashed && !k.preview() {
		k.site.emptyACLs(ctx)
	}
	return nil
}

// decide returns the decisions, and for each the user whom it is about.
func (k *repair) decide(ctx context.Context, tx *gorm.DB, ids []uint32) (users []link.User, decisions []link.Decision, err error) {
	cases, err := k.site.cases(ctx, tx, k.civicrm, k.finding, ids, !k.preview())
	if err != nil {
		return nil, nil, err
	}
	batch := batchOf(k.memory)
	if batch == nil {
		batch = k.site.batch(k.civicrm)
	}
	for _, c := range cases {
		found := batch.Repair(k.finding, c)
		if len(found) == 0 && k.finding != link.FindOrphan { // many a contact without a link is no orphan
			found = []link.Decision{{Outcome: link.Kept, Reason: link.Settled}}
		}
		for _, d := range found {
			users, decisions = append(users, reportedUser(c)), append(decisions, d)
		}
	}
	return users, decisions, nil
}

func (k *repair) carryOut(ctx context.Context, tx *gorm.DB, users []link.User, decisions []link.Decision) ([]link.Result, error) {
	results, err := k.site.carryOut(ctx, tx, k.civicrm, k.job, causeRepair, users, decisions)
	if err != nil || k.preview() {
		return results, err
	}
	var mended []link.User
	var settled []link.Result
	for i, r := range results {
		if r.Outcome == link.Repaired && r.Reason == link.UserLinked {
			mended, settled = append(mended, users[i]), append(settled, r)
		}
	}
	return results, k.site.noteConflicts(tx, link.EnsureLink, mended, settled)
}

// checkpoint commits the chunk's report, which stands under the last user concerned, and moves the job on.
func (k *repair) checkpoint(tx *gorm.DB, concerned, users []link.User, results []link.Result) (fullsync.Job, error) {
	job, before := k.job, k.job.LastUserID
	job.LastUserID = concerned[len(concerned)-1].ID
	return k.site.note(tx, job, before, job.LastUserID, users, results)
}

// alone reports the one user for whom the database refuses the change.
func (k *repair) alone(ctx context.Context, user link.User, cause error) (bool, error) {
	k.site.log().Error("user not repaired", "job", k.job.ID, "user", user.ID, "cause", cause)
	users, err := k.site.readableUsers(ctx, k.site.db.gorm, []uint32{user.ID})
	if err != nil {
		return false, err
	}
	results := make([]link.Result, len(users))
	for i := range results {
		results[i] = failedResult(link.Database)
	}
	return false, k.site.db.inTransaction(ctx, func(tx *gorm.DB) error {
		job, err := k.checkpoint(tx, []link.User{user}, users, results)
		if err == nil {
			k.job = job
		}
		return err
	})
}

// allowed returns an error that says what is missing if the account may not do what the repair is about to.
func (k *repair) allowed(ctx context.Context) error {
	if k.finding != link.FindOrphan {
		return nil
	}
	missing, err := missingForTrash(k.site.db.gorm.WithContext(ctx))
	if err == nil && len(missing) > 0 {
		err = &fullsync.NotAllowedError{Missing: missing}
	}
	return err
}

// trashPrivilege is what a repair of orphans needs beyond civicrmPrivileges. A site may do without.
var trashPrivilege = privilege{table: tableContact, write: "UPDATE (is_deleted)"}

// missingForTrash returns, in words, what the account may not do and a repair of orphans needs.
func missingForTrash(db *gorm.DB) ([]string, error) {
	missing, err := missingToSeeUse(db)
	if err != nil {
		return nil, err
	}
	err = db.Exec("EXPLAIN UPDATE civicrm_contact SET is_deleted = 1 WHERE id = 0").Error
	if err == nil {
		return missing, nil
	}
	if !denied(err) {
		return nil, err
	}
	return append(missing, fmt.Sprintf("%s on %s", trashPrivilege.write, trashPrivilege.table)), nil
}
