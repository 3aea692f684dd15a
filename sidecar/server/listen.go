package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/user"
	"strconv"
	"strings"
	"syscall"
)

// ListenOptions say where to listen.
type ListenOptions struct {
	Address     string // host:port, or unix: and an absolute path
	AllowRemote bool   // host may be other than this machine
	SocketGroup string // group of the socket; empty: the process's own
}

// socketMode lets the owner and the group in. The group is how a web server's user gets access.
const socketMode = 0o660

// Listen opens the listener. It refuses an address that other machines can reach, unless AllowRemote says so: there is no
// TLS, and whoever reads along sees users' data. A socket that a dead process left behind is replaced; one that somebody
// listens on is not, nor a file that is no socket.
func Listen(ctx context.Context, o ListenOptions) (net.Listener, error) {
	if path, ok := strings.CutPrefix(o.Address, "unix:"); ok {
		return listenUnix(ctx, path, o.SocketGroup)
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", o.Address)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	// Asked of what was really bound, since a name may lead anywhere.
	if at, ok := listener.Addr().(*net.TCPAddr); !o.AllowRemote && (!ok || !at.IP.IsLoopback()) {
		return nil, errors.Join(fmt.Errorf("listen: %s can be reached from other machines; listen on 127.0.0.1 or a unix socket, or set allow_remote", o.Address), listener.Close())
	}
	return listener, nil
}

func listenUnix(ctx context.Context, path, group string) (net.Listener, error) {
	if err := removeStale(ctx, path); err != nil {
		return nil, err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "unix", path) // closing it removes the file
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	if err := grant(path, group); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return listener, nil
}

// removeStale removes the socket of a process that is gone.
func removeStale(ctx context.Context, path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("listen: %w", err)
	case info.Mode().Type() != os.ModeSocket:
		return fmt.Errorf("listen: %s is there and is no socket; remove it or choose another path", path)
	}
	var dialer net.Dialer
	connection, err := dialer.DialContext(ctx, "unix", path)
	if err == nil {
		return errors.Join(fmt.Errorf("listen: another process listens on %s", path), connection.Close())
	}
	if !errors.Is(err, syscall.ECONNREFUSED) { // somebody may be there, only not for us
		return fmt.Errorf("listen: %s is there, and it cannot be told whether anybody listens: %w", path, err)
	}
	return os.Remove(path)
}

// grant sets who may connect. Until then the folder keeps others out: only the process's user may write to a new socket.
func grant(path, group string) error {
	if group != "" {
		gid, err := groupID(group)
		if err != nil {
			return fmt.Errorf("socket_group: %w", err)
		}
		if err := os.Chown(path, -1, gid); err != nil {
			return fmt.Errorf("socket_group: %w; the process's user has to be a member of the group", err)
		}
	}
	return os.Chmod(path, socketMode)
}

// groupID returns the number of a group, which may be given as such: a container has no list of groups.
func groupID(group string) (int, error) {
	if gid, err := strconv.Atoi(group); err == nil && gid >= 0 {
		return gid, nil
	}
	found, err := user.LookupGroup(group)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(found.Gid)
}
