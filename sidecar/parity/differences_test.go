package parity

import (
	"fmt"
	"sort"
	"strings"

	"userlink/sidecar/link"
)

// rebuilt are the tables that are not compared, each with the reason. CiviCRM makes them anew by itself, whoever has written
// its other tables. doc/fidelity.md, "Caches", says how their readers get the truth.
var rebuilt = map[string]string{
	"civicrm_cache":               "what PHP has worked out: menus, metadata, settings",
	"civicrm_acl_cache":           "which rules hold for whom, not which contacts they show; CiviCRM takes rows that are older than its timeout away in passing",
	"civicrm_group_contact_cache": "who is in a smart group, until the group's cache_date; expired rows are taken away in passing",
	"civicrm_prevnext_cache":      "somebody's search result, to page through",
}

// shapes says what CiviCRM does about a user whom userlink sets aside for a reason: the tables that get a row, or "an error".
// Each is a row of the table in doc/fidelity.md.
var shapes = map[link.Reason][]string{
	// The contact is made before the held name is found: an orphan. If a free contact has the email, nothing is written.
	link.NameHeld:    {orphan, orphanInGroup, nothing},
	link.NameSimilar: {orphan, orphanInGroup, nothing},
	link.NameStale:   {orphan, orphanInGroup, nothing},
	// The new email is on somebody else's link, and the database refuses the change.
	link.EmailHeld:  {nothing, failure},
	link.EmailStale: {nothing, failure},
	// A contact that nobody can be found by, or an exception that ends the run.
	link.EmailEmpty:   {without(whole, email), without(wholeInGroup, email), without(orphan, email), without(orphanInGroup, email), failure},
	link.EmailInvalid: {whole, wholeInGroup, "civicrm_uf_match", orphan, orphanInGroup, nothing},
	link.EmailTooLong: {whole, wholeInGroup, "civicrm_uf_match", orphan, orphanInGroup, nothing, failure},
	link.NameTooLong:  {whole, wholeInGroup, orphan, orphanInGroup, failure},
	// Rows that somebody has written past CiviCRM; it takes the first and writes nothing.
	link.LinkedTwice: {nothing},
	link.LinkBroken:  {nothing},
}

const (
	nothing       = ""
	email         = "civicrm_email"
	failure       = "an error"
	orphan        = "civicrm_contact civicrm_email civicrm_log"
	orphanInGroup = "civicrm_contact civicrm_email civicrm_group_contact civicrm_log civicrm_subscription_history"
	whole         = "civicrm_contact civicrm_email civicrm_log civicrm_uf_match"
	wholeInGroup  = "civicrm_contact civicrm_email civicrm_group_contact civicrm_log civicrm_subscription_history civicrm_uf_match"
)

func without(tables, table string) string { return strings.Replace(tables, table+" ", "", 1) }

func shape(e doneEvent) string {
	if e.Error != "" {
		return failure
	}
	tables := make([]string, 0, len(e.Rows))
	for table, n := range e.Rows {
		if n != 1 {
			table = fmt.Sprintf("%s(%d)", table, n)
		}
		tables = append(tables, table)
	}
	sort.Strings(tables)
	return strings.Join(tables, " ")
}
