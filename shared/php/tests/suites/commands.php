<?php

declare(strict_types=1);

namespace Userlink\Tests;

use Userlink\Connection;
use Userlink\Sync;

/** The jobs that $tick saw, as "state checked". */
function watched(Bench $bench, bool $apply, ?array &$end): array
{
    $seen = [];
    $end = (new Sync($bench->client, 0.0))->run($apply, 5, static function (array $job) use (&$seen): void {
        $seen[] = $job['state'] . ' ' . $job['checked'];
    });
    return $seen;
}

test('sync: watched to its end, also when it is paused or the sidecar is restarted', static function (): void {
    $sidecar = new FakeSidecar();
    $bench = new Bench($sidecar->settings());
    $job = static function (string $state, int $checked): array {
        return ['job' => 'j-1', 'state' => $state, 'checked' => $checked, 'message' => 'Completed.', 'error' => ''];
    };
    $sidecar->nextJson(202, $job('queued', 0));
    $sidecar->nextJson(200, $job('paused', 3));
    $sidecar->nextError(503, 'database_unavailable');
    $sidecar->next('nonsense');
    $sidecar->nextJson(200, $job('done', 5));
    same(['queued 0', 'paused 3', 'done 5'], watched($bench, true, $end));
    same('Completed.', $end['message']);
    same('', Sync::problem($end));
    $request = $sidecar->request();
    same(['POST', '/v1/syncs', '{"mode":"apply"}', '5'], [$request['method'], $request['path'], $request['body'], $request['claims']['sub']]);
    same(['GET', '/v1/syncs/j-1'], [($request = $sidecar->request())['method'], $request['path']]);
});

test('sync: refused, failed, gone, given up', static function (): void {
    $sidecar = new FakeSidecar();
    $bench = new Bench($sidecar->settings());
    $sidecar->nextJson(409, ['error' => ['code' => 'sync_running', 'message' => 'One is under way.', 'request_id' => 'r'], 'job' => ['job' => 'x']]);
    same([], watched($bench, false, $end));
    same('{"mode":"preview"}', $sidecar->request()['body']);
    same('One is under way. (sync_running)', Sync::problem($end));

    $sidecar->nextJson(202, ['job' => 'j-2', 'state' => 'failed', 'checked' => 1, 'message' => 'It stopped.', 'error' => 'disk full']);
    same(['failed 1'], watched($bench, true, $end));
    same('failed: disk full It stopped.', Sync::problem($end));

    $sidecar->nextJson(202, ['job' => 'j-3', 'state' => 'running', 'checked' => 1]);
    $sidecar->nextError(404, 'not_found');
    same(['running 1'], watched($bench, true, $end));
    same('It is so. (not_found)', Sync::problem($end));

    $sidecar->nextJson(202, ['job' => 'j-4', 'state' => 'running', 'checked' => 1]);
    for ($i = 0; $i < 60; $i++) {
        $sidecar->nextError(500, 'internal');
    }
    same(['running 1'], watched($bench, true, $end));
    same('It is so. (internal)', Sync::problem($end));
    same('unknown:', Sync::problem([]));
});

test('connection: what is wrong', static function (): void {
    $sidecar = new FakeSidecar();
    $bench = new Bench($sidecar->settings());
    $sidecar->nextJson(200, ['version' => '1.2', 'users' => 5, 'linked' => 3, 'conflicts' => 1]);
    $good = ['verdict' => 'good', 'version' => '1.2', 'users' => 5, 'linked' => 3, 'conflicts' => 1, 'status' => 200, 'code' => '', 'request' => ''];
    same($good, Connection::test($bench->client, 5));
    $verdicts = [[401, 'token_invalid', 'key'], [401, 'token_mismatch', 'key'], [401, 'token_expired', 'clock'], [500, 'internal', 'other']];
    foreach ($verdicts as [$status, $code, $verdict]) {
        $sidecar->nextError($status, $code);
        $seen = Connection::test($bench->client, 5);
        same([$verdict, $status, $code, 'r-1', 0], [$seen['verdict'], $seen['status'], $seen['code'], $seen['request'], $seen['users']]);
    }
    $sidecar->nextJson(200, ['something' => 'else']);
    same(['other', 200, ''], array_values(array_intersect_key(Connection::test($bench->client, 5), ['verdict' => 1, 'status' => 1, 'code' => 1])));
    $sidecar->stop();
    same('unreachable', Connection::test($bench->client, 5)['verdict']);
    $bench = new Bench(new \Userlink\Settings('main', '', 'main-1', KEY));
    same('not_configured', Connection::test($bench->client, 5)['verdict']);
});
