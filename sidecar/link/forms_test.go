package link

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// The forms give what BuildContact gives, for every user that was recorded, on every site.
func TestFormsOfRecordedContacts(t *testing.T) {
	files, err := filepath.Glob("testdata/civicrm-*-contacts.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("nothing recorded: %v", err)
	}
	byForm, all := 0, 0
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var sites []paritySite
		if err := json.Unmarshal(raw, &sites); err != nil {
			t.Fatal(err)
		}
		for _, site := range sites {
			forms := NewContactForms(site.defaults())
			for _, c := range site.Cases {
				names := NamesOf(c.CMS, c.user())
				if got, want := forms.Build(names, c.Email), BuildContact(names, c.Email, site.defaults()); !reflect.DeepEqual(got, want) {
					t.Errorf("%s %+v <%s>: got %s, want %s", filepath.Base(file), names, c.Email, compact(got), compact(want))
				}
				all++
				if _, plain := foldPlain(c.Email); plain && forms.forms[given3(names)] != nil && isPlain(names.First) && isPlain(names.Last) {
					byForm++
				}
			}
		}
	}
	if byForm*10 < all { // the recorded names are chosen to be difficult
		t.Errorf("only %d of %d came from a form", byForm, all)
	}
}

// A format that treats names in a way of its own gets no form, or the form gives the same.
func TestFormsOfOddFormats(t *testing.T) {
	people := []Names{{}, {First: "Jane"}, {Last: "Doe"}, {First: "Jane", Last: "Doe"}, {First: "A", Middle: "B", Last: "C"}, {First: "0", Last: "null"}, {First: "contact.last_name"}, {Middle: "x"}}
	for _, version := range []string{"5.33.2", "5.45.0", "5.57.1", "5.69.0", "5.72.0", "5.75.0", "6.3.0", ""} {
		for _, format := range []string{
			"", "x", DefaultSortNameFormat, "{contact.first_name}{contact.last_name}", "{contact.first_name contact.last_name}", "{contact.email}{, }{contact.first_name}",
			"{contact.first_namecontact.last_name}", "\\{contact.last_name}{ }", "Dear {contact.display_name}{ }{contact.email}", "{contact.first_name|upper}", "{ldelim}{contact.sort_name}{rdelim}",
		} {
			d := Defaults{Version: version, DisplayNameFormat: format, SortNameFormat: format, EmailGreeting: Greeting{1, format}, PostalGreeting: Greeting{2, "Hello " + format}, Addressee: Greeting{1, format}}
			forms := NewContactForms(d)
			for _, names := range people {
				for _, email := range []string{"jane@example.org", "Jane@Example.org", " j@x.y"} {
					if got, want := forms.Build(names, email), BuildContact(names, email, d); !reflect.DeepEqual(got, want) {
						t.Errorf("%s %q %+v <%s>: got %s, want %s", version, format, names, email, compact(got), compact(want))
					}
				}
			}
		}
	}
}

// FuzzForms looks for a name of which a form makes something else than BuildContact does.
func FuzzForms(f *testing.F) {
	f.Add("Jane", "", "Doe", "jane@example.org")
	f.Add("O'Neil", "{contact.last_name}", "$1 \\", "a+b@example.org")
	var sites []*ContactForms
	for _, version := range []string{"5.33.2", "5.57.1", "5.72.0", "6.3.0"} {
		display, sort := NameFormats(version)
		sites = append(sites, NewContactForms(Defaults{
			Version: version, DisplayNameFormat: display, SortNameFormat: sort, Language: "en_US", LocationTypeID: 1,
			EmailGreeting:  Greeting{1, "Dear {contact.first_name}"},
			PostalGreeting: Greeting{1, "Dear {contact.prefix_id:label}{ }{contact.first_name}{, }{contact.last_name} {contact.email}"},
			Addressee:      Greeting{1, "{contact.individual_prefix}{ }{contact.first_name}{ }{contact.middle_name}{ }{contact.last_name}{ }{contact.individual_suffix}"},
		}))
	}
	f.Fuzz(func(t *testing.T, first, middle, last, email string) {
		names := Names{First: first, Middle: middle, Last: last}
		for _, forms := range sites {
			if got, want := forms.Build(names, email), BuildContact(names, email, forms.defaults); !reflect.DeepEqual(got, want) {
				t.Errorf("%s %+v <%s>: got %s, want %s", forms.defaults.Version, names, email, compact(got), compact(want))
			}
		}
	})
}

func BenchmarkContact(b *testing.B) {
	display, sort := NameFormats("6.3.0")
	d := Defaults{
		Version: "6.3.0", DisplayNameFormat: display, SortNameFormat: sort, Language: "en_US",
		EmailGreeting: Greeting{1, "Dear {contact.first_name}"}, PostalGreeting: Greeting{1, "Dear {contact.first_name}"}, Addressee: Greeting{1, "{contact.first_name}{ }{contact.last_name}"},
	}
	forms, person := NewContactForms(d), Names{First: "Jane", Last: "Doe"}
	b.Run("form", func(b *testing.B) {
		for range b.N {
			forms.Build(person, "jane@example.org")
		}
	})
	b.Run("rules", func(b *testing.B) {
		for range b.N {
			BuildContact(person, "jane@example.org", d)
		}
	})
}
