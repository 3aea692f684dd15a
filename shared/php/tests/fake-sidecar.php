<?php

// A sidecar that does as it is told, for the tests: php fake-sidecar.php tcp://127.0.0.1:0 or unix:///path
// Prints its address, then one line of JSON for each request. Reads one line of JSON for each connection that it is to
// accept; a connection for which there is none yet waits, accepted by the kernel alone.

declare(strict_types=1);

$server = stream_socket_server($argv[1]);
echo stream_socket_get_name($server, false), "\n";
while (($line = fgets(STDIN)) !== false) {
    $todo = json_decode($line, true);
    $client = stream_socket_accept($server, 60);
    if ($client === false) {
        exit(1);
    }
    if ($todo['how'] === 'slam') {
        fclose($client);
        continue;
    }
    $raw = '';
    while (strpos($raw, "\r\n\r\n") === false) {
        $raw .= fread($client, 65536);
    }
    [$head, $body] = explode("\r\n\r\n", $raw, 2);
    preg_match('/^Content-Length: (\d+)/mi', $head, $length);
    while (strlen($body) < $length[1]) {
        $body .= fread($client, 65536);
    }
    echo json_encode(['head' => base64_encode($head), 'body' => base64_encode($body)]), "\n";

    $answer = base64_decode($todo['answer']);
    if ($todo['how'] === 'bytewise') {
        foreach (str_split($answer) as $byte) {
            fwrite($client, $byte);
        }
    } elseif ($todo['how'] === 'trickle') {
        foreach (str_split($answer) as $byte) {
            $read = [$client];
            $none = null;
            fwrite($client, $byte);
            // One byte now and then, until the client has had enough.
            if (stream_select($read, $none, $none, 0, 50000) === 1) {
                break;
            }
        }
    } else {
        // The client may be gone in the middle of a large answer.
        @fwrite($client, $answer);
        if ($todo['how'] === 'hold') {
            fread($client, 1);
        }
    }
    fclose($client);
}
