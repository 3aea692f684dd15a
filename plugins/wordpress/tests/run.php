<?php
/**
 * The plugin's tests, inside a real WordPress in which it is installed and active, against a fake sidecar:
 *
 *   php tests/run.php FOLDER-OF-WORDPRESS [part of a test's name]
 *
 * The WordPress is a test's own: users, options and the outbox are written at will, and at the end the plugin is
 * deactivated and uninstalled. In a network of sites the tests of networks run as well.
 *
 * @package Userlink
 */

if ( 'cli' !== PHP_SAPI ) {
	exit;
}
if ( empty( $argv[1] ) || ! is_file( $argv[1] . '/wp-load.php' ) ) {
	fwrite( STDERR, "usage: php run.php FOLDER-OF-WORDPRESS [part of a test's name]\n" );
	exit( 2 );
}
require __DIR__ . '/lib.php';
lib_request( $argv[1] );
require $argv[1] . '/wp-load.php';
lib_loaded();

// A child of a test: does one thing as one request would, and ends.
$test_code = getenv( 'USERLINK_TEST_CODE' );
if ( $test_code ) {
	eval( $test_code ); // phpcs:ignore Generic.PHP.ForbiddenFunctions -- the test's own code.
	exit;
}

foreach ( glob( __DIR__ . '/cases/*.php' ) as $test_file ) {
	require $test_file;
}
exit( lib_run( $argv[2] ?? '' ) );
