<?php

/**
 * Runs PHP inside an installed Joomla, as its console would: php run.php ROOT FILE|CODE [ARGUMENT…].
 * The code finds its arguments in $arguments, the connection in $db, and user() loads a user by login.
 *
 * @package     Userlink
 * @license     GNU General Public License version 2 or later
 */

use Joomla\CMS\Factory;
use Joomla\CMS\Plugin\PluginHelper;
use Joomla\CMS\User\User;
use Joomla\Database\DatabaseInterface;

define('_JEXEC', 1);
define('JPATH_BASE', $argv[1]);
$arguments = array_slice($argv, 3);
$_SERVER   = ['HTTP_HOST' => 'localhost', 'REQUEST_URI' => '/', 'SCRIPT_NAME' => '/index.php'] + $_SERVER;
require JPATH_BASE . '/includes/defines.php';
require JPATH_BASE . '/includes/framework.php';

$container = Factory::getContainer();
foreach (['session', 'JSession', 'Joomla\CMS\Session\Session', 'Joomla\Session\Session', 'Joomla\Session\SessionInterface'] as $name) {
    $container->alias($name, 'session.cli');
}
$app = Factory::$application = $container->get(Joomla\Console\Application::class);
$app->createExtensionNamespaceMap();
PluginHelper::importPlugin('system', null, true, $app->getDispatcher());
$db = $container->get(DatabaseInterface::class);

function user(string $login): User
{
    return new User((int) Joomla\CMS\User\UserHelper::getUserId($login));
}

if (is_file($argv[2])) {
    require $argv[2];
} else {
    eval($argv[2]);
}
