<?php

declare(strict_types=1);

namespace Userlink;

/** Builds the events of section 4 of the contract out of whatever a CMS hands over. Keeps no state. */
final class Event
{
    /** Bytes that the body of a call may have. */
    public const MAX_BODY = 65536;

    private const MAX_ID = 4294967295;
    private const MAX_ROLES = 100;
    private const MAX_ROLE = 255;
    private const MAX_HOOK = 64;

    /** Longest text of each field, in characters. */
    private const TEXTS = [
        'email' => 254, 'username' => 255, 'first_name' => 400, 'last_name' => 400, 'name' => 400,
        'status' => 7, 'language' => 35,
    ];

    /**
     * A new event with a new id and the present time. Never throws on bad input: what is unknown, empty or of the
     * wrong type is left out, what is too long is cut, bytes that are not UTF-8 become U+FFFD, NUL is taken out.
     *
     * @param string $type  `user.registered`, `user.updated`, `user.logged_in`, `user.deleted` or `civicrm.transaction`
     * @param string $hook  the CMS's own name of the hook; the type stands in for an empty one
     * @param array  $user  `id` (integer or digits, 1 to 4294967295; anything else becomes 0, which the client does not
     *                      send), `email`, `username`, `first_name`, `last_name`, `name`, `language`,
     *                      `status` (`active`, `blocked`, `pending`), `roles` (list of strings), `registered_at`
     *                      (Unix seconds, RFC 3339, or `Y-m-d H:i:s` in UTC)
     * @param int    $actorUserId who did it; 0: nobody is logged in
     * @return array the event, ready for Client::send()
     */
    public static function build(Settings $s, string $type, string $hook, array $user, int $actorUserId): array
    {
        $hook = self::text($hook, self::MAX_HOOK);
        $event = [
            'specversion' => '1.0',
            'id' => self::uuid(),
            'source' => '/sites/' . $s->site(),
            'type' => $type,
            // Microseconds keep two events of one request in their order.
            'time' => (new \DateTimeImmutable('now', new \DateTimeZone('UTC')))->format('Y-m-d\TH:i:s.u\Z'),
            'datacontenttype' => 'application/json',
            'data' => [
                'hook' => $hook === '' ? $type : $hook,
                'user' => self::user($user),
                'actor' => ['user_id' => self::id($actorUserId)],
            ],
        ];
        if (strlen(self::encode($event)) > self::MAX_BODY) {
            unset($event['data']['user']['roles']); // nothing else can grow so large
        }
        return $event;
    }

    /** The exact bytes to send and to keep. @throws \JsonException when the array is not an event of build() */
    public static function encode(array $event): string
    {
        $flags = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE;
        return json_encode($event, $flags | JSON_THROW_ON_ERROR);
    }

    private static function user(array $user): array
    {
        $clean = ['id' => self::id($user['id'] ?? 0)];
        foreach (self::TEXTS as $field => $max) {
            $clean[$field] = self::text($user[$field] ?? '', $max);
        }
        if (!in_array($clean['status'], ['active', 'blocked', 'pending'], true)) {
            unset($clean['status']);
        }
        $clean['roles'] = self::roles($user['roles'] ?? []);
        $clean['registered_at'] = self::instant($user['registered_at'] ?? '');
        return array_filter($clean, static function ($value): bool {
            return $value !== '' && $value !== [];
        });
    }

    /** @param mixed $value */
    private static function id($value): int
    {
        $digits = is_int($value) || (is_string($value) && preg_match('/^[0-9]{1,10}\z/', $value) === 1);
        return $digits && $value >= 1 && $value <= self::MAX_ID ? (int) $value : 0;
    }

    /** @param mixed $value */
    private static function text($value, int $max): string
    {
        if (is_int($value)) {
            $value = (string) $value;
        }
        if (!is_string($value)) {
            return '';
        }
        // Through JSON and back: replaces what is not UTF-8, and needs neither mbstring nor iconv.
        $value = substr(str_replace("\0", '', $value), 0, 8 * $max);
        $value = json_decode((string) json_encode($value, JSON_INVALID_UTF8_SUBSTITUTE));
        return preg_match('/^.{0,' . $max . '}/us', $value, $cut) === 1 ? $cut[0] : '';
    }

    /** @param mixed $roles */
    private static function roles($roles): array
    {
        $clean = [];
        foreach (is_array($roles) ? $roles : [] as $role) {
            $role = self::text($role, self::MAX_ROLE);
            if ($role !== '' && count($clean) < self::MAX_ROLES) {
                $clean[] = $role;
            }
        }
        return $clean;
    }

    /** @param mixed $value */
    private static function instant($value): string
    {
        $shape = '/^((\d{4})-(\d\d)-(\d\d)[T ]\d\d:\d\d:\d\d)(?:\.\d{1,9})?(Z|[+-]\d\d:\d\d)?\z/';
        if (is_int($value) || (is_string($value) && preg_match('/^\d{1,10}\z/', $value) === 1)) {
            $value = $value > 0 ? gmdate('Y-m-d\TH:i:s\Z', (int) $value) : '';
        }
        if (!is_string($value) || preg_match($shape, $value, $m) !== 1) {
            return '';
        }
        if (!checkdate((int) $m[3], (int) $m[4], (int) $m[2])) {
            return '';
        }
        try {
            $instant = new \DateTimeImmutable($m[1] . ($m[5] ?? 'Z'));
            return $instant->setTimezone(new \DateTimeZone('UTC'))->format('Y-m-d\TH:i:s\Z');
        } catch (\Throwable $e) {
            return '';
        }
    }

    private static function uuid(): string
    {
        $bytes = random_bytes(16);
        $bytes[6] = chr(ord($bytes[6]) & 0x0f | 0x40);
        $bytes[8] = chr(ord($bytes[8]) & 0x3f | 0x80);
        return vsprintf('%s%s-%s-%s-%s-%s%s%s', str_split(bin2hex($bytes), 4));
    }
}
