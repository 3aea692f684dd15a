package shared

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// compile reads all schemas and returns the one asked for. A schema that refers to nothing, or to what is not there, fails.
func compile(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	for _, path := range files(t, Schema) {
		data, err := Schema.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %s", path, err)
		}
		if err := compiler.AddResource(idOf(path), schema); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := compiler.Compile(idOf(name))
	if err != nil {
		t.Fatalf("%s: %s", name, err)
	}
	return schema
}

// idOf is what a schema's $id has to be, so that its references to others find them.
func idOf(path string) string {
	return "https://userlink.invalid/schema/v1/" + strings.TrimPrefix(path, "schema/")
}

func files(t *testing.T, from fs.FS) []string {
	t.Helper()
	paths, err := fs.Glob(from, "*/*.json")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files: %v", err)
	}
	return paths
}

func readVectors(t *testing.T, name string, into any) {
	t.Helper()
	data, err := Vectors.ReadFile("vectors/" + name)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestEverySchemaCompilesUnderItsName(t *testing.T) {
	for _, path := range files(t, Schema) {
		compile(t, path)
		data, err := Schema.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var head struct {
			Schema string `json:"$schema"`
			ID     string `json:"$id"`
			Title  string `json:"title"`
		}
		if err := json.Unmarshal(data, &head); err != nil {
			t.Fatal(err)
		}
		if head.Schema != "https://json-schema.org/draft/2020-12/schema" || head.ID != idOf(path) || head.Title == "" {
			t.Errorf("%s: $schema, $id or title is not right: %+v", path, head)
		}
	}
}

func TestBodiesAgreeWithTheSchema(t *testing.T) {
	var file struct {
		Cases []struct {
			ID           int
			Comment      string
			Body         string
			BodyBase64   []byte `json:"body_base64"`
			Result       string
			BeyondSchema bool `json:"beyond_schema"`
		}
	}
	readVectors(t, "bodies.json", &file)
	schema := compile(t, "event.json")
	for _, c := range file.Cases {
		if c.Result != "accepted" && c.Result != "event_invalid" {
			continue // not JSON, too large, or of another site: no matter of the schema
		}
		body, err := jsonschema.UnmarshalJSON(strings.NewReader(c.Body))
		if err != nil || len(c.BodyBase64) > 0 {
			t.Errorf("%d %s: is %s, but no JSON: %v", c.ID, c.Comment, c.Result, err)
			continue
		}
		err = schema.Validate(body)
		if valid := c.Result == "accepted" || c.BeyondSchema; valid != (err == nil) {
			t.Errorf("%d %s: is %s, but the schema says %v", c.ID, c.Comment, c.Result, err)
		}
	}
}

func TestVectorsAreNumberedAndExplained(t *testing.T) {
	for _, path := range files(t, Vectors) {
		var file struct {
			About string
			Cases []struct {
				ID      int
				Comment string
			}
		}
		readVectors(t, strings.TrimPrefix(path, "vectors/"), &file)
		if file.About == "" || len(file.Cases) == 0 {
			t.Errorf("%s: no about or no cases", path)
		}
		seen := map[string]bool{}
		for i, c := range file.Cases {
			if c.ID != i+1 || c.Comment == "" || seen[c.Comment] {
				t.Errorf("%s: case %d has the id %d and the comment %q, which is empty or not the first", path, i+1, c.ID, c.Comment)
			}
			seen[c.Comment] = true
		}
	}
}

// The examples that people read have to be as true as those that programs run.
func TestExamplesOfTheReadmeAgreeWithTheSchemas(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```json\n(.*?)```").FindAllSubmatch(readme, -1)
	names := []string{"event.json", "answer.json", "job.json"}
	if len(blocks) != len(names) {
		t.Fatalf("%d examples, not %d", len(blocks), len(names))
	}
	for i, block := range blocks {
		text := strings.NewReplacer(`"…Z"`, `"2026-01-31T12:00:00Z"`, `"…Z or null"`, `"2026-01-31T12:00:00Z"`).Replace(string(block[1]))
		example, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err == nil {
			err = compile(t, names[i]).Validate(example)
		}
		if err != nil {
			t.Errorf("the example of %s: %s", names[i], err)
		}
	}
}

func TestRequestsAreStrictAndAnswersOpen(t *testing.T) {
	const answer = `{"outcome":"ignored","reason":"policy","contact_id":null,"actions":[]}`
	const failure = `{"error":{"code":"sync_running","message":"One is under way.","request_id":"r"}}`
	for _, c := range []struct {
		schema, message string
		valid           bool
	}{
		{"sync-request.json", `{"mode":"preview"}`, true},
		{"sync-request.json", `{"mode":"undo"}`, false},
		{"sync-request.json", `{}`, false},
		{"sync-request.json", `{"mode":"repair_preview","finding":"orphan"}`, true},
		{"sync-request.json", `{"mode":"repair"}`, false},
		{"sync-request.json", `{"mode":"apply","finding":"orphan"}`, false},
		{"health.json", `{"findings":[{"finding":"orphan","count":0,"sentence":"What it is.","remedy":""}],"checked_at":"2026-01-31T12:00:00Z"}`, true},
		{"health.json", `{"findings":[{"finding":"orphan","count":0,"remedy":""}],"checked_at":"2026-01-31T12:00:00Z"}`, false},
		{"item.json", `{"user_id":1,"username":"","email":"","name":"","outcome":"repaired","reason":"orphan_trashed","contact_id":7,"contact_name":"","other_user_id":null}`, true},
		{"sync-request.json", `{"mode":"apply","more":1}`, false},
		{"undo-request.json", `{"mode":"preview"}`, true},
		{"undo-request.json", `{"mode":"undo"}`, false},
		{"answer.json", answer, true},
		{"answer.json", strings.Replace(answer, "]", `],"more":1`, 1), true},
		{"answer.json", strings.Replace(answer, "policy", "name_held", 1), false},
		{"answer.json", `{"outcome":"failed","reason":"database","contact_id":null,"actions":[]}`, false},
		{"answer.json", `{"outcome":"created","reason":"link_exists","contact_id":7,"actions":[]}`, false},
		{"error.json", failure, true},
		{"error.json", strings.Replace(failure, `"}`, `","more":1}`, 1), true},
		{"error.json", `{"error":{"code":"unheard_of","message":"x","request_id":"r"}}`, false},
		{"items.json", `{"items":[{"user_id":1,"username":"","email":"","name":"","outcome":"failed","reason":"database","contact_id":null,"contact_name":"","other_user_id":null}],"next_after":"1"}`, true},
		{"item.json", `{"user_id":1,"username":"","email":"","name":"","outcome":"kept","reason":"contact_used","contact_id":7,"contact_name":"","other_user_id":null}`, true},
		{"item.json", `{"user_id":1,"username":"","email":"","name":"","outcome":"undone","reason":"contact_used","contact_id":7,"contact_name":"","other_user_id":null}`, false},
		{"conflicts.json", `{"conflicts":[],"total":0,"next_after":null}`, true},
		{"jobs.json", `{"jobs":[],"next_after":null}`, true},
		{"status.json", `{"version":"1","site":"main","cms":"joomla","users":1,"linked":1,"not_linked":0,"conflicts":0,"job":null,"last_apply":null}`, true},
		{"explain.json", `{"user":{"id":1},"seen":{},"decision":{"outcome":"linked","reason":"email_primary"},"sentence":"","journal":[]}`, true},
	} {
		message, err := jsonschema.UnmarshalJSON(strings.NewReader(c.message))
		if err != nil {
			t.Fatal(err)
		}
		if err := compile(t, c.schema).Validate(message); (err == nil) != c.valid {
			t.Errorf("%s: %s: %v", c.schema, c.message, err)
		}
	}
}

func TestTheAdminPageIsEmbedded(t *testing.T) {
	for _, name := range []string{"userlink-admin.js", "userlink-admin.css"} {
		if data, err := Admin.ReadFile("admin/" + name); err != nil || len(data) == 0 {
			t.Errorf("%s: %d bytes, %v", name, len(data), err)
		}
	}
}
