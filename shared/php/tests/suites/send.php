<?php

declare(strict_types=1);

namespace Userlink\Tests;

use Userlink\Client;
use Userlink\Event;
use Userlink\Settings;
use Userlink\Transport;

foreach (['TCP' => false, 'a unix socket' => true] as $what => $unix) {
    test('send: over ' . $what, static function () use ($unix): void {
        $sidecar = new FakeSidecar($unix);
        $bench = new Bench($sidecar->settings());
        $sidecar->nextGood();
        $event = $bench->event();
        same(FakeSidecar::answer(), $bench->client->send($event));
        $request = $sidecar->request();
        same(['POST', '/v1/events', ''], [$request['method'], $request['path'], $request['query']]);
        same($event, json_decode($request['body'], true));
        same('application/cloudevents+json', $request['headers']['content-type']);
        same($unix ? 'localhost' : $sidecar->address, $request['headers']['host']);
        check(strpos($request['body'], 'Zoë / 山田') !== false, 'neither slashes nor letters are escaped');
        same([0, []], [$bench->outbox->count(), $bench->logged()]);
    });
}

test('send: http:// before the address', static function (): void {
    $sidecar = new FakeSidecar();
    $bench = new Bench(new Settings('main', 'http://' . $sidecar->address . '/', 'main-1', FakeSidecar::SECRET . "\n"));
    $sidecar->nextGood();
    same(FakeSidecar::answer(), $bench->client->send($bench->event()));
    same($sidecar->address, $sidecar->request()['headers']['host']);
});

test('send: every way in which HTTP writes an answer down', static function (): void {
    $json = json_encode(FakeSidecar::answer());
    $chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    $ways = [
        'without a length, to the end' => "HTTP/1.1 200 OK\r\n\r\n" . $json,
        'HTTP/1.0' => "HTTP/1.0 200 OK\r\nContent-Length: " . strlen($json) . "\r\n\r\n" . $json,
        'no words behind the status' => "HTTP/1.1 200\r\ncontent-length:" . strlen($json) . "\r\n\r\n" . $json,
        'something behind the body' => FakeSidecar::http(200, $json) . 'more',
        'one chunk' => $chunked . dechex(strlen($json)) . "\r\n" . $json . "\r\n0\r\n\r\n",
        'a chunk a byte' => $chunked . "1\r\n" . implode("\r\n1\r\n", str_split($json)) . "\r\n0\r\n\r\n",
        'chunks with upper case, zeros, extensions and a trailer' => $chunked . sprintf("%05X;a=\"b\"\r\n", strlen($json)) . $json . "\r\n0;x\r\nX-T: 1\r\n\r\n",
        'TRANSFER-ENCODING before a length' => "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTRANSFER-ENCODING:  Chunked \r\n\r\n"
            . dechex(strlen($json)) . "\r\n" . $json . "\r\n0\r\n\r\n",
        'members that are not known' => FakeSidecar::http(200, json_encode(['more' => [1]] + FakeSidecar::answer())),
        'status 201' => FakeSidecar::http(201, $json),
    ];
    $sidecar = new FakeSidecar();
    foreach ($ways as $way => $raw) {
        foreach (['answer', 'bytewise'] as $how) {
            $bench = new Bench($sidecar->settings());
            $sidecar->next($raw, $how);
            same('linked', $bench->client->send($bench->event())['outcome'] ?? null, $way . ', ' . $how . ' ' . json_encode($bench->log));
            same(0, $bench->outbox->count(), $way);
        }
    }
});

test('send: an answer that is complete is not waited for to end', static function (): void {
    $sidecar = new FakeSidecar();
    $json = json_encode(FakeSidecar::answer());
    foreach ([FakeSidecar::http(200, $json), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" . dechex(strlen($json)) . "\r\n" . $json . "\r\n0\r\n\r\n"] as $raw) {
        $bench = new Bench($sidecar->settings());
        $sidecar->next($raw, 'hold');
        same(FakeSidecar::answer(), $bench->client->send($bench->event()));
    }
});

test('send: refused for good, so dropped and logged', static function (): void {
    $sidecar = new FakeSidecar();
    $refusals = [[400, 'json_invalid'], [400, 'event_invalid'], [400, 'source_mismatch'], [400, 'header_too_large'], [404, 'not_found'],
        [405, 'method_not_allowed'], [413, 'body_too_large']];
    foreach ($refusals as [$status, $code]) {
        $bench = new Bench($sidecar->settings());
        $sidecar->nextError($status, $code);
        same(null, $bench->client->send($bench->event()));
        same([0, [['error', $code]]], [$bench->outbox->count(), $bench->logged()]);
        same('r-1', $bench->log[0][2]['request_id']);
        same($status, $bench->log[0][2]['status']);
    }
});

test('send: refused for now, so kept, a minute long', static function (): void {
    $sidecar = new FakeSidecar();
    foreach ([[401, 'token_expired'], [401, 'token_invalid'], [500, 'internal'], [503, 'database_unavailable']] as [$status, $code]) {
        $bench = new Bench($sidecar->settings());
        $sidecar->nextError($status, $code);
        $event = $bench->event();
        same(null, $bench->client->send($event));
        same([[$event['id'], 60]], $bench->outbox->postponed);
        same([['warning', $code]], $bench->logged());
        $bench->outbox->now = 60;
        same([['id' => $event['id'], 'user_id' => 42, 'json' => Event::encode($event), 'tries' => 1]], $bench->outbox->due(10));
    }
});

test('send: what is not the sidecar speaking is not believed, and the event kept', static function (): void {
    $good = json_encode(FakeSidecar::answer());
    $nonsense = [
        'another server\'s 404' => FakeSidecar::http(404, '<html>Not Found</html>'),
        'another server\'s 400 in JSON' => FakeSidecar::http(400, '{"error":"bad"}'),
        'a code that is no text' => FakeSidecar::http(400, '{"error":{"code":7}}'),
        'a redirect' => FakeSidecar::http(302, '', "Location: http://127.0.0.1:1/\r\n"),
        'a page' => FakeSidecar::http(200, '<html>It works!</html>'),
        'nothing' => FakeSidecar::http(200, ''),
        'a list' => FakeSidecar::http(200, '[]'),
        'a text' => FakeSidecar::http(200, '"linked"'),
        'null' => FakeSidecar::http(200, 'null'),
        'no outcome' => FakeSidecar::http(200, '{"reason":"x"}'),
        'an outcome that is no text' => FakeSidecar::http(200, '{"outcome":{"a":1}}'),
        'JSON cut off' => FakeSidecar::http(200, substr($good, 0, -1)),
        'JSON very deep' => FakeSidecar::http(200, str_repeat('[', 1000) . str_repeat(']', 1000)),
        'a gateway\'s 502' => FakeSidecar::http(502, 'Bad Gateway'),
        'not HTTP' => "SSH-2.0-OpenSSH_9.2\r\n",
        'not HTTP, and a blank line' => "220 mail ESMTP\r\n\r\n" . $good,
        'HTTP/2' => "HTTP/2 200 OK\r\n\r\n" . $good,
        'HTTP of the future' => "HTTP/1.7 200 OK\r\n\r\n" . $good,
        'a status that is none' => "HTTP/1.1 2x0 OK\r\n\r\n" . $good,
        'a status of 99' => "HTTP/1.1 099 OK\r\n\r\n" . $good,
        'going on' => "HTTP/1.1 100 Continue\r\n\r\n" . FakeSidecar::http(200, $good),
        'bytes' => random_bytes(200),
        'a head cut off' => "HTTP/1.1 200 OK\r\nContent-Le",
        'a head of 20 KiB' => "HTTP/1.1 200 OK\r\nX: " . str_repeat('x', 20480) . "\r\n\r\n" . $good,
        'a head that does not end' => "HTTP/1.1 200 OK\r\nX: " . str_repeat('x', 20480),
        'a body cut off' => substr(FakeSidecar::http(200, $good), 0, -1),
        'a length that is none' => "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n" . $good,
        'a length below zero' => "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n" . $good,
        'a length beyond 64 bits' => "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n" . $good,
        'a chunk cut off' => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n" . $good,
        'the last chunk missing' => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" . dechex(strlen($good)) . "\r\n" . $good . "\r\n",
        'a chunk size that is none' => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" . $good . "\r\n0\r\n\r\n",
        'a chunk size beyond all' => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n" . $good . "\r\n0\r\n\r\n",
        'no answer' => '',
    ];
    $sidecar = new FakeSidecar();
    foreach ($nonsense as $what => $raw) {
        $bench = new Bench($sidecar->settings());
        $sidecar->next($raw);
        same(null, $bench->client->send($bench->event()), $what);
        same(1, $bench->outbox->count(), $what);
        same('warning', $bench->logged()[0][0], $what);
    }
});

test('send: an answer larger than 2 MiB', static function (): void {
    $sidecar = new FakeSidecar();
    $bench = new Bench($sidecar->settings());
    $sidecar->next(FakeSidecar::http(200, str_pad(json_encode(FakeSidecar::answer()), Transport::MAX_ANSWER + 1)));
    same(null, $bench->client->send($bench->event()));
    same([1, [['warning', 'answer_too_large']]], [$bench->outbox->count(), $bench->logged()]);
});

test('send: a large answer that is within bounds', static function (): void {
    $sidecar = new FakeSidecar();
    $bench = new Bench($sidecar->settings());
    $sidecar->next(FakeSidecar::http(200, str_pad(json_encode(FakeSidecar::answer()), 1000000)));
    same(FakeSidecar::answer(), $bench->client->send($bench->event()));
});

// The bounds of time are wide on purpose: the budget is 1 s, and a busy machine must not fail the test.
foreach (['hold' => '', 'trickle' => str_repeat('HTTP/1.1 200 OK', 1000)] as $how => $answer) {
    test('send: the budget is held when the sidecar does not come to an end (' . $how . ')', static function () use ($how, $answer): void {
        $sidecar = new FakeSidecar();
        $bench = new Bench($sidecar->settings());
        $sidecar->next($how === 'trickle' ? FakeSidecar::http(200, $answer) : $answer, $how);
        $from = hrtime(true);
        same(null, $bench->client->send($bench->event()));
        check(hrtime(true) - $from < 20e9, 'it took longer than 20 s');
        same([1, [['warning', 'timeout']]], [$bench->outbox->count(), $bench->logged()]);
    });
}

test('send: the budget is held when the connection is never taken up', static function (): void {
    $sidecar = new FakeSidecar();
    $bench = new Bench($sidecar->settings());
    $from = hrtime(true);
    same(null, $bench->client->send($bench->event()));
    check(hrtime(true) - $from < 20e9, 'it took longer than 20 s');
    same([1, [['warning', 'timeout']]], [$bench->outbox->count(), $bench->logged()]);
});

test('send: a connection closed at once', static function (): void {
    $sidecar = new FakeSidecar();
    $bench = new Bench($sidecar->settings());
    $sidecar->next('', 'slam');
    $sidecar->nextGood();
    same(null, $bench->client->send($bench->event()));
    same(1, $bench->outbox->count());
    same(FakeSidecar::answer(), $bench->client->send($bench->event(43)), 'only a timeout stops the others');
    same('warning', $bench->logged()[0][0]);
});

foreach (['TCP' => false, 'a unix socket' => true] as $what => $unix) {
    test('send: nobody listens, over ' . $what, static function () use ($unix): void {
        $sidecar = new FakeSidecar($unix);
        $sidecar->stop();
        $bench = new Bench($sidecar->settings());
        same(null, $bench->client->send($bench->event()));
        same([1, [['warning', 'connect_failed']]], [$bench->outbox->count(), $bench->logged()]);
    });
}

test('send: not configured, so kept', static function (): void {
    foreach ([['', KEY], ['127.0.0.1:1', ''], ['127.0.0.1:1', 'short'], ['https://x', KEY]] as [$address, $key]) {
        $bench = new Bench(new Settings('main', $address, 'main-1', $key));
        same(null, $bench->client->send($bench->event()));
        same([1, [['warning', 'not_configured']]], [$bench->outbox->count(), $bench->logged()]);
    }
});

test('send: an event without a user, or that is none, is not sent and not kept', static function (): void {
    $bench = new Bench(new Settings('main', '127.0.0.1:1', 'main-1', KEY));
    $events = [[], ['id' => 'x'], $bench->event(0), ['id' => 7] + $bench->event(), ['data' => 'x'] + $bench->event(), ['data' => ['user' => 'x']] + $bench->event(),
        ['id' => ''] + $bench->event(), ['x' => NAN] + $bench->event()];
    foreach ($events as $event) {
        same(null, $bench->client->send($event));
    }
    same(0, $bench->outbox->count());
    same(count($events), count($bench->logged()));
    same(['error'], array_values(array_unique(array_column($bench->logged(), 0))));
});

test('send: behind older events of the same user', static function (): void {
    $sidecar = new FakeSidecar();
    $bench = new Bench($sidecar->settings());
    $sidecar->nextError(503, 'database_unavailable');
    $first = $bench->event(42);
    same(null, $bench->client->send($first));
    $sidecar->request();
    $second = $bench->event(42, 'user.updated');
    same(null, $bench->client->send($second));
    check($sidecar->isQuiet(), 'the second was tried');
    $sidecar->nextGood();
    same(FakeSidecar::answer(), $bench->client->send($bench->event(43)), 'another user goes through');
    $bench->outbox->now = 60;
    same([$first['id'], $second['id']], array_column($bench->outbox->due(10), 'id'));
    same([1, 0], array_column($bench->outbox->due(10), 'tries'));
});

test('send: a sidecar that hangs costs the budget once, in all requests of the site', static function (): void {
    $sidecar = new FakeSidecar();
    $bench = new Bench($sidecar->settings());
    $sidecar->next('', 'hold');
    same(null, $bench->client->send($bench->event(1)));
    $sidecar->request();
    check($bench->outbox->downUntil() > time(), 'the outbox was not told');
    $next = new Bench($sidecar->settings(), $bench->outbox);
    $sidecar->nextGood();
    same([null, null], [$bench->client->send($bench->event(2)), $next->client->send($next->event(3))]);
    check($sidecar->isQuiet(), 'it was tried all the same');
    same(3, $bench->outbox->count());
    same(['sent' => 1, 'kept' => 1, 'dropped' => 0], (static function () use ($next, $sidecar): array {
        $sidecar->nextError(500, 'internal');
        return $next->client->flush();
    })(), 'cron tries');
    same(0, $bench->outbox->downUntil(), 'and what it found is remembered');
    $sidecar->nextGood();
    same(FakeSidecar::answer(), $next->client->send($next->event(4)));
});

test('send: the time of a breaker that lies far ahead is not believed', static function (): void {
    $sidecar = new FakeSidecar();
    $bench = new Bench($sidecar->settings());
    $bench->outbox->setDownUntil(time() + 86400);
    $sidecar->nextGood();
    same(FakeSidecar::answer(), $bench->client->send($bench->event()));
});

test('send: without an outbox it is tried each time, and lost with a word in the log', static function (): void {
    $sidecar = new FakeSidecar();
    $log = [];
    $client = new Client($sidecar->settings(), null, static function (string $level) use (&$log): void {
        $log[] = $level;
    });
    $bench = new Bench($sidecar->settings());
    $sidecar->next('', 'hold');
    $sidecar->nextGood();
    same([null, FakeSidecar::answer()], [$client->send($bench->event()), $client->send($bench->event())]);
    same(['warning', 'error'], $log);
    same(['sent' => 0, 'kept' => 0, 'dropped' => 0], $client->flush());
});

test('send: an outbox that fails is no reason not to send, nor to throw, nor to tell what it said', static function (): void {
    $sidecar = new FakeSidecar();
    $bench = new Bench($sidecar->settings());
    $client = new Client($sidecar->settings(), new BrokenOutbox(), function (string $level, string $message, array $context) use ($bench): void {
        $bench->log[] = [$level, $message, $context];
    });
    $sidecar->nextGood();
    same(FakeSidecar::answer(), $client->send($bench->event()));
    $sidecar->nextError(500, 'internal');
    same(null, $client->send($bench->event()));
    same(['sent' => 0, 'kept' => 0, 'dropped' => 0], $client->flush());
    $exception = ['error', 'RuntimeException'];
    same([$exception, $exception, ['warning', 'internal'], $exception, $exception], $bench->logged());
});

test('send: a log that throws, and no log', static function (): void {
    $settings = new Settings('main', 'unix:/nonexistent', 'main-1', KEY);
    $event = (new Bench($settings))->event();
    $client = new Client($settings, null, static function (): void {
        throw new \Error('no disk');
    });
    same(null, $client->send($event));
    same(null, (new Client($settings))->send($event));
    same(502, $client->relay('GET', '/v1/status', [], null, 1)['status']);
});

test('send: the CMS\'s error handler sees nothing and is put back', static function (): void {
    $seen = 0;
    $handler = static function () use (&$seen): bool {
        $seen++;
        throw new \ErrorException('seen');
    };
    set_error_handler($handler);
    try {
        $bench = new Bench(new Settings('main', 'unix:/nonexistent', 'main-1', KEY));
        $bench->client->send($bench->event());
        $bench->client->relay('GET', '/v1/status', ['a' => ['b']], null, 1);
        same($handler, set_error_handler(null), 'the handler afterwards');
        restore_error_handler();
    } finally {
        restore_error_handler();
    }
    same([0, [['warning', 'connect_failed'], ['error', 'connect_failed']]], [$seen, $bench->logged()]);
});
