package hook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"
)

const (
	testKeyID  = "main-1"
	testSite   = "main"
	testSecret = "a secret of the tests, 32 bytes and more"
)

var testNow = time.Unix(1_769_860_800, 900_000_000)

func testKeys(kid string) (Key, bool) {
	keys := map[string]Key{
		testKeyID: {ID: testKeyID, SiteID: testSite, Secret: []byte(testSecret)},
		"short":   {ID: "short", SiteID: testSite, Secret: []byte("too short")},
		"other-1": {ID: "other-1", SiteID: "other", Secret: []byte(strings.Repeat("o", 32))},
	}
	key, ok := keys[kid]
	return key, ok
}

func part(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// sign makes a token of a header and claims as they stand, without any help of a library.
func sign(header, claims, secret string) string {
	text := part(header) + "." + part(claims)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

const goodHeader = `{"alg":"HS256","typ":"JWT","kid":"main-1"}`

// with returns the claims of a good call, changed; a nil removes one.
func with(changes map[string]any) string {
	claims := map[string]any{
		"iss": testSite, "aud": "userlink", "iat": testNow.Unix(), "exp": testNow.Unix() + 60, "jti": "0123456789abcdef",
		"htm": "POST", "htu": "/v1/events", "body_sha256": hash("{}"),
	}
	maps.Copy(claims, changes)
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	data, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	return string(data)
}

type change = map[string]any

func goodRequest(token string) Request {
	return Request{Method: "POST", Path: "/v1/events", Authorization: "Bearer " + token, Body: []byte("{}")}
}

func TestVerifyClaims(t *testing.T) {
	at := func(seconds int64) int64 { return testNow.Unix() + seconds }
	admin := func(r *Request) { r.NeedScope = ScopeAdmin }
	query := func(r *Request) { r.RawQuery = "limit=5&after=%20" }
	tests := []struct {
		name   string
		claims change
		call   func(*Request)
		want   Code
	}{
		{"pass - an event", nil, nil, ""},
		{"fail - the oldest iat, which has expired by then", change{"iat": at(-60), "exp": at(0)}, nil, TokenExpired},
		{"pass - the oldest iat that can still be valid", change{"iat": at(-59), "exp": at(1)}, nil, ""},
		{"pass - the newest iat", change{"iat": at(30), "exp": at(90)}, nil, ""},
		{"pass - the shortest life", change{"iat": at(0), "exp": at(1)}, nil, ""},
		{"pass - an admin's call", change{"scope": "admin", "sub": "7"}, admin, ""},
		{"pass - a query", change{"qsh": hash("limit=5&after=%20")}, query, ""},
		{"pass - jti of 64 characters", change{"jti": strings.Repeat("aZ_-", 16)}, nil, ""},

		{"fail - iat too old", change{"iat": at(-61), "exp": at(-1)}, nil, TokenExpired},
		{"fail - iat too far ahead", change{"iat": at(31), "exp": at(91)}, nil, TokenExpired},
		{"fail - exp is now", change{"iat": at(-30), "exp": at(0)}, nil, TokenExpired},
		{"fail - exp is iat", change{"iat": at(1), "exp": at(1)}, nil, TokenExpired},
		{"fail - exp before iat", change{"iat": at(20), "exp": at(10)}, nil, TokenExpired},
		{"fail - lives too long", change{"exp": at(61)}, nil, TokenExpired},

		{"fail - iat a fraction", change{"iat": 1769860800.5}, nil, TokenMismatch},
		{"fail - iat with an exponent", change{"iat": json.Number("1769860800e0")}, nil, TokenMismatch},
		{"fail - iat text", change{"iat": fmt.Sprint(at(0))}, nil, TokenMismatch},
		{"fail - iat negative", change{"iat": -1}, nil, TokenMismatch},
		{"fail - exp beyond all bounds", change{"exp": json.Number("99999999999999999999")}, nil, TokenMismatch},
		{"fail - another site", change{"iss": "other"}, nil, TokenMismatch},
		{"fail - another audience", change{"aud": "Userlink"}, nil, TokenMismatch},
		{"fail - a list of audiences", change{"aud": []string{"userlink"}}, nil, TokenMismatch},
		{"fail - jti too short", change{"jti": "0123456789abcde"}, nil, TokenMismatch},
		{"fail - jti too long", change{"jti": strings.Repeat("a", 65)}, nil, TokenMismatch},
		{"fail - jti with another letter", change{"jti": "0123456789abcde="}, nil, TokenMismatch},
		{"fail - another method", change{"htm": "GET"}, nil, TokenMismatch},
		{"fail - method in lower case", change{"htm": "post"}, nil, TokenMismatch},
		{"fail - another path", change{"htu": "/v1/events/"}, nil, TokenMismatch},
		{"fail - hash of another body", change{"body_sha256": hash("{ }")}, nil, TokenMismatch},
		{"fail - hash in upper case", change{"body_sha256": strings.ToUpper(hash("{}"))}, nil, TokenMismatch},
		{"fail - a query that is not signed", nil, query, TokenMismatch},
		{"fail - hash of another query", change{"qsh": hash("limit=6")}, query, TokenMismatch},
		{"fail - qsh without a query", change{"qsh": hash("")}, nil, TokenMismatch},
		{"fail - qsh is null", change{"qsh": json.RawMessage("null")}, nil, TokenMismatch},
		{"fail - a claim that we do not know", change{"nbf": at(0)}, nil, TokenMismatch},
		{"fail - admin without sub", change{"scope": "admin"}, admin, TokenMismatch},
		{"fail - sub is 0", change{"scope": "admin", "sub": "0"}, admin, TokenMismatch},
		{"fail - sub is a number", change{"scope": "admin", "sub": 7}, admin, TokenMismatch},
		{"fail - sub is no number", change{"scope": "admin", "sub": "+7"}, admin, TokenMismatch},
		{"fail - sub is too large", change{"scope": "admin", "sub": "4294967296"}, admin, TokenMismatch},

		{"fail - an event's token at an admin route", nil, admin, TokenScope},
		{"fail - an admin's token at the events", change{"scope": "admin", "sub": "7"}, nil, TokenScope},
		{"fail - another scope", change{"scope": "root", "sub": "7"}, admin, TokenScope},
		{"fail - an empty scope at the events", change{"scope": ""}, nil, TokenScope},
		{"fail - sub without scope", change{"sub": "7"}, nil, TokenScope},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := goodRequest(sign(goodHeader, with(test.claims), testSecret))
			if test.call != nil {
				test.call(&r)
			}
			_, refusal := Verify(r, testKeys, testNow)
			wantCode(t, refusal, test.want)
		})
	}
}

func TestVerifyMissingClaims(t *testing.T) {
	for _, name := range []string{"iss", "aud", "iat", "exp", "jti", "htm", "htu", "body_sha256"} {
		t.Run("fail - without "+name, func(t *testing.T) {
			_, refusal := Verify(goodRequest(sign(goodHeader, with(change{name: nil}), testSecret)), testKeys, testNow)
			wantCode(t, refusal, TokenMismatch)
		})
	}
}

func TestVerifyHeader(t *testing.T) {
	good := sign(goodHeader, with(nil), testSecret)
	header, rest, _ := strings.Cut(good, ".")
	payload, signature, _ := strings.Cut(rest, ".")
	signed := func(header string) string { return "Bearer " + sign(header, with(nil), testSecret) }
	claimed := func(claims string) string { return "Bearer " + sign(goodHeader, claims, testSecret) }
	tests := []struct {
		name          string
		authorization string
		want          Code
	}{
		{"pass - as it should be", "Bearer " + good, ""},
		{"pass - blanks in the header's JSON", signed(`{ "kid": "main-1", "typ":"JWT","alg":"HS256" }`), ""},

		{"fail - nothing", "", TokenMissing},
		{"fail - another scheme", "Basic " + good, TokenMissing},
		{"fail - no token", "Bearer ", TokenMissing},

		{"fail - two headers", "Bearer " + good + ", Bearer " + good, TokenInvalid},
		{"fail - far too long", "Bearer " + good + strings.Repeat("A", maxToken), TokenInvalid},
		{"fail - one part", "Bearer " + header, TokenInvalid},
		{"fail - two parts", "Bearer " + header + "." + payload, TokenInvalid},
		{"fail - four parts", "Bearer " + good + "." + signature, TokenInvalid},
		{"fail - no signature", "Bearer " + header + "." + payload + ".", TokenInvalid},
		{"fail - padding", "Bearer " + good + "=", TokenInvalid},
		{"fail - a line end in it", "Bearer " + header + "\n." + payload + "." + signature, TokenInvalid},
		{"fail - header of one letter", "Bearer A." + payload + "." + signature, TokenInvalid},
		{"fail - signature cut", "Bearer " + good[:len(good)-2], TokenInvalid},
		{"fail - spare bits of the signature set", "Bearer " + spareBit(good), TokenInvalid},
		{"fail - another secret", "Bearer " + sign(goodHeader, with(nil), testSecret+"x"), TokenInvalid},
		{"fail - claims of another token", "Bearer " + header + "." + part(with(change{"iss": "other"})) + "." + signature, TokenInvalid},

		{"fail - alg none", signed(`{"alg":"none","typ":"JWT","kid":"main-1"}`), TokenInvalid},
		{"fail - alg HS512", signed(`{"alg":"HS512","typ":"JWT","kid":"main-1"}`), TokenInvalid},
		{"fail - alg in lower case", signed(`{"alg":"hs256","typ":"JWT","kid":"main-1"}`), TokenInvalid},
		{"fail - no alg", signed(`{"typ":"JWT","kid":"main-1"}`), TokenInvalid},
		{"fail - alg twice", signed(`{"alg":"HS256","alg":"none","typ":"JWT","kid":"main-1"}`), TokenInvalid},
		{"fail - another typ", signed(`{"alg":"HS256","typ":"at+jwt","kid":"main-1"}`), TokenInvalid},
		{"fail - no kid", signed(`{"alg":"HS256","typ":"JWT"}`), TokenInvalid},
		{"fail - an empty kid", signed(`{"alg":"HS256","typ":"JWT","kid":""}`), TokenInvalid},
		{"fail - kid is a number", signed(`{"alg":"HS256","typ":"JWT","kid":1}`), TokenInvalid},
		{"fail - an unknown kid", signed(`{"alg":"HS256","typ":"JWT","kid":"main-9"}`), TokenInvalid},
		{"fail - one member more", signed(`{"alg":"HS256","typ":"JWT","kid":"main-1","crit":["exp"]}`), TokenInvalid},
		{"fail - header is no object", signed(`["HS256"]`), TokenInvalid},
		{"fail - header is no JSON", signed(`{`), TokenInvalid},
		{"fail - a key that is too short", "Bearer " + sign(`{"alg":"HS256","typ":"JWT","kid":"short"}`, with(nil), "too short"), TokenInvalid},

		{"fail - claims are no JSON", claimed(`{`), TokenInvalid},
		{"fail - claims are null", claimed(`null`), TokenInvalid},
		{"fail - claims are a list", claimed(`[]`), TokenInvalid},
		{"fail - a claim twice", claimed(`{"iss":"other",` + with(nil)[1:]), TokenInvalid},
		{"fail - claims are not UTF-8", claimed(strings.Replace(with(nil), "userlink", "\xff", 1)), TokenInvalid},
		{"fail - claim in another case", claimed(strings.Replace(with(nil), `"iss"`, `"ISS"`, 1)), TokenMismatch},
		{"fail - another site's key", "Bearer " + sign(`{"alg":"HS256","typ":"JWT","kid":"other-1"}`, with(nil), strings.Repeat("o", 32)), TokenMismatch},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := goodRequest("")
			r.Authorization = test.authorization
			_, refusal := Verify(r, testKeys, testNow)
			wantCode(t, refusal, test.want)
		})
	}
}

func TestVerifyAnswersWhoAndUntilWhen(t *testing.T) {
	r := goodRequest(sign(goodHeader, with(change{"scope": "admin", "sub": "4294967295"}), testSecret))
	r.NeedScope = ScopeAdmin
	token, refusal := Verify(r, testKeys, testNow)
	if refusal != nil {
		t.Fatal(refusal)
	}
	want := Token{SiteID: "main", ActorUserID: 4294967295, JTI: "0123456789abcdef", Expires: time.Unix(testNow.Unix()+60, 0).UTC()}
	if token != want {
		t.Errorf("got %+v, want %+v", token, want)
	}
}

// spareBit changes the last letter of a token so that a lax decoder reads the same bytes.
func spareBit(token string) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := len(token) - 1
	return token[:last] + string(letters[strings.IndexByte(letters, token[last])|1])
}

func wantCode(t *testing.T, got *Refusal, want Code) {
	t.Helper()
	switch {
	case got == nil && want != "":
		t.Errorf("accepted, want %s", want)
	case got != nil && got.Code != want:
		t.Errorf("got %s (%s), want %q", got.Code, got.Detail, want)
	}
}
