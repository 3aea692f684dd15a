<?php

declare(strict_types=1);

namespace Userlink\Tests;

use Userlink\Event;
use Userlink\Settings;

/** The user as Event::build() hands it on. */
function built(array $user): array
{
    $event = Event::build(new Settings('main', '127.0.0.1:1', 'main-1', KEY), 'user.updated', 'hook', $user, 0);
    $json = Event::encode($event);
    if ($event['data']['user']['id'] !== 0) {
        same('', EventShape::problem($json), $json);
    }
    same($event, json_decode($json, true), 'what is sent is what was built');
    return $event['data']['user'];
}

test('event: all that is known is handed on', static function (): void {
    $user = ['id' => 42, 'email' => 'jane@example.org', 'username' => 'jane', 'first_name' => 'Jane', 'last_name' => 'Doe', 'name' => 'Jane Doe',
        'status' => 'active', 'language' => 'en_US', 'roles' => ['editor', 'subscriber'], 'registered_at' => '2026-01-31T12:00:00Z'];
    $event = Event::build(new Settings('main', '127.0.0.1:1', 'main-1', KEY), 'user.registered', 'user_register', $user, 7);
    $expected = ['specversion' => '1.0', 'id' => $event['id'], 'source' => '/sites/main', 'type' => 'user.registered', 'time' => $event['time'],
        'datacontenttype' => 'application/json', 'data' => ['hook' => 'user_register', 'user' => $user, 'actor' => ['user_id' => 7]]];
    same($expected, $event);
    check(abs(strtotime($event['time']) - time()) < 60, 'time is not now');
    check(preg_match('/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\z/', $event['id']) === 1, 'id is no UUID 4');
});

test('event: two events have two ids, and times in their order, in any time zone', static function (): void {
    $zone = date_default_timezone_get();
    date_default_timezone_set('Pacific/Kiritimati');
    $settings = new Settings('main', '127.0.0.1:1', 'main-1', KEY);
    $first = Event::build($settings, 'user.updated', 'hook', ['id' => 1], 0);
    $second = Event::build($settings, 'user.updated', 'hook', ['id' => 1], 0);
    date_default_timezone_set($zone);
    check($first['id'] !== $second['id'], 'the same id');
    check(strcmp($first['time'], $second['time']) <= 0, $first['time'] . ' ' . $second['time']);
    check(abs(strtotime($first['time']) - time()) < 60, 'time is not now');
});

test('event: what is empty, unknown or of another type is left out', static function (): void {
    same(['id' => 1], built(['id' => 1]));
    same(['id' => 1], built(['id' => 1, 'email' => '', 'roles' => [], 'status' => '', 'registered_at' => '', 'name' => null]));
    same(['id' => 1], built(['id' => 1, 'password' => 'x', 'user_pass' => 'x', 0 => 'x']));
    foreach ([null, true, false, 1.5, ['x'], new \stdClass(), new \ArrayObject(['x']), NAN, fopen('php://memory', 'r')] as $value) {
        $all = ['email', 'username', 'first_name', 'last_name', 'name', 'status', 'language', 'registered_at'];
        same(['id' => 1], built(['id' => 1] + array_fill_keys($all, $value)), gettype($value));
    }
    foreach ([null, true, 'editor', 5, new \stdClass(), [[]], [null, false, '', 1.5, ['x']]] as $value) {
        same(['id' => 1], built(['id' => 1, 'roles' => $value]), gettype($value));
    }
});

test('event: numbers stand for their digits', static function (): void {
    same(['id' => 1, 'username' => '12', 'name' => '-3', 'roles' => ['4']], built(['id' => 1, 'username' => 12, 'name' => -3, 'roles' => [4]]));
});

test('event: ids', static function (): void {
    foreach ([[1, 1], ['1', 1], ['0042', 42], [4294967295, 4294967295], ['4294967295', 4294967295]] as [$given, $id]) {
        same($id, built(['id' => $given])['id']);
    }
    foreach ([0, -1, 4294967296, '0', '', '-1', '4294967296', '42.0', '1e3', ' 1', "1\n", 'x', '99999999999999999999', 1.0, true, null, [], new \stdClass()] as $given) {
        same(0, built(['id' => $given])['id'], var_export($given, true));
    }
    same(0, built([])['id']);
    foreach ([-1, 4294967296] as $actor) {
        $event = Event::build(new Settings('main', '127.0.0.1:1', 'main-1', KEY), 'user.updated', 'hook', ['id' => 1], $actor);
        same(0, $event['data']['actor']['user_id']);
    }
});

test('event: what is too long is cut by characters', static function (): void {
    $limits = ['email' => 254, 'username' => 255, 'first_name' => 400, 'last_name' => 400, 'name' => 400, 'language' => 35];
    foreach ($limits as $name => $max) {
        foreach (['x', 'é', '山', '🙂', "e\u{301}"] as $piece) {
            $whole = str_repeat($piece, $max);
            preg_match('/^.{' . $max . '}/us', $whole, $cut);
            same($cut[0], built(['id' => 1, $name => $whole . 'x'])[$name], $name);
            same($cut[0], built(['id' => 1, $name => str_repeat("\0", 5000) . $whole . str_repeat('x', 100000)])[$name], $name);
        }
        same(str_repeat("\n", $max), built(['id' => 1, $name => str_repeat("\n", $max + 1)])[$name], 'line breaks count');
    }
    same([str_repeat('🙂', 255)], built(['id' => 1, 'roles' => [str_repeat('🙂', 256)]])['roles']);
    same(range(1, 100), array_map('intval', built(['id' => 1, 'roles' => range(1, 150)])['roles']));
    same(['a', 'b'], built(['id' => 1, 'roles' => [5 => 'a', 'x' => 'b']])['roles'], 'a list, whatever the keys');
});

test('event: it never becomes larger than a body may be', static function (): void {
    $wide = "\x01";
    $user = ['id' => 1, 'email' => str_repeat($wide, 254), 'roles' => array_fill(0, 100, str_repeat($wide, 255))];
    foreach (['username', 'first_name', 'last_name', 'name', 'language'] as $name) {
        $user[$name] = str_repeat($wide, 400);
    }
    $clean = built($user);
    check(!isset($clean['roles']) && strlen($clean['name']) === 400, 'the roles go');
});

test('event: bytes that are not UTF-8 are replaced, NUL is taken out', static function (): void {
    $r = "\u{fffd}";
    $given = ["Zo\xeb" => "Zo$r", "\xff" => $r, "a\0b" => 'ab', "a\xc3" => "a$r", "\xc3\xa9" => 'é', "\u{2028}" => "\u{2028}", "\\u0000\\/" => "\\u0000\\/",
        "\"'<>&" => "\"'<>&", "\u{feff}a" => "\u{feff}a", "\x01\x1f\x7f" => "\x01\x1f\x7f"];
    foreach ($given as $bytes => $text) {
        same(['id' => 1, 'name' => $text], built(['id' => 1, 'name' => (string) $bytes]));
    }
    foreach (["\xed\xa0\x80", "\xc1\xa5", "\xf4\x90\x80\x80", "a\x80b"] as $bytes) {
        check(preg_match('/^a?\x{fffd}+b?\z/u', built(['id' => 1, 'name' => $bytes])['name']) === 1, bin2hex($bytes));
    }
    same(['id' => 1], built(['id' => 1, 'name' => "\0\0"]));
    same(['id' => 1, 'roles' => ["r$r"]], built(['id' => 1, 'roles' => ["\0", "r\xff"]]));
});

test('event: status is one of three', static function (): void {
    foreach (['active', 'blocked', 'pending'] as $status) {
        same(['id' => 1, 'status' => $status], built(['id' => 1, 'status' => $status]));
    }
    foreach (['Active', '1', 1, 'deleted', "active\n", 'activeX'] as $status) {
        same(['id' => 1], built(['id' => 1, 'status' => $status]));
    }
});

test('event: registered_at in the forms that CMSs have', static function (): void {
    $given = ['2026-01-31T12:00:00Z' => '2026-01-31T12:00:00Z', '2026-01-31T13:30:00+01:30' => '2026-01-31T12:00:00Z',
        '2026-01-31 12:00:00' => '2026-01-31T12:00:00Z', '2026-01-31T12:00:00.123456789Z' => '2026-01-31T12:00:00Z',
        '1769860800' => '2026-01-31T12:00:00Z', '0' => null, '0000-00-00 00:00:00' => null, '2026-02-30 00:00:00' => null, '2026-01-31 25:00:00' => null,
        '2026-01-31 12:60:00' => null, '2026-01-31' => null, 'now' => null, '-1' => null, "2026-01-31T12:00:00Z\n" => null, '99999999999' => null];
    foreach ($given as $value => $instant) {
        same($instant, built(['id' => 1, 'registered_at' => (string) $value])['registered_at'] ?? null, (string) $value);
    }
    same('2026-01-31T12:00:00Z', built(['id' => 1, 'registered_at' => 1769860800])['registered_at']);
    foreach ([0, -1, 1769860800.0, PHP_INT_MAX] as $value) {
        same(['id' => 1], built(['id' => 1, 'registered_at' => $value]), (string) $value);
    }
});

test('event: hook', static function (): void {
    $hook = static function (string $hook): string {
        $settings = new Settings('main', '127.0.0.1:1', 'main-1', KEY);
        return Event::build($settings, 'user.deleted', $hook, ['id' => 1], 0)['data']['hook'];
    };
    same('deleted_user', $hook('deleted_user'));
    same(str_repeat('é', 64), $hook(str_repeat('é', 65)));
    same('user.deleted', $hook(''));
});
