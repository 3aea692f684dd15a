// Package hook turns the bytes of a signed call into something that can be trusted: who sent it (Verify) and what it says
// (Decode). It is pure: no SQL, no HTTP, no clock, no log. Whether a token was seen before is asked of the database, by
// whoever holds the answer of Verify. shared/README.md, sections 2 and 4, says what is accepted; nothing else is.
//
// Read it in this order: refusal.go (what can be wrong), token.go and claims.go (who), strict.go (JSON that can be read in
// one way only), event.go and call.go (what).
package hook
