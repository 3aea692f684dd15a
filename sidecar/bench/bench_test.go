package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"userlink/sidecar/hook"
)

func TestStatistics(t *testing.T) {
	hundred := make([]float64, 100)
	for i := range hundred {
		hundred[i] = float64(100 - i)
	}
	for name, c := range map[string]struct{ got, want float64 }{
		"median of three":      {median([]float64{9, 1, 5}), 5},
		"median of four":       {median([]float64{4, 1, 3, 2}), 2.5},
		"median of none":       {median(nil), 0},
		"p99 of a hundred":     {quantile(hundred, 0.99), 99},
		"p50 of a hundred":     {quantile(hundred, 0.5), 50},
		"p99 of one":           {quantile([]float64{7}, 0.99), 7},
		"p99 of none":          {quantile(nil, 0.99), 0},
		"spread":               {spread([]float64{90, 100, 110}), 0.2},
		"spread around zero":   {spread([]float64{-1, 0, 1}), 0},
		"spread of one number": {spread([]float64{5}), 0},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %v, want %v", name, c.got, c.want)
		}
	}
}

const someSamples = `- machine processor some, with blanks
created value 200
created value 100
created value 300
created reference 2
created note 20 users
linked value 100
linked reference 10
million value 5
million reference 1
million smaller only 100 users
nothing-time value 2
hook problem it fell over
`

func TestTable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "samples")
	if err := os.WriteFile(path, []byte(someSamples), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, problems bytes.Buffer
	if code := run(t.Context(), []string{"table", "-samples", path, "-json"}, &out, &problems); code != 0 {
		t.Fatalf("exit code %d: %s", code, problems.String())
	}
	var table struct {
		Machine map[string]string
		Figures []row
	}
	if err := json.Unmarshal(out.Bytes(), &table); err != nil {
		t.Fatal(err)
	}
	if table.Machine["processor"] != "some, with blanks" {
		t.Errorf("machine: %v", table.Machine)
	}
	if len(table.Figures) != len(figures()) {
		t.Errorf("%d rows, want %d", len(table.Figures), len(figures()))
	}
	yes, no := true, false
	for name, want := range map[string]struct {
		value, reference, ratio float64 // 0: nil
		reached                 *bool
		problem, note           string
	}{
		"created":      {value: 200, reference: 2, ratio: 100, reached: &no, note: "20 users"},
		"created-sql":  {problem: "not measured"},
		"linked":       {value: 100, reference: 10, ratio: 10, reached: &no},
		"million":      {value: 5, reference: 1, ratio: 5, note: "only 100 users"},
		"nothing-time": {value: 2, reached: &no},
		"hook":         {problem: "it fell over"},
	} {
		got := table.Figures[slices.IndexFunc(table.Figures, func(r row) bool { return r.Name == name })]
		if at(got.Value) != want.value || at(got.Reference) != want.reference || at(got.Ratio) != want.ratio ||
			got.Problem != want.problem || got.Note != want.note || (got.Reached == nil) != (want.reached == nil) ||
			(got.Reached != nil && *got.Reached != *want.reached) {
			t.Errorf("%s: got %+v, want %+v", name, got, want)
		}
	}
	for _, c := range []struct {
		goal         goal
		value, ratio float64
		want         *bool
	}{
		{atLeast(2), 0, 2, &yes},
		{atLeast(2), 0, 1.9, &no},
		{atMost(0.1), 0, 0.1, &yes},
		{atMost(0.1), 0, 0.2, &no},
		{valueAtMost(64), 64, 9, &yes},
		{valueAtMost(64), 65, 9, &no},
	} {
		if got := c.goal.reached(c.value, c.ratio); got != *c.want {
			t.Errorf("%s of %v, ratio %v: %v", c.goal.text("MiB"), c.value, c.ratio, got)
		}
	}
}

func at(x *float64) float64 {
	if x == nil {
		return 0
	}
	return *x
}

func TestTableForReaders(t *testing.T) {
	path := filepath.Join(t.TempDir(), "samples")
	if err := os.WriteFile(path, []byte(someSamples), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, problems bytes.Buffer
	if code := run(t.Context(), []string{"table", "-samples", path, "created", "hook"}, &out, &problems); code != 0 {
		t.Fatalf("exit code %d: %s", code, problems.String())
	}
	for _, want := range []string{"processor  some, with blanks\n", "NOT MEASURED", ": it fell over\n", "CiviCRM 2.00", "100 ×", "≥ 200 ×", "NO", "100 % of 3, 0 % of 1"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "linked-sql") {
		t.Errorf("a figure that was not asked for:\n%s", out.String())
	}
}

func TestWrongLines(t *testing.T) {
	for _, line := range []string{"created value nan", "created value fast", "created values 1", "created"} {
		if _, err := readSamples(strings.NewReader(line)); err == nil {
			t.Errorf("%q was taken", line)
		}
	}
}

func TestWrongCommandLines(t *testing.T) {
	for _, args := range [][]string{nil, {"dance"}, {"table", "-h"}} {
		if code := run(t.Context(), args, &bytes.Buffer{}, &bytes.Buffer{}); code != 2 {
			t.Errorf("%q: exit code %d", args, code)
		}
	}
	for _, args := range [][]string{{"watch"}, {"watch", "false"}, {"hooks"}, {"by-hand"}, {"table", "-samples", "/nonexistent"}} {
		if code := run(t.Context(), args, &bytes.Buffer{}, &bytes.Buffer{}); code != 1 {
			t.Errorf("%q: exit code %d", args, code)
		}
	}
}

// TestSigned asks the sidecar's own verification: a load that is refused measures refusals.
func TestSigned(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	secret := strings.Repeat("k", 40)
	if err := os.WriteFile(path, []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := newSigner("main", "main-1", path)
	if err != nil {
		t.Fatal(err)
	}
	body, err := s.event("user.updated", "profile_update", person{42, "jane", "Jane@example.org", "Jane", "Doe"})
	if err != nil {
		t.Fatal(err)
	}
	token := s.token(body)
	keys := func(kid string) (hook.Key, bool) {
		return hook.Key{ID: "main-1", SiteID: "main", Secret: []byte(secret)}, kid == "main-1"
	}
	call := hook.Request{Method: "POST", Path: eventsPath, Authorization: "Bearer " + token, Body: body}
	if _, refusal := hook.Verify(call, keys, time.Now()); refusal != nil {
		t.Errorf("refused: %v", refusal)
	}
	if event, refusal := hook.Decode(body, "main"); refusal != nil || event.User.ID != 42 {
		t.Errorf("not an event: %+v, %v", event, refusal)
	}
}

func TestWatch(t *testing.T) {
	var out bytes.Buffer
	if code := run(t.Context(), []string{"watch", "sleep", "0.3"}, &out, &bytes.Buffer{}); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	for _, name := range []string{"seconds 0.", "peak ", "second-quarter ", "last-quarter "} {
		if !strings.Contains(out.String(), name) || strings.Contains(out.String(), name+"0.0") {
			t.Errorf("%q: %s", name, out.String())
		}
	}
}

func TestPeople(t *testing.T) {
	path := filepath.Join(t.TempDir(), "people")
	for text, want := range map[string]int{"1\tada\tada@example.org\tAda\tAbel\n2\tben\tben@example.org\tBen\tBauer\n": 2, "1\tada\n": 0, "": 0, "x\tada\ta@example.org\tAda\tAbel\n": 0} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		people, err := readPeople(path)
		if len(people) != want || (want == 0) != (err != nil) {
			t.Errorf("%q: %d people, %v", text, len(people), err)
		}
	}
}
