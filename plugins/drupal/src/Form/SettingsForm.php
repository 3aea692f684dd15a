<?php

namespace Drupal\userlink\Form;

use Drupal\Core\Form\ConfigFormBase;
use Drupal\Core\Form\FormStateInterface;
use Drupal\userlink\Sidecar;
use Symfony\Component\DependencyInjection\ContainerInterface;
use Userlink\Settings;

/**
 * Where the sidecar is and which of its sites this is. The key is never shown.
 */
class SettingsForm extends ConfigFormBase {

  /**
   * The sidecar.
   *
   * @var \Drupal\userlink\Sidecar
   */
  private Sidecar $sidecar;

  /**
   * {@inheritdoc}
   */
  public static function create(ContainerInterface $container) {
    // The parent's constructor differs between Drupal 10 and 11.
    $form = parent::create($container);
    $form->sidecar = $container->get('userlink.sidecar');
    return $form;
  }

  /**
   * {@inheritdoc}
   */
  public function getFormId() {
    return 'userlink_settings';
  }

  /**
   * {@inheritdoc}
   */
  protected function getEditableConfigNames() {
    return ['userlink.settings'];
  }

  /**
   * {@inheritdoc}
   */
  public function buildForm(array $form, FormStateInterface $form_state) {
    $waiting = $this->sidecar->waiting();
    $form['waiting'] = ['#markup' => '<p>' . $this->formatPlural($waiting, 'Waiting to be sent: 1 event.', 'Waiting to be sent: @count events.') . '</p>'];
    $form['address'] = [
      '#type' => 'textfield',
      '#title' => $this->t('Address of the sidecar'),
      '#description' => $this->t('Host and port, as 127.0.0.1:7780, or unix: and the path of a socket. User data go there: it should be on this server.'),
      '#required' => TRUE,
    ];
    $form['site'] = [
      '#type' => 'textfield',
      '#title' => $this->t('Site id'),
      '#description' => $this->t("The id that this site has in the sidecar's configuration."),
      '#maxlength' => 64,
      '#pattern' => '[A-Za-z0-9._\-]+',
      '#required' => TRUE,
    ];
    $form['silence_civicrm'] = [
      '#type' => 'checkbox',
      '#title' => $this->t('Users are linked by the sidecar alone'),
      '#description' => $this->t('CiviCRM also links users when they register, log in or change, and in some cases leaves a contact behind that belongs to nobody. With this setting it leaves that to the sidecar, as long as there is a key. It still links whoever opens one of its pages and has no contact yet.'),
    ];
    $config = $this->config('userlink.settings');
    $overridden = $this->configFactory()->get('userlink.settings');
    foreach (['address', 'site', 'silence_civicrm'] as $name) {
      $fixed = $overridden->hasOverrides($name);
      $form[$name]['#default_value'] = $fixed ? $overridden->get($name) : $config->get($name);
      if ($fixed) {
        $form[$name]['#disabled'] = TRUE;
        $form[$name]['#description'] = $this->t('Set in settings.php.');
      }
    }
    $form['key'] = [
      '#type' => 'item',
      '#title' => $this->t('Key'),
      '#markup' => $this->sidecar->problem() ?: $this->t('The key is there. It is not shown here.'),
    ];
    if (strpos($this->sidecar->settings()->problem(), 'key_') === 0) {
      $form['key']['#description'] = $this->t('Make a key on the server with %command and write what it prints into settings.php: userlink_key_id and userlink_key_file. The variables USERLINK_KEY_ID and USERLINK_KEY_FILE of the environment do as well.', [
        '%command' => 'userlink keys new --site ' . $this->sidecar->settings()->site(),
      ]);
    }
    $form = parent::buildForm($form, $form_state);
    $form['actions']['test'] = [
      '#type' => 'submit',
      '#value' => $this->t('Test connection'),
      '#submit' => ['::testConnection'],
      '#limit_validation_errors' => [],
    ];
    return $form;
  }

  /**
   * Asks the sidecar with the settings as they are stored.
   */
  public function testConnection(): void {
    [$good, $text] = $this->sidecar->test((int) $this->currentUser()->id());
    $good ? $this->messenger()->addStatus($text) : $this->messenger()->addError($text);
  }

  /**
   * {@inheritdoc}
   */
  public function validateForm(array &$form, FormStateInterface $form_state) {
    if ((new Settings('any', (string) $form_state->getValue('address'), '', ''))->problem() === 'address_invalid') {
      $form_state->setErrorByName('address', $this->t('Write a host and a port, as 127.0.0.1:7780, or unix: and the path of a socket.'));
    }
    if (preg_match('/^[A-Za-z0-9._-]+\z/', (string) $form_state->getValue('site')) !== 1) {
      $form_state->setErrorByName('site', $this->t('A site id has letters, digits, dots, dashes and underscores.'));
    }
    parent::validateForm($form, $form_state);
  }

  /**
   * {@inheritdoc}
   */
  public function submitForm(array &$form, FormStateInterface $form_state) {
    $config = $this->config('userlink.settings');
    foreach (['address', 'site', 'silence_civicrm'] as $name) {
      // What settings.php fixes is not stored: it would count when that goes.
      if (empty($form[$name]['#disabled'])) {
        $value = $form_state->getValue($name);
        $config->set($name, $name === 'silence_civicrm' ? (bool) $value : trim($value));
      }
    }
    $config->save();
    parent::submitForm($form, $form_state);
  }

}
