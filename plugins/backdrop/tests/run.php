<?php
/**
 * @file
 * What the module sends and when, without Backdrop: php plugins/backdrop/tests/run.php.
 *
 * The stage scripts/tests/cms-backdrop does the same with the real one, and runs
 * the outbox in its database.
 */

namespace Userlink\Tests;

use Stub;

error_reporting(E_ALL);
ini_set('display_errors', 'stderr');
// A warning or a deprecation of any PHP version is a failure.
set_error_handler(function ($level, $message, $file, $line) {
  if ((error_reporting() & $level) === 0) {
    return FALSE;
  }
  throw new \ErrorException($message, 0, $level, $file, $line);
});

$shared = dirname(__DIR__, 3) . '/shared/php/tests';
require dirname(__DIR__) . '/userlink.module';
foreach (array('harness', 'OutboxConformance', 'MemoryOutbox', 'FakeSidecar', 'EventShape') as $file) {
  require "$shared/$file.php";
}
require __DIR__ . '/stubs.php';

/**
 * A user's row, as the database has it.
 */
function row($uid, array $more = array()) {
  return $more + array(
    'uid' => (string) $uid,
    'name' => "user$uid",
    'mail' => "user$uid@example.org",
    'status' => '1',
    'access' => '5',
    'created' => '1767225600',
    'changed' => '1767225600',
    'language' => '',
  );
}

/**
 * A user as hooks get them; $before: the row before the save.
 */
function account(array $row, array $before = array()) {
  $account = (object) ($row + array('roles' => array('authenticated')));
  if ($before) {
    $account->original = (object) ($before + array('roles' => array('authenticated')));
  }
  return $account;
}

/**
 * What hooks are called with in each case, as if the save committed.
 */
function happens($what, $uid = 7) {
  $before = row($uid);
  $after = row($uid, array('mail' => 'new@example.org', 'changed' => '1767225700'));
  switch ($what) {
    case 'user_insert':
      Stub::$rows = array($uid => $before);
      userlink_user_insert(account($before));
      break;

    case 'user_update':
      Stub::$rows = array($uid => $after);
      userlink_user_update(account($after, $before));
      break;

    case 'user_delete':
      Stub::$rows = array();
      userlink_user_delete(account($before));
      break;

    case 'user_login':
      Stub::$rows = array($uid => $before);
      $edit = array();
      userlink_user_login($edit, account($before));
      break;
  }
}

/**
 * A test with a sidecar of its own.
 */
function told($name, callable $test) {
  test($name, function () use ($test) {
    $sidecar = new FakeSidecar();
    Stub::$outbox = new MemoryOutbox();
    Stub::$config = array('site' => 'main', 'address' => $sidecar->address, 'replace_civicrm' => 1);
    Stub::$settings = array('userlink_key_id' => 'main-1', 'userlink_key' => FakeSidecar::SECRET);
    Stub::$civicrm = FALSE;
    Stub::request();
    $test($sidecar);
    check($sidecar->isQuiet(), 'nothing else was sent');
  });
}

/**
 * The next event that the sidecar got, in short.
 */
function next_event(FakeSidecar $sidecar) {
  $request = $sidecar->request();
  same(array('POST', '/v1/events'), array($request['method'], $request['path']));
  same('', EventShape::problem($request['body']));
  return json_decode($request['body'], TRUE);
}

function short(array $event) {
  return $event['type'] . ' ' . $event['data']['hook'] . ' ' . $event['data']['user']['id'];
}

$policy = array(
  'user_insert' => 'user.registered',
  'user_update' => 'user.updated',
  'user_login' => 'user.logged_in',
  'user_delete' => 'user.deleted',
);

foreach ($policy as $hook => $type) {
  told("$hook: sent at the end of the request, once", function ($sidecar) use ($hook, $type) {
    happens($hook);
    check($sidecar->isQuiet(), 'nothing is sent in the hook');
    $sidecar->nextGood();
    Stub::end();
    same("$type $hook 7", short(next_event($sidecar)));
    Stub::end();
    same(array(0, array()), array(Stub::$outbox->count(), Stub::$log));
  });

  told("$hook: a sidecar that is down", function ($sidecar) use ($hook) {
    Stub::$config['address'] = 'unix:/nonexistent/userlink.sock';
    happens($hook);
    Stub::end();
    same(1, Stub::$outbox->count(), 'the event waits');
    same(1, count(Stub::$log), 'the log says so');
    check(strpos(implode(Stub::$log), '@example') === FALSE, 'no email is in the log');
  });

  told("$hook: a sidecar that is slow", function ($sidecar) use ($hook) {
    $sidecar->next('HTTP/1.1 200 OK', 'hold');
    happens($hook);
    $began = microtime(TRUE);
    Stub::end();
    check(microtime(TRUE) - $began < 3, 'the visitor waits a second, and this machine is busy');
    same(1, Stub::$outbox->count(), 'the event waits');
    $sidecar->request();
    happens($hook, 8);
    Stub::end();
    same(2, Stub::$outbox->count(), 'the next one does not even try');
  });

  told("$hook: a sidecar that answers nonsense", function ($sidecar) use ($hook) {
    $sidecar->next(FakeSidecar::http(200, '<html>'));
    happens($hook);
    Stub::end();
    $sidecar->request();
    same(1, Stub::$outbox->count(), 'the event waits');
  });

  told("$hook: a sidecar that is not set up", function ($sidecar) use ($hook) {
    Stub::$settings = array();
    happens($hook);
    Stub::end();
    same(array(0, array()), array(Stub::$outbox->count(), Stub::$log));
  });

  told("$hook: an error inside is not CiviCRM's or the visitor's", function ($sidecar) use ($hook) {
    $function = "userlink_$hook";
    $nobody = new \stdClass();
    $edit = array();
    $hook == 'user_login' ? $function($edit, $nobody) : $function($nobody);
    same(1, count(Stub::$log));
  });
}

told('user_insert: rolled back', function ($sidecar) {
  happens('user_insert');
  Stub::$rows = array();
  Stub::end();
});

told('user_update: rolled back', function ($sidecar) {
  happens('user_update');
  Stub::$rows = array(7 => row(7));
  Stub::end();
});

told('user_update: a second save was rolled back, the first was not', function ($sidecar) {
  happens('user_update');
  $now = Stub::$rows[7];
  userlink_user_update(account(array('mail' => 'third@example.org') + $now, $now));
  $sidecar->nextGood();
  Stub::end();
  same('new@example.org', next_event($sidecar)['data']['user']['email'], 'what the database has is told');
});

told('user_update: somebody else changed the user meanwhile', function ($sidecar) {
  happens('user_update');
  Stub::$rows[7]['mail'] = 'other@example.org';
  $sidecar->nextGood();
  Stub::end();
  same('other@example.org', next_event($sidecar)['data']['user']['email']);
});

told('user_update: a save that changes nothing', function ($sidecar) {
  Stub::$rows = array(7 => row(7));
  userlink_user_update(account(row(7), row(7)));
  $sidecar->nextGood();
  Stub::end();
  same('user.updated user_update 7', short(next_event($sidecar)));
});

told('user_delete: rolled back', function ($sidecar) {
  happens('user_delete');
  Stub::$rows = array(7 => row(7));
  Stub::end();
});

told('registered, changed and logged in by one request', function ($sidecar) {
  happens('user_insert');
  happens('user_update');
  happens('user_login');
  Stub::$rows[7] = row(7, array('mail' => 'new@example.org'));
  $sidecar->nextGood();
  Stub::end();
  same('user.registered user_insert 7', short(next_event($sidecar)));
});

told('registered and deleted by one request', function ($sidecar) {
  happens('user_insert');
  happens('user_delete');
  $sidecar->nextGood();
  Stub::end();
  same('user.deleted user_delete 7', short(next_event($sidecar)));
});

told('several users keep their order', function ($sidecar) {
  foreach (array(9, 8) as $uid) {
    userlink_user_insert(account(row($uid)));
  }
  Stub::$rows = array(8 => row(8), 9 => row(9));
  $sidecar->nextGood();
  $sidecar->nextGood();
  Stub::end();
  same(array(9, 8), array(next_event($sidecar)['data']['user']['id'], next_event($sidecar)['data']['user']['id']));
});

told('the whole event', function ($sidecar) {
  $GLOBALS['user']->uid = 3;
  happens('user_insert');
  $sidecar->nextGood();
  Stub::end();
  $data = next_event($sidecar)['data'];
  ksort($data['user']);
  same(array('user_id' => 3), $data['actor']);
  same(array(
    'email' => 'user7@example.org',
    'id' => 7,
    'registered_at' => '2026-01-01T00:00:00Z',
    'roles' => array('authenticated', 'editor'),
    'status' => 'active',
    'username' => 'user7',
  ), $data['user']);
});

test('status: active, blocked, or waiting for approval', function () {
  $of = function ($status, $access) {
    return userlink_user_data((object) (row(1, array('status' => $status, 'access' => $access)) + array('roles' => array())))['status'];
  };
  same(array('active', 'blocked', 'pending'), array($of('1', '0'), $of('0', '5'), $of('0', '0')));
});

told('the time is over: to the outbox, without a try', function ($sidecar) {
  happens('user_insert');
  userlink_send_pending(microtime(TRUE) - 1);
  same(1, Stub::$outbox->count());
});

told('a transaction that is still open: to the outbox, which is in it', function ($sidecar) {
  happens('user_insert');
  Stub::$in_transaction = TRUE;
  Stub::end();
  same(1, Stub::$outbox->count());
});

told('what waits goes first, then cron sends both', function ($sidecar) {
  $sidecar->next('', 'slam');
  happens('user_insert');
  Stub::end();
  happens('user_update');
  Stub::end();
  same(2, Stub::$outbox->count(), 'an older event of the user waits');
  Stub::$outbox->now += 3600;
  $sidecar->nextGood();
  $sidecar->nextGood();
  same(array('sent' => 2, 'kept' => 0, 'dropped' => 0), userlink_flush());
  same(array('user.registered', 'user.updated'), array(next_event($sidecar)['type'], next_event($sidecar)['type']));
});

told('CiviCRM: its hooks are taken out of the four', function ($sidecar) {
  Stub::$civicrm = TRUE;
  $left = array();
  foreach (array('user_insert', 'user_update', 'user_delete', 'user_login', 'user_logout', 'menu') as $hook) {
    $left[$hook] = in_array('civicrm', module_implements($hook));
  }
  same(array('user_logout', 'menu'), array_keys(array_filter($left)));
  Stub::$config['replace_civicrm'] = 0;
  check(in_array('civicrm', module_implements('user_insert')), 'unless the setting says no');
});

told('CiviCRM: a login is sent at once; with a link CiviCRM has its turn', function ($sidecar) {
  Stub::$civicrm = TRUE;
  $sidecar->nextGood();
  happens('user_login');
  same('user.logged_in user_login 7', short(next_event($sidecar)));
  same(array('user_login'), Stub::$called);
  Stub::end();
});

told('CiviCRM: without a link it has not', function ($sidecar) {
  Stub::$civicrm = TRUE;
  $sidecar->nextJson(200, array('outcome' => 'conflict', 'reason' => 'name_held', 'contact_id' => NULL, 'actions' => array()));
  happens('user_login');
  next_event($sidecar);
  same(array(), Stub::$called);
});

told('CiviCRM: a registration with a profile is left to it, and told', function ($sidecar) {
  Stub::$civicrm = TRUE;
  $_POST['_qf_default'] = 'x';
  happens('user_insert');
  unset($_POST['_qf_default']);
  same(array('user_insert'), Stub::$called);
  $sidecar->nextGood();
  Stub::end();
  next_event($sidecar);
});

told('CiviCRM: without a sidecar everything is left to it', function ($sidecar) use ($policy) {
  Stub::$civicrm = TRUE;
  Stub::$settings = array();
  array_map(__NAMESPACE__ . '\happens', array_keys($policy));
  same(array_keys($policy), Stub::$called);
  Stub::request();
  Stub::$config['replace_civicrm'] = 0;
  array_map(__NAMESPACE__ . '\happens', array_keys($policy));
  same(array(), Stub::$called, 'what was not taken out runs by itself');
});

test('the key: from settings.php or from its file, never from the configuration', function () {
  Stub::$config = array('site' => 'main', 'address' => '127.0.0.1:1', 'replace_civicrm' => 1);
  $file = tempnam(sys_get_temp_dir(), 'key');
  file_put_contents($file, FakeSidecar::SECRET . "\n");
  Stub::$settings = array('userlink_key_id' => 'main-1', 'userlink_key_file' => $file);
  same(array('', FakeSidecar::SECRET), array(userlink_settings()->problem(), userlink_settings()->secret()));
  unlink($file);
  same('key_missing', userlink_settings()->problem());
  check(userlink_problem_text('key_missing') !== '', 'it is said');
});

echo Count::$passed, ' passed, ', Count::$failed, " failed\n";
exit(Count::$failed === 0 ? 0 : 1);
