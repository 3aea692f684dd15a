package server

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"
)

// getHealth says that the process lives.
func (s *Server) getHealth(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

// getReady says whether calls can be answered now. Why not is in the log alone.
func (s *Server) getReady(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), readyTimeout)
	defer cancel()
	if err := s.Ready(ctx); err != nil {
		return &failure{code: databaseUnavailable, cause: err}
	}
	return c.String(http.StatusOK, "ok\n")
}
