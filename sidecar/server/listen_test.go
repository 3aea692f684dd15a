package server

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func TestListen(t *testing.T) {
	dir := t.TempDir()
	socket := func(name string) string { return "unix:" + filepath.Join(dir, name) }
	ownGroup := strconv.Itoa(os.Getgid())
	tests := []struct {
		name    string
		options ListenOptions
		want    string // part of the error; empty: it listens
	}{
		{"pass - IPv4 loopback", ListenOptions{Address: "127.0.0.1:0"}, ""},
		{"pass - another loopback address", ListenOptions{Address: "127.0.0.53:0"}, ""},
		{"pass - by name", ListenOptions{Address: "localhost:0"}, ""},
		{"pass - all addresses, told so", ListenOptions{Address: "0.0.0.0:0", AllowRemote: true}, ""},
		{"pass - a socket", ListenOptions{Address: socket("a.sock")}, ""},
		{"pass - a socket for a group", ListenOptions{Address: socket("b.sock"), SocketGroup: ownGroup}, ""},
		{"fail - all addresses", ListenOptions{Address: "0.0.0.0:0"}, "can be reached from other machines"},
		{"fail - no address is all addresses", ListenOptions{Address: ":0"}, "can be reached from other machines"},
		{"fail - no port", ListenOptions{Address: "127.0.0.1"}, "missing port"},
		{"fail - no such folder", ListenOptions{Address: socket("none/a.sock")}, "no such file"},
		{"fail - no such group", ListenOptions{Address: socket("c.sock"), SocketGroup: "no-such-group"}, "no-such-group"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			listener, err := Listen(t.Context(), test.options)
			if err == nil {
				defer func() { _ = listener.Close() }()
			}
			if (err == nil) != (test.want == "") || (err != nil && !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, want %q", err, test.want)
			}
			if path, ok := strings.CutPrefix(test.options.Address, "unix:"); ok && err == nil {
				info, err := os.Stat(path)
				if err != nil || info.Mode().Perm() != 0o660 {
					t.Errorf("%v, %v", info.Mode(), err)
				}
			}
		})
	}
}

func TestListenReplacesOnlyADeadSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "userlink.sock")
	options := ListenOptions{Address: "unix:" + path}
	first, err := Listen(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(t.Context(), options); err == nil || !strings.Contains(err.Error(), "another process listens") {
		t.Errorf("while somebody listens: %v", err)
	}
	first.(*net.UnixListener).SetUnlinkOnClose(false) // as a process that is killed
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := Listen(t.Context(), options)
	if err != nil {
		t.Fatalf("over the socket of a dead process: %v", err)
	}
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket stays behind: %v", err)
	}
	if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(t.Context(), options); err == nil || !strings.Contains(err.Error(), "is no socket") {
		t.Errorf("over a file: %v", err)
	}
}

// TestGracefulStop: a call that is under way when the signal comes is answered; then nobody listens any more.
func TestGracefulStop(t *testing.T) {
	begun, goOn := make(chan struct{}), make(chan struct{})
	site := &fakeSite{seen: map[string]bool{}, wait: func() { close(begun); <-goOn }}
	server := newServer(site, io.Discard, nil)
	listener, err := Listen(t.Context(), ListenOptions{Address: "unix:" + filepath.Join(t.TempDir(), "s.sock")})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(ctx, listener) }()

	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", listener.Addr().String())
	}}}
	status := make(chan int, 1)
	go func() {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://userlink/v1/events", strings.NewReader(testEvent))
		if err != nil {
			status <- -1
			return
		}
		r.Header.Set("Authorization", "Bearer "+token("POST", "/v1/events", testEvent, nil))
		response, err := client.Do(r)
		if err != nil {
			status <- -1
			return
		}
		status <- response.StatusCode
		_ = response.Body.Close()
	}()
	<-begun
	stop()
	close(goOn)
	if got := <-status; got != http.StatusOK {
		t.Errorf("the call under way got %d", got)
	}
	if err := <-stopped; err != nil {
		t.Errorf("stopped with %v", err)
	}
	if _, err := new(net.Dialer).DialContext(t.Context(), "unix", listener.Addr().String()); err == nil {
		t.Error("somebody still listens")
	}
}

func TestServeSaysWhyItCannot(t *testing.T) {
	listener, err := Listen(t.Context(), ListenOptions{Address: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	if err := newServer(&fakeSite{}, io.Discard, nil).Serve(t.Context(), listener); !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v", err)
	}
}
