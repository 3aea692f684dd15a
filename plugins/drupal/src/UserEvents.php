<?php

namespace Drupal\userlink;

use Drupal\Core\Database\Connection;
use Drupal\Core\DestructableInterface;
use Drupal\Core\Entity\EntityTypeManagerInterface;
use Drupal\Core\Path\CurrentPathStack;
use Drupal\Core\Session\AccountInterface;
use Symfony\Component\HttpFoundation\RequestStack;
use Userlink\Event;

/**
 * What happens to users: collected at once, told when it is sure.
 *
 * Users are stored in a transaction, and the hooks come inside it: nobody else
 * sees the row yet, and it may all be rolled back. So an event counts once the
 * outermost transaction is committed, and is sent when the visitor has the
 * answer. By then the user is read again: a savepoint that was rolled back
 * inside a transaction that was not still reports success.
 */
class UserEvents implements DestructableInterface {

  /**
   * The sidecar.
   *
   * @var \Drupal\userlink\Sidecar
   */
  private Sidecar $sidecar;

  /**
   * CiviCRM, if it is there.
   *
   * @var \Drupal\userlink\Civicrm
   */
  private Civicrm $civicrm;

  /**
   * The site's database.
   *
   * @var \Drupal\Core\Database\Connection
   */
  private Connection $database;

  /**
   * Where users are read.
   *
   * @var \Drupal\Core\Entity\EntityTypeManagerInterface
   */
  private EntityTypeManagerInterface $entities;

  /**
   * Who does it.
   *
   * @var \Drupal\Core\Session\AccountInterface
   */
  private AccountInterface $currentUser;

  /**
   * The requests.
   *
   * @var \Symfony\Component\HttpFoundation\RequestStack
   */
  private RequestStack $requests;

  /**
   * The path that was asked for.
   *
   * @var \Drupal\Core\Path\CurrentPathStack
   */
  private CurrentPathStack $path;

  /**
   * Events to send, by user and type.
   *
   * @var array
   */
  private array $pending = [];

  /**
   * Whether PHP was told to send what is left when it ends.
   *
   * @var bool
   */
  private bool $hasLastChance = FALSE;

  public function __construct(Sidecar $sidecar, Civicrm $civicrm, Connection $database, EntityTypeManagerInterface $entities, AccountInterface $current_user, RequestStack $requests, CurrentPathStack $path) {
    $this->sidecar = $sidecar;
    $this->civicrm = $civicrm;
    $this->database = $database;
    $this->entities = $entities;
    $this->currentUser = $current_user;
    $this->requests = $requests;
    $this->path = $path;
  }

  /**
   * Notes an event. Never throws: an exception would undo what the user did.
   */
  public function collect(string $type, string $hook, AccountInterface $account): void {
    try {
      $id = (int) $account->id();
      if ($id < 1 || $this->civicrm->isWriting($type, $id)) {
        return;
      }
      $event = ['type' => $type, 'hook' => $hook, 'actor' => $this->actor(), 'user' => $this->describe($account)];
      $this->takeLastChance();
      if ($this->database->inTransaction()) {
        $this->afterCommit(function () use ($id, $event): void {
          $this->add($id, $event);
        });
        return;
      }
      $this->add($id, $event);
      // Whoever logs in on the way to a page of CiviCRM is linked when it runs.
      if ($type === 'user.logged_in' && preg_match('#^(/[A-Za-z-]{2,12})?/civicrm(/|\z)#', $this->path->getPath()) === 1) {
        $this->send(1.0);
      }
    }
    catch (\Throwable $e) {
      $this->lost((int) $account->id(), $e);
    }
  }

  /**
   * Calls a function when the outermost transaction was committed.
   */
  private function afterCommit(callable $call): void {
    $callback = static function (bool $success) use ($call): void {
      if ($success) {
        $call();
      }
    };
    if (method_exists($this->database, 'transactionManager')) {
      $this->database->transactionManager()->addPostTransactionCallback($callback);
    }
    else {
      // Drupal 10.0 and 10.1.
      $this->database->addRootTransactionEndCallback($callback);
    }
  }

  /**
   * Puts an event to those to send.
   *
   * A new user who is changed or logged in at once is only new, a deleted one
   * only deleted.
   */
  private function add(int $id, array $event): void {
    $type = $event['type'];
    $before = $this->pending[$id] ?? [];
    if ($type === 'user.deleted') {
      $this->pending[$id] = [$type => $event];
    }
    elseif (!isset($before['user.deleted']) && !isset($before['user.registered'])) {
      $this->pending[$id][$type] = $before[$type] ?? $event;
    }
  }

  /**
   * The visitor has the answer, where the web server's PHP can do that.
   *
   * Drupal calls it at the end of those requests only that had an event.
   */
  public function destruct(): void {
    $answered = function_exists('fastcgi_finish_request') || function_exists('litespeed_finish_request');
    $this->send($answered ? 5.0 : 1.0);
  }

  /**
   * Sends what is left when PHP ends: command line, or a page that exits.
   */
  private function takeLastChance(): void {
    if (!$this->hasLastChance) {
      $this->hasLastChance = TRUE;
      drupal_register_shutdown_function(function (): void {
        $this->send(PHP_SAPI === 'cli' ? 30.0 : 1.0);
      });
    }
  }

  /**
   * Sends what was collected. Never throws.
   *
   * @param float $seconds
   *   After these the rest goes into the outbox.
   */
  public function send(float $seconds): void {
    $pending = $this->pending;
    $this->pending = [];
    $deadline = microtime(TRUE) + $seconds;
    foreach ($pending as $id => $events) {
      foreach ($events as $event) {
        try {
          $this->sendOne($id, $event, $deadline);
        }
        catch (\Throwable $e) {
          $this->lost($id, $e);
        }
      }
    }
  }

  /**
   * Sends one event, or puts it into the outbox when the time is over.
   */
  private function sendOne(int $id, array $event, float $deadline): void {
    $settings = $this->sidecar->settings();
    if ($settings->problem() !== '') {
      return;
    }
    $account = $this->entities->getStorage('user')->loadUnchanged($id);
    if (($account === NULL) !== ($event['type'] === 'user.deleted')) {
      return;
    }
    $user = $account === NULL ? $event['user'] : $this->describe($account);
    $ready = Event::build($settings, $event['type'], $event['hook'], $user, $event['actor']);
    if (microtime(TRUE) < $deadline) {
      $this->sidecar->client()->send($ready);
    }
    else {
      $this->sidecar->outbox()->add($ready['id'], $id, Event::encode($ready));
    }
  }

  /**
   * A user as an event tells of them. Core has one name only, the login.
   */
  private function describe(AccountInterface $account): array {
    return [
      'id' => (int) $account->id(),
      'email' => (string) $account->getEmail(),
      'username' => (string) $account->getAccountName(),
      'status' => $account->isActive() ? 'active' : 'blocked',
      'roles' => array_values($account->getRoles(TRUE)),
      'language' => (string) $account->getPreferredLangcode(),
      'registered_at' => (int) $account->getCreatedTime(),
    ];
  }

  /**
   * Who does it: whoever masquerades as another user, else the current user.
   */
  private function actor(): int {
    $request = $this->requests->getCurrentRequest();
    $bag = $request !== NULL && $request->hasSession() ? $request->getSession()->getMetadataBag() : NULL;
    $masquerading = $bag !== NULL && method_exists($bag, 'getMasquerade') ? (int) $bag->getMasquerade() : 0;
    return $masquerading > 0 ? $masquerading : (int) $this->currentUser->id();
  }

  /**
   * Logs that an event is lost, without the exception's message.
   */
  private function lost(int $id, \Throwable $error): void {
    try {
      $this->sidecar->log('error', 'Event lost.', ['user_id' => $id, 'exception' => get_class($error)]);
    }
    catch (\Throwable $e) {
      // There is nowhere left to tell it.
    }
  }

}
