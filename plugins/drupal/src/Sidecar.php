<?php

namespace Drupal\userlink;

use Drupal\Core\Config\ConfigFactoryInterface;
use Drupal\Core\Database\Connection;
use Drupal\Core\Site\Settings;
use Drupal\Core\State\StateInterface;
use Drupal\Core\StringTranslation\StringTranslationTrait;
use Drupal\Core\StringTranslation\TranslationInterface;
use Psr\Log\LoggerInterface;
use Userlink\Client;
use Userlink\Connection as SidecarConnection;
use Userlink\Outbox as OutboxInterface;
use Userlink\Settings as SidecarSettings;

/**
 * The sidecar: its address, this site's key, the client and the outbox.
 */
class Sidecar {

  use StringTranslationTrait;

  /**
   * Drupal's configuration.
   *
   * @var \Drupal\Core\Config\ConfigFactoryInterface
   */
  private ConfigFactoryInterface $config;

  /**
   * The site's database.
   *
   * @var \Drupal\Core\Database\Connection
   */
  private Connection $database;

  /**
   * Where the outbox remembers that the sidecar hangs.
   *
   * @var \Drupal\Core\State\StateInterface
   */
  private StateInterface $state;

  /**
   * This module's log.
   *
   * @var \Psr\Log\LoggerInterface
   */
  private LoggerInterface $logger;

  public function __construct(ConfigFactoryInterface $config, Connection $database, StateInterface $state, LoggerInterface $logger, TranslationInterface $translation) {
    $this->config = $config;
    $this->database = $database;
    $this->state = $state;
    $this->logger = $logger;
    $this->setStringTranslation($translation);
    require_once self::shared() . '/php/autoload.php';
  }

  /**
   * The folder of what all CMSs share: in the module, or in the repository.
   */
  public static function shared(): string {
    $module = dirname(__DIR__);
    return is_dir($module . '/shared') ? $module . '/shared' : dirname($module, 2) . '/shared';
  }

  /**
   * Where the sidecar is and how this site signs.
   *
   * The key is in settings.php or in the environment and nowhere else: not in
   * the database, and not in configuration that is exported.
   */
  public function settings(): SidecarSettings {
    $config = $this->config->get('userlink.settings');
    $key = self::fixed('key');
    if ($key === '' && self::fixed('key_file') !== '') {
      // That it cannot be read is said by the settings page.
      $key = (string) @file_get_contents(self::fixed('key_file'));
    }
    return new SidecarSettings((string) $config->get('site'), (string) $config->get('address'), self::fixed('key_id'), $key);
  }

  /**
   * A value of settings.php, else of the environment.
   */
  private static function fixed(string $name): string {
    return (string) Settings::get('userlink_' . $name, getenv(strtoupper('userlink_' . $name)));
  }

  /**
   * The client of this site.
   */
  public function client(): Client {
    return new Client($this->settings(), $this->outbox(), [$this, 'log']);
  }

  /**
   * Where undelivered events wait.
   */
  public function outbox(): OutboxInterface {
    return new Outbox($this->database, $this->state);
  }

  /**
   * How many events wait; 0 if nobody can say.
   */
  public function waiting(): int {
    try {
      return $this->outbox()->count();
    }
    catch (\Throwable $e) {
      return 0;
    }
  }

  /**
   * Logs what went wrong; codes and ids, never a secret or an email address.
   */
  public function log(string $level, string $message, array $context): void {
    $this->logger->log($level, '@message @context', ['@message' => $message, '@context' => json_encode($context)]);
  }

  /**
   * What keeps this site from talking to the sidecar; empty if nothing does.
   */
  public function problem(): string {
    $texts = [
      'site_missing' => $this->t('The site id is missing. Until it is there, users are not linked.'),
      'address_invalid' => $this->t('The address is not understood. Until it is mended, users are not linked.'),
      'key_missing' => $this->t('There is no key, or its file cannot be read. Until it is there, users are not linked.'),
      'key_too_short' => $this->t('The key is too short, it needs 32 characters. Until it is mended, users are not linked.'),
    ];
    return (string) ($texts[$this->settings()->problem()] ?? '');
  }

  /**
   * Asks the sidecar how it is.
   *
   * @param int $actor
   *   Who asks; not 0.
   *
   * @return array
   *   Whether all is well, and a sentence.
   */
  public function test(int $actor): array {
    $seen = SidecarConnection::test($this->client(), $actor);
    $texts = [
      'good' => $this->t('The sidecar (version @version) answers. It sees @users users, @linked of them linked.', [
        '@version' => $seen['version'],
        '@users' => number_format($seen['users']),
        '@linked' => number_format($seen['linked']),
      ]),
      'unreachable' => $this->t('The sidecar does not answer at this address. The site works; users are linked when the sidecar is back. Check that it runs and listens there.'),
      'not_configured' => $this->problem(),
      'key' => $this->t("The sidecar answers but does not accept this site's key. Check that key id, key and site id are those of its configuration."),
      'clock' => $this->t('The sidecar answers, but its clock and that of this server do not agree. Set the clocks.'),
      'other' => $this->t('The sidecar answers with an error (@status @code, request @id). Its log says more.', [
        '@status' => $seen['status'],
        '@code' => $seen['code'],
        '@id' => $seen['request'],
      ]),
    ];
    return [$seen['verdict'] === 'good', (string) $texts[$seen['verdict']]];
  }

  /**
   * The state of things, for the status report.
   *
   * @param int $actor
   *   Who asks; 0: the sidecar is not asked.
   *
   * @return array
   *   "ok", "warning" or "error", a few words, and a sentence.
   */
  public function health(int $actor): array {
    $waiting = $this->waiting();
    $problem = $this->problem();
    [$good, $text] = $problem === '' && $actor > 0 ? $this->test($actor) : [$problem === '', $problem];
    if (!$good) {
      return [$problem === '' ? 'error' : 'warning', $this->t('Users are not linked'), $text];
    }
    if ($waiting > 0) {
      // A few wait for the next cron: nothing to worry about.
      $words = $this->formatPlural($waiting, '1 event waits to be sent', '@count events wait to be sent');
      return [$waiting > 100 ? 'warning' : 'ok', $words, $text];
    }
    return ['ok', $this->t('Users are linked to contacts'), $text];
  }

}
