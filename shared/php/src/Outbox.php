<?php

declare(strict_types=1);

namespace Userlink;

/**
 * Events that could not be delivered yet. Each CMS stores them its own way; tests/OutboxConformance.php checks it.
 * Methods may throw: the client logs that (without the exception's message) and goes on.
 */
interface Outbox
{
    /**
     * Puts an event at the end, due at once, with no tries. An id that is there already is left as it is.
     * At most 10,000 events wait: when one more comes, the oldest `user.updated` goes, or the oldest of all if there is
     * none.
     *
     * @param string $json the whole event, at most 64 KiB; it has to come back byte for byte
     */
    public function add(string $id, int $userId, string $json): void;

    /** Whether any event of this user waits, due or not. */
    public function hasUser(int $userId): bool;

    /**
     * The events whose time has come, oldest first by order of add(). An event is never due before an older one
     * of the same user: while that one is postponed, the later ones of this user are held back as well.
     *
     * @return array<int, array{id: string, user_id: int, json: string, tries: int}> at most $max
     */
    public function due(int $max): array;

    /** Makes the event due again in so many seconds (0: at once) and counts one try. Unknown id: does nothing. */
    public function postpone(string $id, int $seconds): void;

    /** Takes the event out. Unknown id: does nothing. */
    public function remove(string $id): void;

    /** How many events wait, due or not. */
    public function count(): int;
}
