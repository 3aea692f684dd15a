<?php

/**
 * What the Joomla shim tells the sidecar, and when; what it does when the sidecar is down, slow or answers nonsense.
 * Needs no Joomla: php plugins/joomla/tests/run.php
 *
 * @package     Userlink
 * @license     GNU General Public License version 2 or later
 */

// phpcs:disable PSR1.Files.SideEffects

namespace Userlink\Tests;

use Joomla\CMS\Component\ComponentHelper;
use Joomla\CMS\Event\User\AfterEvent;
use Joomla\CMS\Factory;
use Joomla\CMS\Log\Log;
use Joomla\CMS\Session\Session;
use Joomla\Database\DatabaseFactory;
use Joomla\Event\Event as JoomlaEvent;
use Userlink\Component\Userlink\Administrator\Controller\DisplayController;
use Userlink\Component\Userlink\Administrator\Events;
use Userlink\Component\Userlink\Administrator\Sidecar;
use Userlink\Plugin\System\Userlink\Extension\Userlink as SystemPlugin;
use Userlink\Plugin\User\Userlink\Extension\Userlink as UserPlugin;
use Userlink\Tests\Joomla\Closed;
use Userlink\Tests\Joomla\FakeApplication;
use Userlink\Tests\Joomla\FakeDatabase;

error_reporting(E_ALL);
set_error_handler(static function (int $level, string $message, string $file, int $line): bool {
    if ((error_reporting() & $level) === 0) {
        return false; // silenced by @
    }
    throw new \ErrorException($message, 0, $level, $file, $line);
});

$plugins = dirname(__DIR__);
$shared  = dirname($plugins, 2) . '/shared/php';
$folder  = sys_get_temp_dir() . '/userlink-joomla-' . bin2hex(random_bytes(6));
mkdir("$folder/components/com_userlink", 0700, true);
symlink(dirname($shared), "$folder/components/com_userlink/shared");
register_shutdown_function(static function () use ($folder): void {
    unlink("$folder/components/com_userlink/shared");
    unlink("$folder/key");
    array_map('rmdir', ["$folder/components/com_userlink", "$folder/components", $folder]);
});

define('_JEXEC', 1);
define('JPATH_ADMINISTRATOR', $folder);
require "$shared/autoload.php";
foreach (['harness', 'MemoryOutbox', 'FakeSidecar'] as $file) {
    require "$shared/tests/$file.php";
}
file_put_contents("$folder/key", FakeSidecar::SECRET);
require __DIR__ . '/stubs.php';
foreach (['Sidecar', 'Outbox', 'Events', 'Controller/DisplayController'] as $file) {
    require "$plugins/com_userlink/src/$file.php";
}
require "$plugins/plg_user_userlink/src/Extension/Userlink.php";
require "$plugins/plg_system_userlink/src/Extension/Userlink.php";

/** A request of its own: a sidecar that waits for orders, Jane (user 42) in the database, nobody logged in. */
final class Site
{
    public FakeSidecar $sidecar;
    public FakeDatabase $database;
    public FakeApplication $app;
    public UserPlugin $user;
    public SystemPlugin $system;
    public bool $down = false;

    public const JANE = ['id' => '42', 'name' => 'Jane Doe', 'username' => 'jane', 'email' => 'jane@example.org', 'block' => '0',
        'activation' => '', 'registerDate' => '2026-01-31 12:00:00', 'params' => '{"language":"de-DE"}', 'password' => 'secret'];

    public function __construct(array $options = [])
    {
        $this->sidecar             = new FakeSidecar();
        $this->database            = DatabaseFactory::$database = new FakeDatabase();
        $this->database->users[42] = self::JANE;
        $this->app                 = Factory::$application = new FakeApplication();
        $this->app->user           = (object) ['id' => 0];
        $this->app->config         = ['userlink_key_id' => 'main-1', 'userlink_key_file' => JPATH_ADMINISTRATOR . '/key'];
        ComponentHelper::$params   = ['address' => $this->sidecar->address, 'site' => 'main'];
        Log::$lines                = [];
        $this->user                = new UserPlugin($options);
        $this->system              = new SystemPlugin();
        // The connection is kept over requests, which here are one.
        $kept = new \ReflectionProperty(Sidecar::class, 'database');
        $kept->setAccessible(true);
        $kept->setValue(null, null);
    }

    /** Joomla tells that a user was saved. */
    public function saved(bool $isNew, bool $result = true, array $user = self::JANE): self
    {
        $this->user->afterSave(new AfterEvent('onUserAfterSave', ['subject' => $user, 'isNew' => $isNew, 'savingResult' => $result]));

        return $this;
    }

    public function deleted(bool $result = true): self
    {
        $this->user->afterDelete(new AfterEvent('onUserAfterDelete', ['subject' => self::JANE, 'deletingResult' => $result]));

        return $this;
    }

    public function loggedIn(): self
    {
        $this->user->afterLogin(new AfterEvent('onUserAfterLogin', ['options' => ['user' => (object) ['id' => 42]]]));

        return $this;
    }

    /** A page begins; Jane is logged in unless somebody else is said. */
    public function page(string $option, string $task = '', int $user = 42): self
    {
        $this->app->user    = (object) ['id' => $user];
        $this->app->request = ['option' => $option, 'task' => $task];
        $this->system->afterRoute();

        return $this;
    }

    /** The request ends: what was sent, as "type hook user/actor", and whether anything is left in the outbox. */
    public function sent(): array
    {
        Events::send();
        $sent = [];
        while (!$this->down && !$this->sidecar->isQuiet()) {
            $event  = json_decode($this->sidecar->request()['body'], true);
            $sent[] = $event['type'] . ' ' . $event['data']['hook'] . ' ' . $event['data']['user']['id'] . '/' . $event['data']['actor']['user_id'];
        }

        return $sent;
    }

    public function waiting(): int
    {
        return $this->database->outbox->count();
    }
}

// --- The policy's table: what is sent ---------------------------------------------------------------------------------

test('registration sends nothing', static function (): void {
    same([], (new Site())->saved(true)->sent());
});

test('login sends nothing', static function (): void {
    same([], (new Site())->loggedIn()->sent());
});

test('registration is sent when the option is on', static function (): void {
    $site = new Site(['link_on_login' => 1]);
    $site->sidecar->nextGood();
    same(['user.registered onUserAfterSave 42/0'], $site->saved(true)->sent());
});

test('login is sent when the option is on, but not to the API', static function (): void {
    $site = new Site(['link_on_login' => 1]);
    $site->sidecar->nextGood();
    same(['user.logged_in onUserAfterLogin 42/0'], $site->loggedIn()->sent());
    $site->app->client = 'api';
    same([], $site->loggedIn()->sent());
});

test('a change is sent, as the database has the user, and by whom', static function (): void {
    $site            = new Site();
    $site->app->user = (object) ['id' => 7];
    $site->sidecar->nextGood();
    $site->saved(false);
    check($site->sidecar->isQuiet(), 'nothing is sent before the end of the request');
    Events::send();
    $event = json_decode($site->sidecar->request()['body'], true);
    same('user.updated', $event['type']);
    same(['hook' => 'onUserAfterSave', 'user' => ['id' => 42, 'email' => 'jane@example.org', 'username' => 'jane', 'name' => 'Jane Doe',
        'status' => 'active', 'language' => 'de-DE', 'roles' => ['Registered'], 'registered_at' => '2026-01-31T12:00:00Z'],
        'actor' => ['user_id' => 7]], $event['data']);
});

test('blocked, and waiting for activation', static function (): void {
    foreach (['' => 'blocked', 'abc' => 'pending'] as $activation => $status) {
        $site                      = new Site();
        $site->database->users[42] = ['block' => '1', 'activation' => (string) $activation] + Site::JANE;
        $site->sidecar->nextGood();
        $site->saved(false);
        Events::send();
        same($status, json_decode($site->sidecar->request()['body'], true)['data']['user']['status']);
    }
});

test('a deletion is sent, with the user as they were', static function (): void {
    $site                  = new Site();
    $site->database->users = [];
    $site->sidecar->nextGood();
    $site->deleted();
    Events::send();
    $user = json_decode($site->sidecar->request()['body'], true)['data']['user'];
    same([42, 'jane@example.org', 'Jane Doe', false], [$user['id'], $user['email'], $user['name'], isset($user['password'])]);
});

test('the first CiviCRM page is sent at once, once in a session', static function (): void {
    foreach (['site', 'administrator'] as $client) {
        $site              = new Site();
        $site->app->client = $client;
        $site->sidecar->nextGood();
        $site->page('com_civicrm', 'civicrm/dashboard');
        check(!$site->sidecar->isQuiet(), 'it was sent before CiviCRM begins');
        same(['civicrm.transaction onAfterRoute 42/42'], $site->sent());
        same([], $site->page('com_civicrm', 'civicrm/contact/view')->sent(), 'the next page');
        $site->sidecar->nextGood();
        $site->database->users[43] = ['id' => '43'] + Site::JANE;
        same(['civicrm.transaction onAfterRoute 43/43'], $site->page('com_civicrm', '', 43)->sent(), 'another user in the same session');
    }
});

test('other pages, visitors, the API, and CiviCRM during its upgrade send nothing', static function (): void {
    $site = new Site();
    same([], $site->page('com_content')->sent());
    same([], $site->page('com_civicrm', '', 0)->sent());
    same([], $site->page('com_civicrm', 'civicrm/upgrade')->sent());
    $site->app->client = 'api';
    same([], $site->page('com_civicrm')->sent());
});

test('registration through a CiviCRM profile is a transaction, sent when CiviCRM is done', static function (): void {
    $site               = new Site();
    $site->app->request = ['option' => 'com_civicrm'];
    $site->sidecar->nextGood();
    $site->saved(true);
    check($site->sidecar->isQuiet(), 'CiviCRM links first');
    same(['civicrm.transaction com_civicrm 42/0'], $site->sent());
});

test('after a conflict the next page asks again, after any other answer not', static function (): void {
    $site     = new Site();
    $conflict = ['outcome' => 'conflict', 'reason' => 'name_held', 'contact_id' => null, 'actions' => []];
    $site->sidecar->nextJson(200, $conflict);
    same(1, count($site->page('com_civicrm')->sent()));
    $site->sidecar->nextJson(200, ['outcome' => 'ignored', 'reason' => 'policy'] + $conflict);
    same(1, count($site->page('com_civicrm')->sent()));
    same([], $site->page('com_civicrm')->sent());
});

// --- What Joomla's events say -----------------------------------------------------------------------------------------

test('Joomla 4 tells the same in lists', static function (): void {
    $site = new Site(['link_on_login' => 1]);
    $site->sidecar->nextGood();
    $site->user->afterSave(new JoomlaEvent('onUserAfterSave', [Site::JANE, true, true, '']));
    same(['user.registered onUserAfterSave 42/0'], $site->sent());
    $site->user->afterSave(new JoomlaEvent('onUserAfterSave', [Site::JANE, true, false, 'no']));
    $site->user->afterDelete(new JoomlaEvent('onUserAfterDelete', [Site::JANE, false, 'no']));
    same([], $site->sent());
    $site->sidecar->nextGood();
    $site->user->afterLogin(new JoomlaEvent('onUserAfterLogin', [['user' => (object) ['id' => 42]]]));
    same(['user.logged_in onUserAfterLogin 42/0'], $site->sent());
});

test('what failed sends nothing', static function (): void {
    same([], (new Site())->saved(false, false)->deleted(false)->sent());
});

test('what was rolled back sends nothing', static function (): void {
    $site = new Site(['link_on_login' => 1]);
    same([], $site->saved(false, true, ['email' => 'other@example.org'] + Site::JANE)->sent(), 'a change');
    same([], $site->deleted()->sent(), 'a deletion');
    $site->database->users = [];
    same([], $site->saved(true)->sent(), 'a new user');
});

test('one event for each user: the first type, with the latest data; a deletion is the last word', static function (): void {
    $site = new Site(['link_on_login' => 1]);
    $site->sidecar->nextGood();
    $site->saved(true, true, ['email' => 'first@example.org'] + Site::JANE);
    same(['user.registered onUserAfterSave 42/0'], $site->saved(false)->sent());
    $site->database->users = [];
    $site->sidecar->nextGood();
    same(['user.deleted onUserAfterDelete 42/0'], $site->saved(false)->deleted()->sent());
});

// --- Trouble ----------------------------------------------------------------------------------------------------------

test('a sidecar that is down: events wait, pages go on, and add no more', static function (): void {
    $site = new Site();
    $site->sidecar->stop();
    $site->down = true;
    same([], $site->page('com_civicrm')->sent());
    same(1, $site->waiting());
    same([], $site->page('com_civicrm')->sent());
    same(1, $site->waiting(), 'the second page');
    $site->saved(false)->sent();
    same(2, $site->waiting(), 'a change queues behind it');
    same('Event not delivered.', substr(Log::$lines[0], 0, 20));
});

test('a sidecar that hangs costs one second, once', static function (): void {
    $site = new Site();
    $site->sidecar->next('', 'hold');
    $began = microtime(true);
    $site->page('com_civicrm');
    check(microtime(true) - $began < 3, 'within the budget, and a busy machine');
    $site->database->users[43] = ['id' => '43'] + Site::JANE;
    $began                     = microtime(true);
    $site->page('com_civicrm', '', 43);
    check(microtime(true) - $began < 0.5, 'the next visitor does not wait');
    same(2, $site->waiting());
});

test('nonsense: the event is kept', static function (): void {
    $site = new Site();
    $site->sidecar->next(FakeSidecar::http(200, '<h1>Welcome</h1>'));
    same(1, count($site->page('com_civicrm')->sent()));
    same(1, $site->waiting());
    same(null, $site->app->get('userlink.told'));
});

test('a refusal for good: the event is dropped and logged, the page goes on', static function (): void {
    $site = new Site();
    $site->sidecar->nextError(400, 'event_invalid');
    same(1, count($site->saved(false)->sent()));
    same(0, $site->waiting());
    same(1, count(Log::$lines));
});

test('without a key nothing is sent and nothing waits', static function (): void {
    $site                                   = new Site();
    $site->app->config['userlink_key_file'] = '/nonexistent';
    same([], $site->saved(false)->page('com_civicrm')->sent());
    same(0, $site->waiting());
});

test('a database that is gone breaks no page', static function (): void {
    $site = new Site(['link_on_login' => 1]);
    $site->database->broken = true;
    same([], $site->saved(true)->loggedIn()->deleted()->page('com_civicrm')->sent());
    check(count(Log::$lines) > 0, 'it is logged');
    check(strpos(implode(Log::$lines), 'example.org') === false, 'without an address');
});

test('arguments that nobody expects break no page', static function (): void {
    $site = new Site(['link_on_login' => 1]);
    foreach ([[], [null], ['x', 'y', 'z']] as $arguments) {
        foreach (['afterSave', 'afterDelete', 'afterLogin'] as $handler) {
            $site->user->$handler(new JoomlaEvent('any', $arguments));
        }
    }
    same([], $site->sent());
});

test('configuration.php wins over the environment, and that over the options', static function (): void {
    $site = new Site();
    putenv('USERLINK_SITE=second');
    same('second', Sidecar::settings()->site());
    $site->app->config['userlink_site'] = 'third';
    same('third', Sidecar::settings()->site());
    putenv('USERLINK_SITE');
    same('', Sidecar::settings()->problem());
});

// --- The relay --------------------------------------------------------------------------------------------------------

/** Who may: the status and the code of the answer. */
function relayed(Site $site, int $user, bool $may, bool $token = true): array
{
    Session::$valid  = $token;
    $site->app->user = new class ($user, $may) {
        public int $id;
        private bool $may;

        public function __construct(int $id, bool $may)
        {
            $this->id  = $id;
            $this->may = $may;
        }

        public function authorise(string $action, string $asset): bool
        {
            return $this->may && "$asset $action" === 'com_userlink userlink.sync';
        }
    };
    try {
        (new DisplayController())->relay();
    } catch (Closed $e) {
        return [$site->app->headers['status'], json_decode($site->app->body, true)['error']['code'] ?? ''];
    }

    return [];
}

test('the relay: form token, permission, route', static function (): void {
    $site = new Site();
    same(['403', 'session_expired'], relayed($site, 7, true, false));
    same(['403', 'forbidden'], relayed($site, 7, false));
    // There is no body: no route.
    same(['404', 'not_found'], relayed($site, 7, true));
    check($site->sidecar->isQuiet(), 'the sidecar hears of none');
});

test('the relay when nobody is logged in any more', static function (): void {
    $site              = new Site();
    $site->app->client = 'administrator';
    try {
        $site->page('com_userlink', 'relay', 0);
        check(false, 'the page ends');
    } catch (Closed $e) {
        same(['401', 'session_expired'], [$site->app->headers['status'], json_decode($site->app->body, true)['error']['code']]);
    }
});

echo Count::$passed, ' passed, ', Count::$failed, " failed\n";
exit(Count::$failed === 0 ? 0 : 1);
