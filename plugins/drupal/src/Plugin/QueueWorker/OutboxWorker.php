<?php

namespace Drupal\userlink\Plugin\QueueWorker;

use Drupal\Core\Plugin\ContainerFactoryPluginInterface;
use Drupal\Core\Queue\QueueWorkerBase;
use Drupal\userlink\Sidecar;
use Symfony\Component\DependencyInjection\ContainerInterface;

/**
 * Sends what waits in the outbox: one item of the queue is one round.
 *
 * The events themselves are not in Drupal's queue, which keeps no order among
 * those of one user and cannot put one off until later.
 *
 * @QueueWorker(
 *   id = "userlink_outbox",
 *   title = @Translation("userlink: send what waits"),
 *   cron = {"time" = 20}
 * )
 */
class OutboxWorker extends QueueWorkerBase implements ContainerFactoryPluginInterface {

  /**
   * The sidecar.
   *
   * @var \Drupal\userlink\Sidecar
   */
  private Sidecar $sidecar;

  public function __construct(array $configuration, $plugin_id, $plugin_definition, Sidecar $sidecar) {
    parent::__construct($configuration, $plugin_id, $plugin_definition);
    $this->sidecar = $sidecar;
  }

  /**
   * {@inheritdoc}
   */
  public static function create(ContainerInterface $container, array $configuration, $plugin_id, $plugin_definition) {
    return new static($configuration, $plugin_id, $plugin_definition, $container->get('userlink.sidecar'));
  }

  /**
   * {@inheritdoc}
   */
  public function processItem($data) {
    $this->sidecar->client()->flush(500, 18.0);
  }

}
