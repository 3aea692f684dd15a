<?php

declare(strict_types=1);

namespace Userlink\Tests;

use Userlink\Client;
use Userlink\Event;
use Userlink\Settings;

/** A client with its outbox and what it logs. */
final class Bench
{
    public MemoryOutbox $outbox;
    public Settings $settings;
    public Client $client;
    /** @var array<int, array{0: string, 1: string, 2: array}> */
    public array $log = [];

    public function __construct(Settings $settings, ?MemoryOutbox $outbox = null)
    {
        $this->settings = $settings;
        $this->outbox = $outbox ?? new MemoryOutbox();
        $this->client = new Client($settings, $this->outbox, function (string $level, string $message, array $context): void {
            $this->log[] = [$level, $message, $context];
        });
    }

    public function event(int $user = 42, string $type = 'user.registered'): array
    {
        return Event::build($this->settings, $type, 'hook', ['id' => $user, 'email' => 'jane@example.org', 'name' => 'Zoë / 山田'], 1);
    }

    /** The levels and codes that were logged, and that no line says too much. */
    public function logged(): array
    {
        $text = json_encode($this->log, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
        foreach ([FakeSidecar::SECRET, 'jane', 'example.org', 'Zoë', 'Bearer', 'eyJ'] as $secret) {
            check(strpos($text, $secret) === false, 'the log tells ' . $secret . ': ' . $text);
        }
        return array_map(static function (array $line): array {
            return [$line[0], $line[2]['code'] ?? ($line[2]['exception'] ?? '')];
        }, $this->log);
    }
}
