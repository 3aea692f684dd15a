<?php

/**
 * The contract of an outbox, on the real table: run.php ROOT outbox.php FOLDER-OF-THE-SHARED-TESTS
 *
 * @package     Userlink
 * @license     GNU General Public License version 2 or later
 */

use Userlink\Component\Userlink\Administrator\Sidecar;
use Userlink\Tests\OutboxConformance;

$make = static function () use ($db) {
    $db->setQuery('DELETE FROM #__userlink_outbox')->execute();
    $db->setQuery('DELETE FROM #__userlink_state')->execute();

    return Sidecar::outbox();
};
Sidecar::settings();
require $arguments[0] . '/OutboxConformance.php';
$count = ['ok' => 0, 'not ok' => 0];
foreach (OutboxConformance::checks($make) as $name => $check) {
    $result = 'ok';
    $said   = '';
    try {
        $check();
    } catch (Throwable $e) {
        $result = 'not ok';
        $said   = "\n  " . $e->getMessage();
    }
    $count[$result]++;
    echo "$result the outbox: $name$said\n";
}
$make();
echo "$count[ok] passed, {$count['not ok']} failed\n";
