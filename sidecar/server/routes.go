package server

import (
	"github.com/labstack/echo/v4"

	"userlink/sidecar/hook"
)

// addRoutes lists every route and who may call it.
func (s *Server) addRoutes(e *echo.Echo) {
	// Whoever reaches the listener: no token, and nothing about any user in the answers.
	e.GET("/healthz", s.getHealth)
	e.GET("/readyz", s.getReady)
	e.GET("/metrics", echo.WrapHandler(s.Metrics.Handler()))

	// The CMS itself: a token without scope.
	e.POST("/v1/events", s.signed("", s.postEvent))

	// The CMS, for an administrator whose right it has checked: a token with scope admin, which names that user.
	admin := func(h signedHandler) echo.HandlerFunc { return s.signed(hook.ScopeAdmin, s.once(h)) }
	e.GET("/v1/status", admin(s.getStatus))
	e.POST("/v1/syncs", admin(s.postSync))
	e.GET("/v1/syncs", admin(s.getSyncs))
	e.GET("/v1/syncs/:id", admin(toJob(Site.Sync)))
	e.POST("/v1/syncs/:id/apply", admin(s.postApply))
	e.POST("/v1/syncs/:id/undo", admin(s.postUndo))
	e.POST("/v1/syncs/:id/cancel", admin(toJob(Site.CancelSync)))
	e.POST("/v1/syncs/:id/pause", admin(toJob(Site.PauseSync)))
	e.POST("/v1/syncs/:id/resume", admin(toJob(Site.ResumeSync)))
	e.GET("/v1/syncs/:id/items", admin(s.getItems))
	e.GET("/v1/conflicts", admin(s.getConflicts))
	e.POST("/v1/conflicts/:id/resolve", admin(s.postResolve))
	e.GET("/v1/users", admin(s.getUsers))
	e.GET("/v1/health", admin(s.getFindings))
	e.GET("/v1/health/:finding", admin(s.getConcerned))
	e.GET("/v1/users/:id/explain", admin(s.getExplain))
}
