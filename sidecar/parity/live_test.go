package parity

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"userlink/sidecar/link"
	"userlink/sidecar/link/linktest"
	"userlink/sidecar/mysql/mysqltest"
)

// TestRows makes up sites, lets CiviCRM link the users of each in one database and userlink in another, and compares every row
// of every table of CiviCRM's. USERLINK_SEED (default: the time) says which sites, USERLINK_SITES how many (default 12), with
// USERLINK_USERS users each (default 25). A site on which the two differ is made as small as possible and printed.
func TestRows(t *testing.T) {
	w := openTwins(t)
	seed, sites, users := whichSites(t)
	t.Logf("CiviCRM %s, detailed logging %v, USERLINK_SEED=%d", w.version, w.logging, seed)
	total := tally{}
	for i := range sites {
		site := makeSite(seed+i, int(users), w.version)
		found, counted := w.compare(t, site)
		total.add(counted)
		if len(found) == 0 {
			continue
		}
		small := w.shrink(t, site)
		found, _ = w.compare(t, small)
		t.Errorf("CiviCRM and userlink differ (USERLINK_SEED=%d USERLINK_SITES=1 USERLINK_USERS=%d):\n%s\non\n%s", seed+i, users, strings.Join(found, "\n"), small)
		total["sites that differ"]++
		if total["sites that differ"] == 5 {
			t.Fatal("that is enough")
		}
	}
	total["sites"] += int(sites)
	t.Log(total)
}

// whichSites returns the seed of the first site to make up, how many sites, and how many users each.
func whichSites(t *testing.T) (seed, sites, users uint64) {
	t.Helper()
	seed = linktest.Number(t, "USERLINK_SEED", uint64(time.Now().Unix()))
	return seed, linktest.Number(t, "USERLINK_SITES", 12), linktest.Number(t, "USERLINK_USERS", 25)
}

// tally counts what was compared.
type tally map[string]int

func (y tally) add(more tally) {
	for what, n := range more {
		y[what] += n
	}
}

func (y tally) String() string {
	lines := make([]string, 0, len(y))
	for what, n := range y {
		lines = append(lines, fmt.Sprintf("%7d %s", n, what))
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[8:], b[8:]) })
	return "compared:\n" + strings.Join(lines, "\n")
}

// compare lets both link the users of a site and returns the differences.
func (w *twins) compare(t *testing.T, s madeSite) ([]string, tally) {
	t.Helper()
	w.build(s)
	before := map[*mysqltest.Database]map[string][]row{w.theirs: w.all(t, w.theirs), w.our(): w.all(t, w.our())}
	apartBefore := changes(before[w.theirs], before[w.our()])
	if len(apartBefore.gone)+len(apartBefore.new) > 0 {
		t.Fatalf("the two databases were not the same to begin with: %v\n%s", apartBefore, s)
	}
	var results []link.Result
	var answer done
	ours := w.during(t, w.our(), before, func() { results = w.run(t, s) })
	what := w.telling(s, results)
	theirs := w.during(t, w.theirs, before, func() { answer = w.tell(t, s, what) })
	counted := tally{"tables": len(w.tables), "users by " + s.Path + " on " + string(s.CMS): len(s.Users) + len(s.Events)}
	if slices.ContainsFunc(answer.Events, func(e doneEvent) bool { return e.Rows["civicrm_contact"] > 0 }) {
		delete(theirs.change.gone, aclContacts) // emptied on behalf of a user set aside too
		delete(ours.change.gone, aclContacts)
	}
	found := compareChanges(ours, theirs, counted)
	if answer.Error != "" {
		found = append(found, "CiviCRM's sync failed: "+answer.Error)
	}
	return append(found, compareAside(what.Events, answer, counted)...), counted
}

const (
	aclContacts    = "civicrm_acl_contact_cache"
	loggedContacts = "log_civicrm_contact"
)

// side is what one of the two has done.
type side struct {
	change change
	names  *names
}

func (w *twins) during(t *testing.T, d *mysqltest.Database, before map[*mysqltest.Database]map[string][]row, work func()) side {
	t.Helper()
	c := clock{from: time.Now().UTC()}
	work()
	c.to = time.Now().UTC()
	after := w.all(t, d)
	s := side{changes(before[d], after), w.names(before[d], after, c)}
	if w.logging {
		s.change.new[loggedContacts] = s.names.inOne(s.change.new[loggedContacts])
	}
	return s
}

func compareChanges(ours, theirs side, counted tally) []string {
	tables := map[string]bool{}
	for _, c := range []change{ours.change, theirs.change} {
		for table := range c.gone {
			tables[table] = true
		}
		for table := range c.new {
			tables[table] = true
		}
	}
	var found []string
	for table := range tables {
		if _, ok := rebuilt[table]; ok {
			continue
		}
		for what, lists := range map[string][2][]text{
			"gone": {ours.names.texts(table, ours.change.gone[table]), theirs.names.texts(table, theirs.change.gone[table])},
			"new":  {ours.names.texts(table, ours.change.new[table]), theirs.names.texts(table, theirs.change.new[table])},
		} {
			counted["rows "+what+" in "+table] += len(lists[1])
			onlyOurs, onlyTheirs := apart(lists[0], lists[1], func(x text) string { return x.exact })
			blanks := len(onlyTheirs)
			onlyOurs, onlyTheirs = apart(onlyOurs, onlyTheirs, func(x text) string { return x.loose })
			if blanks -= len(onlyTheirs); blanks > 0 {
				counted["rows with blanks around an email, listed"] += blanks
			}
			for _, x := range onlyOurs {
				found = append(found, fmt.Sprintf("%s %s, userlink: %s", table, what, x.exact))
			}
			for _, x := range onlyTheirs {
				found = append(found, fmt.Sprintf("%s %s, CiviCRM:  %s", table, what, x.exact))
			}
		}
	}
	sort.Strings(found)
	return found
}

// compareAside looks whether CiviCRM did what doc/fidelity.md says with the users whom userlink refused to link.
func compareAside(what []toldEvent, answer done, counted tally) []string {
	var found []string
	for i, e := range answer.Events {
		switch got := shape(e); {
		case !what[i].Forget && e.Error != "":
			found = append(found, "CiviCRM failed: "+e.Error)
		case what[i].Forget:
			counted["users set aside: "+string(what[i].why)]++
			if !slices.Contains(shapes[what[i].why], got) {
				found = append(found, fmt.Sprintf("about a user set aside for %s CiviCRM wrote: %s %s", what[i].why, got, e.Error))
			}
		}
	}
	return found
}
