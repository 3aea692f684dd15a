package server

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
)

func TestPanicIsOneAnswerAndOneLine(t *testing.T) {
	h := newHouse(t)
	h.site.panic = true
	got := h.call("GET", "/v1/status", "")
	if got.status != 500 || got.code() != "internal" || strings.Contains(got.body, "secret") {
		t.Errorf("got %d %s", got.status, got.body)
	}
	if log := h.log.String(); !strings.Contains(log, "a secret detail") || !strings.Contains(log, "goroutine") || strings.Count(log, "\n") != 1 {
		t.Errorf("log %s", log)
	}
	h.site.panic = false
	if got := h.send(h.request("GET", "/v1/status", "", claims{"jti": "another-fresh-one"})); got.status != 200 {
		t.Errorf("after the panic: %d %s", got.status, got.body)
	}
}

func TestLogLine(t *testing.T) {
	h := newHouse(t)
	r := h.request("POST", "/v1/events", testEvent, claims{"aud": "other"})
	r.Header.Set("X-Request-Id", "forged")
	got := h.send(r)
	var line map[string]any
	if err := json.Unmarshal([]byte(h.log.String()), &line); err != nil {
		t.Fatalf("%s: %v", h.log, err)
	}
	for key, want := range map[string]any{
		"level": "WARN", "msg": "request", "method": "POST", "route": "/v1/events", "status": 401.0, "ms": 0.0, "code": "token_mismatch",
		"detail": "aud is not userlink", "request_id": got.header.Get("X-Request-Id"),
	} {
		if line[key] != want {
			t.Errorf("%s is %v, want %v", key, line[key], want)
		}
	}
	for _, secret := range []string{"jane", "Bearer", "eyJ", "forged"} {
		if strings.Contains(h.log.String(), secret) {
			t.Errorf("the log has %q: %s", secret, h.log)
		}
	}
}

func TestLogKeepsThePathOfTheSenderOut(t *testing.T) {
	h := newHouse(t)
	h.call("GET", "/jane@example.org", "")
	h.call("BREW", "/healthz", "")
	if log := h.log.String(); strings.Contains(log, "jane") || strings.Contains(log, "BREW") || !strings.Contains(log, `"route":"none"`) || !strings.Contains(log, `"method":"other"`) {
		t.Errorf("log %s", log)
	}
}

func TestHealth(t *testing.T) {
	h := newHouse(t)
	get := func(path string) answered {
		r, err := http.NewRequestWithContext(t.Context(), "GET", h.url+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		return h.send(r)
	}
	if got := get("/healthz"); got.status != 200 || got.body != "ok\n" {
		t.Errorf("healthz: %d %s", got.status, got.body)
	}
	if got := get("/readyz"); got.status != 200 || got.body != "ok\n" {
		t.Errorf("readyz: %d %s", got.status, got.body)
	}
	h.ready = errors.New("a secret detail")
	if got := get("/readyz"); got.status != 503 || got.code() != "database_unavailable" || strings.Contains(got.body, "secret") {
		t.Errorf("readyz: %d %s", got.status, got.body)
	}
	if got := get("/healthz"); got.status != 200 {
		t.Errorf("healthz without a database: %d", got.status)
	}
}
