<?php

declare(strict_types=1);

namespace Userlink;

/**
 * One HTTP/1.1 request over TCP or a unix socket, with one time budget over connecting, writing and reading.
 * Raw sockets, because no HTTP client of a CMS speaks to unix sockets and keeps such a budget.
 */
final class Transport
{
    /** Bytes that an answer may have, head and body. */
    public const MAX_ANSWER = 2097152;

    private const MAX_HEAD = 16384;

    private string $target;
    private string $host;

    /** @param string $address as in Settings */
    public function __construct(string $address)
    {
        $this->target = self::target($address);
        $this->host = strncmp($this->target, 'tcp://', 6) === 0 ? substr($this->target, 6) : 'localhost';
    }

    /** The address as PHP's sockets want it (`tcp://host:port`, `unix:///path`), or empty if it is not understood. */
    public static function target(string $address): string
    {
        if (preg_match('#^unix:(?://)?(/[^\x00-\x20]+)\z#', $address, $m) === 1) {
            return 'unix://' . $m[1];
        }
        $known = preg_match('#^(?:http://)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})/?\z#', $address, $m) === 1;
        return $known && $m[2] >= 1 && $m[2] <= 65535 ? 'tcp://' . $m[1] . ':' . $m[2] : '';
    }

    /**
     * @param string                $path    path and query
     * @param array<string, string> $headers besides Host, Connection and Content-Length
     * @param float                 $connect seconds for connecting (looking up a host's name is not counted by PHP)
     * @param float                 $total   seconds for all of it
     * @return array{status: int, body: string} any answer that is HTTP, whatever its status
     * @throws \RuntimeException its message is a code: `address_invalid`, `connect_failed`, `timeout`,
     *                           `answer_cut_off`, `answer_too_large`, `answer_not_http`
     */
    public function request(
        string $method,
        string $path,
        array $headers,
        string $body,
        float $connect,
        float $total
    ): array {
        $deadline = hrtime(true) + (int) ($total * 1e9);
        $headers += ['Host' => $this->host, 'Connection' => 'close', 'Content-Length' => (string) strlen($body)];
        $head = $method . ' ' . $path . " HTTP/1.1\r\n";
        foreach ($headers as $name => $value) {
            $head .= $name . ': ' . $value . "\r\n";
        }
        // The sockets tell of failures by warnings, which a CMS would show, log or turn into exceptions.
        set_error_handler(static function (): bool {
            return true;
        });
        $stream = false;
        try {
            $stream = $this->connect(min($connect, $total));
            self::write($stream, $head . "\r\n" . $body, $deadline);
            return self::read($stream, $deadline);
        } finally {
            if (is_resource($stream)) {
                fclose($stream);
            }
            restore_error_handler();
        }
    }

    /** @return resource */
    private function connect(float $seconds)
    {
        if ($this->target === '') {
            throw new \RuntimeException('address_invalid');
        }
        $from = hrtime(true);
        $stream = stream_socket_client($this->target, $number, $text, $seconds);
        if ($stream === false) {
            throw new \RuntimeException(hrtime(true) - $from < $seconds * 1e9 ? 'connect_failed' : 'timeout');
        }
        stream_set_blocking($stream, false);
        return $stream;
    }

    /** @param resource $stream */
    private static function write($stream, string $bytes, int $deadline): void
    {
        while ($bytes !== '') {
            self::wait($stream, true, $deadline);
            $written = fwrite($stream, $bytes);
            if ($written === false) {
                return; // closed early; it may have answered before that
            }
            $bytes = (string) substr($bytes, $written);
        }
    }

    /** @param resource $stream */
    private static function read($stream, int $deadline): array
    {
        $raw = '';
        do {
            self::wait($stream, false, $deadline);
            $piece = (string) fread($stream, 65536);
            $raw .= $piece;
            if (strlen($raw) > self::MAX_ANSWER) {
                throw new \RuntimeException('answer_too_large');
            }
            $answer = self::parse($raw, $piece === '' && feof($stream));
        } while ($answer === null);
        return $answer;
    }

    /**
     * Waits until the stream can be written or read.
     *
     * @param resource $stream
     */
    private static function wait($stream, bool $forWriting, int $deadline): void
    {
        do {
            $left = intdiv($deadline - hrtime(true), 1000);
            if ($left <= 0) {
                throw new \RuntimeException('timeout');
            }
            $read = $forWriting ? null : [$stream];
            $write = $forWriting ? [$stream] : null;
            $none = null;
            // False: a signal came in between, for instance.
            $ready = stream_select($read, $write, $none, intdiv($left, 1000000), $left % 1000000);
        } while (!$ready);
    }

    /** The answer, or null while it is not complete. */
    private static function parse(string $raw, bool $ended): ?array
    {
        $parts = explode("\r\n\r\n", $raw, 2);
        if (strncmp($raw, 'HTTP/1.', min(7, strlen($raw))) !== 0 || strlen($parts[0]) > self::MAX_HEAD) {
            throw new \RuntimeException('answer_not_http');
        }
        $body = null;
        if (isset($parts[1])) {
            if (preg_match('#^HTTP/1\.[01] ([2-5]\d\d)(?: |\r|\z)#', $parts[0], $status) !== 1) {
                throw new \RuntimeException('answer_not_http');
            }
            $body = self::body($parts[0], $parts[1], $ended);
        }
        if ($body === null && $ended) {
            throw new \RuntimeException('answer_cut_off');
        }
        return $body === null ? null : ['status' => (int) $status[1], 'body' => $body];
    }

    private static function body(string $head, string $rest, bool $ended): ?string
    {
        if (preg_match('/^transfer-encoding:[ \t]*chunked[ \t]*\r?$/mi', $head) === 1) {
            return self::chunks($rest);
        }
        if (preg_match('/^content-length:[ \t]*([^\r\n]*?)[ \t]*\r?$/mi', $head, $length) !== 1) {
            return $ended ? $rest : null;
        }
        if (preg_match('/^\d{1,9}\z/', $length[1]) !== 1) {
            throw new \RuntimeException('answer_not_http');
        }
        return strlen($rest) >= $length[1] ? substr($rest, 0, (int) $length[1]) : null;
    }

    /** Puts a chunked body together; null while the last chunk is not there. */
    private static function chunks(string $rest): ?string
    {
        $body = '';
        while (($end = strpos($rest, "\r\n")) !== false) {
            if (preg_match('/^([0-9A-Fa-f]{1,7})[ \t]*(?:;.*)?\z/', substr($rest, 0, $end), $size) !== 1) {
                throw new \RuntimeException('answer_not_http');
            }
            $length = (int) hexdec($size[1]);
            if ($length === 0) {
                return $body;
            }
            if (strlen($rest) < $end + 2 + $length + 2) {
                return null;
            }
            $body .= substr($rest, $end + 2, $length);
            $rest = substr($rest, $end + 2 + $length + 2);
        }
        return null;
    }
}
