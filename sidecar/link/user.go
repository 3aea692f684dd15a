package link

import "time"

// Status says whether the CMS lets the user log in.
type Status string

// The statuses that a CMS may report; empty is not known.
const (
	StatusActive  Status = "active"
	StatusBlocked Status = "blocked"
	StatusPending Status = "pending" // registered, not yet activated
)

// User is an account of the CMS as the CMS sees it now. An empty field is not known and never overwrites anything.
type User struct {
	ID           uint32    `json:"id"`
	Email        string    `json:"email"`
	Username     string    `json:"username"`
	FirstName    string    `json:"first_name"`
	LastName     string    `json:"last_name"`
	Name         string    `json:"name"` // the one full name of Joomla; what the others show in public
	Status       Status    `json:"status"`
	Roles        []string  `json:"roles"`
	Language     string    `json:"language"`
	RegisteredAt time.Time `json:"registered_at"`
}
