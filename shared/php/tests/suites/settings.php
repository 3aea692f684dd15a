<?php

declare(strict_types=1);

namespace Userlink\Tests;

use Userlink\Settings;
use Userlink\Transport;

const KEY = '0123456789abcdef0123456789abcdef';

test('settings: what is missing or wrong is told', static function (): void {
    same('', (new Settings('main', '127.0.0.1:7780', 'main-1', KEY))->problem());
    same('site_missing', (new Settings('', '127.0.0.1:7780', 'main-1', KEY))->problem());
    same('address_invalid', (new Settings('main', '', 'main-1', KEY))->problem());
    same('address_invalid', (new Settings('main', 'https://127.0.0.1:7780', 'main-1', KEY))->problem());
    same('key_missing', (new Settings('main', '127.0.0.1:7780', '', KEY))->problem());
    same('key_missing', (new Settings('main', '127.0.0.1:7780', 'main-1', "\n"))->problem());
    same('key_too_short', (new Settings('main', '127.0.0.1:7780', 'main-1', substr(KEY, 1) . "\n"))->problem());
});

test('settings: the last newline of the key does not count, and only that one', static function (): void {
    foreach (["\n" => '', "\r\n" => '', "\n\n" => "\n", "\r" => "\r", ' ' => ' ', '' => ''] as $end => $left) {
        same(KEY . $left, (new Settings('main', '127.0.0.1:1', 'main-1', KEY . $end))->secret());
    }
});

test('settings: a dump does not show the secret', static function (): void {
    $settings = new Settings('main', '127.0.0.1:7780', 'main-1', KEY);
    ob_start();
    var_dump($settings);
    print_r($settings);
    $dump = ob_get_clean();
    check(strpos($dump, 'main-1') !== false && strpos($dump, KEY) === false, $dump);
});

test('transport: addresses', static function (): void {
    $known = [
        '127.0.0.1:7780' => 'tcp://127.0.0.1:7780',
        'http://127.0.0.1:7780' => 'tcp://127.0.0.1:7780',
        'http://127.0.0.1:7780/' => 'tcp://127.0.0.1:7780',
        'localhost:80' => 'tcp://localhost:80',
        'user-link.internal:65535' => 'tcp://user-link.internal:65535',
        '[::1]:7780' => 'tcp://[::1]:7780',
        'http://[::1]:7780' => 'tcp://[::1]:7780',
        'unix:/run/userlink/userlink.sock' => 'unix:///run/userlink/userlink.sock',
        'unix:///run/userlink/userlink.sock' => 'unix:///run/userlink/userlink.sock',
    ];
    foreach ($known as $address => $target) {
        same($target, Transport::target($address), $address);
    }
    $unknown = ['', '127.0.0.1', ':7780', '127.0.0.1:0', '127.0.0.1:65536', '127.0.0.1:x', '::1:7780', 'https://127.0.0.1:7780',
        'ftp://127.0.0.1:21', 'http://127.0.0.1:7780/v1', 'http://a@127.0.0.1:7780', 'unix:', 'unix:run/x', "unix:/a\nb", "127.0.0.1:7780\n",
        "127.0.0.1:7780\r\nX: y", 'unix:/a b', "unix:/a\0b"];
    foreach ($unknown as $address) {
        same('', Transport::target($address), $address);
    }
});
