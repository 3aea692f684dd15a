package hook

import "fmt"

// Code is the stable name of a refusal, as the answer to the sender carries it.
type Code string

// The codes of a call that is refused before anything is done. Their meaning is in sections 2 and 3 of the contract.
const (
	TokenMissing  Code = "token_missing"
	TokenInvalid  Code = "token_invalid"
	TokenExpired  Code = "token_expired"
	TokenMismatch Code = "token_mismatch"
	TokenScope    Code = "token_scope"
	TokenReplayed Code = "token_replayed"

	BodyTooLarge   Code = "body_too_large"
	JSONInvalid    Code = "json_invalid"
	EventInvalid   Code = "event_invalid"
	SourceMismatch Code = "source_mismatch"
	RequestInvalid Code = "request_invalid"
)

// Refusal says why a call is not accepted.
type Refusal struct {
	Code   Code   // for the sender
	Detail string // for the log alone: it may say more than a sender who is not trusted may know; never a secret or an address
}

func refuse(code Code, format string, args ...any) *Refusal {
	return &Refusal{Code: code, Detail: fmt.Sprintf(format, args...)}
}
