<?php
/**
 * @file
 * Checks the outbox in Backdrop's database: run.php ROOT outbox.php FOLDER, the folder of the shared client's tests.
 */

namespace Userlink\Tests;

require "$arguments[0]/harness.php";
require "$arguments[0]/OutboxConformance.php";

$new = function () {
  db_query('DELETE FROM {userlink_outbox}');
  state_del('userlink_down_until');
  return new \UserlinkOutbox();
};
foreach (OutboxConformance::checks($new) as $name => $check) {
  test("outbox in Backdrop: $name", $check);
}
test('outbox in Backdrop: what is added in a transaction shares its fate', function () use ($new) {
  $outbox = $new();
  $transaction = db_transaction();
  $outbox->add('one', 1, '{}');
  $transaction->rollback();
  unset($transaction);
  same(0, $outbox->count(), 'count() after a rollback');
});
$new();
echo Count::$passed, ' passed, ', Count::$failed, " failed\n";
