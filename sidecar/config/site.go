package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/go-sql-driver/mysql"

	"userlink/sidecar/link"
)

var (
	siteIDPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,31}$`)
	prefixPattern = regexp.MustCompile(`^[A-Za-z0-9_$]{0,32}$`)
)

func (s *Site) where(name string) place {
	if at, ok := s.places[name]; ok {
		return at
	}
	return s.at
}

// checkSite looks at one site by itself.
func (r *reader) checkSite(s *Site) {
	if !siteIDPattern.MatchString(s.ID) {
		r.problem(s.where("id"), fmt.Sprintf("%q is no id of a site", s.ID), "write id: with 1 to 32 small letters, digits, dashes or underscores, such as main")
	}
	r.checkCMS(s)
	r.checkPrefix(s)
	if s.BlogID != 0 && s.CMS != link.WordPress {
		r.problem(s.where("blog_id"), "blog_id is of WordPress alone", "take it out")
	}
	r.checkMatching(s)
	if s.JoomlaUserPlugin && s.CMS != link.Joomla {
		r.problem(s.where("joomla_user_plugin"), "joomla_user_plugin is of Joomla alone", "take it out")
	}
}

// checkMatching looks at settings that are well written and yet cannot work.
func (r *reader) checkMatching(s *Site) {
	links := func(rule link.Rule) bool { return rule == link.EnsureLink || rule == link.EnsureLinkAndEmail }
	if rules := s.Rules(); s.Matching.VerifyEmail && links(rules[link.Registered]) && !links(rules[link.LoggedIn]) {
		r.warn(s.where("verify_email"), "verify_email waits for the first login, and the policy does nothing then", "write logged_in: ensure_link under policy, or leave it to the full sync")
	}
	if s.CMS == link.WordPress && len(s.Matching.Only.Statuses) > 0 {
		r.warn(s.where("only"), "WordPress users have no status but that of a network's spam, so status leaves nobody out in a sync", "take status out, or use roles")
	}
	if rules := s.Matching.Rules; len(rules) > 0 && slices.Contains(rules, link.MatchEmailAndNames) && (s.CMS == link.Drupal || s.CMS == link.Drupal7 || s.CMS == link.Backdrop) {
		r.warn(s.where("match"), "users of this CMS have no first and last name, so email_and_names never matches", "take it out")
	}
	if at := slices.Index(s.Matching.Rules, link.MatchEmailAndNames); at > 0 && slices.Contains(s.Matching.Rules[:at], link.MatchEmail) {
		r.warn(s.where("match"), "email_and_names after email finds nobody that email has not found", "write email_and_names first")
	}
}

func (r *reader) checkCMS(s *Site) {
	if slices.Contains(link.CMSs(), s.CMS) {
		return
	}
	write := "write " + orList(link.CMSs())
	var names []string
	for _, cms := range link.CMSs() {
		names = append(names, string(cms))
	}
	if guess, ok := meant(string(s.CMS), names); ok {
		write = "did you mean " + guess + "?"
	}
	r.problem(s.where("cms"), fmt.Sprintf("the cms %q is not known", s.CMS), write)
}

func (r *reader) checkPrefix(s *Site) {
	if !prefixPattern.MatchString(s.TablePrefix) {
		r.problem(s.where("table_prefix"), fmt.Sprintf("%q is no prefix of tables", s.TablePrefix), "write at most 32 letters, digits, underscores and dollar signs, such as wp_")
	}
	// These two cannot be installed without one, so that an empty one is a line that was forgotten.
	from := map[link.CMS]string{link.WordPress: "$table_prefix in wp-config.php, mostly wp_", link.Joomla: "$dbprefix in configuration.php"}[s.CMS]
	if s.TablePrefix == "" && from != "" {
		r.problem(s.where("table_prefix"), "table_prefix is missing", "write what stands as "+from)
	}
}

// checkTogether makes sure that no user is two sites' affair, and that no user id means two users.
func (r *reader) checkTogether(c *Config) {
	for i := range c.Sites {
		s := &c.Sites[i]
		for j := range c.Sites[:i] {
			r.checkPair(c, &c.Sites[j], s)
		}
	}
}

func (r *reader) checkPair(c *Config, first, s *Site) {
	sameTables := tablesOf(c, first) == tablesOf(c, s)
	switch {
	case first.ID == s.ID:
		r.problem(s.where("id"), fmt.Sprintf("the site %q is there twice, first at %s", s.ID, first.at), "give each site an id of its own")
	case sameTables && first.BlogID == s.BlogID:
		r.problem(s.at, fmt.Sprintf("the site %q has the same users as %q at %s", s.ID, first.ID, first.at), "keep one of them, or give each its blog_id, if they are blogs of one WordPress multisite")
	case !sameTables && first.DomainID == s.DomainID:
		r.problem(s.where("domain_id"), fmt.Sprintf("the sites %q and %q have other users and the same CiviCRM domain, in which a user id can mean one user only", first.ID, s.ID), "give each its domain_id")
	}
}

// tablesOf names where the users of a site are.
func tablesOf(c *Config, s *Site) string {
	dsn := s.Database.DSN
	if dsn == "" {
		dsn = c.CiviCRM.DSN
	}
	parsed, err := mysql.ParseDSN(dsn.Reveal())
	if err != nil { // reported; take it for another than all the rest
		return s.at.String()
	}
	return strings.Join([]string{parsed.Net, parsed.Addr, parsed.DBName, s.TablePrefix}, "\n")
}
