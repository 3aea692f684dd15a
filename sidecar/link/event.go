package link

import "time"

// EventType says what happened in the CMS, in the past tense.
type EventType string

// The events that a CMS may send, and Synced, which only the full sync uses.
const (
	Registered  EventType = "user.registered"
	Updated     EventType = "user.updated"
	LoggedIn    EventType = "user.logged_in"
	Deleted     EventType = "user.deleted"
	Transaction EventType = "civicrm.transaction"
	Synced      EventType = "sync"
)

// EventTypes lists what a CMS may send, in the order of the policy table.
func EventTypes() []EventType {
	return []EventType{Registered, LoggedIn, Updated, Transaction, Deleted}
}

// Event is one thing that happened to one user of one site.
type Event struct {
	ID          string // UUID, the same over all attempts to deliver it
	SiteID      string
	Type        EventType
	Hook        string    // the CMS's own name of the hook
	Time        time.Time // when it happened, by the CMS's clock
	User        User
	ActorUserID uint32 // the CMS user who did it; 0: nobody was logged in
}
