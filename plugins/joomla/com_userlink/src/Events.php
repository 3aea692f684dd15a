<?php

/**
 * @package     Userlink
 * @license     GNU General Public License version 2 or later
 */

namespace Userlink\Component\Userlink\Administrator;

use Joomla\CMS\Factory;
use Joomla\Event\Event;
use Joomla\Registry\Registry;
use Userlink\Event as Message;

// phpcs:disable PSR1.Files.SideEffects
\defined('_JEXEC') or die;
// phpcs:enable PSR1.Files.SideEffects

/** What happens to users is collected during the request and told to the sidecar when the visitor has the answer. */
final class Events
{
    /** @var array<int, array{type: string, hook: string, actor: int, user: array}> by user id */
    private static array $pending = [];

    /** Runs a handler. Joomla takes an exception for "the user was not saved", though the row is there. */
    public static function quietly(callable $handler): void
    {
        try {
            $handler();
        } catch (\Throwable $e) {
            self::lost($e);
        }
    }

    /** What an event carries. Joomla 4 has no event classes: there it is a list, in the same order. */
    public static function arguments(Event $event, string ...$getters): array
    {
        if (!method_exists($event, $getters[0])) {
            return array_values($event->getArguments());
        }

        return array_map(
            static function (string $getter) use ($event) {
                return $event->$getter();
            },
            $getters
        );
    }

    /**
     * Notes an event: one for each user and request, of the first type; but a deletion is the last word. What the user
     * looks like is read when the event is sent.
     *
     * @param   string  $type  Type of the event.
     * @param   string  $hook  Joomla's name for what happened.
     * @param   array   $user  The user as Joomla hands them over; `id` is enough.
     */
    public static function collect(string $type, string $hook, array $user): void
    {
        $id = (int) ($user['id'] ?? 0);
        if (self::$pending === []) {
            // In the second round, after all that others do at the end: the session must be stored by then.
            register_shutdown_function('register_shutdown_function', [self::class, 'send']);
        }
        if ($type === 'user.deleted' || !isset(self::$pending[$id])) {
            $actor              = Factory::getApplication()->getIdentity(); // None in the console.
            self::$pending[$id] = ['type' => $type, 'hook' => $hook, 'actor' => $actor ? (int) $actor->id : 0];
        }
        self::$pending[$id]['user'] = $user;
    }

    /** Sends what was collected. Whatever goes wrong here, the request was answered and the user saved. */
    public static function send(): void
    {
        $events        = self::$pending;
        self::$pending = [];
        $settings      = Sidecar::settings();
        if ($events === [] || $settings->problem() !== '') {
            return;
        }
        $deadline = microtime(true) + self::timeBudget();
        foreach ($events as $id => $event) {
            try {
                $user = self::read($id);
                if (self::isUndone($event, $user)) {
                    continue;
                }
                $user    = $user ?: self::describe($event['user'], []);
                $message = Message::build($settings, $event['type'], $event['hook'], $user, $event['actor']);
                if (microtime(true) < $deadline) {
                    Sidecar::client()->send($message);
                } else {
                    Sidecar::outbox()->add($message['id'], $id, Message::encode($message));
                }
            } catch (\Throwable $e) {
                self::lost($e);
            }
        }
    }

    /**
     * A transaction with CiviCRM is about to begin: tells it at once and waits, so that CiviCRM finds the link.
     *
     * @return  boolean  Whether it is told for this session. Not after a conflict, which may be solved at any time.
     */
    public static function transaction(int $id, string $hook): bool
    {
        $settings = Sidecar::settings();
        // While older events of this user wait, this one would only queue behind them, page after page.
        if ($settings->problem() !== '' || Sidecar::outbox()->hasUser($id)) {
            return false;
        }
        $answer = Sidecar::client()->send(Message::build($settings, 'civicrm.transaction', $hook, self::read($id), $id));

        return $answer !== null && $answer['outcome'] !== 'conflict';
    }

    /** Whether the event was rolled back, or somebody else has told a later one. */
    private static function isUndone(array $event, array $user): bool
    {
        if ($user === [] || $event['type'] === 'user.deleted') {
            return ($user === []) !== ($event['type'] === 'user.deleted');
        }

        return isset($event['user']['email']) && $event['user']['email'] !== $user['email'];
    }

    /** Lets the visitor go where PHP can, and says how many seconds all events of this request may take. */
    private static function timeBudget(): float
    {
        if (PHP_SAPI === 'cli') {
            return 30.0;
        }
        foreach (['fastcgi_finish_request', 'litespeed_finish_request'] as $finish) {
            if (\function_exists($finish) && $finish()) {
                return 5.0;
            }
        }

        return 1.0;
    }

    /** The user as the database has them; empty if there is none. */
    private static function read(int $id): array
    {
        $db   = Sidecar::database();
        $user = $db->setQuery("SELECT * FROM #__users WHERE id = $id")->loadAssoc();
        if (!$user) {
            return [];
        }
        $groups = 'SELECT g.title FROM #__usergroups g JOIN #__user_usergroup_map m ON m.group_id = g.id'
            . " WHERE m.user_id = $id ORDER BY g.id";

        return self::describe($user, $db->setQuery($groups)->loadColumn());
    }

    /** A row of #__users, or what Joomla hands over of a deleted user, as an event tells of them. */
    private static function describe(array $user, array $groups): array
    {
        $status = empty($user['activation']) ? 'blocked' : 'pending';

        return [
            'id'            => (int) $user['id'],
            'email'         => $user['email'] ?? '',
            'username'      => $user['username'] ?? '',
            'name'          => $user['name'] ?? '',
            'status'        => empty($user['block']) ? 'active' : $status,
            'roles'         => $groups,
            'language'      => (new Registry($user['params'] ?? ''))->get('language', ''),
            'registered_at' => $user['registerDate'] ?? '',
        ];
    }

    private static function lost(\Throwable $e): void
    {
        try {
            Sidecar::log('error', 'Event lost.', ['exception' => \get_class($e), 'at' => basename($e->getFile()) . ':' . $e->getLine()]);
        } catch (\Throwable $e) {
            // There is nowhere left to tell it.
        }
    }
}
