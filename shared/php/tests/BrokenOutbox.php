<?php

declare(strict_types=1);

namespace Userlink\Tests;

use Userlink\Outbox;

/** An outbox whose every method fails, with a message that must not get into the log. */
final class BrokenOutbox implements Outbox
{
    private function fail(): \Throwable
    {
        return new \RuntimeException('INSERT … jane@example.org … ' . FakeSidecar::SECRET);
    }

    public function add(string $id, int $userId, string $json): void
    {
        throw $this->fail();
    }

    public function hasUser(int $userId): bool
    {
        throw $this->fail();
    }

    public function due(int $max): array
    {
        throw $this->fail();
    }

    public function postpone(string $id, int $seconds): void
    {
        throw $this->fail();
    }

    public function remove(string $id): void
    {
        throw $this->fail();
    }

    public function count(): int
    {
        throw $this->fail();
    }
}
