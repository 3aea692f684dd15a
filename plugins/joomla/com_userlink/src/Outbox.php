<?php

/**
 * @package     Userlink
 * @license     GNU General Public License version 2 or later
 */

namespace Userlink\Component\Userlink\Administrator;

use Joomla\Database\DatabaseInterface;
use Userlink\Breaker;
use Userlink\Outbox as OutboxInterface;

// phpcs:disable PSR1.Files.SideEffects
\defined('_JEXEC') or die;
// phpcs:enable PSR1.Files.SideEffects

/** Events that could not be delivered yet, in a table. MySQL's dialect: CiviCRM and the sidecar know no other. */
final class Outbox implements OutboxInterface, Breaker
{
    private const MAX_WAITING = 10000;

    private DatabaseInterface $db;

    public function __construct(DatabaseInterface $db)
    {
        $this->db = $db;
    }

    public function add(string $id, int $userId, string $json): void
    {
        $event  = json_decode($json, true);
        $type   = $this->db->quote(\is_string($event['type'] ?? null) ? $event['type'] : '');
        $quoted = $this->db->quote($id);
        // As hexadecimal digits no character set changes a byte.
        $added = $this->write(
            "INSERT IGNORE INTO #__userlink_outbox (id, user_id, type, json)"
            . " VALUES ($quoted, $userId, $type, UNHEX('" . bin2hex($json) . "'))"
        );
        if ($added && $this->isFull()) {
            $update = "DELETE FROM #__userlink_outbox WHERE type = 'user.updated' AND id <> $quoted ORDER BY seq LIMIT 1";
            $this->write($update) || $this->write("DELETE FROM #__userlink_outbox WHERE id <> $quoted ORDER BY seq LIMIT 1");
        }
    }

    public function hasUser(int $userId): bool
    {
        return (bool) $this->value("SELECT 1 FROM #__userlink_outbox WHERE user_id = $userId LIMIT 1");
    }

    public function due(int $max): array
    {
        $now = time();
        $sql = "SELECT e.id, e.user_id, e.json, e.tries FROM #__userlink_outbox e WHERE e.due <= $now AND NOT EXISTS"
            . " (SELECT 1 FROM #__userlink_outbox o WHERE o.user_id = e.user_id AND o.seq < e.seq AND o.due > $now)"
            . " ORDER BY e.seq LIMIT $max";

        return array_map(
            static function (array $row): array {
                return ['user_id' => (int) $row['user_id'], 'tries' => (int) $row['tries']] + $row;
            },
            $this->db->setQuery($sql)->loadAssocList()
        );
    }

    public function postpone(string $id, int $seconds): void
    {
        $due = time() + $seconds;
        $this->write("UPDATE #__userlink_outbox SET due = $due, tries = tries + 1 WHERE id = " . $this->db->quote($id));
    }

    public function remove(string $id): void
    {
        $this->write('DELETE FROM #__userlink_outbox WHERE id = ' . $this->db->quote($id));
    }

    public function count(): int
    {
        return (int) $this->value('SELECT COUNT(*) FROM #__userlink_outbox');
    }

    public function downUntil(): int
    {
        return (int) $this->value("SELECT value FROM #__userlink_state WHERE name = 'down_until'");
    }

    public function setDownUntil(int $time): void
    {
        $this->write("REPLACE INTO #__userlink_state (name, value) VALUES ('down_until', $time)");
    }

    /** Mostly known without counting, since rows are numbered. */
    private function isFull(): bool
    {
        $span = (int) $this->value('SELECT MAX(seq) - MIN(seq) FROM #__userlink_outbox');

        return $span >= self::MAX_WAITING && $this->count() > self::MAX_WAITING;
    }

    /** @return mixed */
    private function value(string $sql)
    {
        return $this->db->setQuery($sql)->loadResult();
    }

    private function write(string $sql): int
    {
        $this->db->setQuery($sql)->execute();

        return (int) $this->db->getAffectedRows();
    }
}
