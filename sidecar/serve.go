package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"userlink/sidecar/server"
)

// garbage is by how much, in percent, the heap of serve may grow until the next collection, unless GOGC says otherwise. The
// heap is small, so that the usual 100 took a tenth of the time of a hook. Close to the limit of memory the collector works
// sooner all the same.
const garbage = 400

// migrateEvery is how often a database that does not answer is tried again.
const migrateEvery = 5 * time.Second

func (a *app) serveVerb() *cobra.Command {
	return &cobra.Command{
		Use: "serve", Short: "Answer the CMSs and work on full syncs, until SIGTERM", Args: cobra.NoArgs,
		Long: `serve brings userlink's tables up to date, answers the CMSs' calls and works on full syncs, until SIGTERM or SIGINT. What is
under way then is finished; a full sync is given back and goes on where it was, here or in another sidecar. The log goes to
stderr. A database that does not answer is waited for: GET /healthz says that the process lives, GET /readyz that it can work.`,
		RunE: a.verb(a.serve),
	}
}

func (a *app) serve(ctx context.Context) error {
	if os.Getenv("GOGC") == "" {
		defer debug.SetGCPercent(debug.SetGCPercent(garbage))
	}
	c, err := a.load()
	if err != nil {
		return err
	}
	log := newLogger(a.err, c.Log.Level, c.Log.Format)
	for _, w := range c.Warnings {
		log.Warn("configuration", "place", w.Place, "problem", w.What, "remedy", w.Write)
	}
	metrics := server.NewMetrics(version)
	h, err := open(c, log, metrics.Sync)
	if err != nil {
		return err
	}
	defer func() { _ = h.close() }()
	metrics.Pool("civicrm", h.db.Stats)
	sites := map[string]server.Site{}
	for _, s := range h.sites {
		sites[s.ID] = s
	}
	options := server.Options{Sites: sites, Keys: h.keys(), Ready: h.db.Ready, Metrics: metrics, Log: log, Now: a.now}
	web := server.New(options) //nolint:contextcheck // each call has the context of its request
	listener, err := server.Listen(ctx, server.ListenOptions{Address: c.Listen, AllowRemote: c.AllowRemote, SocketGroup: c.SocketGroup})
	if err != nil {
		return err
	}
	log.Info("listening", "address", listener.Addr().String(), "version", version, "sites", len(sites))

	ctx, stop := context.WithCancelCause(ctx)
	work := h.work(ctx, stop)
	err = web.Serve(ctx, listener)
	stop(nil)
	work.Wait()
	log.Info("stopped")
	return errors.Join(err, failureIn(ctx))
}

// work begins what goes on behind the listener: the migration, then the runners of all sites and the purge. It calls stop
// with the cause when the tables cannot be brought up to date.
func (h *house) work(ctx context.Context, stop context.CancelCauseFunc) *sync.WaitGroup {
	var work sync.WaitGroup
	work.Go(func() {
		if err := h.migrateWhenPossible(ctx, migrateEvery); err != nil {
			stop(&migrationError{err})
			return
		}
		for _, s := range h.sites {
			work.Go(func() { s.runner.Run(ctx) })
		}
		work.Go(func() { h.db.Purge(ctx) })
	})
	return &work
}

// migrationError is why serve stops without having been told to.
type migrationError struct{ cause error }

func (e *migrationError) Error() string {
	return fmt.Sprintf("userlink's tables cannot be brought up to date: %v", e.cause)
}

func (e *migrationError) Unwrap() error { return e.cause }

// failureIn returns why ctx ended, unless it was told to.
func failureIn(ctx context.Context) error {
	var failure *migrationError
	if errors.As(context.Cause(ctx), &failure) && !errors.Is(failure, context.Canceled) {
		return failure
	}
	return nil
}
