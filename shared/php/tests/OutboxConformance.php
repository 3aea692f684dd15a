<?php

declare(strict_types=1);

namespace Userlink\Tests;

use Userlink\Breaker;
use Userlink\Client;
use Userlink\Event;
use Userlink\Outbox;
use Userlink\Settings;

/**
 * What every implementation of Outbox has to do; each CMS runs it with its own, in its own test suite:
 *
 *     foreach (OutboxConformance::checks($newEmptyOutbox) as $name => $check) { $check(); }
 *
 * A check throws a RuntimeException that says what is wrong. Nothing but autoload.php and this file is needed.
 */
final class OutboxConformance
{
    /** So many events may wait. */
    public const LIMIT = 10000;

    /**
     * @param callable(): Outbox $make returns an outbox that is empty; called once by each check
     * @return array<string, callable(): void> the checks by name; the last two add over 10,000 events each
     */
    public static function checks(callable $make): array
    {
        $checks = [];
        foreach (get_class_methods(self::class) as $method) {
            if (strncmp($method, 'check', 5) === 0 && $method !== 'checks') {
                $name = strtolower((string) preg_replace('/(?<=.)([A-Z])/', ' $1', substr($method, 5)));
                $checks[$name] = static function () use ($method, $make): void {
                    self::$method($make());
                };
            }
        }
        return $checks;
    }

    private static function checkANewOneIsEmpty(Outbox $outbox): void
    {
        self::same(0, $outbox->count(), 'count()');
        self::same([], $outbox->due(10), 'due(10)');
        self::same(false, $outbox->hasUser(1), 'hasUser(1)');
        $outbox->remove(self::id(1));
        $outbox->postpone(self::id(1), 60);
        self::same(0, $outbox->count(), 'count() after remove() and postpone() of what is not there');
    }

    private static function checkAnEventComesBackAsItWasPutIn(Outbox $outbox): void
    {
        $texts = ['plain', 'Zoë 山田 🙂', "quotes \" ' \\ \\\" %s %1\$s \$1 {x} :a ? ; -- /*", " blanks \r\n\t", '<b>&amp;&lt;</b>',
            '\u0041\/\n', 'a:1:{s:1:"a";O:8:"stdClass":0:{}}', str_repeat('é🙂"\\', 2000)];
        foreach ($texts as $i => $text) {
            $outbox->add(self::id($i), 4294967295 - $i, json_encode(['text' => $text], JSON_UNESCAPED_UNICODE));
        }
        foreach ($outbox->due(100) as $i => $row) {
            $json = json_encode(['text' => $texts[$i]], JSON_UNESCAPED_UNICODE);
            $expected = ['id' => self::id($i), 'user_id' => 4294967295 - $i, 'json' => $json, 'tries' => 0];
            foreach ($expected as $name => $value) {
                self::same($value, $row[$name] ?? null, 'row ' . $i . ' of due(100): ' . $name);
            }
        }
        self::same(count($texts), count($outbox->due(100)), 'rows of due(100)');
    }

    private static function checkALargeEventFits(Outbox $outbox): void
    {
        $json = '{"text":"' . str_repeat('é', intdiv(Event::MAX_BODY, 2) - 8) . '."}';
        $json = str_pad($json, Event::MAX_BODY);
        $outbox->add(self::id(1), 1, $json);
        self::same(true, $outbox->due(1)[0]['json'] === $json, 'the json comes back byte for byte');
    }

    private static function checkTheOldestComesFirst(Outbox $outbox): void
    {
        // Ids and users in an order of their own, so that neither can stand in for the age.
        foreach ([5, 3, 9, 1, 7] as $i) {
            self::put($outbox, $i, 10 - $i);
        }
        self::order([5, 3, 9, 1, 7], $outbox->due(10), 'due(10)');
        self::order([5, 3], $outbox->due(2), 'due(2)');
        self::same([], $outbox->due(0), 'due(0)');
        $outbox->remove(self::id(3));
        self::put($outbox, 4, 4);
        self::order([5, 9, 1, 7, 4], $outbox->due(10), 'due(10) after one went and one came');
    }

    private static function checkAnIdIsKeptOnce(Outbox $outbox): void
    {
        $outbox->add(self::id(1), 1, '{"first":true}');
        self::put($outbox, 2, 2);
        $outbox->postpone(self::id(1), 0);
        $outbox->add(self::id(1), 1, '{"first":false}');
        self::same(2, $outbox->count(), 'count()');
        self::order([1, 2], $outbox->due(10), 'due(10)');
        self::same('{"first":true}', $outbox->due(1)[0]['json'], 'json');
        self::same(1, $outbox->due(1)[0]['tries'], 'tries');
    }

    private static function checkRemovedIsGone(Outbox $outbox): void
    {
        self::put($outbox, 1, 7);
        self::put($outbox, 2, 7);
        self::put($outbox, 3, 8);
        $outbox->remove(self::id(1));
        self::same([true, true], [$outbox->hasUser(7), $outbox->hasUser(8)], 'hasUser() of 7 and 8');
        $outbox->remove(self::id(2));
        self::same([false, true], [$outbox->hasUser(7), $outbox->hasUser(8)], 'hasUser() of 7 and 8, after both of 7 went');
        self::same(1, $outbox->count(), 'count()');
        self::order([3], $outbox->due(10), 'due(10)');
    }

    private static function checkPostponedWaits(Outbox $outbox): void
    {
        self::put($outbox, 1, 1);
        self::put($outbox, 2, 2);
        $outbox->postpone(self::id(1), 3600);
        self::order([2], $outbox->due(10), 'due(10)');
        self::same(2, $outbox->count(), 'count()');
        self::same(true, $outbox->hasUser(1), 'hasUser() of the postponed');
    }

    private static function checkPostponingBySoManySecondsAsNoneIsDueAtOnce(Outbox $outbox): void
    {
        self::put($outbox, 1, 1);
        self::put($outbox, 2, 2);
        $outbox->postpone(self::id(1), 0);
        $outbox->postpone(self::id(1), 0);
        self::order([1, 2], $outbox->due(10), 'due(10): it keeps its place');
        self::same([2, 0], array_column($outbox->due(10), 'tries'), 'tries');
    }

    private static function checkALaterPostponeReplacesTheOneBefore(Outbox $outbox): void
    {
        self::put($outbox, 1, 1);
        $outbox->postpone(self::id(1), 3600);
        $outbox->postpone(self::id(1), 0);
        self::order([1], $outbox->due(10), 'due(10)');
        self::same(2, $outbox->due(10)[0]['tries'], 'tries');
    }

    private static function checkAPostponedEventHoldsBackTheLaterOnesOfItsUser(Outbox $outbox): void
    {
        foreach ([1 => 7, 2 => 8, 3 => 7, 4 => 8, 5 => 7] as $i => $user) {
            self::put($outbox, $i, $user);
        }
        $outbox->postpone(self::id(3), 3600);
        self::order([1, 2, 4], $outbox->due(10), 'due(10) while the second of three is postponed');
        $outbox->postpone(self::id(1), 3600);
        self::order([2, 4], $outbox->due(10), 'due(10) while the first two are postponed');
        self::order([2, 4], $outbox->due(2), 'due(2): those held back do not count');
        $outbox->remove(self::id(1));
        $outbox->remove(self::id(3));
        self::order([2, 4, 5], $outbox->due(10), 'due(10) after those went');
    }

    private static function checkTheClientDeliversNothingThroughAClosedDoor(Outbox $outbox): void
    {
        $settings = new Settings('main', 'unix:/nonexistent/userlink.sock', 'main-1', str_repeat('k', 32));
        $client = new Client($settings, $outbox);
        $first = Event::build($settings, 'user.registered', 'hook', ['id' => 7, 'email' => 'jane@example.org'], 0);
        $second = Event::build($settings, 'user.updated', 'hook', ['id' => 7], 0);
        self::same([null, null], [$client->send($first), $client->send($second)], 'send()');
        self::same(2, $outbox->count(), 'count()');
        self::same([], $outbox->due(10), 'due(10): the first waits a minute, the second behind it');
        $outbox->postpone($first['id'], 0);
        self::same([$first['id'], $second['id']], array_column($outbox->due(10), 'id'), 'due(10)');
        self::same(['sent' => 0, 'kept' => 2, 'dropped' => 0], $client->flush(), 'flush()');
        self::same(2, $outbox->count(), 'count() after flush()');
    }

    private static function checkABreakerRemembers(Outbox $outbox): void
    {
        if ($outbox instanceof Breaker) {
            self::same(0, $outbox->downUntil(), 'downUntil() of a new one');
            $time = time() + 30;
            $outbox->setDownUntil($time);
            self::same($time, $outbox->downUntil(), 'downUntil()');
            $outbox->setDownUntil(0);
            self::same(0, $outbox->downUntil(), 'downUntil() after 0');
        }
    }

    private static function checkWhenFullTheOldestUpdateGoes(Outbox $outbox): void
    {
        self::put($outbox, 0, 1, 'user.registered');
        self::put($outbox, 1, 2, 'user.updated');
        self::put($outbox, 2, 3, 'user.updated');
        for ($i = 3; $i <= self::LIMIT; $i++) {
            self::put($outbox, $i, 1000 + $i, 'user.registered');
        }
        self::same(self::LIMIT, $outbox->count(), 'count()');
        self::order([0, 2, 3], $outbox->due(3), 'due(3)');
    }

    private static function checkWhenFullWithoutUpdatesTheOldestGoes(Outbox $outbox): void
    {
        for ($i = 0; $i <= self::LIMIT; $i++) {
            self::put($outbox, $i, 1000 + $i, 'user.deleted');
        }
        self::same(self::LIMIT, $outbox->count(), 'count()');
        self::order([1, 2], $outbox->due(2), 'due(2)');
    }

    private static function put(Outbox $outbox, int $i, int $user, string $type = 'user.registered'): void
    {
        $outbox->add(self::id($i), $user, '{"specversion":"1.0","id":"' . self::id($i) . '","type":"' . $type . '"}');
    }

    private static function id(int $i): string
    {
        return sprintf('00000000-0000-4000-8000-%012d', $i);
    }

    private static function order(array $expected, array $rows, string $what): void
    {
        self::same(array_map([self::class, 'id'], $expected), array_column($rows, 'id'), $what);
    }

    /**
     * @param mixed $expected
     * @param mixed $actual
     */
    private static function same($expected, $actual, string $what): void
    {
        if ($expected !== $actual) {
            $shown = substr(var_export($actual, true), 0, 1000);
            throw new \RuntimeException($what . "\nexpected: " . var_export($expected, true) . "\nis:       " . $shown);
        }
    }
}
