<?php

// race.php FOLDER-OF-THE-CLIENT KEY-ID KEY-FILE EMAIL FIRST-USER USERS EVENTS ADDRESS…: so many registrations with one email,
// of so many users one after another, all at once and of the same moment, at each address in turn. Prints how often which
// answer came.

declare(strict_types=1);

[, $client, $keyId, $keyFile, $email, $firstUser, $users, $events] = $argv;
$addresses = array_slice($argv, 8);
require $client . '/autoload.php';
$settings = new Userlink\Settings('main', '127.0.0.1:1', $keyId, (string) file_get_contents($keyFile));
$all = curl_multi_init();
$calls = [];
$now = (new DateTimeImmutable('now', new DateTimeZone('UTC')))->format('Y-m-d\TH:i:s.u\Z');
for ($i = 0; $i < (int) $events; $i++) {
    $user = ['id' => (int) $firstUser + $i % (int) $users, 'email' => $email, 'username' => "race$i", 'first_name' => 'Race'];
    $event = Userlink\Event::build($settings, 'user.registered', 'user_register', $user, 0);
    $body = Userlink\Event::encode(['time' => $now] + $event);
    $calls[$i] = curl_init('http://' . $addresses[$i % count($addresses)] . '/v1/events');
    curl_setopt_array($calls[$i], [
        CURLOPT_POSTFIELDS => $body,
        CURLOPT_HTTPHEADER => ['Authorization: Bearer ' . Userlink\Token::sign($settings, 'POST', '/v1/events', '', $body)],
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 60,
    ]);
    curl_multi_add_handle($all, $calls[$i]);
}
do {
    curl_multi_exec($all, $running);
    curl_multi_select($all);
} while ($running > 0);
$answers = [];
foreach ($calls as $call) {
    $answer = json_decode((string) curl_multi_getcontent($call), true);
    $text = curl_getinfo($call, CURLINFO_RESPONSE_CODE) . ' '
        . ($answer['error']['code'] ?? ($answer['outcome'] ?? '?') . '/' . ($answer['reason'] ?? '?'));
    $answers[$text] = ($answers[$text] ?? 0) + 1;
}
ksort($answers);
foreach ($answers as $text => $times) {
    echo "$times × $text\n";
}
