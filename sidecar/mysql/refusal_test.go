package mysql

import (
	"errors"
	"log/slog"
	"regexp"
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
	for _, n := range []uint16{errNotPrepared, errServerShutdown, errTooManyConns, errAccessDenied, errNoSuchTable, errTableDenied} {
		db, mock := mocked(t)
		mock.ExpectBegin().WillReturnError(serverError(n))
		if err := outward(db.inTransaction(t.Context(), nil)); !errors.Is(err, link.ErrUnavailable) {
			t.Errorf("%d: %v", n, err)
		}
	}
}

// If new contacts did not get ids in one series, links would point to strangers.
func TestIdsNotInASeries(t *testing.T) {
	db, mock := mocked(t)
	mock.ExpectExec(regexp.QuoteMeta("INSERT INTO civicrm_contact (hash) VALUES (?),(?)")).WithArgs("a", "b").WillReturnResult(sqlmock.NewResult(7, 2))
	mock.ExpectQuery("SELECT @@auto_increment_increment").WillReturnRows(sqlmock.NewRows([]string{"i"}).AddRow(1))
	mock.ExpectQuery("SELECT COUNT").WithArgs(7, 8).WillReturnRows(sqlmock.NewRows([]string{"n"}).AddRow(1))
	w := &write{tx: db.gorm.WithContext(t.Context()), civicrm: &civicrm{columns: map[string]map[string]bool{tableContact: {"hash": true}}}}
	if _, err := w.insert(t.Context(), tableContact, []string{"hash", "unknown_here"}, [][]any{{"a", 1}, {"b", 1}}); err == nil {
		t.Error("no error")
	}
}
