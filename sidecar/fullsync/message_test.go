package fullsync

import "testing"

func TestMessage(t *testing.T) {
	for _, test := range []struct {
		mode   Mode
		state  State
		counts Counts
		want   string
	}{
		{UndoPreview, Done, Counts{Undone: 1}, "Preview of the undo completed, nothing was changed. What was written for one user would be taken back."},
		{UndoPreview, Done, Counts{Undone: 3, Kept: 2}, "Preview of the undo completed, nothing was changed. What was written for 3 users would be taken back. 2 users would be kept as they are, because something was changed or used since."},
		{Undo, Done, Counts{}, "Undo completed. What was written for 0 users was taken back."},
		{Undo, Done, Counts{Undone: 3, Kept: 1, Failed: 1}, "Undo completed. What was written for 3 users was taken back. One user was kept as it is, because something was changed or used since. One user failed."},
		{Undo, Cancelled, Counts{Undone: 1}, "Undo was cancelled. What was done stays. What was written for one user was taken back."},
		{Undo, FailedJob, Counts{}, "Undo stopped because of an error. What was done stays, and is whole. What was written for 0 users was taken back."},
		{RepairPreview, Done, Counts{Repaired: 8000, Kept: 2}, "Preview of the repair completed, nothing was changed. 8000 cases would be mended. 2 are left as they are; the report says why."},
		{Repair, Done, Counts{Repaired: 1}, "Repair completed. One case was mended."},
		{Repair, Cancelled, Counts{Repaired: 3, Kept: 1}, "Repair was cancelled. What was done stays. 3 cases were mended. One is left as it is; the report says why."},
		{Repair, FailedJob, Counts{Failed: 1}, "Repair stopped because of an error. What was done stays, and is whole. 0 cases were mended. One user failed."},
		{Undo, Running, Counts{Undone: 7}, "Undo is running. What was written for 7 users was taken back."},
	} {
		if got := Message(test.mode, test.state, test.counts); got != test.want {
			t.Errorf("%s %s: got %s, want %s", test.mode, test.state, got, test.want)
		}
	}
}

func TestWhatCanBeUndone(t *testing.T) {
	for _, test := range []struct {
		mode  Mode
		state State
		want  bool
	}{
		{Apply, Done, true},
		{Apply, Cancelled, true},
		{Apply, FailedJob, true},
		{Undo, Done, true},
		{Repair, Done, true},
		{Resolution, Done, true},
		{Apply, Running, false},
		{Apply, Paused, false},
		{Apply, Queued, false},
		{Undo, Cancelling, false},
		{Preview, Done, false},
		{UndoPreview, Done, false},
		{RepairPreview, Done, false},
	} {
		if got := (Job{Mode: test.mode, State: test.state}).CanBeUndone(); got != test.want {
			t.Errorf("%s %s: %v", test.mode, test.state, got)
		}
	}
}
