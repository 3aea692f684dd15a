package hook

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// FuzzParse: what is accepted is read as encoding/json reads it.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		goodEvent, ` { "a" : [ 1 , -2.5e3 , true,false , null,"" ] , "b":{} } `, `[]`, `"\u00e4\ud83d\ude00\\\"/\/"`, "\t0\r\n", "[[{\"a\\\"b\":[ ]}],{\n}]", `"\\"`, "true",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := parse(text)
		if err != nil {
			return
		}
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		var want any
		if err := decoder.Decode(&want); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q is read as %v, not %v, %v", text, got, want, err)
		}
	})
}

// FuzzDecode: no body makes Decode panic, and what it accepts is within the limits of the contract.
func FuzzDecode(f *testing.F) {
	for _, body := range []string{
		goodEvent, "", "null", "[]", "{}", `{"data":{"user":{}}}`, strings.Repeat("[", 20) + strings.Repeat("]", 20), `"\ud83d"`, "\ufeff{}", `{"a":1,"a":2}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		event, refusal := Decode(body, "main")
		if refusal != nil {
			if refusal.Code == "" || refusal.Detail == "" {
				t.Errorf("a refusal without a reason: %+v", refusal)
			}
			return
		}
		user := event.User
		switch {
		case len(body) > MaxBody || !utf8.Valid(body):
			t.Error("accepted a body that is too large or no text")
		case event.SiteID != "main" || event.ID == "" || event.Hook == "" || event.Type == "" || user.ID == 0:
			t.Errorf("accepted an event that lacks something: %+v", event)
		case event.Time.Location() != time.UTC:
			t.Errorf("a time that is not in UTC: %s", event.Time)
		}
		for _, field := range []struct {
			text  string
			limit int
		}{
			{event.Hook, maxHook},
			{user.Email, maxEmail},
			{user.Username, maxUsername},
			{user.FirstName, maxName},
			{user.LastName, maxName},
			{user.Name, maxName},
			{user.Language, maxLanguage},
			{strings.Repeat("r", len(user.Roles)), maxRoles},
		} {
			if utf8.RuneCountInString(field.text) > field.limit || strings.ContainsRune(field.text, 0) {
				t.Errorf("accepted %q", field.text)
			}
		}
	})
}

// FuzzVerify: no header, path, query or body makes Verify panic, and nobody without the secret is let in.
func FuzzVerify(f *testing.F) {
	good := sign(goodHeader, with(nil), testSecret)
	for _, authorization := range []string{"", "Bearer ", "Bearer a.b.c", "Bearer ..", "Bearer " + good, "Bearer " + strings.ToUpper(good)} {
		f.Add(authorization, "/v1/events", "", []byte("{}"))
	}
	f.Fuzz(func(t *testing.T, authorization, path, query string, body []byte) {
		r := Request{Method: "POST", Path: path, RawQuery: query, Authorization: authorization, Body: body}
		_, refusal := Verify(r, testKeys, testNow)
		theOneGoodCall := authorization == "Bearer "+good && path == "/v1/events" && query == "" && string(body) == "{}"
		if (refusal == nil) != theOneGoodCall {
			t.Errorf("refusal %+v for %q", refusal, authorization)
		}
	})
}

// FuzzVerifyClaims: claims that are signed but nonsense do not panic either, and never outlive their bounds.
func FuzzVerifyClaims(f *testing.F) {
	for _, claims := range []string{with(nil), "{}", "null", "[]", `{"iat":1e99}`, `{"iss":{}}`, with(change{"scope": "admin", "sub": "1"})} {
		f.Add(claims, "")
		f.Add(claims, ScopeAdmin)
	}
	f.Fuzz(func(t *testing.T, claims, scope string) {
		r := goodRequest(sign(goodHeader, claims, testSecret))
		r.NeedScope = scope
		token, refusal := Verify(r, testKeys, testNow)
		if refusal != nil {
			return
		}
		left := token.Expires.Sub(testNow)
		if token.SiteID != testSite || !isJTI(token.JTI) || left <= 0 || left > (maxAge+maxAhead)*time.Second || (scope != "") != (token.ActorUserID != 0) {
			t.Errorf("accepted %q as %+v", claims, token)
		}
	})
}
