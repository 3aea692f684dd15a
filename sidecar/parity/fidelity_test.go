package parity

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// doc/fidelity.md is the list of what may differ: what is left out here stands there, and the tests that it names are there.
func TestFidelityIsWhatIsTested(t *testing.T) {
	raw, err := os.ReadFile("../doc/fidelity.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(raw)
	for table := range rebuilt {
		if !strings.Contains(doc, "| `"+table+"`") {
			t.Errorf("the table %s is not compared, and doc/fidelity.md does not say so", table)
		}
	}
	for reason := range shapes {
		if !strings.Contains(doc, "`"+string(reason)+"`") {
			t.Errorf("users in conflict by %s are set aside, and doc/fidelity.md does not say so", reason)
		}
	}
	list, err := exec.CommandContext(t.Context(), "grep", "-rhoE", "^func Test[A-Za-z0-9]+", "--include=*_test.go", "..").Output()
	if err != nil {
		t.Fatal(err)
	}
	tests := string(list)
	for _, name := range regexp.MustCompile("`(Test[A-Z][A-Za-z0-9]+)`").FindAllStringSubmatch(doc, -1) {
		if !strings.Contains(tests, "func "+name[1]+"\n") {
			t.Errorf("doc/fidelity.md names %s, and there is no such test", name[1])
		}
	}
}
