<?php

declare(strict_types=1);

namespace Userlink\Tests;

use Userlink\Settings;

/** The status and the code of an error. */
function refused(array $answer): array
{
    same(['status', 'body'], array_keys($answer));
    same(['code', 'message', 'request_id'], array_keys($answer['body']['error']));
    return [$answer['status'], $answer['body']['error']['code']];
}

test('relay: the routes of the contract and no other', static function (): void {
    $job = '0192f0c4-7e5a-7c3e-9a55-0f6f5a1b2c3d';
    $routes = [['GET', '/v1/status'], ['POST', '/v1/syncs'], ['GET', '/v1/syncs'], ['GET', "/v1/syncs/$job"], ['POST', "/v1/syncs/$job/apply"],
        ['POST', "/v1/syncs/$job/cancel"], ['POST', "/v1/syncs/$job/undo"], ['POST', "/v1/syncs/$job/pause"], ['POST', "/v1/syncs/$job/resume"],
        ['GET', "/v1/syncs/$job/items"], ['GET', '/v1/conflicts'], ['POST', '/v1/conflicts/4294967295/resolve'], ['GET', '/v1/health'],
        ['GET', '/v1/health/contact_shared'], ['GET', '/v1/users'], ['GET', '/v1/users/42/explain']];
    $sidecar = new FakeSidecar();
    $bench = new Bench($sidecar->settings());
    foreach ($routes as [$method, $path]) {
        $sidecar->nextJson(200, ['said' => $path]);
        same(['status' => 200, 'body' => ['said' => $path]], $bench->client->relay($method, $path, [], null, 5));
        $request = $sidecar->request();
        same([$method, $path, '', ''], [$request['method'], $request['path'], $request['query'], $request['body']]);
        same(['admin', '5'], [$request['claims']['scope'], $request['claims']['sub']]);
    }
    $others = [['POST', '/v1/events'], ['GET', '/v1/events'], ['GET', '/metrics'], ['GET', '/healthz'], ['GET', '/'], ['GET', ''], ['get', '/v1/status'],
        ['POST', '/v1/status'], ['DELETE', '/v1/syncs'], ['PUT', '/v1/syncs'], ['HEAD', '/v1/status'], ['GET', '/v1/status/'], ['GET', '/v1/status?x=1'],
        ['GET', '/v1//status'], ['GET', '/v2/status'], ['GET', 'v1/status'], ['GET', "/v1/status\n"], ['GET', "/v1/status HTTP/1.1\r\nX: y"],
        ['GET', '/v1/syncs/../status'], ['GET', '/v1/syncs/'], ['GET', '/v1/syncs/a/b'], ['GET', '/v1/syncs/%41'], ['GET', "/v1/syncs/$job/apply"],
        ['GET', '/v1/syncs/' . str_repeat('a', 65)], ['POST', "/v1/syncs/$job"], ['POST', "/v1/syncs/$job/items"], ['POST', '/v1/syncs/apply'],
        ['POST', "/v1/syncs/$job/redo"], ['GET', "/v1/syncs/$job/undo"], ['POST', "/v1/syncs/$job/undo/apply"], ['POST', "/v1/syncs/$job/undo\n"],
        ['POST', '/v1/conflicts'], ['GET', '/v1/conflicts/42'], ['GET', '/v1/conflicts/42/resolve'], ['POST', '/v1/conflicts/0/resolve'],
        ['POST', '/v1/conflicts/042/resolve'], ['POST', '/v1/conflicts/42949672950/resolve'], ['POST', '/v1/conflicts/-1/resolve'],
        ['POST', '/v1/conflicts/42/resolve/'], ['POST', '/v1/health'], ['POST', '/v1/health/orphan'], ['GET', '/v1/health/'],
        ['GET', '/v1/health/Orphan'], ['GET', '/v1/health/orphan/items'], ['GET', '/v1/health/' . str_repeat('a', 33)],
        ['POST', '/v1/users'], ['GET', '/v1/users/'], ['GET', '/v1/users?find=1'], ['GET', '/v1/users/0/explain'], ['GET', '/v1/users/x/explain'], ['GET', '/v1/users/42'], ['GET', '/v1/users/4 2/explain'],
        ['GET', 'http://127.0.0.1/v1/status'], ['GET', '/v1/users/42949672950/explain']];
    foreach ($others as [$method, $path]) {
        same([404, 'not_found'], refused($bench->client->relay($method, $path, [], null, 5)), $method . ' ' . $path);
    }
    check($sidecar->isQuiet(), 'one of those was sent');
    same([], $bench->logged());
});

test('relay: query', static function (): void {
    $sidecar = new FakeSidecar();
    $bench = new Bench($sidecar->settings());
    $query = ['outcome' => 'conflict', 'after' => "a+b/c=é &?\r\n", 'limit' => 10, 'x' => true, 'nested' => ['a' => 1], 'none' => null];
    $sidecar->nextJson(200, ['items' => []]);
    same(200, $bench->client->relay('GET', '/v1/syncs/1/items', $query, null, 1)['status']);
    // That qsh is its hash is checked for every request.
    same('outcome=conflict&after=a%2Bb%2Fc%3D%C3%A9%20%26%3F%0D%0A&limit=10&x=1', $sidecar->request()['query']);
    same([400, 'request_invalid'], refused($bench->client->relay('GET', '/v1/conflicts', ['after' => str_repeat('a', 3000)], null, 1)));
});

test('relay: body', static function (): void {
    $sidecar = new FakeSidecar();
    $bench = new Bench($sidecar->settings());
    foreach ([['{"mode":"preview"}', ['mode' => 'preview']], ['{}', []], ['{"a":"é/"}', ['a' => 'é/']], ['{"0":1}', [1]]] as [$json, $body]) {
        $sidecar->nextJson(202, ['job' => 'x']);
        same(['status' => 202, 'body' => ['job' => 'x']], $bench->client->relay('POST', '/v1/syncs', [], $body, 1));
        $request = $sidecar->request();
        same([$json, 'application/json'], [$request['body'], $request['headers']['content-type']]);
    }
    foreach ([['a' => "\xff"], ['a' => NAN], ['a' => str_repeat('a', 65536)]] as $body) {
        same([400, 'request_invalid'], refused($bench->client->relay('POST', '/v1/syncs', [], $body, 1)));
    }
});

test('relay: the sidecar\'s answer is handed on, errors too', static function (): void {
    $sidecar = new FakeSidecar();
    $bench = new Bench($sidecar->settings());
    $answers = [
        [200, ['a' => ['b' => [1, null, true, 'é']]]],
        [200, []],
        [401, ['error' => ['code' => 'token_scope', 'message' => 'x', 'request_id' => 'r']]],
        [409, ['error' => ['code' => 'sync_running', 'message' => 'x', 'request_id' => 'r'], 'job' => ['job' => 'j']]],
        [500, ['error' => ['code' => 'internal', 'message' => 'x', 'request_id' => 'r']]],
    ];
    foreach ($answers as [$status, $body]) {
        $sidecar->nextJson($status, $body);
        same(['status' => $status, 'body' => $body], $bench->client->relay('GET', '/v1/status', [], null, 1));
    }
    $large = ['items' => array_fill(0, 500, ['name' => str_repeat('é', 1000)])];
    $sidecar->next(FakeSidecar::http(200, json_encode($large, JSON_UNESCAPED_UNICODE)));
    same(['status' => 200, 'body' => $large], $bench->client->relay('GET', '/v1/conflicts', [], null, 1));
    same([], $bench->logged());
});

test('relay: no sidecar', static function (): void {
    $sidecar = new FakeSidecar();
    $bench = new Bench($sidecar->settings());
    foreach (['', 'nonsense', FakeSidecar::http(200, '<html>'), FakeSidecar::http(404, '<html>'), FakeSidecar::http(200, '"x"')] as $raw) {
        $sidecar->next($raw);
        same([502, 'sidecar_unreachable'], refused($bench->client->relay('GET', '/v1/status', [], null, 1)), $raw);
    }
    $sidecar->stop();
    same([502, 'sidecar_unreachable'], refused($bench->client->relay('GET', '/v1/status', [], null, 1)));
    same(6, count($bench->logged()));
});

test('relay: no key, no address, nobody logged in', static function (): void {
    foreach ([['127.0.0.1:1', ''], ['127.0.0.1:1', 'short'], ['', KEY]] as [$address, $key]) {
        $bench = new Bench(new Settings('main', $address, 'main-1', $key));
        same([502, 'not_configured'], refused($bench->client->relay('GET', '/v1/status', [], null, 1)));
        same([404, 'not_found'], refused($bench->client->relay('GET', '/', [], null, 1)));
    }
    $bench = new Bench(new Settings('main', 'unix:/nonexistent', 'main-1', KEY));
    foreach ([0, -1] as $actor) {
        same([401, 'token_scope'], refused($bench->client->relay('GET', '/v1/status', [], null, $actor)));
    }
    same([], $bench->logged());
});
