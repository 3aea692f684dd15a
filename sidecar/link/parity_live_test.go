package link

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"userlink/sidecar/link/linktest"
)

// With USERLINK_CIVICRM set to a command that runs a PHP file inside a CMS with CiviCRM (which must have nothing to lose),
// that CiviCRM is asked what it makes of users who are made up anew. USERLINK_SEED (default: the time) says which, and
// USERLINK_SITES (default 20) how many hundred. With USERLINK_RECORD=1 testdata is recorded anew.

func TestContactsLive(t *testing.T) {
	civi := os.Getenv("USERLINK_CIVICRM")
	if civi == "" {
		t.Skip("USERLINK_CIVICRM is not set: no CiviCRM to compare with")
	}
	seed, sites := linktest.Number(t, "USERLINK_SEED", uint64(time.Now().UnixNano())), linktest.Number(t, "USERLINK_SITES", 20)
	n, version := 0, record(t, civi, paritySite{}).Version
	for i := range sites {
		site := makeSite(seed+i, 100)
		if unsupported := site.wanted(version).Unsupported(); len(unsupported) > 0 {
			t.Logf("seed %d: left out, %v", seed+i, unsupported)
			continue
		}
		before := t.Failed()
		n += compareSite(t, record(t, civi, site))
		if t.Failed() && !before {
			t.Logf("made by USERLINK_SEED=%d", seed+i)
		}
	}
	t.Logf("%d contacts of CiviCRM %s compared, seed %d", n, version, seed)
}

func TestRecordContacts(t *testing.T) {
	civi := os.Getenv("USERLINK_CIVICRM")
	if civi == "" || os.Getenv("USERLINK_RECORD") == "" {
		t.Skip("USERLINK_CIVICRM and USERLINK_RECORD are not set: nothing to record")
	}
	version := record(t, civi, paritySite{}).Version
	var out bytes.Buffer
	for i, site := range chosenSites(version) {
		if i == 0 {
			out.WriteString("[\n")
		} else {
			out.WriteString(",\n")
		}
		writeSite(&out, record(t, civi, site))
	}
	out.WriteString("\n]\n")
	short := regexp.MustCompile(`^\d+\.\d+`).FindString(version)
	if err := os.WriteFile("testdata/civicrm-"+short+"-contacts.json", out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// wanted are the defaults that the site is about to have.
func (s paritySite) wanted(version string) Defaults {
	greeting := func(kind string) Greeting { return Greeting{ID: 1, Template: s.Options[kind]} }
	d := Defaults{Version: version, EmailGreeting: greeting("email_greeting"), PostalGreeting: greeting("postal_greeting"), Addressee: greeting("addressee")}
	d.DisplayNameFormat, d.SortNameFormat = NameFormats(version)
	if format := s.Settings["display_name_format"]; format != "" {
		d.DisplayNameFormat = format
	}
	if format := s.Settings["sort_name_format"]; format != "" {
		d.SortNameFormat = format
	}
	return d
}

// writeSite writes one case per line, so that a diff of two recordings can be read.
func writeSite(out *bytes.Buffer, site paritySite) {
	cases := site.Cases
	site.Cases = nil
	head := strings.TrimSuffix(compact(site), "null}")
	out.WriteString(head + "[\n")
	for i, c := range cases {
		out.WriteString("  " + compact(withoutUsual(c)))
		if i < len(cases)-1 {
			out.WriteString(",")
		}
		out.WriteString("\n")
	}
	out.WriteString("]}")
}

// withoutUsual leaves out what the test knows anyway.
func withoutUsual(c parityUser) parityUser {
	if maps.Equal(c.Rows.Match, usualMatch(c)) {
		c.Rows.Match = nil
	}
	if maps.Equal(c.Rows.Log, usualLog()) {
		c.Rows.Log = nil
	}
	delete(c.Rows.Contact, "contact_type")
	return c
}

func compact(v any) string {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err)
	}
	return strings.TrimSpace(out.String())
}

func record(t *testing.T, civi string, site paritySite) paritySite {
	t.Helper()
	script, err := filepath.Abs("../../scripts/lib/parity/record.php")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(civi, script)
	cmd.Stdin = strings.NewReader(compact(site))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	raw, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v for %s\n%s", err, compact(site.Options), stderr.String())
	}
	var recorded paritySite
	if err := json.Unmarshal(raw, &recorded); err != nil {
		t.Fatalf("%v: %.300s", err, raw)
	}
	return recorded
}

func TestMadeUsersAreValid(t *testing.T) {
	for seed := range uint64(50) {
		for _, c := range makeSite(seed, 20).Cases {
			if !utf8.ValidString(c.First + c.Last + c.Name + c.Email) {
				t.Fatalf("seed %d: %s", seed, compact(c))
			}
		}
	}
}
