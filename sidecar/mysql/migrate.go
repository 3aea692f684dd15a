package mysql

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

//go:embed migrations/*.sql
var migrations embed.FS

const (
	migrationTable = "userlink_migration"
	migrationLock  = "userlink_migrate"
	migrationWait  = 30 // seconds that a second sidecar waits for the first
)

// OwnTables lists the tables that userlink makes in CiviCRM's database. It names no other table in any migration.
func OwnTables() []string {
	return []string{
		migrationTable, "userlink_user", "userlink_token", "userlink_delivery",
		"userlink_journal", "userlink_conflict", "userlink_job", "userlink_job_chunk", "userlink_job_lease",
	}
}

func (db *DB) migrator() (*goose.Provider, error) {
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	store, err := database.NewStore(database.DialectMySQL, migrationTable)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider("", db.pool, folder, goose.WithStore(store), goose.WithDisableGlobalRegistry(true))
}

// Migrate brings userlink's own tables up to date and returns how many steps that took. Two sidecars may call it at once.
//
// On one server a named lock keeps them apart. On two nodes of a cluster the first statement of a migration does, which
// therefore must fail where it was done already (ADD without IF NOT EXISTS): one of the two goes on, the other waits for it.
func (db *DB) Migrate(ctx context.Context) (int, error) {
	release, err := db.lock(ctx, migrationLock, migrationWait)
	if err != nil {
		return 0, outward(err)
	}
	defer release()
	m, err := db.migrator()
	if err != nil {
		return 0, err
	}
	for deadline := time.Now().Add(migrationWait * time.Second); ; {
		steps, err := m.Up(ctx)
		if !doneElsewhere(err) || time.Now().After(deadline) {
			return len(steps), outward(err)
		}
		db.log.Info("another sidecar changes the tables, waiting", "cause", err)
		if err := backoff(ctx, maxAttempts); err != nil {
			return len(steps), err
		}
	}
}

// doneElsewhere tells whether a migration failed because somebody else did it.
func doneElsewhere(err error) bool {
	switch number(err) {
	case errTableExists, errColumnExists, errKeyExists, errNothingToDrop, errDuplicate, errDeadlock:
		return true
	}
	// Goose makes its table and then the first row in it, and has no name for finding the one without the other.
	return err != nil && strings.Contains(err.Error(), "missing zero version")
}

func (db *DB) pendingMigrations(ctx context.Context) (bool, error) {
	m, err := db.migrator()
	if err != nil {
		return false, err
	}
	return m.HasPending(ctx)
}

// lock takes a named lock of the server on a connection of its own. It serves only to keep two migrations apart, whose
// steps would survive a race: such locks do not reach other nodes of a cluster.
func (db *DB) lock(ctx context.Context, name string, seconds int) (release func(), err error) {
	conn, err := db.pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	var got *int
	if err := conn.QueryRowContext(ctx, "SELECT GET_LOCK(CONCAT(DATABASE(), ?), ?)", "."+name, seconds).Scan(&got); err != nil {
		_ = conn.Close()
		return nil, err
	}
	if got == nil || *got != 1 {
		_ = conn.Close()
		return nil, fmt.Errorf("another process has been migrating for %d seconds", seconds)
	}
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_, _ = conn.ExecContext(ctx, "SELECT RELEASE_LOCK(CONCAT(DATABASE(), ?))", "."+name) // closing releases it too
		_ = conn.Close()
	}, nil
}
