package mysql

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/DATA-DOG/go-sqlmock"
	driver "github.com/go-sql-driver/mysql"
	gormmysql "gorm.io/driver/mysql"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"userlink/sidecar/link"
)

// What a real server cannot be made to do on demand is played here; that the statements are right is proved on MariaDB.
func mocked(t *testing.T) (*DB, sqlmock.Sqlmock) {
	t.Helper()
	pool, mock, err := sqlmock.New(sqlmock.QueryMatcherOption(sqlmock.QueryMatcherRegexp))
	if err != nil {
		t.Fatal(err)
	}
	g, err := gorm.Open(gormmysql.New(gormmysql.Config{Conn: pool, SkipInitializeWithVersion: true}), &gorm.Config{SkipDefaultTransaction: true, DisableAutomaticPing: true, Logger: logger.Discard})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := mock.ExpectationsWereMet(); err != nil {
			t.Error(err)
		}
	})
	return &DB{gorm: g, pool: pool, log: slog.New(slog.DiscardHandler), now: time.Now}, mock
}

func serverError(n uint16) error { return &driver.MySQLError{Number: n, Message: "played"} }

// A cluster reports a conflict with another node when the transaction commits.
func TestDeadlockAtCommitIsTriedAgain(t *testing.T) {
	db, mock := mocked(t)
	mock.ExpectBegin()
	mock.ExpectCommit().WillReturnError(serverError(errDeadlock))
	mock.ExpectBegin()
	mock.ExpectCommit()
	attempts := 0
	if err := db.inTransaction(t.Context(), func(*gorm.DB) error { attempts++; return nil }); err != nil || attempts != 2 {
		t.Errorf("%d attempts, %v", attempts, err)
	}
}

func TestTriesAreBounded(t *testing.T) {
	db, mock := mocked(t)
	for range maxAttempts {
		mock.ExpectBegin()
		mock.ExpectRollback()
	}
	attempts := 0
	err := db.inTransaction(t.Context(), func(*gorm.DB) error { attempts++; return serverError(errLockWait) })
	if attempts != maxAttempts || !errors.Is(outward(err), link.ErrUnavailable) {
		t.Errorf("%d attempts, %v", attempts, outward(err))
	}
}

func TestOtherErrorsAreNotTriedAgain(t *testing.T) {
	db, mock := mocked(t)
	mock.ExpectBegin()
	mock.ExpectRollback()
	attempts := 0
	err := db.inTransaction(t.Context(), func(*gorm.DB) error { attempts++; return serverError(1366) })
	if attempts != 1 || errors.Is(outward(err), link.ErrUnavailable) {
		t.Errorf("%d attempts, %v", attempts, err)
	}
}

func TestPanicRollsBack(t *testing.T) {
	db, mock := mocked(t)
	mock.ExpectBegin()
	mock.ExpectRollback()
	defer func() {
		if recover() == nil {
			t.Error("the panic was swallowed")
		}
	}()
	_ = db.inTransaction(t.Context(), func(*gorm.DB) error { panic("played") })
}

func TestDatabaseAtFault(t *testing.T) {
	for _, n := range []uint16{errNotPrepared, errServerShutdown, errInterrupted, errConnKilled, errTooManyConns, errAccessDenied, errNoSuchTable, errTableDenied} {
		db, mock := mocked(t)
		mock.ExpectBegin().WillReturnError(serverError(n))
		if err := outward(db.inTransaction(t.Context(), nil)); !errors.Is(err, link.ErrUnavailable) {
			t.Errorf("%d: %v", n, err)
		}
	}
}

// The commit of a transaction may fail without saying whether it took place. It is not tried again here: the sender of an
// event sends it again and gets the remembered answer, and a sync goes on from its checkpoint.
func TestUnknownCommitIsNotTriedAgain(t *testing.T) {
	for _, cause := range []error{serverError(errCommitFailed), driver.ErrInvalidConn, &net.OpError{Op: "read", Err: errors.New("connection reset by peer")}} {
		db, mock := mocked(t)
		mock.ExpectBegin()
		mock.ExpectCommit().WillReturnError(cause)
		attempts := 0
		err := outward(db.inTransaction(t.Context(), func(*gorm.DB) error { attempts++; return nil }))
		if attempts != 1 || !errors.Is(err, link.ErrUnavailable) || !errors.Is(err, cause) {
			t.Errorf("%v: %d attempts, %v", cause, attempts, err)
		}
	}
}

// After a conflict with another node the transaction is gone: a COMMIT would be accepted and commit nothing. So nothing may
// follow the failed statement but the rollback.
func TestDeadlockAtAStatementIsRolledBack(t *testing.T) {
	db, mock := mocked(t)
	mock.ExpectBegin()
	mock.ExpectExec("UPDATE a").WillReturnError(serverError(errDeadlock))
	mock.ExpectRollback()
	mock.ExpectBegin()
	mock.ExpectExec("UPDATE a").WillReturnResult(sqlmock.NewResult(0, 1))
	mock.ExpectCommit()
	err := db.inTransaction(t.Context(), func(tx *gorm.DB) error { return tx.Exec("UPDATE a SET b = 1").Error })
	if err != nil {
		t.Error(err)
	}
}

func TestSingleStatementIsTriedAgain(t *testing.T) {
	db, mock := mocked(t)
	mock.ExpectExec("DELETE FROM a").WithArgs(7).WillReturnError(serverError(errDeadlock))
	mock.ExpectExec("DELETE FROM a").WithArgs(7).WillReturnError(serverError(errLockWait))
	mock.ExpectExec("DELETE FROM a").WithArgs(7).WillReturnResult(sqlmock.NewResult(0, 3))
	changed, err := db.exec(t.Context(), "DELETE FROM a WHERE b = ?", 7)
	if changed != 3 || err != nil {
		t.Errorf("%d rows, %v", changed, err)
	}
}

func TestNobodyWaitsForATryAfterTheEnd(t *testing.T) {
	db, mock := mocked(t)
	mock.ExpectExec("UPDATE a").WillReturnError(serverError(errDeadlock))
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := db.exec(ctx, "UPDATE a SET b = 1"); !errors.Is(outward(err), link.ErrUnavailable) {
		t.Error(err)
	}
}

// insertTwo inserts two new contacts whose ids begin with 7, on a server that counts by step.
func insertTwo(t *testing.T, step int, play func(sqlmock.Sqlmock)) (*write, []uint32, error) {
	t.Helper()
	db, mock := mocked(t)
	mock.ExpectQuery("SELECT @@auto_increment_increment").WillReturnRows(sqlmock.NewRows([]string{"i"}).AddRow(step))
	mock.ExpectExec(regexp.QuoteMeta("INSERT INTO civicrm_contact (hash) VALUES ('a'),('b')")).WillReturnResult(sqlmock.NewResult(7, 2))
	play(mock)
	w := &write{tx: db.gorm.WithContext(t.Context()), civicrm: &civicrm{columns: map[string]map[string]bool{tableContact: {"hash": true}}}}
	var ids []uint32
	err := w.insert(t.Context(), tableContact, []string{"hash", "unknown_here"}, [][]any{{"a", 1}, {"b", 1}}, func(all []uint32) { ids = all })
	return w, ids, err
}

// If new contacts did not get ids in one series, links would point to strangers.
func TestIdsNotInASeries(t *testing.T) {
	_, _, err := insertTwo(t, 1, func(mock sqlmock.Sqlmock) {
		mock.ExpectQuery("SELECT COUNT").WithArgs(7, 8).WillReturnRows(sqlmock.NewRows([]string{"n"}).AddRow(1))
		mock.ExpectQuery("SELECT @@auto_increment_increment").WillReturnRows(sqlmock.NewRows([]string{"i"}).AddRow(1))
	})
	if !again(err) {
		t.Error(err)
	}
}

// A node joins or leaves while a transaction inserts: the ids that we think of are not those that were given.
func TestClusterChangesItsSize(t *testing.T) {
	atOnce := func(mock sqlmock.Sqlmock, step int) {
		mock.ExpectQuery("SELECT COUNT").WithArgs(7, 10).WillReturnRows(sqlmock.NewRows([]string{"n"}).AddRow(2))
		mock.ExpectQuery("SELECT @@auto_increment_increment").WillReturnRows(sqlmock.NewRows([]string{"i"}).AddRow(step))
	}
	_, _, err := insertTwo(t, 3, func(mock sqlmock.Sqlmock) { atOnce(mock, 2) })
	if !errors.Is(err, errNoSeries) {
		t.Errorf("before the contacts: %v", err)
	}
	w, ids, err := insertTwo(t, 3, func(mock sqlmock.Sqlmock) {
		atOnce(mock, 3)
		mock.ExpectQuery("SELECT @@auto_increment_increment").WillReturnRows(sqlmock.NewRows([]string{"i"}).AddRow(2))
	})
	if err != nil || !slices.Equal(ids, []uint32{7, 10}) {
		t.Errorf("%v, %v", ids, err)
	}
	if err := w.series(t.Context()); !errors.Is(err, errNoSeries) {
		t.Errorf("after them: %v", err)
	}
}

// A database that does not answer has not said that there is no view: the account may not read the table behind it.
func TestUsermetaViewIsAskedForAgain(t *testing.T) {
	db, mock := mocked(t)
	users := newUsers(db.gorm, true, link.WordPress, "wp_", 0)
	for _, step := range []struct {
		err  error
		want string
	}{
		{serverError(errNotPrepared), "`wp_userlink_usermeta`"},
		{serverError(errTableDenied), "`wp_usermeta`"},
	} {
		mock.ExpectExec("SELECT meta_value FROM `wp_userlink_usermeta`").WillReturnError(step.err)
		if got := users.metaTable(t.Context()); got != step.want {
			t.Errorf("%v: %s", step.err, got)
		}
	}
	if got := users.metaTable(t.Context()); got != "`wp_usermeta`" { // known now
		t.Error(got)
	}
}

func TestMigrationOfAnotherNode(t *testing.T) {
	for n, want := range map[uint16]bool{errColumnExists: true, errTableExists: true, errDeadlock: true, errTableDenied: false, 1064: false} {
		if doneElsewhere(fmt.Errorf("goose: %w", serverError(n))) != want {
			t.Errorf("%d: want %t", n, want)
		}
	}
}

// Goose says so when the other one has made its table and not yet the first row; if goose ever says it in other words, this
// does not notice, and scripts/tests/galera does.
func TestMigrationBegunByAnotherNode(t *testing.T) {
	if !doneElsewhere(errors.New("missing zero version migration")) || doneElsewhere(nil) {
		t.Error("taken for a failure of our own")
	}
}
