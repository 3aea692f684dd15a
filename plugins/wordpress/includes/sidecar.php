<?php
/**
 * The sidecar: its address, this site's key, the client; install and the outbox's timer.
 *
 * @package Userlink
 */

defined( 'ABSPATH' ) || exit;

/**
 * Where the sidecar is and how the current site signs. A constant of wp-config.php wins over the settings page; the key
 * is nowhere else. `{site}` in a key's id or file becomes the site id, so that a network can give each site its key.
 *
 * @return Userlink\Settings
 */
function userlink_settings() {
	$site    = defined( 'USERLINK_SITE' ) ? USERLINK_SITE : get_option( 'userlink_site', is_main_site() ? 'main' : '' );
	$address = defined( 'USERLINK_ADDRESS' ) ? USERLINK_ADDRESS : get_option( 'userlink_address', '127.0.0.1:7780' );
	$site    = userlink_sanitize_site( $site );
	$key_id  = defined( 'USERLINK_KEY_ID' ) ? str_replace( '{site}', $site, USERLINK_KEY_ID ) : '';
	$secret  = defined( 'USERLINK_KEY' ) ? USERLINK_KEY : '';
	if ( '' === $secret && defined( 'USERLINK_KEY_FILE' ) ) {
		// phpcs:ignore WordPress.PHP.NoSilencedErrors, WordPress.WP.AlternativeFunctions -- a local file; that it cannot be read is said on the settings page.
		$secret = (string) @file_get_contents( str_replace( '{site}', $site, USERLINK_KEY_FILE ) );
	}
	return new Userlink\Settings( $site, (string) $address, (string) $key_id, (string) $secret );
}

/**
 * Whether the current site can talk to a sidecar. If not, this plugin leaves everything as it is.
 *
 * @return bool
 */
function userlink_is_configured() {
	return '' === userlink_settings()->problem();
}

/**
 * The outbox of the current site, its table made where it is missing: a site of a network may be new.
 *
 * @return Userlink_Outbox
 */
function userlink_outbox() {
	if ( USERLINK_SCHEMA !== get_option( 'userlink_schema' ) ) {
		Userlink_Outbox::create();
		update_option( 'userlink_schema', USERLINK_SCHEMA );
	}
	return new Userlink_Outbox();
}

/**
 * The client of the current site.
 *
 * @return Userlink\Client
 */
function userlink_client() {
	return new Userlink\Client( userlink_settings(), userlink_outbox(), 'userlink_log' );
}

/**
 * Tells what went wrong: to whoever listens, and to the debug log if there is one.
 *
 * @param string $level   `error`, `warning` or `info`.
 * @param string $message A fixed English sentence.
 * @param array  $context Codes and ids; never a secret or an email address.
 */
function userlink_log( $level, $message, array $context = array() ) {
	do_action( 'userlink_log', $level, $message, $context );
	if ( defined( 'WP_DEBUG_LOG' ) && WP_DEBUG_LOG ) {
		// phpcs:ignore WordPress.PHP.DevelopmentFunctions -- only where the site asked for a debug log.
		error_log( "userlink: $level: $message " . wp_json_encode( $context ) );
	}
}

/** Activation. The other sites of a network make their table when they first run (userlink_init). */
function userlink_install() {
	delete_option( 'userlink_schema' );
	userlink_init();
}

/** At every request: two options, which are loaded anyhow, are looked at. */
function userlink_init() {
	load_plugin_textdomain( 'userlink-for-civicrm', false, dirname( plugin_basename( USERLINK_FILE ) ) . '/languages' );
	if ( wp_installing() ) {
		return;
	}
	userlink_outbox();
	if ( ! wp_next_scheduled( 'userlink_flush' ) ) {
		wp_schedule_event( time() + 5 * MINUTE_IN_SECONDS, 'userlink_five_minutes', 'userlink_flush' );
	}
}

/**
 * Deactivation: only the timer goes, what waits is sent after the next activation.
 *
 * @param bool $network_wide On a network, for all sites.
 */
function userlink_deactivate( $network_wide = false ) {
	$sites = $network_wide ? get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) : array( get_current_blog_id() );
	foreach ( $sites as $site ) {
		userlink_at_site( $site, 'wp_clear_scheduled_hook', 'userlink_flush' );
	}
}

/**
 * Calls a function as if at this site of the network.
 *
 * @param int      $site    Blog id; on a single site it does not matter.
 * @param callable $call    What to call.
 * @param mixed    ...$args With what.
 * @return mixed What it returned.
 */
function userlink_at_site( $site, callable $call, ...$args ) {
	$switch = is_multisite() && get_current_blog_id() !== (int) $site;
	if ( $switch ) {
		switch_to_blog( (int) $site );
	}
	try {
		return $call( ...$args );
	} finally {
		if ( $switch ) {
			restore_current_blog();
		}
	}
}

/**
 * The outbox's own interval.
 *
 * @param array $schedules WordPress's.
 * @return array
 */
function userlink_cron_schedules( $schedules ) {
	$schedules['userlink_five_minutes'] = array(
		'interval' => 5 * MINUTE_IN_SECONDS,
		'display'  => __( 'Every five minutes (userlink)', 'userlink-for-civicrm' ),
	);
	return $schedules;
}

/**
 * Sends what waits. WP-Cron calls it, and `wp userlink flush`; never the request of a visitor.
 *
 * @param int   $max     Most events.
 * @param float $seconds Most seconds.
 * @return array `sent`, `kept`, `dropped`.
 */
function userlink_flush( $max = 500, $seconds = 20.0 ) {
	return userlink_client()->flush( (int) $max ? (int) $max : 500, (float) $seconds );
}

/**
 * A site of the network is deleted: its outbox goes with it.
 *
 * @param array $tables WordPress's list.
 * @return array
 */
function userlink_drop_tables( $tables ) {
	$tables[] = $GLOBALS['wpdb']->prefix . 'userlink_outbox';
	return $tables;
}
