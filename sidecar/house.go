package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"userlink/sidecar/config"
	"userlink/sidecar/fullsync"
	"userlink/sidecar/hook"
	"userlink/sidecar/link"
	"userlink/sidecar/mysql"
)

// house is what the verbs work with: the database, and the sites of the configuration.
type house struct {
	config *config.Config
	log    *slog.Logger
	db     *mysql.DB
	sites  []*site
}

// site is one site for the server and for the verbs: its part of the database, and the runner of its syncs.
type site struct {
	*mysql.Site
	runner *fullsync.Runner
}

// open prepares everything and connects to nothing yet. watch, if not nil, hears of every step of a sync.
func open(c *config.Config, log *slog.Logger, watch func(fullsync.Job)) (*house, error) {
	db, err := mysql.Open(mysql.Options{DSN: c.CiviCRM.DSN.Reveal(), ReplicaDSN: c.Sync.Replica.DSN.Reveal(), Log: log})
	if err != nil {
		return nil, err
	}
	h := &house{config: c, log: log, db: db}
	for _, s := range c.Sites {
		stored, err := db.Site(mysql.SiteOptions{
			ID: s.ID, CMS: s.CMS, DSN: s.Database.DSN.Reveal(), TablePrefix: s.TablePrefix, BlogID: s.BlogID, DomainID: s.DomainID, TimeZone: s.TimeZone,
			Policy: s.Rules(), Matching: s.Matching, Version: version,
		})
		if err != nil {
			return nil, errors.Join(err, h.close())
		}
		chunk := fullsync.ChunkSize{Start: c.Sync.Chunk, Target: c.Sync.ChunkTime}
		runner := fullsync.NewRunner(watchedStore{stored, watch}, log.With("site", s.ID), chunk)
		runner.Workers, runner.Limits = c.Sync.Workers, fullsync.Limits{Running: c.Sync.BusyThreads, Others: c.Sync.BusyStatements, Lag: c.Sync.MaxLag}
		h.sites = append(h.sites, &site{Site: stored, runner: runner})
	}
	return h, nil
}

func (h *house) close() error {
	var err error
	for _, s := range h.sites {
		err = errors.Join(err, s.Close())
	}
	return errors.Join(err, h.db.Close())
}

func (h *house) siteIDs() []string {
	var ids []string
	for _, s := range h.sites {
		ids = append(ids, s.ID)
	}
	return ids
}

// site returns the site of that id, which may be empty if there is one only.
func (h *house) site(id string) (*site, error) {
	for _, s := range h.sites {
		if s.ID == id || (id == "" && len(h.sites) == 1) {
			return s, nil
		}
	}
	return nil, &exitError{code: exitUsage, err: fmt.Errorf("--site %q: the configuration has %q", id, h.siteIDs())}
}

// keys finds the keys of all sites by their ids.
func (h *house) keys() func(kid string) (hook.Key, bool) {
	keys := map[string]hook.Key{}
	for _, s := range h.config.Sites {
		for _, key := range s.Keys {
			keys[key.ID] = hook.Key{ID: key.ID, SiteID: s.ID, Secret: []byte(key.Secret.Reveal())}
		}
	}
	return func(kid string) (hook.Key, bool) {
		key, ok := keys[kid]
		return key, ok
	}
}

// migrateWhenPossible waits for a database that does not answer yet: after a boot the sidecar may well be there first.
func (h *house) migrateWhenPossible(ctx context.Context, every time.Duration) error {
	for {
		steps, err := h.db.Migrate(ctx)
		switch {
		case err == nil:
			h.log.Info("tables are current", "steps", steps)
			return nil
		case !errors.Is(err, link.ErrUnavailable):
			return err
		}
		h.log.Warn("waiting for the database", "cause", err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(every):
		}
	}
}

// StartSync implements server.Site.
func (s *site) StartSync(ctx context.Context, q fullsync.Request) (fullsync.Job, error) {
	return s.runner.Start(ctx, q)
}

// CancelSync implements server.Site.
func (s *site) CancelSync(ctx context.Context, id string) (fullsync.Job, error) {
	return s.Cancel(ctx, id)
}

// PauseSync implements server.Site.
func (s *site) PauseSync(ctx context.Context, id string) (fullsync.Job, error) {
	return s.Pause(ctx, id)
}

// ResumeSync implements server.Site.
func (s *site) ResumeSync(ctx context.Context, id string) (fullsync.Job, error) {
	job, err := s.Resume(ctx, id)
	if err == nil {
		s.runner.Wake()
	}
	return job, err
}

// Sync implements server.Site.
func (s *site) Sync(ctx context.Context, id string) (fullsync.Job, error) { return s.Job(ctx, id) }

// Syncs implements server.Site.
func (s *site) Syncs(ctx context.Context, after string, limit int) (fullsync.Page[fullsync.Job], error) {
	return s.Jobs(ctx, after, limit)
}

// watchedStore tells where a job stands after every step, for the metrics.
type watchedStore struct {
	*mysql.Site
	watch func(fullsync.Job)
}

// Step implements fullsync.Store.
func (w watchedStore) Step(ctx context.Context, job fullsync.Job, memory *fullsync.Memory, limit int) (fullsync.Job, bool, error) {
	next, done, err := w.Site.Step(ctx, job, memory, limit)
	if err == nil && w.watch != nil {
		w.watch(next)
	}
	return next, done, err
}

// RenewChunks implements fullsync.SharedStore.
func (w watchedStore) RenewChunks(ctx context.Context, id, owner string, lease time.Duration) (fullsync.Job, error) {
	return w.watched(w.Site.RenewChunks(ctx, id, owner, lease))
}

// End implements fullsync.SharedStore.
func (w watchedStore) End(ctx context.Context, id string, state fullsync.State, why string) (fullsync.Job, error) {
	return w.watched(w.Site.End(ctx, id, state, why))
}

func (w watchedStore) watched(job fullsync.Job, err error) (fullsync.Job, error) {
	if err == nil && w.watch != nil {
		w.watch(job)
	}
	return job, err
}

// Finish implements fullsync.Store.
func (w watchedStore) Finish(ctx context.Context, id, owner string, state fullsync.State, why string) (fullsync.Job, error) {
	return w.watched(w.Site.Finish(ctx, id, owner, state, why))
}
