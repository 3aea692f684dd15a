<?php

// Tests of the PHP client: php shared/php/tests/run.php. No extension and no package is needed, PHP 7.4 or later is.

declare(strict_types=1);

namespace Userlink\Tests;

error_reporting(E_ALL);
ini_set('display_errors', 'stderr');
// A warning or a deprecation of any PHP version is a failure.
set_error_handler(static function (int $level, string $message, string $file, int $line): bool {
    if ((error_reporting() & $level) === 0) {
        return false; // silenced by @
    }
    throw new \ErrorException($message, 0, $level, $file, $line);
});

require __DIR__ . '/../autoload.php';
foreach (['harness', 'OutboxConformance', 'MemoryOutbox', 'BrokenOutbox', 'Bench', 'FakeSidecar', 'EventShape'] as $file) {
    require __DIR__ . '/' . $file . '.php';
}
foreach (['settings', 'vectors', 'event', 'outbox', 'send', 'flush', 'relay', 'commands'] as $suite) {
    require __DIR__ . '/suites/' . $suite . '.php';
}

echo Count::$passed, ' passed, ', Count::$failed, " failed\n";
exit(Count::$failed === 0 ? 0 : 1);
