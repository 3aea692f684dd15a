<?php
/**
 * Removes what this plugin stored, on every site of a network. Keep the lists complete.
 *
 * @package Userlink
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

/** Removes it from the current site. Links and contacts are CiviCRM's and stay. */
function userlink_uninstall_site() {
	global $wpdb;
	// phpcs:ignore WordPress.DB -- an own table.
	$wpdb->query( "DROP TABLE IF EXISTS {$wpdb->prefix}userlink_outbox" );
	foreach ( array( 'userlink_address', 'userlink_site', 'userlink_schema', 'userlink_down_until' ) as $userlink_option ) {
		delete_option( $userlink_option );
	}
	wp_clear_scheduled_hook( 'userlink_flush' );
}

if ( is_multisite() ) {
	foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $userlink_site ) {
		switch_to_blog( $userlink_site );
		userlink_uninstall_site();
		restore_current_blog();
	}
} else {
	userlink_uninstall_site();
}
