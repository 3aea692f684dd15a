<?php
/**
 * The plugin beside a real CiviCRM, in a WordPress of a test's own in which both are installed and active:
 *
 *   php tests/civicrm.php FOLDER-OF-WORDPRESS [part of a test's name]
 *
 * @package Userlink
 */

if ( 'cli' !== PHP_SAPI ) {
	exit;
}
if ( empty( $argv[1] ) || ! is_file( $argv[1] . '/wp-load.php' ) ) {
	fwrite( STDERR, "usage: php civicrm.php FOLDER-OF-WORDPRESS [part of a test's name]\n" );
	exit( 2 );
}
require __DIR__ . '/lib.php';
lib_request( $argv[1] );
require $argv[1] . '/wp-load.php';
lib_loaded();
civicrm_initialize();
echo '# CiviCRM ', CRM_Utils_System::version(), "\n";
exit( lib_run( $argv[2] ?? '' ) );

/** Without a sidecar CiviCRM links as ever: so the other tests test something. */
function test_civicrm_alone() {
	update_option( 'userlink_site', '' );
	$before = contacts();
	$id     = new_user();
	same( array( contacts() - $before, count( links( $id ) ) ), array( 1, 1 ), 'a new user gets a contact and a link' );
	wp_delete_user( $id );
	same( count( links( $id ) ), 0, 'a deleted user loses the link' );
	delete_option( 'userlink_site' );
}

/** With a sidecar CiviCRM leaves users to it. */
function test_with_a_sidecar() {
	$before = contacts();
	$id     = new_user();
	change( $id, array( 'first_name' => 'Jane' ) );
	same( array( contacts() - $before, count( links( $id ) ) ), array( 0, 0 ), 'CiviCRM makes no contact and no link' );
	same( sent(), array( "user.registered $id" ), 'the sidecar is told' );
	link_user( $id );
	wp_delete_user( $id );
	same( count( links( $id ) ), 1, 'nor does it delete the link' );
	same( sent(), array( "user.deleted $id" ), 'the sidecar is told' );
}

/** The filter. */
function test_with_both() {
	civi_wp()->users->register_hooks(); // The test before has taken them out.
	add_filter( 'userlink_remove_civicrm_listeners', '__return_false' );
	$id = new_user();
	remove_filter( 'userlink_remove_civicrm_listeners', '__return_false' );
	same( count( links( $id ) ), 1, 'the filter lets CiviCRM link' );
	same( sent(), array( "user.registered $id" ), 'the sidecar is told all the same' );
}

/** CiviCRM creates a user for a contact. */
function test_civicrm_creates_a_user() {
	$login   = uniqid( 'civi' );
	$contact = contact( "$login@example.org" );
	$before  = contacts();
	$params  = array(
		'cms_name'  => $login,
		'cms_pass'  => 'password',
		'email'     => "$login@example.org",
		'contactID' => $contact,
	);
	$id      = (int) CRM_Core_BAO_CMSUser::create( $params, 'email' );
	same( array( contacts() - $before, array_column( links( $id ), 'contact_id' ) ), array( 0, array( (string) $contact ) ), 'one link to that contact, no other contact' );
	// Before 5.37 CiviCRM does not say that it creates a user. The event is sent after it has written the link.
	$told = version_compare( CRM_Utils_System::version(), '5.37', '<' ) ? array( "user.registered $id" ) : array();
	same( sent(), $told, 'no event, or one that finds the link' );
}

/** A contact's email goes to the user. */
function test_civicrm_writes_the_email() {
	$id      = user();
	$contact = link_user( $id );
	$email   = civicrm_api3( 'Email', 'getsingle', array( 'contact_id' => $contact, 'is_primary' => 1 ) );
	civicrm_api3( 'Email', 'create', array( 'id' => $email['id'], 'contact_id' => $contact, 'is_primary' => 1, 'email' => "civi-$id@example.org" ) );
	same( get_userdata( $id )->user_email, "civi-$id@example.org", 'CiviCRM changes the user' );
	same( sent(), array(), 'nothing is told of what CiviCRM knows' );
}

/** CiviCRM's own pages. */
function test_civicrm_page() {
	$id     = user();
	$before = contacts() + 1;
	link_user( $id );
	wp_set_current_user( $id );
	civi_wp()->users->sync_user( wp_get_current_user() );
	same( array( contacts() - $before, count( links( $id ) ) ), array( 0, 1 ), 'a linked user who opens one is left alone' );
	wp_set_current_user( 1 );
	do_action( 'admin_menu' );
	ok( userlink_has_civicrm(), 'CiviCRM is seen' );
	$url = admin_url( 'admin.php?page=CiviCRM&q=civicrm%2Fcontact%2Fview&reset=1&cid={id}' );
	same( userlink_civicrm_url( 'civicrm/contact/view', 'reset=1&cid={id}' ), $url, 'the page of a contact' );
}

/** How many contacts there are. */
function contacts() {
	return (int) CRM_Core_DAO::singleValueQuery( 'SELECT COUNT(*) FROM civicrm_contact' );
}

/**
 * The links of a user.
 *
 * @param int $id User.
 * @return array[]
 */
function links( $id ) {
	return CRM_Core_DAO::executeQuery( 'SELECT contact_id, uf_name FROM civicrm_uf_match WHERE uf_id = ' . (int) $id )->fetchAll();
}

/**
 * A new contact.
 *
 * @param string $email Email.
 * @return int
 */
function contact( $email ) {
	$contact = civicrm_api3( 'Contact', 'create', array( 'contact_type' => 'Individual', 'email' => $email ) );
	return (int) $contact['id'];
}

/**
 * Links a user to a new contact with their email, as the sidecar would.
 *
 * @param int $id User.
 * @return int The contact.
 */
function link_user( $id ) {
	$email   = get_userdata( $id )->user_email;
	$contact = contact( $email );
	CRM_Core_DAO::executeQuery(
		'INSERT INTO civicrm_uf_match (domain_id, uf_id, uf_name, contact_id) VALUES (1, %1, %2, %3)',
		array(
			1 => array( $id, 'Integer' ),
			2 => array( $email, 'String' ),
			3 => array( $contact, 'Integer' ),
		)
	);
	return $contact;
}
