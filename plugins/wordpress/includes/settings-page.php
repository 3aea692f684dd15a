<?php
/**
 * The settings page: where the sidecar is and which of its sites this is. The key is never stored or shown here.
 *
 * @package Userlink
 */

defined( 'ABSPATH' ) || exit;

/**
 * Who may say where user data are sent to: on a network not the administrator of one site.
 *
 * @return string Capability.
 */
function userlink_settings_capability() {
	return is_multisite() ? 'manage_network_options' : 'manage_options';
}

/**
 * Address of the settings page; empty for who may not see it.
 *
 * @return string
 */
function userlink_settings_url() {
	return current_user_can( userlink_settings_capability() ) ? admin_url( 'options-general.php?page=userlink-settings' ) : '';
}

/**
 * A site id as the sidecar's configuration may have it.
 *
 * @param mixed $site What was typed.
 * @return string
 */
function userlink_sanitize_site( $site ) {
	return substr( (string) preg_replace( '/[^A-Za-z0-9._-]/', '', is_scalar( $site ) ? (string) $site : '' ), 0, 64 );
}

/**
 * An address of the sidecar; the old one stays when the new one is none.
 *
 * @param mixed $address What was typed.
 * @return string
 */
function userlink_sanitize_address( $address ) {
	$address  = is_scalar( $address ) ? trim( (string) $address ) : '';
	$settings = new Userlink\Settings( 'any', $address, '', '' );
	if ( 'address_invalid' !== $settings->problem() ) {
		return $address;
	}
	$text = __( 'The address was not changed: write a host and a port, as 127.0.0.1:7780, or unix: and the path of a socket.', 'userlink-for-civicrm' );
	function_exists( 'add_settings_error' ) && add_settings_error( 'userlink_address', 'userlink_address', $text );
	return (string) get_option( 'userlink_address', '127.0.0.1:7780' );
}

/** Registers the settings and suggests a paragraph for the site's privacy policy. */
function userlink_admin_init() {
	register_setting( 'userlink', 'userlink_address', array( 'sanitize_callback' => 'userlink_sanitize_address' ) );
	register_setting( 'userlink', 'userlink_site', array( 'sanitize_callback' => 'userlink_sanitize_site' ) );
	add_settings_section( 'userlink', '', '__return_empty_string', 'userlink-settings' );
	$fields = array(
		'userlink_address' => __( 'Address of the sidecar', 'userlink-for-civicrm' ),
		'userlink_site'    => __( 'Site id', 'userlink-for-civicrm' ),
	);
	foreach ( $fields as $name => $label ) {
		add_settings_field( $name, $label, 'userlink_settings_field', 'userlink-settings', 'userlink', array( 'label_for' => $name ) );
	}
	add_settings_field( 'userlink_key', __( 'Key', 'userlink-for-civicrm' ), 'userlink_settings_key', 'userlink-settings', 'userlink' );
	$text = __(
		'When you register or change your profile, a program on our server gets your user name, email address, name, role and language, and links your account to your record in our contacts.',
		'userlink-for-civicrm'
	);
	wp_add_privacy_policy_content( 'userlink for CiviCRM', wp_kses_post( wpautop( $text ) ) );
}

/**
 * The link beside the plugin's name.
 *
 * @param string[] $links Links so far.
 * @return string[]
 */
function userlink_action_links( $links ) {
	$url = userlink_settings_url();
	return $url ? array_merge( array( '<a href="' . esc_url( $url ) . '">' . esc_html__( 'Settings', 'userlink-for-civicrm' ) . '</a>' ), $links ) : $links;
}

/**
 * A text field; fixed when wp-config.php says it.
 *
 * @param array $args `label_for`: name of the option.
 */
function userlink_settings_field( $args ) {
	$is_address = 'userlink_address' === $args['label_for'];
	$settings   = userlink_settings();
	$fixed      = defined( strtoupper( $args['label_for'] ) );
	printf(
		'<input type="text" class="regular-text code" id="%1$s" name="%1$s" value="%2$s" %3$s>',
		esc_attr( $args['label_for'] ),
		esc_attr( $is_address ? $settings->address() : $settings->site() ),
		$fixed ? 'readonly' : '' // Not disabled: a field that is not sent would be stored as empty.
	);
	$text = $is_address
		? __( 'Host and port, as 127.0.0.1:7780, or unix: and the path of a socket. User data go there: it should be on this server.', 'userlink-for-civicrm' )
		: __( 'The id that this site has in the sidecar\'s configuration.', 'userlink-for-civicrm' );
	echo '<p class="description">' . esc_html( $fixed ? __( 'Set in wp-config.php.', 'userlink-for-civicrm' ) : $text ) . '</p>';
}

/** Whether the key is there, and what to write into wp-config.php. */
function userlink_settings_key() {
	$problem = userlink_settings()->problem();
	$text    = userlink_problem_text( $problem );
	echo '<p>' . esc_html( $text ? $text : __( 'The key is there. It is not shown here.', 'userlink-for-civicrm' ) ) . '</p>';
	if ( 'key_missing' === $problem || 'key_too_short' === $problem ) {
		$site = userlink_settings()->site();
		$code = "userlink keys new --site $site\n\n"
			. "define( 'USERLINK_KEY_ID', '$site-1' );\n"
			. "define( 'USERLINK_KEY_FILE', '/etc/userlink/$site-1.key' ); // or USERLINK_KEY, the text itself";
		echo '<p>' . esc_html__( 'Make a key with the first line, and write the other two into wp-config.php:', 'userlink-for-civicrm' ) . '</p>';
		echo '<pre class="code">' . esc_html( $code ) . '</pre>';
	}
}

/**
 * What keeps this site from talking to the sidecar, for a person.
 *
 * @param string $problem Code of Userlink\Settings::problem().
 * @return string Empty if nothing does.
 */
function userlink_problem_text( $problem ) {
	$texts = array(
		'site_missing'    => __( 'The site id is missing. Until it is there, users are not linked.', 'userlink-for-civicrm' ),
		'address_invalid' => __( 'The address is not understood. Until it is mended, users are not linked.', 'userlink-for-civicrm' ),
		'key_missing'     => __( 'There is no key, or its file cannot be read. Until it is there, users are not linked.', 'userlink-for-civicrm' ),
		'key_too_short'   => __( 'The key is too short, it needs 32 characters. Until it is mended, users are not linked.', 'userlink-for-civicrm' ),
	);
	return $texts[ $problem ] ?? '';
}

/**
 * Asks the sidecar how it is.
 *
 * @param int $actor Acting user, not 0.
 * @return array `ok` and a sentence `text`.
 */
function userlink_test_connection( $actor ) {
	$seen = Userlink\Connection::test( userlink_client(), $actor );
	/* translators: 1: version, 2: number of users, 3: number of linked users */
	$good = __( 'The sidecar (version %1$s) answers. It sees %2$s users, %3$s of them linked.', 'userlink-for-civicrm' );
	/* translators: 1: HTTP status, 2: code of the error, 3: id of the request */
	$other = __( 'The sidecar answers with an error (%1$d %2$s, request %3$s). Its log says more.', 'userlink-for-civicrm' );
	$texts = array(
		'good'           => sprintf( $good, $seen['version'], number_format_i18n( $seen['users'] ), number_format_i18n( $seen['linked'] ) ),
		'unreachable'    => __(
			'The sidecar does not answer at this address. The site works; users are linked when the sidecar is back. Check that it runs and listens there.',
			'userlink-for-civicrm'
		),
		'not_configured' => __( 'The sidecar is not set up here yet.', 'userlink-for-civicrm' ),
		'key'            => __(
			'The sidecar answers but does not accept this site\'s key. Check that key id, key and site id are those of its configuration.',
			'userlink-for-civicrm'
		),
		'clock'          => __( 'The sidecar answers, but its clock and that of this server do not agree. Set the clocks.', 'userlink-for-civicrm' ),
		'other'          => sprintf( $other, $seen['status'], $seen['code'], $seen['request'] ),
	);
	return array(
		'ok'   => 'good' === $seen['verdict'],
		'text' => $texts[ $seen['verdict'] ],
	);
}

/** Prints the page. */
function userlink_settings_page() {
	$url = wp_nonce_url( userlink_settings_url() . '&userlink_test=1', 'userlink_test' );
	echo '<div class="wrap"><h1>' . esc_html__( 'userlink for CiviCRM', 'userlink-for-civicrm' ) . '</h1>';
	if ( isset( $_GET['userlink_test'] ) && check_admin_referer( 'userlink_test' ) ) {
		$result = userlink_test_connection( get_current_user_id() );
		printf( '<div class="notice notice-%s"><p>%s</p></div>', $result['ok'] ? 'success' : 'error', esc_html( $result['text'] ) );
	}
	/* translators: %s: number of events */
	echo '<p>' . esc_html( sprintf( __( 'Waiting to be sent: %s events.', 'userlink-for-civicrm' ), number_format_i18n( userlink_outbox()->count() ) ) ) . '</p>';
	echo '<form action="' . esc_url( admin_url( 'options.php' ) ) . '" method="post">';
	settings_fields( 'userlink' );
	do_settings_sections( 'userlink-settings' );
	submit_button( null, 'primary', 'submit', false );
	echo ' <a class="button" href="' . esc_url( $url ) . '">' . esc_html__( 'Test connection', 'userlink-for-civicrm' ) . '</a></form></div>';
}
