package main

import (
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"userlink/shared"
	"userlink/sidecar/fullsync"
	"userlink/sidecar/link"
	"userlink/sidecar/mysql/mysqltest"
)

const schemaBase = "https://userlink.invalid/schema/v1/"

// contract checks answers against the schemas that both sides share.
type contract struct {
	t        *testing.T
	compiler *jsonschema.Compiler
}

func newContract(t *testing.T) contract {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	paths, err := fs.Glob(shared.Schema, "schema/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		data, err := shared.Schema.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		schema, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
		if err == nil {
			err = compiler.AddResource(schemaBase+strings.TrimPrefix(path, "schema/"), schema)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return contract{t, compiler}
}

func (c contract) fits(schema, what, answer string) {
	c.t.Helper()
	compiled, err := c.compiler.Compile(schemaBase + schema)
	if err != nil {
		c.t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(answer))
	if err == nil {
		err = compiled.Validate(value)
	}
	if err != nil {
		c.t.Errorf("%s answers %s: %v", what, answer, err)
	}
}

// TestAnswersKeepTheContract asks every route of a sidecar on a real database, and holds each answer against its schema.
func TestAnswersKeepTheContract(t *testing.T) {
	d := mysqltest.New(t, link.WordPress)
	d.GrantUse()
	fiveUsers(d)
	d.AddLink(99, "gone@example.org", 0)
	d.AddUser(link.User{ID: 6}) // without an address: a conflict
	path := configure(t, d.DSN)
	log := newLogWatch(`"msg":"tables are current"`, `"msg":"sync ended"`)
	stop := serving(t, path, log)
	log.wait(t, `"msg":"tables are current"`)
	c := newContract(t)
	ask := func(schema string, status int, method, route, body string, admin bool) string {
		t.Helper()
		got, answer := call(t, path, method, route, body, admin)
		if got != status {
			t.Errorf("%s %s: %d, want %d: %s", method, route, got, status, answer)
		}
		c.fits(schema, method+" "+route, answer)
		return answer
	}
	for i, eventType := range link.EventTypes() {
		event := fmt.Sprintf(`{"specversion":"1.0","id":%q,"source":"/sites/main","type":%q,"time":%q,"datacontenttype":"application/json","data":{"hook":"x","user":{"id":%d}}}`,
			uuid.NewString(), eventType, time.Now().UTC().Format(time.RFC3339), i+1)
		c.fits("event.json", "the test's own event", event)
		ask("answer.json", http.StatusOK, "POST", "/v1/events", event, false)
	}
	ask("status.json", http.StatusOK, "GET", "/v1/status", "", true)
	preview := ask("job.json", http.StatusAccepted, "POST", "/v1/syncs", `{"mode":"preview"}`, true)
	log.wait(t, `"msg":"sync ended"`)
	id := strings.Split(strings.SplitAfter(preview, `"job":"`)[1], `"`)[0]
	done := ask("job.json", http.StatusOK, "GET", "/v1/syncs/"+id, "", true)
	if !strings.Contains(done, `"state":"`+string(fullsync.Done)+`"`) || !strings.Contains(done, `"conflicts":1`) {
		t.Errorf("the preview: %s", done)
	}
	ask("jobs.json", http.StatusOK, "GET", "/v1/syncs", "", true)
	ask("items.json", http.StatusOK, "GET", "/v1/syncs/"+id+"/items", "", true)
	ask("conflicts.json", http.StatusOK, "GET", "/v1/conflicts", "", true)
	ask("conflicts.json", http.StatusOK, "GET", "/v1/conflicts?list=left_alone", "", true)
	for _, resolution := range []string{`{"resolution":"leave_alone"}`, `{"resolution":"reconsider"}`} {
		c.fits("resolve-request.json", "the test's own decision", resolution)
		ask("resolved.json", http.StatusOK, "POST", "/v1/conflicts/6/resolve", resolution, true)
	}
	ask("error.json", http.StatusConflict, "POST", "/v1/conflicts/6/resolve", `{"resolution":"create"}`, true)
	ask("users.json", http.StatusOK, "GET", "/v1/users?find=1", "", true)
	for user := range 8 { // linked or not, in conflict, or not there
		ask("explain.json", http.StatusOK, "GET", fmt.Sprintf("/v1/users/%d/explain", user+1), "", true)
	}
	ask("health.json", http.StatusOK, "GET", "/v1/health", "", true)
	for _, f := range link.Findings() {
		ask("items.json", http.StatusOK, "GET", "/v1/health/"+string(f), "", true)
	}
	ask("error.json", http.StatusNotFound, "GET", "/v1/health/headache", "", true)
	ask("error.json", http.StatusBadRequest, "POST", "/v1/syncs", `{"mode":"repair","finding":"headache"}`, true)
	ask("error.json", http.StatusConflict, "POST", "/v1/syncs/"+id+"/cancel", "", true)
	ask("error.json", http.StatusNotFound, "GET", "/v1/nothing", "", true)
	ask("error.json", http.StatusBadRequest, "POST", "/v1/events", "{}", false)
	ask("error.json", http.StatusUnauthorized, "GET", "/v1/status", "", false)
	ask("error.json", http.StatusConflict, "POST", "/v1/syncs/"+id+"/undo", `{"mode":"preview"}`, true)
	ask("job.json", http.StatusAccepted, "POST", "/v1/syncs/"+id+"/apply", "", true)
	if code := stop(); code != 0 {
		t.Errorf("stopped with %d: %s", code, log)
	}
}
