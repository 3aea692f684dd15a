<?php
// run.php FILE [ARGUMENT…] or run.php -r CODE [ARGUMENT…], inside WordPress: runs PHP inside CiviCRM. FILE "-" is stdin.
civicrm_initialize();
array_shift($argv);
if ($argv[0] === '-r') {
    $code = $argv[1];
    array_shift($argv);
    $argc = count($argv);
    eval($code);
} elseif ($argv[0] === '-') {
    $argc = count($argv);
    eval('?>' . stream_get_contents(STDIN));
} else {
    $argc = count($argv);
    require $argv[0];
}
