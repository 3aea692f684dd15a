<?php

/**
 * @file
 * What the module sends and when, without Drupal: php plugins/drupal/tests/run.php.
 *
 * The stage scripts/tests/cms-drupal does the same with the real one, and runs
 * the outbox in its database.
 */

namespace Userlink\Tests;

use Drupal\Core\Path\CurrentPathStack;
use Drupal\Core\Queue\QueueFactory;
use Drupal\userlink\Civicrm;
use Drupal\userlink\Hook\UserlinkHooks;
use Drupal\userlink\Sidecar;
use Drupal\userlink\UserEvents;
use Symfony\Component\HttpFoundation\RequestStack;
use Userlink\Outbox;

error_reporting(E_ALL);
ini_set('display_errors', 'stderr');
// A warning or a deprecation of any PHP version is a failure.
set_error_handler(static function ($level, $message, $file, $line) {
  if ((error_reporting() & $level) === 0) {
    return FALSE;
  }
  throw new \ErrorException($message, 0, $level, $file, $line);
});

require __DIR__ . '/stubs.php';
$shared = dirname(__DIR__, 3) . '/shared/php';
require "$shared/autoload.php";
foreach (['harness', 'OutboxConformance', 'MemoryOutbox', 'FakeSidecar', 'EventShape'] as $file) {
  require "$shared/tests/$file.php";
}
foreach (['Sidecar', 'Civicrm', 'UserEvents', 'Hook/UserlinkHooks'] as $file) {
  require dirname(__DIR__) . "/src/$file.php";
}

/**
 * The module's services, with an outbox in memory.
 */
final class Site {

  /**
   * The database.
   *
   * @var \StubDatabase
   */
  public \StubDatabase $database;

  /**
   * The outbox.
   *
   * @var \Userlink\Tests\MemoryOutbox
   */
  public MemoryOutbox $outbox;

  /**
   * The events.
   *
   * @var \Drupal\userlink\UserEvents
   */
  public UserEvents $events;

  /**
   * The hooks.
   *
   * @var \Drupal\userlink\Hook\UserlinkHooks
   */
  public UserlinkHooks $hooks;

  public function __construct(string $database) {
    $stub = new \Stub();
    $this->database = new $database();
    $this->outbox = new MemoryOutbox();
    $sidecar = new class ($stub, $this->database, $stub, $stub, $stub) extends Sidecar {

      /**
       * The outbox.
       *
       * @var \Userlink\Tests\MemoryOutbox
       */
      public MemoryOutbox $memory;

      /**
       * {@inheritdoc}
       */
      public function outbox(): Outbox {
        return $this->memory;
      }

    };
    $sidecar->memory = $this->outbox;
    $civicrm = new Civicrm($stub, $stub, $sidecar);
    $this->events = new UserEvents($sidecar, $civicrm, $this->database, $stub, new \StubUser(3), new RequestStack(), new CurrentPathStack());
    $this->hooks = new UserlinkHooks($this->events, $civicrm, $sidecar, new QueueFactory(), $stub);
  }

  /**
   * What happens to user 7, or another one, up to the end of its transaction.
   */
  public function happens(string $hook, bool $success = TRUE, int $id = 7): void {
    $old = new \StubUser($id);
    $new = new \StubUser($id, 'new@example.org');
    if ($hook === 'user_login') {
      \Stub::$users[$id] = \Stub::$users[$id] ?? $old;
      $this->hooks->userLogin($old);
      return;
    }
    $this->database->start();
    $method = ['user_insert' => 'userInsert', 'user_update' => 'userUpdate', 'user_delete' => 'userDelete'][$hook];
    $this->hooks->$method($hook === 'user_update' ? $new : $old);
    if ($success) {
      \Stub::$users[$id] = ['user_insert' => $old, 'user_update' => $new, 'user_delete' => NULL][$hook];
    }
    $this->database->end($success);
  }

  /**
   * The end of the request.
   */
  public function end(): void {
    $this->events->destruct();
    foreach (\Stub::$shutdown as $call) {
      $call();
    }
    \Stub::$shutdown = [];
  }

  /**
   * The end of a request of which nobody is told: no attempt, nothing kept.
   */
  public function endQuietly(): void {
    $this->end();
    same([0, []], [$this->outbox->count(), \Stub::$log], 'what waits and what was logged');
  }

}

/**
 * A test with a sidecar of its own, with the database of either Drupal.
 */
function told(string $name, callable $test): void {
  foreach (['\StubDatabase' => '10.1', '\StubNewDatabase' => '10.2 and later'] as $database => $version) {
    test("$name ($version)", static function () use ($database, $test) {
      $sidecar = new FakeSidecar();
      \Stub::$config = ['site' => 'main', 'address' => $sidecar->address, 'silence_civicrm' => TRUE];
      \Stub::$settings = ['userlink_key_id' => 'main-1', 'userlink_key' => FakeSidecar::SECRET];
      \Stub::$users = \Stub::$log = \Stub::$calls = \Stub::$shutdown = [];
      \Stub::$civicrm = \Stub::$listed = FALSE;
      \Stub::$session = NULL;
      \Stub::$path = '/user/login';
      \Stub::$queued = 0;
      $test($sidecar, new Site($database));
      check($sidecar->isQuiet(), 'nothing else was sent');
    });
  }
}

/**
 * The next event that the sidecar got.
 */
function next_event(FakeSidecar $sidecar): array {
  $request = $sidecar->request();
  same(['POST', '/v1/events'], [$request['method'], $request['path']]);
  same('', EventShape::problem($request['body']));
  return json_decode($request['body'], TRUE);
}

function short(array $event): string {
  return $event['type'] . ' ' . $event['data']['hook'] . ' ' . $event['data']['user']['id'];
}

$policy = [
  'user_insert' => 'user.registered',
  'user_update' => 'user.updated',
  'user_login' => 'user.logged_in',
  'user_delete' => 'user.deleted',
];

foreach ($policy as $hook => $type) {
  told("$hook: sent at the end of the request, once", static function ($sidecar, $site) use ($hook, $type) {
    $site->happens($hook);
    check($sidecar->isQuiet(), 'nothing is sent in the hook');
    $sidecar->nextGood();
    $site->end();
    same("$type $hook 7", short(next_event($sidecar)));
    $site->end();
    same([0, []], [$site->outbox->count(), \Stub::$log]);
  });

  told("$hook: a sidecar that is down", static function ($sidecar, $site) use ($hook) {
    \Stub::$config['address'] = 'unix:/nonexistent/userlink.sock';
    $site->happens($hook);
    $site->end();
    same(1, $site->outbox->count(), 'the event waits');
    same(1, count(\Stub::$log), 'the log says so: ' . implode(', ', \Stub::$log));
    check(strpos(implode(\Stub::$log), '@example') === FALSE, 'no email is in the log');
    $site->hooks->cron();
    $site->hooks->cron();
    same(1, \Stub::$queued, 'cron has one round to do');
  });

  told("$hook: a sidecar that is slow", static function ($sidecar, $site) use ($hook) {
    $sidecar->next('HTTP/1.1 200 OK', 'hold');
    $site->happens($hook);
    $began = microtime(TRUE);
    $site->end();
    check(microtime(TRUE) - $began < 3, 'the visitor waits a second, and this machine is busy');
    same(1, $site->outbox->count(), 'the event waits');
    $sidecar->request();
    $site->happens($hook, TRUE, 8);
    $site->end();
    same(2, $site->outbox->count(), 'the next one does not even try');
  });

  told("$hook: a sidecar that answers nonsense", static function ($sidecar, $site) use ($hook) {
    $sidecar->next(FakeSidecar::http(200, '<html>'));
    $site->happens($hook);
    $site->end();
    $sidecar->request();
    same(1, $site->outbox->count(), 'the event waits');
  });

  told("$hook: a sidecar that is not set up", static function ($sidecar, $site) use ($hook) {
    \Stub::$settings = [];
    $site->happens($hook);
    $site->end();
    $site->hooks->cron();
    same([0, [], 0], [$site->outbox->count(), \Stub::$log, \Stub::$queued]);
  });

  told("$hook: CiviCRM's part is the sidecar's", static function ($sidecar, $site) use ($hook) {
    \Stub::$civicrm = TRUE;
    $site->happens($hook);
    same([], \Stub::$calls, 'CiviCRM keeps out');
    \Stub::$config['silence_civicrm'] = FALSE;
    $site->happens($hook);
    same([$hook], \Stub::$calls, 'unless the setting is off');
    \Stub::$listed = TRUE;
    $site->happens($hook);
    same([$hook], \Stub::$calls, 'not twice where Drupal calls it');
    \Stub::$listed = FALSE;
    \Stub::$config['silence_civicrm'] = TRUE;
    \Stub::$settings = [];
    $site->happens($hook);
    same([$hook, $hook], \Stub::$calls, 'nor without a sidecar');
    $site->end();
  });

  if ($hook !== 'user_login') {
    told("$hook: rolled back", static function ($sidecar, $site) use ($hook) {
      \Stub::$users = $hook === 'user_insert' ? [] : [7 => new \StubUser(7)];
      $site->happens($hook, FALSE);
      $site->endQuietly();
    });
  }
}

foreach (['user_insert', 'user_delete'] as $hook) {
  told("$hook: only the savepoint was rolled back", static function ($sidecar, $site) use ($hook) {
    \Stub::$users = $hook === 'user_insert' ? [] : [7 => new \StubUser(7)];
    $site->database->start();
    $site->happens($hook, FALSE);
    $site->database->end(TRUE);
    $site->endQuietly();
  });
}

told('a user in a transaction in a transaction', static function ($sidecar, $site) {
  $site->database->start();
  $site->happens('user_insert');
  $site->events->destruct();
  check($sidecar->isQuiet(), 'nothing is sent before the outermost is committed');
  $site->database->end(TRUE);
  $sidecar->nextGood();
  $site->end();
  same('user.registered user_insert 7', short(next_event($sidecar)));
});

told('changed again after the hook: what the database has is told', static function ($sidecar, $site) {
  $site->happens('user_update');
  \Stub::$users[7] = new \StubUser(7, 'other@example.org');
  $sidecar->nextGood();
  $site->end();
  same('other@example.org', next_event($sidecar)['data']['user']['email']);
});

told('registered, changed and logged in by one request', static function ($sidecar, $site) {
  foreach (['user_insert', 'user_update', 'user_login'] as $hook) {
    $site->happens($hook);
  }
  $sidecar->nextGood();
  $site->end();
  same('user.registered user_insert 7', short(next_event($sidecar)));
});

told('logged in and changed by one request', static function ($sidecar, $site) {
  foreach (['user_login', 'user_update', 'user_update'] as $hook) {
    $site->happens($hook);
  }
  $sidecar->nextGood();
  $sidecar->nextGood();
  $site->end();
  same(['user.logged_in user_login 7', 'user.updated user_update 7'], [short(next_event($sidecar)), short(next_event($sidecar))], 'two rows of the policy');
});

told('registered and deleted by one request', static function ($sidecar, $site) {
  $site->happens('user_insert');
  $site->happens('user_delete');
  $sidecar->nextGood();
  $site->end();
  same('user.deleted user_delete 7', short(next_event($sidecar)));
});

told('several users keep their order', static function ($sidecar, $site) {
  foreach ([9, 8] as $id) {
    $site->happens('user_insert', TRUE, $id);
    $sidecar->nextGood();
  }
  $site->end();
  same([9, 8], [next_event($sidecar)['data']['user']['id'], next_event($sidecar)['data']['user']['id']]);
});

told('a page that exits: PHP\'s end sends', static function ($sidecar, $site) {
  $site->happens('user_insert');
  $sidecar->nextGood();
  same(1, count(\Stub::$shutdown));
  (\Stub::$shutdown[0])();
  same('user.registered user_insert 7', short(next_event($sidecar)));
});

foreach (['/civicrm', '/civicrm/user', '/de/civicrm/contribute/transact'] as $path) {
  told("login on the way to $path is sent at once", static function ($sidecar, $site) use ($path) {
    \Stub::$path = $path;
    $sidecar->nextGood();
    $site->happens('user_login');
    same('user.logged_in user_login 7', short(next_event($sidecar)));
    $site->end();
  });
}

told('the whole event', static function ($sidecar, $site) {
  $site->happens('user_insert');
  $sidecar->nextGood();
  $site->end();
  $data = next_event($sidecar)['data'];
  ksort($data['user']);
  same([
    'email' => 'user7@example.org',
    'id' => 7,
    'language' => 'de',
    'registered_at' => '2026-01-01T00:00:00Z',
    'roles' => ['editor'],
    'status' => 'active',
    'username' => 'user7',
  ], $data['user']);
  same(['user_id' => 3], $data['actor']);
});

told('masquerading: who does it is the administrator', static function ($sidecar, $site) {
  \Stub::$session = new class () {

    /**
     * As Masquerade's own bag.
     */
    public function getMasquerade() {
      return '1';
    }

  };
  $site->happens('user_login');
  $sidecar->nextGood();
  $site->end();
  same(1, next_event($sidecar)['data']['actor']['user_id']);
});

told('nobody, and an error inside, are not the visitor\'s', static function ($sidecar, $site) {
  $site->happens('user_update', TRUE, 0);
  $site->happens('user_update');
  \Stub::$users = 'broken';
  $site->end();
  same(1, count(\Stub::$log));
});

told('CiviCRM\'s profile on the registration form is stored by CiviCRM', static function ($sidecar, $site) {
  \Stub::$civicrm = TRUE;
  $_POST['_qf_default'] = 'Dynamic:refresh';
  $site->happens('user_insert');
  unset($_POST['_qf_default']);
  same(['user_insert'], \Stub::$calls);
  $sidecar->nextGood();
  $site->end();
  same('user.registered user_insert 7', short(next_event($sidecar)));
});

// From here on CiviCRM is loaded.
eval('class CRM_Core_BAO_UFMatch { public static function updateUFName($site) { $site->happens("user_update"); } }');
eval('class CRM_Core_Config { public $inCiviCRM = FALSE; public static function singleton() { static $one; return $one ?? ($one = new self()); } }');

told('CiviCRM creates a user: it links them itself', static function ($sidecar, $site) {
  \CRM_Core_Config::singleton()->inCiviCRM = TRUE;
  $site->happens('user_insert');
  \CRM_Core_Config::singleton()->inCiviCRM = FALSE;
  $site->endQuietly();
});

told('CiviCRM copies an email to a user: it knows already', static function ($sidecar, $site) {
  \CRM_Core_BAO_UFMatch::updateUFName($site);
  $site->endQuietly();
});

told('unless older news of this user wait', static function ($sidecar, $site) {
  $site->outbox->add('3d6f0d0e-8f0b-4a53-9a39-6a5a3a6d1f0e', 7, '{}');
  \CRM_Core_BAO_UFMatch::updateUFName($site);
  $site->end();
  same(2, $site->outbox->count());
});

echo Count::$passed, ' passed, ', Count::$failed, " failed\n";
exit(Count::$failed > 0 ? 1 : 0);
