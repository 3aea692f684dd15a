package server

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/hook"
	"userlink/sidecar/link"
)

const (
	testSecret = "a secret of the tests, 32 bytes and more"
	testJob    = "0192f0c4-7e5a-7c3e-9a55-0f6f5a1b2c3d"
	testEvent  = `{"specversion":"1.0","id":"3d6f0d0e-8f0b-4a53-9a39-6a5a3a6d1f0e","source":"/sites/main","type":"user.registered","time":"2026-01-31T12:00:00Z","datacontenttype":"application/json","data":{"hook":"user_register","user":{"id":42,"email":"jane@example.org"}}}`
)

var testNow = time.Unix(1_769_860_800, 0)

// fakeSite answers what a test wants and remembers what it was asked.
type fakeSite struct {
	mu    sync.Mutex
	seen  map[string]bool
	asked string
	err   error
	panic bool
	wait  func() // called while an event is applied
}

func (f *fakeSite) ask(format string, args ...any) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = fmt.Sprintf(format, args...)
	if f.panic {
		panic("a secret detail")
	}
	return f.err
}

func (f *fakeSite) fresh(jti string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	seen := f.seen[jti]
	f.seen[jti] = true
	return !seen
}

func (f *fakeSite) Apply(_ context.Context, ev link.Event, jti string, _ time.Time) (link.Result, error) {
	if f.wait != nil {
		f.wait()
	}
	if !f.fresh(jti) {
		return link.Result{}, link.ErrReplayed
	}
	return link.Result{Outcome: link.Ignored, Reason: link.ByPolicy}, f.ask("apply %s %d", ev.Type, ev.User.ID)
}

func (f *fakeSite) TokenFresh(_ context.Context, jti string, _ time.Time) (bool, error) {
	return f.fresh(jti), nil
}

func (f *fakeSite) Status(context.Context) (fullsync.Status, error) {
	return fullsync.Status{Version: "1.2.3", Site: "main", CMS: link.WordPress, Users: 5}, f.ask("status")
}

func (f *fakeSite) StartSync(_ context.Context, q fullsync.Request) (fullsync.Job, error) {
	return fullsync.Job{ID: testJob, Site: "main", Mode: q.Mode}, f.ask("start %s %d %s", q.Mode, q.ActorUserID, q.PreviewID+q.Finding+q.Undoes)
}

func (f *fakeSite) PauseSync(_ context.Context, id string) (fullsync.Job, error) {
	return fullsync.Job{ID: id}, f.ask("pause %s", id)
}

func (f *fakeSite) ResumeSync(_ context.Context, id string) (fullsync.Job, error) {
	return fullsync.Job{ID: id}, f.ask("resume %s", id)
}

func (f *fakeSite) CancelSync(_ context.Context, id string) (fullsync.Job, error) {
	return fullsync.Job{ID: id}, f.ask("cancel %s", id)
}

func (f *fakeSite) Sync(_ context.Context, id string) (fullsync.Job, error) {
	return fullsync.Job{ID: id}, f.ask("sync %s", id)
}

func (f *fakeSite) Syncs(_ context.Context, after string, limit int) (fullsync.Page[fullsync.Job], error) {
	return fullsync.Page[fullsync.Job]{}, f.ask("syncs %q %d", after, limit)
}

func (f *fakeSite) Items(_ context.Context, id string, outcome link.Outcome, after string, limit int) (fullsync.Page[fullsync.Item], error) {
	return fullsync.Page[fullsync.Item]{Next: "42"}, f.ask("items %s %q %q %d", id, outcome, after, limit)
}

func (f *fakeSite) Conflicts(_ context.Context, after string, limit int) (fullsync.Page[fullsync.OpenConflict], error) {
	return fullsync.Page[fullsync.OpenConflict]{Total: 3}, f.ask("conflicts %q %d", after, limit)
}

func (f *fakeSite) LeftAlone(_ context.Context, after string, limit int) (fullsync.Page[fullsync.OpenConflict], error) {
	return fullsync.Page[fullsync.OpenConflict]{Total: 2}, f.ask("left alone %q %d", after, limit)
}

func (f *fakeSite) Resolve(_ context.Context, userID uint32, choice link.Choice, contactID, actor uint32) (fullsync.Resolved, error) {
	return fullsync.Resolved{Result: link.Result{Outcome: link.Linked, Reason: link.Chosen}}, f.ask("resolve %d %s %d by %d", userID, choice, contactID, actor)
}

func (f *fakeSite) FindUsers(_ context.Context, text string) ([]fullsync.FoundUser, error) {
	return nil, f.ask("find %q", text)
}

func (f *fakeSite) Health(context.Context) (fullsync.Health, error) {
	return fullsync.Health{Findings: []fullsync.Finding{{Finding: link.FindOrphan, Count: 3}}}, f.ask("health")
}

func (f *fakeSite) Concerned(_ context.Context, finding link.Finding, after string, limit int) (fullsync.Page[fullsync.Item], error) {
	return fullsync.Page[fullsync.Item]{Next: "42.7"}, f.ask("concerned %s %q %d", finding, after, limit)
}

func (f *fakeSite) Explain(_ context.Context, userID uint32) (fullsync.Explanation, error) {
	return fullsync.Explanation{Sentence: "so"}, f.ask("explain %d", userID)
}

// house is a server on a real port, with what a test wants to look at.
type house struct {
	t      *testing.T
	server *Server
	site   *fakeSite
	url    string
	log    *syncBuffer
	ready  error
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func newServer(site Site, log io.Writer, ready func(context.Context) error) *Server {
	return New(Options{
		Sites: map[string]Site{"main": site},
		Keys: func(kid string) (hook.Key, bool) {
			sites := map[string]string{"main-1": "main", "lost-1": "lost"}
			return hook.Key{ID: kid, SiteID: sites[kid], Secret: []byte(testSecret)}, sites[kid] != ""
		},
		Ready:   ready,
		Metrics: NewMetrics("1.2.3"),
		Log:     slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Now:     func() time.Time { return testNow },
	})
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, site: &fakeSite{seen: map[string]bool{"seen-before-0000": true}}, log: &syncBuffer{}}
	h.server = newServer(h.site, h.log, func(context.Context) error { return h.ready })
	web := httptest.NewServer(h.server)
	t.Cleanup(web.Close)
	h.url = web.URL
	return h
}

type claims = map[string]any

// token signs a call as a shim does; changes replace claims, nil removes one.
func token(method, target, body string, changes claims) string {
	path, query, hasQuery := strings.Cut(target, "?")
	c := claims{
		"iss": "main", "aud": "userlink", "iat": testNow.Unix(), "exp": testNow.Unix() + 60, "jti": "fresh-for-each-attempt",
		"htm": method, "htu": path, "body_sha256": hash(body),
	}
	if hasQuery && query != "" {
		c["qsh"] = hash(query)
	}
	if path != "/v1/events" {
		c["scope"], c["sub"] = "admin", "7"
	}
	kid := "main-1"
	if changes["iss"] == "lost" {
		kid = "lost-1"
	}
	maps.Copy(c, changes)
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	payload, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	text := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT","kid":"`+kid+`"}`)) + "." + base64.RawURLEncoding.EncodeToString(payload)
	mac := hmac.New(sha256.New, []byte(testSecret))
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// answered is a response that was read to its end.
type answered struct {
	status int
	header http.Header
	body   string
}

// code is the error code in the body, or empty.
func (a answered) code() string {
	var body errorAnswer
	if json.Unmarshal([]byte(a.body), &body) != nil {
		return ""
	}
	return string(body.Error.Code)
}

func (h *house) send(r *http.Request) answered {
	h.t.Helper()
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return answered{response.StatusCode, response.Header, string(body)}
}

// request makes a signed request; the target is sent as it stands.
func (h *house) request(method, target, body string, changes claims) *http.Request {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.url+target, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token(method, target, body, changes))
	return r
}

func (h *house) call(method, target, body string) answered {
	h.t.Helper()
	return h.send(h.request(method, target, body, nil))
}
