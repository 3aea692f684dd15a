<?php

/**
 * Asks a real CiviCRM what it makes of users: the reference that sidecar/link is compared with.
 *
 * Run it inside a CMS with CiviCRM that has nothing to lose, once per site (CiviCRM keeps settings in static variables):
 *
 *   record.php <site.json >recorded.json
 *
 * Input: a site as the tests of sidecar/link write it.
 *   {"settings": {"display_name_format": "…", …},              CiviCRM settings to set
 *    "options": {"email_greeting": "Hi {contact.first_name}"}, label of the option to be the default; "" = no default
 *    "names": ["Doe, Jane"],                                   full names to be split, as Joomla's are; optional
 *    "cases": [{"cms": "wordpress", "first": "…", "last": "…", "name": "…", "email": "…"}, …]}
 * Output: the same site with "version" (CiviCRM's), "defaults" (what CiviCRM then takes), "split" (the parts of the names,
 * in their order) and in every case "rows": what was written, without ids and clocks, columns that are NULL or at their
 * default left out; or CiviCRM's exception.
 *
 * The users are objects as the CMS would hand them over; they need not exist, nor need the CMS be theirs. Every case leaves
 * the tables as they were.
 */

require __DIR__ . '/tables.php';

$site = json_decode(stream_get_contents(STDIN), true);
if (!is_array($site)) {
    fwrite(STDERR, "record.php: no site on standard input\n");
    exit(2);
}
// Two at a time would see each other's rows and settings.
$lock = fopen(sys_get_temp_dir() . '/userlink-record-' . md5(CIVICRM_DSN), 'c');
flock($lock, LOCK_EX);
$recorder = new UserlinkRecorder();
// Not "finally": a greeting that Smarty cannot read ends the whole process.
register_shutdown_function([$recorder, 'restore']);
echo json_encode($recorder->site($site), JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR), "\n";

class UserlinkRecorder
{
    /** The tables that a new contact appears in; parents last. */
    private const TABLES = ['civicrm_uf_match', 'civicrm_log', 'civicrm_email', 'civicrm_contact'];

    /** Columns that no two runs share. */
    private const UNLIKE = [
        'id', 'contact_id', 'hash', 'created_date', 'modified_date', 'uf_id', 'entity_id', 'modified_id', 'data',
    ];

    private $settings = [];
    private $options = [];

    /** The highest ids before the current case; empty between cases. */
    private $before = [];

    public function site(array $site): array
    {
        foreach ($site['settings'] ?? [] as $name => $value) {
            $this->settings[$name] = Civi::settings()->get($name);
            Civi::settings()->set($name, $value);
        }
        foreach ($site['options'] ?? [] as $group => $label) {
            $this->setOption($group, $label);
        }
        $this->flush();

        $site['version'] = CRM_Utils_System::version();
        $site['settings'] = (object) ($site['settings'] ?? []);
        $site['options'] = (object) ($site['options'] ?? []);
        $site['defaults'] = $this->defaults();
        foreach ($site['names'] ?? [] as $name) {
            $split = [];
            CRM_Utils_String::extractName($name, $split);
            $site['split'][] = (object) $split;
        }
        $site['cases'] = $site['cases'] ?? [];
        foreach ($site['cases'] as $i => &$case) {
            $case['rows'] = $this->record($case, 900000 + $i);
        }
        return $site;
    }

    /** What CiviCRM takes for a new Individual, by its own words. */
    private function defaults(): array
    {
        $style = CRM_Core_OptionGroup::values('communication_style', true, null, null, 'AND is_default = 1');
        $location = CRM_Core_BAO_LocationType::getDefault();
        $defaults = [
            'display_name_format' => Civi::settings()->get('display_name_format'),
            'sort_name_format' => Civi::settings()->get('sort_name_format'),
            'contact_default_language' => (string) Civi::settings()->get('contact_default_language'),
            'lc_messages' => (string) Civi::settings()->get('lcMessages'),
            'communication_style_id' => (int) array_pop($style),
            'location_type_id' => (int) $location->id,
        ];
        foreach (['email_greeting', 'postal_greeting', 'addressee'] as $kind) {
            $id = (int) CRM_Contact_BAO_Contact_Utils::defaultGreeting('Individual', $kind);
            $labels = CRM_Core_PseudoConstant::greeting(['contact_type' => 'Individual', 'greeting_type' => $kind]);
            $defaults[$kind] = ['id' => $id, 'template' => (string) ($labels[$id] ?? '')];
        }
        return $defaults;
    }

    /** Links one user the way CiviCRM does, and returns the rows. */
    private function record(array $case, int $userId): array
    {
        $uf = UserlinkTables::UF[$case['cms']];
        $email = $case['email'];
        $user = $uf === 'WordPress'
            ? ['ID' => $userId, 'user_email' => $email, 'first_name' => $case['first'] ?? '', 'last_name' => $case['last'] ?? '']
            : ['id' => $userId, 'uid' => $userId, 'name' => $case['name'] ?? '', 'email' => $email];
        $user = (object) $user;

        // Since 5.61 at the latest, CiviCRM asks the CMS's class for the names.
        $config = CRM_Core_Config::singleton();
        $own = $config->userSystem;
        $class = "CRM_Utils_System_$uf";
        $this->before = UserlinkTables::highestIds(self::TABLES);
        try {
            if (method_exists($own, 'getContactDetailsFromUser') && get_class($own) !== $class) {
                $config->userSystem = new $class();
            }
            // The last argument says that $_POST does not describe this user; CiviCRM's full sync passes it too.
            CRM_Core_BAO_UFMatch::synchronizeUFMatch($user, $userId, $email, $uf, 1, 'Individual', true);
            return $this->rowsSince($this->before);
        } catch (Throwable $e) {
            $message = get_class($e) . ': ' . preg_replace('/\s+/', ' ', $e->getMessage());
            return ['error' => mb_substr($message, 0, 100)];
        } finally {
            $config->userSystem = $own;
            $this->forget();
        }
    }

    /** Takes the current case out of the tables. */
    private function forget(): void
    {
        UserlinkTables::deleteSince($this->before);
        $this->before = [];
    }

    private function rowsSince(array $ids): array
    {
        $rows = [];
        foreach ($ids as $table => $id) {
            $columns = $this->query("SHOW COLUMNS FROM $table");
            $found = $this->query("SELECT * FROM $table WHERE id > $id ORDER BY id");
            $name = substr($table, strlen('civicrm_'));
            if (count($found) !== 1) {
                $rows["{$name}_rows"] = count($found);
            }
            foreach ($found as $row) {
                $rows[$name] = $this->telling($row, $columns);
            }
        }
        return $rows;
    }

    /** All rows; not by fetchAll() of CiviCRM's DAO, which makes NULL an empty string. */
    private function query(string $sql): array
    {
        $rows = [];
        $result = CRM_Core_DAO::executeQuery($sql)->getDatabaseResult();
        while ($row = $result->fetchRow(DB_FETCHMODE_ASSOC)) {
            $rows[] = $row;
        }
        return $rows;
    }

    /** The row without what every row has. */
    private function telling(array $row, array $columns): array
    {
        $telling = [];
        foreach ($columns as $column) {
            $name = $column['Field'];
            $value = $row[$name];
            if (!in_array($name, self::UNLIKE, true) && $value !== null && $value !== $column['Default']) {
                $telling[$name] = $value;
            }
        }
        return $telling;
    }

    /** Makes an option with this label the default of its group for Individuals. */
    private function setOption(string $group, string $label): void
    {
        $this->options[] = $group;
        $is = [1 => [$group, 'String']];
        $ofGroup = 'civicrm_option_value v JOIN civicrm_option_group g ON g.id = v.option_group_id AND g.name = %1';
        $filter = $group === 'communication_style' ? '' : 'WHERE v.filter IN (0, 1)';
        CRM_Core_DAO::executeQuery('CREATE TABLE IF NOT EXISTS userlink_record_options LIKE civicrm_option_value');
        CRM_Core_DAO::executeQuery("INSERT IGNORE INTO userlink_record_options SELECT v.* FROM $ofGroup", $is);
        CRM_Core_DAO::executeQuery("UPDATE $ofGroup SET v.is_default = 0 $filter", $is);
        if ($label !== '') {
            CRM_Core_DAO::executeQuery(
                "INSERT INTO civicrm_option_value (option_group_id, label, value, name, filter, is_default, weight, is_active)
                SELECT id, %2, 77, 'userlink_record', 1, 1, 99, 1 FROM civicrm_option_group WHERE name = %1",
                $is + [2 => [$label, 'String']]
            );
        }
    }

    /** Puts everything back. */
    public function restore(): void
    {
        $this->forget();
        foreach ($this->settings as $name => $value) {
            Civi::settings()->set($name, $value);
        }
        if ($this->options) {
            CRM_Core_DAO::executeQuery("DELETE FROM civicrm_option_value WHERE name = 'userlink_record'");
            CRM_Core_DAO::executeQuery('UPDATE civicrm_option_value v JOIN userlink_record_options o ON o.id = v.id
                SET v.is_default = o.is_default');
            CRM_Core_DAO::executeQuery('DROP TABLE userlink_record_options');
        }
        $this->flush();
    }

    private function flush(): void
    {
        Civi::cache()->flush();
        CRM_Core_OptionGroup::flushAll();
    }
}
