<?php

/**
 * @package     Userlink
 * @license     GNU General Public License version 2 or later
 */

namespace Userlink\Component\Userlink\Administrator;

use Joomla\CMS\Factory;
use Joomla\CMS\User\UserFactoryInterface;
use Joomla\Console\Command\AbstractCommand;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\OutputInterface;
use Symfony\Component\Console\Style\SymfonyStyle;
use Userlink\Connection;
use Userlink\Sync;

// phpcs:disable PSR1.Files.SideEffects
\defined('_JEXEC') or die;
// phpcs:enable PSR1.Files.SideEffects

/** php cli/joomla.php userlink:sync, userlink:status, userlink:flush. */
final class Command extends AbstractCommand
{
    public const DESCRIPTIONS = [
        'sync'   => 'Link Joomla users to CiviCRM contacts: a preview, or with --apply the synchronization itself',
        'status' => 'Ask the userlink sidecar how it is',
        'flush'  => 'Send the events that wait and are due',
    ];

    private string $verb;

    public function __construct(string $verb)
    {
        $this->verb = $verb;
        parent::__construct('userlink:' . $verb);
    }

    protected function configure(): void
    {
        $this->setDescription(self::DESCRIPTIONS[$this->verb]);
        if ($this->verb !== 'flush') {
            $this->addOption('user', null, InputOption::VALUE_REQUIRED, 'Login of an administrator: who does it');
        }
        if ($this->verb === 'sync') {
            $this->addOption('apply', null, InputOption::VALUE_NONE, 'Link users and create contacts. Without it nothing is changed');
        }
    }

    protected function doExecute(InputInterface $input, OutputInterface $output): int
    {
        $io    = new SymfonyStyle($input, $output);
        $actor = 0;
        if ($this->verb !== 'flush') {
            $users = Factory::getContainer()->get(UserFactoryInterface::class);
            $user  = $users->loadUserByUsername((string) $input->getOption('user'));
            if (!$user->id || !$user->authorise('userlink.sync', 'com_userlink')) {
                $io->error('Say who does it: --user=<login of somebody who may synchronize users to contacts>');

                return 1;
            }
            $actor = (int) $user->id;
        }

        return $this->{$this->verb}($io, $actor, $this->verb === 'sync' && $input->getOption('apply'));
    }

    private function sync(SymfonyStyle $io, int $actor, bool $apply): int
    {
        $bar    = null;
        $client = Sidecar::client(); // Loads the classes of the shared client.
        $job    = (new Sync($client))->run(
            $apply,
            $actor,
            static function (array $job) use ($io, &$bar): void {
                $bar = $bar ?? ($job['total'] > 0 ? $io->createProgressBar($job['total']) : null);
                $bar && $bar->setProgress($job['checked']);
            }
        );
        $bar && $io->newLine(2);
        $problem = Sync::problem($job);
        $problem === '' ? $io->success($job['message']) : $io->error($problem);

        return $problem === '' ? 0 : 1;
    }

    private function status(SymfonyStyle $io, int $actor): int
    {
        $io->writeln(sprintf('Waiting to be sent: %d events.', Sidecar::outbox()->count()));
        $client = Sidecar::client(); // Loads the classes of the shared client.
        $seen   = Connection::test($client, $actor);
        if ($seen['verdict'] !== 'good') {
            $text = 'The sidecar does not answer as it should: %s (%d %s, request %s).';
            $io->error(sprintf($text, $seen['verdict'], $seen['status'], $seen['code'], $seen['request']));

            return 1;
        }
        $text = 'The sidecar (version %s) answers. It sees %d users, %d of them linked, and %d conflicts.';
        $io->success(sprintf($text, $seen['version'], $seen['users'], $seen['linked'], $seen['conflicts']));

        return 0;
    }

    private function flush(SymfonyStyle $io): int
    {
        $count = Sidecar::client()->flush(10000, 300);
        $text  = sprintf('%d sent, %d kept, %d dropped.', $count['sent'], $count['kept'], $count['dropped']);
        $count['kept'] > 0 ? $io->warning($text) : $io->success($text);

        return 0;
    }
}
