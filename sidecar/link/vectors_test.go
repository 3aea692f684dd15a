package link

import (
	"encoding/json"
	"fmt"
	"testing"

	"userlink/shared"
)

// readVectors reads one file of the contract's examples, which the PHP side runs too.
func readVectors(t *testing.T, name string, into any) {
	t.Helper()
	data, err := shared.Vectors.ReadFile("vectors/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

func TestEmailVectors(t *testing.T) {
	var file struct {
		Cases []struct {
			ID             int
			Comment, Email string
			Folded         *string // absent: it is not folded
			EmailBase64    []byte  `json:"email_base64"`
			Usable         bool
			Reason         Reason
		}
	}
	readVectors(t, "emails.json", &file)
	for _, c := range file.Cases {
		t.Run(fmt.Sprintf("%d %s", c.ID, c.Comment), func(t *testing.T) {
			email := c.Email + string(c.EmailBase64)
			if got := FoldEmail(email); c.Folded != nil && got != *c.Folded {
				t.Errorf("FoldEmail(%q) = %q, want %q", email, got, *c.Folded)
			}
			if got := CheckEmail(email); got != c.Reason || c.Usable != (got == "") {
				t.Errorf("CheckEmail(%q) = %q, want %q", email, got, c.Reason)
			}
		})
	}
}

func TestNameVectors(t *testing.T) {
	var file struct {
		Cases []struct {
			ID            int
			Comment, Name string
			First         string `json:"first_name"`
			Middle        string `json:"middle_name"`
			Last          string `json:"last_name"`
		}
	}
	readVectors(t, "names.json", &file)
	for _, c := range file.Cases {
		t.Run(fmt.Sprintf("%d %s", c.ID, c.Comment), func(t *testing.T) {
			if got, want := SplitName(c.Name), (Names{First: c.First, Middle: c.Middle, Last: c.Last}); got != want {
				t.Errorf("SplitName(%q) = %q, want %q", c.Name, got, want)
			}
		})
	}
}
