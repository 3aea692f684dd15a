<?php

/**
 * @file
 * As much of Drupal as the module's own logic meets.
 */

// phpcs:ignoreFile

namespace Drupal\Core\Config {
  interface ConfigFactoryInterface {}
}

namespace Drupal\Core\Database {
  class Connection {}
}

namespace Drupal\Core\State {
  interface StateInterface {}
}

namespace Drupal\Core\Entity {
  interface EntityTypeManagerInterface {}
}

namespace Drupal\Core\Path {
  class CurrentPathStack {

    public function getPath() {
      return \Stub::$path;
    }

  }
}

namespace Drupal\Core\Queue {
  class QueueFactory {

    public function get($name) {
      return $this;
    }

    public function numberOfItems() {
      return \Stub::$queued;
    }

    public function createItem($item) {
      \Stub::$queued++;
    }

  }
}

namespace Drupal\Core\Session {
  interface AccountInterface {}
}

namespace Drupal\Core\Extension {
  interface ModuleHandlerInterface {}
}

namespace Drupal\Core {
  interface DestructableInterface {

    public function destruct();

  }
}

namespace Drupal\Core\Site {
  class Settings {

    public static function get($name, $default = NULL) {
      return \Stub::$settings[$name] ?? $default;
    }

  }
}

namespace Drupal\Core\StringTranslation {
  interface TranslationInterface {}

  trait StringTranslationTrait {

    public function setStringTranslation($translation) {}

    protected function t($text, array $args = []) {
      return strtr($text, $args);
    }

  }
}

namespace Psr\Log {
  interface LoggerInterface {}
}

namespace Symfony\Component\HttpFoundation {
  class RequestStack {

    public function getCurrentRequest() {
      return \Stub::$session ? $this : NULL;
    }

    public function hasSession() {
      return TRUE;
    }

    public function getSession() {
      return $this;
    }

    public function getMetadataBag() {
      return \Stub::$session;
    }

  }
}

namespace {

  /**
   * The state of a test.
   */
  class Stub implements Drupal\Core\Config\ConfigFactoryInterface, Drupal\Core\State\StateInterface, Drupal\Core\Entity\EntityTypeManagerInterface, Drupal\Core\Extension\ModuleHandlerInterface, Drupal\Core\StringTranslation\TranslationInterface, Psr\Log\LoggerInterface {

    public static $config = [];
    public static $settings = [];
    public static $path = '/user/login';
    public static $session;
    public static $queued = 0;
    public static $users = [];
    public static $log = [];
    public static $shutdown = [];
    public static $civicrm = FALSE;
    public static $listed = FALSE;
    public static $calls = [];

    public function get($name, $default = NULL) {
      return $name === 'userlink.settings' ? $this : self::$config[$name] ?? $default;
    }

    public function getStorage($type) {
      return $this;
    }

    public function loadUnchanged($id) {
      if (self::$users === 'broken') {
        throw new \Error('no');
      }
      return self::$users[$id] ?? NULL;
    }

    public function moduleExists($name) {
      return self::$civicrm;
    }

    public function invokeAllWith($hook, callable $call) {
      self::$listed && $call(function () {}, 'civicrm');
    }

    public function log($level, $message, array $context = []) {
      self::$log[] = "$level " . implode(' ', $context);
    }

  }

  /**
   * A user.
   */
  class StubUser implements Drupal\Core\Session\AccountInterface {

    private $id;
    public $email;

    public function __construct($id, $email = NULL) {
      $this->id = $id;
      $this->email = $email ?? "user$id@example.org";
    }

    public function id() {
      return (string) $this->id;
    }

    public function getEmail() {
      return $this->email;
    }

    public function getAccountName() {
      return 'user' . $this->id;
    }

    public function isActive() {
      return TRUE;
    }

    public function getRoles($exclude = FALSE) {
      return $exclude ? [2 => 'editor'] : ['authenticated', 'editor'];
    }

    public function getPreferredLangcode() {
      return 'de';
    }

    public function getCreatedTime() {
      return '1767225600';
    }

  }

  /**
   * The database of Drupal 10.1: transactions and what is called at their end.
   */
  class StubDatabase extends Drupal\Core\Database\Connection {

    protected $depth = 0;
    protected $callbacks = [];

    public function inTransaction() {
      return $this->depth > 0;
    }

    public function start() {
      $this->depth++;
    }

    /**
     * The end of a savepoint tells nobody, whatever became of it.
     */
    public function end($success = TRUE) {
      if (--$this->depth === 0) {
        $callbacks = $this->callbacks;
        $this->callbacks = [];
        foreach ($callbacks as $callback) {
          $callback($success);
        }
      }
    }

    public function addRootTransactionEndCallback(callable $callback) {
      if ($this->depth === 0) {
        throw new \LogicException('no transaction');
      }
      $this->callbacks[] = $callback;
    }

  }

  /**
   * The database from Drupal 10.2 on.
   */
  class StubNewDatabase extends StubDatabase {

    public function transactionManager() {
      return $this;
    }

    public function addPostTransactionCallback(callable $callback) {
      parent::addRootTransactionEndCallback($callback);
    }

    public function addRootTransactionEndCallback(callable $callback) {
      throw new \LogicException('gone');
    }

  }

  function drupal_register_shutdown_function(callable $call) {
    Stub::$shutdown[] = $call;
  }

  foreach (['user_insert', 'user_update', 'user_delete', 'user_login'] as $hook) {
    eval("function civicrm_$hook(\$account) { Stub::\$calls[] = '$hook'; }");
  }

}
