package server

import (
	"net/http"

	"userlink/sidecar/hook"
	"userlink/sidecar/link"
)

// postEvent is what all shims call: one event, one answer.
func (s *Server) postEvent(c signedCall) error {
	if c.QueryString() != "" {
		return fail(hook.RequestInvalid, "a query where none is expected")
	}
	event, refusal := hook.Decode(c.body, c.token.SiteID)
	if refusal != nil {
		return refused(refusal)
	}
	result, err := c.site.Apply(c.ctx(), event, c.token.JTI, c.token.Expires)
	if err != nil {
		return err
	}
	if result.Actions == nil {
		result.Actions = []link.Action{}
	}
	s.Metrics.event(event, result)
	return c.JSON(http.StatusOK, result)
}
