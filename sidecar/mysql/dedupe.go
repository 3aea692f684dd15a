package mysql

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"userlink/sidecar/link"
)

// dedupeTables hold CiviCRM's rules for duplicates. They are read only where a site matches by them.
var dedupeTables = []string{"civicrm_dedupe_rule_group", "civicrm_dedupe_rule"}

// dedupeRule is CiviCRM's rule for duplicates of Individuals whose use is Unsupervised: a contact whose fields agree gets
// their weights, and is found when these reach the threshold. Source: CRM_Dedupe_BAO_RuleGroup::fillTable, and
// CRM_Dedupe_BAO_Rule::sql for one field.
type dedupeRule struct {
	threshold int
	fields    []dedupeField
}

type dedupeField struct {
	Table, Field string
	Length       int // only so many characters are compared; 0: all
	Weight       int
}

// name is the field as CiviCRM's tables call it.
func (f dedupeField) name() string { return f.Table + "." + f.Field }

// readDedupeRule reads the rule; nil: the site has none.
func readDedupeRule(db *gorm.DB) (*dedupeRule, error) {
	var rows []struct {
		ID             uint32
		Threshold      int
		Table, Field   string
		Length, Weight int
	}
	err := db.Raw("SELECT g.id, g.threshold, r.rule_table AS `table`, r.rule_field AS field, COALESCE(r.rule_length, 0) AS length, r.rule_weight AS weight" +
		` FROM civicrm_dedupe_rule_group g JOIN civicrm_dedupe_rule r ON r.dedupe_rule_group_id = g.id
		WHERE g.contact_type = 'Individual' AND g.used = 'Unsupervised' ORDER BY g.id, r.id`).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the rule for duplicates: %w", err)
	}
	var rule *dedupeRule
	for _, row := range rows {
		if row.ID != rows[0].ID {
			break // CiviCRM keeps one rule in use
		}
		if rule == nil {
			rule = &dedupeRule{threshold: row.Threshold}
		}
		rule.fields = append(rule.fields, dedupeField{row.Table, row.Field, row.Length, row.Weight})
	}
	return rule, nil
}

const emailField = "civicrm_email.email"

// userFields are what a user account can say of a field. A blank never agrees.
func userFields(cms link.CMS, user link.User) map[string]string {
	names := link.NamesOf(cms, user)
	return map[string]string{
		"civicrm_contact.first_name": names.First, "civicrm_contact.middle_name": names.Middle, "civicrm_contact.last_name": names.Last,
		emailField: link.FoldEmail(user.Email),
	}
}

// knownFields are the fields that an account of the CMS can have, of those that CiviCRM's rules may name.
func knownFields(cms link.CMS) map[string]string {
	return userFields(cms, link.User{Email: "x", FirstName: "x", LastName: "x", Name: "x x x"})
}

// beyond names the fields that no account of the CMS has, and tells whether the others can reach the threshold.
func (r *dedupeRule) beyond(cms link.CMS) (unknown []string, reachable bool) {
	known, sum := knownFields(cms), 0
	for _, f := range r.fields {
		if known[f.name()] == "" {
			unknown = append(unknown, f.name())
			continue
		}
		sum += f.Weight
	}
	return unknown, sum >= r.threshold
}

// statement finds the contacts of a user by id; empty: his fields cannot reach the threshold.
func (r *dedupeRule) statement(cms link.CMS, user link.User) (string, []any) {
	values, sum, emailWeight := userFields(cms, user), 0, 0
	for _, f := range r.fields {
		if values[f.name()] != "" {
			sum += f.Weight
			if f.name() == emailField {
				emailWeight += f.Weight
			}
		}
	}
	if sum < r.threshold || sum <= 0 {
		return "", nil
	}
	var parts []string
	var args []any
	for _, f := range r.fields {
		value := values[f.name()]
		if value == "" {
			continue
		}
		id, compare := "contact_id", quote(f.Field)+" = ?"
		if f.Table == tableContact {
			id = "id"
		}
		args = append(args, value)
		if f.Length > 0 {
			compare = fmt.Sprintf("SUBSTR(%s, 1, %d) = SUBSTR(?, 1, %d)", quote(f.Field), f.Length, f.Length)
		}
		part := fmt.Sprintf("SELECT DISTINCT %s AS contact_id, %d AS weight FROM %s WHERE %s", id, f.Weight, f.Table, compare)
		if sum-emailWeight < r.threshold && f.name() != emailField { // without the email nobody gets there: look among its contacts
			part += " AND " + id + " IN (SELECT contact_id FROM civicrm_email WHERE email = ?)"
			args = append(args, values[emailField])
		}
		parts = append(parts, part)
	}
	return "SELECT contact_id FROM (" + strings.Join(parts, " UNION ALL ") + ") x GROUP BY contact_id HAVING SUM(weight) >= ?", append(args, r.threshold)
}

// maxByRule is how many contacts of one user are looked at; more than one is ambiguous already.
const maxByRule = 20

// byDedupeRule adds the contacts that CiviCRM's own rule finds for the users without a link: Individuals outside the trash,
// the oldest first.
func (l *look) byDedupeRule(_ context.Context) error {
	rule := l.civicrm.dedupe
	if rule == nil {
		return nil
	}
	for i, user := range l.users {
		if !unlinked(l.seen[i]) || link.CheckEmail(user.Email) != "" {
			continue
		}
		statement, args := rule.statement(l.site.CMS, user)
		if statement == "" {
			continue
		}
		var rows []candidateRow
		err := l.tx.Raw(`SELECT c.id AS contact_id, COALESCE(c.display_name, '') AS name, COALESCE(m.uf_id, 0) AS taken_by FROM (`+statement+`) found
			JOIN civicrm_contact c ON c.id = found.contact_id AND c.contact_type = 'Individual' AND c.is_deleted = 0
			LEFT JOIN civicrm_uf_match m ON m.contact_id = c.id AND m.domain_id = ? ORDER BY c.id LIMIT ?`, append(args, l.site.DomainID, maxByRule)...).Scan(&rows).Error
		if err != nil {
			return fmt.Errorf("ask the rule for duplicates: %w", err)
		}
		for _, row := range rows {
			l.seen[i].Candidates = append(l.seen[i].Candidates, link.Candidate{
				ContactID: row.ContactID, Name: row.Name, TakenBy: row.TakenBy, Rule: link.MatchUnsupervised, Similar: onlySimilar(l.seen[i].Candidates, row.ContactID),
			})
		}
	}
	return nil
}

// onlySimilar tells whether a contact carries the email, but only as the collation sees it.
func onlySimilar(byEmail []link.Candidate, contactID uint32) bool {
	carries := func(similar bool) bool {
		return slices.ContainsFunc(byEmail, func(c link.Candidate) bool {
			return c.Rule == link.MatchEmail && c.ContactID == contactID && c.Similar == similar
		})
	}
	return carries(true) && !carries(false)
}
