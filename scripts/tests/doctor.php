<?php

// doctor.php WHAT, run inside CiviCRM (civi run):
//   users N       N users, past WordPress's hooks
//   moved         the users get other ids, as after an import from another site
//   orphans       how many contacts carry the email of one of them and have no link; of these, how many are in the trash
//   multiply N    copies the orphans until there are N
//   use           four of them are used, by CiviCRM's API: prints how many
//   used          how many of these are used still, and not in the trash
//   relinked      how many users are linked to the contact that they had before they were moved
//   row ID        the contact's own row and its lines in the change log, without clocks and the numbers of the lines
//   delete ID     CiviCRM's API puts the contact into the trash
//   trash         how many contacts CiviCRM's API finds in the trash

const MOVED = 100000;

function value($sql)
{
    return $GLOBALS['wpdb']->get_var($sql);
}

function sql($sql)
{
    if ($GLOBALS['wpdb']->query($sql) === false) {
        throw new RuntimeException($GLOBALS['wpdb']->last_error);
    }
}

function users($n)
{
    sql("INSERT INTO wp_users (ID, user_login, user_nicename, user_email, user_registered, display_name)
        SELECT seq + 10, CONCAT('u', seq), CONCAT('u', seq), CONCAT('User', seq, '@example.org'), '2020-01-01', '' FROM seq_1_to_$n");
    foreach (['first_name' => "CONCAT('First', seq)", 'last_name' => "IF(seq % 10 = 0, '', CONCAT('Last', seq))", 'wp_capabilities' => "'a:1:{s:10:\"subscriber\";b:1;}'"] as $key => $of) {
        sql("INSERT INTO wp_usermeta (user_id, meta_key, meta_value) SELECT seq + 10, '$key', $of FROM seq_1_to_$n");
    }
}

function moved()
{
    sql('UPDATE wp_users SET ID = ID + ' . MOVED . ' WHERE ID > 10');
    sql('UPDATE wp_usermeta SET user_id = user_id + ' . MOVED . ' WHERE user_id > 10');
}

const ORPHANS = "civicrm_contact c JOIN civicrm_email e ON e.contact_id = c.id AND e.email LIKE 'user%@example.org' LEFT JOIN civicrm_uf_match m ON m.contact_id = c.id WHERE m.id IS NULL";

function orphans()
{
    echo value('SELECT CONCAT(COUNT(*), " ", SUM(c.is_deleted)) FROM ' . ORPHANS), "\n";
}

function multiply($n)
{
    $columns = implode(', ', array_diff($GLOBALS['wpdb']->get_col("SELECT COLUMN_NAME FROM information_schema.COLUMNS
        WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'civicrm_contact'"), ['id', 'hash']));
    while (($missing = $n - value('SELECT COUNT(*) FROM ' . ORPHANS)) > 0) {
        $from = value('SELECT MAX(id) FROM civicrm_contact');
        sql("INSERT INTO civicrm_contact (hash, $columns) SELECT MD5(RAND()), c." . str_replace(', ', ', c.', $columns) . ' FROM ' . ORPHANS . " ORDER BY c.id LIMIT $missing");
        // The new rows come in the order of the old ones, and so do their emails.
        sql("CREATE TEMPORARY TABLE twins AS SELECT n.id, o.location_type_id, o.email FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place FROM civicrm_contact WHERE id > $from) n
            JOIN (SELECT e.location_type_id, e.email, ROW_NUMBER() OVER (ORDER BY c.id) AS place FROM " . ORPHANS . " AND c.id <= $from) o USING (place)");
        sql('INSERT INTO civicrm_email (contact_id, location_type_id, email, is_primary, is_billing, on_hold, is_bulkmail) SELECT id, location_type_id, email, 1, 0, 0, 0 FROM twins');
        sql('DROP TEMPORARY TABLE twins');
        sql("INSERT INTO civicrm_log (entity_table, entity_id, data, modified_id, modified_date)
            SELECT 'civicrm_contact', id, CONCAT('civicrm_contact,', id), id, NOW() FROM civicrm_contact WHERE id > $from");
    }
}

function four()
{
    return $GLOBALS['wpdb']->get_col('SELECT c.id FROM ' . ORPHANS . ' ORDER BY c.id LIMIT 4');
}

function used_by($ids)
{
    [$met, $member, $renamed, $noted] = $ids;
    civicrm_api3('Activity', 'create', ['activity_type_id' => 'Meeting', 'subject' => 'Met', 'source_contact_id' => 1, 'target_id' => $met]);
    $group = civicrm_api3('Group', 'create', ['title' => 'Members']);
    civicrm_api3('GroupContact', 'create', ['group_id' => $group['id'], 'contact_id' => $member]);
    civicrm_api3('Contact', 'create', ['id' => $renamed, 'nick_name' => 'Nick']);
    civicrm_api3('Note', 'create', ['entity_table' => 'civicrm_contact', 'entity_id' => $noted, 'note' => 'Nice.']);
    sql("CREATE TABLE doctor_used AS SELECT id FROM civicrm_contact WHERE id IN ($met, $member, $renamed, $noted)");
}

switch ($argv[1]) {
    case 'users':
        users((int) $argv[2]);
        break;
    case 'moved':
        moved();
        break;
    case 'orphans':
        orphans();
        break;
    case 'multiply':
        multiply((int) $argv[2]);
        break;
    case 'use':
        used_by(four());
        // no break
    case 'used':
        echo value('SELECT COUNT(*) FROM doctor_used JOIN civicrm_contact USING (id) WHERE is_deleted = 0'), "\n";
        break;
    case 'relinked':
        // CiviCRM had made their contacts in the order of their first ids, all before the orphans.
        echo value('SELECT COUNT(*) FROM wp_users u JOIN civicrm_uf_match m ON m.uf_id = u.ID AND m.uf_name = u.user_email
            WHERE u.ID > ' . MOVED . ' AND m.contact_id = (SELECT MIN(e.contact_id) FROM civicrm_email e WHERE e.email = u.user_email COLLATE utf8mb4_unicode_ci)'), "\n";
        break;
    case 'row':
        $id = (int) $argv[2];
        foreach (["SELECT * FROM civicrm_contact WHERE id = $id", "SELECT * FROM civicrm_log WHERE entity_table = 'civicrm_contact' AND entity_id = $id ORDER BY id"] as $query) {
            foreach ($GLOBALS['wpdb']->get_results($query, ARRAY_A) as $row) {
                echo json_encode(array_diff_key($row, ['modified_date' => '', isset($row['data']) ? 'id' : '' => ''])), "\n";
            }
        }
        break;
    case 'delete':
        civicrm_api3('Contact', 'delete', ['id' => (int) $argv[2]]);
        break;
    case 'trash':
        echo civicrm_api3('Contact', 'getcount', ['is_deleted' => 1]), "\n";
}
