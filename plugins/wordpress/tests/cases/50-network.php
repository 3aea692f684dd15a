<?php
/**
 * A network of sites: each site is one for the sidecar, with its own outbox.
 *
 * @package Userlink
 */

/** Members. */
function test_network_members() {
	$two = lib_site();
	$id  = user();
	change( $id );
	same( lib_sites(), array( "main user.updated $id" ), 'a member of one site is told to that site' );
	add_user_to_blog( $two, $id, 'editor' );
	same( lib_sites(), array( "two user.registered $id" ), 'who joins another one is new there' );
	change( $id );
	$all = lib_all();
	same( array_map( 'lib_site_told', $all ), array( "main user.updated $id", "two user.updated $id" ), 'then both are told of changes' );
	same( array( $all[0]['user']['roles'], $all[1]['user']['roles'] ), array( array( 'subscriber' ), array( 'editor' ) ), 'each with its own roles' );
	ok( $all[0]['signed'] && $all[1]['signed'], 'each signed by its own id' );
	$both = user();
	change( $both );
	add_user_to_blog( $two, $both, 'author' );
	same( lib_sites(), array( "main user.updated $both", "two user.updated $both" ), 'a change and a new site in one request' );
}

/** Users of the network only. */
function test_network_user_without_a_site() {
	$id = wpmu_create_user( uniqid( 'net' ), 'password', uniqid() . '@example.org' );
	same( lib_sites(), array(), 'nobody is told of a user who is member of no site' );
	add_user_to_blog( get_current_blog_id(), $id, 'subscriber' );
	same( lib_sites(), array( "main user.registered $id" ), 'until they join one' );
	$id = wpmu_create_user( uniqid( 'net' ), 'password', uniqid() . '@example.org' );
	add_user_to_blog( lib_site(), $id, 'subscriber' );
	same( lib_sites(), array( "two user.registered $id" ), 'also at once' );
}

/** Leaving is not being deleted. */
function test_network_leaving() {
	$two = lib_site();
	$id  = user();
	add_user_to_blog( $two, $id, 'editor' );
	sent();
	wp_delete_user( $id );
	same( lib_sites(), array(), 'who leaves one site keeps the link' );
	ok( get_userdata( $id ) instanceof WP_User, 'and the account' );
	remove_user_from_blog( $id, $two );
	same( lib_sites(), array(), 'also by the other way' );
}

/** Deleted. */
function test_network_deletion() {
	$two = lib_site();
	$id  = user();
	add_user_to_blog( $two, $id, 'editor' );
	sent();
	requests();
	wpmu_delete_user( $id );
	same( lib_sites(), array( "main user.deleted $id", "two user.deleted $id" ), 'all sites of the user are told' );
}

/** Spam. */
function test_network_spam() {
	$id = user();
	wp_update_user( array( 'ID' => $id, 'spam' => 1 ) );
	$all = lib_all();
	same( $all[0]['user']['status'] ?? '', 'blocked', 'a spammer is blocked' );
}

/** Each site has its outbox. */
function test_network_outbox() {
	global $wpdb;
	$two = lib_site();
	$id  = user();
	add_user_to_blog( $two, $id, 'editor' );
	sent();
	requests();
	lib_sidecar( 'down' );
	userlink_at_site( $two, 'lib_sidecar', 'down' );
	change( $id );
	userlink_send_events();
	same( array( waiting(), userlink_at_site( $two, 'waiting' ) ), array( array( "user.updated $id" ), array( "user.updated $id" ) ), 'an event waits at each site' );
	lib_sidecar( 'ok' );
	userlink_at_site( $two, 'lib_sidecar', 'ok' );
	lib_all_due();
	userlink_flush();
	same( array_map( 'lib_site_told', requests() ), array( "main user.updated $id" ), 'each site sends its own' );
	userlink_at_site( $two, 'lib_all_due' );
	userlink_at_site( $two, 'userlink_flush' );
	same( array_map( 'lib_site_told', requests() ), array( "two user.updated $id" ), 'the other too' );
}

/** Sites without the plugin, and sites that are one for the sidecar. */
function test_network_other_sites() {
	$plugin  = plugin_basename( USERLINK_FILE );
	$two     = lib_site();
	$id      = user();
	$network = get_site_option( 'active_sitewide_plugins' );
	$active  = get_option( 'active_plugins' );
	add_user_to_blog( $two, $id, 'editor' );
	sent();
	requests();
	update_site_option( 'active_sitewide_plugins', array_diff_key( $network, array( $plugin => 1 ) ) );
	change( $id );
	same( lib_sites(), array( "main user.updated $id" ), 'a site that has not activated the plugin is not told' );
	update_blog_option( $two, 'active_plugins', array( $plugin ) );
	change( $id );
	same( lib_sites(), array( "main user.updated $id", "two user.updated $id" ), 'one that has is' );
	update_site_option( 'active_sitewide_plugins', $network );
	update_blog_option( $two, 'active_plugins', array() );
	update_blog_option( $two, 'userlink_site', 'main' );
	change( $id );
	same( lib_sites(), array( "main user.updated $id" ), 'two sites that are one for the sidecar are told once' );
	update_blog_option( $two, 'userlink_site', '' );
	change( $id );
	same( lib_sites(), array( "main user.updated $id" ), 'a site without an id is not told' );
}

/** A site is deleted. */
function test_network_site_deleted() {
	global $wpdb;
	$three = wpmu_create_blog( wp_parse_url( home_url(), PHP_URL_HOST ) . ':' . wp_parse_url( home_url(), PHP_URL_PORT ), '/' . uniqid() . '/', 'Three', 1 );
	sent();
	userlink_at_site( $three, 'userlink_outbox' );
	same( lib_tables( $three ), 1, 'a new site gets its table when it is first needed' );
	wpmu_delete_blog( $three, true );
	same( lib_tables( $three ), 0, 'and loses it when it is deleted' );
}

/** Settings on a network. */
function test_network_settings() {
	$id = user( array( 'role' => 'administrator' ) );
	wp_set_current_user( $id );
	ok( current_user_can( 'userlink_admin' ), 'the administrator of a site may synchronize it' );
	same( userlink_settings_url(), '', 'but not say where its user data go' );
	wp_set_current_user( 1 );
	ok( '' !== userlink_settings_url(), 'the network\'s administrator may' );
}

/** The second site; "two" for the sidecar. */
function lib_site() {
	global $lib, $userlink_pending;
	if ( ! isset( $lib['two'] ) ) {
		$host       = wp_parse_url( home_url(), PHP_URL_HOST ) . ':' . wp_parse_url( home_url(), PHP_URL_PORT );
		$lib['two'] = wpmu_create_blog( $host, '/two' . uniqid() . '/', 'Two', 1 );
	}
	userlink_at_site(
		$lib['two'],
		static function () use ( $lib ) {
			update_option( 'userlink_site', 'two' );
			update_option( 'userlink_address', $lib['address'] );
			delete_option( 'userlink_down_until' );
		}
	);
	$userlink_pending = array();
	return $lib['two'];
}

/** The end of a request, and what was sent by then. */
function lib_all() {
	userlink_send_events();
	return requests();
}

/** As sent(), with the site. */
function lib_sites() {
	return array_map( 'lib_site_told', lib_all() );
}

/**
 * One request in short.
 *
 * @param array $request Of requests().
 * @return string
 */
function lib_site_told( array $request ) {
	return $request['claims']['iss'] . ' ' . told( $request );
}

/**
 * How many outboxes a site has.
 *
 * @param int $site Blog id.
 * @return int
 */
function lib_tables( $site ) {
	global $wpdb;
	return count( $wpdb->get_col( $wpdb->prepare( 'SHOW TABLES LIKE %s', $wpdb->esc_like( $wpdb->get_blog_prefix( $site ) . 'userlink_outbox' ) ) ) );
}
