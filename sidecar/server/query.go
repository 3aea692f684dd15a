package server

import (
	"net/url"
	"slices"
	"strconv"
	"unicode/utf8"

	"userlink/sidecar/hook"
	"userlink/sidecar/link"
)

// Limits of a page of a list.
const (
	defaultLimit = 100
	maxLimit     = 500
	maxAfter     = 200 // bytes; what we hand out as next_after is far shorter
	maxFind      = 255 // characters; no username is longer
)

// The lists of conflicts.
const (
	listOpen      = "open"
	listLeftAlone = "left_alone"
)

// outcomes are what a line of a sync's report may end in.
var outcomes = []link.Outcome{
	link.Created, link.Linked, link.AlreadyLinked, link.EmailUpdated, link.Conflict, link.Failed, link.Skipped, link.Undone, link.Kept, link.Repaired,
}

// query is what may stand behind the question mark.
type query struct {
	after   string
	limit   int
	outcome link.Outcome // empty: all
	list    string       // empty: listOpen
	find    string
}

// queryOf reads the query and refuses everything but the names, each at most once.
func queryOf(c signedCall, names ...string) (query, error) {
	q := query{limit: defaultLimit}
	values, err := url.ParseQuery(c.QueryString())
	if err != nil {
		return q, fail(hook.RequestInvalid, "the query is malformed")
	}
	for name, value := range values {
		if !slices.Contains(names, name) || len(value) > 1 {
			return q, fail(hook.RequestInvalid, "a parameter that is not known, or twice")
		}
	}
	q.after, q.outcome = values.Get("after"), link.Outcome(values.Get("outcome"))
	if limit := values.Get("limit"); limit != "" {
		if q.limit, err = strconv.Atoi(limit); err != nil || q.limit < 1 || q.limit > maxLimit {
			return q, fail(hook.RequestInvalid, "limit is not 1 to 500")
		}
	}
	if q.outcome != "" && !slices.Contains(outcomes, q.outcome) {
		return q, fail(hook.RequestInvalid, "outcome is not one that a sync has")
	}
	q.list, q.find = values.Get("list"), values.Get("find")
	if q.list != "" && q.list != listOpen && q.list != listLeftAlone {
		return q, fail(hook.RequestInvalid, "list is not open or left_alone")
	}
	if !utf8.ValidString(q.find) || utf8.RuneCountInString(q.find) > maxFind {
		return q, fail(hook.RequestInvalid, "find is longer than any username")
	}
	if len(q.after) > maxAfter {
		return q, fail(hook.RequestInvalid, "after is not one that was handed out")
	}
	return q, nil
}
