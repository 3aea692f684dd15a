package server

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/hook"
	"userlink/sidecar/link"
)

// The codes that arise here; those of a call that is not trusted or not understood are hook's.
const (
	headerTooLarge      hook.Code = "header_too_large"
	notFound            hook.Code = "not_found"
	methodNotAllowed    hook.Code = "method_not_allowed"
	syncRunning         hook.Code = "sync_running"
	syncState           hook.Code = "sync_state"
	choiceInvalid       hook.Code = "choice_invalid"
	internal            hook.Code = "internal"
	databaseUnavailable hook.Code = "database_unavailable"
)

// answers is the one table from an error's code to its status, and to what a person may know of it.
var answers = map[hook.Code]struct {
	status  int
	message string
}{
	hook.JSONInvalid:    {http.StatusBadRequest, "The body is not JSON as it must be."},
	hook.EventInvalid:   {http.StatusBadRequest, "The body is not an event that is understood."},
	hook.SourceMismatch: {http.StatusBadRequest, "The event is of another site than the one that signed it."},
	hook.RequestInvalid: {http.StatusBadRequest, "The request is not one that is understood."},
	headerTooLarge:      {http.StatusBadRequest, "The header is larger than 8 KiB."},

	hook.TokenMissing:  {http.StatusUnauthorized, "The call is not signed."},
	hook.TokenInvalid:  {http.StatusUnauthorized, "The signature is not accepted."},
	hook.TokenExpired:  {http.StatusUnauthorized, "The signature is too old or from the future. Check the clocks."},
	hook.TokenMismatch: {http.StatusUnauthorized, "The signature is not of this call."},
	hook.TokenScope:    {http.StatusUnauthorized, "The signature is not for this route."},
	hook.TokenReplayed: {http.StatusUnauthorized, "The signature was used before."},

	notFound:          {http.StatusNotFound, "There is nothing here."},
	methodNotAllowed:  {http.StatusMethodNotAllowed, "This route has no such method."},
	syncRunning:       {http.StatusConflict, "A sync of this site is under way."},
	syncState:         {http.StatusConflict, "The state of this sync does not allow that."},
	choiceInvalid:     {http.StatusConflict, "This can no longer be decided about the user. Look at the conflict again."},
	hook.BodyTooLarge: {http.StatusRequestEntityTooLarge, "The body is larger than 64 KiB."},

	internal:            {http.StatusInternalServerError, "Something went wrong. The sidecar's log says what, under this request id."},
	databaseUnavailable: {http.StatusServiceUnavailable, "The database does not answer. Try again later."},
}

// codes says what an error from behind the routes is called in front of them; what is not here is internal.
var codes = []struct {
	err  error
	code hook.Code
}{
	{link.ErrReplayed, hook.TokenReplayed},
	{link.ErrUnavailable, databaseUnavailable},
	{context.DeadlineExceeded, databaseUnavailable},
	{context.Canceled, databaseUnavailable}, // the sender hung up: nobody reads the answer
	{fullsync.ErrRunning, syncRunning},
	{fullsync.ErrState, syncState},
	{fullsync.ErrChoice, choiceInvalid},
	{fullsync.ErrNotFound, notFound},
	{fullsync.ErrCursor, hook.RequestInvalid},
	{echo.ErrNotFound, notFound},
	{echo.ErrMethodNotAllowed, methodNotAllowed},
}

// failure is why a call gets an answer that is not 2xx.
type failure struct {
	code  hook.Code
	cause error         // for the log alone
	job   *fullsync.Job // with sync_running: the one under way
}

func (f *failure) Error() string { return string(f.code) + ": " + f.cause.Error() }

func (f *failure) Unwrap() error { return f.cause }

func fail(code hook.Code, detail string) *failure {
	return &failure{code: code, cause: errors.New(detail)}
}

func refused(r *hook.Refusal) *failure { return fail(r.Code, r.Detail) }

func failureOf(err error) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	for _, known := range codes {
		if errors.Is(err, known.err) {
			return &failure{code: known.code, cause: err}
		}
	}
	return &failure{code: internal, cause: err}
}

// errorAnswer is the body of every answer that is not 2xx.
type errorAnswer struct {
	Error struct {
		Code      hook.Code `json:"code"`
		Message   string    `json:"message"`
		RequestID string    `json:"request_id"`
	} `json:"error"`
	Job *fullsync.Job `json:"job,omitempty"`
}

func (f *failure) answer(c echo.Context, requestID string) error {
	body := errorAnswer{Job: f.job}
	body.Error.Code, body.Error.Message, body.Error.RequestID = f.code, answers[f.code].message, requestID
	return c.JSON(answers[f.code].status, body)
}
