<?php
/**
 * Beside CiviCRM's own linking (see fake-civicrm.php; tests/civicrm.php does it with the real one).
 *
 * @package Userlink
 */

/** Listeners. */
function test_civicrm_listeners() {
	lib_civicrm();
	$id = new_user();
	change( $id );
	lib_delete_user( $id );
	same( civi_wp()->users->calls, array(), 'CiviCRM\'s listeners are not called' );
	same( sent(), array( "user.deleted $id" ), 'the sidecar is' );
}

/** The filter. */
function test_civicrm_listeners_filter() {
	lib_civicrm();
	$keep = static function ( $remove, $hook ) {
		return 'profile_update' !== $hook;
	};
	add_filter( 'userlink_remove_civicrm_listeners', $keep, 10, 2 );
	$id = new_user();
	change( $id );
	remove_filter( 'userlink_remove_civicrm_listeners', $keep );
	same( civi_wp()->users->calls, array( 'profile_update' ), 'the filter keeps one' );
}

/** Without a sidecar everything is left to CiviCRM. */
function test_civicrm_listeners_without_sidecar() {
	lib_civicrm();
	update_option( 'userlink_site', '' );
	$id = new_user();
	change( $id );
	lib_delete_user( $id );
	delete_option( 'userlink_site' );
	same( civi_wp()->users->calls, array( 'user_register', 'profile_update', 'deleted_user' ), 'CiviCRM links as ever' );
}

/** CiviCRM creates a user. */
function test_civicrm_creates_a_user() {
	lib_civicrm();
	$login = uniqid( 'civi' );
	fake_civicrm_create_user( array( 'user_login' => $login, 'user_pass' => 'x', 'user_email' => "$login@example.org" ) );
	same( sent(), array(), 'nothing is told of a user whom CiviCRM creates' );
	civi_wp()->users->calls = array();
	$id                     = new_user();
	same( array( sent(), civi_wp()->users->calls ), array( array( "user.registered $id" ), array() ), 'of the next one it is; listeners that were put back are out again' );
}

/** CiviCRM changes a user. */
function test_civicrm_writes_the_email() {
	lib_civicrm();
	$id = user();
	CRM_Core_BAO_UFMatch::updateUFName( $id, "civi-$id@example.org" );
	same( array( sent(), get_userdata( $id )->user_email ), array( array(), "civi-$id@example.org" ), 'nothing is told of what CiviCRM knows' );
	same( civi_wp()->users->calls, array(), 'nor does CiviCRM hear of it again' );
	lib_sidecar( 'down' );
	change( $id, array( 'user_email' => "user-$id@example.org" ) );
	sent();
	CRM_Core_BAO_UFMatch::updateUFName( $id, "last-$id@example.org" );
	sent();
	lib_sidecar( 'ok' );
	lib_all_due();
	userlink_flush();
	$all = requests();
	same( count( $all ), 2, 'unless older news of the user wait' );
	same( $all[1]['user']['email'], "last-$id@example.org", 'so that the last word is the last' );
}

/** CiviCRM is there, with its listeners. */
function lib_civicrm() {
	require_once dirname( __DIR__ ) . '/fake-civicrm.php';
	foreach ( array( 'user_register', 'profile_update' ) as $hook ) {
		remove_action( $hook, array( civi_wp()->users, 'update_user' ) );
	}
	remove_action( 'deleted_user', array( civi_wp()->users, 'delete_user_ufmatch' ) );
	civi_wp()->users->register_hooks();
	civi_wp()->users->calls = array();
}
