<?php

declare(strict_types=1);

namespace Userlink\Tests;

/** Section 4 of the contract once more, to judge what Event::build() makes. The vectors judge this class in turn. */
final class EventShape
{
    private const TEXTS = ['email' => 254, 'username' => 255, 'first_name' => 400, 'last_name' => 400, 'name' => 400, 'language' => 35];

    /** What is wrong with the event; empty if nothing is. */
    public static function problem(string $json): string
    {
        $e = json_decode($json);
        if (!is_object($e)) {
            return 'not an object';
        }
        $types = ['user.registered', 'user.updated', 'user.logged_in', 'user.deleted', 'civicrm.transaction'];
        return self::members($e, ['specversion', 'id', 'source', 'type', 'time', 'datacontenttype', 'data'], [])
            ?: self::unless($e->specversion === '1.0', 'specversion')
            ?: self::unless(is_string($e->id) && preg_match('/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\z/i', $e->id) === 1, 'id')
            ?: self::unless(is_string($e->source) && $e->source !== '', 'source')
            ?: self::unless(in_array($e->type, $types, true), 'type')
            ?: self::unless(self::instant($e->time, 'Z'), 'time')
            ?: self::unless($e->datacontenttype === 'application/json', 'datacontenttype')
            ?: self::unless(is_object($e->data), 'data')
            ?: self::members($e->data, ['hook', 'user'], ['actor'])
            ?: self::unless(self::text($e->data->hook, 64) && $e->data->hook !== '', 'hook')
            ?: self::unless(is_object($e->data->user), 'user')
            ?: self::user($e->data->user)
            ?: (property_exists($e->data, 'actor') ? self::actor($e->data->actor) : '');
    }

    private static function user(object $u): string
    {
        $optional = array_merge(array_keys(self::TEXTS), ['status', 'roles', 'registered_at']);
        $wrong = self::members($u, ['id'], $optional) ?: self::unless(self::id($u->id, 1), 'user.id');
        foreach (self::TEXTS as $name => $max) {
            $wrong = $wrong ?: self::unless(!property_exists($u, $name) || self::text($u->$name, $max), $name);
        }
        foreach (property_exists($u, 'roles') && is_array($u->roles) ? $u->roles : [] as $role) {
            $wrong = $wrong ?: self::unless(self::text($role, 255), 'a role');
        }
        $at = property_exists($u, 'registered_at') ? $u->registered_at : '';
        $roles = property_exists($u, 'roles') ? $u->roles : [];
        $status = property_exists($u, 'status') ? $u->status : '';
        return $wrong
            ?: self::unless(in_array($status, ['', 'active', 'blocked', 'pending'], true), 'status')
            ?: self::unless(is_array($roles) && count($roles) <= 100, 'roles')
            ?: self::unless($at === '' || self::instant($at, '(?:Z|[+-]\d\d:\d\d)'), 'registered_at');
    }

    /** @param mixed $actor */
    private static function actor($actor): string
    {
        return self::unless(is_object($actor), 'actor')
            ?: self::members($actor, [], ['user_id'])
            ?: self::unless(!property_exists($actor, 'user_id') || self::id($actor->user_id, 0), 'actor.user_id');
    }

    private static function members(object $o, array $required, array $optional): string
    {
        $names = array_map('strval', array_keys(get_object_vars($o)));
        $missing = array_diff($required, $names);
        $unknown = array_diff($names, $required, $optional);
        return $missing !== [] ? 'missing: ' . implode(', ', $missing) : ($unknown !== [] ? 'unknown: ' . implode(', ', $unknown) : '');
    }

    private static function unless(bool $right, string $what): string
    {
        return $right ? '' : $what;
    }

    /** @param mixed $value */
    private static function id($value, int $min): bool
    {
        return is_int($value) && $value >= $min && $value <= 4294967295;
    }

    /** @param mixed $value */
    private static function text($value, int $max): bool
    {
        return is_string($value) && preg_match('/^[^\x00]{0,' . $max . '}\z/u', $value) === 1;
    }

    /** @param mixed $value */
    private static function instant($value, string $zone): bool
    {
        return is_string($value)
            && preg_match('/^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?' . $zone . '\z/', $value, $m) === 1
            && checkdate((int) $m[2], (int) $m[3], (int) $m[1]) && $m[4] < 24 && $m[5] < 60 && $m[6] < 60;
    }
}
