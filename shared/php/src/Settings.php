<?php

declare(strict_types=1);

namespace Userlink;

/** Where the sidecar is and how this site signs. Never throws; what is wrong is told by problem(). */
final class Settings
{
    private string $site;
    private string $address;
    private string $keyId;
    private string $secret;

    /**
     * @param string $site    site id, as in the sidecar's configuration
     * @param string $address `127.0.0.1:7780`, the same with `http://` before it, `[::1]:7780` or `unix:/path`
     * @param string $keyId   id of the key
     * @param string $secret  text of the key file; its last newline does not count; at least 32 bytes
     */
    public function __construct(string $site, string $address, string $keyId, string $secret)
    {
        $this->site = $site;
        $this->address = trim($address);
        $this->keyId = $keyId;
        $this->secret = (string) preg_replace('/\r?\n\z/', '', $secret);
    }

    public function site(): string
    {
        return $this->site;
    }

    public function address(): string
    {
        return $this->address;
    }

    public function keyId(): string
    {
        return $this->keyId;
    }

    /** The HMAC key. Never log or print it. */
    public function secret(): string
    {
        return $this->secret;
    }

    /** Empty when all is there, else the first of `site_missing`, `address_invalid`, `key_missing`, `key_too_short`. */
    public function problem(): string
    {
        if ($this->site === '') {
            return 'site_missing';
        }
        if (Transport::target($this->address) === '') {
            return 'address_invalid';
        }
        if ($this->keyId === '' || $this->secret === '') {
            return 'key_missing';
        }
        return strlen($this->secret) < 32 ? 'key_too_short' : '';
    }

    /** var_dump() and print_r() must not show the secret. */
    public function __debugInfo(): array
    {
        return ['site' => $this->site, 'address' => $this->address, 'keyId' => $this->keyId];
    }
}
