<?php

// civicrm.php WHAT, run inside CiviCRM (civi run):
//   setup         users as they may come, and contacts that may be theirs; nobody is linked but the administrator
//   native        CiviCRM links them, as its "Synchronize Users to Contacts" does, by the administrator
//   rows LOGIN…   what is in the tables now for each of them and of LOGIN…: all columns of all rows
//   trouble       users whose email is on the link of somebody else
//   change        each of these gets another last name
//   orphans       the contacts with an email of these, and how many of them have no link

$twins = [ // as in "identical twins": each is linked twice, by CiviCRM and by userlink
    // login => email, first name, last name
    'a_jane' => ['Jane.Doe@Example.org', 'Jane', 'Doe'],
    'b_nameless' => ['nameless@example.org', '', ''],
    'c_first' => ['first@example.org', 'Maud', ''],
    'd_last' => ['last@example.org', '', 'Lebowski'],
    'e_unicode' => ['lucja@example.org', 'Łucja Zoë', 'Ødegård-Şahin'],
    'f_signs' => ['signs@example.org', "D'Arcy & \"Söhne\"", '<b>Ltd</b> 100%'],
    'g_blanks' => ['blanks@example.org', '  Ann  ', ' Lee '],
    'h_zero' => ['zero@example.org', '0', 'Zero'],
    'i_long' => ['long@example.org', str_repeat('é', 64), str_repeat('x', 64)],
    'j_capitals' => ['ÄNNE@EXAMPLE.ORG', 'ÄNNE', 'MÜLLER'],
    'k_emoji' => ['emoji@example.org', 'Smile 😀', 'Grin'],
    'l_primary' => ['primary@example.org', 'Not', 'Taken'],
    'm_other' => ['other@example.org', '', ''],
    'n_two' => ['two@example.org', 'Two', 'Contacts'],
    'o_wins' => ['wins@example.org', 'Primary', 'Wins'],
    'p_trash' => ['trash@example.org', 'In', 'Trash'],
    'q_organization' => ['office@example.org', 'Not', 'Office'],
    'r_case' => ['case@example.org', 'Case', ''],
    's_deceased' => ['late@example.org', 'Late', ''],
    't_taken' => ['taken@example.org', 'Second', 'Person'],
];

function contact($type, $name, array $emails, array $more = [])
{
    $names = $type === 'Individual' ? ['first_name' => $name] : ['organization_name' => $name];
    $contact = civicrm_api3('Contact', 'create', ['contact_type' => $type] + $names + $more);
    foreach ($emails as $i => $email) {
        civicrm_api3('Email', 'create', ['contact_id' => $contact['id'], 'email' => $email, 'is_primary' => $i === 0, 'location_type_id' => 1]);
    }
    return $contact['id'];
}

// users LIST: past WordPress's hooks and past what it would tidy up.
function users(array $list)
{
    global $wpdb;
    foreach ($list as $login => [$email, $first, $last]) {
        $wpdb->insert($wpdb->users, ['user_login' => $login, 'user_nicename' => $login, 'user_email' => $email,
            'user_registered' => '2020-01-01 00:00:00', 'display_name' => "$login shown"]);
        $id = $wpdb->insert_id;
        foreach (['nickname' => $login, 'first_name' => $first, 'last_name' => $last,
            $wpdb->prefix . 'capabilities' => serialize(['subscriber' => true])] as $key => $value) {
            $wpdb->insert($wpdb->usermeta, ['user_id' => $id, 'meta_key' => $key, 'meta_value' => $value]);
        }
    }
}

function setup(array $twins)
{
    users($twins);
    contact('Individual', 'Primary', ['primary@example.org']);
    contact('Individual', 'Other', ['elsewhere@example.org', 'other@example.org']);
    contact('Individual', 'Two A', ['two@example.org']);
    contact('Individual', 'Two B', ['two@example.org']);
    contact('Individual', 'Lower', ['else@example.org', 'wins@example.org']);
    contact('Individual', 'Wins', ['wins@example.org']);
    contact('Individual', 'Trash', ['trash@example.org'], ['is_deleted' => 1]);
    contact('Organization', 'Office', ['office@example.org']);
    contact('Individual', 'Case', ['CASE@example.org']);
    contact('Individual', 'Late', ['late@example.org'], ['is_deceased' => 1]);
    $taken = contact('Individual', 'Taken', ['taken@example.org']);
    CRM_Core_DAO::executeQuery("INSERT INTO civicrm_uf_match (domain_id, uf_id, uf_name, contact_id) VALUES (1, 99999, 'somebody@example.org', $taken)");
    civi_wp()->users->sync_user(wp_get_current_user()); // as CiviCRM links the administrator who opens one of its pages
    // All of this was yesterday.
    CRM_Core_DAO::executeQuery('UPDATE civicrm_contact SET created_date = NOW() - INTERVAL 1 DAY');
}

function native(array $twins)
{
    CRM_Core_Session::singleton()->set('userID', linked(1)); // a request of the administrator has it
    foreach (array_keys($twins) as $login) {
        $user = get_user_by('login', $login);
        CRM_Core_BAO_UFMatch::synchronizeUFMatch($user, $user->ID, $user->user_email, 'WordPress', 1, 'Individual', true);
    }
}

function linked($user)
{
    return (int) CRM_Core_DAO::singleValueQuery('SELECT contact_id FROM civicrm_uf_match WHERE uf_id = ' . (int) $user);
}

// all SQL: its rows. Not by CiviCRM, to which NULL and an empty text are the same.
function all($sql)
{
    return $GLOBALS['wpdb']->get_results($sql, ARRAY_A);
}

function show($what, array $row, array $instead)
{
    ksort($row);
    foreach ($row as $column => $value) {
        if (!in_array($column, ['id', 'contact_id', 'entity_id'], true)) {
            echo "$what.$column=", isset($instead[$column]) ? $instead[$column]($value) : json_encode($value, JSON_UNESCAPED_UNICODE), "\n";
        }
    }
}

function rows(array $twins, array $more)
{
    $admin = linked(1);
    $now = static function ($value) {
        return $value && abs(time() - strtotime($value . ' UTC')) < 86400 * 2 ? 'a time' : json_encode($value);
    };
    foreach (array_merge(array_keys($twins), $more) as $login) {
        $user = get_user_by('login', $login);
        foreach (all("SELECT * FROM civicrm_uf_match WHERE uf_id = $user->ID") as $link) {
            show("$login link", $link, []);
            $id = (int) $link['contact_id'];
            // Contacts of the setup are older than today.
            $made = CRM_Core_DAO::singleValueQuery("SELECT created_date > CURRENT_TIMESTAMP - INTERVAL 12 HOUR FROM civicrm_contact WHERE id = $id");
            echo "$login ", $made ? 'made' : "found contact $id", "\n";
            foreach ($made ? all("SELECT * FROM civicrm_contact WHERE id = $id") : [] as $contact) {
                $hash = static function ($value) {
                    return preg_match('/^[0-9a-f]{32}$/', $value) ? '32 hex digits' : $value;
                };
                show("$login contact", $contact, ['hash' => $hash, 'created_date' => $now, 'modified_date' => $now]);
            }
            foreach (all("SELECT * FROM civicrm_email WHERE contact_id = $id ORDER BY id") as $email) {
                show("$login email", $email, []);
            }
            foreach ($made ? all("SELECT * FROM civicrm_log WHERE entity_table = 'civicrm_contact' AND entity_id = $id ORDER BY id") : [] as $log) {
                show("$login log", $log, [
                    'modified_date' => $now,
                    'modified_id' => static function ($value) use ($admin, $id) {
                        return $value == $admin ? 'the administrator' : ($value == $id ? 'itself' : $value);
                    },
                    'data' => static function ($value) use ($id) {
                        return str_replace((string) $id, 'ID', $value);
                    },
                ]);
            }
        }
    }
    // No other table has got a row, but for those that any page view may write.
    foreach (all("SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME LIKE 'civicrm\\_%' ORDER BY 1") as $table) {
        if (!preg_match('/cache|menu|system_log|setting|dashboard|status_pref/', $table['name'])) {
            echo $table['name'], ' ', CRM_Core_DAO::singleValueQuery("SELECT COUNT(*) FROM `{$table['name']}`"), "\n";
        }
    }
}

$trouble = [
    'v_crossed' => ['v@example.org', 'V', 'Crossed'], // linked, under the email of the next one
    'w_crossed' => ['w@example.org', 'W', 'Crossed'], // linked, under the email of the one before
    'x_stale' => ['x@example.org', 'X', 'Stale'], // not linked, the email is on the link of a user who is gone
    'y_held' => ['y@example.org', 'Y', 'Held'], // not linked, the email is on the link of the next one
    'z_holder' => ['Y@Example.org', 'Z', 'Holder'],
];

function trouble()
{
    users($GLOBALS['trouble']);
    $id = static function ($login) {
        return get_user_by('login', $login)->ID;
    };
    $links = [[$id('v_crossed'), 'w@example.org'], [$id('w_crossed'), 'v@example.org'], [77777, 'x@example.org'], [$id('z_holder'), 'Y@Example.org']];
    foreach ($links as [$user, $name]) {
        $contact = contact('Individual', "Of $user", []);
        CRM_Core_DAO::executeQuery("INSERT INTO civicrm_uf_match (domain_id, uf_id, uf_name, contact_id) VALUES (1, $user, '$name', $contact)");
    }
}

function change()
{
    foreach (array_keys($GLOBALS['trouble']) as $login) {
        wp_update_user(['ID' => get_user_by('login', $login)->ID, 'last_name' => uniqid('Name ')]);
    }
}

function orphans()
{
    echo implode(' ', all("SELECT COUNT(*), COALESCE(SUM(m.id IS NULL), 0) AS orphans FROM civicrm_email e LEFT JOIN civicrm_uf_match m USING (contact_id)
        WHERE e.email IN ('v@example.org', 'w@example.org', 'x@example.org', 'y@example.org')")[0]), "\n";
}

$argv[1]($twins, array_slice($argv, 2));
