package link

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// What real CiviCRM made of users (testdata/civicrm-*-contacts.json) must be what BuildContact computes. See
// parity_live_test.go for how to ask another CiviCRM, and parity_chosen_test.go for the cases.

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

	// How many rows there are, where there is not exactly one.
	Contacts *int `json:"contact_rows,omitempty"`
	Emails   *int `json:"email_rows,omitempty"`
	Matches  *int `json:"uf_match_rows,omitempty"`
	Logs     *int `json:"log_rows,omitempty"`
}

// paritySite is a site with its settings, and cases under them. See scripts/lib/parity/record.php.
type paritySite struct {
	Version  string            `json:"version,omitempty"`
	Settings map[string]string `json:"settings"`
	Options  map[string]string `json:"options"`
	Defaults parityDefaults    `json:"defaults"`
	Names    []string          `json:"names,omitempty"` // full names to be split
	Split    []paritySplit     `json:"split,omitempty"` // and what became of them
	Cases    []parityUser      `json:"cases"`
}

type paritySplit struct {
	First  string `json:"first_name,omitempty"`
	Middle string `json:"middle_name,omitempty"`
	Last   string `json:"last_name,omitempty"`
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
		Version:              s.Version,
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
	files, err := filepath.Glob("testdata/civicrm-*-contacts.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("nothing recorded: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var sites []paritySite
			if err := json.Unmarshal(raw, &sites); err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, site := range sites {
				if unsupported := site.defaults().Unsupported(); len(unsupported) > 0 {
					t.Errorf("not supported: %v", unsupported)
				}
				n += compareSite(t, site)
				compareSplit(t, site)
			}
			t.Logf("%d contacts of CiviCRM %s compared", n, sites[0].Version)
		})
	}
}

func compareSplit(t *testing.T, site paritySite) {
	t.Helper()
	for i, name := range site.Names {
		if got := SplitName(name); got != Names(site.Split[i]) {
			t.Errorf("SplitName(%q) is %q, CiviCRM's %q", name, got, site.Split[i])
		}
	}
}

// compareSite compares every case and returns how many there were.
func compareSite(t *testing.T, site paritySite) int {
	t.Helper()
	d := site.defaults()
	n := 0
	for _, c := range site.Cases {
		if deliberate(c, d) {
			continue
		}
		n++
		if c.Rows.Error != "" {
			t.Errorf("%s: CiviCRM fails: %s", compact(c.user()), c.Rows.Error)
			continue
		}
		got := BuildContact(NamesOf(c.CMS, c.user()), c.Email, d)
		if c.Rows.Contacts != nil || c.Rows.Emails != nil || c.Rows.Matches != nil || c.Rows.Logs != nil {
			t.Errorf("%s: CiviCRM writes another number of rows: %s", compact(c.user()), compact(c.Rows))
			continue
		}
		where := fmt.Sprintf("%s %q %q %q <%s>", c.CMS, c.First, c.Last, c.Name, c.Email)
		delete(c.Rows.Contact, "contact_type")
		compareRow(t, where, "contact", contactColumns(got), c.Rows.Contact, site)
		compareRow(t, where, "email", emailColumns(got), c.Rows.Email, site)
		if c.Rows.Match != nil { // nil: as usual
			compareRow(t, where, "uf_match", usualMatch(c), c.Rows.Match, site)
		}
		if c.Rows.Log != nil {
			compareRow(t, where, "log", usualLog(), c.Rows.Log, site)
		}
	}
	return n
}

func usualMatch(c parityUser) map[string]string {
	return map[string]string{"domain_id": "1", "uf_name": TrimEmail(c.Email)}
}

func usualLog() map[string]string { return map[string]string{"entity_table": "civicrm_contact"} }

// deliberate tells the cases in which userlink does not follow CiviCRM: it does not make a contact for such users, or makes
// a better one. See doc/fidelity.md.
func deliberate(c parityUser, d Defaults) bool {
	names := NamesOf(c.CMS, c.user())
	return CheckEmail(c.Email) != "" || TrimEmail(c.Email) != c.Email || d.NameTooLong(names) || onlyNull(names)
}

// onlyNull: who is called "NULL" and nothing else is greeted "Dear NULL" by some releases, which have not stored that name.
func onlyNull(n Names) bool {
	return column(n.First) == nil && column(n.Last) == nil && n.First+n.Last != ""
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
	row := map[string]string{}
	for column, value := range map[string]*string{
		"first_name": c.FirstName, "middle_name": c.MiddleName, "last_name": c.LastName,
		"display_name": c.DisplayName, "sort_name": c.SortName,
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
