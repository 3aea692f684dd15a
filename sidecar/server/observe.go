package server

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/labstack/echo/v4"

	"userlink/sidecar/hook"
)

// call is what is noted of one request for its line in the log. Never the token, the body, or an address.
type call struct {
	id     string
	site   string // once the token is proven
	code   hook.Code
	detail error
}

const callKey = "call"

func callOf(c echo.Context) *call {
	noted, _ := c.Get(callKey).(*call)
	return noted
}

// observe surrounds every request, also those that no route takes: it gives it an id, turns errors and panics into
// answers, and writes one line into the log. A request id that came with the request is ignored: it would let a sender
// write into our log.
func (s *Server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		began := s.Now()
		noted := &call{id: rand.Text()}
		c.Set(callKey, noted)
		header := c.Response().Header()
		header.Set("X-Request-Id", noted.id)
		header.Set("Cache-Control", "no-store")
		header.Set("X-Content-Type-Options", "nosniff")
		if err := guard(next, c); err != nil {
			f := failureOf(err)
			noted.code, noted.detail = f.code, f.cause
			if !c.Response().Committed {
				noted.detail = errors.Join(f.cause, f.answer(c, noted.id))
			}
		}
		s.note(c, noted, s.Now().Sub(began))
		return nil
	}
}

// guard turns a panic into an error: one bad request must not end the others'.
func guard(next echo.HandlerFunc, c echo.Context) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return next(c)
}

func (s *Server) note(c echo.Context, noted *call, took time.Duration) {
	route := c.Path()
	if !s.routes[route] {
		route = "none" // a path of the sender's choice has no place in a label, nor in the log
	}
	status := c.Response().Status
	s.Metrics.request(route, status, took)
	attrs := []slog.Attr{
		slog.String("request_id", noted.id), slog.String("method", methodName(c.Request().Method)), slog.String("route", route),
		slog.Int("status", status), slog.Float64("ms", float64(took.Microseconds())/1000),
	}
	if noted.site != "" {
		attrs = append(attrs, slog.String("site", noted.site))
	}
	if noted.code != "" {
		s.Metrics.refusal(noted.code)
		attrs = append(attrs, slog.String("code", string(noted.code)), slog.Any("detail", noted.detail))
	}
	s.Log.LogAttrs(context.WithoutCancel(c.Request().Context()), levelOf(status, route), "request", attrs...)
}

// methodName keeps what the sender invents out of the log.
func methodName(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

func levelOf(status int, route string) slog.Level {
	switch {
	case status == http.StatusInternalServerError:
		return slog.LevelError
	case status >= http.StatusBadRequest:
		return slog.LevelWarn
	case route == "/healthz" || route == "/readyz" || route == "/metrics": // asked every few seconds
		return slog.LevelDebug
	}
	return slog.LevelInfo
}
