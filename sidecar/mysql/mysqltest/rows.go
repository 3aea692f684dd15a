package mysqltest

import (
	"fmt"
	"strings"

	"userlink/sidecar/link"
)

var prefixes = map[link.CMS]string{link.WordPress: "wp_", link.Joomla: "jos_"}

// usersDDL are the CMSs' own tables, as their installers make them, without columns and keys that do not matter here.
var usersDDL = map[link.CMS]string{
	link.WordPress: `CREATE TABLE wp_users (
		ID bigint(20) unsigned NOT NULL AUTO_INCREMENT, user_login varchar(60) NOT NULL DEFAULT '', user_pass varchar(255) NOT NULL DEFAULT '',
		user_nicename varchar(50) NOT NULL DEFAULT '', user_email varchar(100) NOT NULL DEFAULT '', user_url varchar(100) NOT NULL DEFAULT '',
		user_registered datetime NOT NULL DEFAULT '0000-00-00 00:00:00', user_activation_key varchar(255) NOT NULL DEFAULT '', user_status int(11) NOT NULL DEFAULT 0,
		display_name varchar(250) NOT NULL DEFAULT '', PRIMARY KEY (ID), KEY user_login_key (user_login), KEY user_nicename (user_nicename), KEY user_email (user_email)
		) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
		CREATE TABLE wp_usermeta (umeta_id bigint(20) unsigned NOT NULL AUTO_INCREMENT, user_id bigint(20) unsigned NOT NULL DEFAULT 0, meta_key varchar(255) DEFAULT NULL,
		meta_value longtext DEFAULT NULL, PRIMARY KEY (umeta_id), KEY user_id (user_id), KEY meta_key (meta_key(191))) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci`,
	link.Drupal: `CREATE TABLE users_field_data (uid int(10) unsigned NOT NULL, langcode varchar(12) CHARACTER SET ascii NOT NULL, preferred_langcode varchar(12) CHARACTER SET ascii DEFAULT NULL,
		name varchar(60) NOT NULL, pass varchar(255) DEFAULT NULL, mail varchar(254) DEFAULT NULL, status tinyint(4) DEFAULT NULL, created int(11) NOT NULL DEFAULT 0,
		login int(11) DEFAULT 0,
		default_langcode tinyint(4) NOT NULL, PRIMARY KEY (uid, langcode), UNIQUE KEY user__name (name, langcode), KEY user_field__mail (mail(191))
		) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
		CREATE TABLE user__roles (bundle varchar(128) CHARACTER SET ascii NOT NULL DEFAULT '', deleted tinyint(4) NOT NULL DEFAULT 0, entity_id int(10) unsigned NOT NULL, delta int(10) unsigned NOT NULL,
		roles_target_id varchar(255) CHARACTER SET ascii NOT NULL, PRIMARY KEY (entity_id, deleted, delta)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci`,
	link.Drupal7: userDDL7 + `;
		CREATE TABLE users_roles (uid int(10) unsigned NOT NULL DEFAULT 0, rid int(10) unsigned NOT NULL DEFAULT 0, PRIMARY KEY (uid, rid)) ENGINE=InnoDB;
		CREATE TABLE role (rid int(10) unsigned NOT NULL AUTO_INCREMENT, name varchar(64) NOT NULL DEFAULT '', PRIMARY KEY (rid)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci`,
	link.Backdrop: userDDL7 + `;
		CREATE TABLE users_roles (uid int(10) unsigned NOT NULL DEFAULT 0, role varchar(255) NOT NULL DEFAULT '', PRIMARY KEY (uid, role(191))) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci`,
	link.Joomla: `CREATE TABLE jos_users (id int(11) NOT NULL AUTO_INCREMENT, name varchar(400) NOT NULL DEFAULT '', username varchar(150) NOT NULL DEFAULT '', email varchar(100) NOT NULL DEFAULT '',
		password varchar(100) NOT NULL DEFAULT '', block tinyint(4) NOT NULL DEFAULT 0, params text NOT NULL, otpKey varchar(1000) NOT NULL DEFAULT '', otep varchar(1000) NOT NULL DEFAULT '',
		lastvisitDate datetime DEFAULT NULL, PRIMARY KEY (id), UNIQUE KEY idx_username (username), KEY email (email)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
		CREATE TABLE jos_usergroups (id int(10) unsigned NOT NULL AUTO_INCREMENT, title varchar(100) NOT NULL DEFAULT '', PRIMARY KEY (id)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
		CREATE TABLE jos_user_usergroup_map (user_id int(10) unsigned NOT NULL DEFAULT 0, group_id int(10) unsigned NOT NULL DEFAULT 0, PRIMARY KEY (user_id, group_id)) ENGINE=InnoDB`,
}

const userDDL7 = `CREATE TABLE users (uid int(10) unsigned NOT NULL DEFAULT 0, name varchar(60) NOT NULL DEFAULT '', pass varchar(128) NOT NULL DEFAULT '', mail varchar(254) DEFAULT '',
	created int(11) NOT NULL DEFAULT 0, login int(11) NOT NULL DEFAULT 0, status tinyint(4) NOT NULL DEFAULT 0, PRIMARY KEY (uid), UNIQUE KEY name (name), KEY mail (mail)
	) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci`

// AddUser writes a row of the CMS's users table as the CMS would.
func (d *Database) AddUser(u link.User) link.User {
	d.T.Helper()
	if u.Username == "" {
		u.Username = fmt.Sprintf("user%d", u.ID)
	}
	switch d.CMS {
	case link.WordPress:
		d.Exec("INSERT INTO wp_users (ID, user_login, user_email, display_name, user_pass) VALUES (?, ?, ?, ?, 'hash')", u.ID, u.Username, u.Email, u.Name)
		d.Exec("INSERT INTO wp_usermeta (user_id, meta_key, meta_value) VALUES (?, 'nickname', ?), (?, 'first_name', ?), (?, 'last_name', ?), (?, 'wp_capabilities', 'a:1:{s:10:\"subscriber\";b:1;}'), (?, 'session_tokens', 'secret')",
			u.ID, u.Username, u.ID, u.FirstName, u.ID, u.LastName, u.ID, u.ID)
	case link.Drupal:
		d.Exec("INSERT INTO users_field_data (uid, langcode, name, mail, status, default_langcode) VALUES (?, 'en', ?, ?, 1, 1)", u.ID, u.Username, u.Email)
	case link.Drupal7, link.Backdrop:
		d.Exec("INSERT INTO users (uid, name, mail, status) VALUES (?, ?, ?, 1)", u.ID, u.Username, u.Email)
	case link.Joomla:
		d.Exec("INSERT INTO jos_users (id, name, username, email, params) VALUES (?, ?, ?, ?, '{}')", u.ID, u.Name, u.Username, u.Email)
	}
	return u
}

// AddContact writes a contact as CiviCRM would, with its emails, the first of which is primary. It returns its id.
func (d *Database) AddContact(contactType, first, last string, emails ...string) uint32 {
	d.T.Helper()
	done := d.Exec("INSERT INTO civicrm_contact (contact_type, first_name, last_name, display_name, sort_name, hash) VALUES (?, ?, ?, ?, ?, REPLACE(UUID(), '-', ''))",
		contactType, first, last, strings.TrimSpace(first+" "+last), last+", "+first)
	id, err := done.LastInsertId()
	must(d.T, err)
	for i, email := range emails {
		d.Exec("INSERT INTO civicrm_email (contact_id, location_type_id, email, is_primary) VALUES (?, 1, ?, ?)", id, email, i == 0)
	}
	return uint32(id) //nolint:gosec // the column is int unsigned
}

// AddLink writes a row of civicrm_uf_match.
func (d *Database) AddLink(userID uint32, name string, contactID uint32) {
	d.T.Helper()
	var contact any
	if contactID != 0 {
		contact = contactID
	}
	d.Exec("INSERT INTO civicrm_uf_match (domain_id, uf_id, uf_name, contact_id) VALUES (1, ?, ?, ?)", userID, name, contact)
}

// Setting writes a setting of CiviCRM's, PHP-serialised.
func (d *Database) Setting(name, serialised string) {
	d.T.Helper()
	d.Exec("DELETE FROM civicrm_setting WHERE name = ?", name)
	d.Exec("INSERT INTO civicrm_setting (name, value, domain_id, is_domain) VALUES (?, ?, 1, 1)", name, serialised)
}

// Counts returns the rows of the four tables that userlink writes, as "contacts emails logs links".
func (d *Database) Counts() string {
	d.T.Helper()
	return d.One("SELECT CONCAT_WS(' ', (SELECT COUNT(*) FROM civicrm_contact), (SELECT COUNT(*) FROM civicrm_email), (SELECT COUNT(*) FROM civicrm_log), (SELECT COUNT(*) FROM civicrm_uf_match))")
}

// One returns the single value of a query as text; NULL as "NULL".
func (d *Database) One(query string, args ...any) string {
	d.T.Helper()
	var value *string
	if err := d.QueryRow(query, args...).Scan(&value); err != nil {
		d.T.Fatalf("%.200s: %v", query, err)
	}
	if value == nil {
		return "NULL"
	}
	return *value
}

// Rows returns a query's rows, each as "a|b|c".
func (d *Database) Rows(query string, args ...any) []string {
	d.T.Helper()
	rows, err := d.Query(query, args...)
	must(d.T, err)
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	must(d.T, err)
	found := []string{}
	for rows.Next() {
		values := make([]*string, len(columns))
		into := make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		must(d.T, rows.Scan(into...))
		texts := make([]string, len(values))
		for i, v := range values {
			texts[i] = "NULL"
			if v != nil {
				texts[i] = *v
			}
		}
		found = append(found, strings.Join(texts, "|"))
	}
	must(d.T, rows.Err())
	return found
}
