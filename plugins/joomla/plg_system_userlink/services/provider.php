<?php

/**
 * @package     Userlink
 * @license     GNU General Public License version 2 or later
 */

use Joomla\CMS\Extension\PluginInterface;
use Joomla\CMS\Factory;
use Joomla\CMS\Plugin\PluginHelper;
use Joomla\DI\Container;
use Joomla\DI\ServiceProviderInterface;
use Joomla\Event\DispatcherInterface;
use Userlink\Plugin\System\Userlink\Extension\Userlink;

// phpcs:disable PSR1.Files.SideEffects
\defined('_JEXEC') or die;
// phpcs:enable PSR1.Files.SideEffects

return new class () implements ServiceProviderInterface {
    public function register(Container $container): void
    {
        $container->set(
            PluginInterface::class,
            static function (Container $container): Userlink {
                $dispatcher = $container->get(DispatcherInterface::class); // Joomla 4 wants it.
                $plugin     = new Userlink($dispatcher, (array) PluginHelper::getPlugin('system', 'userlink'));
                $plugin->setApplication(Factory::getApplication());

                return $plugin;
            }
        );
    }
};
