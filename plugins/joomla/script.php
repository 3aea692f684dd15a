<?php

/**
 * @package     Userlink
 * @license     GNU General Public License version 2 or later
 */

use Joomla\CMS\Factory;
use Joomla\CMS\Installer\InstallerScript;
use Joomla\Database\DatabaseInterface;

// phpcs:disable PSR1.Files.SideEffects, PSR1.Classes.ClassDeclaration, Squiz.Classes.ValidClassName
\defined('_JEXEC') or die;
// phpcs:enable PSR1.Files.SideEffects

/** Switches the plugins on and makes the scheduled task; takes the task away again. The rest Joomla does itself. */
class Pkg_UserlinkInstallerScript extends InstallerScript
{
    protected $minimumPhp    = '7.4';
    protected $minimumJoomla = '4.4';

    /**
     * @param   string  $type    `install`, `update` or `uninstall`.
     * @param   object  $parent  Joomla's installer.
     */
    public function postflight($type, $parent): void
    {
        if ($type === 'install') {
            $this->database()->setQuery("UPDATE #__extensions SET enabled = 1 WHERE type = 'plugin' AND element = 'userlink'")->execute();
            $this->addTask();
        }
    }

    /**
     * @param   object  $parent  Joomla's installer.
     */
    public function uninstall($parent): void
    {
        $logs = "DELETE FROM #__scheduler_logs WHERE tasktype = 'userlink.flush'";
        $this->database()->setQuery("DELETE FROM #__scheduler_tasks WHERE type = 'userlink.flush'")->execute();
        // Joomla 4 keeps no such log.
        if (\in_array($this->database()->getPrefix() . 'scheduler_logs', $this->database()->getTableList(), true)) {
            $this->database()->setQuery($logs)->execute();
        }
    }

    /** What waits is sent every five minutes. Without this task the events would be kept, but not sent. */
    private function addTask(): void
    {
        $app   = Factory::getApplication();
        $model = $app->bootComponent('com_scheduler')->getMVCFactory()->createModel('Task', 'Administrator', ['ignore_request' => true]);
        $task  = [
            'title'           => 'userlink: send what waits',
            'type'            => 'userlink.flush',
            'execution_rules' => ['rule-type' => 'interval-minutes', 'interval-minutes' => 5, 'exec-time' => '00:00', 'exec-day' => '01'],
            'state'           => 1,
            'params'          => ['individual_log' => false, 'log_file' => '', 'notifications' => []],
        ];
        if (!$model->save($task)) {
            $app->enqueueMessage('The scheduled task "userlink: send what waits" could not be made. Add it under System, Scheduled Tasks.', 'warning');
        }
    }

    private function database(): DatabaseInterface
    {
        return Factory::getContainer()->get(DatabaseInterface::class);
    }
}
