<?php
/**
 * Site Health: a test, and a section of details without secrets.
 *
 * @package Userlink
 */

defined( 'ABSPATH' ) || exit;

/**
 * Adds the test; it asks the sidecar, so the page does not wait for it.
 *
 * @param array $tests WordPress's.
 * @return array
 */
function userlink_site_status_tests( $tests ) {
	$tests['async']['userlink'] = array(
		'label'             => __( 'userlink for CiviCRM', 'userlink-for-civicrm' ),
		'test'              => rest_url( 'userlink/v1/health' ),
		'has_rest'          => true,
		'async_direct_test' => 'userlink_health',
	);
	return $tests;
}

/**
 * Whether the caller may run the test.
 *
 * @return bool
 */
function userlink_may_see_health() {
	return current_user_can( 'view_site_health_checks' );
}

/**
 * The test. WordPress also runs it once a week with nobody logged in: then the sidecar is not asked, since each of its
 * answers is for a person.
 *
 * @return array
 */
function userlink_health() {
	$waiting = userlink_outbox()->count();
	$text    = userlink_problem_text( userlink_settings()->problem() );
	$status  = 'recommended';
	$label   = __( 'Users are not linked to CiviCRM contacts', 'userlink-for-civicrm' );
	if ( '' === $text ) {
		$result = get_current_user_id() ? userlink_test_connection( get_current_user_id() ) : null;
		$text   = $result ? $result['text'] : '';
		if ( $result && ! $result['ok'] ) {
			$status = 'critical';
			$label  = __( 'The userlink sidecar cannot be used', 'userlink-for-civicrm' );
		} elseif ( $waiting > 100 ) {
			$label = __( 'Many changes of users wait to be sent to the userlink sidecar', 'userlink-for-civicrm' );
		} else {
			$status = 'good';
			$label  = __( 'Users are linked to CiviCRM contacts', 'userlink-for-civicrm' );
		}
	}
	/* translators: %s: number of events */
	$more = sprintf( __( 'Waiting to be sent: %s events.', 'userlink-for-civicrm' ), number_format_i18n( $waiting ) );
	return array(
		'label'       => $label,
		'status'      => $status,
		'badge'       => array(
			'label' => 'CiviCRM',
			'color' => 'blue',
		),
		'description' => '<p>' . esc_html( trim( $text . ' ' . $more ) ) . '</p>',
		'actions'     => userlink_settings_url() ? '<a href="' . esc_url( userlink_settings_url() ) . '">' . esc_html__( 'Settings', 'userlink-for-civicrm' ) . '</a>' : '',
		'test'        => 'userlink',
	);
}

/**
 * Adds the details.
 *
 * @param array $info WordPress's.
 * @return array
 */
function userlink_debug_information( $info ) {
	$settings         = userlink_settings();
	$fields           = array(
		'version' => array( __( 'Version', 'userlink-for-civicrm' ), USERLINK_VERSION ),
		'address' => array( __( 'Address of the sidecar', 'userlink-for-civicrm' ), $settings->address() ),
		'site'    => array( __( 'Site id', 'userlink-for-civicrm' ), $settings->site() ),
		'key_id'  => array( __( 'Key id', 'userlink-for-civicrm' ), $settings->keyId() ),
		'setup'   => array( __( 'Setup', 'userlink-for-civicrm' ), $settings->problem() ? $settings->problem() : 'ok' ),
		'waiting' => array( __( 'Events waiting', 'userlink-for-civicrm' ), userlink_outbox()->count() ),
		'civicrm' => array( 'CiviCRM', userlink_has_civicrm() ? 'yes' : 'no' ),
	);
	$info['userlink'] = array( 'label' => __( 'userlink for CiviCRM', 'userlink-for-civicrm' ) );
	foreach ( $fields as $name => $field ) {
		$info['userlink']['fields'][ $name ] = array(
			'label' => $field[0],
			'value' => $field[1],
		);
	}
	return $info;
}
