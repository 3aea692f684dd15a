package main

import (
	"context"
	"fmt"
	"net"
	"strings"

	"github.com/spf13/cobra"

	"userlink/sidecar/config"
	"userlink/sidecar/mysql"
	"userlink/sidecar/server"
)

func (a *app) checkVerb() *cobra.Command {
	var asJSON, grants bool
	cmd := &cobra.Command{
		Use: "check", Short: "Look whether everything is in place, and print the GRANT statements", Args: cobra.NoArgs,
		Long: `check reads the configuration and reports every problem in it with its line. Then it looks whether the databases answer, the
tables are there, the accounts may do what they must and nothing that they must not, the clocks agree, the keys are there and
the address can be listened on; and prints the CREATE USER and GRANT statements for each site. It changes nothing.

Exit codes: 0 no problem, 1 a problem, 2 the configuration is wrong.`,
		RunE: a.verb(func(ctx context.Context) error {
			h, err := a.openQuietly()
			if err != nil {
				return err
			}
			defer func() { _ = h.close() }()
			if grants {
				return a.printGrants(ctx, h)
			}
			return a.check(ctx, h, asJSON)
		}),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	cmd.Flags().BoolVar(&grants, "grants", false, "only the GRANT statements; run once more after they were carried out, it prints what this site's own tables need beyond them")
	return cmd
}

// finding is a line of the report; Site is empty when it concerns all.
type finding struct {
	Site string `json:"site,omitempty"`
	mysql.Finding
}

// checked is the report as JSON.
type checked struct {
	OK       bool              `json:"ok"`
	Findings []finding         `json:"findings"`
	Grants   map[string]string `json:"grants"` // by site
}

func (a *app) check(ctx context.Context, h *house, asJSON bool) error {
	report := checked{OK: true, Grants: map[string]string{}}
	report.Findings = append(configFindings(h), finding{Finding: listenFinding(ctx, h)})
	for i, s := range h.sites {
		report.Findings = append(report.Findings, keyFindings(h.config.Sites[i])...)
		for _, f := range s.Check(ctx) {
			report.Findings = append(report.Findings, finding{s.ID, f})
		}
		grants, err := grantsOf(ctx, h, s)
		if err != nil {
			return err
		}
		report.Grants[s.ID] = grants
	}
	for _, f := range report.Findings {
		report.OK = report.OK && f.Level != mysql.Problem
	}
	if asJSON {
		if err := a.printJSON(report); err != nil {
			return err
		}
	} else {
		a.printFindings(report)
		for _, s := range h.sites {
			a.printGrant(s.ID, report.Grants[s.ID])
		}
	}
	if !report.OK {
		return &exitError{code: exitFailed}
	}
	return nil
}

func configFindings(h *house) []finding {
	found := []finding{{Finding: mysql.Finding{Level: mysql.OK, Name: "configuration", Detail: "can be used; sites: " + strings.Join(h.siteIDs(), ", ")}}}
	for _, w := range h.config.Warnings {
		found = append(found, finding{Finding: mysql.Finding{Level: mysql.Warning, Name: w.Place, Detail: w.What, Remedy: w.Write}})
	}
	return found
}

// listenFinding asks whether a sidecar answers already; if not, it tries whether one could listen.
func listenFinding(ctx context.Context, h *house) mysql.Finding {
	c := h.config
	f := mysql.Finding{Level: mysql.OK, Name: "listen"}
	if askHealth(ctx, c, "/healthz") == nil {
		f.Detail = "a sidecar answers on " + c.Listen
		return f
	}
	listener, err := server.Listen(ctx, server.ListenOptions{Address: c.Listen, AllowRemote: c.AllowRemote, SocketGroup: c.SocketGroup})
	if err != nil {
		f.Level, f.Detail, f.Remedy = mysql.Problem, err.Error(), "Write another address under listen, or make room there."
		return f
	}
	_ = listener.Close()
	f.Detail = "no sidecar answers on " + c.Listen + "; one could listen there"
	if address, ok := listener.Addr().(*net.TCPAddr); ok && !address.IP.IsLoopback() {
		f.Level, f.Detail, f.Remedy = mysql.Warning, c.Listen+" can be reached from other machines, without TLS", "Make sure that only the CMS can reach it."
	}
	return f
}

// keyFindings says which keys a site has; that it has none is among the warnings of the configuration.
func keyFindings(s config.Site) []finding {
	var found []finding
	for _, key := range s.Keys {
		found = append(found, finding{s.ID, mysql.Finding{Level: mysql.OK, Name: "key " + key.ID, Detail: "is there, and long enough"}})
	}
	return found
}

var levelWords = map[mysql.Level]string{mysql.OK: "ok     ", mysql.Warning: "warning", mysql.Problem: "PROBLEM"}

func (a *app) printFindings(report checked) {
	current := ""
	for _, f := range report.Findings {
		if f.Site != current {
			current = f.Site
			fmt.Fprintf(a.out, "\nsite %s\n", current)
		}
		fmt.Fprintf(a.out, "%s  %s: %s\n", levelWords[f.Level], f.Name, f.Detail)
		if f.Remedy != "" {
			fmt.Fprintf(a.out, "         → %s\n", f.Remedy)
		}
	}
	fmt.Fprintln(a.out)
}

func (a *app) printGrants(ctx context.Context, h *house) error {
	for _, s := range h.sites {
		grants, err := grantsOf(ctx, h, s)
		if err != nil {
			return err
		}
		a.printGrant(s.ID, grants)
	}
	return nil
}

// grantsOf returns the statements of a site: those that every site needs and, as soon as the database answers, those that
// its tables ask for.
func grantsOf(ctx context.Context, h *house, s *site) (string, error) {
	dsn := h.config.CiviCRM.DSN.Reveal()
	grants, err := s.Grants(dsn)
	if err != nil {
		return "", err
	}
	if more, err := s.UseGrants(ctx, dsn); err == nil {
		grants += more
	}
	return grants, nil
}

func (a *app) printGrant(siteID, grants string) {
	fmt.Fprintf(a.out, "-- The account for the site %s: all that it needs, and no more.\n%s", siteID, grants)
}
