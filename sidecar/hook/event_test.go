package hook

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"userlink/sidecar/link"
)

const (
	goodUser  = `{"id":42,"email":"jane@example.org","username":"jane","first_name":"Jane","last_name":"Doe","name":"","status":"active","roles":["subscriber"],"language":"en_US","registered_at":"2026-01-31T13:00:00+01:00"}`
	goodEvent = `{"specversion":"1.0","id":"3D6f0d0e-8f0b-4a53-9a39-6a5a3a6d1f0e","source":"/sites/main","type":"user.registered","time":"2026-01-31T12:00:00.25Z","datacontenttype":"application/json","data":{"hook":"user_register","user":` + goodUser + `,"actor":{"user_id":1}}}`
)

// edit replaces the one place where old stands in the good event.
func edit(old, replacement string) string {
	if strings.Count(goodEvent, old) != 1 {
		panic(fmt.Sprintf("%q is not once in the good event", old))
	}
	return strings.Replace(goodEvent, old, replacement, 1)
}

func TestDecodeReadsAllFields(t *testing.T) {
	got, refusal := Decode([]byte(goodEvent), "main")
	if refusal != nil {
		t.Fatal(refusal)
	}
	want := link.Event{
		ID: "3d6f0d0e-8f0b-4a53-9a39-6a5a3a6d1f0e", SiteID: "main", Type: link.Registered, Hook: "user_register", ActorUserID: 1,
		Time: time.Date(2026, 1, 31, 12, 0, 0, 250_000_000, time.UTC),
		User: link.User{
			ID: 42, Email: "jane@example.org", Username: "jane", FirstName: "Jane", LastName: "Doe", Status: link.StatusActive,
			Roles: []string{"subscriber"}, Language: "en_US", RegisteredAt: time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC),
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestDecode(t *testing.T) {
	a := func(n int) string { return strings.Repeat("ä", n) }
	roles := func(n int) string { return `"roles":[` + strings.TrimSuffix(strings.Repeat(`"r",`, n), ",") + `]` }
	nested := func(levels int) string { // the value of roles is at level 4
		return edit(`["subscriber"]`, strings.Repeat("[", levels-3)+strings.Repeat("]", levels-3))
	}
	tests := []struct {
		name string
		body string
		want Code
	}{
		{"pass - all fields", goodEvent, ""},
		{"pass - only what is required", edit(goodUser+`,"actor":{"user_id":1}`, `{"id":1}`), ""},
		{"pass - empty texts are not known", edit(`"status":"active","roles":["subscriber"],"language":"en_US","registered_at":"2026-01-31T13:00:00+01:00"`, `"status":"","roles":[],"language":"","registered_at":""`), ""},
		{"pass - nobody logged in", edit(`{"user_id":1}`, `{"user_id":0}`), ""},
		{"pass - an actor who is not named", edit(`{"user_id":1}`, `{}`), ""},
		{"pass - the largest id", edit(`"id":42`, `"id":4294967295`), ""},
		{"pass - an email of 254 characters", edit(`jane@example.org`, a(254)), ""},
		{"pass - an email that is none", edit(`jane@example.org`, "jane"), ""},
		{"pass - 100 roles", edit(`"roles":["subscriber"]`, roles(100)), ""},
		{"pass - a pair of surrogates, an escaped backslash", edit(`"last_name":"Doe"`, `"last_name":"\ud83d\ude00 \\u0000 \n"`), ""},
		{"pass - blanks around", " \n" + goodEvent + "\r\n", ""},

		{"fail - too large", goodEvent + strings.Repeat(" ", MaxBody), BodyTooLarge},

		{"fail - nothing", "", JSONInvalid},
		{"fail - cut", goodEvent[:len(goodEvent)-1], JSONInvalid},
		{"fail - two values", goodEvent + goodEvent, JSONInvalid},
		{"fail - a byte order mark", "\ufeff" + goodEvent, JSONInvalid},
		{"fail - not UTF-8", edit("Doe", "D\xf6e"), JSONInvalid},
		{"fail - a NUL", edit("Doe", "D\x00e"), JSONInvalid},
		{"fail - an escaped NUL", edit("Doe", `D\u0000e`), EventInvalid},
		{"fail - the first half of a surrogate pair", edit("Doe", `\ud83d`), JSONInvalid},
		{"fail - the second half of a surrogate pair", edit("Doe", `\ude00`), JSONInvalid},
		{"fail - two first halves", edit("Doe", `\ud83d\ud83d`), JSONInvalid},
		{"fail - a half and another escape", edit("Doe", `\ud83d\n12345`), JSONInvalid},
		{"fail - a member twice", edit(`"hook":`, `"hook":"x","hook":`), JSONInvalid},
		{"fail - a member twice, once escaped", edit(`"hook":`, `"h\u006fok":"x","hook":`), JSONInvalid},
		{"fail - a member twice, deep inside", edit(`["subscriber"]`, `[{"a":1,"a":1}]`), JSONInvalid},
		{"fail - 17 levels", nested(17), JSONInvalid},
		{"fail - 16 levels are JSON but no event", nested(16), EventInvalid},
		{"fail - a thousand levels", strings.Repeat("[", 1000) + strings.Repeat("]", 1000), JSONInvalid},
		{"fail - a trailing comma", edit(`{"user_id":1}`, `{"user_id":1,}`), JSONInvalid},

		{"fail - a list", "[]", EventInvalid},
		{"fail - null", "null", EventInvalid},
		{"fail - an unknown attribute", edit(`"specversion"`, `"subject":"x","specversion"`), EventInvalid},
		{"fail - an attribute in another case", edit(`"source"`, `"Source"`), EventInvalid},
		{"fail - unknown data", edit(`"hook":`, `"x":1,"hook":`), EventInvalid},
		{"fail - an unknown field of the user", edit(`"username"`, `"user_login"`), EventInvalid},
		{"fail - an unknown field of the actor", edit(`{"user_id":1}`, `{"user_id":1,"ip":"::1"}`), EventInvalid},
		{"fail - another version", edit(`"1.0"`, `"1.1"`), EventInvalid},
		{"fail - version is a number", edit(`"1.0"`, `1.0`), EventInvalid},
		{"fail - other content", edit(`application/json`, `text/plain`), EventInvalid},
		{"fail - id is no UUID", edit(`3D6f0d0e-8f0b`, `3D6f0d0e8f0b`), EventInvalid},
		{"fail - another type", edit(`user.registered`, `user.created`), EventInvalid},
		{"fail - the type of a sync", edit(`user.registered`, `sync`), EventInvalid},
		{"fail - time of another zone", edit(`12:00:00.25Z`, `12:00:00+01:00`), EventInvalid},
		{"fail - time without a zone", edit(`12:00:00.25Z`, `12:00:00`), EventInvalid},
		{"fail - a comma in the time", edit(`12:00:00.25Z`, `12:00:00,25Z`), EventInvalid},
		{"fail - a day that is none", edit(`2026-01-31T12:`, `2026-02-30T12:`), EventInvalid},
		{"fail - an empty time", edit(`2026-01-31T12:00:00.25Z`, ``), EventInvalid},
		{"fail - no data", strings.Split(goodEvent, `,"data":`)[0] + "}", EventInvalid},
		{"fail - an empty hook", edit(`user_register`, ``), EventInvalid},
		{"fail - a hook of 65 characters", edit(`user_register`, a(65)), EventInvalid},
		{"fail - hook is a number", edit(`"user_register"`, `1`), EventInvalid},
		{"fail - no user", edit(goodUser, `null`), EventInvalid},
		{"fail - user without id", edit(`"id":42,`, ``), EventInvalid},
		{"fail - user 0", edit(`"id":42`, `"id":0`), EventInvalid},
		{"fail - user -1", edit(`"id":42`, `"id":-1`), EventInvalid},
		{"fail - id too large", edit(`"id":42`, `"id":4294967296`), EventInvalid},
		{"fail - id is text", edit(`"id":42`, `"id":"42"`), EventInvalid},
		{"fail - id with a fraction", edit(`"id":42`, `"id":42.0`), EventInvalid},
		{"fail - id with an exponent", edit(`"id":42`, `"id":42e0`), EventInvalid},
		{"fail - an email of 255 characters", edit(`jane@example.org`, a(255)), EventInvalid},
		{"fail - email is null", edit(`"jane@example.org"`, `null`), EventInvalid},
		{"fail - a username of 256 characters", edit(`"jane"`, `"`+a(256)+`"`), EventInvalid},
		{"fail - a first name of 401 characters", edit(`"Jane"`, `"`+a(401)+`"`), EventInvalid},
		{"fail - a last name of 401 characters", edit(`Doe`, a(401)), EventInvalid},
		{"fail - a name of 401 characters", edit(`"name":""`, `"name":"`+a(401)+`"`), EventInvalid},
		{"fail - another status", edit(`active`, `deleted`), EventInvalid},
		{"fail - status is false", edit(`"active"`, `false`), EventInvalid},
		{"fail - 101 roles", edit(`"roles":["subscriber"]`, roles(101)), EventInvalid},
		{"fail - a role of 256 characters", edit(`subscriber`, a(256)), EventInvalid},
		{"fail - a role with a NUL", edit(`subscriber`, `\u0000`), EventInvalid},
		{"fail - a role that is a number", edit(`"subscriber"`, `1`), EventInvalid},
		{"fail - roles are text", edit(`["subscriber"]`, `"subscriber"`), EventInvalid},
		{"fail - a language of 36 characters", edit(`en_US`, a(36)), EventInvalid},
		{"fail - registered_at is no time", edit(`2026-01-31T13:00:00+01:00`, `yesterday`), EventInvalid},
		{"fail - actor -1", edit(`{"user_id":1}`, `{"user_id":-1}`), EventInvalid},
		{"fail - actor -0", edit(`{"user_id":1}`, `{"user_id":-0}`), EventInvalid},
		{"fail - actor is a number", edit(`{"user_id":1}`, `1`), EventInvalid},
		{"fail - no source", edit(`"source":"/sites/main",`, ``), EventInvalid},

		{"fail - another site", edit(`/sites/main`, `/sites/other`), SourceMismatch},
		{"fail - another source", edit(`/sites/main`, `main`), SourceMismatch},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, refusal := Decode([]byte(test.body), "main")
			wantCode(t, refusal, test.want)
		})
	}
}

func TestDecodeMode(t *testing.T) {
	tests := []struct {
		name, body, mode string
		want             Code
	}{
		{"pass - preview", `{"mode":"preview"}`, "preview", ""},
		{"pass - apply", `{"mode":"apply"}`, "apply", ""},
		{"fail - nothing", ``, "", JSONInvalid},
		{"fail - a list", `[]`, "", RequestInvalid},
		{"fail - no mode", `{}`, "", RequestInvalid},
		{"fail - another mode", `{"mode":"Apply"}`, "", RequestInvalid},
		{"fail - one member more", `{"mode":"apply","force":true}`, "", RequestInvalid},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			mode, refusal := DecodeMode([]byte(test.body))
			wantCode(t, refusal, test.want)
			if mode != test.mode {
				t.Errorf("got %q, want %q", mode, test.mode)
			}
		})
	}
}

func TestDecodeChoice(t *testing.T) {
	tests := []struct {
		name, body, got string
		want            Code
	}{
		{"pass - link", `{"resolution":"link","contact_id":7}`, "link 7", ""},
		{"pass - create", `{"resolution":"create"}`, "create 0", ""},
		{"pass - take over", `{"resolution":"take_over"}`, "take_over 0", ""},
		{"pass - leave alone", `{"resolution":"leave_alone"}`, "leave_alone 0", ""},
		{"pass - reconsider", `{"resolution":"reconsider"}`, "reconsider 0", ""},
		{"fail - nothing", ``, " 0", JSONInvalid},
		{"fail - a list", `[]`, " 0", RequestInvalid},
		{"fail - no resolution", `{"contact_id":7}`, " 0", RequestInvalid},
		{"fail - another resolution", `{"resolution":"merge"}`, " 0", RequestInvalid},
		{"fail - link to nothing", `{"resolution":"link"}`, " 0", RequestInvalid},
		{"fail - link to contact 0", `{"resolution":"link","contact_id":0}`, " 0", RequestInvalid},
		{"fail - link to a text", `{"resolution":"link","contact_id":"7"}`, " 0", RequestInvalid},
		{"fail - a contact for a new one", `{"resolution":"create","contact_id":7}`, " 0", RequestInvalid},
		{"fail - one member more", `{"resolution":"create","force":true}`, " 0", RequestInvalid},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			choice, contactID, refusal := DecodeChoice([]byte(test.body))
			wantCode(t, refusal, test.want)
			if got := fmt.Sprintf("%s %d", choice, contactID); got != test.got {
				t.Errorf("got %q, want %q", got, test.got)
			}
		})
	}
}

func TestDecodeSync(t *testing.T) {
	tests := []struct {
		name, body, mode, finding string
		want                      Code
	}{
		{"pass - preview", `{"mode":"preview"}`, "preview", "", ""},
		{"pass - a repair", `{"mode":"repair","finding":"orphan"}`, "repair", "orphan", ""},
		{"pass - a repair's preview", `{"finding":"orphan","mode":"repair_preview"}`, "repair_preview", "orphan", ""},
		{"fail - nothing", ``, "", "", JSONInvalid},
		{"fail - no mode", `{}`, "", "", RequestInvalid},
		{"fail - another mode", `{"mode":"undo"}`, "", "", RequestInvalid},
		{"fail - a repair of nothing", `{"mode":"repair"}`, "", "", RequestInvalid},
		{"fail - an empty finding", `{"mode":"repair","finding":""}`, "", "", RequestInvalid},
		{"fail - a number", `{"mode":"repair","finding":1}`, "", "", RequestInvalid},
		{"fail - an apply of a finding", `{"mode":"apply","finding":"orphan"}`, "", "", RequestInvalid},
		{"fail - one member more", `{"mode":"repair","finding":"orphan","force":true}`, "", "", RequestInvalid},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			mode, finding, refusal := DecodeSync([]byte(test.body))
			wantCode(t, refusal, test.want)
			if mode != test.mode || finding != test.finding {
				t.Errorf("got %q %q, want %q %q", mode, finding, test.mode, test.finding)
			}
		})
	}
}

func TestCheckNoBody(t *testing.T) {
	tests := []struct {
		name, body string
		want       Code
	}{
		{"pass - nothing", ``, ""},
		{"pass - an empty object", `{}`, ""},
		{"fail - a member", `{"mode":"apply"}`, RequestInvalid},
		{"fail - a list", `[]`, RequestInvalid},
		{"fail - no JSON", `x`, JSONInvalid},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { wantCode(t, CheckNoBody([]byte(test.body)), test.want) })
	}
}
