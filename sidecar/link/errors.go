package link

import "errors"

// Errors that callers must tell apart, whoever stores the links.
var (
	// ErrReplayed says that the token of a call was used before.
	ErrReplayed = errors.New("the token was used before")
	// ErrUnavailable says that the database cannot answer now; the same call may succeed later.
	ErrUnavailable = errors.New("the database does not answer")
)
