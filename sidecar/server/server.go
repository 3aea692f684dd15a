package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/hook"
	"userlink/sidecar/link"
)

// Site is what the routes need of one site. Every method may return an error that wraps link.ErrUnavailable when the
// database does not answer: the sender may try again.
type Site interface {
	// Apply carries out an event. It remembers jti and the answer in the same transaction, gives a repeated event its first
	// answer, and returns link.ErrReplayed when jti was seen before.
	Apply(ctx context.Context, ev link.Event, jti string, expires time.Time) (link.Result, error)
	// TokenFresh remembers jti until expires; false: it was seen before.
	TokenFresh(ctx context.Context, jti string, expires time.Time) (bool, error)

	Status(ctx context.Context) (fullsync.Status, error)
	// StartSync returns fullsync.ErrRunning with the job under way, ErrState and ErrNotFound about the preview or the job that
	// is to be undone.
	StartSync(ctx context.Context, q fullsync.Request) (fullsync.Job, error)
	// CancelSync, PauseSync and ResumeSync return fullsync.ErrState when the job's state does not allow it.
	CancelSync(ctx context.Context, id string) (fullsync.Job, error)
	PauseSync(ctx context.Context, id string) (fullsync.Job, error)
	ResumeSync(ctx context.Context, id string) (fullsync.Job, error)
	Sync(ctx context.Context, id string) (fullsync.Job, error)
	Syncs(ctx context.Context, after string, limit int) (fullsync.Page[fullsync.Job], error)
	Items(ctx context.Context, id string, outcome link.Outcome, after string, limit int) (fullsync.Page[fullsync.Item], error)
	Conflicts(ctx context.Context, after string, limit int) (fullsync.Page[fullsync.OpenConflict], error)
	LeftAlone(ctx context.Context, after string, limit int) (fullsync.Page[fullsync.OpenConflict], error)
	// Resolve returns fullsync.ErrChoice when the choice is not one that the user's state offers.
	Resolve(ctx context.Context, userID uint32, choice link.Choice, contactID, actorUserID uint32) (fullsync.Resolved, error)
	FindUsers(ctx context.Context, text string) ([]fullsync.FoundUser, error)
	// Health and Concerned are what the doctor finds; Concerned returns fullsync.ErrNotFound for a kind that is not known.
	Health(ctx context.Context) (fullsync.Health, error)
	Concerned(ctx context.Context, f link.Finding, after string, limit int) (fullsync.Page[fullsync.Item], error)
	Explain(ctx context.Context, userID uint32) (fullsync.Explanation, error)
}

// Options are what a Server is made of; all fields but Now are required.
type Options struct {
	Sites   map[string]Site                   // by site id; every site that a key names
	Keys    func(kid string) (hook.Key, bool) // by key id
	Ready   func(ctx context.Context) error   // nil when the databases answer and the tables are current
	Metrics *Metrics
	Log     *slog.Logger
	Now     func() time.Time // nil: the machine's clock
}

// Limits in time. A shim waits 1 s for an event and 10 s for an admin page (section 1 of the contract).
const (
	headerTimeout = 5 * time.Second  // a sender on this machine needs milliseconds; one that dawdles holds a connection
	readTimeout   = 10 * time.Second // the same for the whole body of 64 KiB
	workTimeout   = 9 * time.Second  // the work on one call: an admin page gets our answer before it gives up
	writeTimeout  = 30 * time.Second // from the end of the header on: reading, work, and a page of 500 lines to a slow reader
	idleTimeout   = 2 * time.Minute  // PHP closes its connections itself; this is for those that do not
	stopTimeout   = 10 * time.Second // after the signal: longer than workTimeout, so that what was begun is finished
	readyTimeout  = 2 * time.Second  // a database that needs longer is not ready
)

// maxHeader is the most bytes of all header lines together that are accepted. The http.Server itself cuts off at
// maxHeaderRead, without an answer of ours; in between the sender gets one that it understands.
const (
	maxHeader     = 8 << 10
	maxHeaderRead = 64 << 10
)

// Server answers the calls of all sites.
type Server struct {
	Options
	echo   *echo.Echo
	routes map[string]bool // patterns, as they may stand in logs and metrics
}

// New returns a server that listens nowhere yet.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Server{Options: o, echo: echo.New(), routes: map[string]bool{}}
	s.echo.Use(s.observe)
	s.addRoutes(s.echo)
	for _, route := range s.echo.Routes() {
		s.routes[route.Path] = true
	}
	return s
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

// Serve answers calls from the listener until ctx ends; then it accepts no more, lets those under way finish, and returns
// nil, or an error when some had to be cut off. It closes the listener.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	web := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderRead,
		ErrorLog:          slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug), // broken connections: the CMS's affair
	}
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := web.Shutdown(grace); err != nil {
		return fmt.Errorf("calls that were still under way after %s are cut off: %w", stopTimeout, errors.Join(err, web.Close()))
	}
	return nil
}
