<?php

/**
 * @file
 * Installs a Drupal: "php install.php FOLDER DATABASE USER PASSWORD PORT".
 */

[, $root, $database, $user, $password, $port] = $argv;
chdir($root);
$autoloader = require 'autoload.php';
require_once 'core/includes/install.core.inc';
// Up to 10.1 a driver has a short name; later its namespace.
$driver = version_compare(\Drupal::VERSION, '10.2', '<') ? 'mysql' : 'Drupal\mysql\Driver\Database\mysql';
install_drupal($autoloader, [
  'interactive' => FALSE,
  'parameters' => ['profile' => 'standard', 'langcode' => 'en'],
  'forms' => [
    'install_settings_form' => [
      'driver' => $driver,
      $driver => ['database' => $database, 'username' => $user, 'password' => $password, 'host' => '127.0.0.1', 'port' => $port, 'prefix' => ''],
    ],
    'install_configure_form' => [
      'site_name' => 'Test',
      'site_mail' => 'site@example.org',
      'account' => ['name' => 'admin', 'mail' => 'admin@example.org', 'pass' => ['pass1' => 'admin', 'pass2' => 'admin']],
      'enable_update_status_module' => NULL,
      'enable_update_status_emails' => NULL,
    ],
  ],
]);
