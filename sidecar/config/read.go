package config

import (
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"userlink/sidecar/link"
)

// read takes the values out of the file and then out of the variables, which win.
func (r *reader) read(root ast.Node, c *Config) {
	plain := map[string]setter{
		"listen":          text(&c.Listen),
		"allow_remote":    flag(&c.AllowRemote),
		"socket_group":    text(&c.SocketGroup),
		"log.level":       level(&c.Log.Level),
		"log.format":      oneOf(&c.Log.Format, "json", "text"),
		"sync.chunk":      number(&c.Sync.Chunk, 50, 5000),
		"sync.chunk_time": duration(&c.Sync.ChunkTime, 50*time.Millisecond, 5*time.Second),
		"sync.workers":    number(&c.Sync.Workers, 0, 8),

		"sync.busy_threads":    number(&c.Sync.BusyThreads, 0, 100000),
		"sync.busy_statements": number(&c.Sync.BusyStatements, 0, 1000000),
		"sync.max_lag":         duration(&c.Sync.MaxLag, 100*time.Millisecond, time.Hour),
	}
	var civicrm, replica source
	r.places = r.mapping(root, r.startOf(root), "the file", keys{
		"listen":       r.scalar(plain["listen"]),
		"allow_remote": r.scalar(plain["allow_remote"]),
		"socket_group": r.scalar(plain["socket_group"]),
		"civicrm":      func(node ast.Node, at place) { r.mapping(node, at, "civicrm", civicrm.keys(r, "dsn")) },
		"log": func(node ast.Node, at place) {
			r.mapping(node, at, "log", keys{"level": r.scalar(plain["log.level"]), "format": r.scalar(plain["log.format"])})
		},
		"sync": func(node ast.Node, at place) {
			known := replica.keys(r, "replica_dsn")
			for _, name := range []string{"chunk", "chunk_time", "workers", "busy_threads", "busy_statements", "max_lag"} {
				known[name] = r.scalar(plain["sync."+name])
			}
			r.mapping(node, at, "sync", known)
		},
		"sites": func(node ast.Node, _ place) {
			r.list(node, func(item ast.Node, at place) { c.Sites = append(c.Sites, r.site(item, at)) })
		},
	})
	r.readVariables(plain)
	civicrm.fromEnv(r, "USERLINK_CIVICRM_DSN")
	c.CiviCRM.DSN = civicrm.value(r, "dsn")
	r.checkDSN(c.CiviCRM.DSN, civicrm.place(r.where("civicrm")), civicrm.file == nil)
	replica.fromEnv(r, "USERLINK_SYNC_REPLICA_DSN")
	c.Sync.Replica.DSN = replica.value(r, "replica_dsn")
	r.checkDSN(c.Sync.Replica.DSN, replica.place(r.where("sync")), false)
}

// readVariables reads USERLINK_LOG_LEVEL for log.level, and so on.
func (r *reader) readVariables(plain map[string]setter) {
	for _, name := range slices.Sorted(maps.Keys(plain)) {
		variable := "USERLINK_" + strings.ToUpper(strings.ReplaceAll(name, ".", "_"))
		if value := r.variable(variable); value != "" {
			r.places[name] = place{file: variable}
			r.apply(plain[name], value, r.places[name])
		}
	}
}

// variable returns the value of a variable. An empty one counts as not set: that is how compose files pass on what is not.
func (r *reader) variable(name string) string {
	value, _ := r.env(name)
	return value
}

func (r *reader) site(node ast.Node, at place) Site {
	site := defaultSite()
	var dsn source
	known := dsn.keys(r, "dsn")
	maps.Copy(known, keys{
		"id":                 r.scalar(text(&site.ID)),
		"cms":                r.scalar(text(&site.CMS)),
		"table_prefix":       r.scalar(text(&site.TablePrefix)),
		"blog_id":            r.scalar(number(&site.BlogID, 0, math.MaxInt32)),
		"domain_id":          r.scalar(number(&site.DomainID, 1, math.MaxUint32)),
		"time_zone":          r.scalar(timeZone(&site.TimeZone)),
		"joomla_user_plugin": r.scalar(flag(&site.JoomlaUserPlugin)),
		"match": func(node ast.Node, _ place) {
			r.list(node, r.scalar(appended(&site.Matching.Rules, link.ParseMatchRule)))
		},
		"on_ambiguous": r.scalar(parsed(&site.Matching.OnAmbiguous, link.ParseFallback)),
		"on_similar":   r.scalar(parsed(&site.Matching.OnSimilar, link.ParseFallback)),
		"verify_email": r.scalar(firstLogin(&site.Matching.VerifyEmail)),
		"only":         func(node ast.Node, at place) { r.scope(node, at, &site.Matching.Only) },
		"policy":       func(node ast.Node, at place) { site.Policy = r.policy(node, at) },
		"keys": func(node ast.Node, _ place) {
			r.list(node, func(item ast.Node, at place) { site.Keys = append(site.Keys, r.key(item, at)) })
		},
	})
	site.at, site.places = at, r.mapping(node, at, "a site", known)
	dsn.fromEnv(r, "USERLINK_SITE_"+strings.ToUpper(strings.ReplaceAll(site.ID, "-", "_"))+"_DSN")
	site.Database.DSN = dsn.value(r, "dsn")
	r.checkDSN(site.Database.DSN, dsn.place(at), false)
	return site
}

// scope reads which users count.
func (r *reader) scope(node ast.Node, at place, into *link.Scope) {
	r.mapping(node, at, "only", keys{
		"roles": func(node ast.Node, _ place) {
			r.list(node, r.scalar(appended(&into.Roles, func(role string) (string, error) { return role, nil })))
		},
		"status": func(node ast.Node, _ place) { r.list(node, r.scalar(appended(&into.Statuses, link.ParseStatus))) },
	})
}

func (r *reader) key(node ast.Node, at place) Key {
	key := Key{at: at}
	var secret source
	known := secret.keys(r, "secret")
	known["id"] = r.scalar(text(&key.ID))
	r.mapping(node, at, "a key", known)
	key.Secret = secret.value(r, "secret")
	r.checkKey(key, secret)
	return key
}

func (r *reader) policy(node ast.Node, at place) link.Policy {
	policy := link.Policy{}
	r.entries(node, at, "policy", func(event string, value ast.Node, at place) {
		r.scalar(func(rule string) (string, string) {
			line, problems := link.ParsePolicy(map[string]string{event: rule})
			maps.Copy(policy, line)
			if len(problems) == 0 {
				return "", ""
			}
			wrong, write, _ := strings.Cut(problems[0].Error(), ": write ")
			return "policy: " + wrong, "write " + write
		})(value, at)
	})
	return policy
}
