<?php

/**
 * Lets a real CiviCRM link users, for sidecar/parity, which compares every row of every table with what userlink writes.
 *
 *   link.php <what.json >done.json          run inside a WordPress with CiviCRM that has nothing to lose
 *
 * Input: {"actor": 7,                        the contact of who is logged in, or 0
 *         "sync": true,                      first CiviCRM's own "Synchronize Users to Contacts"
 *         "events": [{"kind": "registered", "cms": "wordpress", "forget": false, "user": {"id": 5, "email": "…", …}}, …]}
 *   kind: registered; email_changed (to the user's email); deleted. forget: take what the event wrote out of the tables
 *   again, and only say what it was.
 * Output: {"sync": {counts}, "error": "", "events": [{"rows": {"civicrm_contact": 1, …}, "error": ""}, …]}
 */

require __DIR__ . '/tables.php';

$what = json_decode(stream_get_contents(STDIN), true);
if (!is_array($what)) {
    fwrite(STDERR, "link.php: no JSON on standard input\n");
    exit(2);
}
echo json_encode((new UserlinkTwin($what))->run(), JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR), "\n";

class UserlinkTwin
{
    /** The tables that a link may appear in; parents last. */
    private const TABLES = [
        'civicrm_uf_match', 'civicrm_log', 'civicrm_email', 'civicrm_group_contact', 'civicrm_subscription_history', 'civicrm_contact',
    ];

    private $what;

    public function __construct(array $what)
    {
        $this->what = $what;
    }

    public function run(): array
    {
        $scope = CRM_Core_TemporaryErrorScope::useException(); // else what the database refuses ends the process
        $done = ['error' => '', 'sync' => null, 'events' => []];
        if (!empty($this->what['sync'])) {
            $this->session();
            try {
                $done['sync'] = CRM_Utils_System::synchronizeUsers();
            } catch (Throwable $e) {
                $done['error'] = $this->message($e);
            }
        }
        foreach ($this->what['events'] ?? [] as $event) {
            $done['events'][] = $this->event($event);
        }
        return $done;
    }

    /** A request of its own: CiviCRM's session has who is logged in, and $_POST is not about the user. */
    private function session(): void
    {
        CRM_Core_Session::singleton()->reset();
        if ($this->what['actor']) {
            CRM_Core_Session::singleton()->set('userID', $this->what['actor']);
            CRM_Core_DAO::executeQuery('SET @civicrm_user_id = %1', [1 => [$this->what['actor'], 'Integer']]);
        }
        $_POST = [];
        // Two log rows about one contact become one within a request.
        $processed = new ReflectionProperty('CRM_Core_BAO_Log', '_processed');
        $processed->setAccessible(true);
        $processed->setValue(null, null);
        unset(Civi::$statics['CRM_Core_BAO_UFMatch']);
    }

    private function event(array $event): array
    {
        $this->session();
        $before = UserlinkTables::highestIds(self::TABLES);
        $error = '';
        try {
            $this->{$event['kind']}($event['user'], $event['cms']);
        } catch (Throwable $e) {
            $error = $this->message($e);
        }
        $rows = $this->rowsSince($before);
        if (!empty($event['forget'])) {
            UserlinkTables::deleteSince($before);
        }
        return ['rows' => (object) $rows, 'error' => $error];
    }

    /** What CiviCRM's module for the CMS does with a new user, and with each at "Synchronize Users to Contacts". */
    private function registered(array $user, string $cms): void
    {
        $uf = UserlinkTables::UF[$cms];
        $object = $uf === 'WordPress'
            ? ['ID' => $user['id'], 'user_email' => $user['email'], 'first_name' => $user['first'] ?? '', 'last_name' => $user['last'] ?? '']
            : ['id' => $user['id'], 'uid' => $user['id'], 'name' => $user['name'] ?? '', 'email' => $user['email']];
        $object = (object) $object;
        CRM_Core_BAO_UFMatch::synchronizeUFMatch($object, $user['id'], $user['email'], $uf, 1, 'Individual');
    }

    private function email_changed(array $user): void
    {
        $contact = CRM_Core_BAO_UFMatch::getContactId($user['id']);
        if ($contact) {
            CRM_Core_BAO_UFMatch::updateContactEmail($contact, $user['email']);
        }
    }

    private function deleted(array $user): void
    {
        CRM_Core_BAO_UFMatch::deleteUser($user['id']);
    }

    private function rowsSince(array $ids): array
    {
        $rows = [];
        foreach ($ids as $table => $id) {
            $n = (int) CRM_Core_DAO::singleValueQuery("SELECT COUNT(*) FROM $table WHERE id > $id");
            if ($n > 0) {
                $rows[$table] = $n;
            }
        }
        return $rows;
    }

    private function message(Throwable $e): string
    {
        return mb_substr(get_class($e) . ': ' . preg_replace('/\s+/', ' ', $e->getMessage()), 0, 200);
    }
}
