<?php

declare(strict_types=1);

namespace Userlink\Tests;

$new = static function (): MemoryOutbox {
    return new MemoryOutbox();
};
foreach (OutboxConformance::checks($new) as $name => $check) {
    test('outbox in memory: ' . $name, $check);
}
