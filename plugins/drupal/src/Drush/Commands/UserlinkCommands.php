<?php

namespace Drupal\userlink\Drush\Commands;

use Drupal\Core\Entity\EntityTypeManagerInterface;
use Drupal\userlink\Sidecar;
use Drush\Attributes as CLI;
use Drush\Commands\DrushCommands;
use Symfony\Component\DependencyInjection\ContainerInterface;
use Userlink\Sync;

/**
 * Drush: userlink:sync, userlink:status and userlink:flush.
 */
class UserlinkCommands extends DrushCommands {

  /**
   * The sidecar.
   *
   * @var \Drupal\userlink\Sidecar
   */
  private Sidecar $sidecar;

  /**
   * Where users are read.
   *
   * @var \Drupal\Core\Entity\EntityTypeManagerInterface
   */
  private EntityTypeManagerInterface $entities;

  public function __construct(Sidecar $sidecar, EntityTypeManagerInterface $entities) {
    parent::__construct();
    $this->sidecar = $sidecar;
    $this->entities = $entities;
  }

  /**
   * Made by Drush.
   */
  public static function create(ContainerInterface $container): self {
    return new self($container->get('userlink.sidecar'), $container->get('entity_type.manager'));
  }

  /**
   * Synchronizes users to contacts: a preview, or with --apply the sync itself.
   */
  #[CLI\Command(name: 'userlink:sync')]
  #[CLI\Option(name: 'as', description: 'Name of the administrator who does it; CiviCRM keeps it in its Change Log.')]
  #[CLI\Option(name: 'apply', description: 'Link users and create contacts. Without it nothing is changed.')]
  #[CLI\Usage(name: 'drush userlink:sync --as=admin', description: 'Says what a sync would do.')]
  public function sync(array $options = ['as' => self::REQ, 'apply' => FALSE]): int {
    $actor = $this->actor($options['as']);
    $tick = function (array $job): void {
      $this->logger()->info("{$job['state']}: {$job['checked']} of {$job['total']}");
    };
    $job = (new Sync($this->sidecar->client()))->run((bool) $options['apply'], $actor, $tick);
    $problem = Sync::problem($job);
    return $this->end($problem === '', $problem === '' ? $job['message'] : $problem);
  }

  /**
   * Asks the sidecar how it is.
   */
  #[CLI\Command(name: 'userlink:status')]
  #[CLI\Option(name: 'as', description: 'Name of the administrator who asks.')]
  public function status(array $options = ['as' => self::REQ]): int {
    [$good, $text] = $this->sidecar->test($this->actor($options['as']));
    $this->output()->writeln('Waiting to be sent: ' . $this->sidecar->waiting() . ' events.');
    return $this->end($good, $text);
  }

  /**
   * Sends what waits in the outbox and is due.
   */
  #[CLI\Command(name: 'userlink:flush')]
  public function flush(): int {
    $count = $this->sidecar->client()->flush(10000, 300.0);
    return $this->end($count['kept'] === 0, "{$count['sent']} sent, {$count['kept']} kept, {$count['dropped']} dropped.");
  }

  /**
   * Id of the administrator of that name.
   */
  private function actor(?string $name): int {
    $users = $this->entities->getStorage('user')->loadByProperties(['name' => (string) $name]);
    $user = reset($users);
    if (!$user || !($user->hasPermission('synchronize users to contacts') || $user->hasPermission('administer CiviCRM'))) {
      throw new \Exception('Say who does it: --as=<name of an administrator>');
    }
    return (int) $user->id();
  }

  /**
   * Says how it went.
   */
  private function end(bool $good, string $text): int {
    $good ? $this->output()->writeln($text) : $this->logger()->error($text);
    return $good ? self::EXIT_SUCCESS : self::EXIT_FAILURE;
  }

}
