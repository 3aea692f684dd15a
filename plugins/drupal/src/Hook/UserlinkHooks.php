<?php

namespace Drupal\userlink\Hook;

use Drupal\Core\Extension\ProceduralCall;
use Drupal\Core\Hook\Attribute\Hook;
use Drupal\Core\Hook\Attribute\RemoveHook;
use Drupal\Core\Queue\QueueFactory;
use Drupal\Core\Routing\RouteMatchInterface;
use Drupal\Core\Session\AccountInterface;
use Drupal\Core\StringTranslation\StringTranslationTrait;
use Drupal\Core\StringTranslation\TranslationInterface;
use Drupal\Core\Url;
use Drupal\userlink\Civicrm;
use Drupal\userlink\Sidecar;
use Drupal\userlink\UserEvents;

/**
 * Every hook of this module.
 *
 * The first three come inside the transaction that stores the user. In each,
 * CiviCRM's own part is taken out of Drupal's list and runs from here, if at
 * all: whether it does depends on a setting, which an attribute cannot know.
 */
class UserlinkHooks {

  use StringTranslationTrait;

  /**
   * Collects what happens to users.
   *
   * @var \Drupal\userlink\UserEvents
   */
  private UserEvents $events;

  /**
   * CiviCRM, if it is there.
   *
   * @var \Drupal\userlink\Civicrm
   */
  private Civicrm $civicrm;

  /**
   * The sidecar.
   *
   * @var \Drupal\userlink\Sidecar
   */
  private Sidecar $sidecar;

  /**
   * Drupal's queues.
   *
   * @var \Drupal\Core\Queue\QueueFactory
   */
  private QueueFactory $queues;

  public function __construct(UserEvents $events, Civicrm $civicrm, Sidecar $sidecar, QueueFactory $queues, TranslationInterface $translation) {
    $this->events = $events;
    $this->civicrm = $civicrm;
    $this->sidecar = $sidecar;
    $this->queues = $queues;
    $this->setStringTranslation($translation);
  }

  /**
   * Implements hook_user_insert().
   */
  #[Hook('user_insert')]
  #[RemoveHook('user_insert', class: ProceduralCall::class, method: 'civicrm_user_insert')]
  public function userInsert(AccountInterface $account): void {
    $this->events->collect('user.registered', 'user_insert', $account);
    $this->civicrm->runOwnHook('user_insert', $account);
  }

  /**
   * Implements hook_user_update().
   */
  #[Hook('user_update')]
  #[RemoveHook('user_update', class: ProceduralCall::class, method: 'civicrm_user_update')]
  public function userUpdate(AccountInterface $account): void {
    $this->events->collect('user.updated', 'user_update', $account);
    $this->civicrm->runOwnHook('user_update', $account);
  }

  /**
   * Implements hook_user_delete().
   */
  #[Hook('user_delete')]
  #[RemoveHook('user_delete', class: ProceduralCall::class, method: 'civicrm_user_delete')]
  public function userDelete(AccountInterface $account): void {
    $this->events->collect('user.deleted', 'user_delete', $account);
    $this->civicrm->runOwnHook('user_delete', $account);
  }

  /**
   * Implements hook_user_login().
   */
  #[Hook('user_login')]
  #[RemoveHook('user_login', class: ProceduralCall::class, method: 'civicrm_user_login')]
  public function userLogin(AccountInterface $account): void {
    $this->events->collect('user.logged_in', 'user_login', $account);
    $this->civicrm->runOwnHook('user_login', $account);
  }

  /**
   * Implements hook_cron().
   */
  #[Hook('cron')]
  public function cron(): void {
    $queue = $this->queues->get('userlink_outbox');
    if ($this->sidecar->waiting() > 0 && $queue->numberOfItems() === 0) {
      $queue->createItem([]);
    }
  }

  /**
   * Implements hook_help().
   */
  #[Hook('help')]
  public function help($route_name, RouteMatchInterface $route_match): string {
    if ($route_name !== 'help.page.userlink') {
      return '';
    }
    $links = [
      ':admin' => Url::fromRoute('userlink.admin')->toString(),
      ':settings' => Url::fromRoute('userlink.settings')->toString(),
    ];
    return '<h3>' . $this->t('About') . '</h3><p>' . $this->t('Whoever registers or logs in is linked to the CiviCRM contact with the same email address; if there is none, a contact is made. When the email of a user changes, CiviCRM follows. When a user is deleted, the link goes and the contact stays.') . '</p><p>'
      . $this->t('This is done by the userlink sidecar, a program that runs beside Drupal on the same server. While it is down the site works as always; what happened is kept and sent by cron.') . '</p><h3>' . $this->t('Uses') . '</h3><p>'
      . $this->t('<a href=":admin">Synchronize Users to Contacts</a> links all users at once, after a preview. The <a href=":settings">settings</a> say where the sidecar is and test the connection.', $links) . '</p>';
  }

}
