<?php

/**
 * @package     Userlink
 * @license     GNU General Public License version 2 or later
 */

namespace Userlink\Plugin\User\Userlink\Extension;

use Joomla\CMS\Plugin\CMSPlugin;
use Joomla\Event\Event;
use Joomla\Event\SubscriberInterface;
use Userlink\Component\Userlink\Administrator\Events;

// phpcs:disable PSR1.Files.SideEffects
\defined('_JEXEC') or die;
// phpcs:enable PSR1.Files.SideEffects

/** What happens to users. The other event, the first transaction with CiviCRM, is the system plugin's. */
final class Userlink extends CMSPlugin implements SubscriberInterface
{
    /** Not onUserLogin: it comes for blocked users, too, and without an id. */
    public static function getSubscribedEvents(): array
    {
        return ['onUserAfterSave' => 'afterSave', 'onUserAfterDelete' => 'afterDelete', 'onUserAfterLogin' => 'afterLogin'];
    }

    public function afterSave(Event $event): void
    {
        Events::quietly(function () use ($event): void {
            [$user, $isNew, $saved] = Events::arguments($event, 'getUser', 'getIsNew', 'getSavingResult');
            if (!$saved) {
                return;
            }
            if (!$isNew) {
                Events::collect('user.updated', 'onUserAfterSave', $user);
            } elseif ($this->params->get('link_on_login')) {
                Events::collect('user.registered', 'onUserAfterSave', $user);
            } elseif ($this->getApplication()->getInput()->getCmd('option') === 'com_civicrm') {
                // To register through a CiviCRM profile is a transaction; CiviCRM links, and this finds out whether it did.
                Events::collect('civicrm.transaction', 'com_civicrm', $user);
            }
        });
    }

    /** Joomla tells it also when deleting failed. */
    public function afterDelete(Event $event): void
    {
        Events::quietly(static function () use ($event): void {
            [$user, $deleted] = Events::arguments($event, 'getUser', 'getDeletingResult');
            if ($deleted) {
                Events::collect('user.deleted', 'onUserAfterDelete', $user);
            }
        });
    }

    /** To the API every request is a login. */
    public function afterLogin(Event $event): void
    {
        Events::quietly(function () use ($event): void {
            [$options] = Events::arguments($event, 'getOptions');
            if ($this->params->get('link_on_login') && !$this->getApplication()->isClient('api')) {
                Events::collect('user.logged_in', 'onUserAfterLogin', ['id' => $options['user']->id ?? 0]);
            }
        });
    }
}
