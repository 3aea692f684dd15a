package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
)

func TestCalls(t *testing.T) {
	unavailable := fmt.Errorf("%w: dial tcp 10.1.2.3: no route", link.ErrUnavailable)
	job := "/v1/syncs/" + testJob
	tests := []struct {
		name           string
		method, target string
		body           string
		err            error // what the site answers
		status         int
		code           string // of the refusal
		asked          string // what the site was asked
	}{
		{"pass - an event", "POST", "/v1/events", testEvent, nil, 200, "", "apply user.registered 42"},
		{"pass - status", "GET", "/v1/status", "", nil, 200, "", "status"},
		{"pass - start a preview", "POST", "/v1/syncs", `{"mode":"preview"}`, nil, 202, "", "start preview 7 "},
		{"pass - start an apply", "POST", "/v1/syncs", `{"mode":"apply"}`, nil, 202, "", "start apply 7 "},
		{"pass - carry out a preview", "POST", job + "/apply", "", nil, 202, "", "start  7 " + testJob},
		{"pass - carry out a preview, with an empty object", "POST", job + "/apply", "{}", nil, 202, "", "start  7 " + testJob},
		{"pass - preview an undo", "POST", job + "/undo", `{"mode":"preview"}`, nil, 202, "", "start undo_preview 7 " + testJob},
		{"pass - undo", "POST", job + "/undo", `{"mode":"apply"}`, nil, 202, "", "start undo 7 " + testJob},
		{"pass - cancel", "POST", job + "/cancel", "", nil, 200, "", "cancel " + testJob},
		{"pass - pause", "POST", job + "/pause", "", nil, 200, "", "pause " + testJob},
		{"pass - resume", "POST", job + "/resume", "", nil, 200, "", "resume " + testJob},
		{"pass - a job", "GET", job, "", nil, 200, "", "sync " + testJob},
		{"pass - jobs", "GET", "/v1/syncs", "", nil, 200, "", `syncs "" 100`},
		{"pass - a question mark and no query", "GET", "/v1/syncs?", "", nil, 200, "", `syncs "" 100`},
		{"pass - the next jobs", "GET", "/v1/syncs?after=a%2Fb&limit=500", "", nil, 200, "", `syncs "a/b" 500`},
		{"pass - items", "GET", job + "/items?outcome=conflict&limit=1", "", nil, 200, "", "items " + testJob + ` "conflict" "" 1`},
		{"pass - conflicts", "GET", "/v1/conflicts?after=42", "", nil, 200, "", `conflicts "42" 100`},
		{"pass - what the doctor finds", "GET", "/v1/health", "", nil, 200, "", "health"},
		{"pass - whom a finding concerns", "GET", "/v1/health/orphan?after=42.7&limit=9", "", nil, 200, "", `concerned orphan "42.7" 9`},
		{"pass - a repair's preview", "POST", "/v1/syncs", `{"mode":"repair_preview","finding":"orphan"}`, nil, 202, "", "start repair_preview 7 orphan"},
		{"fail - a finding that is not known", "GET", "/v1/health/other", "", fullsync.ErrNotFound, 404, "not_found", `concerned other "" 100`},
		{"fail - a repair of what is not known", "POST", "/v1/syncs", `{"mode":"repair","finding":"other"}`, nil, 400, "request_invalid", ""},
		{"pass - explain", "GET", "/v1/users/4294967295/explain", "", nil, 200, "", "explain 4294967295"},

		{"fail - no such route", "GET", "/v2/status", "", nil, 404, "not_found", ""},
		{"fail - a slash too many", "GET", "/v1/status/", "", nil, 404, "not_found", ""},
		{"fail - another spelling of a path", "GET", "/v1/%73tatus", "", nil, 404, "not_found", ""},
		{"fail - another method", "DELETE", "/v1/status", "", nil, 405, "method_not_allowed", ""},
		{"fail - a method of the sender's own", "BREW", "/v1/status", "", nil, 405, "method_not_allowed", ""},
		{"fail - a query at the events", "POST", "/v1/events?x=1", testEvent, nil, 400, "request_invalid", ""},
		{"fail - no JSON", "POST", "/v1/events", "{", nil, 400, "json_invalid", ""},
		{"fail - no event", "POST", "/v1/events", "{}", nil, 400, "event_invalid", ""},
		{"fail - another site's event", "POST", "/v1/events", strings.Replace(testEvent, "/main", "/other", 1), nil, 400, "source_mismatch", ""},
		{"fail - a mode that is none", "POST", "/v1/syncs", `{"mode":"force"}`, nil, 400, "request_invalid", ""},
		{"fail - a sync without a body", "POST", "/v1/syncs", "", nil, 400, "json_invalid", ""},
		{"fail - a sync with a query", "POST", "/v1/syncs?mode=apply", `{"mode":"apply"}`, nil, 400, "request_invalid", ""},
		{"fail - a body where none belongs", "POST", job + "/apply", `{"force":true}`, nil, 400, "request_invalid", ""},
		{"fail - an undo that does not say how", "POST", job + "/undo", "", nil, 400, "json_invalid", ""},
		{"fail - an undo by its own name", "POST", job + "/undo", `{"mode":"undo"}`, nil, 400, "request_invalid", ""},
		{"fail - an undo of no job", "POST", "/v1/syncs/last/undo", `{"mode":"apply"}`, nil, 404, "not_found", ""},
		{"fail - an undo with a query", "POST", job + "/undo?x=1", `{"mode":"apply"}`, nil, 400, "request_invalid", ""},
		{"fail - a query where none belongs", "POST", job + "/cancel?now=1", "", nil, 400, "request_invalid", ""},
		{"fail - a job's query", "GET", job + "?x=1", "", nil, 400, "request_invalid", ""},
		{"fail - status with a query", "GET", "/v1/status?x=1", "", nil, 400, "request_invalid", ""},
		{"fail - no id", "GET", "/v1/syncs/last", "", nil, 404, "not_found", ""},
		{"fail - no id to apply", "POST", "/v1/syncs/last/apply", "", nil, 404, "not_found", ""},
		{"fail - no id to cancel", "POST", "/v1/syncs/last/cancel", "", nil, 404, "not_found", ""},
		{"fail - items of no id", "GET", "/v1/syncs/last/items", "", nil, 404, "not_found", ""},
		{"fail - user 0", "GET", "/v1/users/0/explain", "", nil, 404, "not_found", ""},
		{"fail - user too large", "GET", "/v1/users/4294967296/explain", "", nil, 404, "not_found", ""},
		{"fail - explain with a query", "GET", "/v1/users/1/explain?x=1", "", nil, 400, "request_invalid", ""},
		{"pass - who is left alone", "GET", "/v1/conflicts?list=left_alone", "", nil, 200, "", `left alone "" 100`},
		{"pass - who is in conflict", "GET", "/v1/conflicts?list=open&limit=2", "", nil, 200, "", `conflicts "" 2`},
		{"fail - another list", "GET", "/v1/conflicts?list=closed", "", nil, 400, "request_invalid", ""},
		{"pass - resolve", "POST", "/v1/conflicts/42/resolve", `{"resolution":"link","contact_id":7}`, nil, 200, "", "resolve 42 link 7 by 7"},
		{"fail - resolve by nothing", "POST", "/v1/conflicts/42/resolve", ``, nil, 400, "json_invalid", ""},
		{"fail - resolve with a query", "POST", "/v1/conflicts/42/resolve?x=1", `{"resolution":"create"}`, nil, 400, "request_invalid", ""},
		{"fail - resolve for user 0", "POST", "/v1/conflicts/0/resolve", `{"resolution":"create"}`, nil, 404, "not_found", ""},
		{"fail - no longer to be decided", "POST", "/v1/conflicts/42/resolve", `{"resolution":"take_over"}`, fullsync.ErrChoice, 409, "choice_invalid", "resolve 42 take_over 0 by 7"},
		{"pass - find", "GET", "/v1/users?find=jane%40example.org", "", nil, 200, "", `find "jane@example.org"`},
		{"fail - find nothing", "GET", "/v1/users?find=", "", nil, 400, "request_invalid", ""},
		{"fail - find too much", "GET", "/v1/users?find=" + strings.Repeat("a", 256), "", nil, 400, "request_invalid", ""},
		{"fail - find what is no text", "GET", "/v1/users?find=%ff", "", nil, 400, "request_invalid", ""},
		{"fail - limit 0", "GET", "/v1/syncs?limit=0", "", nil, 400, "request_invalid", ""},
		{"fail - limit 501", "GET", "/v1/conflicts?limit=501", "", nil, 400, "request_invalid", ""},
		{"fail - limit a word", "GET", "/v1/conflicts?limit=all", "", nil, 400, "request_invalid", ""},
		{"fail - limit twice", "GET", "/v1/conflicts?limit=1&limit=2", "", nil, 400, "request_invalid", ""},
		{"fail - after too long", "GET", "/v1/conflicts?after=" + strings.Repeat("a", 201), "", nil, 400, "request_invalid", ""},
		{"fail - an outcome that is none", "GET", job + "/items?outcome=lost", "", nil, 400, "request_invalid", ""},
		{"fail - a parameter of another route", "GET", "/v1/conflicts?outcome=conflict", "", nil, 400, "request_invalid", ""},
		{"fail - a malformed query", "GET", "/v1/conflicts?after=%zz", "", nil, 400, "request_invalid", ""},

		{"fail - the database is away, an event", "POST", "/v1/events", testEvent, unavailable, 503, "database_unavailable", "apply user.registered 42"},
		{"fail - the database is away, a list", "GET", "/v1/conflicts", "", unavailable, 503, "database_unavailable", `conflicts "" 100`},
		{"fail - it took too long", "GET", "/v1/status", "", context.DeadlineExceeded, 503, "database_unavailable", "status"},
		{"fail - no such job", "GET", job, "", fullsync.ErrNotFound, 404, "not_found", "sync " + testJob},
		{"fail - an after that was not handed out", "GET", "/v1/conflicts?after=x", "", fullsync.ErrCursor, 400, "request_invalid", `conflicts "x" 100`},
		{"fail - a preview that is not done", "POST", job + "/apply", "", fullsync.ErrState, 409, "sync_state", "start  7 " + testJob},
		{"fail - an undo of what has not ended", "POST", job + "/undo", `{"mode":"apply"}`, fullsync.ErrState, 409, "sync_state", "start undo 7 " + testJob},
		{"fail - one is under way", "POST", "/v1/syncs", `{"mode":"apply"}`, fullsync.ErrRunning, 409, "sync_running", "start apply 7 "},
		{"fail - something unforeseen", "GET", "/v1/status", "", errors.New("Table 'x' has a secret"), 500, "internal", "status"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := newHouse(t)
			h.site.err = test.err
			got := h.call(test.method, test.target, test.body)
			if got.status != test.status || got.code() != test.code {
				t.Errorf("got %d %s, want %d %q", got.status, got.body, test.status, test.code)
			}
			if h.site.asked != test.asked {
				t.Errorf("the site was asked %q, want %q", h.site.asked, test.asked)
			}
			if strings.Contains(got.body, "secret") || strings.Contains(got.body, "10.1.2.3") {
				t.Errorf("the answer says too much: %s", got.body)
			}
		})
	}
}

func TestTokensAtTheDoor(t *testing.T) {
	tests := []struct {
		name           string
		method, target string
		changes        claims
		edit           func(*http.Request)
		code           string
	}{
		{"pass - an event", "POST", "/v1/events", nil, nil, ""},
		{"pass - an admin's call", "GET", "/v1/status", nil, nil, ""},
		{"fail - no token", "POST", "/v1/events", nil, func(r *http.Request) { r.Header.Del("Authorization") }, "token_missing"},
		{"fail - two tokens", "POST", "/v1/events", nil, func(r *http.Request) { r.Header.Add("Authorization", r.Header.Get("Authorization")) }, "token_invalid"},
		{"fail - an old token", "POST", "/v1/events", claims{"iat": testNow.Unix() - 100, "exp": testNow.Unix() - 50}, nil, "token_expired"},
		{"fail - an event's token at an admin route", "GET", "/v1/status", claims{"scope": nil, "sub": nil}, nil, "token_scope"},
		{"fail - an admin's token at the events", "POST", "/v1/events", claims{"scope": "admin", "sub": "7"}, nil, "token_scope"},
		{"fail - a query that is not signed", "GET", "/v1/syncs?limit=5", claims{"qsh": nil}, nil, "token_mismatch"},
		{"fail - an event with a token used before", "POST", "/v1/events", claims{"jti": "seen-before-0000"}, nil, "token_replayed"},
		{"fail - an admin's call with a token used before", "GET", "/v1/status", claims{"jti": "seen-before-0000"}, nil, "token_replayed"},
		{"fail - the site of the key is not there", "POST", "/v1/events", claims{"iss": "lost"}, nil, "internal"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := newHouse(t)
			body := ""
			if test.method == "POST" {
				body = testEvent
			}
			r := h.request(test.method, test.target, body, test.changes)
			if test.edit != nil {
				test.edit(r)
			}
			got := h.send(r)
			want := map[string]int{"": 200, "internal": 500}[test.code]
			if want == 0 {
				want = 401
			}
			if got.code() != test.code || got.status != want {
				t.Errorf("got %d %s, want %d %q", got.status, got.body, want, test.code)
			}
			if strings.HasPrefix(test.code, "token_") && h.site.asked != "" {
				t.Errorf("the site was asked %q", h.site.asked)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	fill := func(n int) string { return testEvent + strings.Repeat(" ", n-len(testEvent)) }
	tests := []struct {
		name    string
		body    string
		chunked bool
		header  int // bytes of one more header line
		status  int
		code    string
	}{
		{"pass - 64 KiB", fill(64 << 10), false, 0, 200, ""},
		{"pass - 64 KiB in chunks", fill(64 << 10), true, 0, 200, ""},
		{"fail - a byte more", fill(64<<10 + 1), false, 0, 413, "body_too_large"},
		{"fail - a byte more, in chunks", fill(64<<10 + 1), true, 0, 413, "body_too_large"},
		{"fail - a megabyte", fill(1 << 20), true, 0, 413, "body_too_large"},
		{"pass - a large header", testEvent, false, 7 << 10, 200, ""},
		{"fail - a header over 8 KiB", testEvent, false, 8 << 10, 400, "header_too_large"},
		{"fail - a header over 8 KiB, in chunks", testEvent, true, 32 << 10, 400, "header_too_large"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := newHouse(t)
			r := h.request("POST", "/v1/events", test.body, nil)
			if test.chunked {
				r.Body, r.ContentLength = io.NopCloser(bytes.NewBufferString(test.body)), -1
			}
			if test.header > 0 {
				r.Header.Set("X-Fill", strings.Repeat("x", test.header))
			}
			if got := h.send(r); got.status != test.status || got.code() != test.code {
				t.Errorf("got %d %s, want %d %q", got.status, got.body, test.status, test.code)
			}
		})
	}
}

func TestBrokenBody(t *testing.T) {
	h := newHouse(t)
	connection, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	if _, err := io.WriteString(connection, "POST /v1/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nno number\r\n"); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(connection)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 400 ") || !strings.Contains(string(answer), `"request_invalid"`) {
		t.Errorf("got %s, %v", answer, err)
	}
}

func TestAnswers(t *testing.T) {
	tests := []struct{ name, method, target, body, want string }{
		{"an event", "POST", "/v1/events", testEvent, `{"outcome":"ignored","reason":"policy","contact_id":null,"actions":[]}`},
		{"empty jobs", "GET", "/v1/syncs", "", `{"jobs":[],"next_after":null}`},
		{"items with more behind", "GET", "/v1/syncs/" + testJob + "/items", "", `{"items":[],"next_after":"42"}`},
		{"empty conflicts", "GET", "/v1/conflicts", "", `{"conflicts":[],"total":3,"next_after":null}`},
		{"a decision", "POST", "/v1/conflicts/42/resolve", `{"resolution":"create"}`, `{"outcome":"linked","reason":"chosen","contact_id":null,"actions":[],"job":null}`},
		{"nobody found", "GET", "/v1/users?find=x", "", `{"users":[]}`},
		{"status", "GET", "/v1/status", "", `{"version":"1.2.3","site":"main","cms":"wordpress","users":5,"linked":0,"not_linked":0,"conflicts":0,"left_alone":0,"job":null,"last_apply":null}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := newHouse(t)
			got := h.call(test.method, test.target, test.body)
			if strings.TrimSpace(got.body) != test.want {
				t.Errorf("got  %s\nwant %s", got.body, test.want)
			}
			if got.header.Get("Content-Type") != "application/json" || got.header.Get("Cache-Control") != "no-store" || got.header.Get("Server") != "" {
				t.Errorf("header %v", got.header)
			}
		})
	}
}

func TestRunningJobStandsBesideTheError(t *testing.T) {
	h := newHouse(t)
	h.site.err = fullsync.ErrRunning
	got := h.call("POST", "/v1/syncs", `{"mode":"apply"}`)
	var body struct {
		Error map[string]string
		Job   fullsync.Job
	}
	if err := json.Unmarshal([]byte(got.body), &body); err != nil {
		t.Fatal(err)
	}
	if body.Job.ID != testJob || body.Error["code"] != "sync_running" || body.Error["request_id"] != got.header.Get("X-Request-Id") || body.Error["message"] == "" {
		t.Errorf("got %s", got.body)
	}
}
