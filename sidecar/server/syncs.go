package server

import (
	"context"
	"errors"
	"net/http"
	"regexp"

	"userlink/sidecar/fullsync"
	"userlink/sidecar/hook"
	"userlink/sidecar/link"
)

// idPattern is how the ids of jobs look; anything else names no job.
var idPattern = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

func (s *Server) getStatus(c signedCall) error {
	if _, err := queryOf(c); err != nil {
		return err
	}
	status, err := c.site.Status(c.ctx())
	return answer(c, http.StatusOK, status, err)
}

func (s *Server) postSync(c signedCall) error {
	mode, finding, refusal := hook.DecodeSync(c.body)
	if refusal != nil {
		return refused(refusal)
	}
	if finding != "" && !link.Finding(finding).Known() {
		return fail(hook.RequestInvalid, "no finding has such a name")
	}
	return startSync(c, fullsync.Request{Mode: fullsync.Mode(mode), Finding: finding})
}

func (s *Server) postApply(c signedCall) error {
	id, err := plainJobID(c)
	if err != nil {
		return err
	}
	return startSync(c, fullsync.Request{PreviewID: id})
}

// undoModes are the modes of a job by those of the body that asks for an undo.
var undoModes = map[string]fullsync.Mode{"preview": fullsync.UndoPreview, "apply": fullsync.Undo}

func (s *Server) postUndo(c signedCall) error {
	id, err := jobID(c)
	if err != nil {
		return err
	}
	mode, refusal := hook.DecodeMode(c.body)
	if refusal != nil {
		return refused(refusal)
	}
	return startSync(c, fullsync.Request{Mode: undoModes[mode], Undoes: id})
}

// startSync starts what the person who calls asks for.
func startSync(c signedCall, q fullsync.Request) error {
	if _, err := queryOf(c); err != nil {
		return err
	}
	q.ActorUserID = c.token.ActorUserID
	job, err := c.site.StartSync(c.ctx(), q)
	if errors.Is(err, fullsync.ErrRunning) {
		return &failure{code: syncRunning, cause: err, job: &job}
	}
	return answer(c, http.StatusAccepted, job, err)
}

// toJob answers with the job that the path names, after do was done to it.
func toJob(do func(Site, context.Context, string) (fullsync.Job, error)) signedHandler {
	return func(c signedCall) error {
		id, err := plainJobID(c)
		if err != nil {
			return err
		}
		job, err := do(c.site, c.ctx(), id)
		return answer(c, http.StatusOK, job, err)
	}
}

func (s *Server) getSyncs(c signedCall) error {
	query, err := queryOf(c, "after", "limit")
	if err != nil {
		return err
	}
	page, err := c.site.Syncs(c.ctx(), query.after, query.limit)
	return answer(c, http.StatusOK, struct {
		Jobs []fullsync.Job `json:"jobs"`
		Next *string        `json:"next_after"`
	}{list(page.Items), next(page.Next)}, err)
}

func (s *Server) getItems(c signedCall) error {
	id, err := jobID(c)
	if err != nil {
		return err
	}
	query, err := queryOf(c, "after", "limit", "outcome")
	if err != nil {
		return err
	}
	page, err := c.site.Items(c.ctx(), id, query.outcome, query.after, query.limit)
	return answerItems(c, page, err)
}

func (s *Server) getFindings(c signedCall) error {
	if _, err := queryOf(c); err != nil {
		return err
	}
	health, err := c.site.Health(c.ctx())
	return answer(c, http.StatusOK, health, err)
}

func (s *Server) getConcerned(c signedCall) error {
	query, err := queryOf(c, "after", "limit")
	if err != nil {
		return err
	}
	page, err := c.site.Concerned(c.ctx(), link.Finding(c.Param("finding")), query.after, query.limit)
	return answerItems(c, page, err)
}

func answerItems(c signedCall, page fullsync.Page[fullsync.Item], err error) error {
	return answer(c, http.StatusOK, struct {
		Items []fullsync.Item `json:"items"`
		Next  *string         `json:"next_after"`
	}{list(page.Items), next(page.Next)}, err)
}

// jobID returns the job that the path names.
func jobID(c signedCall) (string, error) {
	id := c.Param("id")
	if !idPattern.MatchString(id) {
		return "", fail(notFound, "no job has such an id")
	}
	return id, nil
}

// plainJobID is jobID for a call that has nothing else to say, neither in a query nor in a body.
func plainJobID(c signedCall) (string, error) {
	if _, err := queryOf(c); err != nil {
		return "", err
	}
	if refusal := hook.CheckNoBody(c.body); refusal != nil {
		return "", refused(refusal)
	}
	return jobID(c)
}

// answer sends the body, unless err says that there is none.
func answer(c signedCall, status int, body any, err error) error {
	if err != nil {
		return err
	}
	return c.JSON(status, body)
}

// list makes an empty list out of none: a reader of the JSON always finds a list.
func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

// next makes null out of an empty position.
func next(after string) *string {
	if after == "" {
		return nil
	}
	return &after
}
