<?php
/**
 * What is told to the sidecar, when, and in which order.
 *
 * @package Userlink
 */

/** The one event in full. */
function test_registration() {
	wp_set_current_user( 1 );
	$id = new_user(
		array(
			'first_name'   => 'Zoë',
			'last_name'    => "O'Neil",
			'display_name' => 'Zoë O’Neil 🙂',
			'role'         => 'editor',
			'locale'       => 'de_DE',
		)
	);
	same( requests(), array(), 'nothing is sent before the end of the request' );
	userlink_send_events();
	$all = requests();
	same( array_map( 'told', $all ), array( "user.registered $id" ), 'one event at the end' );
	$request = $all[0];
	$user    = get_userdata( $id );
	same( array( $request['method'], $request['target'], $request['signed'] ), array( 'POST', '/v1/events', true ), 'to the right route, signed' );
	same( array( $request['claims']['iss'], isset( $request['claims']['scope'] ) ), array( 'main', false ), 'by this site, not as an admin call' );
	same( $request['event']['source'], '/sites/main', 'its source is the site' );
	same( $request['event']['data']['hook'], 'user_register', 'the hook' );
	same( $request['event']['data']['actor'], array( 'user_id' => 1 ), 'the actor' );
	ksort( $request['user'] );
	$should = array(
		'email'         => $user->user_email,
		'first_name'    => 'Zoë',
		'id'            => $id,
		'language'      => 'de_DE',
		'last_name'     => "O'Neil",
		'name'          => 'Zoë O’Neil 🙂',
		'registered_at' => str_replace( ' ', 'T', $user->user_registered ) . 'Z',
		'roles'         => array( 'editor' ),
		'status'        => 'active',
		'username'      => $user->user_login,
	);
	same( $request['user'], $should, 'the user' );
}

/** Nobody is logged in when visitors register. */
function test_registration_by_a_visitor() {
	new_user();
	userlink_send_events();
	same( requests()[0]['event']['data']['actor'], array( 'user_id' => 0 ), 'the actor is nobody' );
}

/** Changes. */
function test_update() {
	$id = user();
	change( $id, array( 'user_email' => "new-$id@example.org" ) );
	userlink_send_events();
	$all = requests();
	same( array_map( 'told', $all ), array( "user.updated $id" ), 'a change is told' );
	same( $all[0]['user']['email'], "new-$id@example.org", 'with the new email' );
	same( $all[0]['event']['data']['hook'], 'profile_update', 'the hook' );
	change( $id );
	same( sent(), array( "user.updated $id" ), 'also when nothing changed: it makes sure of the link' );
}

/** One event for each user. */
function test_one_event_for_each_user() {
	$a = user();
	change( $a, array( 'first_name' => 'One' ) );
	$b = new_user();
	change( $a, array( 'first_name' => 'Two' ) );
	change( $b, array( 'last_name' => 'Later' ) );
	change( $b, array( 'user_email' => "later-$b@example.org" ) );
	userlink_send_events();
	$all = requests();
	same( array_map( 'told', $all ), array( "user.updated $a", "user.registered $b" ), 'each once, in the order in which it began' );
	same( $all[0]['user']['first_name'], 'Two', 'with what is true at the end' );
	same( array( $all[1]['user']['last_name'], $all[1]['user']['email'] ), array( 'Later', "later-$b@example.org" ), 'also of a new user' );
	same( $all[1]['event']['data']['hook'], 'user_register', 'who is still new' );
	same( sent(), array(), 'and not again' );
}

/** Logins. */
function test_login() {
	$a    = user();
	$user = get_userdata( $a );
	do_action( 'wp_login', $user->user_login, $user );
	userlink_send_events();
	$all = requests();
	same( array_map( 'told', $all ), array( "user.logged_in $a" ), 'a login is told' );
	same( $all[0]['event']['data']['hook'], 'wp_login', 'the hook' );
	do_action( 'wp_login', $user->user_login );
	change( $a );
	same( sent(), array( "user.logged_in $a", "user.updated $a" ), 'also without the user, and beside a change' );
	$b = new_user();
	do_action( 'wp_login', get_userdata( $b )->user_login, get_userdata( $b ) );
	same( sent(), array( "user.registered $b" ), 'to be logged in by a registration is no login' );
	do_action( 'wp_login', 'nobody-of-this-name' );
	same( sent(), array(), 'nobody' );
}

/** Deletion. */
function test_deletion() {
	$a     = user();
	$b     = user();
	$email = get_userdata( $a )->user_email;
	wp_set_current_user( 1 );
	lib_delete_user( $a );
	change( $b );
	lib_delete_user( $b );
	userlink_send_events();
	$all = requests();
	same( array_map( 'told', $all ), array( "user.deleted $a", "user.deleted $b" ), 'told once, also of a user who was changed before' );
	same( array( $all[0]['user']['email'], $all[0]['event']['data']['actor']['user_id'] ), array( $email, 1 ), 'with the user as they were, and who did it' );
	$c = new_user();
	lib_delete_user( $c );
	same( sent(), array( "user.deleted $c" ), 'a user who came and went in one request is deleted' );
}

/** The hook alone proves nothing. */
function test_deletion_of_a_user_who_stays() {
	$id = user();
	do_action( 'deleted_user', $id, null, get_userdata( $id ) );
	same( sent(), array(), 'no deletion is told while the user exists' );
	userlink_collect( 'user.updated', 4000000000 );
	same( sent(), array(), 'no change of a user who does not exist' );
}

/** Another process changes the user meanwhile. */
function test_the_latest_data_are_sent() {
	global $wpdb;
	$id = user();
	change( $id );
	$wpdb->update( $wpdb->users, array( 'user_email' => "other-$id@example.org" ), array( 'ID' => $id ) );
	userlink_send_events();
	same( requests()[0]['user']['email'], "other-$id@example.org", 'the database\'s email, not a cached one' );
}

/** A request that ends. */
function test_a_real_request() {
	child( "\$id = wp_insert_user(['user_login' => 'child' . uniqid(), 'user_pass' => 'x', 'user_email' => uniqid() . '@example.org']); change(\$id); exit(1);" );
	$all = requests();
	same( array_column( $all, 'type' ), array( 'user.registered' ), 'is told when it is over, also when it is cut short' );
}

/** Without a key the plugin does nothing at all. */
function test_not_configured() {
	update_option( 'userlink_site', '' );
	new_user();
	same( array( sent(), waiting() ), array( array(), array() ), 'nothing is sent and nothing is kept' );
	delete_option( 'userlink_site' );
}

/**
 * Deletes a user from the whole installation.
 *
 * @param int $id User.
 */
function lib_delete_user( $id ) {
	if ( is_multisite() ) {
		wpmu_delete_user( $id );
	} else {
		wp_delete_user( $id );
	}
}
