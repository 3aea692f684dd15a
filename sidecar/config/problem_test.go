package config

import (
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
)

func TestProblems(t *testing.T) {
	edit := func(old, replacement string) string {
		if !strings.Contains(good, old) {
			panic(old)
		}
		return strings.Replace(good, old, replacement, 1)
	}
	keys := func(text string) string { return edit("[{id: main-1, secret_file: main-1.key}]", text) }
	dsn := func(text string) string {
		return edit("userlink:secret-of-the-db@tcp(127.0.0.1:3306)/civicrm", text)
	}
	second := func(text string) string { return good + "  - " + strings.ReplaceAll(text, "\n", "\n    ") + "\n" }
	twin := "id: second\ncms: wordpress\ntable_prefix: "
	tests := []struct {
		name, yaml, want string
	}{
		{"nothing", "", "userlink.yaml: is empty; start from"},
		{"no YAML", "listen: [\n", `userlink.yaml:1: is not YAML: `},
		{"a tab", "listen: x\n\tcivicrm: y\n", "userlink.yaml:2: is not YAML"},
		{"a key twice", good + "listen: x\n", `userlink.yaml:9: is not YAML: mapping key "listen" already defined`},
		{"two documents", good + "---\nlisten: x\n", "a second document begins"},
		{"a list", "- a\n", "the file is not a list of settings"},
		{"a mistyped key", edit("listen:", "lisen:"), `userlink.yaml:1: "lisen" is not known; did you mean listen?`},
		{"a key of elsewhere", good + "port: 1\n", `userlink.yaml:9: "port" is not known; in the file there may be allow_remote, civicrm, listen, log, sites, socket_group or sync`},
		{"a mistyped key of a site", edit("table_prefix", "table_prefx"), `userlink.yaml:7: "table_prefx" is not known; did you mean table_prefix?`},
		{"a mistyped key of a key", keys("[{id: main-1, secretfile: main-1.key}]"), `"secretfile" is not known; did you mean secret_file?`},
		{"a key that is a number", good + "1: x\n", "userlink.yaml:9: a key that is not a plain word"},
		{"an alias", edit("wp_", "*prefix"), "userlink.yaml:7: is not a plain value"},
		{"a mapping for a value", edit("127.0.0.1:7780", "{a: b}"), "userlink.yaml:1: is not a plain value"},
		{"a value for a mapping", good + "log: debug\n", "userlink.yaml:9: log is not a list of settings"},

		{"listen without port", edit("127.0.0.1:7780", "127.0.0.1"), `userlink.yaml:1: listen: "127.0.0.1" is not an address with a port`},
		{"listen on a port that is none", edit(":7780", ":65536"), `userlink.yaml:1: listen: "127.0.0.1:65536" is not`},
		{"listen on a relative path", edit("127.0.0.1:7780", "unix:userlink.sock"), `userlink.yaml:1: listen: "userlink.sock" is not an absolute path`},
		{"listen on a path too long", edit("127.0.0.1:7780", "unix:/"+strings.Repeat("x", 107)), "is not an absolute path of at most 107 bytes"},
		{"listen on all addresses", edit("127.0.0.1:7780", "0.0.0.0:7780"), "userlink.yaml:1: listen: 0.0.0.0:7780 can be reached from other machines, and there is no TLS; write 127.0.0.1:7780, or allow_remote: true"},
		{"listen on no address", edit("127.0.0.1:7780", `":7780"`), "can be reached from other machines"},
		{"allow_remote maybe", good + "allow_remote: yes\n", `userlink.yaml:9: "yes" is neither true nor false; write true or false`},
		{"log level", good + "log: {level: loud}\n", `"loud" is not known; write debug, info, warn or error`},
		{"log format", good + "log: {format: xml}\n", `"xml" is not known; write json or text`},
		{"chunk", good + "sync: {chunk: 10}\n", `"10" is not a whole number from 50 to 5000`},
		{"chunk time", good + "sync: {chunk_time: 1}\n", `"1" is not a time from 50ms to 5s; write one, such as 400ms`},

		{"no dsn", edit("  dsn: userlink:secret-of-the-db@tcp(127.0.0.1:3306)/civicrm\n", ""), "userlink.yaml:2: the dsn of CiviCRM's database is missing"},
		{"no civicrm", "sites: []\n", "userlink.yaml: the dsn of CiviCRM's database is missing"},
		{"dsn and dsn_file", edit("civicrm:\n", "civicrm:\n  dsn_file: civicrm.dsn\n"), "userlink.yaml:3: both dsn and dsn_file are given; keep one"},
		{"dsn unreadable", dsn("secret-of-the-db"), "userlink.yaml:3: dsn: cannot be read; write user:password@tcp"},
		{"dsn without protocol", dsn("u:secret-of-the-db(127.0.0.1)/civicrm"), "userlink.yaml:3: dsn: cannot be read"},
		{"dsn without database", dsn("u:secret-of-the-db@tcp(127.0.0.1)/"), "userlink.yaml:3: dsn: names no database"},
		{"dsn without user", dsn("tcp(127.0.0.1)/civicrm"), "userlink.yaml:3: dsn: names no user"},
		{"dsn with open doors", dsn("u:secret-of-the-db@/civicrm?multiStatements=true"), "userlink.yaml:3: dsn: multiStatements"},
		{"dsn_file missing", edit("dsn: userlink:secret-of-the-db@tcp(127.0.0.1:3306)/civicrm", "dsn_file: none.dsn"), "none.dsn cannot be read: no such file or directory"},
		{"dsn of a site", edit("cms: wordpress", "cms: wordpress\n    dsn: secret-of-the-db"), "userlink.yaml:7: dsn: cannot be read"},

		{"no site", "civicrm: {dsn: u:p@/c}\n", "userlink.yaml: there is no site"},
		{"no id", edit("id: main\n    cms", "cms"), `userlink.yaml:5: "" is no id of a site`},
		{"id with capitals", edit("id: main\n", "id: Main\n"), `userlink.yaml:5: "Main" is no id of a site; write id: with 1 to 32 small letters`},
		{"id twice", second("id: main\ncms: drupal"), `userlink.yaml:9: the site "main" is there twice, first at`},
		{"cms unknown", edit("cms: wordpress", "cms: typo3"), `userlink.yaml:6: the cms "typo3" is not known; write wordpress, drupal, drupal7, backdrop or joomla`},
		{"cms mistyped", edit("cms: wordpress", "cms: WordPres"), `did you mean wordpress?`},
		{"prefix", edit("wp_", "wp-"), `userlink.yaml:7: "wp-" is no prefix of tables`},
		{"no prefix for WordPress", edit("    table_prefix: wp_\n", ""), `userlink.yaml:5: table_prefix is missing; write what stands as $table_prefix in wp-config.php`},
		{"no prefix for Joomla", edit("cms: wordpress\n    table_prefix: wp_", "cms: joomla\n    table_prefix:"), `userlink.yaml:7: table_prefix is missing; write what stands as $dbprefix in configuration.php`},
		{"domain 0", edit("cms: wordpress", "cms: wordpress\n    domain_id: 0"), `userlink.yaml:7: "0" is not a whole number from 1 to 4294967295`},
		{"time zone", edit("cms: wordpress", "cms: wordpress\n    time_zone: Berlin"), `userlink.yaml:7: the time zone "Berlin" is not known; write the name that the CMS's settings show, such as Europe/Berlin or UTC`},
		{"blog of Drupal", edit("cms: wordpress", "cms: drupal\n    blog_id: 2"), "userlink.yaml:7: blog_id is of WordPress alone"},
		{"user plugin of WordPress", edit("cms: wordpress", "cms: wordpress\n    joomla_user_plugin: true"), "userlink.yaml:7: joomla_user_plugin is of Joomla alone"},
		{"policy event", edit("cms: wordpress", "cms: wordpress\n    policy: {logged_out: ignore}"), `userlink.yaml:7: policy: "logged_out" is no event; write registered`},
		{"policy rule", edit("cms: wordpress", "cms: wordpress\n    policy:\n      updated: link"), `userlink.yaml:8: policy: updated: "link" is no rule; write ignore`},
		{"the same users", second(twin + "wp_\ndomain_id: 2"), `userlink.yaml:9: the site "second" has the same users as "main" at`},
		{"the same domain", second(twin + "wp2_"), `have other users and the same CiviCRM domain`},

		{"key without id", keys("[{secret_file: main-1.key}]"), `userlink.yaml:8: "" is no id of a key`},
		{"key without secret", keys("[{id: main-1}]"), `userlink.yaml:8: the key "main-1" has no secret`},
		{"key too short", keys("[{id: main-1, secret_file: short.key}]"), `userlink.yaml:8: the secret has 5 bytes, and needs at least 32; run userlink keys new`},
		{"key of two lines", keys("[{id: main-1, secret_file: two.key}]"), "the secret has more than one line"},
		{"key file empty", keys("[{id: main-1, secret_file: empty.key}]"), "empty.key is empty"},
		{"key file missing", keys("[{id: main-1, secret_file: /none.key}]"), "userlink.yaml:8: /none.key cannot be read: no such file or directory; the sidecar's user has to be able to read it"},
		{"match rule", good + "    match: [email, names]\n", `userlink.yaml:9: "names" is no match rule; write email, email_and_names or unsupervised`},
		{"match rule twice", good + "    match:\n    - email\n    - email\n", `userlink.yaml:11: "email" is empty or there twice; take it out`},
		{"on_ambiguous", good + "    on_ambiguous: ask\n", `userlink.yaml:9: "ask" is no answer; write first, conflict or create`},
		{"on_similar", good + "    on_similar: true\n", `userlink.yaml:9: "true" is no answer; write first, conflict or create`},
		{"verify_email", good + "    verify_email: true\n", `userlink.yaml:9: "true" is not known; write off or first_login`},
		{"only, a value", good + "    only: member\n", "userlink.yaml:9: only is not a list of settings"},
		{"only, a mistyped key", good + "    only: {role: [member]}\n", `userlink.yaml:9: "role" is not known; did you mean roles?`},
		{"only, a status", good + "    only: {status: [enabled]}\n", `userlink.yaml:9: "enabled" is no status; write active, blocked or pending`},
		{"only, an empty role", good + "    only: {roles: ['']}\n", `userlink.yaml:9: "" is empty or there twice`},
		{"a mistyped key of matching", good + "    on_ambigous: first\n", `did you mean on_ambiguous?`},
		{"key of the documentation", keys("[{id: main-1, secret: " + exampleSecret + "}]"), "the secret is the one of the documentation"},
		{"secret and file", keys("[{id: main-1, secret: x, secret_file: main-1.key}]"), "both secret and secret_file are given"},
		{"three keys", keys("[{id: a, secret_file: main-1.key}, {id: b, secret_file: main-2.key}, {id: c, secret: a third secret of the tests, long enough}]"), `the site "main" has 3 keys; keep two`},
		{"key id twice", keys("[{id: a, secret_file: main-1.key}, {id: a, secret_file: main-2.key}]"), `the key id "a" is used before, at`},
		{"secret twice", keys("[{id: a, secret_file: main-1.key}, {id: b, secret_file: main-1.key}]"), "the secret is that of another key, at"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := load(t, test.yaml, nil)
			if err == nil {
				t.Fatal("no problem")
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %s\nwant %s", err, test.want)
			}
			if strings.Contains(err.Error(), "secret-of-the-db") || strings.Contains(err.Error(), testSecret) {
				t.Errorf("a secret: %s", err)
			}
		})
	}
}

func TestProblemsOfVariables(t *testing.T) {
	_, err := load(t, good, map[string]string{"USERLINK_LISTEN": "0.0.0.0:1", "USERLINK_SYNC_CHUNK": "x", "USERLINK_SITE_MAIN_DSN": "x", "USERLINK_CIVICRM_DSN": "x"})
	for _, want := range []string{"USERLINK_LISTEN: listen: 0.0.0.0:1 can be", `USERLINK_SYNC_CHUNK: "x" is not a whole number`, "USERLINK_SITE_MAIN_DSN: dsn: cannot be read", "USERLINK_CIVICRM_DSN: dsn: cannot be read"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
}

func TestAllProblemsAtOnceInTheOrderOfTheirLines(t *testing.T) {
	_, err := load(t, "lisen: x\ncivicrm:\n  dsn: x\nsites:\n- id: A\n  cms: x\n  table_prefix: '-'\n  domain_id: 0\n  keys:\n  - id: '?'\n", nil)
	var problems *ProblemsError
	if !errors.As(err, &problems) {
		t.Fatal(err)
	}
	var lines []int
	for _, p := range problems.List {
		lines = append(lines, p.line)
	}
	if want := []int{1, 3, 5, 6, 7, 8, 10, 10}; !reflect.DeepEqual(lines, want) {
		t.Errorf("got lines %v, want %v:\n%s", lines, want, err)
	}
}

func TestWhatIsNoYAMLIsOneProblem(t *testing.T) {
	_, err := load(t, "listen: [\n", nil)
	var problems *ProblemsError
	if !errors.As(err, &problems) || len(problems.List) != 1 {
		t.Errorf("got %v", err)
	}
}

func TestMissingFile(t *testing.T) {
	_, err := Load("/none/userlink.yaml", os.LookupEnv)
	if err == nil || err.Error() != "/none/userlink.yaml: cannot be read: no such file or directory; name the file with --config, or start from userlink.example.yaml" {
		t.Errorf("got %v", err)
	}
}
