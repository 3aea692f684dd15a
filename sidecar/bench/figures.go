package main

import "fmt"

// figure is a row of the table: something of ours, and what it is compared with.
type figure struct {
	name    string // of the row
	part    string // of scripts/figures, which measures it
	about   string
	unit    string
	against string // what the reference is
	goal    goal
}

// goal is the limit of a ratio (value ÷ reference) or of the value itself; a limit of 0 means that there is none.
type goal struct {
	least bool // at least, instead of at most
	value bool // of the value, instead of the ratio
	limit float64
}

func (g goal) reached(value, ratio float64) bool {
	if g.value {
		ratio = value
	}
	if g.least {
		return ratio >= g.limit
	}
	return ratio <= g.limit
}

// text says the goal for a reader, of a figure in this unit.
func (g goal) text(unit string) string {
	if g.limit == 0 {
		return ""
	}
	sign, unitOf := "≤", "×"
	if g.least {
		sign = "≥"
	}
	if g.value {
		unitOf = unit
	}
	return fmt.Sprintf("%s %g %s", sign, g.limit, unitOf)
}

func atLeast(limit float64) goal     { return goal{least: true, limit: limit} }
func atMost(limit float64) goal      { return goal{limit: limit} }
func valueAtMost(limit float64) goal { return goal{value: true, limit: limit} }

const (
	civicrm = "CiviCRM"
	floor   = "SQL by hand"
	bare    = "bare route"
)

// figures is the table, in its order.
func figures() []figure {
	return []figure{
		{"created", "created", "full sync, all contacts are new", "users/s", civicrm, atLeast(200)},
		{"created-sql", "created", "the same", "users/s", floor, atLeast(2)},
		{"linked", "linked", "full sync, all contacts exist", "users/s", civicrm, atLeast(60)},
		{"linked-sql", "linked", "the same", "users/s", floor, atLeast(2)},
		{"nothing", "nothing", "full sync, all are linked", "users/s", civicrm, atLeast(50)},
		{"nothing-time", "nothing", "the same, 100,000 users", "s", "", valueAtMost(1)},
		{"million", "million", "full sync of very many, per user", "µs", "10,000 users", atMost(1.15)},
		{"million-memory", "million", "resident memory, at most", "MiB", "10,000 users", valueAtMost(64)},
		{"million-growth", "million", "resident memory, last quarter of the run", "MiB", "second quarter", atMost(1.1)},
		{"million-preview", "million", "preview of them", "s", "apply", atMost(0.2)},
		{"preview-memory", "million", "resident memory of the preview, at most", "MiB", "10,000 users", valueAtMost(64)},
		{"hook", "hook", "signed hook, user linked already, 32 at a time", "calls/s", bare, atLeast(0.6)},
		{"hook-p50", "hook", "the same, median", "ms", bare, goal{}},
		{"hook-p99", "hook", "the same, 99th percentile", "ms", bare, atMost(2)},
		{"hook-create", "hook-create", "signed hook that creates a contact, median", "ms", floor, atMost(1.5)},
		{"register", "register", "added to wp_insert_user, until all is done", "ms", civicrm, atMost(0.1)},
		{"register-fpm", "register", "the same, as the visitor waits where PHP can let him go (PHP-FPM)", "ms", civicrm, atMost(0.1)},
		{"site", "site", "the site's login queries during a sync, 99th percentile", "ms", "no sync", atMost(1.5)},
	}
}
