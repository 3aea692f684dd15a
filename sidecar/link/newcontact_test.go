package link

import (
	"reflect"
	"strings"
	"testing"
)

func TestLanguage(t *testing.T) {
	for setting, want := range map[string]string{
		"*default*": "de_DE", "": "de_DE", "current_site_language": "de_DE", // the site's own
		"fr_CA":     "fr_CA",
		"undefined": "",
	} {
		if got := Language(setting, "de_DE"); got != want {
			t.Errorf("Language(%q) is %q, want %q", setting, got, want)
		}
	}
}

func TestNameFormats(t *testing.T) {
	for version, want := range map[string][2]string{
		"5.33.2":      {DefaultDisplayNameFormat, DefaultSortNameFormat},
		"5.68.alpha1": {"{contact.prefix_id:label}{ }{contact.first_name}{ }{contact.last_name}{ }{contact.suffix_id:label}", DefaultSortNameFormat},
		"6.3.1":       {"{contact.prefix_id:label}{ }{contact.first_name}{ }{contact.last_name}{ }{contact.suffix_id:label}", "{contact.last_name}{, }{contact.first_name}{ }{contact.suffix_id:label}"},
	} {
		if display, sort := NameFormats(version); display != want[0] || sort != want[1] {
			t.Errorf("NameFormats(%q) is %q, %q", version, display, sort)
		}
	}
}

func TestReleaseThatCannotBeReadIsTheNewest(t *testing.T) {
	for version, want := range map[string]bool{"5.33.2": false, "5.38": false, "5.39.beta1": true, "6.0.0": true, "": true, "x": true, "5": true} {
		if got := releaseOf(version).since5(39); got != want {
			t.Errorf("%q is 5.39 or later: %v", version, got)
		}
	}
}

func TestWhatCannotBeEvaluatedIsNamed(t *testing.T) {
	modern, old := "6.3.1", "5.33.2"
	for _, c := range []struct {
		version, format, greeting string
		want                      []string
	}{
		{old, DefaultDisplayNameFormat, "Dear {contact.first_name}", nil},
		{modern, DefaultDisplayNameFormat, "Dear {contact.prefix_id:label}{ }{contact.first_name}{, }{contact.last_name}", nil},
		{modern, "{contact.first_name}", "{contact.display_name} {contact.email_primary.email} {contact.address_primary.city}", nil},
		{old, "{contact.first_name}", "{ldelim}{contact.email}{rdelim}", nil},

		{old, "{contact.custom_1}{ }{contact.last_name}", "", []string{"display_name_format: {contact.custom_1}"}},
		{old, "{my.token}{contact.last_name}", "", []string{"display_name_format: {my.token}"}},
		{old, "", "", []string{"display_name_format: it is empty, so CiviCRM takes the format of addresses"}},
		{old, "{contact.prefix_id:label}", "", []string{"display_name_format: {contact.prefix_id:label}"}},
		{modern, "{contact.email}", "", []string{"display_name_format: {contact.email}"}}, // CiviCRM 6.3 itself writes "Array"
		{modern, "{contact.first_name|upper}", "", []string{"display_name_format: {contact.first_name|upper}"}},
		{modern, "{contact.custom_1}", "", []string{"display_name_format: {contact.custom_1}"}},

		{old, "x", "{contact.custom_1}", []string{"email_greeting: {contact.custom_1}"}},
		{old, "x", "{contact.id} {contact.hash}", []string{"email_greeting: {contact.id}", "email_greeting: {contact.hash}"}},
		{old, "x", "{domain.name}", []string{"email_greeting: {domain.name}"}},
		{old, "x", "{contact.first_name}{, }{contact.last_name}", []string{"email_greeting: Smarty code {, }"}},
		{old, "x", "Dear{ }you", []string{"email_greeting: Smarty code { }"}}, // a blank only where there is a token
		{old, "x", "{contact.prefix_id:label}", []string{"email_greeting: Smarty code {contact.prefix_id:label}"}},
		{old, "x", `\{contact.first_name}`, []string{"email_greeting: a brace after a backslash"}},
		{old, "x", "{if 1}{contact.first_name}{/if}", []string{"email_greeting: Smarty code {if 1}", "email_greeting: Smarty code {/if}"}},
		{modern, "x", "{if {contact.first_name|boolean}}Dear{/if}", []string{
			"email_greeting: {contact.first_name|boolean}", "email_greeting: Smarty code {if x}", "email_greeting: Smarty code {/if}",
		}},
		{modern, "x", "{{contact.first_name}}", []string{"email_greeting: Smarty code {x}"}},
		{modern, "x", "{contact.first_name} {", []string{"email_greeting: Smarty code {"}},
		{modern, "x", "{contact.addressee}", []string{"email_greeting: {contact.addressee}"}},
	} {
		d := Defaults{Version: c.version, DisplayNameFormat: c.format, SortNameFormat: "{contact.last_name}", EmailGreeting: Greeting{ID: 1, Template: c.greeting}}
		if got := d.Unsupported(); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s, %q, %q: %q, want %q", c.version, c.format, c.greeting, got, c.want)
		}
	}
}

func TestGreetingThatDoesNotFitIsCut(t *testing.T) {
	d := Defaults{Version: "5.33.2", EmailGreeting: Greeting{ID: 1, Template: strings.Repeat("é", 250) + " {contact.first_name}"}}
	got := BuildContact(Names{First: "Jane Mary"}, "jane@example.org", d)
	if want := strings.Repeat("é", 250) + " Jane"; *got.EmailGreetingDisplay != want {
		t.Errorf("%q", *got.EmailGreetingDisplay)
	}
}

func TestNameTooLong(t *testing.T) {
	angles := Names{First: strings.Repeat("<", 17)} // 68 characters as &lt;
	for _, c := range []struct {
		version string
		names   Names
		want    bool
	}{
		{"6.3.1", angles, true},
		{"5.33.2", angles, false},
		{"5.33.2", Names{Last: strings.Repeat("é", 64)}, false},
		{"5.33.2", Names{Last: strings.Repeat("é", 65)}, true},
	} {
		if got := (Defaults{Version: c.version}).NameTooLong(c.names); got != c.want {
			t.Errorf("%s %q: %v", c.version, c.names, got)
		}
	}
}

func TestBlanksAroundAnEmailAreNotStored(t *testing.T) {
	c := BuildContact(Names{}, " Jane@Example.org\n", Defaults{Version: "5.33.2"})
	if c.Email != "jane@example.org" || *c.DisplayName != "Jane@Example.org" {
		t.Errorf("%q %q", c.Email, *c.DisplayName)
	}
}

func TestAChangedEmailIsStoredAsCiviCRMWould(t *testing.T) {
	if got := StoredEmail(" <B>@Example.org"); got != "&lt;b&gt;@example.org" {
		t.Errorf("%q", got)
	}
	if (Defaults{Version: "5.33.2"}).NameFollowsEmail() || !(Defaults{Version: "6.3.1"}).NameFollowsEmail() {
		t.Error("the name follows the email since 5.39")
	}
}

func TestBillingEmail(t *testing.T) {
	for version, want := range map[string]bool{"5.33.2": true, "5.50": true, "5.51.0": false, "6.3.1": false} {
		if got := BuildContact(Names{}, "jane@example.org", Defaults{Version: version, LocationTypeID: 5, LocationIsBilling: true}).IsBilling; got != want {
			t.Errorf("%s: %v", version, got)
		}
	}
}
