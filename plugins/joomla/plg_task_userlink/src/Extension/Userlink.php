<?php

/**
 * @package     Userlink
 * @license     GNU General Public License version 2 or later
 */

namespace Userlink\Plugin\Task\Userlink\Extension;

use Joomla\CMS\Plugin\CMSPlugin;
use Joomla\Component\Scheduler\Administrator\Event\ExecuteTaskEvent;
use Joomla\Component\Scheduler\Administrator\Task\Status;
use Joomla\Component\Scheduler\Administrator\Traits\TaskPluginTrait;
use Joomla\Event\SubscriberInterface;
use Userlink\Component\Userlink\Administrator\Sidecar;

// phpcs:disable PSR1.Files.SideEffects
\defined('_JEXEC') or die;
// phpcs:enable PSR1.Files.SideEffects

/** The outbox's timer, a task of Joomla's scheduler. */
final class Userlink extends CMSPlugin implements SubscriberInterface
{
    use TaskPluginTrait;

    private const TASKS_MAP = ['userlink.flush' => ['langConstPrefix' => 'PLG_TASK_USERLINK_FLUSH', 'method' => 'flush']];

    /** @var boolean */
    protected $autoloadLanguage = true;

    public static function getSubscribedEvents(): array
    {
        return ['onTaskOptionsList' => 'advertiseRoutines', 'onExecuteTask' => 'standardRoutineHandler'];
    }

    /** standardRoutineHandler calls it. */
    private function flush(ExecuteTaskEvent $event): int
    {
        $count = Sidecar::client()->flush(500, 20.0);
        $this->logTask(sprintf('%d sent, %d kept, %d dropped.', $count['sent'], $count['kept'], $count['dropped']));

        return Status::OK;
    }
}
