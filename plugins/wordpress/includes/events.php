<?php
/**
 * What happens to users is collected during the request and told to the sidecar when the visitor has the answer.
 *
 * @package Userlink
 */

defined( 'ABSPATH' ) || exit;

/**
 * A user was added.
 *
 * @param int $user_id User.
 */
function userlink_on_user_register( $user_id ) {
	userlink_collect( 'user.registered', $user_id );
}

/**
 * On a network: a user joined a site. For that site they are new.
 *
 * @param int    $user_id User.
 * @param string $role    Their role there.
 * @param int    $site    Blog id.
 */
function userlink_on_add_user_to_blog( $user_id, $role, $site ) {
	userlink_collect( 'user.registered', $user_id, array( (int) $site ) );
}

/**
 * A user was changed; unless CiviCRM did it and so knows already.
 *
 * @param int $user_id User.
 */
function userlink_on_profile_update( $user_id ) {
	userlink_is_civicrm_writing( $user_id ) || userlink_collect( 'user.updated', $user_id );
}

/**
 * A user logged in, to the current site of a network.
 *
 * @param string       $login Their name.
 * @param WP_User|null $user  User; some plugins leave it out.
 */
function userlink_on_wp_login( $login, $user = null ) {
	global $userlink_pending;
	$user = $user instanceof WP_User ? $user : get_user_by( 'login', $login );
	// Who is logged in by their registration has not proved to get mail at the address.
	if ( $user && 'user.registered' !== ( $userlink_pending[ $user->ID ]['type'] ?? '' ) ) {
		userlink_collect( 'user.logged_in', $user->ID, array( get_current_blog_id() ) );
	}
}

/**
 * On a network: a user is about to be deleted from all sites. Later nobody knows which they were.
 *
 * @param int $user_id User.
 */
function userlink_on_wpmu_delete_user( $user_id ) {
	userlink_collect( 'user.deleted', $user_id, array_keys( get_blogs_of_user( $user_id, true ) ) );
}

/**
 * A user was deleted, or on a network perhaps only left this site: userlink_send_event() looks.
 *
 * @param int      $user_id  User.
 * @param int|null $reassign Who got the posts.
 * @param WP_User  $user     The user as they were.
 */
function userlink_on_deleted_user( $user_id, $reassign = null, $user = null ) {
	userlink_collect( 'user.deleted', $user_id, array( get_current_blog_id() ), $user );
}

/**
 * Notes an event of this request: one for each user, at the place of their first one, and beside it a login. A new user
 * who is changed at once is still new; a deleted one is only deleted. What the user looks like is read when the event is sent.
 *
 * @param string       $type    Type of the event.
 * @param int          $user_id User.
 * @param int[]        $sites   Sites of the network that it concerns; empty: all of which the user is a member then.
 * @param WP_User|null $user    The user, when nobody can read them later.
 */
function userlink_collect( $type, $user_id, array $sites = array(), $user = null ) {
	global $userlink_pending;
	if ( userlink_is_standing_down() ) {
		return;
	}
	$user_id = (int) $user_id;
	$key     = 'user.logged_in' === $type ? "login $user_id" : $user_id;
	$before  = $userlink_pending[ $key ] ?? null;
	$event   = array(
		'type'  => $type,
		'hook'  => current_action(),
		'actor' => get_current_user_id(),
		'sites' => $sites,
		'user'  => $user instanceof WP_User ? userlink_user_data( $user ) : array( 'id' => $user_id ),
	);
	if ( $before && 'user.deleted' === $before['type'] ) {
		$before['sites'] = array_merge( $before['sites'], 'user.deleted' === $type ? $sites : array() );
		$event           = array( 'user' => $event['user'] + $before['user'] ) + $before;
	} elseif ( $before && 'user.deleted' !== $type ) {
		$event          = $before;
		$event['sites'] = $before['sites'] && $sites ? array_merge( $before['sites'], $sites ) : array();
	}
	$userlink_pending[ $key ] = $event;
}

/** Sends what was collected. Whatever goes wrong here, the request was answered and the user saved. */
function userlink_send_events() {
	global $userlink_pending;
	$events           = (array) $userlink_pending;
	$userlink_pending = array();
	if ( ! $events ) {
		return;
	}
	$deadline = microtime( true ) + userlink_time_budget();
	foreach ( $events as $event ) {
		$user_id = $event['user']['id'];
		try {
			userlink_send_event( $user_id, $event, $deadline );
		} catch ( Throwable $e ) {
			userlink_log( 'error', 'Event lost.', array( 'user_id' => $user_id, 'exception' => get_class( $e ) ) );
		}
	}
}

/**
 * Lets the visitor go where PHP can, and says how long all events of this request may take.
 *
 * @return float Seconds.
 */
function userlink_time_budget() {
	if ( 'cli' === PHP_SAPI || wp_doing_cron() ) {
		return 30.0;
	}
	foreach ( array( 'fastcgi_finish_request', 'litespeed_finish_request' ) as $finish ) {
		if ( function_exists( $finish ) && $finish() ) {
			return 5.0;
		}
	}
	return 1.0;
}

/**
 * Sends one event to each site that it concerns, or puts it into that site's outbox.
 *
 * @param int   $user_id  User.
 * @param array $event    Of userlink_collect().
 * @param float $deadline Time after which nothing is tried any more.
 */
function userlink_send_event( $user_id, array $event, $deadline ) {
	global $wpdb;
	// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- a cache could still know a user who is gone.
	$there = (bool) $wpdb->get_var( $wpdb->prepare( "SELECT 1 FROM {$wpdb->users} WHERE ID = %d", $user_id ) );
	if ( ( 'user.deleted' === $event['type'] ) === $there ) {
		return; // A user who only left one site of a network keeps their link; one who is gone has nothing to link.
	}
	clean_user_cache( $user_id ); // Another request may have changed the user since this one began.
	$sites = array( get_current_blog_id() );
	if ( is_multisite() ) {
		$mine  = $there ? array_keys( get_blogs_of_user( $user_id ) ) : $event['sites'];
		$sites = $event['sites'] ? array_intersect( $mine, $event['sites'] ) : $mine;
	}
	$sent = array(); // Several sites of a network may be one for the sidecar.
	foreach ( array_unique( $sites ) as $site ) {
		userlink_at_site(
			$site,
			static function () use ( $user_id, $event, $deadline, $there, &$sent ) {
				$settings = userlink_settings();
				if ( '' !== $settings->problem() || in_array( $settings->site(), $sent, true ) || ! userlink_is_active() ) {
					return;
				}
				$sent[] = $settings->site();
				$data   = $there ? userlink_user_data( get_userdata( $user_id ) ) : $event['user'];
				$ready  = Userlink\Event::build( $settings, $event['type'], $event['hook'], $data, $event['actor'] );
				if ( microtime( true ) < $deadline ) {
					userlink_client()->send( $ready );
				} else {
					userlink_outbox()->add( $ready['id'], $user_id, Userlink\Event::encode( $ready ) );
				}
			}
		);
	}
}

/**
 * Whether this plugin is active at the current site: it may be a site to which another one switched.
 *
 * @return bool
 */
function userlink_is_active() {
	$plugin = plugin_basename( USERLINK_FILE );
	return ! is_multisite() || ! ms_is_switched()
		|| in_array( $plugin, (array) get_option( 'active_plugins', array() ), true )
		|| isset( get_site_option( 'active_sitewide_plugins', array() )[ $plugin ] );
}

/**
 * A WordPress user as an event tells of them.
 *
 * @param WP_User $user User, as seen from the current site.
 * @return array
 */
function userlink_user_data( WP_User $user ) {
	return array(
		'id'            => $user->ID,
		'email'         => $user->user_email,
		'username'      => $user->user_login,
		'first_name'    => $user->first_name,
		'last_name'     => $user->last_name,
		'name'          => $user->display_name,
		'status'        => is_multisite() && ( $user->spam || $user->deleted ) ? 'blocked' : 'active',
		'roles'         => array_values( $user->roles ),
		'language'      => get_user_locale( $user ),
		'registered_at' => $user->user_registered,
	);
}
