package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"time"

	driver "github.com/go-sql-driver/mysql"
	gormmysql "gorm.io/driver/mysql"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

const (
	lockWait     = 1 // seconds: the live site wins every lock, we try again
	maxAttempts  = 10
	firstBackoff = 20 * time.Millisecond
	maxBackoff   = time.Second
)

// DB is CiviCRM's database, with userlink's own tables in it.
type DB struct {
	gorm *gorm.DB
	pool *sql.DB
	log  *slog.Logger
	now  func() time.Time

	asked atomic.Int64 // statements that servers had from this process: those of a CMS elsewhere are few, and count as well

	replica     *gorm.DB // that a sync is not to leave behind; nil: there is none
	replicaPool *sql.DB
}

// Options say how to reach CiviCRM's database.
type Options struct {
	DSN        string // as go-sql-driver/mysql writes it; names the database
	ReplicaDSN string // of a replica that a sync is not to leave behind; empty: there is none
	Log        *slog.Logger
	Now        func() time.Time // nil: the machine's clock
}

// Open prepares a pool; it does not connect yet, so that the sidecar can start before the database does.
func Open(o Options) (*DB, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	db := &DB{log: o.Log, now: o.Now}
	var err error
	if db.gorm, db.pool, err = openPool(o.DSN, o.Now, o.Log, connector{writes: true, asked: &db.asked}); err != nil {
		return nil, fmt.Errorf("civicrm dsn: %w", err)
	}
	if o.ReplicaDSN != "" {
		if db.replica, db.replicaPool, err = openPool(o.ReplicaDSN, o.Now, o.Log, connector{}); err != nil {
			return nil, fmt.Errorf("replica dsn: %w", errors.Join(err, db.pool.Close()))
		}
	}
	return db, nil
}

// openPool prepares a pool. through says what its connections are for; the driver's connector is put into it.
func openPool(dsn string, now func() time.Time, log *slog.Logger, through connector) (*gorm.DB, *sql.DB, error) {
	cfg, err := driver.ParseDSN(dsn)
	if err != nil {
		return nil, nil, err
	}
	session(cfg)
	cfg.MultiStatements = through.writes // see boundConn; doc/decisions/ has the reason
	cfg.Logger = driverLog{log}
	if through.Connector, err = driver.NewConnector(cfg); err != nil {
		return nil, nil, err
	}
	pool := sql.OpenDB(through)
	pool.SetMaxOpenConns(16)                 // a visitor's PHP needs connections too; MariaDB allows 151 in all by default
	pool.SetMaxIdleConns(16)                 // a hook should not wait for a handshake
	pool.SetConnMaxLifetime(5 * time.Minute) // well below any wait_timeout seen in the wild
	g, err := gorm.Open(gormmysql.New(gormmysql.Config{Conn: pool, SkipInitializeWithVersion: true}), &gorm.Config{
		SkipDefaultTransaction: true, // we open our own, around a whole batch
		DisableAutomaticPing:   true,
		Logger:                 logger.Discard, // errors are returned and logged once, by who asked
		NowFunc:                func() time.Time { return now().UTC() },
	})
	return g, pool, err
}

// driverLog takes what the driver has to say about broken connections. Whoever used one gets an error, too.
type driverLog struct{ log *slog.Logger }

// Print implements the driver's Logger.
func (l driverLog) Print(words ...any) { l.log.Debug("database driver", "cause", fmt.Sprint(words...)) }

// session sets what every connection of ours needs.
func session(cfg *driver.Config) {
	cfg.ParseTime = true
	cfg.Loc = time.UTC
	cfg.InterpolateParams = true // one round trip a statement; safe, since the connection's character set is utf8mb4
	cfg.Collation = "utf8mb4_unicode_ci"
	if cfg.Timeout == 0 {
		cfg.Timeout = 5 * time.Second
	}
	if cfg.Params == nil {
		cfg.Params = map[string]string{}
	}
	cfg.Params["innodb_lock_wait_timeout"] = fmt.Sprint(lockWait)
	// Strict: a value that does not fit is an error, never cut silently. Zero dates of old CMSs may be read.
	cfg.Params["sql_mode"] = "'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'"
	delete(cfg.Params, "interpolateParams")
}

// Close closes the pool.
func (db *DB) Close() error {
	if db.replicaPool == nil {
		return db.pool.Close()
	}
	return errors.Join(db.pool.Close(), db.replicaPool.Close())
}

// Stats returns the pool's figures, for the metrics.
func (db *DB) Stats() sql.DBStats { return db.pool.Stats() }

// Ready tells whether the database answers and userlink's tables are current. It returns nil or why not.
func (db *DB) Ready(ctx context.Context) error {
	if err := db.pool.PingContext(ctx); err != nil {
		return outward(err)
	}
	if err := db.takesWrites(ctx); err != nil {
		return outward(err)
	}
	pending, err := db.pendingMigrations(ctx)
	if err != nil {
		return outward(err)
	}
	if pending {
		return errors.New("userlink's tables are not current: run userlink migrate")
	}
	return nil
}

// inTransaction runs f in a transaction and tries again, a bounded number of times, when the database asks for it. f must
// have no effect outside the transaction. READ COMMITTED: each look sees what others committed, and no gap is locked.
func (db *DB) inTransaction(ctx context.Context, f func(tx *gorm.DB) error) error {
	return db.tries(ctx, func() error { return db.once(ctx, f) })
}

// exec runs one statement that changes something, with the same tries, and returns how many rows it changed. It is a
// transaction of its own.
func (db *DB) exec(ctx context.Context, statement string, args ...any) (changed int64, err error) {
	err = db.tries(ctx, func() error {
		done := db.gorm.WithContext(ctx).Exec(statement, args...)
		changed = done.RowsAffected
		return done.Error
	})
	return changed, err
}

func (db *DB) tries(ctx context.Context, f func() error) error {
	var err error
	for attempt := range maxAttempts {
		if err = f(); err == nil || !again(err) {
			return err
		}
		db.log.Debug("transaction tried again", "attempt", attempt+1, "cause", err)
		if waitErr := backoff(ctx, attempt); waitErr != nil {
			return waitErr
		}
	}
	return err
}

func (db *DB) once(ctx context.Context, f func(tx *gorm.DB) error) error {
	tx := db.gorm.WithContext(ctx).Begin() // READ COMMITTED: see connector
	if tx.Error != nil {
		return tx.Error
	}
	done := false
	defer func() {
		if !done { // f panicked
			tx.Rollback()
		}
	}()
	err := f(tx)
	done = true
	if err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit().Error
}

func backoff(ctx context.Context, attempt int) error {
	wait := min(firstBackoff<<attempt, maxBackoff)
	timer := time.NewTimer(wait/2 + rand.N(wait)) //nolint:gosec // jitter, no secret
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
