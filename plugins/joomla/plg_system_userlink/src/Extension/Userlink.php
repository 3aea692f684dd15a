<?php

/**
 * @package     Userlink
 * @license     GNU General Public License version 2 or later
 */

namespace Userlink\Plugin\System\Userlink\Extension;

use Joomla\Application\ApplicationEvents;
use Joomla\Application\Event\ApplicationEvent;
use Joomla\CMS\Application\ConsoleApplication;
use Joomla\CMS\Plugin\CMSPlugin;
use Joomla\Event\SubscriberInterface;
use Userlink\Component\Userlink\Administrator\Command;
use Userlink\Component\Userlink\Administrator\Controller\DisplayController;
use Userlink\Component\Userlink\Administrator\Events;

// phpcs:disable PSR1.Files.SideEffects
\defined('_JEXEC') or die;
// phpcs:enable PSR1.Files.SideEffects

/** The first transaction with CiviCRM, and the console commands. */
final class Userlink extends CMSPlugin implements SubscriberInterface
{
    public static function getSubscribedEvents(): array
    {
        return ['onAfterRoute' => 'afterRoute', ApplicationEvents::BEFORE_EXECUTE => 'addCommands'];
    }

    /** By now the component is known and has not begun. */
    public function afterRoute(): void
    {
        $app = $this->getApplication();
        if (!$app->isClient('site') && !$app->isClient('administrator')) {
            return;
        }
        $option = $app->getInput()->getCmd('option');
        $user   = $app->getIdentity();
        if ($option === 'com_civicrm' && $user && $user->id) {
            Events::quietly(function () use ($app, $user): void {
                $session = $app->getSession();
                // During its upgrade CiviCRM does not link either.
                $upgrades = strpos($app->getInput()->getString('task', ''), 'civicrm/upgrade') === 0;
                if (!$upgrades && $session->get('userlink.told') !== $user->id && Events::transaction((int) $user->id, 'onAfterRoute')) {
                    $session->set('userlink.told', $user->id);
                }
            });
        } elseif ($option === 'com_userlink' && $app->getInput()->getCmd('task') === 'relay' && (!$user || !$user->id)) {
            // Joomla would answer with its login form, which the page cannot read.
            DisplayController::answer($app, 401, ['error' => ['code' => 'session_expired', 'message' => 'Nobody is logged in.']]);
        }
    }

    public function addCommands(ApplicationEvent $event): void
    {
        $app = $event->getApplication();
        if ($app instanceof ConsoleApplication) {
            Events::quietly(static function () use ($app): void {
                foreach (array_keys(Command::DESCRIPTIONS) as $verb) {
                    $app->addCommand(new Command($verb));
                }
            });
        }
    }
}
