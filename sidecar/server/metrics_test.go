package server

import (
	"database/sql"
	"net/http"
	"strings"
	"testing"
	"time"

	"userlink/sidecar/fullsync"
)

func TestMetrics(t *testing.T) {
	h := newHouse(t)
	h.server.Metrics.Pool("civicrm", func() sql.DBStats {
		return sql.DBStats{MaxOpenConnections: 16, OpenConnections: 3, InUse: 2, WaitCount: 5, WaitDuration: 1500 * time.Millisecond}
	})
	h.server.Metrics.Sync(fullsync.Job{Site: "main", Mode: fullsync.Apply, State: fullsync.Running, Counts: fullsync.Counts{Linked: 3, Created: 2}})
	h.server.Metrics.Sync(fullsync.Job{Site: "other", Mode: fullsync.Preview, State: fullsync.Done})
	h.call("POST", "/v1/events", testEvent)
	h.call("POST", "/v1/events", testEvent) // the fake has seen the token by now
	h.call("GET", "/somewhere/else", "")
	r, err := http.NewRequestWithContext(t.Context(), "GET", h.url+"/metrics", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	got := h.send(r).body
	for _, want := range []string{
		`userlink_requests_total{route="/v1/events",status="200"} 1`,
		`userlink_requests_total{route="/v1/events",status="401"} 1`,
		`userlink_requests_total{route="none",status="404"} 1`,
		`userlink_request_seconds_count{route="/v1/events"} 2`,
		`userlink_events_total{outcome="ignored",reason="policy",site="main",type="user.registered"} 1`,
		`userlink_refusals_total{code="token_replayed"} 1`,
		`userlink_sync_users{mode="apply",outcome="created",site="main"} 2`,
		`userlink_sync_running{site="main"} 1`,
		`userlink_sync_running{site="other"} 0`,
		`userlink_db_connections_open{pool="civicrm"} 3`,
		`userlink_db_waits_total{pool="civicrm"} 5`,
		`userlink_db_wait_seconds_total{pool="civicrm"} 1.5`,
		`userlink_build_info{go="go`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(got, "somewhere") {
		t.Error("a path of the sender's choice is a label")
	}
}
