<?php

namespace Drupal\userlink\Controller;

use Drupal\Component\Serialization\Json;
use Drupal\Core\Access\AccessResult;
use Drupal\Core\Access\AccessResultInterface;
use Drupal\Core\Access\CsrfRequestHeaderAccessCheck;
use Drupal\Core\Access\CsrfTokenGenerator;
use Drupal\Core\Controller\ControllerBase;
use Drupal\Core\Session\AccountInterface;
use Drupal\Core\Url;
use Drupal\userlink\Civicrm;
use Drupal\userlink\Sidecar;
use Symfony\Component\DependencyInjection\ContainerInterface;
use Symfony\Component\HttpFoundation\JsonResponse;
use Symfony\Component\HttpFoundation\Request;

/**
 * The admin page: a frame for the element that all CMSs share, and its relay.
 */
class AdminController extends ControllerBase {

  /**
   * The sidecar.
   *
   * @var \Drupal\userlink\Sidecar
   */
  private Sidecar $sidecar;

  /**
   * CiviCRM, if it is there.
   *
   * @var \Drupal\userlink\Civicrm
   */
  private Civicrm $civicrm;

  /**
   * Makes form tokens.
   *
   * @var \Drupal\Core\Access\CsrfTokenGenerator
   */
  private CsrfTokenGenerator $tokens;

  public function __construct(Sidecar $sidecar, Civicrm $civicrm, CsrfTokenGenerator $tokens) {
    $this->sidecar = $sidecar;
    $this->civicrm = $civicrm;
    $this->tokens = $tokens;
  }

  /**
   * {@inheritdoc}
   */
  public static function create(ContainerInterface $container) {
    return new static(
      $container->get('userlink.sidecar'),
      $container->get('userlink.civicrm'),
      $container->get('csrf_token')
    );
  }

  /**
   * The page. The element talks to the relay alone.
   */
  public function page(): array {
    $config = [
      'endpoint' => Url::fromRoute('userlink.relay', [], ['query' => ['_format' => 'json']])->toString(),
      'headers' => ['X-CSRF-Token' => $this->tokens->get(CsrfRequestHeaderAccessCheck::TOKEN_KEY)],
      'texts' => (object) $this->texts(),
      'links' => [
        'contact' => $this->civicrm->url('civicrm/contact/view', ['reset' => 1, 'cid' => '{id}']),
        'user' => Url::fromUri('base:user/{id}/edit')->toString(),
        'changelog' => $this->civicrm->url('civicrm/contact/search/advanced', ['reset' => 1]),
        'settings' => $this->currentUser()->hasPermission('administer userlink') ? Url::fromRoute('userlink.settings')->toString() : '',
      ],
      'waiting' => $this->sidecar->waiting(),
      'classes' => [
        'button' => 'button',
        'primary' => 'button button--primary',
        'input' => 'form-element form-text',
        'table' => '',
        'tabs' => '',
        'tab' => '',
        'tabActive' => '',
        'notice' => '',
        'info' => '',
        'success' => '',
        'warning' => '',
        'error' => '',
      ],
    ];
    return [
      'element' => [
        '#type' => 'html_tag',
        '#tag' => 'userlink-admin',
        '#attributes' => ['config' => Json::encode($config)],
      ],
      'without' => [
        '#type' => 'html_tag',
        '#tag' => 'noscript',
        '#value' => $this->t('This page needs JavaScript.'),
      ],
      '#attached' => ['library' => ['userlink/admin']],
      '#cache' => ['max-age' => 0],
    ];
  }

  /**
   * The element's texts in the page's language: English → translation.
   */
  private function texts(): array {
    $texts = [];
    if ($this->languageManager()->getCurrentLanguage()->getId() === 'en') {
      return $texts;
    }
    foreach (Json::decode((string) file_get_contents(Sidecar::shared() . '/admin/texts.json')) as $entry) {
      // phpcs:disable Drupal.Semantics.FunctionT.NotLiteralString
      if (isset($entry['plural'])) {
        // For each form a number that has it, whatever the language.
        $forms = ['zero', 'one', 'two', 'few', 'many', 'other'];
        foreach (array_combine($forms, [0, 1, 2, 3, 11, 100]) as $form => $number) {
          $texts[$entry['plural']][$form] = (string) $this->formatPlural($number, $entry['text'], $entry['plural']);
        }
      }
      else {
        $texts[$entry['text']] = (string) $this->t($entry['text']);
      }
      // phpcs:enable
    }
    return $texts;
  }

  /**
   * Hands a call of the page on; status and JSON come back as they are.
   */
  public function relay(Request $request): JsonResponse {
    $call = (array) json_decode($request->getContent(), TRUE);
    $call += ['method' => '', 'path' => '', 'query' => [], 'body' => NULL];
    $answer = $this->sidecar->client()->relay(
      is_string($call['method']) ? $call['method'] : '',
      is_string($call['path']) ? $call['path'] : '',
      is_array($call['query']) ? $call['query'] : [],
      is_array($call['body']) ? $call['body'] : NULL,
      (int) $this->currentUser()->id()
    );
    return new JsonResponse($answer['body'], $answer['status']);
  }

  /**
   * Lets the page tell an ended session from a missing permission.
   */
  public function isLoggedIn(AccountInterface $account): AccessResultInterface {
    return $account->isAnonymous() ? AccessResult::forbidden('The session has ended.') : AccessResult::allowed();
  }

}
