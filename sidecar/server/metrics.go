package server

import (
	"database/sql"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/hook"
	"userlink/sidecar/link"
)

// Metrics are the figures that /metrics shows. No label can hold what a sender makes up: each has a fixed set of values.
type Metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	latency   *prometheus.HistogramVec
	events    *prometheus.CounterVec
	refusals  *prometheus.CounterVec
	syncUsers *prometheus.GaugeVec
	syncState *prometheus.GaugeVec
}

// NewMetrics returns metrics of a registry of their own; version is userlink's.
func NewMetrics(version string) *Metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels)
	}
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: counter("userlink_requests_total", "HTTP requests by route and status.", "route", "status"),
		latency: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "userlink_request_seconds", Help: "Time from the end of the header to the answer.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}, // a shim waits 1 s, an admin page 10 s
		}, []string{"route"}),
		events:    counter("userlink_events_total", "Events answered, by what became of them.", "site", "type", "outcome", "reason"),
		refusals:  counter("userlink_refusals_total", "Requests refused, by code.", "code"),
		syncUsers: gauge("userlink_sync_users", "Users of the last full sync that this process worked on, by outcome.", "site", "mode", "outcome"),
		syncState: gauge("userlink_sync_running", "1 while this process works on a full sync.", "site"),
	}
	build := gauge("userlink_build_info", "Always 1; the version is in the label.", "version", "go")
	build.WithLabelValues(version, goVersion()).Set(1)
	m.registry.MustRegister(m.requests, m.latency, m.events, m.refusals, m.syncUsers, m.syncState, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func goVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.GoVersion
	}
	return ""
}

// Handler answers GET /metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Pool adds the figures of a pool of database connections. Each name may be added once.
func (m *Metrics) Pool(name string, stats func() sql.DBStats) {
	labels := prometheus.Labels{"pool": name}
	gauge := func(metric, help string, value func(sql.DBStats) float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: metric, Help: help, ConstLabels: labels}, func() float64 { return value(stats()) })
	}
	counter := func(metric, help string, value func(sql.DBStats) float64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: metric, Help: help, ConstLabels: labels}, func() float64 { return value(stats()) })
	}
	m.registry.MustRegister(
		gauge("userlink_db_connections_max", "Connections that the pool may open.", func(s sql.DBStats) float64 { return float64(s.MaxOpenConnections) }),
		gauge("userlink_db_connections_open", "Connections that are open.", func(s sql.DBStats) float64 { return float64(s.OpenConnections) }),
		gauge("userlink_db_connections_in_use", "Connections that are at work.", func(s sql.DBStats) float64 { return float64(s.InUse) }),
		counter("userlink_db_waits_total", "Times that somebody waited for a connection.", func(s sql.DBStats) float64 { return float64(s.WaitCount) }),
		counter("userlink_db_wait_seconds_total", "Time spent waiting for a connection.", func(s sql.DBStats) float64 { return s.WaitDuration.Seconds() }),
	)
}

// Sync notes where a job stands; call it after each chunk and at the end.
func (m *Metrics) Sync(job fullsync.Job) {
	running := 1.0
	if job.State.Final() {
		running = 0
	}
	m.syncState.WithLabelValues(job.Site).Set(running)
	for outcome, n := range map[link.Outcome]int{
		link.AlreadyLinked: job.AlreadyLinked, link.Linked: job.Linked, link.Created: job.Created, link.EmailUpdated: job.Updated,
		link.Conflict: job.Conflicts, link.Skipped: job.Skipped, link.Failed: job.Failed,
		link.Undone: job.Undone, link.Kept: job.Kept, link.Repaired: job.Repaired,
	} {
		m.syncUsers.WithLabelValues(job.Site, string(job.Mode), string(outcome)).Set(float64(n))
	}
}

func (m *Metrics) request(route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
	m.latency.WithLabelValues(route).Observe(took.Seconds())
}

func (m *Metrics) event(event link.Event, result link.Result) {
	m.events.WithLabelValues(event.SiteID, string(event.Type), string(result.Outcome), string(result.Reason)).Inc()
}

func (m *Metrics) refusal(code hook.Code) { m.refusals.WithLabelValues(string(code)).Inc() }
