package mysql_test

import (
	"maps"
	"strings"
	"testing"

	"userlink/sidecar/link"
	"userlink/sidecar/mysql"
	"userlink/sidecar/mysql/mysqltest"
)

// Each of these makes the contact used: by a foreign key of CiviCRM's, by entity_table, by the site's own custom fields.
func TestWhoUsesAContact(t *testing.T) {
	d := mysqltest.New(t, link.Backdrop)
	d.AddTables("civicrm_activity", "civicrm_activity_contact", "civicrm_note", "civicrm_tag", "civicrm_entity_tag", "civicrm_group_contact_cache", "civicrm_relationship")
	d.Exec(`CREATE TABLE civicrm_value_own_1 (id int unsigned PRIMARY KEY AUTO_INCREMENT, entity_id int unsigned NOT NULL, a text,
		CONSTRAINT FK_own FOREIGN KEY (entity_id) REFERENCES civicrm_contact (id) ON DELETE CASCADE)`)
	site := d.Migrated("main")
	contacts := make([]uint32, 8)
	for i := range contacts {
		contacts[i] = d.AddContact("Individual", "A", "B", "a@example.org")
	}
	if _, err := site.UsedBy(t, contacts...); err == nil || !strings.Contains(err.Error(), "userlink check prints") {
		t.Errorf("an account that may not see it all: %v", err)
	}
	d.GrantUse()

	d.Exec("INSERT INTO civicrm_group (id, name, title) VALUES (1, 'g', 'G')")
	d.Exec("INSERT INTO civicrm_activity (id, activity_type_id) VALUES (1, 1)")
	d.Exec("INSERT INTO civicrm_activity_contact (activity_id, contact_id, record_type_id) VALUES (1, ?, 3)", contacts[0])
	d.Exec("INSERT INTO civicrm_note (entity_table, entity_id, note) VALUES ('civicrm_contact', ?, 'x'), ('civicrm_activity', ?, 'x')", contacts[1], contacts[7])
	d.Exec("INSERT INTO civicrm_value_own_1 (entity_id, a) VALUES (?, 'x')", contacts[2])
	d.Exec("UPDATE civicrm_contact SET employer_id = ? WHERE id = ?", contacts[3], contacts[4])
	d.Exec("INSERT INTO civicrm_group_contact (contact_id, group_id, status) VALUES (?, 1, 'Added')", contacts[5])
	d.Exec("INSERT INTO civicrm_group_contact_cache (contact_id, group_id) VALUES (?, 1)", contacts[6])
	used, err := site.UsedBy(t, contacts...)
	want := map[uint32]string{
		contacts[0]: "civicrm_activity_contact", contacts[1]: "civicrm_note", contacts[2]: "civicrm_value_own_1",
		contacts[3]: "civicrm_contact", contacts[5]: "civicrm_group_contact",
	}
	if err != nil || !maps.Equal(used, want) {
		t.Errorf("got %v %v, want %v", used, err, want)
	}
	if more, err := site.UseGrants(t.Context(), d.DSN); err != nil || more != "" {
		t.Errorf("more is wanted: %q %v", more, err)
	}
	for _, f := range site.Check(t.Context()) {
		if f.Name == "who uses a contact" && f.Level != mysql.OK {
			t.Errorf("check: %+v", f)
		}
	}
	if _, err := d.DB.Exec("CREATE TABLE civicrm_value_own_2 LIKE civicrm_value_own_1; ALTER TABLE civicrm_value_own_2 ADD CONSTRAINT FK_own2 FOREIGN KEY (entity_id) REFERENCES civicrm_contact (id)"); err != nil {
		t.Fatal(err)
	}
	if _, err := site.UsedBy(t, contacts...); err == nil {
		t.Error("a table made since the grants was overlooked")
	}
}
