package hook

import (
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Limits of a token. The contract allows 8 KiB for all header lines; a token of ours has well under 1 KiB.
const (
	maxToken  = 4096
	maxAge    = 60 // seconds by which iat may lie in the past, and the longest life of a token
	maxAhead  = 30 // seconds by which iat may lie in the future: the clocks of one house differ by less
	minSecret = 32 // bytes; a shorter key is never used, wherever it came from
)

// ScopeAdmin is the scope of every route but the events'; an event's token has none.
const ScopeAdmin = "admin"

// Request is what of a call is signed, exactly as it was sent.
type Request struct {
	Method        string
	Path          string // without the query
	RawQuery      string // without the question mark
	Authorization string // the whole header; several are joined by a comma, and so refused
	Body          []byte // at most 64 KiB: the caller has to limit it before it is hashed here
	NeedScope     string // the scope that this route asks for: ScopeAdmin or empty
}

// Key is one of the keys of a site.
type Key struct {
	ID     string
	SiteID string
	Secret []byte // used as it stands as the HMAC key
}

// Token is what a good token says. Whoever acts on it must first make sure that JTI was never seen before.
type Token struct {
	SiteID      string
	ActorUserID uint32 // the acting CMS user; 0 without a scope
	JTI         string
	Expires     time.Time // from here on the token is refused anyway, and JTI may be forgotten
}

// Verify checks the signed call: signature, times, and that this very call was signed. Keys finds a key by its id. What
// is wrong before the signature is proven is TokenMissing or TokenInvalid, with no difference between causes.
func Verify(r Request, keys func(kid string) (Key, bool), now time.Time) (Token, *Refusal) {
	compact, refusal := bearer(r.Authorization)
	if refusal != nil {
		return Token{}, refusal
	}
	key, payload, err := prove(compact, keys)
	if err != nil {
		return Token{}, refuse(TokenInvalid, "%s", err)
	}
	claims, refusal := readClaims(payload)
	if refusal != nil {
		return Token{}, refusal
	}
	for _, check := range []func() *Refusal{
		func() *Refusal { return claims.checkTimes(now) },
		func() *Refusal { return claims.checkCall(r, key) },
		func() *Refusal { return claims.checkScope(r.NeedScope) },
	} {
		if refusal := check(); refusal != nil {
			return Token{}, refusal
		}
	}
	return Token{SiteID: key.SiteID, ActorUserID: claims.actor, JTI: claims.jti, Expires: time.Unix(claims.exp, 0).UTC()}, nil
}

func bearer(authorization string) (string, *Refusal) {
	compact, ok := strings.CutPrefix(authorization, "Bearer ")
	switch {
	case !ok || compact == "":
		return "", refuse(TokenMissing, "no bearer token")
	case len(compact) > maxToken:
		return "", refuse(TokenInvalid, "a token of %d bytes", len(compact))
	case !madeOf(compact, "_.-"): // base64 of Go skips line ends
		return "", refuse(TokenInvalid, "a character that no token has")
	}
	return compact, nil
}

// prove checks the signature and returns the key that made it and the bytes of the claims, of which nothing is known yet
// but that the key's holder wrote them.
func prove(compact string, keys func(kid string) (Key, bool)) (Key, []byte, error) {
	header, rest, _ := strings.Cut(compact, ".")
	payload, signature, three := strings.Cut(rest, ".")
	if !three || strings.Contains(signature, ".") {
		return Key{}, nil, errors.New("not three segments")
	}
	kid, err := readHeader(header)
	if err != nil {
		return Key{}, nil, err
	}
	key, ok := keys(kid)
	if !ok || len(key.Secret) < minSecret {
		return Key{}, nil, errors.New("no usable key of that id")
	}
	mac, err := base64url.DecodeString(signature)
	if err != nil {
		return Key{}, nil, errors.New("the signature is not base64url")
	}
	// Of the library we take the signature alone. It checks the claims too little for us (a missing exp, any age of iat, no
	// call) and too much (nbf), and would read header and claims a second time.
	if err := jwt.SigningMethodHS256.Verify(compact[:len(compact)-len(".")-len(signature)], mac, key.Secret); err != nil {
		return Key{}, nil, err
	}
	claims, err := base64url.DecodeString(payload)
	if err != nil {
		return Key{}, nil, errors.New("the claims are not base64url")
	}
	return key, claims, nil
}

// base64url accepts one spelling of each text.
var base64url = base64.RawURLEncoding.Strict()

// readHeader returns the key id out of a header that has exactly the members of the contract.
func readHeader(segment string) (string, error) {
	data, err := base64url.DecodeString(segment)
	if err != nil {
		return "", errors.New("the header is not base64url")
	}
	header, err := parse(data)
	if err != nil {
		return "", err
	}
	members, _ := header.(map[string]any)
	kid, _ := members["kid"].(string)
	if len(members) != 3 || kid == "" || members["alg"] != "HS256" || members["typ"] != "JWT" {
		return "", errors.New("the header is not alg HS256, typ JWT and a kid")
	}
	return kid, nil
}
