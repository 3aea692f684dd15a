// Package mysql is everything that speaks SQL: CiviCRM's tables, the CMSs' user tables, and userlink's own. GORM stops at
// this door; what comes out is made of the types of packages link and fullsync, and of the errors of package link.
//
//	db.go           pools, retry; errors.go tells which errors are whose
//	migrate.go      userlink's own tables (migrations/)
//	users.go        the users table of each CMS
//	civicrm.go      CiviCRM's settings and columns; collation.go its idea of "the same address"
//	look.go         what is known about a batch of users
//	write.go        carry out a batch of decisions; insert.go: many rows at once; journal.go: what was written
//	event.go        one event; chunk.go: a thousand users of a full sync; jobs.go: the state of a full sync
//	explain.go, status.go, conflicts.go, check.go, grants.go
package mysql
