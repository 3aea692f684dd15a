<?php

declare(strict_types=1);

namespace Userlink;

/** The bearer token of a call: a JWT signed with HMAC-SHA256 (section 2 of the contract). */
final class Token
{
    private const LIFETIME = 60;

    /**
     * A fresh token for one attempt of one call.
     *
     * @param string $path        path without query, exactly as sent
     * @param string $query       raw query string without `?`, empty if there is none
     * @param string $body        exact body, may be empty
     * @param int    $actorUserId 0: an event; else the acting CMS user, which makes it an admin token
     * @throws \Throwable when the system has no randomness
     */
    public static function sign(
        Settings $settings,
        string $method,
        string $path,
        string $query,
        string $body,
        int $actorUserId = 0
    ): string {
        $now = time();
        $claims = [
            'iss' => $settings->site(),
            'aud' => 'userlink',
            'iat' => $now,
            'exp' => $now + self::LIFETIME,
            'jti' => bin2hex(random_bytes(16)),
            'htm' => $method,
            'htu' => $path,
        ];
        if ($query !== '') {
            $claims['qsh'] = hash('sha256', $query);
        }
        $claims['body_sha256'] = hash('sha256', $body);
        if ($actorUserId > 0) {
            $claims['scope'] = 'admin';
            $claims['sub'] = (string) $actorUserId;
        }
        return self::encode($settings->keyId(), $claims, $settings->secret());
    }

    /**
     * Signs claims as they stand, in the order given.
     *
     * @param array<string, int|string> $claims
     * @throws \JsonException when a claim is not UTF-8
     */
    public static function encode(string $keyId, array $claims, string $secret): string
    {
        $header = ['alg' => 'HS256', 'typ' => 'JWT', 'kid' => $keyId];
        $text = self::part(self::json($header)) . '.' . self::part(self::json($claims));
        return $text . '.' . self::part(hash_hmac('sha256', $text, $secret, true));
    }

    private static function json(array $value): string
    {
        $plain = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_LINE_TERMINATORS;
        return json_encode($value, $plain | JSON_THROW_ON_ERROR);
    }

    /** Base64 with the URL alphabet, unpadded. */
    private static function part(string $bytes): string
    {
        return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    }
}
