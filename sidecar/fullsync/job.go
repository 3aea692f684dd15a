// Package fullsync is the administrator's "Synchronize Users to Contacts": a job that walks all users of a site in chunks,
// previews or applies, can be cancelled, survives a crash, and ends in a report that is true.
//
// It knows what to do and in which order; how rows are read and written is behind Store, which package mysql provides.
package fullsync

import (
	"errors"
	"strings"
	"time"

	"userlink/sidecar/link"
)

// Mode says whether a job writes.
type Mode string

// The modes of a job.
const (
	Preview       Mode = "preview"
	Apply         Mode = "apply"
	UndoPreview   Mode = "undo_preview"
	Undo          Mode = "undo"
	RepairPreview Mode = "repair_preview"
	Repair        Mode = "repair"
	Resolution    Mode = "resolution" // one user, by a person's decision; never queued
)

// CarriedOutBy is, for a preview, the mode of the job that does what it shows; empty for the others.
func (m Mode) CarriedOutBy() Mode {
	return map[Mode]Mode{Preview: Apply, UndoPreview: Undo, RepairPreview: Repair}[m]
}

// Writes tells whether a job of this mode writes to CiviCRM's tables, and so leaves something to undo.
func (m Mode) Writes() bool { return m == Apply || m == Undo || m == Repair || m == Resolution }

// State is where a job stands.
type State string

// The states of a job; the last three are final.
const (
	Queued     State = "queued"
	Running    State = "running"
	Paused     State = "paused" // by a person; keeps its place
	Cancelling State = "cancelling"
	Cancelled  State = "cancelled"
	Done       State = "done"
	FailedJob  State = "failed"
)

// Final tells whether nothing more happens to a job in this state.
func (s State) Final() bool { return s == Cancelled || s == Done || s == FailedJob }

// Errors that a caller must tell apart.
var (
	ErrRunning  = errors.New("another sync of this site is under way")
	ErrState    = errors.New("the job's state does not allow this")
	ErrNotFound = errors.New("no such job")
	ErrLost     = errors.New("the job was taken over by another sidecar")
	ErrCursor   = errors.New("after is not the next_after of a page")
	ErrChoice   = errors.New("this cannot be decided about the user, or not any more")
)

// NotAllowedError says that the database account lacks privileges for what a job is to do. Nothing was done then.
type NotAllowedError struct{ Missing []string } // in words, such as "DELETE on civicrm_email"

// Error says for an administrator what is missing, and what to do.
func (e *NotAllowedError) Error() string {
	return "Nothing was done, because the sidecar's database account may not do what it needs for this: " + strings.Join(e.Missing, ", ") +
		". Run the GRANT statements that \"userlink check\" prints, and start again."
}

// Counts are the users of a job by outcome.
type Counts struct {
	Checked       int `json:"checked"`
	AlreadyLinked int `json:"already_linked"`
	Linked        int `json:"linked"`
	Created       int `json:"created"`
	Updated       int `json:"updated"`
	Conflicts     int `json:"conflicts"`
	Skipped       int `json:"skipped"`
	Failed        int `json:"failed"`
	Undone        int `json:"undone"`
	Kept          int `json:"kept"` // by an undo or a repair, for the reason that the report gives
	Repaired      int `json:"repaired"`
}

// Job is one run, as the administrator sees it.
type Job struct {
	ID    string `json:"job"`
	Site  string `json:"site"`
	Mode  Mode   `json:"mode"`
	State State  `json:"state"`
	Counts
	Total       int        `json:"total"`     // users when it began
	Message     string     `json:"message"`   // CiviCRM's sentence
	Slowed      string     `json:"slowed"`    // why it is slower than it could be; empty when it is not
	Error       string     `json:"error"`     // why it failed
	PreviewID   string     `json:"preview"`   // the preview that it carries out
	Finding     string     `json:"finding"`   // what a repair mends
	Undoes      string     `json:"undoes"`    // the job that an undo takes back
	UndoneBy    string     `json:"undone_by"` // the last undo that took back something of this job
	ActorUserID uint32     `json:"actor_user_id"`
	Owner       string     `json:"owner"` // host:pid of the process that works on it
	CreatedAt   time.Time  `json:"created_at"`
	StartedAt   *time.Time `json:"started_at"`
	UpdatedAt   time.Time  `json:"updated_at"`
	FinishedAt  *time.Time `json:"finished_at"`
	LastUserID  uint32     `json:"-"` // checkpoint: every user up to this id is done
}

// CanBeUndone tells whether an undo of the job may begin.
func (j Job) CanBeUndone() bool { return j.Mode.Writes() && j.State.Final() }

// Request is the job that a person asks for.
type Request struct {
	Mode        Mode
	ActorUserID uint32
	PreviewID   string // the preview to carry out: mode, finding and undoes are then as it says
	Finding     string // what a repair mends
	Undoes      string // the job that an undo takes back
}

// Item is one user in a job's report.
type Item struct {
	UserID      uint32       `json:"user_id"`
	Username    string       `json:"username"`
	Email       string       `json:"email"`
	Name        string       `json:"name"`
	Outcome     link.Outcome `json:"outcome"`
	Reason      link.Reason  `json:"reason"`
	ContactID   *uint32      `json:"contact_id"`
	ContactName string       `json:"contact_name"`
	OtherUserID *uint32      `json:"other_user_id"`
}

// OpenConflict is a user who cannot be linked without a person's decision.
type OpenConflict struct {
	UserID      uint32      `json:"user_id"`
	Username    string      `json:"username"`
	Email       string      `json:"email"`
	Name        string      `json:"name"`
	Reason      link.Reason `json:"reason"`
	ContactID   *uint32     `json:"contact_id"`
	ContactName string      `json:"contact_name"`
	OtherUserID *uint32     `json:"other_user_id"`
	FirstSeen   time.Time   `json:"first_seen"`
	LastSeen    time.Time   `json:"last_seen"`
	Times       int         `json:"times"`

	Choices    []link.Choice        `json:"choices"`    // what a person can decide now
	Candidates []ExplainedCandidate `json:"candidates"` // the contacts that link.ChooseLink can name first
}

// Resolved is what became of a person's decision.
type Resolved struct {
	link.Result
	Job *Job `json:"job"` // by which it can be undone; nil when nothing was written
}

// FoundUser is a user of the CMS, and the contact of the link.
type FoundUser struct {
	ID        uint32  `json:"id"`
	Username  string  `json:"username"`
	Email     string  `json:"email"`
	Name      string  `json:"name"`
	ContactID *uint32 `json:"contact_id"`
}

// Status is a site at a glance.
type Status struct {
	Version   string   `json:"version"`
	Site      string   `json:"site"`
	CMS       link.CMS `json:"cms"`
	Users     int      `json:"users"`
	Linked    int      `json:"linked"`
	NotLinked int      `json:"not_linked"`
	Conflicts int      `json:"conflicts"`
	LeftAlone int      `json:"left_alone"` // users whom a person wants left alone
	Job       *Job     `json:"job"`        // the one under way
	LastApply *Job     `json:"last_apply"` // the last one that was applied
}

// Explanation says what would happen to one user now, and what happened before.
type Explanation struct {
	User       link.User            `json:"user"`
	Found      bool                 `json:"found"` // the user exists in the CMS
	State      ExplainedState       `json:"state"`
	Seen       ExplainedSeen        `json:"seen"`
	Decision   link.Result          `json:"decision"` // of a full sync now
	Sentence   string               `json:"sentence"`
	Would      []ExplainedEvent     `json:"would"`      // what each event, and at last a full sync, would cause now
	Choices    []link.Choice        `json:"choices"`    // what a person can decide now
	Candidates []ExplainedCandidate `json:"candidates"` // the contacts that link.ChooseLink can name first
	Journal    []JournalLine        `json:"journal"`    // the newest first
}

// ExplainedState is what userlink remembers of a user and what the site's settings say about him.
type ExplainedState struct {
	LeftAloneAt *time.Time  `json:"left_alone_at"` // since when a person wants him left alone
	VerifyEmail string      `json:"verify_email"`  // off or first_login
	ProvedAt    *time.Time  `json:"proved_at"`     // when he proved to own the email that he has now
	InScope     bool        `json:"in_scope"`      // his roles and status count
	DeletedAt   *time.Time  `json:"deleted_at"`    // when the CMS said that he is deleted
	Conflict    link.Reason `json:"conflict"`      // under which he is listed; empty: he is not
}

// ExplainedEvent is what an event would cause now.
type ExplainedEvent struct {
	Event link.EventType `json:"event"`
	Rule  link.Rule      `json:"rule"`
	link.Result
	Sentence string `json:"sentence"`
}

// ExplainedSeen is what the decision was made from.
type ExplainedSeen struct {
	Links      []ExplainedLink      `json:"links"`
	NameHolder *ExplainedLink       `json:"name_holder"`
	HolderGone bool                 `json:"holder_gone"`
	InTrash    bool                 `json:"trashed_contact"` // a contact in the trash carries the email
	Candidates []ExplainedCandidate `json:"candidates"`
}

// ExplainedLink is a link, for a reader.
type ExplainedLink struct {
	UserID    uint32 `json:"user_id"`
	Name      string `json:"uf_name"`
	ContactID uint32 `json:"contact_id"`
	Trashed   bool   `json:"trashed"`         // the contact is in the trash
	Missing   bool   `json:"contact_missing"` // there is no such contact
}

// ExplainedCandidate is a contact that could be the user, for a reader.
type ExplainedCandidate struct {
	ContactID    uint32         `json:"contact_id"`
	Name         string         `json:"name"`
	Primary      bool           `json:"primary"`
	LinkedToUser uint32         `json:"linked_to_user"` // 0: free
	Similar      bool           `json:"similar"`        // its email is equal to the user's by CiviCRM's collation only
	Rule         link.MatchRule `json:"rule"`           // what found it; empty: the link of the user, or of the user who is gone
}

// JournalLine is one row that userlink wrote.
type JournalLine struct {
	At     time.Time   `json:"at"`
	Cause  string      `json:"cause"`  // event, sync, resolution, repair or undo
	ID     string      `json:"id"`     // of that event or job
	Undone bool        `json:"undone"` // it was taken back since
	Table  string      `json:"table"`
	RowID  uint32      `json:"row_id"`
	Change string      `json:"change"` // insert, update or delete
	Before string      `json:"before"` // JSON of the columns concerned; empty for an insert
	After  string      `json:"after"`  // the same; empty for a delete
	Reason link.Reason `json:"reason"`
	By     string      `json:"by"` // cause and id in one
}

// Page is a part of a list.
type Page[T any] struct {
	Items []T
	Next  string // pass it as after; empty on the last page
	Total int    // where it is known
}

// Health is what the doctor found on a site.
type Health struct {
	Findings  []Finding `json:"findings"`
	CheckedAt time.Time `json:"checked_at"`
}

// Finding says how many are concerned by one kind of trouble, what it is, and what a repair does about it; without a
// remedy only a person can mend it.
type Finding struct {
	Finding  link.Finding `json:"finding"`
	Count    int          `json:"count"`
	Sentence string       `json:"sentence"`
	Remedy   string       `json:"remedy"`
	Unseen   bool         `json:"unseen"` // the account may not look: a count of 0 says nothing
}
