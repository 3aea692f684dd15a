package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

type logWatch struct {
	mu    sync.Mutex
	text  bytes.Buffer
	waits map[string]chan struct{}
}

func newLogWatch(lines ...string) *logWatch {
	w := &logWatch{waits: map[string]chan struct{}{}}
	for _, line := range lines {
		w.waits[line] = make(chan struct{})
	}
	return w
}

func (w *logWatch) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text.Write(p)
	for line, seen := range w.waits {
		if strings.Contains(w.text.String(), line) {
			close(seen)
			delete(w.waits, line)
		}
	}
	return len(p), nil
}

func (w *logWatch) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

func (w *logWatch) wait(t *testing.T, line string) {
	t.Helper()
	w.mu.Lock()
	seen := w.waits[line]
	w.mu.Unlock()
	if seen == nil {
		return
	}
	select {
	case <-seen:
	case <-t.Context().Done():
		t.Fatalf("no %q in %s", line, w)
	}
}

func serving(t *testing.T, path string, log *logWatch) (stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, []string{"serve", "--config", path}, nil, io.Discard, log) }()
	t.Cleanup(cancel)
	return func() int {
		cancel()
		return <-ended
	}
}

func overSocket(path string) *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", filepath.Join(filepath.Dir(path), "s"))
	}}}
}

func TestServeWaitsForTheDatabase(t *testing.T) {
	path := configure(t, "")
	log := newLogWatch(`"msg":"listening"`, `"msg":"waiting for the database"`)
	stop := serving(t, path, log)
	log.wait(t, `"msg":"listening"`)
	log.wait(t, `"msg":"waiting for the database"`)
	if code, _, stderr := command(t, "healthcheck", "--config", path); code != 0 {
		t.Errorf("healthcheck: %d %s", code, stderr)
	}
	if code, _, stderr := command(t, "healthcheck", "--ready", "--config", path); code != 1 || !strings.Contains(stderr, "503") {
		t.Errorf("healthcheck --ready: %d %s", code, stderr)
	}
	if code, out, _ := command(t, "check", "--config", path); code != 1 || !strings.Contains(out, "listen: a sidecar answers on unix:") {
		t.Errorf("check: %d %s", code, out)
	}
	if code, _, stderr := command(t, "serve", "--config", path); code != 1 || !strings.Contains(stderr, "another process listens") {
		t.Errorf("a second serve: %d %s", code, stderr)
	}
	if code := stop(); code != 0 {
		t.Errorf("stopped with %d: %s", code, log)
	}
	for _, line := range strings.Split(strings.TrimSpace(log.String()), "\n") {
		if !json.Valid([]byte(line)) {
			t.Errorf("not JSON: %s", line)
		}
	}
	if strings.Contains(log.String(), "secret") {
		t.Errorf("a password in the log: %s", log)
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(path), "s")); err == nil {
		t.Error("the socket stays behind")
	}
}
