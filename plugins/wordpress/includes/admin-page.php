<?php
/**
 * The page Synchronize Users to Contacts: a frame for the element that all CMSs share, and the relay it talks to.
 *
 * @package Userlink
 */

defined( 'ABSPATH' ) || exit;

/**
 * Who may synchronize: the capability `userlink_admin` stands for CiviCRM's `administer_civicrm` where somebody has it,
 * else for `manage_options`.
 *
 * @param string[] $caps    What is needed.
 * @param string   $cap     What was asked for.
 * @param int      $user_id For whom.
 * @return string[]
 */
function userlink_map_meta_cap( $caps, $cap, $user_id ) {
	if ( 'userlink_admin' !== $cap ) {
		return $caps;
	}
	/**
	 * The capability that the page, its relay and the Site Health details need.
	 *
	 * @param string $capability Default: see above.
	 * @param int    $user_id    User who is asked about.
	 */
	return array( (string) apply_filters( 'userlink_capability', user_can( $user_id, 'administer_civicrm' ) ? 'administer_civicrm' : 'manage_options', $user_id ) );
}

/** The two pages: the page itself in CiviCRM's menu, without CiviCRM under Tools; the settings under Settings. */
function userlink_admin_menu() {
	$parent = isset( $GLOBALS['admin_page_hooks']['CiviCRM'] ) ? 'CiviCRM' : 'tools.php';
	$title  = __( 'Synchronize Users to Contacts', 'userlink-for-civicrm' );
	$page   = add_submenu_page( $parent, $title, __( 'Users to Contacts', 'userlink-for-civicrm' ), 'userlink_admin', 'userlink', 'userlink_admin_page' );
	add_action( "load-$page", 'userlink_admin_styles' );
	add_options_page( __( 'userlink for CiviCRM', 'userlink-for-civicrm' ), __( 'userlink', 'userlink-for-civicrm' ), userlink_settings_capability(), 'userlink-settings', 'userlink_settings_page' );
}

/**
 * URL of a file of the shared admin page.
 *
 * @param string $file Its name.
 * @return string
 */
function userlink_asset( $file ) {
	return add_query_arg( 'ver', USERLINK_VERSION, plugins_url( 'shared/admin/' . $file, USERLINK_FILE ) );
}

/** The page's style sheet. */
function userlink_admin_styles() {
	// phpcs:ignore WordPress.WP.EnqueuedResourceParameters -- the version is in the URL.
	wp_enqueue_style( 'userlink-admin', userlink_asset( 'userlink-admin.css' ), array(), null );
}

/**
 * The element's texts that are translated here: English → translation, for a number the forms of userlink_plural().
 *
 * @return array
 */
function userlink_admin_texts() {
	$texts = require __DIR__ . '/admin-texts.php';
	return array_filter(
		$texts,
		static function ( $text, $english ) {
			return $text !== $english;
		},
		ARRAY_FILTER_USE_BOTH
	);
}

/**
 * The forms of a text with a number, under the names that browsers give them: for each a number that has this form in
 * whatever language has it.
 *
 * @param string   $one       English, for one.
 * @param string   $many      English, for more.
 * @param callable $translate Number → translation.
 * @return string[]|string The forms; the English one when there is no translation.
 */
function userlink_plural( $one, $many, callable $translate ) {
	$numbers = array(
		'zero'  => 0,
		'one'   => 1,
		'two'   => 2,
		'few'   => 3,
		'many'  => 11,
		'other' => 100,
	);
	$forms   = array_map( $translate, $numbers );
	return array( $one, $many ) === array( $forms['one'], $forms['other'] ) ? $many : $forms;
}

/** Prints the page. The element gets all it knows as an attribute and talks to the relay alone. */
function userlink_admin_page() {
	$config = array(
		'endpoint' => rest_url( 'userlink/v1/relay' ),
		'headers'  => array( 'X-WP-Nonce' => wp_create_nonce( 'wp_rest' ) ),
		'texts'    => (object) userlink_admin_texts(),
		'links'    => array(
			'contact'   => userlink_civicrm_url( 'civicrm/contact/view', 'reset=1&cid={id}' ),
			'user'      => admin_url( 'user-edit.php?user_id={id}' ),
			'changelog' => userlink_civicrm_url( 'civicrm/contact/search/advanced' ),
			'settings'  => userlink_settings_url(),
		),
		'waiting'  => userlink_outbox()->count(),
	);
	echo '<div class="wrap"><h1>' . esc_html__( 'Synchronize Users to Contacts', 'userlink-for-civicrm' ) . '</h1>';
	echo '<noscript><p>' . esc_html__( 'This page needs JavaScript.', 'userlink-for-civicrm' ) . '</p></noscript>';
	echo '<userlink-admin config="' . esc_attr( wp_json_encode( $config ) ) . '"></userlink-admin></div>';
	wp_print_script_tag(
		array(
			'type' => 'module',
			'src'  => esc_url_raw( userlink_asset( 'userlink-admin.js' ) ),
		)
	);
}

/** The relay. WordPress checks the nonce: without the right one nobody is logged in, and the permission fails. */
function userlink_rest_api_init() {
	register_rest_route(
		'userlink/v1',
		'/relay',
		array(
			'methods'             => 'POST',
			'callback'            => 'userlink_relay',
			'permission_callback' => 'userlink_may_relay',
			'args'                => array(
				'method' => array(
					'type'     => 'string',
					'required' => true,
				),
				'path'   => array(
					'type'     => 'string',
					'required' => true,
				),
				'query'  => array(
					'type'    => 'object',
					'default' => array(),
				),
				'body'   => array(
					'type'    => array( 'object', 'null' ),
					'default' => null,
				),
			),
		)
	);
	register_rest_route(
		'userlink/v1',
		'/health',
		array(
			'methods'             => 'GET',
			'callback'            => 'userlink_health',
			'permission_callback' => 'userlink_may_see_health',
		)
	);
}

/**
 * Whether the caller may use the relay. Also with an application password, which needs no nonce.
 *
 * @return bool
 */
function userlink_may_relay() {
	return current_user_can( 'userlink_admin' );
}

/**
 * Hands a call of the admin page on; the sidecar's status and JSON come back as they are.
 *
 * @param WP_REST_Request $request `method`, `path`, `query`, `body`.
 * @return WP_REST_Response
 */
function userlink_relay( WP_REST_Request $request ) {
	$body   = $request['body'];
	$answer = userlink_client()->relay( $request['method'], $request['path'], (array) $request['query'], is_array( $body ) ? $body : null, get_current_user_id() );
	return new WP_REST_Response( $answer['body'], $answer['status'] );
}
