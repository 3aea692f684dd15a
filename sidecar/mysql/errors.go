package mysql

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"

	"github.com/go-sql-driver/mysql"

	"userlink/sidecar/link"
)

// Numbers of the server's errors that we tell apart.
const (
	errDuplicate       = 1062
	errReferred        = 1451 // a foreign key: another row names this one
	errNoParent        = 1452 // a foreign key: the row that it names is not there
	errLockWait        = 1205
	errDeadlock        = 1213
	errNotPrepared     = 1047 // Galera: the node is not part of the cluster
	errServerShutdown  = 1053
	errTooManyConns    = 1040
	errAccessDenied    = 1045
	errDBAccessDenied  = 1044
	errTableDenied     = 1142
	errColumnDenied    = 1143
	errNoSuchTable     = 1146
	errUnknownDatabase = 1049
	errCommitFailed    = 1180 // Galera: the node lost the others before they had the transaction
	errReadOnlyServer  = 1290
	errInterrupted     = 1317
	errConnKilled      = 1927
	errTableExists     = 1050
	errColumnExists    = 1060
	errKeyExists       = 1061
	errNothingToDrop   = 1091
)

// errTakenMeanwhile says that somebody else wrote the same link between our look and our write: look again.
var errTakenMeanwhile = errors.New("somebody else wrote the same link meanwhile")

// errNoSeries says that the ids of an insert are not known: the cluster's size, and with it the step of new ids, changed.
var errNoSeries = errors.New("the new rows' ids are not in one series: a node joined or left the cluster meanwhile")

func number(err error) uint16 {
	var server *mysql.MySQLError
	if errors.As(err, &server) {
		return server.Number
	}
	return 0
}

// again tells whether the transaction may succeed when tried anew. Galera reports a conflict with another node as a
// deadlock, at the commit or at the next statement.
func again(err error) bool {
	switch number(err) {
	case errDeadlock, errLockWait:
		return true
	}
	return errors.Is(err, errTakenMeanwhile) || errors.Is(err, errNoSeries)
}

// denied tells whether the account lacks a privilege.
func denied(err error) bool {
	switch number(err) {
	case errTableDenied, errColumnDenied:
		return true
	}
	return false
}

// unavailable tells whether the database, not the request, is at fault.
func unavailable(err error) bool {
	switch number(err) {
	case errNotPrepared, errCommitFailed, errServerShutdown, errInterrupted, errConnKilled, errTooManyConns,
		errAccessDenied, errDBAccessDenied, errUnknownDatabase, errNoSuchTable, errTableDenied, errColumnDenied:
		return true
	}
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, errReadOnly) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, mysql.ErrInvalidConn)
}

// outward turns an error into one that callers outside this package can tell apart. It keeps the cause for the log.
func outward(err error) error {
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return err
	case unavailable(err), again(err), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w: %w", link.ErrUnavailable, err)
	}
	return err
}
