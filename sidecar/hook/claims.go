package hook

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strconv"
	"time"
)

// claims are the claims of a token whose signature is proven.
type claims struct {
	iss, aud, jti, htm, htu, bodySHA256 string
	iat, exp                            int64
	qsh, scope, sub                     *string // nil: absent
	actor                               uint32  // sub, as a number
}

// maxSeconds is the largest integer that every JSON reader reads alike; far enough from an overflow of our sums.
const maxSeconds = 1<<53 - 1

// The characters of a jti.
const (
	minJTI = 16
	maxJTI = 64
)

// readClaims reads the claims: all that the contract wants, each of its type, and no other.
func readClaims(payload []byte) (*claims, *Refusal) {
	parsed, err := parse(payload)
	if err != nil {
		return nil, refuse(TokenInvalid, "claims: %s", err)
	}
	members, ok := parsed.(map[string]any)
	if !ok {
		return nil, refuse(TokenInvalid, "claims: not an object")
	}
	if name, found := unknown(members, "iss", "aud", "iat", "exp", "jti", "htm", "htu", "qsh", "body_sha256", "scope", "sub"); found {
		return nil, refuse(TokenMismatch, "the claim %.40q is not known", name)
	}
	c := &claims{}
	for _, claim := range []struct {
		name string
		into *string
	}{{"iss", &c.iss}, {"aud", &c.aud}, {"jti", &c.jti}, {"htm", &c.htm}, {"htu", &c.htu}, {"body_sha256", &c.bodySHA256}} {
		if *claim.into, ok = members[claim.name].(string); !ok {
			return nil, refuse(TokenMismatch, "the claim %s is missing or not a string", claim.name)
		}
	}
	for _, claim := range []struct {
		name string
		into *int64
	}{{"iat", &c.iat}, {"exp", &c.exp}} {
		if *claim.into, ok = integer(members[claim.name], 0, maxSeconds); !ok {
			return nil, refuse(TokenMismatch, "the claim %s is missing or not a whole number of seconds", claim.name)
		}
	}
	for _, claim := range []struct {
		name string
		into **string
	}{{"qsh", &c.qsh}, {"scope", &c.scope}, {"sub", &c.sub}} {
		if text, isText := members[claim.name].(string); isText {
			*claim.into = &text
		} else if has(members, claim.name) {
			return nil, refuse(TokenMismatch, "the claim %s is not a string", claim.name)
		}
	}
	return c, nil
}

func (c *claims) checkTimes(now time.Time) *Refusal {
	age := now.Unix() - c.iat
	life := c.exp - c.iat
	switch {
	case age > maxAge:
		return refuse(TokenExpired, "issued %d s ago", age)
	case -age > maxAhead:
		return refuse(TokenExpired, "issued %d s ahead of this clock", -age)
	case life < 1 || life > maxAge:
		return refuse(TokenExpired, "valid for %d s", life)
	case c.exp <= now.Unix():
		return refuse(TokenExpired, "expired %d s ago", now.Unix()-c.exp)
	}
	return nil
}

// checkCall checks that the token was made for this sidecar, by this site, for exactly these bytes.
func (c *claims) checkCall(r Request, key Key) *Refusal {
	switch {
	case c.iss != key.SiteID:
		return refuse(TokenMismatch, "iss is not the site of the key %s", key.ID)
	case c.aud != "userlink":
		return refuse(TokenMismatch, "aud is not userlink")
	case !isJTI(c.jti):
		return refuse(TokenMismatch, "jti is not 16 to 64 letters, digits, _ or -")
	case c.htm != r.Method:
		return refuse(TokenMismatch, "htm is not the method")
	case c.htu != r.Path:
		return refuse(TokenMismatch, "htu is not the path")
	case !c.coversQuery(r.RawQuery):
		return refuse(TokenMismatch, "qsh is not the hash of the query")
	case !isHashOf(c.bodySHA256, r.Body):
		return refuse(TokenMismatch, "body_sha256 is not the hash of the body")
	}
	return nil
}

func (c *claims) coversQuery(rawQuery string) bool {
	if rawQuery == "" || c.qsh == nil {
		return rawQuery == "" && c.qsh == nil
	}
	return isHashOf(*c.qsh, []byte(rawQuery))
}

// checkScope keeps the two kinds of token apart: one for events can never open an admin route, nor the other way round.
func (c *claims) checkScope(need string) *Refusal {
	switch {
	case need == "" && c.scope == nil && c.sub == nil:
		return nil
	case need == "" || c.scope == nil || *c.scope != need:
		return refuse(TokenScope, "the scope is not %q", need)
	case c.sub == nil:
		return refuse(TokenMismatch, "the claim sub is missing")
	}
	id, err := strconv.ParseUint(*c.sub, 10, 32)
	if err != nil || id == 0 {
		return refuse(TokenMismatch, "sub is not the id of a user")
	}
	c.actor = uint32(id)
	return nil
}

// isHashOf compares in constant time, so that the time it takes tells nothing about the hash.
func isHashOf(digest string, data []byte) bool {
	sum := sha256.Sum256(data)
	var written [2 * sha256.Size]byte
	hex.Encode(written[:], sum[:])
	return subtle.ConstantTimeCompare([]byte(digest), written[:]) == 1
}
