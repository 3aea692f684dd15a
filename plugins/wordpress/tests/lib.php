<?php
/**
 * What the tests stand on: WordPress, the fake sidecar, users, and how a result is told.
 *
 * @package Userlink
 */

const LIB_KEY_ID = 'test-1';
const LIB_KEY    = 'a key of a test, long enough for HMAC';

defined( 'USERLINK_KEY_ID' ) || define( 'USERLINK_KEY_ID', LIB_KEY_ID );
defined( 'USERLINK_KEY' ) || define( 'USERLINK_KEY', LIB_KEY );

/**
 * Before WordPress is loaded: what its web server would say of a request to the front page.
 *
 * @param string $folder Of WordPress.
 */
function lib_request( $folder ) {
	$config   = file_get_contents( "$folder/wp-config.php" );
	$_SERVER += array(
		'HTTP_HOST'       => preg_match( "#'WP_HOME', *'https?://([^'/]+)#", $config, $match ) ? $match[1] : '127.0.0.1',
		'SERVER_NAME'     => '127.0.0.1',
		'SERVER_PROTOCOL' => 'HTTP/1.1',
		'REMOTE_ADDR'     => '127.0.0.1',
		'REQUEST_METHOD'  => 'GET',
		'REQUEST_URI'     => '/',
	);
	ini_set( 'sendmail_path', '/bin/true' );
}

/** After WordPress was loaded: no mails, no cookies, and the plugin is there. */
function lib_loaded() {
	require_once ABSPATH . 'wp-admin/includes/admin.php';
	add_filter( 'pre_wp_mail', '__return_true' );
	add_filter( 'send_auth_cookies', '__return_false' );
	add_filter( 'send_password_change_email', '__return_false' );
	add_filter( 'send_email_change_email', '__return_false' );
	if ( ! function_exists( 'userlink_add_hooks' ) ) {
		fwrite( STDERR, "the plugin is not active here\n" );
		exit( 2 );
	}
}

/**
 * Runs the tests, in the order of their files.
 *
 * @param string $only Part of the names of those to run.
 * @return int Exit code.
 */
function lib_run( $only ) {
	global $lib, $wp_version;
	$lib = array( 'folder' => lib_folder(), 'passed' => 0, 'failed' => 0, 'users' => 0, 'processes' => array() );
	register_shutdown_function( 'lib_clean_up' );
	lib_start_sidecar();
	printf( "# WordPress %s%s on PHP %s\n", $wp_version, is_multisite() ? ', a network of sites' : '', PHP_VERSION );
	$tests = array_filter(
		get_defined_functions()['user'],
		static function ( $name ) use ( $only ) {
			return 0 === strpos( $name, 'test_' ) && ( '' === $only || strpos( $name, $only ) ) && ( is_multisite() || 0 !== strpos( $name, 'test_network_' ) );
		}
	);
	foreach ( $tests as $test ) {
		lib_reset();
		echo '# ', str_replace( '_', ' ', substr( $test, 5 ) ), "\n";
		try {
			$test();
		} catch ( Throwable $e ) {
			ok( false, get_class( $e ) . ': ' . $e->getMessage() . ' in ' . basename( $e->getFile() ) . ':' . $e->getLine() );
		}
	}
	echo "{$lib['passed']} passed, {$lib['failed']} failed\n";
	return $lib['failed'] ? 1 : 0;
}

/**
 * One result.
 *
 * @param mixed  $passed  Whether it is as it should be.
 * @param string $what    What should be.
 * @param mixed  $details What is, when it should not.
 */
function ok( $passed, $what, $details = null ) {
	global $lib;
	++$lib[ $passed ? 'passed' : 'failed' ];
	echo $passed ? 'ok - ' : 'not ok - ', $what, "\n";
	if ( ! $passed && null !== $details ) {
		echo '#   ', str_replace( "\n", "\n#   ", wp_json_encode( $details, JSON_UNESCAPED_SLASHES | JSON_PRETTY_PRINT ) ), "\n";
	}
}

/**
 * One result: two values are the same.
 *
 * @param mixed  $is     What is.
 * @param mixed  $should What should be.
 * @param string $what   What it is about.
 */
function same( $is, $should, $what ) {
	ok( $is === $should, $what, array( 'is' => $is, 'should be' => $should ) );
}

/** A new folder of the run. */
function lib_folder() {
	$folder = sys_get_temp_dir() . '/userlink-' . bin2hex( random_bytes( 6 ) );
	mkdir( $folder );
	return $folder;
}

/** Starts the fake sidecar. */
function lib_start_sidecar() {
	global $lib;
	$lib['processes']['sidecar'] = lib_start( array( PHP_BINARY, __DIR__ . '/fake-sidecar.php', $lib['folder'] ) );
	for ( $i = 0; $i < 200 && ! is_file( $lib['folder'] . '/port' ); $i++ ) {
		usleep( 20000 );
	}
	$lib['address'] = '127.0.0.1:' . file_get_contents( $lib['folder'] . '/port' );
}

/**
 * Starts a program in the background.
 *
 * @param string[] $command     Program and arguments.
 * @param string[] $environment More of it.
 * @return resource
 */
function lib_start( array $command, array $environment = array() ) {
	$log = array( 'file', $GLOBALS['lib']['folder'] . '/log', 'a' );
	return proc_open( $command, array( array( 'file', '/dev/null', 'r' ), $log, $log ), $pipes, null, $environment + getenv() );
}

/** Ends the programs and removes the folder. */
function lib_clean_up() {
	global $lib;
	foreach ( $lib['processes'] as $process ) {
		proc_terminate( $process );
		proc_close( $process );
	}
	foreach ( (array) @file( $lib['folder'] . '/log' ) as $line ) {
		echo strpos( $line, ' PHP ' ) && ! strpos( $line, 'Development Server' ) ? "# $line" : '';
	}
	array_map( 'unlink', glob( $lib['folder'] . '/*' ) );
	rmdir( $lib['folder'] );
}

/** The state in which every test begins: a sidecar that answers, nothing waiting, nobody logged in. */
function lib_reset() {
	global $wpdb, $userlink_pending;
	$userlink_pending = array();
	wp_installing( false ); // WordPress leaves it on after it has made a site of a network.
	wp_set_current_user( 0 );
	userlink_outbox();
	$wpdb->query( "DELETE FROM {$wpdb->prefix}userlink_outbox" );
	delete_option( 'userlink_down_until' );
	lib_sidecar( 'ok' );
	requests();
}

/**
 * Says how the sidecar behaves.
 *
 * @param string $mode As in fake-sidecar.php, or down.
 */
function lib_sidecar( $mode ) {
	global $lib;
	file_put_contents( $lib['folder'] . '/mode', $mode );
	update_option( 'userlink_address', 'down' === $mode ? '127.0.0.1:1' : $lib['address'] );
}

/**
 * What the sidecar was told since the last call: requests with claims and event unpacked, the signature checked.
 *
 * @return array[]
 */
function requests() {
	global $lib;
	$file = $lib['folder'] . '/requests';
	$rows = is_file( $file ) ? file( $file ) : array();
	file_put_contents( $file, '' );
	$decode = static function ( $part ) {
		return base64_decode( strtr( $part, '-_', '+/' ) );
	};
	foreach ( $rows as $i => $row ) {
		$row           = json_decode( $row, true );
		$parts         = explode( '.', $row['token'] . '..' );
		$row['claims'] = (array) json_decode( $decode( $parts[1] ), true );
		$row['event']  = (array) json_decode( $row['body'], true );
		$row['signed'] = $decode( $parts[2] ) === hash_hmac( 'sha256', "$parts[0].$parts[1]", LIB_KEY, true )
			&& ( $row['claims']['body_sha256'] ?? '' ) === hash( 'sha256', $row['body'] );
		$row['type']   = $row['event']['type'] ?? '';
		$row['user']   = $row['event']['data']['user'] ?? array();
		$rows[ $i ]    = $row;
	}
	return $rows;
}

/**
 * The end of a request, and what was sent by then: "type user-id", in order.
 *
 * @return string[]
 */
function sent() {
	userlink_send_events();
	return array_map( 'told', requests() );
}

/**
 * One request in short.
 *
 * @param array $request Of requests().
 * @return string
 */
function told( array $request ) {
	return $request['type'] . ' ' . ( $request['user']['id'] ?? 0 );
}

/**
 * A new user, of whom nobody was told.
 *
 * @param array $more For wp_insert_user().
 * @return int
 */
function user( array $more = array() ) {
	global $userlink_pending;
	$id               = new_user( $more );
	$userlink_pending = array();
	return $id;
}

/**
 * A new user.
 *
 * @param array $more For wp_insert_user().
 * @return int
 */
function new_user( array $more = array() ) {
	$login = 'user' . ++$GLOBALS['lib']['users'] . bin2hex( random_bytes( 3 ) );
	$id    = wp_insert_user(
		$more + array(
			'user_login' => $login,
			'user_pass'  => 'password',
			'user_email' => "$login@example.org",
		)
	);
	return is_wp_error( $id ) ? 0 : $id;
}

/**
 * Changes a user.
 *
 * @param int   $id   User.
 * @param array $more For wp_update_user().
 */
function change( $id, array $more = array() ) {
	wp_update_user( array( 'ID' => $id ) + $more );
}

/** What waits: "type user-id", in order. */
function waiting() {
	global $wpdb;
	$rows = $wpdb->get_results( "SELECT type, user_id FROM {$wpdb->prefix}userlink_outbox ORDER BY seq" );
	return array_map(
		static function ( $row ) {
			return "$row->type $row->user_id";
		},
		$rows
	);
}

/**
 * Runs PHP in a request of its own, with the plugin, and waits for its end.
 *
 * @param string $code PHP.
 * @return float Seconds from the end of this code until the process was gone.
 */
function child( $code ) {
	$file    = $GLOBALS['lib']['folder'] . '/child';
	$code   .= 'file_put_contents(' . var_export( $file, true ) . ', microtime(true));';
	$process = lib_start( array( PHP_BINARY, __DIR__ . '/run.php', untrailingslashit( ABSPATH ) ), array( 'USERLINK_TEST_CODE' => $code ) );
	proc_close( $process );
	return microtime( true ) - (float) @file_get_contents( $file );
}
