package fullsync

import "fmt"

// Message says how a job ended.
func Message(mode Mode, state State, c Counts) string {
	var s string
	switch mode {
	case Undo, UndoPreview:
		s = undoMessage(mode, state, c)
	case Repair, RepairPreview:
		s = repairMessage(mode, state, c)
	default:
		s = syncMessage(mode, state, c)
	}
	if c.Failed > 0 {
		s += " " + count(c.Failed, "One user failed.", "%d users failed.")
	}
	return s
}

// undoMessage speaks of users: what was written for one is taken back together or not at all.
func undoMessage(mode Mode, state State, c Counts) string {
	var s, kept string
	if mode == UndoPreview {
		s = opening(state, "Preview of the undo", "completed, nothing was changed.") +
			" " + count(c.Undone, "What was written for one user would be taken back.", "What was written for %d users would be taken back.")
		kept = count(c.Kept, "One user would be kept as it is, because something was changed or used since.", "%d users would be kept as they are, because something was changed or used since.")
	} else {
		s = opening(state, "Undo", "completed.") +
			" " + count(c.Undone, "What was written for one user was taken back.", "What was written for %d users was taken back.")
		kept = count(c.Kept, "One user was kept as it is, because something was changed or used since.", "%d users were kept as they are, because something was changed or used since.")
	}
	if c.Kept > 0 {
		s += " " + kept
	}
	return s
}

// repairMessage speaks of cases: a user may have several orphans.
func repairMessage(mode Mode, state State, c Counts) string {
	var s string
	if mode == RepairPreview {
		s = opening(state, "Preview of the repair", "completed, nothing was changed.") +
			" " + count(c.Repaired, "One case would be mended.", "%d cases would be mended.")
	} else {
		s = opening(state, "Repair", "completed.") + " " + count(c.Repaired, "One case was mended.", "%d cases were mended.")
	}
	if c.Kept > 0 {
		s += " " + count(c.Kept, "One is left as it is; the report says why.", "%d are left as they are; the report says why.")
	}
	return s
}

// syncMessage is the sentence that CiviCRM's users know. "Found" are the users who had a contact, linked
// or not; "created" are new contacts. (CiviCRM's own counters mean something else: "created" counts new links.)
func syncMessage(mode Mode, state State, c Counts) string {
	found := c.AlreadyLinked + c.Linked + c.Updated
	var s string
	switch mode {
	case Resolution:
		return "A person's decision about one user was carried out."
	case Preview:
		s = opening(state, "Preview of Synchronize Users to Contacts", "completed, nothing was changed.") +
			" " + count(c.Checked, "Checked one user record.", "Checked %d user records.") +
			" " + count(found, "Found one matching contact record.", "Found %d matching contact records.") +
			" " + count(c.Created, "One new contact record would be created.", "%d new contact records would be created.")
	default:
		s = opening(state, "Synchronize Users to Contacts", "completed.") +
			" " + count(c.Checked, "Checked one user record.", "Checked %d user records.") +
			" " + count(found, "Found one matching contact record.", "Found %d matching contact records.") +
			" " + count(c.Created, "Created one new contact record.", "Created %d new contact records.")
	}
	if c.Conflicts > 0 {
		s += " " + count(c.Conflicts, "One user was left alone because it needs a decision.", "%d users were left alone because they need a decision.")
	}
	return s
}

func opening(state State, subject, completed string) string {
	switch state {
	case Cancelled:
		return subject + " was cancelled. What was done stays."
	case FailedJob:
		return subject + " stopped because of an error. What was done stays, and is whole."
	case Paused:
		return subject + " is paused."
	case Queued, Running, Cancelling:
		return subject + " is running."
	case Done:
	}
	return subject + " " + completed
}

func count(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return fmt.Sprintf(many, n)
}
