package mysql

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm"

	"userlink/sidecar/link"
)

// The tables of CiviCRM that userlink writes; those of its multisite are in domaingroup.go.
const (
	tableContact = "civicrm_contact"
	tableEmail   = "civicrm_email"
	tableLog     = "civicrm_log"
	tableMatch   = "civicrm_uf_match"
)

// tableACLCache is what CiviCRM remembers of who may see whom. It never expires by itself: until it is emptied, staff with
// restricted rights do not see a new contact. CiviCRM empties it after each contact that it makes.
const tableACLCache = "civicrm_acl_contact_cache"

const emptyACLs = "DELETE FROM " + tableACLCache

// forgetCaches empties it after a commit that made contacts, and lets CiviCRM count the domain's group anew.
func (s *Site) forgetCaches(ctx context.Context, c *civicrm, results []link.Result) {
	if slices.ContainsFunc(results, func(r link.Result) bool { return r.Outcome == link.Created }) {
		s.emptyCaches(ctx, c)
	}
}

func (s *Site) emptyCaches(ctx context.Context, c *civicrm) {
	s.emptyACLs(ctx)
	if c.joinsGroup == 0 {
		return
	}
	if _, err := s.db.exec(ctx, "UPDATE civicrm_group SET cache_date = NULL WHERE id = ? AND cache_date IS NOT NULL", c.joinsGroup); err != nil {
		s.log().Warn("CiviCRM does not know yet that its domain group has new contacts", "cause", err)
	}
}

// emptyACLs empties the cache. If that fails the contacts are no less there: it is only logged.
func (s *Site) emptyACLs(ctx context.Context) {
	if _, err := s.db.exec(ctx, emptyACLs); err != nil {
		s.log().Warn("CiviCRM's ACL cache not emptied: staff with restricted rights may not see new contacts yet", "cause", err)
	}
}

const settingsAge = 10 * time.Second // an administrator who changes a setting sees it work soon

// civicrm is what a CiviCRM site says about itself: settings, defaults and columns. Nothing of it is assumed.
type civicrm struct {
	defaults    link.Defaults
	contacts    *link.ContactForms
	syncEmail   bool
	logging     bool                       // detailed logging: triggers want to know who writes
	emailGroups []uint32                   // uniq_email_per_site: only contacts in these groups match; nil: all
	joinsGroup  uint32                     // multisite: new contacts join this group; 0: none
	columns     map[string]map[string]bool // table → its columns
	indexes     map[string]string          // table.column → an index that begins with it
	dedupe      *dedupeRule                // only of a site that matches by it; nil: there is none
}

// cachedCiviCRM reads a civicrm at most every settingsAge.
type cachedCiviCRM struct {
	mu     sync.Mutex
	value  *civicrm
	readAt time.Time
}

func (c *cachedCiviCRM) get(ctx context.Context, db *gorm.DB, o SiteOptions, now time.Time) (*civicrm, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.value != nil && now.Sub(c.readAt) < settingsAge {
		return c.value, nil
	}
	value, err := readCiviCRM(ctx, db.WithContext(ctx), o.DomainID)
	if err == nil && o.Matching.Uses(link.MatchUnsupervised) {
		value.dedupe, err = readDedupeRule(db.WithContext(ctx))
	}
	if err != nil {
		return nil, fmt.Errorf("read CiviCRM's settings: %w", err)
	}
	c.value, c.readAt = value, now
	return value, nil
}

func readCiviCRM(ctx context.Context, db *gorm.DB, domainID uint32) (*civicrm, error) {
	settings, err := readSettings(db, domainID)
	if err != nil {
		return nil, err
	}
	c := &civicrm{syncEmail: settings.yes("syncCMSEmail", true)}
	if c.logging, err = logs(db); err != nil {
		return nil, err
	}
	var version string
	if err := db.Raw("SELECT COALESCE(MAX(version), '') FROM civicrm_domain WHERE id = ?", domainID).Scan(&version).Error; err != nil {
		return nil, err
	}
	displayName, sortName := link.NameFormats(version)
	c.defaults = link.Defaults{
		Version:           version,
		DisplayNameFormat: settings.text("display_name_format", displayName),
		SortNameFormat:    settings.text("sort_name_format", sortName),
		Language:          link.Language(settings.text("contact_default_language", "*default*"), settings.text("lcMessages", "en_US")),
	}
	if err := readOptions(db, domainID, &c.defaults); err != nil {
		return nil, err
	}
	c.contacts = link.NewContactForms(c.defaults)
	group, err := domainGroup(db, settings, domainID)
	if err != nil {
		return nil, err
	}
	if settings.multisite() {
		c.joinsGroup = group
	}
	if settings.yes("uniq_email_per_site", false) {
		if c.emailGroups, err = withChildren(db, group); err != nil {
			return nil, err
		}
	}
	if c.indexes, err = readIndexes(ctx, db); err != nil {
		return nil, err
	}
	c.columns, err = readColumns(ctx, db)
	return c, err
}

// settings are rows of civicrm_setting: PHP-serialised values. A setting without a row has CiviCRM's default.
type settings map[string]string

// unserialize reads what PHP's serialize() makes of a boolean, a number or a text; ours are no more than that. The value
// comes back as PHP would cast it to a string.
func unserialize(s string) (string, bool) {
	kind, value, ok := strings.Cut(strings.TrimSuffix(s, ";"), ":")
	if !ok {
		return "", false // N; is null
	}
	switch kind {
	case "b", "i", "d":
		return value, true
	case "s":
		_, quoted, ok := strings.Cut(value, ":")
		if !ok || len(quoted) < 2 {
			return "", false
		}
		return quoted[1 : len(quoted)-1], true
	}
	return "", false
}

func readSettings(db *gorm.DB, domainID uint32) (settings, error) {
	var rows []struct{ Name, Value string }
	err := db.Raw(`SELECT name, COALESCE(value, '') AS value FROM civicrm_setting
		WHERE (domain_id = ? OR domain_id IS NULL) AND contact_id IS NULL AND name IN ?
		ORDER BY domain_id`, domainID, []string{
		"syncCMSEmail", "display_name_format", "sort_name_format",
		"contact_default_language", "lcMessages", "uniq_email_per_site", "domain_group_id", "is_enabled", "multisite_is_enabled",
	}).Scan(&rows).Error
	found := settings{}
	for _, row := range rows {
		if value, ok := unserialize(row.Value); ok { // else CiviCRM itself falls back to the default
			found[row.Name] = value
		}
	}
	return found, err
}

// logs tells whether detailed logging is on. Its triggers are in the tables of all domains, whichever has the setting.
func logs(db *gorm.DB) (bool, error) {
	var values []string
	if err := db.Raw("SELECT COALESCE(value, '') FROM civicrm_setting WHERE name = 'logging'").Scan(&values).Error; err != nil {
		return false, err
	}
	return slices.ContainsFunc(values, func(v string) bool {
		value, ok := unserialize(v)
		return ok && settings{"logging": value}.yes("logging", false)
	}), nil
}

func (s settings) text(name, fallback string) string {
	if value, ok := s[name]; ok {
		return value
	}
	return fallback
}

// yes follows PHP: 0, "0", "" and false are no.
func (s settings) yes(name string, fallback bool) bool {
	if value, ok := s[name]; ok {
		return value != "" && value != "0"
	}
	return fallback
}

func (s settings) number(name string) uint32 {
	n, err := strconv.ParseUint(s[name], 10, 32)
	if err != nil {
		return 0 // no group
	}
	return uint32(n)
}

// readOptions reads the default options of Individuals, as CRM_Contact_BAO_Contact_Utils::defaultGreeting does.
func readOptions(db *gorm.DB, domainID uint32, d *link.Defaults) error {
	var rows []struct {
		Name, Label string
		Value       uint32
	}
	err := db.Raw(`SELECT g.name, COALESCE(v.label, '') AS label, v.value FROM civicrm_option_value v
		JOIN civicrm_option_group g ON g.id = v.option_group_id
		WHERE v.is_default = 1 AND v.is_active = 1 AND g.is_active = 1 AND (v.domain_id IS NULL OR v.domain_id = ?)
		AND (g.name = 'communication_style' OR g.name IN ('email_greeting', 'postal_greeting', 'addressee') AND v.filter IN (0, 1))
		ORDER BY v.weight DESC, v.id DESC`, domainID).Scan(&rows).Error
	if err != nil {
		return err
	}
	for _, row := range rows {
		switch row.Name {
		case "email_greeting":
			d.EmailGreeting = link.Greeting{ID: row.Value, Template: row.Label}
		case "postal_greeting":
			d.PostalGreeting = link.Greeting{ID: row.Value, Template: row.Label}
		case "addressee":
			d.Addressee = link.Greeting{ID: row.Value, Template: row.Label}
		case "communication_style":
			if d.CommunicationStyleID == 0 { // of several the last by weight counts, of greetings the first
				d.CommunicationStyleID = row.Value
			}
		}
	}
	var location struct {
		ID        uint32
		IsBilling bool
	}
	err = db.Raw("SELECT id, name = 'Billing' AS is_billing FROM civicrm_location_type WHERE is_default = 1 ORDER BY id LIMIT 1").Scan(&location).Error
	d.LocationTypeID, d.LocationIsBilling = location.ID, location.IsBilling
	return err
}

// writtenColumns are the columns that userlink knows, by table.
var writtenColumns = map[string][]string{
	tableContact: contactColumns, tableEmail: emailColumns, tableLog: logColumns, tableMatch: matchColumns,
	tableGroupContact: groupContactColumns, tableSubscription: subscriptionColumns,
}

func writtenTables() []string { return slices.Sorted(maps.Keys(writtenColumns)) }

func readColumns(ctx context.Context, db *gorm.DB) (map[string]map[string]bool, error) {
	var rows []struct{ TableName, ColumnName string }
	err := db.WithContext(ctx).Raw(`SELECT TABLE_NAME AS table_name, COLUMN_NAME AS column_name FROM information_schema.COLUMNS
		WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN ?`, writtenTables()).Scan(&rows).Error
	columns := map[string]map[string]bool{}
	for _, row := range rows {
		if columns[row.TableName] == nil {
			columns[row.TableName] = map[string]bool{}
		}
		columns[row.TableName][row.ColumnName] = true
	}
	return columns, err
}

func readIndexes(ctx context.Context, db *gorm.DB) (map[string]string, error) {
	var rows []struct{ TableName, ColumnName, IndexName string }
	err := db.WithContext(ctx).Raw(`SELECT TABLE_NAME AS table_name, COLUMN_NAME AS column_name, MIN(INDEX_NAME) AS index_name FROM information_schema.STATISTICS
		WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN ? AND SEQ_IN_INDEX = 1 GROUP BY TABLE_NAME, COLUMN_NAME`, []string{tableEmail, tableMatch}).Scan(&rows).Error
	indexes := map[string]string{}
	for _, row := range rows {
		indexes[row.TableName+"."+row.ColumnName] = row.IndexName
	}
	return indexes, err
}

// by returns the hint to find rows of a table by the index of a column, or nothing where there is none. The server's
// statistics of a table that a sync fills lag behind: without the hint it read half a million rows for each chunk, since it
// took the table for nearly empty.
func (c *civicrm) by(table, column string) string {
	index, known := c.indexes[table+"."+column]
	if !known {
		return ""
	}
	return "FORCE INDEX (" + quote(index) + ")"
}
