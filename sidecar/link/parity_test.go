package link

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// What real CiviCRM makes of users (testdata/civicrm-*-contacts.json) must be what BuildContact computes.
//
// With USERLINK_CIVICRM set to a command that runs a PHP file inside a WordPress with CiviCRM, the same is asked of that
// CiviCRM, for users that are made up anew: USERLINK_SEED (default: the time) and USERLINK_SITES (default 30) say which and
// how many. With USERLINK_RECORD=1 the recorded file is written anew.

const recordedFile = "testdata/civicrm-5.33-contacts.json"

// parityUser is one case: a user, and the rows that CiviCRM wrote for it.
type parityUser struct {
	CMS   CMS        `json:"cms"`
	First string     `json:"first,omitempty"`
	Last  string     `json:"last,omitempty"`
	Name  string     `json:"name,omitempty"`
	Email string     `json:"email"`
	Rows  parityRows `json:"rows"`
}

type parityRows struct {
	Contact map[string]string `json:"contact,omitempty"`
	Email   map[string]string `json:"email,omitempty"`
	Match   map[string]string `json:"uf_match,omitempty"`
	Log     map[string]string `json:"log,omitempty"`
	Error   string            `json:"error,omitempty"`
}

// paritySite is a site with its settings, and cases under them. See scripts/lib/parity/record.php.
type paritySite struct {
	Version  string            `json:"version,omitempty"`
	Settings map[string]string `json:"settings"`
	Options  map[string]string `json:"options"`
	Defaults parityDefaults    `json:"defaults"`
	Cases    []parityUser      `json:"cases"`
}

type parityDefaults struct {
	DisplayNameFormat      string         `json:"display_name_format"`
	SortNameFormat         string         `json:"sort_name_format"`
	ContactDefaultLanguage string         `json:"contact_default_language"`
	LCMessages             string         `json:"lc_messages"`
	CommunicationStyleID   uint32         `json:"communication_style_id"`
	LocationTypeID         uint32         `json:"location_type_id"`
	EmailGreeting          parityGreeting `json:"email_greeting"`
	PostalGreeting         parityGreeting `json:"postal_greeting"`
	Addressee              parityGreeting `json:"addressee"`
}

type parityGreeting struct {
	ID       uint32 `json:"id"`
	Template string `json:"template"`
}

func (s paritySite) defaults() Defaults {
	return Defaults{
		DisplayNameFormat:    s.Defaults.DisplayNameFormat,
		SortNameFormat:       s.Defaults.SortNameFormat,
		Language:             Language(s.Defaults.ContactDefaultLanguage, s.Defaults.LCMessages),
		CommunicationStyleID: s.Defaults.CommunicationStyleID,
		LocationTypeID:       s.Defaults.LocationTypeID,
		EmailGreeting:        Greeting(s.Defaults.EmailGreeting),
		PostalGreeting:       Greeting(s.Defaults.PostalGreeting),
		Addressee:            Greeting(s.Defaults.Addressee),
	}
}

func (u parityUser) user() User {
	return User{Email: u.Email, FirstName: u.First, LastName: u.Last, Name: u.Name}
}

func TestContactsAsRecorded(t *testing.T) {
	raw, err := os.ReadFile(recordedFile)
	if err != nil {
		t.Fatal(err)
	}
	var sites []paritySite
	if err := json.Unmarshal(raw, &sites); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, site := range sites {
		n += compareSite(t, site)
	}
	t.Logf("%d contacts of CiviCRM %s compared", n, sites[0].Version)
}

func TestContactsLive(t *testing.T) {
	civi := os.Getenv("USERLINK_CIVICRM")
	if civi == "" {
		t.Skip("USERLINK_CIVICRM is not set: no CiviCRM to compare with")
	}
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("USERLINK_SEED"); s != "" {
		seed, _ = strconv.ParseUint(s, 10, 64)
	}
	sites := 30
	if s := os.Getenv("USERLINK_SITES"); s != "" {
		sites, _ = strconv.Atoi(s)
	}
	n := 0
	for i := range sites {
		site := makeSite(seed+uint64(i), 100)
		recorded := record(t, civi, site)
		before := t.Failed()
		n += compareSite(t, recorded)
		if t.Failed() && !before {
			t.Logf("made by USERLINK_SEED=%d", seed+uint64(i))
		}
	}
	t.Logf("%d contacts compared, seed %d", n, seed)
}

func TestRecordContacts(t *testing.T) {
	civi := os.Getenv("USERLINK_CIVICRM")
	if civi == "" || os.Getenv("USERLINK_RECORD") == "" {
		t.Skip("USERLINK_CIVICRM and USERLINK_RECORD are not set: nothing to record")
	}
	var sites []paritySite
	for _, site := range chosenSites() {
		sites = append(sites, record(t, civi, site))
	}
	var out bytes.Buffer
	out.WriteString("[\n")
	for i, site := range sites {
		writeSite(&out, site)
		if i < len(sites)-1 {
			out.WriteString(",")
		}
		out.WriteString("\n")
	}
	out.WriteString("]\n")
	if err := os.WriteFile(recordedFile, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// writeSite writes one case per line, so that a diff of two recordings can be read.
func writeSite(out *bytes.Buffer, site paritySite) {
	cases := site.Cases
	site.Cases = nil
	head := strings.TrimSuffix(compact(site), "null}")
	out.WriteString(head + "[\n")
	for i, c := range cases {
		out.WriteString("  " + compact(c))
		if i < len(cases)-1 {
			out.WriteString(",")
		}
		out.WriteString("\n")
	}
	out.WriteString("]}")
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
	cmd := exec.Command(civi, "../../scripts/lib/parity/record.php")
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

// compareSite compares every case and returns how many there were.
func compareSite(t *testing.T, site paritySite) int {
	t.Helper()
	d := site.defaults()
	n := 0
	for _, c := range site.Cases {
		if deliberate(c) {
			continue
		}
		n++
		if c.Rows.Error != "" {
			t.Errorf("%s: CiviCRM fails: %s", compact(c.user()), c.Rows.Error)
			continue
		}
		got := BuildContact(NamesOf(c.CMS, c.user()), c.Email, d)
		where := fmt.Sprintf("%s %q %q %q <%s>", c.CMS, c.First, c.Last, c.Name, c.Email)
		compareRow(t, where, "contact", contactColumns(got), c.Rows.Contact, site)
		compareRow(t, where, "email", emailColumns(got), c.Rows.Email, site)
		compareRow(t, where, "uf_match", map[string]string{"domain_id": "1", "uf_name": TrimEmail(c.Email)}, c.Rows.Match, site)
		compareRow(t, where, "log", map[string]string{"entity_table": "civicrm_contact"}, c.Rows.Log, site)
	}
	return n
}

// deliberate tells the cases in which CiviCRM goes wrong and userlink does not follow: it does not link such users at all.
func deliberate(c parityUser) bool {
	return CheckEmail(c.Email) != "" || TrimEmail(c.Email) != c.Email || NamesOf(c.CMS, c.user()).tooLong()
}

func compareRow(t *testing.T, where, table string, got, want map[string]string, site paritySite) {
	t.Helper()
	for column, value := range want {
		if mine, ok := got[column]; !ok || mine != value {
			t.Errorf("%s: %s.%s is %q, CiviCRM writes %q\n\t%v %v", where, table, column, mine, value, site.Settings, site.Options)
		}
	}
	for column, value := range got {
		if _, ok := want[column]; !ok {
			t.Errorf("%s: %s.%s is %q, CiviCRM leaves it out\n\t%v %v", where, table, column, value, site.Settings, site.Options)
		}
	}
}

// contactColumns are the columns that are neither NULL nor at their default.
func contactColumns(c NewContact) map[string]string {
	row := map[string]string{"contact_type": "Individual", "display_name": c.DisplayName, "sort_name": c.SortName}
	for column, value := range map[string]*string{
		"first_name": c.FirstName, "middle_name": c.MiddleName, "last_name": c.LastName,
		"preferred_language":     c.PreferredLanguage,
		"email_greeting_display": c.EmailGreetingDisplay, "postal_greeting_display": c.PostalGreetingDisplay,
		"addressee_display": c.AddresseeDisplay,
	} {
		if value != nil {
			row[column] = *value
		}
	}
	for column, value := range map[string]*uint32{
		"communication_style_id": c.CommunicationStyleID,
		"email_greeting_id":      c.EmailGreetingID, "postal_greeting_id": c.PostalGreetingID, "addressee_id": c.AddresseeID,
	} {
		if value != nil {
			row[column] = strconv.FormatUint(uint64(*value), 10)
		}
	}
	return row
}

func emailColumns(c NewContact) map[string]string {
	row := map[string]string{"email": c.Email, "is_primary": "1"}
	if c.LocationTypeID != nil {
		row["location_type_id"] = strconv.FormatUint(uint64(*c.LocationTypeID), 10)
	}
	return row
}

func TestMadeUsersAreValid(t *testing.T) {
	for seed := range uint64(50) {
		for _, c := range makeSite(seed, 20).Cases {
			if !utf8.ValidString(c.First + c.Last + c.Name + c.Email) {
				t.Fatalf("seed %d: %q", seed, c)
			}
		}
	}
}
