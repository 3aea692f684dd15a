<?php

declare(strict_types=1);

namespace Userlink\Tests;

use Userlink\Breaker;
use Userlink\Outbox;

/** An outbox in memory, with a clock of its own. */
final class MemoryOutbox implements Outbox, Breaker
{
    /** Seconds since the outbox was made; a test moves it on. */
    public int $now = 0;

    /** @var array<int, array{0: string, 1: int}> every call of postpone() */
    public array $postponed = [];

    /** @var array<string, array{id: string, user_id: int, json: string, tries: int, due: int}> */
    private array $rows = [];
    private int $downUntil = 0;

    public function add(string $id, int $userId, string $json): void
    {
        if (isset($this->rows[$id])) {
            return;
        }
        $this->rows[$id] = ['id' => $id, 'user_id' => $userId, 'json' => $json, 'tries' => 0, 'due' => $this->now];
        if (count($this->rows) > OutboxConformance::LIMIT) {
            unset($this->rows[$this->leastNeeded()]);
        }
    }

    public function hasUser(int $userId): bool
    {
        return in_array($userId, array_column($this->rows, 'user_id'), true);
    }

    public function due(int $max): array
    {
        $due = [];
        $held = [];
        foreach ($this->rows as $row) {
            if ($row['due'] > $this->now || isset($held[$row['user_id']])) {
                $held[$row['user_id']] = true;
            } elseif (count($due) < $max) {
                unset($row['due']);
                $due[] = $row;
            }
        }
        return $due;
    }

    public function postpone(string $id, int $seconds): void
    {
        $this->postponed[] = [$id, $seconds];
        if (isset($this->rows[$id])) {
            $this->rows[$id]['due'] = $this->now + $seconds;
            $this->rows[$id]['tries']++;
        }
    }

    public function remove(string $id): void
    {
        unset($this->rows[$id]);
    }

    public function count(): int
    {
        return count($this->rows);
    }

    public function downUntil(): int
    {
        return $this->downUntil;
    }

    public function setDownUntil(int $time): void
    {
        $this->downUntil = $time;
    }

    private function leastNeeded(): string
    {
        foreach ($this->rows as $id => $row) {
            if (json_decode($row['json'], true)['type'] === 'user.updated') {
                return (string) $id;
            }
        }
        return (string) array_keys($this->rows)[0];
    }
}
