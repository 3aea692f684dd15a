package server

import (
	"net/http"
	"strconv"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/hook"
	"userlink/sidecar/link"
)

// getConflicts lists the users who need a person's decision, or those about whom one was: to leave them alone.
func (s *Server) getConflicts(c signedCall) error {
	query, err := queryOf(c, "list", "after", "limit")
	if err != nil {
		return err
	}
	read := c.site.Conflicts
	if query.list == listLeftAlone {
		read = c.site.LeftAlone
	}
	page, err := read(c.ctx(), query.after, query.limit)
	return answer(c, http.StatusOK, struct {
		Conflicts []fullsync.OpenConflict `json:"conflicts"`
		Total     int                     `json:"total"`
		Next      *string                 `json:"next_after"`
	}{list(page.Items), page.Total, next(page.Next)}, err)
}

// postResolve carries out what a person decided about a user.
func (s *Server) postResolve(c signedCall) error {
	id, err := plainUserID(c)
	if err != nil {
		return err
	}
	choice, contactID, refusal := hook.DecodeChoice(c.body)
	if refusal != nil {
		return refused(refusal)
	}
	resolved, err := c.site.Resolve(c.ctx(), id, choice, contactID, c.token.ActorUserID)
	if resolved.Actions == nil {
		resolved.Actions = []link.Action{}
	}
	return answer(c, http.StatusOK, resolved, err)
}

func (s *Server) getExplain(c signedCall) error {
	id, err := plainUserID(c)
	if err != nil {
		return err
	}
	explanation, err := c.site.Explain(c.ctx(), id)
	return answer(c, http.StatusOK, explanation, err)
}

func (s *Server) getUsers(c signedCall) error {
	query, err := queryOf(c, "find")
	if err != nil {
		return err
	}
	if query.find == "" {
		return fail(hook.RequestInvalid, "find is empty")
	}
	users, err := c.site.FindUsers(c.ctx(), query.find)
	return answer(c, http.StatusOK, struct {
		Users []fullsync.FoundUser `json:"users"`
	}{list(users)}, err)
}

// plainUserID returns the user that the path names, for a call without a query.
func plainUserID(c signedCall) (uint32, error) {
	id, err := strconv.ParseUint(c.Param("id"), 10, 32)
	if err != nil || id == 0 {
		return 0, fail(notFound, "no user has such an id")
	}
	_, err = queryOf(c)
	return uint32(id), err
}
