package config

import (
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"userlink/sidecar/link"
)

// DefaultPath is where the file is when nothing else is said.
const DefaultPath = "/etc/userlink/userlink.yaml"

// Config is what the sidecar is told. As Load returns it, every value is within its bounds.
type Config struct {
	Listen      string // host:port, or unix: and an absolute path
	AllowRemote bool   // Listen may be reachable from other machines
	SocketGroup string // group of the unix socket: a name or a number; empty: the process's own
	CiviCRM     Database
	Log         Log
	Sync        Sync
	Sites       []Site

	Warnings []Problem // what works, but should be looked at
}

// Database says how to reach a database.
type Database struct {
	DSN Secret // as go-sql-driver/mysql writes it; names the database. Empty for a site: CiviCRM's own
}

// Log says what is logged and how.
type Log struct {
	Level  slog.Level
	Format string // json or text
}

// Sync says how large the steps of a full sync are, and when it makes way for the live site.
type Sync struct {
	Chunk       int           // users in the first step, 50 to 5000
	ChunkTime   time.Duration // what a step should take; its size follows
	Workers     int           // how many steps at once, at most 8; 0: as many as the machine has processors, but 2 to 4
	BusyThreads int           // threads at work on the database server at which it rests; 0: no limit
	// BusyStatements is how many statements a second the server may get from others while more than one step is done at once;
	// 0: no limit.
	BusyStatements int
	Replica        Database      // of CiviCRM's database; empty: there is none to wait for
	MaxLag         time.Duration // how far the replica may be behind; at this it rests
}

// Site is one CMS, or one blog of a WordPress multisite.
type Site struct {
	ID               string
	CMS              link.CMS
	Database         Database
	TablePrefix      string
	BlogID           int // WordPress multisite: only the users of this blog; 0: all users
	DomainID         uint32
	TimeZone         *time.Location // of the CMS's PHP; nil: that of the database server
	JoomlaUserPlugin bool           // the site runs the optional user plugin: see link.PolicyOf
	Policy           link.Policy    // the site's overrides of the CMS's policy
	Matching         link.Matching
	Keys             []Key // at most two

	at     place
	places map[string]place // of its settings
}

// Rules returns what each event causes on this site: the CMS's policy, with what the site's own settings change.
func (s Site) Rules() link.Policy {
	policy := link.PolicyOf(s.CMS, s.JoomlaUserPlugin, s.Policy)
	if s.Matching.VerifyEmail {
		policy = policy.LinkingAtLogin(s.Policy)
	}
	return policy
}

// Key is what a site signs with.
type Key struct {
	ID     string
	Secret Secret // at least 32 bytes

	at place
}

// defaults is what holds where nothing is written.
func defaults() Config {
	return Config{
		Listen: "127.0.0.1:7780",
		Log:    Log{Level: slog.LevelInfo, Format: "json"},
		Sync:   Sync{Chunk: 1000, ChunkTime: 400 * time.Millisecond, BusyThreads: 25, BusyStatements: 100, MaxLag: 2 * time.Second},
	}
}

// defaultSite is what holds for a site where nothing is written.
func defaultSite() Site { return Site{DomainID: 1} }

// Load reads the file and what lookupEnv (os.LookupEnv) overrides. Its error is a *ProblemsError, with all that is wrong; the
// Config then has what could be read.
func Load(path string, lookupEnv func(string) (string, bool)) (*Config, error) {
	r := &reader{file: filepath.Base(path), dir: filepath.Dir(path), env: lookupEnv, places: map[string]place{}}
	c := defaults()
	data, err := os.ReadFile(path) //nolint:gosec // the operator names it
	if err != nil {
		r.problem(place{file: path}, "cannot be read: "+causeOf(err), "name the file with --config, or start from userlink.example.yaml")
		return &c, r.result()
	}
	r.file = path
	root := r.parse(data)
	if root == nil {
		return &c, r.result()
	}
	r.read(root, &c)
	r.check(&c)
	if info, err := os.Stat(path); err == nil {
		r.checkReaders(place{file: path}, info.Mode(), r.inline)
	}
	c.Warnings = r.warnings
	return &c, r.result()
}

// checkReaders warns of a file that everybody on the machine may read though it holds a secret.
func (r *reader) checkReaders(at place, mode fs.FileMode, secret bool) {
	if secret && mode.Perm()&0o007 != 0 {
		r.warn(at, fmt.Sprintf("holds a secret, and everybody on this machine may read it (mode %04o)", mode.Perm()), "chmod 0640, with the group of the sidecar's user")
	}
}
