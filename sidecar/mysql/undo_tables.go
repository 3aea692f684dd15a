package mysql

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"userlink/sidecar/link"
)

// The tables that userlink writes beside the four of every link: who is in the domain's group, and our own of the users.
const (
	tableGroupContact = "civicrm_group_contact"
	tableSubscription = "civicrm_subscription_history"
	tableUser         = "userlink_user"
)

// undoOrder lists the tables that the journal may name. In this order their rows are locked: a contact before what refers
// to it, as CiviCRM does.
var undoOrder = []string{tableUser, tableContact, tableEmail, tableMatch, tableGroupContact, tableSubscription, tableLog}

// undoTable is such a table, as far as the account may read it.
type undoTable struct {
	name     string
	key      string            // column of the id
	columns  []string          // without the key
	defaults map[string]string // what the database fills in by itself
}

func readUndoTables(db *gorm.DB) (map[string]undoTable, error) {
	var rows []struct {
		TableName, ColumnName string
		ColumnDefault         *string
	}
	err := db.Raw(`SELECT TABLE_NAME AS table_name, COLUMN_NAME AS column_name, COLUMN_DEFAULT AS column_default FROM information_schema.COLUMNS
		WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN ? AND LOCATE('select', LOWER(PRIVILEGES)) > 0 ORDER BY ORDINAL_POSITION`, undoOrder).Scan(&rows).Error
	tables := map[string]undoTable{}
	for _, name := range undoOrder {
		tables[name] = undoTable{name: name, key: "id", defaults: map[string]string{}}
	}
	for _, row := range rows {
		t := tables[row.TableName]
		switch {
		case t.name == tableUser:
			t.key = "uf_id"
			if row.ColumnName == "left_alone_at" { // the rest is no decision of a person
				t.columns = append(t.columns, row.ColumnName)
			}
		case row.ColumnName != t.key:
			t.columns = append(t.columns, row.ColumnName)
			if row.ColumnDefault != nil {
				t.defaults[row.ColumnName] = strings.Trim(*row.ColumnDefault, "'") // MariaDB quotes it, MySQL does not
			}
		}
		tables[t.name] = t
	}
	return tables, err
}

// texts reads the columns of a row that the journal has written down, as the database shows them as text. A column that is
// there no longer is left out.
func (t undoTable) texts(object json.RawMessage) (map[string]string, error) {
	texts := map[string]string{}
	if len(object) == 0 {
		return texts, nil
	}
	var values map[string]any
	decoder := json.NewDecoder(bytes.NewReader(object))
	decoder.UseNumber()
	if err := decoder.Decode(&values); err != nil {
		return nil, err
	}
	for name, value := range values {
		if !slices.Contains(t.columns, name) {
			continue
		}
		switch v := value.(type) {
		case nil:
		case bool:
			texts[name] = map[bool]string{true: "1", false: "0"}[v]
		case string:
			texts[name] = v
			if t.name == tableUser {
				texts[name] = asDatetime(v)
			}
		default:
			texts[name] = fmt.Sprint(v)
		}
	}
	return texts, nil
}

// asDatetime returns a time of RFC 3339 as the database shows it.
func asDatetime(s string) string {
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return t.UTC().Format(time.DateTime)
	}
	return s
}

// rows reads the rows with these ids, and locks them if an undo is about to write.
func (t undoTable) rows(tx *gorm.DB, siteID string, ids []uint32, lock bool) (map[link.RowRef]link.Row, error) {
	var b strings.Builder
	b.WriteString("SELECT " + t.key)
	for _, c := range t.columns {
		b.WriteString(", CAST(" + quote(c) + " AS CHAR)")
	}
	b.WriteString(" FROM " + t.name + " WHERE ")
	var args []any
	if t.name == tableUser {
		b.WriteString("site_id = ? AND ")
		args = append(args, siteID)
	}
	b.WriteString(just(t.key, ids) + " ORDER BY " + t.key)
	if lock {
		b.WriteString(" FOR UPDATE")
	}
	found, err := tx.Raw(b.String(), args...).Rows()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", t.name, err)
	}
	defer func() { _ = found.Close() }()
	rows := map[link.RowRef]link.Row{}
	for found.Next() {
		var id uint32
		values := make([]*string, len(t.columns))
		into := []any{&id}
		for i := range values {
			into = append(into, &values[i])
		}
		if err := found.Scan(into...); err != nil {
			return nil, fmt.Errorf("read %s: %w", t.name, err)
		}
		rows[link.RowRef{Table: t.name, ID: id}] = t.row(values)
	}
	return rows, found.Err()
}

func (t undoTable) row(values []*string) link.Row {
	row := link.Row{Values: map[string]string{}}
	for i, value := range values {
		if value == nil {
			continue
		}
		name := t.columns[i]
		row.Values[name] = *value
		if fallback := t.defaults[name]; *value != "" && *value != fallback {
			row.Others = append(row.Others, name)
		}
	}
	return row
}

// number32 reads an id, or 0.
func number32(s string) uint32 {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		return 0
	}
	return uint32(n)
}
