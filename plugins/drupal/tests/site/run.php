<?php

/**
 * @file
 * Runs PHP inside a Drupal, as a command line program would.
 *
 * Usage: "php run.php FOLDER CODE|FILE [ARGUMENT…]", in any folder. DRUPAL_URL
 * is the site's address.
 */

use Drupal\Core\DrupalKernel;
use Symfony\Component\HttpFoundation\Request;

[, $root, $code] = $argv;
chdir($root);
$autoloader = require 'autoload.php';
$request = Request::create(getenv('DRUPAL_URL') . '/', 'GET', [], [], [], ['SCRIPT_NAME' => '/index.php', 'SCRIPT_FILENAME' => "$root/index.php"]);
$kernel = DrupalKernel::createFromRequest($request, $autoloader, 'prod');
$kernel->boot();
$kernel->preHandle($request);

/**
 * Enables modules.
 */
function on(string ...$modules): void {
  \Drupal::service('module_installer')->install($modules);
}

/**
 * Uninstalls modules.
 */
function off(string ...$modules): void {
  \Drupal::service('module_installer')->uninstall($modules);
}

/**
 * Sets a value of the configuration.
 */
function config(string $name, string $key, $value): void {
  \Drupal::configFactory()->getEditable($name)->set($key, $value)->save();
}

/**
 * Makes a user.
 */
function user(string $name, array $more = []): void {
  \Drupal::entityTypeManager()->getStorage('user')->create($more + ['name' => $name, 'mail' => "$name@example.org", 'status' => 1])->save();
}

/**
 * A user of that name.
 */
function named(string $name) {
  $users = \Drupal::entityTypeManager()->getStorage('user')->loadByProperties(['name' => $name]);
  return reset($users);
}

is_file($code) ? require $code : eval($code);
