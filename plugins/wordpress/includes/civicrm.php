<?php
/**
 * CiviCRM's own linking, and how the two keep out of each other's way.
 *
 * CiviCRM's plugin links users at the three hooks below; there it steps aside for the sidecar, which links them by the
 * same rules but leaves no contact behind when it cannot. CiviCRM also links whoever opens one of its pages
 * (CiviCRM_For_WordPress_Users::sync_user). That stays as it is: the link is there by then, so it does nothing; and
 * should the sidecar be down for long, a user who needs CiviCRM still gets a contact.
 *
 * @package Userlink
 */

defined( 'ABSPATH' ) || exit;

/**
 * Takes CiviCRM's listener out of the hook that is just running. Only now, not at `init`: CiviCRM and its extensions put
 * their listeners back whenever they have created a user. Not while this site has no sidecar.
 */
function userlink_remove_civicrm_listener() {
	$listeners = array(
		'user_register'  => 'update_user',
		'profile_update' => 'update_user',
		'deleted_user'   => 'delete_user_ufmatch',
	);
	$hook      = current_action();
	if ( ! function_exists( 'civi_wp' ) || ! isset( $listeners[ $hook ], civi_wp()->users ) || ! userlink_is_configured() ) {
		return;
	}
	/**
	 * Whether CiviCRM's own listener is taken out.
	 *
	 * @param bool   $remove Default true.
	 * @param string $hook   `user_register`, `profile_update` or `deleted_user`.
	 */
	if ( apply_filters( 'userlink_remove_civicrm_listeners', true, $hook ) ) {
		remove_action( $hook, array( civi_wp()->users, $listeners[ $hook ] ) );
	}
}

/** CiviCRM begins to create a user for one of its contacts. It writes the link itself, after the user is there. */
function userlink_stand_down() {
	$GLOBALS['userlink_standing_down'] = true;
}

/** CiviCRM is done, or has failed. */
function userlink_stand_up() {
	$GLOBALS['userlink_standing_down'] = false;
}

/**
 * Whether events are CiviCRM's business just now.
 *
 * @return bool
 */
function userlink_is_standing_down() {
	return ! empty( $GLOBALS['userlink_standing_down'] );
}

/**
 * Whether the running change of a user is CiviCRM's: it copies a contact's new primary email to the user. To tell it so
 * would only go round in a circle. But when older news of this user still wait, this has to be the last word after them.
 *
 * @param int $user_id User.
 * @return bool
 */
function userlink_is_civicrm_writing( $user_id ) {
	if ( ! class_exists( 'CRM_Core_BAO_UFMatch', false ) ) {
		return false;
	}
	// CiviCRM announces it by no hook of any of its versions; it is on the stack, though.
	// phpcs:ignore WordPress.PHP.DevelopmentFunctions -- not for debugging.
	$stack = debug_backtrace( DEBUG_BACKTRACE_IGNORE_ARGS );
	return in_array( 'updateUFName', array_column( $stack, 'function' ), true ) && ! userlink_outbox()->hasUser( $user_id );
}

/**
 * Address of a CiviCRM page, `{id}` left as it is; empty without CiviCRM.
 *
 * @param string $path  CiviCRM's path.
 * @param string $query Rest of the query.
 * @return string
 */
function userlink_civicrm_url( $path, $query = 'reset=1' ) {
	return userlink_has_civicrm() ? admin_url( 'admin.php?page=CiviCRM&q=' . rawurlencode( $path ) . '&' . $query ) : '';
}

/**
 * Whether CiviCRM is active and installed here.
 *
 * @return bool
 */
function userlink_has_civicrm() {
	return function_exists( 'civi_wp' ) && defined( 'CIVICRM_INSTALLED' ) && CIVICRM_INSTALLED;
}
