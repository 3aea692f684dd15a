<?php
/**
 * Pages for administrators: the relay and who may use it, the page, settings, Site Health, the sync of WP-CLI.
 *
 * @package Userlink
 */

/** The relay. */
function test_relay() {
	wp_set_current_user( 1 );
	$answer = lib_relay( 'GET', '/v1/status' );
	same( array( $answer->get_status(), $answer->get_data()['users'] ), array( 200, 1234 ), 'the sidecar\'s answer comes back' );
	$request = requests()[0];
	same( array( $request['claims']['scope'], $request['claims']['sub'], $request['signed'] ), array( 'admin', '1', true ), 'asked as the acting admin' );
	$answer = lib_relay( 'POST', '/v1/syncs', array( 'mode' => 'preview' ) );
	same( array( $answer->get_status(), requests()[0]['body'] ), array( 202, '{"mode":"preview"}' ), 'a body is handed on' );
	$answer = lib_relay( 'GET', '/v1/conflicts', null, array( 'limit' => 5, 'after' => 'x y' ) );
	same( requests()[0]['target'], '/v1/conflicts?limit=5&after=x%20y', 'so is a query' );
	same( $answer->get_status(), 404, 'and the sidecar\'s status' );
	$answer = lib_relay( 'POST', '/v1/events', array() );
	same( array( $answer->get_status(), requests() ), array( 404, array() ), 'other routes are not relayed' );
	same( lib_relay( 'GET', array( 'x' ) )->get_status(), 400, 'nonsense is refused' );
	lib_sidecar( 'down' );
	$answer = lib_relay( 'GET', '/v1/status' );
	same( array( $answer->get_status(), $answer->get_data()['error']['code'] ), array( 502, 'sidecar_unreachable' ), 'a sidecar that is down is told as such' );
}

/** Who may. */
function test_relay_permission() {
	same( lib_relay( 'GET', '/v1/status' )->get_status(), 401, 'not a visitor' );
	wp_set_current_user( user( array( 'role' => 'editor' ) ) );
	same( lib_relay( 'GET', '/v1/status' )->get_status(), 403, 'not an editor' );
	wp_get_current_user()->add_cap( 'administer_civicrm' );
	same( lib_relay( 'GET', '/v1/status' )->get_status(), 200, 'an editor who administers CiviCRM' );
	$none = static function () {
		return 'do_not_allow';
	};
	add_filter( 'userlink_capability', $none );
	same( lib_relay( 'GET', '/v1/status' )->get_status(), 403, 'nobody, if the filter says so' );
	remove_filter( 'userlink_capability', $none );
	same( count( requests() ), 1, 'the sidecar was asked only once' );
}

/** The page. */
function test_admin_page() {
	global $submenu, $admin_page_hooks;
	wp_set_current_user( 1 );
	$html = lib_output( 'userlink_admin_page' );
	ok( preg_match( '#<script [^>]*src=["\'][^"\']+/plugins/userlink-for-civicrm/shared/admin/userlink-admin\.js\?ver=#', $html ) === 1, 'it loads the element' );
	ok( strpos( $html, 'type="module"' ) || strpos( $html, "type='module'" ), 'as a module' );
	preg_match( '/<userlink-admin config="([^"]+)">/', $html, $json );
	$config = json_decode( html_entity_decode( $json[1] ?? '', ENT_QUOTES ), true );
	same( array_keys( (array) $config ), array( 'endpoint', 'headers', 'texts', 'links', 'waiting' ), 'and tells it what the contract says' );
	same( wp_verify_nonce( $config['headers']['X-WP-Nonce'], 'wp_rest' ), 1, 'a nonce among it' );
	ok( strpos( $config['endpoint'], 'userlink/v1/relay' ), 'and the relay' );
	ok( is_file( USERLINK_SHARED . '/admin/userlink-admin.js' ) && is_file( USERLINK_SHARED . '/admin/userlink-admin.css' ), 'both files are there' );
	same( strpos( $html, LIB_KEY ), false, 'the key is not' );

	$submenu = array();
	unset( $admin_page_hooks['CiviCRM'] );
	userlink_admin_menu();
	ok( in_array( 'userlink', array_column( $submenu['tools.php'], 2 ), true ), 'without CiviCRM it is under Tools' );
	add_menu_page( 'CiviCRM', 'CiviCRM', 'read', 'CiviCRM', '__return_true' );
	userlink_admin_menu();
	ok( in_array( 'userlink', array_column( $submenu['CiviCRM'], 2 ), true ), 'with CiviCRM in its menu' );
}

/** Translations. */
function test_admin_texts() {
	same( userlink_admin_texts(), array(), 'nothing is translated into English' );
	$polish = static function ( $translated, $one, $many, $n ) {
		$form = 1 === $n ? 'one' : ( $n % 10 >= 2 && $n % 10 <= 4 && ( $n % 100 < 10 || $n % 100 >= 20 ) ? 'few' : 'many' );
		return '{n} user is not linked yet' === $one ? $form : $translated;
	};
	$simple = static function ( $translated, $text ) {
		return 'Conflicts ({n})' === $text ? 'Konflikte ({n})' : $translated;
	};
	add_filter( 'ngettext', $polish, 10, 4 );
	add_filter( 'gettext', $simple, 10, 2 );
	$texts = userlink_admin_texts();
	remove_filter( 'gettext', $simple );
	remove_filter( 'ngettext', $polish );
	$forms  = array(
		'zero'  => 'many',
		'one'   => 'one',
		'two'   => 'few',
		'few'   => 'few',
		'many'  => 'many',
		'other' => 'many',
	);
	$should = array(
		'Conflicts ({n})'             => 'Konflikte ({n})',
		'{n} users are not linked yet' => $forms,
	);
	same( $texts, $should, 'what is translated goes to the element, with all plural forms' );
	exec( escapeshellarg( PHP_BINARY ) . ' ' . escapeshellarg( dirname( __DIR__, 2 ) . '/build/strings.php' ) . ' --check 2>&1', $output, $code );
	same( array( $code, $output ), array( 0, array() ), 'the files that build/strings.php makes are up to date' );
}

/** The settings page. */
function test_settings() {
	wp_set_current_user( 1 );
	add_filter( 'doing_it_wrong_trigger_error', '__return_false' ); // It is not the admin_init that it wants to be.
	userlink_admin_init();
	remove_filter( 'doing_it_wrong_trigger_error', '__return_false' );
	$html = lib_output( 'userlink_settings_page' );
	ok( strpos( $html, 'value="127.0.0.1:' ) && strpos( $html, 'value="main"' ), 'it shows address and site' );
	ok( strpos( $html, 'The key is there.' ) && false === strpos( $html, LIB_KEY ), 'and that there is a key, not which' );
	$address = get_option( 'userlink_address' );
	foreach ( array( 'nonsense', 'https://sidecar:1', 'unix:', array( 'x' ) ) as $bad ) {
		same( userlink_sanitize_address( $bad ), $address, 'a bad address is not taken: ' . wp_json_encode( $bad ) );
	}
	foreach ( array( ' 127.0.0.1:7780 ', 'sidecar:7780', '[::1]:7780', 'unix:/run/userlink/userlink.sock' ) as $good ) {
		same( userlink_sanitize_address( $good ), trim( $good ), "a good one is: $good" );
	}
	same( userlink_sanitize_site( '../ma in<' ), '..main', 'a site id has no slashes, blanks or brackets' );

	$_GET['userlink_test'] = '1';
	$_REQUEST['_wpnonce']  = wp_create_nonce( 'userlink_test' );
	ok( strpos( lib_output( 'userlink_settings_page' ), 'It sees 1,234 users, 1,200 of them linked.' ), 'the test of the connection answers' );
	foreach ( array( 'down' => 'does not answer', '401' => 'does not accept', '503' => '503 database_unavailable, request r-2' ) as $mode => $text ) {
		lib_sidecar( (string) $mode );
		$result = userlink_test_connection( 1 );
		ok( ! $result['ok'] && strpos( $result['text'], $text ), "and says what is wrong: $mode", $result );
	}
	unset( $_GET['userlink_test'], $_REQUEST['_wpnonce'] );
	wp_set_current_user( user( array( 'role' => 'editor' ) ) );
	same( userlink_settings_url(), '', 'an editor has no settings' );
}

/** Site Health. */
function test_site_health() {
	$tests = apply_filters( 'site_status_tests', array( 'direct' => array(), 'async' => array() ) );
	ok( isset( $tests['async']['userlink'] ), 'the test is known' );
	same( rest_do_request( new WP_REST_Request( 'GET', '/userlink/v1/health' ) )->get_status(), 401, 'not for visitors' );
	same( userlink_health()['status'], 'good', 'without a person, by what is known here' );
	same( requests(), array(), 'then the sidecar is not asked' );
	wp_set_current_user( 1 );
	$data = rest_do_request( new WP_REST_Request( 'GET', '/userlink/v1/health' ) )->get_data();
	same( array( $data['status'], $data['test'] ), array( 'good', 'userlink' ), 'good' );
	lib_sidecar( 'down' );
	$data = userlink_health();
	same( $data['status'], 'critical', 'critical when the sidecar is down' );
	update_option( 'userlink_site', '' );
	same( userlink_health()['status'], 'recommended', 'recommended when it is not set up' );
	delete_option( 'userlink_site' );
	$info = apply_filters( 'debug_information', array() );
	$text = wp_json_encode( $info['userlink'] );
	ok( strpos( $text, LIB_KEY_ID ) && false === strpos( $text, LIB_KEY ), 'the details name the key id, not the key' );
}

/** The sync of WP-CLI. */
function test_sync() {
	$seen = array();
	$sync = new Userlink\Sync( userlink_client(), 0.01 );
	$job  = $sync->run(
		true,
		1,
		static function ( $job ) use ( &$seen ) {
			$seen[] = $job['checked'];
		}
	);
	same( array( $job['state'], $job['message'] ), array( 'done', 'Synchronize Users to Contacts completed. Checked 5 user records.' ), 'it waits for the end' );
	same( $seen, array( 2, 5 ), 'and shows how far it is' );
	same( requests()[0]['body'], '{"mode":"apply"}', 'asked for what was said' );
	lib_sidecar( 'down' );
	$sync    = new Userlink\Sync( userlink_client(), 0.01 ); // It knows the address of now.
	$problem = Userlink\Sync::problem( $sync->run( false, 1, '__return_true' ) );
	ok( strpos( $problem, 'sidecar_unreachable' ), 'a sidecar that is down is told', $problem );
}

/** The commands of WP-CLI. */
function test_wp_cli() {
	require_once dirname( __DIR__ ) . '/fake-wp-cli.php';
	require_once dirname( USERLINK_FILE ) . '/includes/class-userlink-command.php';
	$command = new Userlink_Command();
	$said    = static function ( $method, array $options = array() ) use ( $command ) {
		WP_CLI::$said = array();
		try {
			$command->$method( array(), $options );
		} catch ( RuntimeException $e ) {
			return $e->getMessage();
		}
		return WP_CLI::$said;
	};
	same( $said( 'sync' ), 'Say who does it: --user=<login of an administrator>', 'a sync needs a person' );
	wp_set_current_user( 1 );
	$sentence = 'success: Synchronize Users to Contacts completed. Checked 5 user records.';
	same( $said( 'sync' ), array( 'tick 2', 'tick 5', 'finish', $sentence ), 'progress and the sentence' );
	same( requests()[0]['body'], '{"mode":"preview"}', 'a preview' );
	$line = $said( 'sync', array( 'apply' => true, 'format' => 'json' ) );
	same( array( count( $line ), json_decode( substr( $line[0], 6 ), true )['state'] ), array( 1, 'done' ), 'as JSON it is one line' );
	same( requests()[0]['body'], '{"mode":"apply"}', 'the sync itself' );
	same( count( $said( 'status' ) ), 2, 'the status' );
	userlink_outbox()->add( 'x', 1, '{"type":"user.updated","time":"2000-01-01T00:00:00Z"}' );
	same( $said( 'flush' ), array( 'success: 0 sent, 0 kept, 1 dropped.' ), 'the outbox' );
	lib_sidecar( '503' );
	same( $said( 'sync' ), 'No. (database_unavailable)', 'an error' );
}

/** Over HTTP: a visitor registers, an admin logs in and uses the relay. */
function test_http() {
	if ( ! lib_serve() ) {
		echo "# skipped: another server has the site's port\n";
		return;
	}
	if ( ! is_multisite() ) {
		update_option( 'users_can_register', 1 );
		lib_http( '' ); // The first one is always slow.
		$usual = 0;
		foreach ( array( 'ok' => 60, 'down' => 0.5, 'hang' => 1.3 ) as $mode => $more ) {
			lib_sidecar( $mode );
			requests();
			$login  = uniqid( 'visitor' );
			$answer = lib_http( 'wp-login.php?action=register', array( 'user_login' => $login, 'user_email' => "$login@example.org" ) );
			ok( 302 === $answer['status'] && username_exists( $login ), "sidecar $mode: a visitor registers", $answer['status'] );
			ok( $answer['seconds'] < $usual + $more, "at most $more s later than usual", array( $usual, $answer['seconds'] ) );
			$usual = $usual ? $usual : $answer['seconds'];
			usleep( 200000 );
			same( 'down' === $mode ? 0 : 1, count( requests() ), 'down' === $mode ? 'no event arrives' : 'one event arrives' );
		}
		$waiting = waiting();
		same( count( $waiting ), 2, 'those that failed wait', $waiting );
		delete_option( 'userlink_down_until' );
	}
	lib_sidecar( 'down' );
	$form   = array( 'log' => 'admin', 'pwd' => 'admin', 'testcookie' => 1 );
	$answer = lib_http( 'wp-login.php', $form, 'wordpress_test_cookie=WP%20Cookie%20check' );
	same( $answer['status'], 302, 'an admin logs in while the sidecar is down' );
	$cookie = $answer['cookie'];
	$page   = lib_http( 'wp-admin/tools.php?page=userlink', null, $cookie );
	ok( 200 === $page['status'] && preg_match( '/&quot;X-WP-Nonce&quot;:&quot;(\w+)&quot;/', $page['body'], $nonce ), 'and sees the page', $page['status'] );
	$options = lib_http( 'wp-admin/options-general.php?page=userlink-settings', null, $cookie );
	ok( 200 === $options['status'] && strpos( $options['body'], 'userlink_address' ), 'and the settings', $options['status'] );
	lib_sidecar( 'ok' );
	requests();
	$call = '{"method":"GET","path":"/v1/status","query":{},"body":null}';
	$json = array( 'Content-Type: application/json' );
	$good = lib_http( '?rest_route=/userlink/v1/relay', $call, $cookie, array_merge( $json, array( 'X-WP-Nonce: ' . ( $nonce[1] ?? '' ) ) ) );
	ok( 200 === $good['status'] && strpos( $good['body'], '1234' ), 'the relay answers with its nonce', $good );
	same( lib_http( '?rest_route=/userlink/v1/relay', $call, $cookie, $json )['status'], 401, 'not without it' );
	same( lib_http( '?rest_route=/userlink/v1/relay', $call, $cookie, array_merge( $json, array( 'X-WP-Nonce: 0123456789' ) ) )['status'], 403, 'not with another' );
	same( count( requests() ), 1, 'the sidecar was asked once' );
}

/**
 * A call of the relay, in this process.
 *
 * @param mixed      $method GET or POST.
 * @param mixed      $path   Route.
 * @param array|null $body   Body.
 * @param array      $query  Query.
 * @return WP_REST_Response
 */
function lib_relay( $method, $path, $body = null, array $query = array() ) {
	$request = new WP_REST_Request( 'POST', '/userlink/v1/relay' );
	$request->set_header( 'Content-Type', 'application/json' );
	$request->set_body( wp_json_encode( array( 'method' => $method, 'path' => $path, 'query' => (object) $query, 'body' => $body ) ) );
	return rest_do_request( $request );
}

/**
 * What a function prints.
 *
 * @param callable $call Function.
 * @return string
 */
function lib_output( callable $call ) {
	ob_start();
	$call();
	return ob_get_clean();
}

/** Serves the site at its own address, once; false if the port is taken. */
function lib_serve() {
	global $lib;
	if ( isset( $lib['processes']['web'] ) ) {
		return true;
	}
	$host = wp_parse_url( home_url(), PHP_URL_HOST ) . ':' . wp_parse_url( home_url(), PHP_URL_PORT );
	if ( @stream_socket_client( "tcp://$host" ) ) {
		return false;
	}
	$command = array( PHP_BINARY, '-d', 'sendmail_path=/bin/true', '-d', 'auto_prepend_file=' . dirname( __DIR__ ) . '/constants.php', '-S', $host, '-t', untrailingslashit( ABSPATH ) );

	$lib['processes']['web'] = lib_start( $command );
	for ( $i = 0; $i < 100; $i++ ) {
		usleep( 50000 );
		if ( @stream_socket_client( "tcp://$host" ) ) {
			return true;
		}
	}
	return false;
}

/**
 * A call to the site over HTTP.
 *
 * @param string            $path    Under its address.
 * @param array|string|null $post    Form or body; null: GET.
 * @param string            $cookie  Cookies.
 * @param string[]          $headers More headers.
 * @return array `status`, `body`, `cookie`, `seconds`.
 */
function lib_http( $path, $post = null, $cookie = '', array $headers = array() ) {
	$from = microtime( true );
	$curl = curl_init( site_url( $path ) ); // phpcs:ignore Generic.PHP.ForbiddenFunctions -- a browser's part.
	curl_setopt_array(
		$curl,
		array(
			CURLOPT_RETURNTRANSFER => true,
			CURLOPT_HEADER         => true,
			CURLOPT_COOKIE         => $cookie,
			CURLOPT_HTTPHEADER     => $headers,
			CURLOPT_TIMEOUT        => 30,
		) + ( null === $post ? array() : array( CURLOPT_POSTFIELDS => is_array( $post ) ? http_build_query( $post ) : $post ) )
	);
	$raw                 = curl_exec( $curl );
	list( $head, $body ) = explode( "\r\n\r\n", $raw . "\r\n\r\n", 2 );
	preg_match_all( '/^set-cookie: *([^;\r\n]+)/mi', $head, $cookies );
	return array(
		'status'  => curl_getinfo( $curl, CURLINFO_RESPONSE_CODE ),
		'body'    => $body,
		'cookie'  => implode( '; ', $cookies[1] ),
		'seconds' => microtime( true ) - $from,
	);
}
