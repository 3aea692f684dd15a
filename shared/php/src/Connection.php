<?php

declare(strict_types=1);

namespace Userlink;

/** Whether the sidecar can be reached, and what is wrong if not: for a CMS's settings, status report and command line. */
final class Connection
{
    private const VERDICTS = [
        'sidecar_unreachable' => 'unreachable',
        'not_configured' => 'not_configured',
        'token_invalid' => 'key',
        'token_mismatch' => 'key',
        'token_expired' => 'clock',
    ];

    /**
     * One call, at most 10 s.
     *
     * @param int $actorUserId the acting CMS user, not 0
     * @return array{verdict: string, version: string, users: int, linked: int, conflicts: int, status: int,
     *         code: string, request: string} verdict: `good`; `unreachable` (nothing answers there); `not_configured`;
     *         `key` (it does not accept this site's key); `clock` (the clocks do not agree); `other` (status, code and
     *         request say what)
     */
    public static function test(Client $client, int $actorUserId): array
    {
        $answer = $client->relay('GET', '/v1/status', [], null, $actorUserId);
        $body = $answer['body'];
        $good = $answer['status'] === 200 && isset($body['version'], $body['users'], $body['linked']);
        $code = (string) ($body['error']['code'] ?? '');
        return [
            'verdict' => $good ? 'good' : self::VERDICTS[$code] ?? 'other',
            'version' => (string) ($body['version'] ?? ''),
            'users' => (int) ($body['users'] ?? 0),
            'linked' => (int) ($body['linked'] ?? 0),
            'conflicts' => (int) ($body['conflicts'] ?? 0),
            'status' => $answer['status'],
            'code' => $code,
            'request' => (string) ($body['error']['request_id'] ?? ''),
        ];
    }
}
