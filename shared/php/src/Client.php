<?php

declare(strict_types=1);

namespace Userlink;

/** What a shim calls. No method ever throws or prints; what goes wrong is logged. */
final class Client
{
    /** Seconds for connecting, for one event and for one call of the admin page. */
    private const CONNECT_SECONDS = 0.2;
    private const EVENT_SECONDS = 1.0;
    private const PAGE_SECONDS = 10.0;

    /** Seconds until the next try, by the number of tries that failed before; the last goes on. */
    private const RETRY_AFTER = [60, 300, 900, 3600, 21600];
    private const KEEP_SECONDS = 14 * 86400;

    /** So many seconds the time of an attempt that timed out is not paid again. */
    private const BREAK_SECONDS = 30;

    private const ROUTES = [
        'GET' => '#^/v1/(status|syncs(/[\w-]{1,64}(/items)?)?|conflicts|health(/[a-z_]{1,32})?'
            . '|users(/[1-9][0-9]{0,9}/explain)?)\z#',
        'POST' => '#^/v1/(syncs(/[\w-]{1,64}/(apply|cancel|undo|pause|resume))?'
            . '|conflicts/[1-9][0-9]{0,9}/resolve)\z#',
    ];

    private Settings $settings;
    private ?Outbox $outbox;
    private Transport $transport;
    private int $downUntil = 0;
    /** @var callable|null */
    private $log;

    /**
     * @param Outbox|null   $outbox where undelivered events wait; without one they are lost (a full sync
     *                              finds the users)
     * @param callable|null $log    called with ($level, $message, array $context): level `error` or `warning`,
     *                              a fixed English sentence, and codes and ids, never a secret or an email address
     */
    public function __construct(Settings $settings, ?Outbox $outbox = null, ?callable $log = null)
    {
        $this->settings = $settings;
        $this->outbox = $outbox;
        $this->log = $log;
        $this->transport = new Transport($settings->address());
    }

    /**
     * Sends an event: one attempt, at most 1 s. The event goes into the outbox instead when the attempt fails and a
     * later one may not, when older events of this user wait there, or when the sidecar was seen hanging just now.
     *
     * @param array $event of Event::build()
     * @return array|null the answer (`outcome`, `reason`, `contact_id`, `actions`: section 4 of the contract), or null
     */
    public function send(array $event): ?array
    {
        try {
            $id = $event['id'] ?? '';
            $user = $event['data']['user']['id'] ?? 0;
            $json = Event::encode($event);
            if (!is_string($id) || $id === '' || !is_int($user) || $user < 1) {
                $this->log('error', 'Event dropped: it names no user.', ['code' => 'event_invalid']);
                return null;
            }
            if ($this->mustQueue($user)) {
                $this->keep($id, $user, $json, false);
                return null;
            }
            $result = $this->attempt($id, $json);
            if ($result['verdict'] === 'later' || $result['verdict'] === 'down') {
                $this->keep($id, $user, $json, true);
            }
            return $result['answer'];
        } catch (\Throwable $e) {
            $this->failed('Event lost.', $e);
            return null;
        }
    }

    /**
     * Delivers what waits in the outbox, oldest first and each user's events in their order. For the CMS's cron.
     *
     * @param int   $max     most events to look at
     * @param float $seconds no attempt begins later than this; the last one may take 1 s more
     * @return array{sent: int, kept: int, dropped: int} of the events looked at; `kept` is 0 when nothing was due
     */
    public function flush(int $max = 50, float $seconds = 10.0): array
    {
        $count = ['sent' => 0, 'kept' => 0, 'dropped' => 0];
        try {
            $rows = $this->outbox === null ? [] : array_slice($this->outbox->due(max(0, $max)), 0, max(0, $max));
            $count['kept'] = count($rows);
            $end = hrtime(true) + (int) ($seconds * 1e9);
            $stop = $this->settings->problem() !== '';
            $held = [];
            foreach ($rows as $row) {
                $wait = $stop || isset($held[$row['user_id']]) || hrtime(true) >= $end;
                $verdict = $this->deliver($row, $wait);
                $stop = $stop || $verdict === 'down';
                $became = ['sent' => 'sent', 'drop' => 'dropped'][$verdict] ?? 'kept';
                if ($became === 'kept') {
                    $held[$row['user_id']] = true;
                }
                $count['kept']--;
                $count[$became]++;
            }
        } catch (\Throwable $e) {
            $this->failed('Outbox not flushed to its end.', $e);
        }
        return $count;
    }

    /**
     * Hands a call of the admin page on, at most 10 s. The caller has checked permission and form token already.
     *
     * @param string     $method      `GET` or `POST`
     * @param string     $path        one of the routes of section 5 of the contract, without query
     * @param array      $query       name => string, integer or boolean
     * @param array|null $body        becomes a JSON object; null: no body
     * @param int        $actorUserId the acting CMS user, not 0
     * @return array{status: int, body: array} the sidecar's answer, or its form of an error: 404 `not_found` (no such
     *         route), 401 `token_scope` (nobody is logged in), 400 `request_invalid` (query or body cannot be sent),
     *         502 `not_configured`, 502 `sidecar_unreachable`
     */
    public function relay(string $method, string $path, array $query, ?array $body, int $actorUserId): array
    {
        try {
            if (!isset(self::ROUTES[$method]) || preg_match(self::ROUTES[$method], $path) !== 1) {
                return self::refusal(404, 'not_found', 'There is no such route.');
            }
            if ($actorUserId < 1) {
                return self::refusal(401, 'token_scope', 'Nobody is logged in.');
            }
            if ($this->settings->problem() !== '') {
                return self::refusal(502, 'not_configured', 'Not configured: ' . $this->settings->problem() . '.');
            }
            $plain = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE;
            $json = $body === null ? '' : json_encode((object) $body, $plain);
            $raw = http_build_query(array_filter($query, 'is_scalar'), '', '&', PHP_QUERY_RFC3986);
            if ($json === false || strlen($json) > Event::MAX_BODY || strlen($raw) > 2048) {
                return self::refusal(400, 'request_invalid', 'The request cannot be sent.');
            }
            $answer = $this->call($method, $path, $raw, $json, $actorUserId, self::PAGE_SECONDS);
            if (is_array($answer['body'])) {
                return $answer;
            }
            $this->log('warning', 'The sidecar answered nonsense.', ['status' => $answer['status'], 'path' => $path]);
        } catch (\Throwable $e) {
            $this->failed('The sidecar did not answer.', $e);
        }
        return self::refusal(502, 'sidecar_unreachable', 'The sidecar does not answer.');
    }

    /** Delivers one event of the outbox, unless it has to wait; returns the verdict of attempt(), or `wait`. */
    private function deliver(array $row, bool $wait): string
    {
        if ($this->isExpired($row['json'])) {
            $context = ['event' => $row['id'], 'user_id' => $row['user_id'], 'tries' => $row['tries']];
            $this->log('error', 'Event dropped after 14 days; the next full sync finds the user.', $context);
            $verdict = 'drop';
        } else {
            $verdict = $wait ? 'wait' : $this->attempt($row['id'], $row['json'])['verdict'];
        }
        if ($verdict === 'sent' || $verdict === 'drop') {
            $this->outbox->remove($row['id']);
        } elseif ($verdict !== 'wait') {
            $this->outbox->postpone($row['id'], self::delay($row['tries']));
        }
        return $verdict;
    }

    /**
     * One attempt. The verdict is `sent`, `drop`, `later` (try this event again) or `down` (try none before later).
     *
     * @return array{verdict: string, answer: array|null}
     */
    private function attempt(string $id, string $json): array
    {
        $context = ['event' => $id];
        try {
            $answer = $this->call('POST', '/v1/events', '', $json, 0, self::EVENT_SECONDS);
            $body = $answer['body'];
            $verdict = self::verdict($answer['status'], $body);
            $context += ['status' => $answer['status'], 'code' => self::text($body['error']['code'] ?? ''),
                'request_id' => self::text($body['error']['request_id'] ?? '')];
        } catch (\Throwable $e) {
            $verdict = 'down';
            $context += ['code' => $e instanceof \RuntimeException ? $e->getMessage() : get_class($e)];
        }
        if ($verdict === 'drop') {
            $this->log('error', 'Event dropped: the sidecar refused it for good.', $context);
        } elseif ($verdict !== 'sent') {
            $this->log('warning', 'Event not delivered.', $context);
        }
        $this->remember($context['code'] === 'timeout');
        return ['verdict' => $verdict, 'answer' => $verdict === 'sent' ? $body : null];
    }

    /**
     * What becomes of the event. Only an error in the contract's form drops it: what another server on this address
     * answers says nothing about the event.
     *
     * @param mixed $body
     */
    private static function verdict(int $status, $body): string
    {
        if ($status < 300 && is_string($body['outcome'] ?? null)) {
            return 'sent';
        }
        if ($status < 400 || !is_string($body['error']['code'] ?? null)) {
            return 'down';
        }
        if ($status < 500 && $status !== 401) {
            return 'drop';
        }
        return $status === 500 ? 'later' : 'down';
    }

    /** @return array{status: int, body: mixed} body: the decoded JSON, null if it is not JSON @throws \Throwable */
    private function call(string $method, string $path, string $query, string $body, int $actor, float $seconds): array
    {
        if ($this->settings->problem() !== '') {
            throw new \RuntimeException('not_configured');
        }
        $headers = [
            'Authorization' => 'Bearer ' . Token::sign($this->settings, $method, $path, $query, $body, $actor),
            'Accept' => 'application/json',
        ];
        if ($body !== '') {
            $headers['Content-Type'] = $actor > 0 ? 'application/json' : 'application/cloudevents+json';
        }
        $target = $query === '' ? $path : $path . '?' . $query;
        $answer = $this->transport->request($method, $target, $headers, $body, self::CONNECT_SECONDS, $seconds);
        return ['status' => $answer['status'], 'body' => json_decode($answer['body'], true, 64)];
    }

    /** Without an outbox an event is always tried: it has nowhere else to go. */
    private function mustQueue(int $user): bool
    {
        if ($this->outbox === null) {
            return false;
        }
        try {
            $until = $this->outbox instanceof Breaker ? $this->outbox->downUntil() : $this->downUntil;
            // A time too far ahead was not written by this clock.
            $hangs = $until > time() && $until <= time() + self::BREAK_SECONDS;
            return $hangs || $this->outbox->hasUser($user);
        } catch (\Throwable $e) {
            $this->failed('Outbox not readable.', $e);
            return false;
        }
    }

    private function keep(string $id, int $user, string $json, bool $tried): void
    {
        if ($this->outbox === null) {
            $this->log('error', 'Event lost: there is no outbox.', ['event' => $id, 'user_id' => $user]);
            return;
        }
        $this->outbox->add($id, $user, $json);
        if ($tried) {
            $this->outbox->postpone($id, self::delay(0));
        }
    }

    private function remember(bool $hangs): void
    {
        $until = $hangs ? time() + self::BREAK_SECONDS : 0;
        try {
            if ($this->outbox instanceof Breaker && ($hangs || $this->outbox->downUntil() !== 0)) {
                $this->outbox->setDownUntil($until);
            }
        } catch (\Throwable $e) {
            $this->failed('Outbox not writable.', $e);
        }
        $this->downUntil = $until;
    }

    private function isExpired(string $json): bool
    {
        $event = json_decode($json, true);
        $time = strtotime(self::text($event['time'] ?? ''));
        return $time === false || $time < time() - self::KEEP_SECONDS;
    }

    private static function delay(int $tries): int
    {
        return self::RETRY_AFTER[min(max(0, $tries), count(self::RETRY_AFTER) - 1)];
    }

    private static function refusal(int $status, string $code, string $message): array
    {
        $error = ['code' => $code, 'message' => $message, 'request_id' => ''];
        return ['status' => $status, 'body' => ['error' => $error]];
    }

    /** @param mixed $value of a foreign answer, cut short for the log */
    private static function text($value): string
    {
        return is_string($value) && preg_match('/^[\w:.+-]{1,64}\z/', $value) === 1 ? $value : '';
    }

    /** The exception's message stays out of the log: a database's message may carry the event or a password. */
    private function failed(string $message, \Throwable $e): void
    {
        $known = get_class($e) === 'RuntimeException' && strncmp($e->getFile(), __DIR__, strlen(__DIR__)) === 0;
        $this->log('error', $message, $known
            ? ['code' => $e->getMessage()]
            : ['exception' => get_class($e), 'at' => basename($e->getFile()) . ':' . $e->getLine()]);
    }

    private function log(string $level, string $message, array $context): void
    {
        try {
            if ($this->log !== null) {
                ($this->log)($level, $message, $context);
            }
        } catch (\Throwable $e) {
            // There is nowhere left to tell it.
        }
    }
}
