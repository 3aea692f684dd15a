<?php
/**
 * @file
 * Runs PHP inside an installed Backdrop: php run.php ROOT FILE|CODE [ARGUMENT…].
 *
 * The code finds its arguments in $arguments. It runs as the user BACKDROP_USER,
 * by name; without it nobody is logged in.
 */

$arguments = array_slice($argv, 3);
chdir($argv[1]);
define('BACKDROP_ROOT', getcwd());
$_SERVER = array(
  'HTTP_HOST' => getenv('BACKDROP_HOST') ? getenv('BACKDROP_HOST') : 'localhost',
  'REMOTE_ADDR' => '127.0.0.1',
  'REQUEST_METHOD' => 'GET',
  'REQUEST_URI' => '/',
  'SERVER_SOFTWARE' => '',
  'SCRIPT_NAME' => '/index.php',
  'PHP_SELF' => '/index.php',
) + $_SERVER;
require './core/includes/bootstrap.inc';
backdrop_bootstrap(BACKDROP_BOOTSTRAP_FULL);
if (getenv('BACKDROP_USER')) {
  $GLOBALS['user'] = user_load_by_name(getenv('BACKDROP_USER'));
}
if (is_file($argv[2])) {
  require $argv[2];
}
else {
  eval($argv[2]);
}
