<?php
/**
 * The sidecar is down, hangs, or answers nonsense: the site works, and nothing is lost.
 *
 * @package Userlink
 */

/** Down. */
function test_sidecar_down() {
	lib_sidecar( 'down' );
	$more = user();
	$from = microtime( true );
	$id   = new_user();
	change( $more );
	same( sent(), array(), 'nothing arrives' );
	ok( microtime( true ) - $from < 1.5, 'nobody waits for long', microtime( true ) - $from );
	ok( get_userdata( $id ) instanceof WP_User, 'the user is there' );
	same( waiting(), array( "user.registered $id", "user.updated $more" ), 'the events wait, in order' );
	lib_sidecar( 'ok' );
	change( $id );
	same( sent(), array(), 'a later event of the same user' );
	same( waiting(), array( "user.registered $id", "user.updated $more", "user.updated $id" ), 'waits behind' );
	lib_all_due();
	do_action( 'userlink_flush' );
	same( array_map( 'told', requests() ), array( "user.registered $id", "user.updated $more", "user.updated $id" ), 'WP-Cron delivers them in order' );
	same( waiting(), array(), 'and nothing waits any more' );
}

/** What comes back is not from a sidecar, or it refuses. */
function test_answers() {
	foreach ( array( 'nonsense' => 1, 'html' => 1, '401' => 1, '500' => 1, '503' => 1, '400' => 0 ) as $mode => $kept ) {
		lib_reset();
		lib_sidecar( (string) $mode );
		$id = new_user();
		userlink_send_events();
		same( waiting(), $kept ? array( "user.registered $id" ) : array(), "answer $mode: " . ( $kept ? 'kept' : 'dropped' ) );
	}
}

/** A sidecar that takes the call and says nothing. */
function test_sidecar_hangs() {
	$make  = "for (\$i = 0; \$i < 3; \$i++) { wp_insert_user(['user_login' => 'hang' . uniqid(), 'user_pass' => 'x', 'user_email' => uniqid() . '@example.org']); }";
	$usual = child( $make );
	lib_sidecar( 'hang' );
	$seconds = child( $make );
	ok( $seconds < 1.5, 'three events of a request cost the budget of one', $seconds );
	same( count( waiting() ), 3, 'all three wait' );
	$seconds = child( $make );
	ok( $seconds < 0.5, 'the next request does not wait at all', $seconds );
	same( count( waiting() ), 6, 'its events wait too' );
}

/** The table is gone, as after a backup without it. */
function test_outbox_table_gone() {
	global $wpdb;
	lib_sidecar( 'down' );
	$wpdb->query( "DROP TABLE {$wpdb->prefix}userlink_outbox" );
	$id = new_user();
	$wpdb->suppress_errors( true );
	userlink_send_events();
	$wpdb->suppress_errors( false );
	same( waiting(), array( "user.registered $id" ), 'it is made again' );
}

/** The timer. */
function test_cron() {
	$event = wp_get_scheduled_event( 'userlink_flush' );
	same( array( $event->schedule, $event->interval ), array( 'userlink_five_minutes', 300 ), 'every five minutes' );
}

/** The outbox keeps the contract of Userlink\Outbox, and of Userlink\Breaker. */
function test_outbox() {
	$file = dirname( __DIR__, 4 ) . '/shared/php/tests/OutboxConformance.php';
	require_once is_file( $file ) ? $file : USERLINK_SHARED . '/php/tests/OutboxConformance.php';
	$empty = static function () {
		lib_reset();
		return userlink_outbox();
	};
	foreach ( Userlink\Tests\OutboxConformance::checks( $empty ) as $name => $check ) {
		try {
			$check();
			ok( true, $name );
		} catch ( Throwable $e ) {
			ok( false, $name . ': ' . $e->getMessage() );
		}
	}
}

/** Makes everything due. */
function lib_all_due() {
	global $wpdb;
	$wpdb->query( "UPDATE {$wpdb->prefix}userlink_outbox SET due = 0" );
}
