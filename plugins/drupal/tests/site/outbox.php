<?php

/**
 * @file
 * The shared conformance tests on this module's outbox, inside a real Drupal.
 *
 * Run by run.php, with the folder of the shared tests as argument.
 */

use Userlink\Tests\OutboxConformance;

$passed = $failed = 0;
$make = static function () {
  \Drupal::database()->truncate('userlink_outbox')->execute();
  \Drupal::state()->delete('userlink.down_until');
  return \Drupal::service('userlink.sidecar')->outbox();
};
$make();
require_once $argv[3] . '/OutboxConformance.php';
foreach (OutboxConformance::checks($make) as $name => $check) {
  try {
    $check();
    $passed++;
    echo "ok $name\n";
  }
  catch (\Throwable $e) {
    $failed++;
    echo "not ok $name\n  ", str_replace("\n", "\n  ", $e->getMessage()), "\n";
  }
}
$make();
echo "$passed passed, $failed failed\n";
