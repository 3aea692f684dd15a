<?php

declare(strict_types=1);

namespace Userlink\Tests;

use Userlink\Event;
use Userlink\Settings;

/** Puts events of these users into the outbox; returns their ids. */
function waiting(Bench $bench, array $users, string $age = '0 seconds'): array
{
    $ids = [];
    foreach ($users as $user) {
        $event = $bench->event($user);
        $event['time'] = gmdate('Y-m-d\TH:i:s\Z', strtotime('-' . $age));
        $bench->outbox->add($event['id'], $user, Event::encode($event));
        $ids[] = $event['id'];
    }
    return $ids;
}

/** The ids of the events that arrived. */
function arrived(FakeSidecar $sidecar, int $count): array
{
    $ids = [];
    for ($i = 0; $i < $count; $i++) {
        $ids[] = json_decode($sidecar->request()['body'], true)['id'];
    }
    check($sidecar->isQuiet(), 'more arrived');
    return $ids;
}

test('flush: nothing waits', static function (): void {
    $bench = new Bench(new Settings('main', 'unix:/nonexistent', 'main-1', KEY));
    same(['sent' => 0, 'kept' => 0, 'dropped' => 0], $bench->client->flush());
    same([], $bench->logged());
});

test('flush: oldest first, the same bytes, a fresh token for each', static function (): void {
    $sidecar = new FakeSidecar();
    $bench = new Bench($sidecar->settings());
    $ids = waiting($bench, [1, 2, 1, 3]);
    $rows = $bench->outbox->due(10);
    $jtis = [];
    foreach ($ids as $ignored) {
        $sidecar->nextGood();
    }
    same(['sent' => 4, 'kept' => 0, 'dropped' => 0], $bench->client->flush());
    foreach ($rows as $row) {
        $request = $sidecar->request();
        same($row['json'], $request['body']);
        $jtis[] = $request['claims']['jti'];
    }
    same(4, count(array_unique($jtis)));
    same([0, []], [$bench->outbox->count(), $bench->logged()]);
});

test('flush: one event over all its attempts', static function (): void {
    $sidecar = new FakeSidecar();
    $bench = new Bench($sidecar->settings());
    $sidecar->nextError(500, 'internal');
    $bench->client->send($bench->event());
    $first = $sidecar->request();
    $waits = [];
    for ($i = 0; $i < 6; $i++) {
        $sidecar->nextError(500, 'internal');
        $bench->outbox->now += $bench->outbox->postponed[$i][1] - 1;
        same(['sent' => 0, 'kept' => 0, 'dropped' => 0], $bench->client->flush(), 'a second too early');
        $bench->outbox->now++;
        same(['sent' => 0, 'kept' => 1, 'dropped' => 0], $bench->client->flush());
        $again = $sidecar->request();
        same($first['body'], $again['body'], 'id and time stay');
        check($first['claims']['jti'] !== $again['claims']['jti'], 'the jti does not');
    }
    same([60, 300, 900, 3600, 21600, 21600, 21600], array_column($bench->outbox->postponed, 1));
});

test('flush: stops at the first sign that the sidecar is not there', static function (): void {
    $signs = [
        static function (FakeSidecar $s): void {
            $s->nextError(503, 'database_unavailable');
        },
        static function (FakeSidecar $s): void {
            $s->nextError(401, 'token_expired');
        },
        static function (FakeSidecar $s): void {
            $s->next('nonsense');
        },
        static function (FakeSidecar $s): void {
            $s->next(FakeSidecar::http(404, '<html>'));
        },
        static function (FakeSidecar $s): void {
            $s->next('', 'hold');
        },
    ];
    foreach ($signs as $i => $sign) {
        $sidecar = new FakeSidecar();
        $bench = new Bench($sidecar->settings());
        $ids = waiting($bench, [1, 2, 1, 3]);
        $sidecar->nextGood();
        $sign($sidecar);
        $sidecar->nextGood();
        same(['sent' => 1, 'kept' => 3, 'dropped' => 0], $bench->client->flush(), 'sign ' . $i);
        same([$ids[0], $ids[1]], arrived($sidecar, 2), 'sign ' . $i);
        same([[$ids[1], 60]], $bench->outbox->postponed, 'only what was tried waits longer');
    }
});

test('flush: not configured or nobody there', static function (): void {
    $bench = new Bench(new Settings('main', 'unix:/nonexistent', 'main-1', KEY));
    $ids = waiting($bench, [1, 2]);
    same(['sent' => 0, 'kept' => 2, 'dropped' => 0], $bench->client->flush());
    same([[$ids[0], 60]], $bench->outbox->postponed);
    $bench = new Bench(new Settings('main', 'unix:/nonexistent', 'main-1', ''));
    waiting($bench, [1, 2]);
    same(['sent' => 0, 'kept' => 2, 'dropped' => 0], $bench->client->flush());
    same([], $bench->outbox->postponed, 'without a key nothing was tried');
});

test('flush: one user\'s failure holds back that user alone', static function (): void {
    $sidecar = new FakeSidecar();
    $bench = new Bench($sidecar->settings());
    $ids = waiting($bench, [1, 2, 1, 3, 2]);
    $sidecar->nextError(500, 'internal');
    $sidecar->nextGood();
    $sidecar->nextGood();
    $sidecar->nextGood();
    same(['sent' => 3, 'kept' => 2, 'dropped' => 0], $bench->client->flush());
    same([$ids[0], $ids[1], $ids[3], $ids[4]], arrived($sidecar, 4));
    same([], $bench->outbox->due(10), 'the later event of the same user waits, too');
    $bench->outbox->now = 60;
    same([$ids[0], $ids[2]], array_column($bench->outbox->due(10), 'id'));
});

test('flush: what is refused for good is dropped, and the user\'s next event goes', static function (): void {
    $sidecar = new FakeSidecar();
    $bench = new Bench($sidecar->settings());
    $ids = waiting($bench, [1, 1]);
    $sidecar->nextError(400, 'source_mismatch');
    $sidecar->nextGood();
    same(['sent' => 1, 'kept' => 0, 'dropped' => 1], $bench->client->flush());
    same($ids, arrived($sidecar, 2));
    same([['error', 'source_mismatch']], $bench->logged());
});

test('flush: after 14 days an event is dropped and logged', static function (): void {
    $sidecar = new FakeSidecar();
    $bench = new Bench($sidecar->settings());
    waiting($bench, [1], '1209700 seconds');
    $young = waiting($bench, [1], '1209000 seconds');
    $bench->outbox->add('00000000-0000-4000-8000-000000000000', 3, 'what is no event cannot be delivered either');
    $sidecar->nextGood();
    same(['sent' => 1, 'kept' => 0, 'dropped' => 2], $bench->client->flush());
    same($young, arrived($sidecar, 1));
    same(['error', 'error'], array_column($bench->logged(), 0));
});

test('flush: old events are dropped when the sidecar is not there, too', static function (): void {
    $bench = new Bench(new Settings('main', 'unix:/nonexistent', 'main-1', KEY));
    waiting($bench, [1]);
    waiting($bench, [2], '15 days');
    same(['sent' => 0, 'kept' => 1, 'dropped' => 1], $bench->client->flush());
});

test('flush: no more than so many, no longer than so many seconds', static function (): void {
    $sidecar = new FakeSidecar();
    $bench = new Bench($sidecar->settings());
    $ids = waiting($bench, [1, 2, 3]);
    same(['sent' => 0, 'kept' => 3, 'dropped' => 0], $bench->client->flush(50, 0.0));
    same(['sent' => 0, 'kept' => 0, 'dropped' => 0], $bench->client->flush(0));
    same(['sent' => 0, 'kept' => 0, 'dropped' => 0], $bench->client->flush(-1));
    check($sidecar->isQuiet(), 'something was sent');
    same([], $bench->outbox->postponed);
    $sidecar->nextGood();
    $sidecar->nextGood();
    same(['sent' => 2, 'kept' => 0, 'dropped' => 0], $bench->client->flush(2));
    same([$ids[0], $ids[1]], arrived($sidecar, 2));
});
