package mysql

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm"
)

// errBlind says that the account cannot see who uses a contact, so that nothing may be concluded from seeing nobody.
var errBlind = errors.New("the account may not see all the tables that can refer to a contact: run the statements that userlink check prints")

// reference is a column that holds ids of contacts or emails: one with a foreign key to them, or the entity_id of a table
// whose entity_table says what it is the id of.
type reference struct {
	Target        string // the table that is referred to: civicrm_contact or civicrm_email
	Table, Column string
	Entity        bool
	Readable      bool   // the account may SELECT it
	Only          string // further condition, in SQL
}

// noUse lists the tables whose rows do not show that anybody uses a contact. The first three are what linking itself
// writes: who asks looks at them on his own. CiviCRM fills the others by itself, and empties them at will.
var noUse = []string{
	tableEmail, tableLog, tableMatch,
	tableACLCache, "civicrm_acl_cache", "civicrm_group_contact_cache", "civicrm_prevnext_cache",
}

// references are all the columns that can refer to a contact, of CiviCRM itself, of its extensions and of the site's custom
// fields: read from the schema, never assumed.
type references struct {
	list  []reference
	blind bool // the account sees only a part of the schema
}

// complete returns errBlind unless every reference can be seen and read.
func (r references) complete() error {
	if r.blind {
		return errBlind
	}
	for _, ref := range r.list {
		if !ref.Readable {
			return errBlind
		}
	}
	return nil
}

// usedBy returns which rows of the target are used: the row's id, and the table of one row that refers to it. Whoever wants
// to rely on the answer locks the rows of the target first: a foreign key then keeps new references out until the
// transaction ends.
func (r references) usedBy(tx *gorm.DB, target string, ids []uint32) (map[uint32]string, error) {
	used := map[uint32]string{}
	if len(ids) == 0 {
		return used, nil
	}
	if err := r.complete(); err != nil {
		return nil, err
	}
	wanted := map[uint32]bool{}
	for _, id := range ids {
		wanted[id] = true
	}
	for _, question := range r.questions(target, ids) {
		err := read(tx.Statement.Context, tx, question, nil, func(scan func(...any) error) error {
			var ref int
			var id uint32
			if err := scan(&ref, &id); err != nil {
				return err
			}
			if wanted[id] {
				used[id] = r.list[ref].Table
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read what refers to %s: %w", target, err)
		}
	}
	return used, nil
}

// longestQuestion is how many bytes of statement are sent at once; a server takes 16 MiB unless told otherwise.
const longestQuestion = 1 << 20

// questions asks all references to the target who uses these rows, in as few statements as possible: there are about a
// hundred references.
func (r references) questions(target string, ids []uint32) []string {
	var questions []string
	for i, ref := range r.list {
		if ref.Target != target {
			continue
		}
		condition := ref.Only
		if ref.Entity {
			condition += "entity_table = 'civicrm_contact' AND "
		}
		column := quote(ref.Column)
		one := fmt.Sprintf("SELECT DISTINCT %d AS ref, %s AS id FROM %s WHERE %s%s", i, column, quote(ref.Table), condition, among(column, ids))
		if last := len(questions) - 1; last >= 0 && len(questions[last])+len(one) < longestQuestion {
			questions[last] += " UNION ALL " + one
		} else {
			questions = append(questions, one)
		}
	}
	return questions
}

// outside returns the references without membership of a group: with CiviCRM's multisite a sync lets each new contact join
// the domain's. 0: there is no such group.
func (r references) outside(group uint32) references {
	if group == 0 {
		return r
	}
	r.list = slices.Clone(r.list)
	for i, ref := range r.list {
		if ref.Table == tableGroupContact || ref.Table == tableSubscription {
			r.list[i].Only = fmt.Sprintf("group_id <> %d AND ", group)
		}
	}
	return r
}

// cachedReferences reads the references at most every settingsAge: the server has to open every table for it.
type cachedReferences struct {
	mu     sync.Mutex
	value  references
	readAt time.Time
}

// references returns where contacts may be referred to.
func (s *Site) references(ctx context.Context, db *gorm.DB) (references, error) {
	c := &s.referred
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := s.now(); c.readAt.IsZero() || now.Sub(c.readAt) >= settingsAge {
		value, err := readReferences(db.WithContext(ctx))
		if err != nil {
			return references{}, err
		}
		c.value, c.readAt = value, now
	}
	return c.value, nil
}

// readReferences asks the schema in plain questions: joined, the server would take twenty times as long for them.
func readReferences(db *gorm.DB) (references, error) {
	var r references
	var keys, columns []struct {
		Target, TableName, ColumnName string
		Readable                      bool
	}
	err := db.Raw(`SELECT REFERENCED_TABLE_NAME AS target, TABLE_NAME AS table_name, COLUMN_NAME AS column_name FROM information_schema.KEY_COLUMN_USAGE
		WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME IN ?`, []string{tableContact, tableEmail}).Scan(&keys).Error
	if err != nil {
		return r, fmt.Errorf("read who may refer to contacts: %w", err)
	}
	names := []string{"entity_table", "entity_id"}
	for _, key := range keys {
		names = append(names, key.ColumnName)
	}
	err = db.Raw(`SELECT TABLE_NAME AS table_name, COLUMN_NAME AS column_name, LOCATE('select', LOWER(PRIVILEGES)) > 0 AS readable FROM information_schema.COLUMNS
		WHERE TABLE_SCHEMA = DATABASE() AND COLUMN_NAME IN ?`, names).Scan(&columns).Error
	if err != nil {
		return r, fmt.Errorf("read who may refer to contacts: %w", err)
	}
	var tables []string // views aside: their rows are those of tables
	if err := db.Raw("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'").Scan(&tables).Error; err != nil {
		return r, fmt.Errorf("read who may refer to contacts: %w", err)
	}
	readable := map[[2]string]bool{}
	for _, c := range columns {
		readable[[2]string{c.TableName, c.ColumnName}] = c.Readable
	}
	for _, key := range keys {
		r.add(reference{Target: key.Target, Table: key.TableName, Column: key.ColumnName, Readable: readable[[2]string{key.TableName, key.ColumnName}]})
	}
	for _, table := range tables {
		kind, hasKind := readable[[2]string{table, "entity_table"}]
		id, hasID := readable[[2]string{table, "entity_id"}]
		if hasKind && hasID && strings.HasPrefix(table, "civicrm_") {
			r.add(reference{Target: tableContact, Table: table, Column: "entity_id", Entity: true, Readable: kind && id})
		}
	}
	slices.SortFunc(r.list, func(a, b reference) int {
		return cmp.Or(strings.Compare(a.Table, b.Table), strings.Compare(a.Column, b.Column))
	})
	// Some privilege on all of the schema lets the account see the names of all its tables.
	var wide int
	err = db.Raw(`SELECT (SELECT COUNT(*) FROM information_schema.SCHEMA_PRIVILEGES WHERE DATABASE() LIKE TABLE_SCHEMA AND PRIVILEGE_TYPE <> 'USAGE')
		+ (SELECT COUNT(*) FROM information_schema.USER_PRIVILEGES WHERE PRIVILEGE_TYPE IN ('SELECT', 'REFERENCES'))`).Scan(&wide).Error
	r.blind = wide == 0
	return r, err
}

func (r *references) add(ref reference) {
	if !slices.Contains(noUse, ref.Table) {
		r.list = append(r.list, ref)
	}
}

// missing returns the GRANT statements that let the account see who uses a contact, beyond those of Grants: the schema of
// this very site says which. They show ids and the names of tables, and nothing of what is in them.
func (r references) missing(schema, account string) string {
	var b strings.Builder
	for _, ref := range r.list {
		columns := quote(ref.Column)
		if ref.Entity {
			columns = "entity_table, " + columns
		}
		if !ref.Readable {
			fmt.Fprintf(&b, "GRANT SELECT (%s) ON %s.%s TO %s;\n", columns, quote(schema), quote(ref.Table), account)
		}
	}
	return b.String()
}
