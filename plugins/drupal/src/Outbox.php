<?php

namespace Drupal\userlink;

use Drupal\Core\Database\Connection;
use Drupal\Core\Database\IntegrityConstraintViolationException;
use Drupal\Core\State\StateInterface;
use Userlink\Breaker;
use Userlink\Outbox as OutboxInterface;

/**
 * Events that could not be delivered yet, in a table of the site.
 */
class Outbox implements OutboxInterface, Breaker {

  private const MAX_WAITING = 10000;

  /**
   * The site's database.
   *
   * @var \Drupal\Core\Database\Connection
   */
  private Connection $database;

  /**
   * Where the time of the breaker is.
   *
   * @var \Drupal\Core\State\StateInterface
   */
  private StateInterface $state;

  public function __construct(Connection $database, StateInterface $state) {
    $this->database = $database;
    $this->state = $state;
  }

  /**
   * {@inheritdoc}
   */
  public function add(string $id, int $userId, string $json): void {
    $event = json_decode($json, TRUE);
    try {
      $this->database->insert('userlink_outbox')
        ->fields([
          'id' => $id,
          'user_id' => $userId,
          'type' => (string) ($event['type'] ?? ''),
          'json' => $json,
        ])
        ->execute();
    }
    catch (IntegrityConstraintViolationException $e) {
      // It is there already.
      return;
    }
    if ($this->isFull()) {
      $oldest = 'SELECT seq FROM {userlink_outbox} WHERE id <> :id';
      $values = [':id' => $id];
      $update = $values + [':type' => 'user.updated'];
      $seq = $this->database->queryRange($oldest . ' AND type = :type ORDER BY seq', 0, 1, $update)->fetchField()
        ?: $this->database->queryRange($oldest . ' ORDER BY seq', 0, 1, $values)->fetchField();
      $this->database->delete('userlink_outbox')->condition('seq', $seq)->execute();
    }
  }

  /**
   * {@inheritdoc}
   */
  public function hasUser(int $userId): bool {
    return (bool) $this->database->queryRange('SELECT 1 FROM {userlink_outbox} WHERE user_id = :user', 0, 1, [':user' => $userId])->fetchField();
  }

  /**
   * {@inheritdoc}
   */
  public function due(int $max): array {
    $sql = 'SELECT e.id, e.user_id, e.json, e.tries FROM {userlink_outbox} e WHERE e.due <= :now AND NOT EXISTS
      (SELECT 1 FROM {userlink_outbox} o WHERE o.user_id = e.user_id AND o.seq < e.seq AND o.due > :now) ORDER BY e.seq';
    $rows = $this->database->queryRange($sql, 0, $max, [':now' => time()])->fetchAll(\PDO::FETCH_ASSOC);
    return array_map(static function (array $row): array {
      return ['user_id' => (int) $row['user_id'], 'tries' => (int) $row['tries']] + $row;
    }, $rows);
  }

  /**
   * {@inheritdoc}
   */
  public function postpone(string $id, int $seconds): void {
    $this->database->update('userlink_outbox')
      ->fields(['due' => time() + $seconds])
      ->expression('tries', 'tries + 1')
      ->condition('id', $id)
      ->execute();
  }

  /**
   * {@inheritdoc}
   */
  public function remove(string $id): void {
    $this->database->delete('userlink_outbox')->condition('id', $id)->execute();
  }

  /**
   * {@inheritdoc}
   */
  public function count(): int {
    return (int) $this->database->query('SELECT COUNT(*) FROM {userlink_outbox}')->fetchField();
  }

  /**
   * Whether more wait than may; mostly known without counting.
   */
  private function isFull(): bool {
    $span = $this->database->query('SELECT MAX(seq) - MIN(seq) FROM {userlink_outbox}')->fetchField();
    return $span >= self::MAX_WAITING && $this->count() > self::MAX_WAITING;
  }

  /**
   * {@inheritdoc}
   */
  public function downUntil(): int {
    return (int) $this->state->get('userlink.down_until', 0);
  }

  /**
   * {@inheritdoc}
   */
  public function setDownUntil(int $time): void {
    $time > 0 ? $this->state->set('userlink.down_until', $time) : $this->state->delete('userlink.down_until');
  }

}
