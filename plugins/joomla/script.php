<?php

/**
 * @package     Userlink
 * @license     GNU General Public License version 2 or later
 */

use Joomla\CMS\Factory;
use Joomla\CMS\Installer\InstallerScript;
use Joomla\CMS\MVC\Factory\MVCFactoryInterface;
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
        try {
            $db    = $this->database();
            $table = $this->scheduler()->createTable('Task', 'Administrator');
            // Since Joomla 5.3 each run of a task is written down.
            $logged = \in_array($db->getPrefix() . 'scheduler_logs', $db->getTableList(), true);
            foreach ($db->setQuery("SELECT id FROM #__scheduler_tasks WHERE type = 'userlink.flush'")->loadColumn() as $id) {
                $table->delete((int) $id);
                $logged && $db->setQuery('DELETE FROM #__scheduler_logs WHERE jobid = ' . (int) $id)->execute();
            }
        } catch (\Throwable $e) {
            Factory::getApplication()->enqueueMessage('Take away the task "userlink: send what waits" under System, Scheduled Tasks.', 'warning');
        }
    }

    /** What waits is sent every five minutes. Without this task the events would be kept, but not sent. */
    private function addTask(): void
    {
        $task = [
            'title'           => 'userlink: send what waits',
            'type'            => 'userlink.flush',
            'execution_rules' => ['rule-type' => 'interval-minutes', 'interval-minutes' => 5, 'exec-time' => '00:00', 'exec-day' => '01'],
            'state'           => 1,
            'params'          => ['individual_log' => false, 'log_file' => '', 'notifications' => []],
        ];
        try {
            $made = $this->scheduler()->createModel('Task', 'Administrator', ['ignore_request' => true])->save($task);
        } catch (\Throwable $e) {
            $made = false; // Another plugin may fail; the rest is installed all the same.
        }
        if (!$made) {
            Factory::getApplication()->enqueueMessage(
                'The scheduled task "userlink: send what waits" could not be made. Add it under System, Scheduled Tasks.',
                'warning'
            );
        }
    }

    private function scheduler(): MVCFactoryInterface
    {
        return Factory::getApplication()->bootComponent('com_scheduler')->getMVCFactory();
    }

    private function database(): DatabaseInterface
    {
        return Factory::getContainer()->get(DatabaseInterface::class);
    }
}
