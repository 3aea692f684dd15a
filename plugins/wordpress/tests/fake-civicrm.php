<?php
/**
 * As much of CiviCRM's plugin as this plugin meets, in the words of the real one.
 *
 * @package Userlink
 */

/** CiviCRM's listeners; they write down that they were called. */
class CiviCRM_For_WordPress_Users {

	/**
	 * What was called.
	 *
	 * @var string[]
	 */
	public $calls = array();

	/** As in CiviCRM, at init. */
	public function register_hooks() {
		add_action( 'user_register', array( $this, 'update_user' ) );
		add_action( 'profile_update', array( $this, 'update_user' ) );
		add_action( 'deleted_user', array( $this, 'delete_user_ufmatch' ) );
	}

	/** A user was added or changed. */
	public function update_user() {
		$this->calls[] = current_action();
	}

	/** A user was deleted. */
	public function delete_user_ufmatch() {
		$this->calls[] = current_action();
	}
}

/** The part that copies a contact's email to the user. */
class CRM_Core_BAO_UFMatch {

	/**
	 * As in CiviCRM, where it goes on to CRM_Utils_System_WordPress::updateCMSName().
	 *
	 * @param int    $user_id User.
	 * @param string $email   New email.
	 */
	public static function updateUFName( $user_id, $email ) {
		wp_update_user(
			array(
				'ID'         => $user_id,
				'user_email' => $email,
			)
		);
	}
}

/** CiviCRM's plugin object. */
function civi_wp() {
	static $civi = null;
	if ( null === $civi ) {
		$civi        = new stdClass();
		$civi->users = new CiviCRM_For_WordPress_Users();
	}
	return $civi;
}

/**
 * CiviCRM creates a user for a contact; it takes its listeners out meanwhile and puts them back.
 *
 * @param array $user For wp_insert_user().
 * @return int
 */
function fake_civicrm_create_user( array $user ) {
	do_action( 'civicrm_pre_create_user', array(), 'email', $user );
	$id = wp_insert_user( $user );
	civi_wp()->users->register_hooks();
	do_action( 'civicrm_post_create_user', $id, array(), false );
	return $id;
}
