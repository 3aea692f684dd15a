package parity

import (
	"database/sql"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"userlink/sidecar/mysql/mysqltest"
)

// row is one row of a table: column → value as text; no entry for NULL.
type row map[string]string

// all reads every row of every table of CiviCRM's. What has not changed since it was last read is not read again.
func (w *twins) all(t *testing.T, d *mysqltest.Database) map[string][]row {
	t.Helper()
	tables := map[string][]row{}
	for table, sum := range w.checksums(d.Name) {
		key := table + " " + sum
		if _, ok := w.read[key]; !ok {
			if len(w.read) > 2000 {
				w.read = map[string][]row{}
			}
			w.read[key] = readTable(t, d, table)
		}
		tables[table] = w.read[key]
	}
	return tables
}

func readTable(t *testing.T, d *mysqltest.Database, table string) []row {
	t.Helper()
	found, err := d.Query("SELECT * FROM " + table)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = found.Close() }()
	columns, err := found.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for found.Next() {
		values, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := found.Scan(into...); err != nil {
			t.Fatal(err)
		}
		r := row{}
		for i, column := range columns {
			if values[i].Valid {
				r[column] = values[i].String
			}
		}
		rows = append(rows, r)
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

func (r row) String() string {
	columns := make([]string, 0, len(r))
	for column := range r {
		columns = append(columns, column)
	}
	sort.Strings(columns)
	var b strings.Builder
	for _, column := range columns {
		fmt.Fprintf(&b, "%s=%q ", column, r[column])
	}
	return strings.TrimSpace(b.String())
}

// change is what became of the tables: rows that are no longer there, and rows that are new; a row that has changed is both.
type change struct {
	gone, new map[string][]row
}

func changes(before, after map[string][]row) change {
	c := change{map[string][]row{}, map[string][]row{}}
	for table := range after {
		if slices.Equal(pointers(before[table]), pointers(after[table])) {
			continue
		}
		left := map[string]int{}
		for _, r := range before[table] {
			left[r.String()]++
		}
		for _, r := range after[table] {
			if text := r.String(); left[text] > 0 {
				left[text]--
			} else {
				c.new[table] = append(c.new[table], r)
			}
		}
		for _, r := range before[table] {
			if text := r.String(); left[text] > 0 {
				left[text]--
				c.gone[table] = append(c.gone[table], r)
			}
		}
	}
	return c
}

// pointers tells apart slices that were read at different times.
func pointers(rows []row) []*row {
	if len(rows) == 0 {
		return nil
	}
	return []*row{&rows[0]}
}

// clock is the time in which one side was at work.
type clock struct {
	from, to time.Time
}

const leeway = 2 * time.Second

func (c clock) now(value string) bool {
	at, err := time.Parse("2006-01-02 15:04:05", value)
	if err != nil {
		at, err = time.Parse(time.RFC3339, value)
	}
	return err == nil && at.After(c.from.Add(-leeway)) && at.Before(c.to.Add(leeway))
}

// names gives the ids that one side handed out names that both sides share.
type names struct {
	w        *twins
	clock    clock
	old      map[string]map[string]bool // table → ids that were there before
	contacts map[string]string          // id of a new contact → whose it is
	emails   map[string]string
}

func (w *twins) names(before, after map[string][]row, c clock) *names {
	n := &names{w: w, clock: c, old: map[string]map[string]bool{}, contacts: map[string]string{}, emails: map[string]string{}}
	for table, rows := range before {
		n.old[table] = map[string]bool{}
		for _, r := range rows {
			n.old[table][r["id"]] = true
		}
	}
	for _, r := range after["civicrm_contact"] {
		if !n.old["civicrm_contact"][r["id"]] {
			n.contacts[r["id"]] = "a contact called " + strings.TrimSpace(r["display_name"])
		}
	}
	for _, r := range append(slices.Clone(after["log_civicrm_uf_match"]), after["civicrm_uf_match"]...) {
		if _, isNew := n.contacts[r["contact_id"]]; isNew {
			n.contacts[r["contact_id"]] = "the contact of user " + r["uf_id"]
		}
	}
	for _, r := range after["civicrm_email"] {
		if !n.old["civicrm_email"][r["id"]] {
			n.emails[r["id"]] = "email of " + n.contact(r["contact_id"])
		}
	}
	return n
}

func (n *names) contact(id string) string {
	if name, isNew := n.contacts[id]; isNew {
		return name
	}
	return "contact " + id
}

var (
	logData   = regexp.MustCompile(`civicrm_(contact|email),(\d+)`)
	hexHash   = regexp.MustCompile(`^[0-9a-f]{32}$`)
	requestID = regexp.MustCompile(`^[0-9a-f]{13}[0-9a-zA-Z]{0,4}$`)
)

// normal is the row as both sides should have it: with names for ids, and without what is random.
func (n *names) normal(table string, r row) row {
	out := row{}
	plain := strings.TrimPrefix(table, "log_")
	for column, value := range r {
		switch {
		case value == "" && plain != table && strings.HasSuffix(column, "_display"):
			continue // to the triggers NULL and an empty greeting are the same
		case column == "id" && plain == "civicrm_contact":
			value = n.contact(value)
		case column == "id" && !n.old[plain][value]:
			value = "new"
		case n.w.refs[table][column] && (plain != "civicrm_log" || r["entity_table"] == "civicrm_contact"):
			value = n.contact(value)
		case column == "log_user_id":
			value = n.contact(value)
		case plain == "civicrm_log" && column == "data":
			value = logData.ReplaceAllStringFunc(value, n.logged)
		case plain == "civicrm_contact" && column == "hash" && hexHash.MatchString(value):
			value = "32 hexadecimal digits"
		case column == "log_conn_id" && requestID.MatchString(value):
			value = "a request"
		case n.clock.now(value):
			value = "now"
		}
		out[column] = value
	}
	return out
}

func (n *names) logged(text string) string {
	parts := logData.FindStringSubmatch(text)
	if parts[1] == "contact" {
		return n.contact(parts[2])
	}
	if name, isNew := n.emails[parts[2]]; isNew {
		return name
	}
	return "email " + parts[2]
}

// texts are the normal rows.
func (n *names) texts(table string, rows []row) []text {
	texts := make([]text, len(rows))
	for i, r := range rows {
		normal := n.normal(table, r)
		texts[i].exact = normal.String()
		for column, value := range normal {
			if showsEmail[column] {
				normal[column] = strings.Join(strings.Fields(value), "")
			}
		}
		texts[i].loose = normal.String()
	}
	return texts
}

// inOne makes one line of the two in which CiviCRM's detailed log has a new contact, without and then with the greetings; see
// doc/fidelity.md.
func (n *names) inOne(logged []row) []row {
	var kept []row
	at := map[string]int{}
	for _, r := range logged {
		if _, isNew := n.contacts[r["id"]]; !isNew {
			kept = append(kept, r)
			continue
		}
		if i, known := at[r["id"]]; known && r["log_action"] == "Update" {
			r = maps.Clone(r)
			r["log_action"] = kept[i]["log_action"]
			kept[i] = r
			continue
		}
		at[r["id"]] = len(kept)
		kept = append(kept, r)
	}
	return kept
}

// text is a row as it is, and without the blanks that CiviCRM stores around an email; see doc/fidelity.md.
type text struct {
	exact, loose string
}

var showsEmail = map[string]bool{
	"uf_name": true, "email": true, "display_name": true, "sort_name": true,
	"email_greeting_display": true, "postal_greeting_display": true, "addressee_display": true,
}

// apart returns what is in one list alone.
func apart(a, b []text, key func(text) string) (onlyA, onlyB []text) {
	left := map[string]int{}
	for _, x := range b {
		left[key(x)]++
	}
	for _, x := range a {
		if left[key(x)] > 0 {
			left[key(x)]--
		} else {
			onlyA = append(onlyA, x)
		}
	}
	for _, x := range b {
		if left[key(x)] > 0 {
			left[key(x)]--
			onlyB = append(onlyB, x)
		}
	}
	return onlyA, onlyB
}
