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
	lib_sidecar( 'hang' );
	$make    = "for (\$i = 0; \$i < 3; \$i++) { wp_insert_user(['user_login' => 'hang' . uniqid(), 'user_pass' => 'x', 'user_email' => uniqid() . '@example.org']); }";
	$seconds = child( $make );
	ok( $seconds < 2.5, 'three events of a request cost the budget of one', $seconds );
	same( count( waiting() ), 3, 'all three wait' );
	$seconds = child( $make );
	ok( $seconds < 1, 'the next request does not wait at all', $seconds );
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

/** The outbox keeps the contract of Userlink\Outbox. */
function test_outbox() {
	$box  = userlink_outbox();
	$json = static function ( $type, $text = '' ) {
		return '{"type":"' . $type . '","text":"' . $text . '"}';
	};
	$ids  = static function () use ( $box ) {
		return array_column( $box->due( 100 ), 'id' );
	};
	$odd = $json( 'user.updated', "ü🙂\xff\xfe '\"\\\\ %s %d \r\n" );
	$box->add( 'a', 5, $odd );
	$box->add( 'b', 6, $json( 'user.updated' ) );
	$box->add( 'c', 5, $json( 'user.updated' ) );
	$box->add( 'a', 9, $json( 'user.deleted' ) );
	same( array( $box->count(), $box->hasUser( 5 ), $box->hasUser( 9 ) ), array( 3, true, false ), 'an id that is there is left as it is' );
	ok( $box->due( 1 ) === array( array( 'id' => 'a', 'user_id' => 5, 'json' => $odd, 'tries' => 0 ) ), 'an event comes back byte for byte' );
	same( $ids(), array( 'a', 'b', 'c' ), 'oldest first' );
	$box->postpone( 'a', 100 );
	same( $ids(), array( 'b' ), 'a postponed event holds back later ones of its user' );
	$box->postpone( 'a', 0 );
	same( array( $ids(), $box->due( 1 )[0]['tries'] ), array( array( 'a', 'b', 'c' ), 2 ), 'due again, with its tries' );
	$box->remove( 'a' );
	$box->remove( 'unknown' );
	$box->postpone( 'unknown', 5 );
	same( array( $ids(), $box->count() ), array( array( 'b', 'c' ), 2 ), 'removed' );
	same( $box->downUntil(), 0, 'the breaker is closed' );
	$box->setDownUntil( 12345 );
	same( userlink_outbox()->downUntil(), 12345, 'and remembers' );
}

/** The limit. */
function test_outbox_limit() {
	global $wpdb;
	$box = userlink_outbox();
	$box->add( 'first', 1, '{"type":"user.registered"}' );
	$rows = array();
	for ( $i = 1; $i < Userlink_Outbox::MAX_WAITING; $i++ ) {
		$rows[] = "('n$i', 2, '" . ( $i < 2 ? 'user.updated' : 'user.deleted' ) . "', '{}')";
	}
	foreach ( array_chunk( $rows, 1000 ) as $chunk ) {
		$wpdb->query( "INSERT INTO {$wpdb->prefix}userlink_outbox (id, user_id, type, json) VALUES " . implode( ',', $chunk ) );
	}
	$first = static function ( $count ) use ( $box ) {
		return array_column( $box->due( $count ), 'id' );
	};
	same( array( $box->count(), $first( 2 ) ), array( 10000, array( 'first', 'n1' ) ), 'ten thousand wait' );
	$box->add( 'one-more', 3, '{"type":"user.updated"}' );
	same( array( $box->count(), $first( 2 ) ), array( 10000, array( 'first', 'n2' ) ), 'the oldest user.updated goes first' );
	$box->add( 'two-more', 3, '{"type":"user.registered"}' );
	$box->add( 'three-more', 3, '{"type":"user.registered"}' );
	same( array( $box->count(), $first( 1 ) ), array( 10000, array( 'n2' ) ), 'then the oldest of all' );
}

/** Makes everything due. */
function lib_all_due() {
	global $wpdb;
	$wpdb->query( "UPDATE {$wpdb->prefix}userlink_outbox SET due = 0" );
}
