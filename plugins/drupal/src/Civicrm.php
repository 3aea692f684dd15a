<?php

namespace Drupal\userlink;

use Drupal\Core\Config\ConfigFactoryInterface;
use Drupal\Core\Extension\ModuleHandlerInterface;
use Drupal\Core\Session\AccountInterface;
use Drupal\Core\Url;

/**
 * CiviCRM's module, and how the two keep out of each other's way.
 *
 * CiviCRM links users at the four hooks that this module serves; there it steps
 * aside for the sidecar, which links them by the same rules but leaves no
 * contact behind when it cannot. CiviCRM also links whoever opens one of its
 * pages. That stays: the link is there by then, so it does nothing; and should
 * the sidecar be down for long, a user who needs CiviCRM still gets a contact.
 */
class Civicrm {

  /**
   * The installed modules.
   *
   * @var \Drupal\Core\Extension\ModuleHandlerInterface
   */
  private ModuleHandlerInterface $modules;

  /**
   * Drupal's configuration.
   *
   * @var \Drupal\Core\Config\ConfigFactoryInterface
   */
  private ConfigFactoryInterface $config;

  /**
   * The sidecar.
   *
   * @var \Drupal\userlink\Sidecar
   */
  private Sidecar $sidecar;

  public function __construct(ModuleHandlerInterface $modules, ConfigFactoryInterface $config, Sidecar $sidecar) {
    $this->modules = $modules;
    $this->config = $config;
    $this->sidecar = $sidecar;
  }

  /**
   * Runs what CiviCRM would do at this hook, unless the sidecar does it.
   *
   * Its profiles on the registration form are stored at user_insert and nowhere
   * else, so then it has to run. What it throws is its own business.
   */
  public function runOwnHook(string $hook, AccountInterface $account): void {
    $function = 'civicrm_' . $hook;
    if (!$this->modules->moduleExists('civicrm') || !function_exists($function) || $this->isListed($hook)) {
      return;
    }
    // phpcs:ignore DrupalPractice.Variables.GetRequestData -- CiviCRM looks there.
    $profile = $hook === 'user_insert' && isset($_POST['_qf_default']);
    $silent = $this->config->get('userlink.settings')->get('silence_civicrm') && $this->sidecar->settings()->problem() === '';
    if ($profile || !$silent) {
      $function($account);
    }
  }

  /**
   * Whether Drupal calls CiviCRM at this hook although it should not.
   */
  private function isListed(string $hook): bool {
    $listed = FALSE;
    $this->modules->invokeAllWith($hook, static function (callable $call, string $module) use (&$listed): void {
      $listed = $listed || $module === 'civicrm';
    });
    return $listed;
  }

  /**
   * Whether CiviCRM itself is creating or changing this user.
   *
   * It links those whom it creates after they are there. When it copies a
   * contact's new primary email to the user, telling it so would only go round
   * in a circle; but when older news of this user still wait, this has to be
   * the last word after them.
   */
  public function isWriting(string $type, int $id): bool {
    if (!class_exists('CRM_Core_Config', FALSE)) {
      return FALSE;
    }
    if ($type === 'user.registered') {
      return !empty(\CRM_Core_Config::singleton()->inCiviCRM);
    }
    // No hook of any version of CiviCRM tells it; it is on the stack, though.
    return $type === 'user.updated'
      && in_array('updateUFName', array_column(debug_backtrace(DEBUG_BACKTRACE_IGNORE_ARGS), 'function'), TRUE)
      && !$this->sidecar->outbox()->hasUser($id);
  }

  /**
   * Address of a page of CiviCRM, "{id}" left in it; empty without CiviCRM.
   */
  public function url(string $path, array $query): string {
    return $this->modules->moduleExists('civicrm') ? Url::fromUri('base:' . $path, ['query' => $query])->toString() : '';
  }

  /**
   * Puts the admin page into CiviCRM's menu, beside its own synchronization.
   */
  public function addToMenu(array &$menu): void {
    foreach ($menu as &$item) {
      if (($item['attributes']['name'] ?? '') === 'Users and Permissions') {
        $item['child'][] = [
          'attributes' => [
            'label' => 'Synchronize Users to Contacts (userlink)',
            'name' => 'userlink',
            'url' => Url::fromRoute('userlink.admin')->toString(),
            'permission' => 'synchronize users to contacts,administer CiviCRM',
            'operator' => 'OR',
            'active' => 1,
          ],
        ];
      }
      elseif (!empty($item['child'])) {
        $this->addToMenu($item['child']);
      }
    }
  }

}
