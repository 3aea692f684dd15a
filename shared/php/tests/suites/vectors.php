<?php

declare(strict_types=1);

namespace Userlink\Tests;

use Userlink\Event;
use Userlink\Settings;
use Userlink\Token;

test('vectors: sign.json, byte for byte', static function (): void {
    foreach (vectors('sign.json') as $case) {
        same(hash('sha256', $case['body']), $case['claims']['body_sha256'], $case['comment']);
        same($case['token'], Token::encode($case['kid'], $case['claims'], $case['key']), $case['comment']);
    }
});

test('vectors: what tokens.json accepts is what this client makes', static function (): void {
    $settings = new Settings('main', '127.0.0.1:1', 'main-1', KEY);
    $shape = static function (string $token): array {
        $claims = json_decode(base64_decode(strtr(explode('.', $token)[1], '-_', '+/')), true);
        ksort($claims); // some cases have another order on purpose
        return array_map('gettype', $claims);
    };
    foreach (vectors('tokens.json') as $case) {
        if ($case['result'] === 'accepted') {
            $actor = $case['path'] === '/v1/events' ? 0 : 1;
            $token = Token::sign($settings, $case['method'], $case['path'], $case['query'], $case['body'], $actor);
            same($shape(substr($case['authorization'], 7)), $shape($token), $case['comment']);
        }
    }
});

test('vectors: bodies.json agrees with the shape that Event::build() is judged by', static function (): void {
    foreach (vectors('bodies.json') as $case) {
        if (in_array($case['result'], ['accepted', 'event_invalid'], true)) {
            $problem = EventShape::problem($case['body']);
            same($case['result'] === 'accepted', $problem === '', $case['id'] . ' ' . $case['comment'] . ': ' . $problem);
        }
    }
});

test('vectors: Event::build() hands the user of each good body on as it is', static function (): void {
    $settings = new Settings('main', '127.0.0.1:1', 'main-1', KEY);
    foreach (vectors('bodies.json') as $case) {
        if ($case['result'] === 'accepted') {
            $data = json_decode($case['body'], true)['data'];
            $event = Event::build($settings, 'user.updated', $data['hook'], $data['user'], $data['actor']['user_id'] ?? 0);
            $known = array_filter($data['user'], static function ($value): bool {
                return $value !== '' && $value !== [];
            });
            if (isset($known['registered_at'])) {
                same(strtotime($known['registered_at']), strtotime($event['data']['user']['registered_at']), $case['comment']);
                $known['registered_at'] = $event['data']['user']['registered_at'];
            }
            ksort($known);
            ksort($event['data']['user']);
            same($known, $event['data']['user'], $case['comment']);
            same($data['hook'], $event['data']['hook'], $case['comment']);
            same('', EventShape::problem(Event::encode($event)), $case['comment']);
        }
    }
});

test('vectors: Event::build() makes a good event even of the user of a bad body', static function (): void {
    $settings = new Settings('main', '127.0.0.1:1', 'main-1', KEY);
    $tried = 0;
    foreach (vectors('bodies.json') as $case) {
        $data = json_decode($case['body'] ?? '', true)['data'] ?? null;
        if ($case['result'] === 'event_invalid' && is_array($data['user'] ?? null)) {
            $hook = is_string($data['hook'] ?? null) ? $data['hook'] : '';
            $event = Event::build($settings, 'user.updated', $hook, ['id' => 42] + $data['user'], 1);
            same('', EventShape::problem(Event::encode($event)), $case['comment']);
            $tried++;
        }
    }
    check($tried > 100, 'only ' . $tried . ' bodies were tried');
});

test('vectors: emails.json folds as mb_strtolower(trim()) does', static function (): void {
    if (!function_exists('mb_strtolower')) {
        echo "# mbstring is not there: not looked at\n";
        return;
    }
    foreach (vectors('emails.json') as $case) {
        if (isset($case['email']) && !(isset($case['final_sigma']) && PHP_VERSION_ID >= 80300)) {
            same($case['folded'], mb_strtolower(trim($case['email']), 'UTF-8'), $case['comment']);
        }
    }
});

test('vectors: generate.php writes the same bytes again', static function (): void {
    $folder = sys_get_temp_dir() . '/userlink-vectors-' . bin2hex(random_bytes(6));
    mkdir($folder);
    $committed = __DIR__ . '/../../../vectors/';
    $process = proc_open([PHP_BINARY, $committed . 'generate.php', $folder], [], $pipes);
    $exit = proc_close($process);
    foreach (['sign', 'tokens', 'bodies', 'emails', 'names'] as $name) {
        $written[$name] = (string) @file_get_contents($folder . '/' . $name . '.json');
        @unlink($folder . '/' . $name . '.json');
    }
    rmdir($folder);
    same(0, $exit);
    foreach ($written as $name => $bytes) {
        check($bytes === file_get_contents($committed . $name . '.json'), $name . '.json is not what generate.php writes');
    }
});
