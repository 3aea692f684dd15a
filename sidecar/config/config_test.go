package config

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"userlink/sidecar/link"
)

const testSecret = "a secret of the tests, 32 bytes and more"

// load writes the file beside a few others and loads it.
func load(t *testing.T, yaml string, env map[string]string) (*Config, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"userlink.yaml": yaml,
		"main-1.key":    testSecret + "\n",
		"main-2.key":    "another secret of the tests, for when keys change\r\n",
		"short.key":     "short\n",
		"empty.key":     "",
		"two.key":       testSecret + "\n" + testSecret + "\n",
		"civicrm.dsn":   "userlink:pass@unix(/run/mysqld/mysqld.sock)/from_file\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return Load(filepath.Join(dir, "userlink.yaml"), func(name string) (string, bool) {
		value, ok := env[name]
		return value, ok
	})
}

const good = `listen: 127.0.0.1:7780
civicrm:
  dsn: userlink:secret-of-the-db@tcp(127.0.0.1:3306)/civicrm
sites:
  - id: main
    cms: wordpress
    table_prefix: wp_
    keys: [{id: main-1, secret_file: main-1.key}]
`

func TestLoad(t *testing.T) {
	c, err := load(t, `
listen: unix:/run/userlink/userlink.sock
socket_group: www-data
allow_remote: true
civicrm: {dsn_file: civicrm.dsn}
log:
  level: debug
  format: text
sync:
  chunk: 50
  chunk_time: 5s
  workers: 3
  busy_threads: 0
  busy_statements: 7
  replica_dsn: "userlink:pass@tcp(localhost)/civicrm"
  max_lag: 1m
sites:
- id: main
  cms: wordpress
  table_prefix: wp_
  blog_id: 2
  keys:
  - id: main-1
    secret_file: main-1.key
  - {id: main-2, secret_file: main-2.key}
- id: members
  cms: joomla
  dsn: "joomla:pass@tcp(localhost)/joomla"
  table_prefix: jos_
  domain_id: 2
  time_zone: Europe/Berlin
  joomla_user_plugin: true
  keys: {id: members-1, secret: a secret in the file itself is possible}
  policy:
    registered: ignore
    user.updated: keep_email
  match: [email_and_names, email]
  on_ambiguous: conflict
  on_similar: create
  verify_email: first_login
  only:
    roles: [Registered, Super Users]
    status: active
`, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range c.Sites {
		c.Sites[i].at, c.Sites[i].places = place{}, nil
		for j := range c.Sites[i].Keys {
			c.Sites[i].Keys[j].at = place{}
		}
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	want := []Site{{
		ID: "main", CMS: link.WordPress, TablePrefix: "wp_", BlogID: 2, DomainID: 1,
		Keys: []Key{{ID: "main-1", Secret: testSecret}, {ID: "main-2", Secret: "another secret of the tests, for when keys change"}},
	}, {
		ID: "members", CMS: link.Joomla, Database: Database{DSN: "joomla:pass@tcp(localhost)/joomla"}, TablePrefix: "jos_", DomainID: 2, TimeZone: berlin, JoomlaUserPlugin: true,
		Policy: link.Policy{link.Registered: link.Ignore, link.Updated: link.KeepEmail},
		Matching: link.Matching{
			Rules: []link.MatchRule{link.MatchEmailAndNames, link.MatchEmail}, OnAmbiguous: link.AskPerson, OnSimilar: link.MakeAnother, VerifyEmail: true,
			Only: link.Scope{Roles: []string{"Registered", "Super Users"}, Statuses: []link.Status{link.StatusActive}},
		},
		Keys: []Key{{ID: "members-1", Secret: "a secret in the file itself is possible"}},
	}}
	if !reflect.DeepEqual(c.Sites, want) {
		t.Errorf("got  %#v\nwant %#v", c.Sites, want)
	}
	if c.Listen != "unix:/run/userlink/userlink.sock" || c.SocketGroup != "www-data" || !c.AllowRemote || c.CiviCRM.DSN != "userlink:pass@unix(/run/mysqld/mysqld.sock)/from_file" {
		t.Errorf("got %+v", c)
	}
	if c.Log != (Log{slog.LevelDebug, "text"}) || c.Sync != (Sync{50, 5 * time.Second, 3, 0, 7, Database{DSN: "userlink:pass@tcp(localhost)/civicrm"}, time.Minute}) || len(c.Warnings) > 0 {
		t.Errorf("got %+v", c)
	}
}

func TestDefaults(t *testing.T) {
	c, err := load(t, strings.Replace(good, "listen: 127.0.0.1:7780", "", 1), nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:7780" || c.AllowRemote || c.Log != (Log{slog.LevelInfo, "json"}) || c.Sync != (Sync{1000, 400 * time.Millisecond, 0, 25, 100, Database{}, 2 * time.Second}) || c.Sites[0].DomainID != 1 {
		t.Errorf("got %+v", c)
	}
}

func TestVariables(t *testing.T) {
	c, err := load(t, good, map[string]string{
		"USERLINK_LISTEN": "127.0.0.1:7781", "USERLINK_ALLOW_REMOTE": "true", "USERLINK_CIVICRM_DSN_FILE": "civicrm.dsn",
		"USERLINK_LOG_LEVEL": "error", "USERLINK_LOG_FORMAT": "text", "USERLINK_SYNC_CHUNK": "100", "USERLINK_SYNC_CHUNK_TIME": "100ms",
		"USERLINK_SITE_MAIN_DSN": "wp:pass@tcp(127.0.0.1)/wordpress", "USERLINK_CACHE": "not ours", "USERLINK_SOCKET_GROUP": "",
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:7781" || !c.AllowRemote || !strings.HasSuffix(c.CiviCRM.DSN.Reveal(), "/from_file") || c.Log != (Log{slog.LevelError, "text"}) ||
		c.Sync != (Sync{100, 100 * time.Millisecond, 0, 25, 100, Database{}, 2 * time.Second}) || c.Sites[0].Database.DSN != "wp:pass@tcp(127.0.0.1)/wordpress" {
		t.Errorf("got %+v", c)
	}
}

func TestExampleLoads(t *testing.T) {
	data, err := os.ReadFile("userlink.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	example := strings.ReplaceAll(string(data), "/etc/userlink/", "")
	if _, err := load(t, example, nil); err != nil {
		t.Error(err)
	}
	// And what it shows in comments is right, too.
	for _, commented := range []string{"# socket_group:", "# blog_id:", "# time_zone:", "  # - id:", "  #   cms:", "  #   dsn:", "  #   table_prefix:", "  #   domain_id:", "  #   joomla_user_plugin:"} {
		if !strings.Contains(example, commented) {
			t.Fatalf("no %q", commented)
		}
	}
	_, second, _ := strings.Cut(example, "  # - id: members")
	all := example + "  - id: members" + strings.ReplaceAll(strings.ReplaceAll(second, "\n  # ", "\n  "), "members-1.key", "main-2.key")
	c, err := load(t, all, nil)
	if err != nil || len(c.Sites) != 2 || c.Sites[1].Policy[link.Updated] != link.Ignore {
		t.Errorf("%v, %+v", err, c.Sites)
	}
}

// TestProblems: each thing that can be wrong, where it is, and what is said about it.
func TestWarnings(t *testing.T) {
	c, err := load(t, `
listen: 127.0.0.1:7780
socket_group: www-data
civicrm: {dsn: "u:p@tcp(db.example.org)/civicrm"}
sites: [{id: main, cms: drupal}]
`, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := fmt.Sprint(c.Warnings)
	for _, want := range []string{"socket_group has no effect", "userlink.yaml:4: dsn: the database is on another machine", `userlink.yaml:5: the site "main" has no key`} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in %s", want, all)
		}
	}
}

func TestWarningsAboutMatching(t *testing.T) {
	for yaml, want := range map[string]string{
		"policy: {logged_in: ignore}\nverify_email: first_login": "verify_email waits for the first login, and the policy does nothing then",
		"only: {status: [active]}":                               "WordPress users have no status",
		"match: [email, email_and_names]":                        "email_and_names after email finds nobody",
		"cms: drupal\nmatch: email_and_names":                    "users of this CMS have no first and last name",
		"verify_email: first_login":                              "",
		"verify_email: off":                                      "",
		"match: [email_and_names, unsupervised, email]":          "",
		"only: {}": "",
	} {
		file := good
		if strings.HasPrefix(yaml, "cms:") {
			file = strings.Replace(good, "    cms: wordpress\n", "", 1)
		}
		c, err := load(t, file+"    "+strings.ReplaceAll(yaml, "\n", "\n    ")+"\n", nil)
		if err != nil {
			t.Errorf("%s: %v", yaml, err)
			continue
		}
		if got := fmt.Sprint(c.Warnings); !strings.Contains(got, want) || (want == "") != (len(c.Warnings) == 0) {
			t.Errorf("%s: got %s, want %q", yaml, got, want)
		}
	}
}

// Whoever waits for the first login is linked by it, unless the site says otherwise.
func TestRulesOfASite(t *testing.T) {
	c, err := load(t, good+"    verify_email: first_login\n", nil)
	if err != nil || c.Sites[0].Rules()[link.LoggedIn] != link.EnsureLink {
		t.Errorf("%v %v", err, c.Sites[0].Rules())
	}
	if c, err = load(t, good, nil); err != nil || c.Sites[0].Rules()[link.LoggedIn] != link.Ignore {
		t.Errorf("%v %v", err, c.Sites[0].Rules())
	}
}

func TestFilesThatEverybodyMayRead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "userlink.yaml")
	for name, text := range map[string]string{"userlink.yaml": good, "main-1.key": testSecret} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Join(dir, name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c, err := Load(path, func(string) (string, bool) { return "", false })
	if err != nil || len(c.Warnings) != 2 {
		t.Fatalf("%v, %v", err, c.Warnings)
	}
	for i, file := range []string{"main-1.key", "userlink.yaml"} {
		if w := c.Warnings[i].String(); !strings.Contains(w, file+": holds a secret, and everybody on this machine may read it (mode 0644); chmod 0640") {
			t.Errorf("got %s", w)
		}
	}
}

func TestSecretsStaySecret(t *testing.T) {
	c, err := load(t, good, nil)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "dsn", c.CiviCRM.DSN, "config", c)
	for name, text := range map[string]string{
		"%v": fmt.Sprint(c, c.CiviCRM.DSN), "%+v": fmt.Sprintf("%+v", *c), "%#v": fmt.Sprintf("%#v", *c), "JSON": string(encoded), "slog": log.String(),
	} {
		if strings.Contains(text, "secret-of-the-db") || strings.Contains(text, testSecret) {
			t.Errorf("%s shows it: %s", name, text)
		}
	}
	if Secret("").String() != "" {
		t.Error("an empty secret looks like one")
	}
}
