package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"userlink/sidecar/fullsync"
)

// command runs a command line as a shell would.
func command(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

// configure writes a configuration into a folder of its own; more replaces the database, which else is not there.
func configure(t *testing.T, dsn string) (path string) {
	t.Helper()
	dir := t.TempDir()
	if dsn == "" {
		dsn = "userlink:secret@unix(" + filepath.Join(dir, "no-database.sock") + ")/civicrm"
	}
	path = filepath.Join(dir, "userlink.yaml")
	for name, text := range map[string]string{
		"main-1.key": "a secret of the tests, 32 bytes and more\n",
		"userlink.yaml": "listen: unix:" + filepath.Join(dir, "s") + "\ncivicrm: {dsn: '" + dsn + "'}\n" +
			"sites: [{id: main, cms: wordpress, table_prefix: wp_, keys: [{id: main-1, secret_file: main-1.key}]}]\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func TestCommandLine(t *testing.T) {
	good := configure(t, "")
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	if err := os.WriteFile(bad, []byte("lisen: x\nsites: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name        string
		args        []string
		code        int
		out, stderr string // parts
	}{
		{"pass - help", []string{"--help"}, 0, "Exit codes:", ""},
		{"pass - help of a verb", []string{"sync", "--help"}, 0, "--apply", ""},
		{"pass - version", []string{"version"}, 0, "userlink dev", ""},
		{"pass - version as JSON", []string{"version", "--json"}, 0, `"version": "dev"`, ""},
		{"pass - grants need no database", []string{"check", "--grants", "--config", good}, 0, "GRANT SELECT", ""},

		{"fail - no such verb", []string{"link"}, 2, "", `unknown command "link"`},
		{"fail - no such flag", []string{"sync", "--force"}, 2, "", "unknown flag: --force"},
		{"fail - an argument too many", []string{"serve", "now"}, 2, "", "userlink serve"},
		{"fail - a flag that is no number", []string{"explain", "--user", "jane"}, 2, "", "invalid argument"},
		{"fail - no configuration", []string{"serve", "--config", "/none.yaml"}, 2, "", "/none.yaml: cannot be read: no such file"},
		{"fail - a bad configuration, all of it", []string{"check", "--config", bad}, 2, "", "did you mean listen?"},
		{"fail - no such site", []string{"sync", "--config", good, "--site", "other"}, 2, "", `--site "other": the configuration has ["main"]`},
		{"fail - explain no such site", []string{"explain", "--config", good, "--user", "1", "--site", "other"}, 2, "", `--site "other"`},
		{"fail - explain whom", []string{"explain", "--config", good}, 2, "", "--user"},
		{"fail - conflicts of no such site", []string{"conflicts", "--config", good, "--site", "other"}, 2, "", `--site "other"`},
		{"fail - conflicts without a database", []string{"conflicts", "--config", good}, 1, "", "the database does not answer"},
		{"fail - resolve whom", []string{"resolve", "--config", good, "--create"}, 2, "", "write --user"},
		{"fail - resolve how", []string{"resolve", "--config", good, "--user", "1"}, 2, "", "at least one of the flags"},
		{"fail - resolve in two ways", []string{"resolve", "--config", good, "--user", "1", "--create", "--take-over"}, 2, "", "none of the others can be"},
		{"fail - resolve with no contact", []string{"resolve", "--config", good, "--user", "1", "--link", "0"}, 2, "", "write --user"},
		{"fail - resolve without a database", []string{"resolve", "--config", good, "--user", "1", "--create"}, 1, "", "the database does not answer"},
		{"fail - a key for whom", []string{"keys", "new", "--config", good}, 2, "", "--site"},
		{"fail - healthcheck of nobody", []string{"healthcheck", "--config", good}, 1, "", "no sidecar answers"},
		{"fail - migrate without a database", []string{"migrate", "--config", good}, 1, "", "the database does not answer"},
		{"fail - sync without a database", []string{"sync", "--config", good}, 1, "", "the database does not answer"},
		{"fail - explain without a database", []string{"explain", "--config", good, "--user", "1"}, 1, "", "the database does not answer"},
		{"fail - check without a database", []string{"check", "--config", good}, 1, "PROBLEM  CiviCRM's database: does not answer", ""},
		{"fail - the same as JSON", []string{"check", "--config", good, "--json"}, 1, `"ok": false`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			code, out, stderr := command(t, test.args...)
			if code != test.code || !strings.Contains(out, test.out) || !strings.Contains(stderr, test.stderr) {
				t.Errorf("got %d, want %d\nstdout: %s\nstderr: %s", code, test.code, out, stderr)
			}
			if strings.Contains(out+stderr, "secret@") {
				t.Error("the password is shown")
			}
		})
	}
}

func TestConfigPathFromTheEnvironment(t *testing.T) {
	t.Setenv("USERLINK_CONFIG", configure(t, ""))
	if code, out, stderr := command(t, "check", "--grants"); code != 0 || !strings.Contains(out, "site main") {
		t.Errorf("got %d %s %s", code, out, stderr)
	}
}

func TestNewKey(t *testing.T) {
	path := configure(t, "")
	dir := filepath.Dir(path)
	code, out, stderr := command(t, "keys", "new", "--config", path, "--site", "main")
	if code != 0 {
		t.Fatal(stderr)
	}
	file := filepath.Join(dir, "main-2.key") // main-1 is in use
	for _, want := range []string{"- id: main-2\n", "secret_file: " + file, "chown userlink:www-data " + file + " && chmod 0440 " + file + "\n    chmod o+x " + dir, "define( 'USERLINK_KEY_ID', 'main-2' );", "define( 'USERLINK_KEY_FILE', '" + file + "' );"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in %s", want, out)
		}
	}
	if strings.Contains(out, "settings.php") || strings.Contains(out, "configuration.php") {
		t.Errorf("lines of another CMS: %s", out)
	}
	key, err := os.ReadFile(file)
	if err != nil || len(bytes.TrimSpace(key)) != 43 || strings.Contains(out, string(bytes.TrimSpace(key))) {
		t.Errorf("%q, %v", key, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}

	if code, out, _ := command(t, "keys", "new", "--config", path, "--site", "main"); code != 0 || !strings.Contains(out, "- id: main-3\n") {
		t.Errorf("a second one: %d %s", code, out)
	}
	if code, _, stderr := command(t, "keys", "new", "--config", path, "--site", "main", "--id", "main-2"); code != 1 || !strings.Contains(stderr, "exists") {
		t.Errorf("over one that is there: %d %s", code, stderr)
	}
	other := t.TempDir()
	code, out, _ = command(t, "keys", "new", "--config", "/none.yaml", "--site", "members", "--dir", other, "--cms", "joomla")
	if code != 0 || !strings.Contains(out, "public $userlink_key_id = 'members-1';") || strings.Contains(out, "wp-config") {
		t.Errorf("without a configuration: %d %s", code, out)
	}
	if code, _, stderr := command(t, "keys", "new", "--config", path, "--site", "main", "--dir", "/none"); code != 1 || !strings.Contains(stderr, "/none") {
		t.Errorf("into no folder: %d %s", code, stderr)
	}
}

// logWatch is a log in which a test can wait for a line.
// wait returns a function that waits for the line, or for the end of the test's time.
// serving runs serve until stop is called; stop returns its exit code.
func TestAskingBeforeAnApply(t *testing.T) {
	for answer, want := range map[string]bool{"y\n": true, " Y \n": true, "n\n": false, "\n": false, "yes please\n": false, "": false} {
		var asked bytes.Buffer
		a := &app{in: strings.NewReader(answer), err: &asked}
		if got := a.agreed("main"); got != want || !strings.Contains(asked.String(), "[y/N]") {
			t.Errorf("%q: %v after %q", answer, got, asked.String())
		}
	}
}

func TestProgress(t *testing.T) {
	var shown bytes.Buffer
	a := &app{err: &shown}
	a.progress(false)(fullsync.Job{Total: 2})
	if shown.Len() > 0 {
		t.Errorf("a bar where there is no terminal: %q", shown.String())
	}
	show := a.progress(true)
	for checked := range 4 { // one user more than when it began
		show(fullsync.Job{Mode: fullsync.Preview, Counts: fullsync.Counts{Checked: checked}, Total: 3})
	}
	if !strings.Contains(shown.String(), "preview") {
		t.Errorf("no bar: %q", shown.String())
	}
	if isTerminal(&shown) {
		t.Error("a buffer is no terminal")
	}
}

func TestVersionSaysWhatItIsMadeOf(t *testing.T) {
	var out bytes.Buffer
	a := &app{out: &out}
	if err := a.printVersion(buildInfo{Version: "1.2.3", Commit: "0123456789abcdef", Modified: true, Go: "go1.26", Platform: "linux/amd64"}, false); err != nil {
		t.Fatal(err)
	}
	if want := "userlink 1.2.3 (0123456789ab, modified), go1.26, linux/amd64\n"; out.String() != want {
		t.Errorf("got %q", out.String())
	}
}

func TestCheckPrintsWarnings(t *testing.T) {
	path := configure(t, "")
	text := "listen: 127.0.0.1:0\nsocket_group: www-data\ncivicrm: {dsn: 'u:p@unix(/none.sock)/c'}\nsites: [{id: main, cms: drupal}]\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, out, _ := command(t, "check", "--config", path)
	for _, want := range []string{"socket_group has no effect on a port\n         → ", "one could listen there", "has no key, so its CMS cannot call"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in %s", want, out)
		}
	}
	if err := os.WriteFile(path, []byte(strings.Replace(text, "127.0.0.1:0", "unix:/none/s", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := command(t, "check", "--config", path); code != 1 || !strings.Contains(out, "PROBLEM  listen: ") {
		t.Errorf("got %d %s", code, out)
	}
	if err := os.WriteFile(path, []byte("allow_remote: true\n"+strings.Replace(text, "127.0.0.1:0", "0.0.0.0:0", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, out, _ := command(t, "check", "--config", path); !strings.Contains(out, "warning  listen: 0.0.0.0:0 can be reached from other machines") {
		t.Errorf("got %s", out)
	}
}
