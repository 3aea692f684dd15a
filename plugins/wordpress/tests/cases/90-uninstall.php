<?php
/**
 * The last tests: the plugin goes, and nothing of it stays.
 *
 * @package Userlink
 */

/** Deactivation. */
function test_deactivation() {
	userlink_outbox()->add( 'waits', 1, '{"type":"user.updated"}' );
	deactivate_plugins( plugin_basename( USERLINK_FILE ) );
	same( wp_next_scheduled( 'userlink_flush' ), false, 'the timer goes' );
	same( waiting(), array( 'user.updated 1' ), 'what waits stays' );
	same( activate_plugin( plugin_basename( USERLINK_FILE ), '', is_multisite() ), null, 'it can be activated again' );
	ok( wp_next_scheduled( 'userlink_flush' ), 'the timer comes back' );
}

/** Uninstall. */
function test_uninstall() {
	global $wpdb;
	update_option( 'userlink_site', 'main' );
	deactivate_plugins( plugin_basename( USERLINK_FILE ) );
	define( 'WP_UNINSTALL_PLUGIN', plugin_basename( USERLINK_FILE ) );
	require dirname( USERLINK_FILE ) . '/uninstall.php';
	$sites = is_multisite() ? get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) : array( 1 );
	$left  = $wpdb->get_col( "SHOW TABLES LIKE '%userlink%'" );
	foreach ( $sites as $site ) {
		$left = array_merge( $left, $wpdb->get_col( "SELECT option_name FROM {$wpdb->get_blog_prefix( $site )}options WHERE option_name LIKE '%userlink%'" ) );
		$cron = (string) $wpdb->get_var( "SELECT option_value FROM {$wpdb->get_blog_prefix( $site )}options WHERE option_name = 'cron'" );
		$left = array_merge( $left, strpos( $cron, 'userlink' ) ? array( "cron of $site" ) : array() );
	}
	$left = array_merge( $left, $wpdb->get_col( "SELECT meta_key FROM $wpdb->usermeta WHERE meta_key LIKE '%userlink%'" ) );
	same( $left, array(), 'no table, option or timer stays' );
}
