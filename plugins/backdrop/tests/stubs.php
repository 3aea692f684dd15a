<?php
/**
 * @file
 * As much of Backdrop as the module uses when something happens to users.
 *
 * The users that the database has are in Stub::$rows, by id: a test changes them
 * when the save commits. Nothing here runs in a site.
 */

// phpcs:disable -- other people's names.

define('WATCHDOG_ERROR', 3);
define('WATCHDOG_WARNING', 4);
define('WATCHDOG_INFO', 6);

class Stub {
  public static $rows = array();
  public static $shutdown = array();
  public static $log = array();
  public static $settings = array();
  public static $config = array('site' => 'main', 'address' => '', 'replace_civicrm' => 1);
  public static $civicrm = FALSE;
  public static $in_transaction = FALSE;
  public static $outbox;
  public static $called = array();

  /** A new request, in which nobody is logged in. */
  public static function request() {
    $GLOBALS['user'] = (object) array('uid' => 0);
    $pending = &userlink_pending();
    $pending = array();
    self::$log = self::$called = array();
    self::$in_transaction = FALSE;
  }

  /** The end of the request: its shutdown functions, also those that are added meanwhile. */
  public static function end() {
    self::$shutdown = self::$shutdown ?: array(array('userlink_shutdown'));
    for ($i = 0; $i < count(self::$shutdown); $i++) {
      $args = self::$shutdown[$i];
      $function = array_shift($args);
      call_user_func_array($function, $args);
    }
    self::$shutdown = array();
  }
}

/** The outbox of the running test. */
class UserlinkOutbox implements Userlink\Outbox, Userlink\Breaker {
  public function add(string $id, int $userId, string $json): void {
    Stub::$outbox->add($id, $userId, $json);
  }

  public function hasUser(int $userId): bool {
    return Stub::$outbox->hasUser($userId);
  }

  public function due(int $max): array {
    return Stub::$outbox->due($max);
  }

  public function postpone(string $id, int $seconds): void {
    Stub::$outbox->postpone($id, $seconds);
  }

  public function remove(string $id): void {
    Stub::$outbox->remove($id);
  }

  public function count(): int {
    return Stub::$outbox->count();
  }

  public function downUntil(): int {
    return Stub::$outbox->downUntil();
  }

  public function setDownUntil(int $time): void {
    Stub::$outbox->setDownUntil($time);
  }
}

class Database {
  public static function getConnection() {
    return new self();
  }

  public function inTransaction() {
    return Stub::$in_transaction;
  }
}

class StubResult {
  private $rows;

  public function __construct(array $rows) {
    $this->rows = $rows;
  }

  public function fetchObject() {
    return $this->rows ? (object) $this->rows[0] : FALSE;
  }

  public function fetchCol() {
    return $this->rows;
  }
}

class StubConfig {
  public function get($name) {
    return Stub::$config[$name];
  }
}

function db_query($sql, array $values = array()) {
  $row = isset(Stub::$rows[$values[':uid']]) ? Stub::$rows[$values[':uid']] : NULL;
  if (strpos($sql, '{users_roles}')) {
    return new StubResult(array('editor'));
  }
  return new StubResult($row ? array($row) : array());
}

function config($name) {
  return new StubConfig();
}

function config_get($file, $name) {
  return Stub::$config[$name];
}

function settings_get($name, $default = NULL) {
  return isset(Stub::$settings[$name]) ? Stub::$settings[$name] : $default;
}

function module_exists($name) {
  return $name == 'civicrm' && Stub::$civicrm;
}

function module_implements($hook) {
  $all = array('userlink' => FALSE, 'civicrm' => FALSE);
  userlink_module_implements_alter($all, $hook);
  return array_keys($all);
}

function backdrop_register_shutdown_function() {
  Stub::$shutdown[] = func_get_args();
}

function watchdog($type, $message, $variables, $severity) {
  Stub::$log[] = strtr($message, $variables);
}

function t($text, array $values = array()) {
  return strtr($text, $values);
}

function civicrm_initialize() {
  return TRUE;
}

function civicrm_user_insert($account) {
  Stub::$called[] = 'user_insert';
}

function civicrm_user_update($account) {
  Stub::$called[] = 'user_update';
}

function civicrm_user_delete($account) {
  Stub::$called[] = 'user_delete';
}

function civicrm_user_login(&$edit, $account) {
  Stub::$called[] = 'user_login';
}
