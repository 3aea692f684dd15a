<?php

// events.php FOLDER-OF-THE-CLIENT KEY-ID KEY-FILE SOCKET DATABASE AT-ONCE ADDRESS… <LIST: plays a CMS that tells several
// sidecars. Each line of the list is an event: TYPE USER EMAIL TO, apart by blanks; TO is the number of an address from 0 on,
// or "all" for the same event at every one. As a CMS does, it changes its own row first (in SOCKET's DATABASE) and keeps what
// a sidecar could not take: that is sent again, with a new token, until it is taken. Prints JSON: how many events, how often
// which answer, which errors came in between, and how many events were answered differently by different sidecars.

declare(strict_types=1);

[, $client, $keyId, $keyFile, $socket, $database, $atOnce] = $argv;
$addresses = array_slice($argv, 7);
require $client . '/autoload.php';
$settings = new Userlink\Settings('main', '127.0.0.1:1', $keyId, (string) file_get_contents($keyFile));
mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
$cms = new mysqli('localhost', 'root', '', $database, 0, $socket);

/** What the CMS does before its hook is called; a conflict with another node is its own affair, it tries again. */
$change = function (string $type, int $user, string $email) use ($cms): void {
    $statement = [
        'user.updated' => "UPDATE wp_users SET user_email = '$email' WHERE ID = $user",
        'user.deleted' => "DELETE FROM wp_users WHERE ID = $user",
    ][$type] ?? 'DO 0';
    for ($try = 0; ; $try++) {
        try {
            $cms->query($statement);
            return;
        } catch (mysqli_sql_exception $e) {
            if ($e->getCode() !== 1213 || $try === 20) {
                throw $e;
            }
        }
    }
};
$hooks = ['user.registered' => 'user_register', 'user.updated' => 'profile_update', 'user.logged_in' => 'wp_login',
    'user.deleted' => 'deleted_user'];

$list = [];
while (($line = fgets(STDIN)) !== false) {
    $list[] = explode(' ', trim($line));
}
$all = curl_multi_init();
$flying = $waiting = $answers = $said = $errors = [];
$deadline = microtime(true) + 180;

$send = function (array $delivery) use ($all, &$flying, $settings, $addresses): void {
    $call = curl_init('http://' . $addresses[$delivery['to']] . '/v1/events');
    $token = Userlink\Token::sign($settings, 'POST', '/v1/events', '', $delivery['body']);
    curl_setopt_array($call, [
        CURLOPT_POSTFIELDS => $delivery['body'],
        CURLOPT_HTTPHEADER => ['Authorization: Bearer ' . $token],
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 15,
    ]);
    curl_multi_add_handle($all, $call);
    $flying[spl_object_id($call)] = $delivery + ['call' => $call];
};
$next = 0;
while ($next < count($list) || $flying !== [] || $waiting !== []) {
    foreach ($waiting as $i => $delivery) {
        if ($delivery['due'] <= microtime(true)) {
            unset($waiting[$i]);
            $send($delivery);
        }
    }
    while ($next < count($list) && count($flying) < (int) $atOnce) {
        [$type, $user, $email, $to] = $list[$next];
        $change($type, (int) $user, $email);
        $data = ['id' => (int) $user, 'email' => $email, 'username' => "user$user", 'first_name' => "First$user",
            'last_name' => "Last$user"];
        $body = Userlink\Event::encode(Userlink\Event::build($settings, $type, $hooks[$type], $data, 0));
        foreach ($to === 'all' ? array_keys($addresses) : [(int) $to] as $address) {
            $send(['event' => $next, 'to' => $address, 'body' => $body]);
        }
        $next++;
    }
    curl_multi_exec($all, $running);
    curl_multi_select($all, 0.02);
    while ($info = curl_multi_info_read($all)) {
        $call = $info['handle'];
        $delivery = $flying[spl_object_id($call)];
        unset($flying[spl_object_id($call)]);
        $status = curl_getinfo($call, CURLINFO_RESPONSE_CODE);
        $text = (string) curl_multi_getcontent($call);
        $answer = json_decode($text, true);
        curl_multi_remove_handle($all, $call);
        if ($status === 200) {
            $what = "$answer[outcome]/$answer[reason]";
            $answers[$what] = ($answers[$what] ?? 0) + 1;
            $said[$delivery['event']][] = $text;
            continue;
        }
        $what = "$status " . ($answer['error']['code'] ?? '');
        $errors[$what] = ($errors[$what] ?? 0) + 1;
        if (microtime(true) > $deadline) {
            break 2;
        }
        unset($delivery['call']);
        $waiting[] = ['due' => microtime(true) + 2] + $delivery;
    }
}
ksort($answers);
ksort($errors);
$different = count(array_filter($said, function (array $texts): bool {
    return count(array_unique($texts)) > 1;
}));
echo json_encode(['events' => count($said), 'answers' => $answers, 'errors' => $errors, 'different' => $different]), "\n";
