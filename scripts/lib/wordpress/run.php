<?php
// run.php FOLDER FILE [ARGUMENT…] or run.php FOLDER -r CODE [ARGUMENT…]: runs PHP inside the WordPress in FOLDER.
require __DIR__ . '/server.php';
require $argv[1] . '/wp-load.php';
if (getenv('WP_USER') !== '0') {
    wp_set_current_user((int) (getenv('WP_USER') ?: 1));
}
array_splice($argv, 0, 2);
if ($argv[0] === '-r') {
    $code = $argv[1];
    array_splice($argv, 0, 1);
    $argc = count($argv);
    eval($code);
} else {
    $argc = count($argv);
    require $argv[0];
}
