<?php

// Writes the vectors: php generate.php [FOLDER]   (default: the folder of this file)
//
// Deterministic: the same bytes on every PHP from 7.4 on, with no extension; a test compares them with what is committed.
// It puts tokens together by itself and shares no code with either side, so that neither is measured against itself.
// The expectations of emails.json and names.json are written by hand; compare-with-civicrm.php, run inside a real
// CiviCRM, compares them with its own. From PHP 8.3 on mb_strtolower() folds the final sigma to its own letter; the
// contract stays with the plain one, and MySQL's collations see no difference.

declare(strict_types=1);

namespace Userlink\Vectors;

const NOW = 1767225600; // 2026-01-01T00:00:00Z
const KEY = 'main-1 key, of at least 32 bytes, as text';
const KEY_2 = 'main-2 key, its successor, equally valid now';
const KEY_OTHER = 'other-1 key, which belongs to another site';

function write(string $folder, string $name, string $about, array $cases, array $more = []): void
{
    foreach ($cases as $i => $case) {
        $cases[$i] = ['id' => $i + 1] + $case;
    }
    $flags = JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR;
    $json = json_encode(['about' => $about] + $more + ['cases' => $cases], $flags);
    file_put_contents($folder . '/' . $name, $json . "\n");
}

function plain(array $value): string
{
    $flags = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_LINE_TERMINATORS | JSON_THROW_ON_ERROR;
    return json_encode($value, $flags);
}

function part(string $bytes): string
{
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}

/** Signs a header and a payload given as text, so that both can be bad. */
function token(string $header, string $payload, string $key = KEY, string $algorithm = 'sha256'): string
{
    $text = part($header) . '.' . part($payload);
    return $text . '.' . part(hash_hmac($algorithm, $text, $key, true));
}

// ---------------------------------------------------------------------------------------------------- sign.json

function signCases(): array
{
    $case = static function (string $comment, array $claims, string $body, string $kid = 'main-1', string $key = KEY): array {
        $claims = $claims + ['iss' => 'main', 'aud' => 'userlink', 'iat' => NOW, 'exp' => NOW + 60,
            'jti' => '0123456789abcdef0123456789abcdef', 'htm' => 'POST', 'htu' => '/v1/events'];
        $claims['body_sha256'] = hash('sha256', $body);
        $ordered = [];
        foreach (['iss', 'aud', 'iat', 'exp', 'jti', 'htm', 'htu', 'qsh', 'body_sha256', 'scope', 'sub'] as $name) {
            if (isset($claims[$name])) {
                $ordered[$name] = $claims[$name];
            }
        }
        $token = token(plain(['alg' => 'HS256', 'typ' => 'JWT', 'kid' => $kid]), plain($ordered), $key);
        return ['comment' => $comment, 'kid' => $kid, 'key' => $key, 'claims' => $ordered, 'body' => $body, 'token' => $token];
    };
    $admin = ['scope' => 'admin', 'sub' => '1'];
    $get = ['htm' => 'GET', 'htu' => '/v1/status'] + $admin;
    return [
        $case('an event', [], plain(event())),
        $case('an event with an empty body', [], ''),
        $case('a body of several lines, with a line break at its end', [], "{\r\n\t\"a\": 1\n}\n"),
        $case('a body outside ASCII', [], '{"name":"Zoë Ünal 山田 🙂"}'),
        $case('an admin call without query', $get, ''),
        $case('an admin call with a query', ['htu' => '/v1/conflicts', 'qsh' => hash('sha256', 'limit=10&after=a%2Fb%20c')] + $get, ''),
        $case('an admin call with a body', ['htu' => '/v1/syncs'] + $admin, '{"mode":"preview"}'),
        $case('the largest user id', ['sub' => '4294967295'] + $get, ''),
        $case('shortest lifetime', ['exp' => NOW + 1], ''),
        $case('shortest jti', ['jti' => 'AZaz09_-AZaz09_-'], ''),
        $case('longest jti', ['jti' => str_repeat('_-9zZaA0', 8)], ''),
        $case('slashes and letters outside ASCII stand unescaped', ['iss' => 'vereine/zürich-東京'], '', 'clé/1'),
        $case('nor are < > & escaped, nor U+2028 and U+2029', ['iss' => "a<b>&c\u{2028}\u{2029}"], ''),
        $case('quotes, backslashes and controls are escaped the short way', ['iss' => "\"\\\x08\x0c\n\r\t\x01\x1f\x7f"], ''),
        $case('a key of exactly 32 bytes', [], '', 'main-1', '0123456789abcdef0123456789abcdef'),
        $case('a key of 64 bytes, the block of SHA-256', [], '', 'main-1', str_repeat('k', 64)),
        $case('a key of 65 bytes, which HMAC hashes first', [], '', 'main-1', str_repeat('k', 65)),
        $case('a key outside ASCII, with blanks and a line break inside', [], '', 'main-1', " Schlüssel\nfür userlink, mit Zeilenbruch "),
        $case('hexadecimal and base64 keys are used as they stand, too', [], '', 'main-2', bin2hex(str_repeat("\x5a", 16)) . '=='),
    ];
}

// -------------------------------------------------------------------------------------------------- tokens.json

/** The claims of a good token for a request; null in $change takes a claim away. */
function claims(array $request, array $change = []): array
{
    static $count = 0;
    $claims = ['iss' => 'main', 'aud' => 'userlink', 'iat' => NOW, 'exp' => NOW + 60, 'jti' => sprintf('jti-%016d', ++$count),
        'htm' => $request['method'], 'htu' => $request['path']];
    if ($request['query'] !== '') {
        $claims['qsh'] = hash('sha256', $request['query']);
    }
    $claims['body_sha256'] = hash('sha256', $request['body']);
    if ($request['path'] !== '/v1/events') {
        $claims += ['scope' => 'admin', 'sub' => '1'];
    }
    return array_filter($change + $claims, static function ($value): bool {
        return $value !== null;
    });
}

function request(string $method, string $path, string $query = '', string $body = ''): array
{
    return ['method' => $method, 'path' => $path, 'query' => $query, 'body' => $body];
}

function tokenCase(string $comment, array $request, ?string $authorization, string $result, array $more = []): array
{
    return ['comment' => $comment] + $request + ['authorization' => $authorization, 'result' => $result] + $more;
}

function tokenCases(): array
{
    return array_merge(goodTokens(), brokenTokens(), badHeaders(), badPayloads(), badClaims(), badTimes(), badBindings(), badScopes());
}

/** A signed case whose claims alone differ from a good one. */
function claimCase(string $comment, array $request, array $change, string $result, array $more = []): array
{
    $bearer = 'Bearer ' . token(plain(['alg' => 'HS256', 'typ' => 'JWT', 'kid' => 'main-1']), plain(claims($request, $change)));
    return tokenCase($comment, $request, $bearer, $result, $more);
}

function post(): array
{
    return request('POST', '/v1/events', '', plain(event()));
}

function goodTokens(): array
{
    $kid = static function (string $kid): string {
        return plain(['alg' => 'HS256', 'typ' => 'JWT', 'kid' => $kid]);
    };
    $reordered = '{ "kid" : "main-1",' . "\n" . '"typ":"JWT","alg":"HS256" }';
    $longest = request('GET', '/v1/syncs/' . str_repeat('a', 2764));
    return [
        claimCase('an event', post(), [], 'accepted'),
        claimCase('an event with an empty body (the token is good; the body is refused later)', request('POST', '/v1/events'), [], 'accepted'),
        claimCase('an admin call', request('GET', '/v1/status'), [], 'accepted'),
        claimCase('an admin call with a query', request('GET', '/v1/conflicts', 'limit=10&after=a%20b'), [], 'accepted'),
        claimCase('a query that is not in a usual form is hashed as it stands', request('GET', '/v1/conflicts', '&&limit=10&limit=%31+0&='), [], 'accepted'),
        claimCase('an admin call with a body', request('POST', '/v1/syncs', '', '{"mode":"apply"}'), [], 'accepted'),
        claimCase('another jti was seen', post(), [], 'accepted', ['seen_jti' => ['jti-9999999999999999']]),
        tokenCase('the second of two valid keys', post(), 'Bearer ' . token($kid('main-2'), plain(claims(post())), KEY_2), 'accepted'),
        tokenCase('another site with its own key', post(), 'Bearer ' . token($kid('other-1'), plain(claims(post(), ['iss' => 'other'])), KEY_OTHER), 'accepted'),
        tokenCase('order and blanks in the header do not matter', post(), 'Bearer ' . token($reordered, plain(claims(post()))), 'accepted'),
        tokenCase('order and blanks in the payload do not matter', post(), 'Bearer ' . token(
            $kid('main-1'),
            json_encode(array_reverse(claims(post())), JSON_PRETTY_PRINT)
        ), 'accepted'),
        claimCase('a jti of 16 characters', post(), ['jti' => 'AZaz09_-AZaz09_-'], 'accepted'),
        claimCase('a jti of 64 characters', post(), ['jti' => str_repeat('_-9zZaA0', 8)], 'accepted'),
        claimCase('lifetime of a second', post(), ['exp' => NOW + 1], 'accepted'),
        claimCase('iat 30 s ahead', post(), ['iat' => NOW + 30, 'exp' => NOW + 90], 'accepted'),
        claimCase('iat 59 s old, in its last second', post(), ['iat' => NOW - 59, 'exp' => NOW + 1], 'accepted'),
        claimCase('the largest sub', request('GET', '/v1/status'), ['sub' => '4294967295'], 'accepted'),
        claimCase('a token of exactly 4096 bytes', $longest, [], 'accepted'),
    ];
}

function brokenTokens(): array
{
    $header = plain(['alg' => 'HS256', 'typ' => 'JWT', 'kid' => 'main-1']);
    $good = static function () use ($header): string {
        return token($header, plain(claims(post())));
    };
    $altered = static function (int $index, callable $how) use ($good): string {
        $parts = explode('.', $good());
        $parts[$index] = $how($parts[$index]);
        return implode('.', $parts);
    };
    $append = static function (string $end): callable {
        return static function (string $part) use ($end): string {
            return $part . $end;
        };
    };
    // 32 bytes leave two bits of the last character unused; a lax decoder does not look at them.
    $spare = static function (string $part): string {
        $alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
        return substr($part, 0, -1) . $alphabet[strpos($alphabet, $part[-1]) + 1];
    };
    $swapped = static function (string $part): string {
        return str_replace((string) (NOW + 60), (string) (NOW + 59), base64_decode(strtr($part, '-_', '+/')));
    };
    $values = [
        ['no Authorization header', null, 'token_missing'],
        ['an empty header', '', 'token_missing'],
        ['another scheme', 'Basic bWFpbjpzZWNyZXQ=', 'token_missing'],
        ['another scheme with a good token', 'JWT ' . $good(), 'token_missing'],
        ['no scheme', $good(), 'token_missing'],
        ['the scheme in lower case', 'bearer ' . $good(), 'token_missing'],
        ['the scheme alone', 'Bearer', 'token_missing'],
        ['the scheme with nothing behind it', 'Bearer ', 'token_missing'],
        ['two blanks before the token', 'Bearer  ' . $good(), 'token_invalid'],
        ['a word behind the token', 'Bearer ' . $good() . ' x', 'token_invalid'],
        ['two tokens', 'Bearer ' . $good() . ', Bearer ' . $good(), 'token_invalid'],
        ['not a token', 'Bearer x', 'token_invalid'],
        ['dots alone', 'Bearer ..', 'token_invalid'],
        ['many dots', 'Bearer ' . str_repeat('.', 4000), 'token_invalid'],
        ['two parts', 'Bearer ' . implode('.', array_slice(explode('.', $good()), 0, 2)), 'token_invalid'],
        ['four parts', 'Bearer ' . $good() . '.AAAA', 'token_invalid'],
        ['a dot at the end', 'Bearer ' . $good() . '.', 'token_invalid'],
    ];
    $none = static function (): string {
        return '';
    };
    $pad = static function (string $part): string {
        return $part . str_repeat('=', (4 - strlen($part) % 4) % 4);
    };
    $values = array_merge($values, [
        ['header part empty', 'Bearer ' . $altered(0, $none), 'token_invalid'],
        ['payload part empty', 'Bearer ' . $altered(1, $none), 'token_invalid'],
        ['signature part empty', 'Bearer ' . $altered(2, $none), 'token_invalid'],
        ['header not base64url', 'Bearer ' . $altered(0, $append('!')), 'token_invalid'],
        ['payload not base64url', 'Bearer ' . $altered(1, $append('*')), 'token_invalid'],
        ['signature not base64url', 'Bearer ' . $altered(2, $append('%')), 'token_invalid'],
        ['signature padded', 'Bearer ' . $altered(2, $pad), 'token_invalid'],
        ['signature of another length class of base64', 'Bearer ' . $altered(2, $append('AA')), 'token_invalid'],
        ['signature with spare bits set: the same bytes to a lax decoder', 'Bearer ' . $altered(2, $spare), 'token_invalid'],
        ['signature cut by a character', 'Bearer ' . $altered(2, static function (string $part): string {
            return substr($part, 0, -1);
        }), 'token_invalid'],
        ['signature cut to 16 bytes', 'Bearer ' . $altered(2, static function (string $part): string {
            return part(substr(base64_decode(strtr($part, '-_', '+/')), 0, 16));
        }), 'token_invalid'],
        ['signature in hexadecimal', 'Bearer ' . $altered(2, static function (string $part): string {
            return bin2hex(base64_decode(strtr($part, '-_', '+/')));
        }), 'token_invalid'],
        ['signature of zeros', 'Bearer ' . $altered(2, static function (): string {
            return part(str_repeat("\0", 32));
        }), 'token_invalid'],
        ['signature of another token', 'Bearer ' . $altered(2, static function () use ($good): string {
            return explode('.', $good())[2];
        }), 'token_invalid'],
        ['payload altered after signing', 'Bearer ' . $altered(1, static function (string $part) use ($swapped): string {
            return part($swapped($part));
        }), 'token_invalid'],
        ['header altered after signing', 'Bearer ' . $altered(0, static function () use ($header): string {
            return part(str_replace(',', ', ', $header));
        }), 'token_invalid'],
        ['signed with the other key of the site', 'Bearer ' . token($header, plain(claims(post())), KEY_2), 'token_invalid'],
        ['signed with the key of another site', 'Bearer ' . token($header, plain(claims(post())), KEY_OTHER), 'token_invalid'],
        ['signed with the key and a line break', 'Bearer ' . token($header, plain(claims(post())), KEY . "\n"), 'token_invalid'],
        ['signed with no key', 'Bearer ' . token($header, plain(claims(post())), ''), 'token_invalid'],
        ['signed with the id of the key', 'Bearer ' . token($header, plain(claims(post())), 'main-1'), 'token_invalid'],
        ['a wrong signature tells nothing of what else is wrong', 'Bearer ' . token($header, plain(claims(post(), ['exp' => 1, 'aud' => 'x'])), KEY_2), 'token_invalid'],
    ]);
    $cases = array_map(static function (array $value): array {
        return tokenCase($value[0], post(), $value[1], $value[2]);
    }, $values);
    // Only the URL alphabet and no padding: these are signed as they stand, so only their encoding is bad.
    $signed = static function (string $text): string {
        return 'Bearer ' . $text . '.' . part(hash_hmac('sha256', $text, KEY, true));
    };
    $padded = static function (string $json): string {
        return strtr(base64_encode($json . str_repeat(' ', (4 - strlen($json) % 3) % 3)), '+/', '-_');
    };
    $payload = plain(claims(post()));
    $cases[] = tokenCase('header padded, and signed so', post(), $signed($padded($header) . '.' . part($payload)), 'token_invalid');
    $cases[] = tokenCase('payload padded, and signed so', post(), $signed(part($header) . '.' . $padded($payload)), 'token_invalid');
    $tilde = request('GET', '/v1/syncs/~~~~~~');
    $standard = rtrim(base64_encode(plain(claims($tilde))), '=');
    $cases[] = claimCase('payload that needs the URL alphabet', $tilde, [], 'accepted');
    $cases[] = tokenCase('the same in the standard alphabet, and signed so', $tilde, $signed(part($header) . '.' . $standard), 'token_invalid');
    $cases[] = claimCase('a token of more than 4096 bytes', request('GET', '/v1/syncs/' . str_repeat('a', 2765)), [], 'token_invalid');
    return $cases;
}

function badHeaders(): array
{
    $values = [
        ['alg none, no signature', '{"alg":"none","typ":"JWT","kid":"main-1"}', ''],
        ['alg None, no signature', '{"alg":"None","typ":"JWT","kid":"main-1"}', ''],
        ['alg NONE, no signature', '{"alg":"NONE","typ":"JWT","kid":"main-1"}', ''],
        ['alg none, with a good HS256 signature', '{"alg":"none","typ":"JWT","kid":"main-1"}', 'sha256'],
        ['alg HS384, properly signed', '{"alg":"HS384","typ":"JWT","kid":"main-1"}', 'sha384'],
        ['alg HS512, properly signed', '{"alg":"HS512","typ":"JWT","kid":"main-1"}', 'sha512'],
        ['alg HS256 with the signature of HS512', '{"alg":"HS256","typ":"JWT","kid":"main-1"}', 'sha512'],
        ['alg HS256 with the signature of HMAC-SHA-1', '{"alg":"HS256","typ":"JWT","kid":"main-1"}', 'sha1'],
        ['alg RS256, signed with HS256', '{"alg":"RS256","typ":"JWT","kid":"main-1"}', 'sha256'],
        ['alg ES256, signed with HS256', '{"alg":"ES256","typ":"JWT","kid":"main-1"}', 'sha256'],
        ['alg in lower case', '{"alg":"hs256","typ":"JWT","kid":"main-1"}', 'sha256'],
        ['alg missing', '{"typ":"JWT","kid":"main-1"}', 'sha256'],
        ['alg empty', '{"alg":"","typ":"JWT","kid":"main-1"}', 'sha256'],
        ['alg null', '{"alg":null,"typ":"JWT","kid":"main-1"}', 'sha256'],
        ['alg a list', '{"alg":["HS256"],"typ":"JWT","kid":"main-1"}', 'sha256'],
        ['name of alg in upper case', '{"ALG":"HS256","typ":"JWT","kid":"main-1"}', 'sha256'],
        ['alg twice', '{"alg":"none","alg":"HS256","typ":"JWT","kid":"main-1"}', 'sha256'],
        ['typ missing', '{"alg":"HS256","kid":"main-1"}', 'sha256'],
        ['typ in lower case', '{"alg":"HS256","typ":"jwt","kid":"main-1"}', 'sha256'],
        ['another typ', '{"alg":"HS256","typ":"at+jwt","kid":"main-1"}', 'sha256'],
        ['typ a number', '{"alg":"HS256","typ":1,"kid":"main-1"}', 'sha256'],
        ['kid missing', '{"alg":"HS256","typ":"JWT"}', 'sha256'],
        ['kid empty', '{"alg":"HS256","typ":"JWT","kid":""}', 'sha256'],
        ['kid null', '{"alg":"HS256","typ":"JWT","kid":null}', 'sha256'],
        ['kid a number', '{"alg":"HS256","typ":"JWT","kid":1}', 'sha256'],
        ['kid a list', '{"alg":"HS256","typ":"JWT","kid":["main-1"]}', 'sha256'],
        ['kid unknown', '{"alg":"HS256","typ":"JWT","kid":"main-3"}', 'sha256'],
        ['kid in upper case', '{"alg":"HS256","typ":"JWT","kid":"MAIN-1"}', 'sha256'],
        ['kid a path', '{"alg":"HS256","typ":"JWT","kid":"../../dev/null"}', 'sha256'],
        ['kid of another site, signed with this one\'s key', '{"alg":"HS256","typ":"JWT","kid":"other-1"}', 'sha256'],
        ['kid twice', '{"alg":"HS256","typ":"JWT","kid":"main-2","kid":"main-1"}', 'sha256'],
        ['crit', '{"alg":"HS256","typ":"JWT","kid":"main-1","crit":["exp"]}', 'sha256'],
        ['a key of its own in the header', '{"alg":"HS256","typ":"JWT","kid":"main-1","jwk":{"kty":"oct","k":"AAAA"}}', 'sha256'],
        ['an unknown member', '{"alg":"HS256","typ":"JWT","kid":"main-1","zip":"DEF"}', 'sha256'],
        ['not JSON', '{"alg":"HS256","typ":"JWT","kid":"main-1"', 'sha256'],
        ['something behind the JSON', '{"alg":"HS256","typ":"JWT","kid":"main-1"}{}', 'sha256'],
        ['a byte order mark', "\xef\xbb\xbf" . '{"alg":"HS256","typ":"JWT","kid":"main-1"}', 'sha256'],
        ['not UTF-8', '{"alg":"HS256","typ":"JWT","kid":"main-1' . "\xff" . '"}', 'sha256'],
        ['a list', '["HS256"]', 'sha256'],
        ['null', 'null', 'sha256'],
    ];
    return array_map(static function (array $value): array {
        $payload = plain(claims(post()));
        $signed = $value[2] === ''
            ? part($value[1]) . '.' . part($payload) . '.'
            : token($value[1], $payload, KEY, $value[2]);
        return tokenCase('header: ' . $value[0], post(), 'Bearer ' . $signed, 'token_invalid');
    }, $values);
}

/** Signed properly, but the payload is not one JSON object with each name once. */
function badPayloads(): array
{
    $good = static function (): string {
        return plain(claims(post()));
    };
    $values = [
        ['not JSON', substr($good(), 0, -1)],
        ['something behind the JSON', $good() . '{}'],
        ['a byte order mark', "\xef\xbb\xbf" . $good()],
        ['not UTF-8', substr($good(), 0, -1) . ",\"x\":\"\xff\"}"],
        ['a list', '[' . $good() . ']'],
        ['a string', '"userlink"'],
        ['null', 'null'],
        ['encrypted or compressed', "\x78\x9c\x01"],
        ['iss twice', '{"iss":"other",' . substr($good(), 1)],
        ['exp twice, the same', '{"exp":' . (NOW + 60) . ',' . substr($good(), 1)],
        ['scope twice', '{"scope":"admin","scope":"admin",' . substr($good(), 1)],
        ['a name twice, once escaped', '{"\u0069ss":"main",' . substr($good(), 1)],
    ];
    $header = plain(['alg' => 'HS256', 'typ' => 'JWT', 'kid' => 'main-1']);
    return array_map(static function (array $value) use ($header): array {
        return tokenCase('payload: ' . $value[0], post(), 'Bearer ' . token($header, $value[1]), 'token_invalid');
    }, $values);
}

function badClaims(): array
{
    $cases = [];
    foreach (['iss', 'aud', 'iat', 'exp', 'jti', 'htm', 'htu', 'body_sha256'] as $name) {
        $good = claims(post())[$name];
        $cases[] = claimCase($name . ' missing', post(), [$name => null], 'token_mismatch');
        $wrong = is_int($good)
            ? ['a string' => (string) $good, 'a list' => [$good], 'a boolean' => true]
            : ['empty' => '', 'a number' => 1, 'a list' => [$good], 'an object' => ['a' => $good], 'a boolean' => true];
        foreach ($wrong as $what => $value) {
            $cases[] = claimCase($name . ' ' . $what, post(), [$name => $value], 'token_mismatch');
        }
        $cases[] = rawClaimCase($name . ' null', post(), [$name => 'null']);
        $cases[] = claimCase('name of ' . $name . ' in upper case', post(), [$name => null, strtoupper($name) => $good], 'token_mismatch');
    }
    foreach (['iat' => NOW, 'exp' => NOW + 60] as $name => $value) {
        $cases[] = rawClaimCase($name . ' with a fraction', post(), [$name => $value . '.5']);
        $cases[] = rawClaimCase($name . ' with a fraction of zero', post(), [$name => $value . '.0']);
        $cases[] = rawClaimCase($name . ' with an exponent', post(), [$name => $value . 'e0']);
        foreach (
            ['2 to the 53' => '9007199254740992', 'the largest of 64 bits' => '9223372036854775807', 'the smallest of 64 bits' => '-9223372036854775808',
            'larger than 64 bits' => '99999999999999999999', 'negative' => '-' . $value, 'minus zero' => '-0'] as $what => $number
        ) {
            $cases[] = rawClaimCase($name . ' ' . $what, post(), [$name => $number]);
        }
    }
    return array_merge($cases, [
        claimCase('an unknown claim', post(), ['nbf' => NOW], 'token_mismatch'),
        claimCase('iss of another site', post(), ['iss' => 'other'], 'token_mismatch'),
        claimCase('iss of an unknown site', post(), ['iss' => 'nowhere'], 'token_mismatch'),
        claimCase('iss in upper case', post(), ['iss' => 'MAIN'], 'token_mismatch'),
        tokenCase('key of another site, iss of this one', post(), 'Bearer ' . token(
            plain(['alg' => 'HS256', 'typ' => 'JWT', 'kid' => 'other-1']),
            plain(claims(post())),
            KEY_OTHER
        ), 'token_mismatch'),
        claimCase('another aud', post(), ['aud' => 'userlink2'], 'token_mismatch'),
        claimCase('aud in upper case', post(), ['aud' => 'Userlink'], 'token_mismatch'),
        claimCase('jti of 15 characters', post(), ['jti' => 'AZaz09_-AZaz09_'], 'token_mismatch'),
        claimCase('jti of 65 characters', post(), ['jti' => str_repeat('_-9zZaA0', 8) . 'x'], 'token_mismatch'),
        claimCase('jti with a dot', post(), ['jti' => 'AZaz09_-AZaz09_.'], 'token_mismatch'),
        claimCase('jti with a blank', post(), ['jti' => 'AZaz09_- AZaz09_-'], 'token_mismatch'),
        claimCase('jti with a line break at its end', post(), ['jti' => "AZaz09_-AZaz09_-\n"], 'token_mismatch'),
        claimCase('jti outside ASCII', post(), ['jti' => 'AZaz09_-AZaz09_é'], 'token_mismatch'),
        claimCase('jti seen before', post(), ['jti' => 'seen-before-0001'], 'token_replayed', ['seen_jti' => ['seen-before-0000', 'seen-before-0001']]),
        claimCase('jti seen before, for another body: the binding is looked at first', post(), ['jti' => 'seen-before-0001', 'body_sha256' => hash('sha256', 'x')], 'token_mismatch', ['seen_jti' => ['seen-before-0001']]),
        claimCase('jti seen before, on an admin route', request('GET', '/v1/status'), ['jti' => 'seen-before-0001'], 'token_replayed', ['seen_jti' => ['seen-before-0001']]),
    ]);
}

/** A case with claims written as JSON text, for values that PHP cannot write. */
function rawClaimCase(string $comment, array $request, array $raw, string $result = 'token_mismatch'): array
{
    $payload = plain(claims($request));
    foreach ($raw as $name => $text) {
        $payload = preg_replace('/"' . $name . '":("[^"]*"|\d+)/', '"' . $name . '":' . $text, $payload);
    }
    $bearer = 'Bearer ' . token(plain(['alg' => 'HS256', 'typ' => 'JWT', 'kid' => 'main-1']), $payload);
    return tokenCase($comment, $request, $bearer, $result);
}

function badTimes(): array
{
    $values = [
        ['exp passed', NOW - 50, NOW - 10],
        ['exp is now', NOW - 10, NOW],
        ['iat 60 s old: exp, at most iat + 60, has come', NOW - 60, NOW],
        ['iat 60 s old and a longer lifetime', NOW - 60, NOW + 1],
        ['iat 61 s old', NOW - 61, NOW - 1],
        ['iat 61 s old and a longer lifetime', NOW - 61, NOW + 60],
        ['iat a day old', NOW - 86400, NOW + 60],
        ['iat 31 s ahead', NOW + 31, NOW + 60],
        ['iat an hour ahead', NOW + 3600, NOW + 3660],
        ['lifetime of 61 s', NOW, NOW + 61],
        ['lifetime of an hour', NOW, NOW + 3600],
        ['exp is iat', NOW + 10, NOW + 10],
        ['exp before iat', NOW + 20, NOW + 10],
        ['milliseconds', NOW * 1000, NOW * 1000 + 60],
        ['zero', 0, 0],
        ['iat zero', 0, NOW + 60],
        ['the largest number', NOW, 2 ** 53 - 1],
        ['both the largest number', 2 ** 53 - 1, 2 ** 53 - 1],
        ['iat zero, exp the largest number', 0, 2 ** 53 - 1],
    ];
    return array_map(static function (array $value): array {
        return claimCase('times: ' . $value[0], post(), ['iat' => $value[1], 'exp' => $value[2]], 'token_expired');
    }, $values);
}

function badBindings(): array
{
    $get = request('GET', '/v1/syncs');
    $list = request('GET', '/v1/conflicts', 'limit=10&after=a%20b');
    $body = post()['body'];
    $hash = static function (string $text): string {
        return hash('sha256', $text);
    };
    $values = [
        ['htm in lower case', post(), ['htm' => 'post']],
        ['htm of another method', post(), ['htm' => 'GET']],
        ['the token of a GET used for a POST', request('POST', '/v1/syncs'), ['htm' => 'GET']],
        ['htm with a blank', post(), ['htm' => 'POST ']],
        ['htu of another path', post(), ['htu' => '/v1/status']],
        ['htu with a slash at its end', post(), ['htu' => '/v1/events/']],
        ['htu without its first slash', post(), ['htu' => 'v1/events']],
        ['htu in upper case', post(), ['htu' => '/V1/EVENTS']],
        ['htu with the address', post(), ['htu' => 'http://127.0.0.1:7780/v1/events']],
        ['htu with the query', $list, ['htu' => '/v1/conflicts?limit=10&after=a%20b']],
        ['htu of one job, path of another', request('GET', '/v1/syncs/2'), ['htu' => '/v1/syncs/1']],
        ['path with a slash at its end', request('GET', '/v1/syncs/'), ['htu' => '/v1/syncs']],
        ['path written with an escape, htu without', request('GET', '/v1/%73yncs'), ['htu' => '/v1/syncs']],
        ['path with two slashes, htu with one', request('GET', '/v1//syncs'), ['htu' => '/v1/syncs']],
        ['qsh missing with a query', $list, ['qsh' => null]],
        ['qsh empty with a query', $list, ['qsh' => '']],
        ['qsh a number', $list, ['qsh' => 1]],
        ['qsh of another query', $list, ['qsh' => $hash('limit=10')]],
        ['qsh of the query in another order', $list, ['qsh' => $hash('after=a%20b&limit=10')]],
        ['qsh of the decoded query', $list, ['qsh' => $hash('limit=10&after=a b')]],
        ['qsh with the question mark', $list, ['qsh' => $hash('?limit=10&after=a%20b')]],
        ['qsh in upper case', $list, ['qsh' => strtoupper($hash('limit=10&after=a%20b'))]],
        ['qsh without a query', $get, ['qsh' => $hash('')]],
        ['qsh empty without a query', $get, ['qsh' => '']],
        ['body altered by a byte', post(), ['body_sha256' => $hash(str_replace('42', '43', $body))]],
        ['a blank behind the body', post(), ['body_sha256' => $hash(rtrim($body) . ' ')]],
        ['body taken away', request('POST', '/v1/events'), ['body_sha256' => $hash($body)]],
        ['body hash of the empty body', post(), ['body_sha256' => $hash('')]],
        ['a body where none was signed', request('GET', '/v1/status', '', '{}'), ['body_sha256' => $hash('')]],
        ['body hash in upper case', post(), ['body_sha256' => strtoupper($hash($body))]],
        ['body hash in base64url', post(), ['body_sha256' => part(hash('sha256', $body, true))]],
        ['body hash by another function', post(), ['body_sha256' => hash('sha512', $body)]],
        ['body hash cut', post(), ['body_sha256' => substr($hash($body), 0, 32)]],
    ];
    return array_map(static function (array $value): array {
        return claimCase($value[0], $value[1], $value[2], 'token_mismatch');
    }, $values);
}

function badScopes(): array
{
    $get = request('GET', '/v1/status');
    $values = [
        ['scope missing on an admin route', $get, ['scope' => null]],
        ['scope and sub missing on an admin route: an event token', $get, ['scope' => null, 'sub' => null]],
        ['scope empty', $get, ['scope' => '']],
        ['another scope', $get, ['scope' => 'events']],
        ['several scopes', $get, ['scope' => 'admin events']],
        ['scope in upper case', $get, ['scope' => 'Admin']],
        ['scope on the events route', post(), ['scope' => 'admin', 'sub' => '1']],
        ['scope on the events route, without sub', post(), ['scope' => 'admin']],
        ['scope empty on the events route', post(), ['scope' => '']],
        ['sub on the events route', post(), ['sub' => '1']],
    ];
    $wrong = [
        ['scope a list', $get, ['scope' => ['admin']]],
        ['scope true', $get, ['scope' => true]],
        ['scope a list on the events route', post(), ['scope' => []]],
        ['sub missing', $get, ['sub' => null]],
        ['sub empty', $get, ['sub' => '']],
        ['sub 0', $get, ['sub' => '0']],
        ['sub 00', $get, ['sub' => '00']],
        ['sub a number', $get, ['sub' => 1]],
        ['sub a list', $get, ['sub' => ['1']]],
        ['sub negative', $get, ['sub' => '-1']],
        ['sub with a plus', $get, ['sub' => '+1']],
        ['sub a name', $get, ['sub' => 'admin']],
        ['sub with a blank', $get, ['sub' => '1 ']],
        ['sub with a line break', $get, ['sub' => "1\n"]],
        ['sub with a fraction', $get, ['sub' => '1.0']],
        ['sub hexadecimal', $get, ['sub' => '0x1']],
        ['sub in digits of another script', $get, ['sub' => '١']],
        ['sub larger than 32 bits', $get, ['sub' => '4294967296']],
        ['sub larger than 64 bits', $get, ['sub' => '18446744073709551617']],
    ];
    $cases = array_map(static function (array $value): array {
        return claimCase($value[0], $value[1], $value[2], 'token_scope');
    }, $values);
    foreach ($wrong as $value) {
        $cases[] = claimCase($value[0], $value[1], $value[2], 'token_mismatch');
    }
    foreach (['scope', 'sub'] as $name) {
        $cases[] = rawClaimCase($name . ' null', $get, [$name => 'null']);
    }
    return $cases;
}

// -------------------------------------------------------------------------------------------------- bodies.json

/** The event of the contract's example; $user and $more replace or add members. */
function event(array $user = [], array $more = []): array
{
    return $more + ['specversion' => '1.0', 'id' => '3d6f0d0e-8f0b-4a53-9a39-6a5a3a6d1f0e', 'source' => '/sites/main',
        'type' => 'user.registered', 'time' => '2026-01-31T12:00:00Z', 'datacontenttype' => 'application/json',
        'data' => data($user)];
}

function data(array $user = [], array $more = []): array
{
    $full = ['id' => 42, 'email' => 'jane@example.org', 'username' => 'jane', 'first_name' => 'Jane', 'last_name' => 'Doe',
        'name' => '', 'status' => 'active', 'roles' => ['subscriber'], 'language' => 'en_US',
        'registered_at' => '2026-01-31T12:00:00Z'];
    return $more + ['hook' => 'user_register', 'user' => $user + $full, 'actor' => ['user_id' => 1]];
}

function bodyCase(string $comment, string $body, string $result, array $more = []): array
{
    $text = preg_match('//u', $body) === 1 ? ['body' => $body] : ['body_base64' => base64_encode($body)];
    return ['comment' => $comment, 'site' => 'main'] + $text + ['result' => $result] + $more;
}

function bodyCases(): array
{
    return array_merge(goodBodies(), notJson(), badMembers(), badUsers(), badStrings());
}

/** The example's text with one piece replaced. */
function swap(string $from, string $to): string
{
    $text = plain(event());
    if (substr_count($text, $from) !== 1) {
        throw new \LogicException($from . ' is not there exactly once');
    }
    return str_replace($from, $to, $text);
}

function goodBodies(): array
{
    $cases = [];
    $hooks = ['user.registered' => 'user_register', 'user.updated' => 'profile_update', 'user.logged_in' => 'onUserLogin',
        'user.deleted' => 'onAfterDeleteUser', 'civicrm.transaction' => 'civicrm_pre'];
    foreach ($hooks as $type => $hook) {
        $event = event([], ['type' => $type, 'data' => ['hook' => $hook] + data()]);
        $cases[] = bodyCase($type, plain($event), 'accepted');
    }
    $least = ['specversion' => '1.0', 'id' => '00000000-0000-4000-8000-000000000000', 'source' => '/sites/main',
        'type' => 'user.deleted', 'time' => '2026-01-31T12:00:00Z', 'datacontenttype' => 'application/json', 'data' => ['hook' => 'h', 'user' => ['id' => 1]]];
    $empty = ['id' => 4294967295, 'email' => '', 'username' => '', 'first_name' => '', 'last_name' => '', 'name' => '',
        'status' => '', 'roles' => [], 'language' => '', 'registered_at' => ''];
    $time = static function (string $time): string {
        return plain(event([], ['time' => $time]));
    };
    $emoji = static function (int $count): string {
        return str_repeat('🙂', $count);
    };
    $longest = ['email' => $emoji(254), 'username' => $emoji(255), 'first_name' => $emoji(400), 'last_name' => $emoji(400),
        'name' => $emoji(400), 'roles' => array_merge(array_fill(0, 99, 'r'), [$emoji(255)]), 'language' => $emoji(35)];
    $second = array_reverse(event());
    return array_merge($cases, [
        bodyCase('the least that an event must have', plain($least), 'accepted'),
        bodyCase('all fields empty, the largest user id', plain(event($empty)), 'accepted'),
        bodyCase('each field as long as it may be, counted in characters', plain(event($longest, ['data' => ['hook' => $emoji(64)] + data($longest)])), 'accepted'),
        bodyCase('members in another order', plain($second), 'accepted'),
        bodyCase('blanks and line breaks around and inside', "\r\n\t " . json_encode(event(), JSON_PRETTY_PRINT) . "\n\n", 'accepted'),
        bodyCase('everything escaped that can be', swap('"jane@example.org"', '"\u006a\u0061ne\u0040example\u002eorg\/\ud83d\ude42"'), 'accepted'),
        bodyCase('a member name escaped', swap('"hook"', '"h\u006fok"'), 'accepted'),
        bodyCase('id in upper case: the same id as in lower case', swap('3d6f0d0e', '3D6F0D0E'), 'accepted'),
        bodyCase('nobody logged in', plain(event([], ['data' => data([], ['actor' => ['user_id' => 0]])])), 'accepted'),
        bodyCase('actor without user_id', swap('{"user_id":1}', '{}'), 'accepted'),
        bodyCase('status blocked', swap('"active"', '"blocked"'), 'accepted'),
        bodyCase('status pending', swap('"active"', '"pending"'), 'accepted'),
        bodyCase('an email that cannot be used is a conflict later, not a bad event', swap('jane@example.org', 'not an email'), 'accepted'),
        bodyCase('controls other than NUL', swap('"Doe"', '"D\u0001o\te\u007f"'), 'accepted'),
        bodyCase('right to left, combining, and beyond the basic plane', plain(event(['first_name' => "שרה e\u{301} 𠮷"])), 'accepted'),
        bodyCase('time in the future counts as now', $time('2999-12-31T23:59:59Z'), 'accepted'),
        bodyCase('time with a fraction', $time('2026-01-31T12:00:00.5Z'), 'accepted'),
        bodyCase('time with nine digits of a fraction', $time('2026-01-31T12:00:00.123456789Z'), 'accepted'),
        bodyCase('a leap day', $time('2028-02-29T00:00:00Z'), 'accepted'),
        bodyCase('registered_at with an offset', plain(event(['registered_at' => '2020-01-01T05:45:00+05:45'])), 'accepted'),
        bodyCase('registered_at with a fraction', plain(event(['registered_at' => '2020-01-01T00:00:00.25Z'])), 'accepted'),
        bodyCase('padded with blanks to 64 KiB', plain(event()), 'accepted', ['pad_to' => 65536]),
        bodyCase('padded with blanks to 64 KiB and a byte', plain(event()), 'body_too_large', ['pad_to' => 65537]),
        bodyCase('too large and not JSON', '{', 'body_too_large', ['pad_to' => 65537]),
    ]);
}

function notJson(): array
{
    $good = plain(event());
    $deep = static function (int $levels): string {
        return swap('"user_id":1', '"user_id":' . str_repeat('[', $levels - 3) . str_repeat(']', $levels - 3));
    };
    $values = [
        ['empty', ''],
        ['a blank', ' '],
        ['a word', 'event'],
        ['a form', 'specversion=1.0&id=1'],
        ['XML', '<event/>'],
        ['cut off', substr($good, 0, -1)],
        ['two values', $good . $good],
        ['two values on two lines', $good . "\n" . $good],
        ['a word behind it', $good . ' x'],
        ['a brace too many', $good . '}'],
        ['NUL behind it', $good . "\0"],
        ['NUL before it', "\0" . $good],
        ['a byte order mark', "\xef\xbb\xbf" . $good],
        ['UTF-16', (string) preg_replace('/(.)/s', "$1\0", $good)],
        ['a comma too many', swap('"user_id":1', '"user_id":1,')],
        ['a comma too few', swap('"name":"",', '"name":""')],
        ['single quotes', swap('"Jane"', "'Jane'")],
        ['a name without quotes', swap('"name":', 'name:')],
        ['a comment', swap('"user_id":1', '"user_id":1/**/')],
        ['NaN', swap('"user_id":1', '"user_id":NaN')],
        ['a zero in front of a number', swap('"id":42', '"id":042')],
        ['a plus in front of a number', swap('"id":42', '"id":+42')],
        ['a hexadecimal number', swap('"id":42', '"id":0x2a')],
        ['a number that ends in its dot', swap('"id":42', '"id":42.')],
        ['True', swap('"user_id":1', '"user_id":True')],
        ['a line break in a string', swap('"Jane"', "\"Ja\nne\"")],
        ['NUL in a string', swap('"Jane"', "\"Ja\0ne\"")],
        ['an unknown escape', swap('"Jane"', '"Ja\ne\x"')],
        ['an escape cut off', swap('"Jane"', '"Ja\u00"')],
        ['a high surrogate alone', swap('"Jane"', '"Ja\ud83dne"')],
        ['a low surrogate alone', swap('"Jane"', '"Ja\ude42ne"')],
        ['surrogates the wrong way round', swap('"Jane"', '"\ude42\ud83d"')],
        ['two high surrogates', swap('"Jane"', '"\ud83d\ud83d\ude42"')],
        ['a surrogate alone in a name', swap('"name"', '"name\ud83d"')],
        ['Latin-1', swap('Jane', "Zo\xeb")],
        ['UTF-8 cut in a character', swap('Jane', "Zo\xc3")],
        ['UTF-8 longer than need be', swap('Jane', "Zo\xc1\xa5")],
        ['a surrogate as UTF-8', swap('Jane', "Zo\xed\xa0\x80")],
        ['beyond U+10FFFF', swap('Jane', "Zo\xf4\x90\x80\x80")],
        ['not UTF-8 in a name', swap('"name"', "\"name\xff\"")],
        ['not UTF-8 outside a string', $good . "\xff"],
        ['a member twice, at the top', swap('"id":"3d6f', '"id":"3d6f0d0e-8f0b-4a53-9a39-6a5a3a6d1f0e","id":"3d6f')],
        ['a member twice, in data', swap('"hook":', '"hook":"x","hook":')],
        ['a member twice, in user', swap('"id":42', '"id":43,"id":42')],
        ['a member twice, the same value', swap('"id":42', '"id":42,"id":42')],
        ['a member twice, in actor', swap('"user_id":1', '"user_id":1,"user_id":0')],
        ['a member twice, once escaped', swap('"id":42', '"\u0069d":43,"id":42')],
        ['17 levels deep', $deep(17)],
        ['a thousand levels deep', $deep(1000)],
        ['17 levels deep and never closed', swap('"user_id":1', '"user_id":' . str_repeat('[', 14))],
    ];
    $cases = array_map(static function (array $value): array {
        return bodyCase('not JSON as it must be: ' . $value[0], $value[1], 'json_invalid');
    }, $values);
    $cases[] = bodyCase('16 levels deep is JSON, but no event', $deep(16), 'event_invalid');
    return $cases;
}

function badMembers(): array
{
    $values = [
        ['a list', '[' . plain(event()) . ']'],
        ['a list of nothing', '[]'],
        ['an empty object', '{}'],
        ['a string', '"event"'],
        ['a number', '1'],
        ['true', 'true'],
        ['null', 'null'],
    ];
    foreach (['specversion', 'id', 'source', 'type', 'time', 'datacontenttype', 'data'] as $name) {
        $values[] = [$name . ' missing', plain(array_diff_key(event(), [$name => 0]))];
    }
    foreach (event() as $name => $value) {
        $values[] = [$name . ' null', plain([$name => null] + event())];
        $values[] = [$name . ' a number', plain([$name => 1] + event())];
        $values[] = [$name . ' a list', plain([$name => [$value]] + event())];
        $values[] = ['name of ' . $name . ' in upper case', plain([strtoupper($name) => $value] + array_diff_key(event(), [$name => 0]))];
    }
    foreach (['hook', 'user'] as $name) {
        $values[] = ['data.' . $name . ' missing', plain(event([], ['data' => array_diff_key(data(), [$name => 0])]))];
    }
    foreach (data() as $name => $value) {
        $values[] = ['data.' . $name . ' null', plain(event([], ['data' => [$name => null] + data()]))];
        $values[] = ['data.' . $name . ' a number', plain(event([], ['data' => [$name => 1] + data()]))];
        $values[] = ['data.' . $name . ' a list', plain(event([], ['data' => [$name => [$value]] + data()]))];
    }
    $values = array_merge($values, [
        ['an unknown member at the top', swap('"type"', '"subject":"42","type"')],
        ['an unknown member in data', swap('"hook"', '"site":"main","hook"')],
        ['an unknown member in user', swap('"name":', '"password":"x","name":')],
        ['an unknown member in actor', swap('"user_id":1', '"user_id":1,"name":"x"')],
        ['an unknown member with null', swap('"name":', '"phone":null,"name":')],
        ['an unknown member with an empty name', swap('"name":', '"":"","name":')],
        ['name of email in upper case', swap('"email"', '"Email"')],
        ['name of user_id in camel case', swap('"user_id"', '"userId"')],
        ['specversion 0.3', swap('"1.0"', '"0.3"')],
        ['specversion 1', swap('"1.0"', '"1"')],
        ['specversion empty', swap('"1.0"', '""')],
        ['datacontenttype of XML', swap('application/json', 'application/xml')],
        ['datacontenttype with a charset', swap('application/json', 'application/json; charset=utf-8')],
        ['data_base64', swap('"data":', '"data_base64":"e30=","data":')],
    ]);
    $ids = ['empty' => '', 'a word' => 'event-1', 'in braces' => '{3d6f0d0e-8f0b-4a53-9a39-6a5a3a6d1f0e}',
        'a URN' => 'urn:uuid:3d6f0d0e-8f0b-4a53-9a39-6a5a3a6d1f0e', 'without dashes' => '3d6f0d0e8f0b4a539a396a5a3a6d1f0e',
        'a digit short' => '3d6f0d0e-8f0b-4a53-9a39-6a5a3a6d1f0',
        'a digit long' => '3d6f0d0e-8f0b-4a53-9a39-6a5a3a6d1f0e0', 'with a letter that is no digit' => '3d6f0d0e-8f0b-4a53-9a39-6a5a3a6d1f0g',
        'with dashes elsewhere' => '3d6f0d0e8-f0b-4a53-9a39-6a5a3a6d1f0e', 'with a line break' => "3d6f0d0e-8f0b-4a53-9a39-6a5a3a6d1f0e\n"];
    foreach ($ids as $what => $id) {
        $values[] = ['id ' . $what, plain(event([], ['id' => $id]))];
    }
    foreach (['empty' => '', 'unknown' => 'user.renamed', 'in upper case' => 'User.Registered', 'of the sync' => 'sync', 'with a blank' => 'user.deleted '] as $what => $type) {
        $values[] = ['type ' . $what, plain(event([], ['type' => $type]))];
    }
    foreach (badInstants() as $what => $time) {
        $values[] = ['time ' . $what, plain(event([], ['time' => $time]))];
        if (strpos($what, 'with an offset') === false) {
            $values[] = ['registered_at ' . $what, plain(event(['registered_at' => $time]))];
        }
    }
    $values[] = ['time empty', plain(event([], ['time' => '']))];
    $values[] = ['source empty', swap('/sites/main', '')];
    $values[] = ['hook empty', swap('"user_register"', '""')];
    $values[] = ['hook of 65 characters', swap('user_register', str_repeat('h', 65))];
    $cases = array_map(static function (array $value): array {
        return bodyCase($value[0], $value[1], 'event_invalid');
    }, $values);
    foreach (['of another site' => '/sites/other', 'of an unknown site' => '/sites/nowhere', 'without a site' => '/sites/', 'the id alone' => 'main', 'an address' => 'https://example.org/sites/main', 'in upper case' => '/sites/MAIN', 'with a slash at its end' => '/sites/main/', 'with a blank' => '/sites/main '] as $what => $source) {
        $cases[] = bodyCase('source ' . $what, plain(event([], ['source' => $source])), 'source_mismatch');
    }
    return $cases;
}

function badInstants(): array
{
    return ['without a zone' => '2026-01-31T12:00:00', 'with an offset' => '2026-01-31T13:00:00+01:00',
        'with an offset of zero' => '2026-01-31T12:00:00+00:00', 'with a lower-case z' => '2026-01-31T12:00:00z',
        'with a lower-case t' => '2026-01-31t12:00:00Z', 'with a blank for the T' => '2026-01-31 12:00:00Z',
        'a day alone' => '2026-01-31', 'without seconds' => '2026-01-31T12:00Z', 'with one digit of an hour' => '2026-01-31T1:00:00Z',
        'with a fraction of no digits' => '2026-01-31T12:00:00.Z', 'with a fraction of ten digits' => '2026-01-31T12:00:00.1234567890Z',
        'with a comma before its fraction' => '2026-01-31T12:00:00,5Z', 'of a month 13' => '2026-13-01T12:00:00Z',
        'of a month 0' => '2026-00-01T12:00:00Z', 'of the 30th of February' => '2026-02-30T12:00:00Z',
        'of the 29th of February in no leap year' => '2026-02-29T12:00:00Z', 'of hour 24' => '2026-01-31T24:00:00Z',
        'of minute 60' => '2026-01-31T12:60:00Z', 'of second 61' => '2026-01-31T12:00:61Z', 'of zeros' => '0000-00-00T00:00:00Z',
        'in Unix seconds' => '1769860800', 'in words' => 'now', 'with a year of five digits' => '12026-01-31T12:00:00Z',
        'with a line break' => "2026-01-31T12:00:00Z\n", 'in digits of another script' => '٢٠٢٦-01-31T12:00:00Z'];
}

function badUsers(): array
{
    $numbers = ['0', '-1', '-42', '4294967296', '18446744073709551658', '42.5', '4.25e1', '1e400', '"42"', '""', 'true', 'null', '[42]', '{}'];
    $cases = [];
    foreach ($numbers as $number) {
        $cases[] = bodyCase('user id ' . $number, swap('"id":42', '"id":' . $number), 'event_invalid');
        if ($number !== '0') {
            $cases[] = bodyCase('actor id ' . $number, swap('"user_id":1', '"user_id":' . $number), 'event_invalid');
        }
    }
    // To JSON Schema these are integers.
    foreach (['42.0', '4.2e1', '420e-1'] as $number) {
        $cases[] = bodyCase('user id ' . $number, swap('"id":42', '"id":' . $number), 'event_invalid', ['beyond_schema' => true]);
        $cases[] = bodyCase('actor id ' . $number, swap('"user_id":1', '"user_id":' . $number), 'event_invalid', ['beyond_schema' => true]);
    }
    $cases[] = bodyCase('user without id', swap('"id":42,', ''), 'event_invalid');
    $limits = ['email' => 254, 'username' => 255, 'first_name' => 400, 'last_name' => 400, 'name' => 400, 'language' => 35];
    foreach ($limits as $name => $limit) {
        $cases[] = bodyCase($name . ' of ' . ($limit + 1) . ' characters', plain(event([$name => str_repeat('x', $limit + 1)])), 'event_invalid');
        foreach (['null' => null, 'a number' => 1, 'a boolean' => false, 'a list' => ['x'], 'an object' => ['a' => 'x']] as $what => $value) {
            $cases[] = bodyCase($name . ' ' . $what, plain(event([$name => $value])), 'event_invalid');
        }
    }
    $others = ['status unknown' => ['status' => 'deleted'], 'status in upper case' => ['status' => 'Active'], 'status a number' => ['status' => 1],
        'status null' => ['status' => null], 'roles a string' => ['roles' => 'subscriber'], 'roles null' => ['roles' => null],
        'roles an object' => ['roles' => ['a' => 'subscriber']], 'a role a number' => ['roles' => ['subscriber', 1]],
        'a role null' => ['roles' => [null]], 'a role a list' => ['roles' => [['subscriber']]],
        'a role of 256 characters' => ['roles' => [str_repeat('r', 256)]], '101 roles' => ['roles' => array_fill(0, 101, 'r')],
        'registered_at a number' => ['registered_at' => 1769860800], 'registered_at null' => ['registered_at' => null]];
    foreach ($others as $what => $user) {
        $cases[] = bodyCase($what, plain(event($user)), 'event_invalid');
    }
    return $cases;
}

/** An escaped NUL is JSON, but no text that a database or PHP should meet. */
function badStrings(): array
{
    $cases = [];
    foreach (['email', 'username', 'first_name', 'last_name', 'name', 'language'] as $name) {
        $cases[] = bodyCase('NUL escaped in ' . $name, plain(event([$name => "a\0b"])), 'event_invalid');
    }
    $cases[] = bodyCase('NUL escaped in a role', plain(event(['roles' => ["a\0"]])), 'event_invalid');
    $cases[] = bodyCase('NUL escaped in hook', swap('"user_register"', '"user\u0000"'), 'event_invalid');
    $cases[] = bodyCase('NUL alone in name', plain(event(['name' => "\0"])), 'event_invalid');
    $cases[] = bodyCase('NUL escaped in the name of a member', swap('"name"', '"name\u0000"'), 'event_invalid');
    return $cases;
}

// -------------------------------------------------------------------------------------------------- emails.json

function emailCases(): array
{
    $long = static function (int $length): string {
        return str_repeat('a', $length - 12) . '@example.org';
    };
    $values = [
        // comment, email, folded, reason (empty: usable)
        ['plain', 'jane@example.org', 'jane@example.org', ''],
        ['upper case', 'JANE@EXAMPLE.ORG', 'jane@example.org', ''],
        ['mixed case', 'Jane.DOE@Example.Org', 'jane.doe@example.org', ''],
        ['blanks at both ends', '  jane@example.org ', 'jane@example.org', ''],
        ['tab and line break at the ends', "\tjane@example.org\r\n", 'jane@example.org', ''],
        ['vertical tab and NUL at the ends', "\x0b\0jane@example.org\0\x0b", 'jane@example.org', ''],
        ['form feed is not trimmed', "jane@example.org\x0c", "jane@example.org\x0c", 'email_invalid'],
        ['no-break space at the end is not trimmed', "jane@example.org\u{a0}", "jane@example.org\u{a0}", 'email_invalid'],
        ['ideographic space at the end is not trimmed', "jane@example.org\u{3000}", "jane@example.org\u{3000}", 'email_invalid'],
        ['no-break space inside', "jane\u{a0}doe@example.org", "jane\u{a0}doe@example.org", 'email_invalid'],
        ['a plus address', 'Jane+News@example.org', 'jane+news@example.org', ''],
        ['an apostrophe', "O'Brien@example.org", "o'brien@example.org", ''],
        ['quotes', '"Jane"@example.org', '"jane"@example.org', ''],
        ['quotes with a blank inside', '"Jane Doe"@example.org', '"jane doe"@example.org', 'email_invalid'],
        ['with a display name', 'Jane Doe <jane@example.org>', 'jane doe <jane@example.org>', 'email_invalid'],
        ['two addresses', 'jane@example.org, joe@example.org', 'jane@example.org, joe@example.org', 'email_invalid'],
        ['two addresses without a blank', 'jane@example.org,joe@example.org', 'jane@example.org,joe@example.org', ''],
        ['characters of SQL and HTML', "a%_\\';--<b>@example.org", "a%_\\';--<b>@example.org", ''],
        ['an IP address', 'Jane@[127.0.0.1]', 'jane@[127.0.0.1]', ''],
        ['no dot in the domain', 'root@localhost', 'root@localhost', ''],
        ['a dot at the end', 'jane@example.org.', 'jane@example.org.', ''],
        ['punycode', 'jane@XN--Mnchen-3YA.de', 'jane@xn--mnchen-3ya.de', ''],
        ['accents', 'ZOË@ÉCOLE.FR', 'zoë@école.fr', ''],
        ['an accent as a combining mark stays one', "Zoe\u{308}@example.org", "zoe\u{308}@example.org", ''],
        ['umlauts and sharp s', 'STRAßE.ÄÖÜ@example.de', 'straße.äöü@example.de', ''],
        ['capital sharp s', 'STRAẞE@example.de', 'straße@example.de', ''],
        ['capital I with a dot becomes i and a combining dot', 'İPEK@example.com.tr', "i\u{307}pek@example.com.tr", ''],
        ['dotless i stays', 'ışık@example.com.tr', 'ışık@example.com.tr', ''],
        ['plain I becomes i, in Turkey too', 'IRMAK@example.com.tr', 'irmak@example.com.tr', ''],
        ['Greek', 'ΑΘΗΝΑ@example.gr', 'αθηνα@example.gr', ''],
        ['final sigma as PHP up to 8.2 has it: always the plain small one', 'ΟΔΟΣ@example.gr', 'οδοσ@example.gr', '', ['final_sigma' => true]],
        ['Cyrillic', 'ИВАН@ПОЧТА.РФ', 'иван@почта.рф', ''],
        ['Armenian and Georgian', 'ԱՆԻ.ნინო@example.am', 'անի.ნინო@example.am', ''],
        ['the Kelvin sign becomes k, the Angstrom sign å', "\u{212a}\u{212b}@example.org", 'kå@example.org', ''],
        ['digraphs', 'ǅŽ@example.hr', 'ǆž@example.hr', ''],
        ['full-width letters', 'ＪＡＮＥ@example.jp', 'ｊａｎｅ@example.jp', ''],
        ['beyond the basic plane', "\u{10400}@example.org", "\u{10428}@example.org", ''],
        ['Chinese', '山田@例え.jp', '山田@例え.jp', ''],
        ['right to left', 'שרה@example.co.il', 'שרה@example.co.il', ''],
        ['Arabic', 'محمد@مثال.السعودية', 'محمد@مثال.السعودية', ''],
        ['emoji', '🙂@example.org', '🙂@example.org', ''],
        ['zero-width space is neither blank nor control', "jane\u{200b}@example.org", "jane\u{200b}@example.org", ''],
        ['a right-to-left mark is neither', "jane\u{200f}@example.org", "jane\u{200f}@example.org", ''],
        ['a soft hyphen is neither', "ja\u{ad}ne@example.org", "ja\u{ad}ne@example.org", ''],
        ['empty', '', '', 'email_empty'],
        ['blanks alone', " \t\r\n\0\x0b", '', 'email_empty'],
        ['no-break space alone', "\u{a0}", "\u{a0}", 'email_invalid'],
        ['no @', 'jane.example.org', 'jane.example.org', 'email_invalid'],
        ['an @ alone', '@', '@', 'email_invalid'],
        ['nothing before the @', '@example.org', '@example.org', 'email_invalid'],
        ['nothing behind the @', 'jane@', 'jane@', 'email_invalid'],
        ['a blank behind the @, trimmed off', 'jane@ ', 'jane@', 'email_invalid'],
        ['two @', 'jane@home@example.org', 'jane@home@example.org', ''],
        ['two @ together', 'jane@@example.org', 'jane@@example.org', ''],
        ['two @, the last with nothing behind it', 'jane@example.org@', 'jane@example.org@', 'email_invalid'],
        ['a full-width @', 'jane＠example.org', 'jane＠example.org', 'email_invalid'],
        ['the shortest', 'a@b', 'a@b', ''],
        ['a blank inside', 'jane doe@example.org', 'jane doe@example.org', 'email_invalid'],
        ['a tab inside', "jane\t@example.org", "jane\t@example.org", 'email_invalid'],
        ['a line break inside', "jane@example.org\nBcc: joe@example.org", "jane@example.org\nbcc: joe@example.org", 'email_invalid'],
        ['NUL inside', "jane\0@example.org", "jane\0@example.org", 'email_invalid'],
        ['a control inside', "jane\x01@example.org", "jane\x01@example.org", 'email_invalid'],
        ['delete inside', "jane\x7f@example.org", "jane\x7f@example.org", 'email_invalid'],
        ['a C1 control inside', "jane\u{85}@example.org", "jane\u{85}@example.org", 'email_invalid'],
        ['another C1 control inside', "jane\u{9f}@example.org", "jane\u{9f}@example.org", 'email_invalid'],
        ['thin space inside', "jane\u{2009}@example.org", "jane\u{2009}@example.org", 'email_invalid'],
        ['line separator inside', "jane\u{2028}@example.org", "jane\u{2028}@example.org", 'email_invalid'],
        ['128 characters', $long(128), $long(128), ''],
        ['128 characters after trimming', ' ' . $long(128) . "\n", $long(128), ''],
        ['129 characters', $long(129), $long(129), 'email_too_long'],
        ['128 characters, more bytes', str_repeat('é', 116) . '@example.org', str_repeat('é', 116) . '@example.org', ''],
        ['129 characters, more bytes', str_repeat('É', 117) . '@example.org', str_repeat('é', 117) . '@example.org', 'email_too_long'],
        ['255 characters', $long(255), $long(255), 'email_too_long'],
        ['too long and no address', str_repeat('a', 129), str_repeat('a', 129), 'email_invalid'],
    ];
    $cases = array_map(static function (array $value): array {
        return ['comment' => $value[0], 'email' => $value[1], 'folded' => $value[2], 'usable' => $value[3] === '', 'reason' => $value[3]] + ($value[4] ?? []);
    }, $values);
    foreach (['Latin-1' => "zo\xeb@example.org", 'UTF-8 cut' => "zo\xc3@example.org", 'a surrogate as UTF-8' => "zo\xed\xa0\x80@example.org"] as $what => $email) {
        $cases[] = ['comment' => 'not UTF-8: ' . $what, 'email_base64' => base64_encode($email), 'folded' => null, 'usable' => false, 'reason' => 'email_invalid'];
    }
    return $cases;
}

// --------------------------------------------------------------------------------------------------- names.json

function nameCases(): array
{
    $values = [
        // comment, name, first, middle, last
        ['one word', 'Jane', 'Jane', '', ''],
        ['two words', 'Jane Doe', 'Jane', '', 'Doe'],
        ['three words', 'Jane Mary Doe', 'Jane', 'Mary', 'Doe'],
        ['four words: the fourth is lost', 'Jane Mary Ann Doe', 'Jane', 'Mary', 'Ann'],
        ['particles fall apart', 'Ludwig van Beethoven', 'Ludwig', 'van', 'Beethoven'],
        ['more particles', 'Juan Carlos de la Cruz', 'Juan', 'Carlos', 'de'],
        ['blanks at both ends', '  Jane Doe  ', 'Jane', '', 'Doe'],
        ['tab and line break at the ends', "\tJane Doe\r\n", 'Jane', '', 'Doe'],
        ['vertical tab and NUL at the ends', "\0\x0bJane Doe\x0b\0", 'Jane', '', 'Doe'],
        ['two blanks: the middle is empty', 'Jane  Doe', 'Jane', '', 'Doe'],
        ['three blanks: the last is empty, the name is lost', 'Jane   Doe', 'Jane', '', ''],
        ['two blanks behind the second word', 'Jane Mary  Doe', 'Jane', 'Mary', ''],
        ['a tab does not part', "Jane\tDoe", "Jane\tDoe", '', ''],
        ['a no-break space does not part', "Jane\u{a0}Doe", "Jane\u{a0}Doe", '', ''],
        ['no-break spaces at the ends stay', "\u{a0}Jane\u{a0}", "\u{a0}Jane\u{a0}", '', ''],
        ['a comma', 'Doe, Jane', 'Jane', '', 'Doe'],
        ['a comma without a blank', 'Doe,Jane', 'Jane', '', 'Doe'],
        ['a comma and a middle name', 'Doe, Jane Mary', 'Jane', 'Mary', 'Doe'],
        ['a comma and two middle names: the second is lost', 'Doe, Jane Mary Ann', 'Jane', 'Mary', 'Doe'],
        ['a last name of several words before the comma', 'van der Berg, Anna', 'Anna', '', 'van der Berg'],
        ['blanks around the comma', 'Doe  ,   Jane', 'Jane', '', 'Doe'],
        ['two blanks behind the comma\'s first name: the middle is empty', 'Doe, Jane  Mary', 'Jane', '', 'Doe'],
        ['two commas: the rest is lost', 'Doe, Jane, PhD', 'Jane', '', 'Doe'],
        ['a title in the middle', 'Doe, Jr., John', 'Jr.', '', 'Doe'],
        ['a comma at the end', 'Doe,', '', '', 'Doe'],
        ['a comma at the end with a blank', 'Doe, ', '', '', 'Doe'],
        ['a comma in front', ', Jane', 'Jane', '', ''],
        ['a comma alone', ',', '', '', ''],
        ['two commas alone', ',,', '', '', ''],
        ['a tab behind the comma', "Doe,\tJane", 'Jane', '', 'Doe'],
        ['a tab between the names behind the comma does not part', "Doe, Jane\tMary", "Jane\tMary", '', 'Doe'],
        ['a tab at the end of a piece behind the comma is trimmed', "Doe, Jane\t Mary", 'Jane', 'Mary', 'Doe'],
        ['without a comma pieces are not trimmed', "Jane\t Doe", "Jane\t", '', 'Doe'],
        ['a full-width comma does not part', '山田，太郎', '山田，太郎', '', ''],
        ['a hyphen', 'Anne-Marie Müller-Lüdenscheid', 'Anne-Marie', '', 'Müller-Lüdenscheid'],
        ['an apostrophe is taken out', "Conan O'Brien", 'Conan', '', 'OBrien'],
        ['a typographic apostrophe stays', 'Conan O’Brien', 'Conan', '', 'O’Brien'],
        ['quotes are taken out', 'Jane "JD" Doe', 'Jane', 'JD', 'Doe'],
        ['quotes around it', '"Jane Doe"', 'Jane', '', 'Doe'],
        ['blanks inside the quotes are not trimmed: the first is empty', '" Jane Doe"', '', 'Jane', 'Doe'],
        ['blanks inside the quotes, at the end', '"Jane "', 'Jane', '', ''],
        ['quotes alone', '""', '', '', ''],
        ['an apostrophe alone', "'", '', '', ''],
        ['a quote between blanks', "Jane ' Doe", 'Jane', '', 'Doe'],
        ['a comma inside quotes parts too', '"Doe, Jane"', 'Jane', '', 'Doe'],
        ['empty', '', '', '', ''],
        ['blanks alone', " \t\r\n\0\x0b", '', '', ''],
        ['0 counts as empty', '0', '', '', ''],
        ['0 with blanks counts as empty', ' 0 ', '', '', ''],
        ['0 in quotes does not', '"0"', '0', '', ''],
        ['numbers', '0 1 2', '0', '1', '2'],
        ['an email', 'jane@example.org', 'jane@example.org', '', ''],
        ['initials', 'J. R. R. Tolkien', 'J.', 'R.', 'R.'],
        ['a title', 'Dr. Jane Doe', 'Dr.', 'Jane', 'Doe'],
        ['accents', 'Zoë Élodie Ünal', 'Zoë', 'Élodie', 'Ünal'],
        ['Cyrillic', 'Иван Сергеевич Тургенев', 'Иван', 'Сергеевич', 'Тургенев'],
        ['Chinese without blanks', '毛泽东', '毛泽东', '', ''],
        ['Japanese with an ideographic space', "山田\u{3000}太郎", "山田\u{3000}太郎", '', ''],
        ['Japanese with a blank', '山田 太郎', '山田', '', '太郎'],
        ['right to left', 'שרה כהן', 'שרה', '', 'כהן'],
        ['Arabic', 'محمد بن سلمان', 'محمد', 'بن', 'سلمان'],
        ['emoji', 'Jane 🙂', 'Jane', '', '🙂'],
        ['HTML', '<b>Jane</b> &amp; Joe', '<b>Jane</b>', '&amp;', 'Joe'],
        ['NUL inside', "Ja\0ne Doe", "Ja\0ne", '', 'Doe'],
        ['letters that end in the bytes of blanks stay whole', "à Ġ", 'à', '', 'Ġ'],
        ['64 characters', str_repeat('é', 64), str_repeat('é', 64), '', ''],
        ['65 characters are split all the same', str_repeat('é', 65), str_repeat('é', 65), '', ''],
    ];
    return array_map(static function (array $value): array {
        return ['comment' => $value[0], 'name' => $value[1], 'first_name' => $value[2], 'middle_name' => $value[3], 'last_name' => $value[4]];
    }, $values);
}

$folder = $argv[1] ?? __DIR__;
write($folder, 'sign.json', 'Key, claims and body → the exact token. body_sha256 is the hash of body.', signCases());
write(
    $folder,
    'tokens.json',
    'Request, value of the header Authorization (null: no header), the time and the keys above → "accepted" or the code '
    . 'of the refusal. seen_jti: the jti that were accepted before; absent: none. POST /v1/events takes an event, all else an admin.',
    tokenCases(),
    ['now' => NOW, 'keys' => [
        ['id' => 'main-1', 'site' => 'main', 'secret' => KEY],
        ['id' => 'main-2', 'site' => 'main', 'secret' => KEY_2],
        ['id' => 'other-1', 'site' => 'other', 'secret' => KEY_OTHER],
    ]]
);
write(
    $folder,
    'bodies.json',
    'Body of POST /v1/events with a token of the site → "accepted" or the code of the refusal. body_base64 stands for a body '
    . 'that is not UTF-8; pad_to: blanks are put behind the body until it has so many bytes; beyond_schema: refused, though the '
    . 'schema lets it pass.',
    bodyCases()
);
write(
    $folder,
    'emails.json',
    'An address → folded for matching, usable or not, and why not. email_base64 stands for one that is not UTF-8 (it is not '
    . 'folded). final_sigma: PHP 8.3 and later fold this one in another way.',
    emailCases()
);
write($folder, 'names.json', 'One full name → first, middle and last name as CiviCRM splits it.', nameCases());
