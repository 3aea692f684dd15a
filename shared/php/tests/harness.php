<?php

declare(strict_types=1);

namespace Userlink\Tests;

// The least that a test needs, so that the suite runs on any PHP with nothing installed.

/** Runs one test and prints its line. A test passes when it does not throw. */
function test(string $name, callable $test): void
{
    try {
        $test();
        Count::$passed++;
        echo 'ok - ', $name, "\n";
    } catch (\Throwable $e) {
        Count::$failed++;
        echo 'not ok - ', $name, "\n", preg_replace('/^/m', '    ', $e->getMessage()), "\n";
        echo '    at ', basename($e->getFile()), ':', $e->getLine(), "\n";
    }
}

/**
 * @param mixed $expected
 * @param mixed $actual
 */
function same($expected, $actual, string $what = ''): void
{
    if ($expected !== $actual) {
        $show = static function ($value): string {
            return substr(is_string($value) ? json_encode($value, JSON_INVALID_UTF8_SUBSTITUTE) : var_export($value, true), 0, 2000);
        };
        throw new \RuntimeException($what . "\nexpected: " . $show($expected) . "\nis:       " . $show($actual));
    }
}

function check(bool $true, string $what): void
{
    if (!$true) {
        throw new \RuntimeException($what);
    }
}

function vectors(string $name): array
{
    return json_decode(file_get_contents(__DIR__ . '/../../vectors/' . $name), true, 64, JSON_THROW_ON_ERROR)['cases'];
}

/** How many tests passed and failed so far. */
final class Count
{
    public static int $passed = 0;
    public static int $failed = 0;
}
