<?php

declare(strict_types=1);

namespace Userlink;

/**
 * An outbox may also implement this, to remember over requests that the sidecar hangs: until then every event goes
 * straight to the outbox and no visitor waits. Without it the client remembers for the current request only.
 */
interface Breaker
{
    /** Unix time until which no event is tried directly; 0: try. */
    public function downUntil(): int;

    /** Remembers the time; 0 forgets it. Losing it is harmless. */
    public function setDownUntil(int $time): void;
}
