<?php
/**
 * Plugin Name:       userlink for CiviCRM
 * Description:       Links every WordPress user to the right CiviCRM contact: by itself when users register or change, and for all users at once by one button. Needs the userlink sidecar.
 * Version:           0.1.0
 * Requires at least: 5.7
 * Requires PHP:      7.4
 * Author:            The userlink authors
 * License:           GPL-2.0-or-later
 * License URI:       https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain:       userlink-for-civicrm
 * Domain Path:       /languages
 *
 * @package Userlink
 */

defined( 'ABSPATH' ) || exit;

const USERLINK_VERSION = '0.1.0';
const USERLINK_FILE    = __FILE__;

// Raise it with every change of the table in Userlink_Outbox::create().
const USERLINK_SCHEMA = '1';

// The client and the admin page that all CMSs share: inside the installed plugin, or beside it in the repository.
define( 'USERLINK_SHARED', is_dir( __DIR__ . '/shared' ) ? __DIR__ . '/shared' : dirname( __DIR__, 2 ) . '/shared' );

require_once USERLINK_SHARED . '/php/autoload.php';
require_once __DIR__ . '/includes/class-userlink-outbox.php'; // Where undelivered events wait.
require_once __DIR__ . '/includes/sidecar.php';               // Settings, the client, install and cron.
require_once __DIR__ . '/includes/events.php';                // What happens to users, and how it is told.
require_once __DIR__ . '/includes/civicrm.php';               // The only file that knows CiviCRM's plugin.
require_once __DIR__ . '/includes/settings-page.php';
require_once __DIR__ . '/includes/admin-page.php';
require_once __DIR__ . '/includes/site-health.php';

if ( defined( 'WP_CLI' ) && WP_CLI ) {
	require_once __DIR__ . '/includes/class-userlink-command.php';
	WP_CLI::add_command( 'userlink', 'Userlink_Command' );
}

/**
 * Every hook of this plugin.
 */
function userlink_add_hooks() {
	// 1. What happens to users. A login proves an address and, where the site's policy says so, links. CiviCRM's
	// transactions are not told: a user who opens a CiviCRM page was told about when they registered.
	add_action( 'user_register', 'userlink_on_user_register' );
	add_action( 'add_user_to_blog', 'userlink_on_add_user_to_blog', 10, 3 );
	add_action( 'profile_update', 'userlink_on_profile_update' );
	add_action( 'wp_login', 'userlink_on_wp_login', 10, 2 );
	add_action( 'wpmu_delete_user', 'userlink_on_wpmu_delete_user' );
	add_action( 'deleted_user', 'userlink_on_deleted_user', 10, 3 );
	add_action( 'shutdown', 'userlink_send_events', PHP_INT_MAX ); // After all others have printed what they print.

	// 2. CiviCRM's own linking. Priority 0: its listeners stand at 10 and are taken out before their turn.
	add_action( 'user_register', 'userlink_remove_civicrm_listener', 0 );
	add_action( 'profile_update', 'userlink_remove_civicrm_listener', 0 );
	add_action( 'deleted_user', 'userlink_remove_civicrm_listener', 0 );
	add_action( 'civicrm_pre_create_user', 'userlink_stand_down' );
	add_action( 'civicrm_post_create_user', 'userlink_stand_up' );

	// 3. Install, and the outbox's timer.
	register_activation_hook( USERLINK_FILE, 'userlink_install' );
	register_deactivation_hook( USERLINK_FILE, 'userlink_deactivate' );
	add_action( 'init', 'userlink_init' );
	add_filter( 'cron_schedules', 'userlink_cron_schedules' ); // phpcs:ignore WordPress.WP.CronInterval -- 5 minutes: the first retry is due after one.
	add_action( 'userlink_flush', 'userlink_flush' );
	add_filter( 'wpmu_drop_tables', 'userlink_drop_tables' );

	// 4. Pages for administrators.
	add_filter( 'map_meta_cap', 'userlink_map_meta_cap', 10, 3 );
	add_action( 'rest_api_init', 'userlink_rest_api_init' );
	add_action( 'admin_init', 'userlink_admin_init' );
	add_action( 'admin_menu', 'userlink_admin_menu', 99 ); // After CiviCRM has made its menu.
	add_filter( 'plugin_action_links_' . plugin_basename( USERLINK_FILE ), 'userlink_action_links' );
	add_filter( 'option_page_capability_userlink', 'userlink_settings_capability' );
	add_filter( 'site_status_tests', 'userlink_site_status_tests' );
	add_filter( 'debug_information', 'userlink_debug_information' );
}

userlink_add_hooks();
