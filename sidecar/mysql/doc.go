// Package mysql is everything that speaks SQL: CiviCRM's tables, the CMSs' user tables, and userlink's own. GORM stops at
// this door; what comes out is made of the types of packages link and fullsync, and of the errors of package link.
//
//	db.go           pools, retry; errors.go tells which errors are whose
//	migrate.go      userlink's own tables (migrations/)
//	users.go        the users table of each CMS
//	civicrm.go      CiviCRM's settings and columns; collation.go its idea of "the same address"
//	look.go         what is known about a batch of users
//	write.go        carry out a batch of decisions; insert.go: many rows at once; journal.go: what was written
//	event.go        one event; step.go, lease.go: a thousand users of a full sync; jobs.go: the state of a job; halving.go: one bad row
//	undo.go         a chunk of an undo; undo_look.go: what can be taken back; undo_write.go: take it back; undo_tables.go: rows as the journal has them
//	references.go   who may refer to a contact; bare.go: what the account needs to see that nobody does
//	explain.go, status.go, conflicts.go, check.go, grants.go
package mysql
