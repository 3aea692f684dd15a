package config

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/go-sql-driver/mysql"
)

const (
	maxSocketPath = 107 // bytes, Linux
	dsnForm       = "write user:password@tcp(127.0.0.1:3306)/database or user:password@unix(/run/mysqld/mysqld.sock)/database"
)

// check looks at what can only be judged when all is read.
func (r *reader) check(c *Config) {
	r.checkListen(c)
	if len(c.Sites) == 0 {
		r.problem(place{file: r.file}, "there is no site", "list at least one under sites")
	}
	for i := range c.Sites {
		r.checkSite(&c.Sites[i])
	}
	r.checkTogether(c)
	r.checkKeysTogether(c)
}

func (r *reader) checkListen(c *Config) {
	at := r.where("listen")
	if path, ok := strings.CutPrefix(c.Listen, "unix:"); ok {
		if !strings.HasPrefix(path, "/") || len(path) > maxSocketPath {
			r.problem(at, fmt.Sprintf("listen: %q is not an absolute path of at most %d bytes", path, maxSocketPath), "write unix:/run/userlink/userlink.sock")
		}
		return
	}
	host, port, err := net.SplitHostPort(c.Listen)
	n, numberErr := strconv.ParseUint(port, 10, 16)
	if err != nil || numberErr != nil || (n == 0 && port != "0") {
		r.problem(at, fmt.Sprintf("listen: %q is not an address with a port, nor unix: and a path", c.Listen), "write 127.0.0.1:7780 or unix:/run/userlink/userlink.sock")
		return
	}
	// A name is judged when it is listened on.
	ip := net.ParseIP(host)
	if reachable := host == "" || (ip != nil && !ip.IsLoopback()); reachable && !c.AllowRemote {
		r.problem(at, fmt.Sprintf("listen: %s can be reached from other machines, and there is no TLS", c.Listen), "write 127.0.0.1:"+port+", or allow_remote: true if only the CMS can reach it")
	}
	if c.SocketGroup != "" {
		r.warn(at, "socket_group has no effect on a port", "take it out, or listen on unix:/run/userlink/userlink.sock")
	}
}

// checkDSN reads a DSN as the driver will. The driver's own errors may repeat parts of it, so they are not shown.
func (r *reader) checkDSN(dsn Secret, at place, needed bool) {
	if dsn == "" {
		if needed {
			r.problem(at, "the dsn of CiviCRM's database is missing", dsnForm+" under civicrm")
		}
		return
	}
	parsed, err := mysql.ParseDSN(dsn.Reveal())
	if err != nil || (parsed.Net != "tcp" && parsed.Net != "unix") {
		r.problem(at, "dsn: cannot be read", dsnForm)
		return
	}
	if parsed.DBName == "" {
		r.problem(at, "dsn: names no database", dsnForm)
	}
	if parsed.User == "" {
		r.problem(at, "dsn: names no user", dsnForm)
	}
	if parsed.MultiStatements || parsed.AllowAllFiles {
		r.problem(at, "dsn: multiStatements and allowAllFiles open doors that userlink does not need", "take them out")
	}
	if host, _, err := net.SplitHostPort(parsed.Addr); parsed.Net == "tcp" && err == nil && parsed.TLSConfig == "" && !isLocal(host) {
		r.warn(at, "dsn: the database is on another machine, and the connection is not encrypted", "add ?tls=true if the network is not yours alone")
	}
}

func isLocal(host string) bool { return host == "localhost" || net.ParseIP(host).IsLoopback() }
