<?php

/**
 * @package     Userlink
 * @license     GNU General Public License version 2 or later
 */

namespace Userlink\Component\Userlink\Administrator;

use Joomla\CMS\Component\ComponentHelper;
use Joomla\CMS\Factory;
use Joomla\CMS\Log\Log;
use Joomla\Database\DatabaseFactory;
use Joomla\Database\DatabaseInterface;
use Userlink\Client;
use Userlink\Settings;

// phpcs:disable PSR1.Files.SideEffects
\defined('_JEXEC') or die;

require_once JPATH_ADMINISTRATOR . '/components/com_userlink/shared/php/autoload.php';
// phpcs:enable PSR1.Files.SideEffects

/** Where the sidecar is, and the way to it. */
final class Sidecar
{
    private static ?DatabaseInterface $database = null;

    /**
     * configuration.php wins, then the environment, then the component's options. The key stands in a file alone:
     * Joomla's System Information page shows what is in configuration.php and in the environment.
     */
    public static function settings(): Settings
    {
        $file = self::option('key_file');

        return new Settings(
            self::option('site', 'main'),
            self::option('address', '127.0.0.1:7780'),
            self::option('key_id'),
            // That it cannot be read is told by Settings::problem().
            $file === '' ? '' : (string) @file_get_contents($file)
        );
    }

    private static function option(string $name, string $default = ''): string
    {
        $values = [
            Factory::getApplication()->get('userlink_' . $name),
            getenv('USERLINK_' . strtoupper($name)),
            $default === '' ? '' : ComponentHelper::getParams('com_userlink')->get($name),
        ];
        foreach ($values as $value) {
            if (\is_string($value) && trim($value) !== '') {
                return trim($value);
            }
        }

        return $default;
    }

    public static function outbox(): Outbox
    {
        return new Outbox(self::database());
    }

    public static function client(): Client
    {
        return new Client(self::settings(), self::outbox(), [self::class, 'log']);
    }

    /**
     * A connection of our own: it sees only what is committed, so that nothing is told that may still be rolled back,
     * and what it writes stays, whatever becomes of the request. Joomla's container gives everybody the same one.
     */
    public static function database(): DatabaseInterface
    {
        if (self::$database === null) {
            $config  = Factory::getContainer()->get('config');
            $options = ['utf8mb4' => true, 'charset' => 'utf8mb4', 'database' => $config->get('db'), 'prefix' => $config->get('dbprefix')];
            foreach (['host', 'user', 'password'] as $name) {
                $options[$name] = $config->get($name);
            }
            if ((int) $config->get('dbencryption') !== 0) {
                $options['ssl'] = ['enable' => true, 'verify_server_cert' => (bool) $config->get('dbsslverifyservercert')];
                foreach (['cipher', 'ca', 'key', 'cert'] as $name) {
                    $options['ssl'] += array_filter([$name => trim($config->get('dbssl' . $name, ''))]);
                }
            }
            $joomla         = Factory::getContainer()->get(DatabaseInterface::class);
            self::$database = (new DatabaseFactory())->getDriver($joomla->getName(), $options);
        }

        return self::$database;
    }

    /** For Client: to Joomla's log, category `userlink`. */
    public static function log(string $level, string $message, array $context = []): void
    {
        Log::add(trim($message . ' ' . json_encode($context)), $level === 'error' ? Log::ERROR : Log::WARNING, 'userlink');
    }
}
