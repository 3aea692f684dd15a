<?php

declare(strict_types=1);

namespace Userlink\Tests;

use Userlink\Settings;

/** Starts fake-sidecar.php, tells it how to treat each connection, and keeps what it was sent. */
final class FakeSidecar
{
    public const SECRET = 'the secret of the tests, 32 bytes or more';

    /** Where it listens, as Settings take it. */
    public string $address;

    /** @var resource */
    private $process;
    /** @var array<int, resource> */
    private array $pipes = [];

    public function __construct(bool $unix = false)
    {
        $path = sys_get_temp_dir() . '/ul' . bin2hex(random_bytes(6)) . '.sock';
        $listen = $unix ? 'unix://' . $path : 'tcp://127.0.0.1:0';
        $command = [PHP_BINARY, __DIR__ . '/fake-sidecar.php', $listen];
        $this->process = proc_open($command, [['pipe', 'r'], ['pipe', 'w'], STDERR], $this->pipes);
        $listening = trim((string) fgets($this->pipes[1]));
        $this->address = $unix ? 'unix:' . $path : $listening;
        check($listening !== '', 'the fake sidecar does not start');
    }

    public function __destruct()
    {
        $this->stop();
    }

    /** From here on nobody listens at the address. */
    public function stop(): void
    {
        if (is_resource($this->process)) {
            foreach ($this->pipes as $pipe) {
                fclose($pipe);
            }
            proc_terminate($this->process);
            proc_close($this->process);
            if (strncmp($this->address, 'unix:', 5) === 0) {
                @unlink(substr($this->address, 5));
            }
        }
    }

    public function settings(): Settings
    {
        return new Settings('main', $this->address, 'main-1', self::SECRET);
    }

    /**
     * What to do with the next connection.
     *
     * @param string $answer raw bytes
     * @param string $how    `answer`; `bytewise`; `trickle` (too slowly to ever end); `hold` (answer, then wait until the
     *                       client goes); `slam` (close without reading)
     */
    public function next(string $answer, string $how = 'answer'): void
    {
        fwrite($this->pipes[0], json_encode(['how' => $how, 'answer' => base64_encode($answer)]) . "\n");
    }

    public function nextJson(int $status, array $body): void
    {
        $this->next(self::http($status, json_encode($body)));
    }

    public function nextError(int $status, string $code): void
    {
        $this->nextJson($status, ['error' => ['code' => $code, 'message' => 'It is so.', 'request_id' => 'r-1']]);
    }

    public function nextGood(): void
    {
        $this->nextJson(200, self::answer());
    }

    public static function answer(): array
    {
        return ['outcome' => 'linked', 'reason' => 'email_primary', 'contact_id' => 7, 'actions' => ['link.created']];
    }

    public static function http(int $status, string $body, string $headers = ''): string
    {
        return 'HTTP/1.1 ' . $status . " Whatever\r\nContent-Type: application/json\r\nContent-Length: " . strlen($body) . "\r\n" . $headers
            . "Connection: close\r\n\r\n" . $body;
    }

    /** The next request that arrived, in order: method, path, query, headers (lower-case names), body, and claims, verified. */
    public function request(): array
    {
        $read = [$this->pipes[1]];
        $none = null;
        check(stream_select($read, $none, $none, 20) === 1, 'no request arrived');
        $raw = json_decode((string) fgets($this->pipes[1]), true);
        $lines = explode("\r\n", base64_decode($raw['head']));
        [$method, $target, $version] = explode(' ', array_shift($lines));
        same('HTTP/1.1', $version);
        $headers = [];
        foreach ($lines as $line) {
            [$name, $value] = explode(': ', $line, 2);
            $headers[strtolower($name)] = $value;
        }
        [$path, $query] = explode('?', $target . '?');
        $request = ['method' => $method, 'path' => $path, 'query' => $query, 'headers' => $headers, 'body' => base64_decode($raw['body'])];
        return $request + ['claims' => self::verify($request)];
    }

    /** Whether there are requests that were not looked at. */
    public function isQuiet(): bool
    {
        $read = [$this->pipes[1]];
        $none = null;
        return stream_select($read, $none, $none, 0) === 0;
    }

    /** Checks the token as section 2 of the contract wants it, and returns its claims. */
    private static function verify(array $request): array
    {
        check(preg_match('/^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)\z/', $request['headers']['authorization'], $part) === 1, 'no bearer token');
        $decode = static function (string $text): string {
            return base64_decode(strtr($text, '-_', '+/'));
        };
        same(hash_hmac('sha256', $part[1] . '.' . $part[2], self::SECRET, true), $decode($part[3]), 'signature');
        same(['alg' => 'HS256', 'typ' => 'JWT', 'kid' => 'main-1'], json_decode($decode($part[1]), true));
        $claims = json_decode($decode($part[2]), true);
        $expected = ['iss' => 'main', 'aud' => 'userlink', 'iat' => $claims['iat'], 'exp' => $claims['iat'] + 60,
            'jti' => $claims['jti'], 'htm' => $request['method'], 'htu' => $request['path']];
        if ($request['query'] !== '') {
            $expected['qsh'] = hash('sha256', $request['query']);
        }
        $expected['body_sha256'] = hash('sha256', $request['body']);
        if ($request['path'] !== '/v1/events') {
            $expected += ['scope' => 'admin', 'sub' => $claims['sub']];
            check(preg_match('/^[1-9]\d*\z/', $claims['sub']) === 1, 'sub is no id');
        }
        same($expected, $claims, 'claims');
        check(abs(time() - $claims['iat']) <= 30, 'iat is not now');
        check(preg_match('/^[\w-]{16,64}\z/', $claims['jti']) === 1, 'jti has not its form');
        same((string) strlen($request['body']), $request['headers']['content-length'], 'Content-Length');
        same('close', $request['headers']['connection'], 'Connection');
        return $claims;
    }
}
