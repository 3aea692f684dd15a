<?php

declare(strict_types=1);

namespace Userlink;

/** What a CMS's command line does: begins a full sync and watches it to its end. Never throws, unless $tick does. */
final class Sync
{
    private const FINAL = ['done', 'failed', 'cancelled'];

    /** So many looks in a row may fail before it is given up: the sidecar may be restarted, and takes the job up again. */
    private const PATIENCE = 60;

    private Client $client;
    private float $pause;

    /** @param float $pause seconds between two looks */
    public function __construct(Client $client, float $pause = 0.5)
    {
        $this->client = $client;
        $this->pause = $pause;
    }

    /**
     * Waits as long as the job lasts, also while somebody has paused it.
     *
     * @param bool     $apply       false: a preview, which changes nothing
     * @param int      $actorUserId the acting CMS user, not 0
     * @param callable $tick        called with the job (section 5 of the contract) after each look at it
     * @return array the job as it ended; or the sidecar's refusal, whose member `error` is an array
     */
    public function run(bool $apply, int $actorUserId, callable $tick): array
    {
        $mode = ['mode' => $apply ? 'apply' : 'preview'];
        $answer = $this->client->relay('POST', '/v1/syncs', [], $mode, $actorUserId);
        while ($answer['status'] < 300 && is_string($answer['body']['job'] ?? null)) {
            $job = $answer['body'];
            $tick($job);
            if (in_array($job['state'] ?? '', self::FINAL, true)) {
                return $job;
            }
            $answer = $this->look('/v1/syncs/' . $job['job'], $actorUserId);
        }
        return $answer['body'];
    }

    /** Empty when the job of run() came to its end; else why not, in English. */
    public static function problem(array $job): string
    {
        $error = $job['error'] ?? '';
        if (is_array($error)) {
            return ($error['message'] ?? '') . ' (' . ($error['code'] ?? '') . ')';
        }
        $state = $job['state'] ?? 'unknown';
        return $state === 'done' ? '' : trim($state . ': ' . trim($error . ' ' . ($job['message'] ?? '')));
    }

    private function look(string $path, int $actorUserId): array
    {
        for ($missed = 1; true; $missed++) {
            usleep((int) ($this->pause * 1e6));
            $answer = $this->client->relay('GET', $path, [], null, $actorUserId);
            if ($answer['status'] < 500 || $missed === self::PATIENCE) {
                return $answer;
            }
        }
    }
}
