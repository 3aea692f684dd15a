<?php
/**
 * A sidecar that answers what it is told to: php fake-sidecar.php FOLDER
 *
 * It writes its port to FOLDER/port and each request as a line of JSON to FOLDER/requests. FOLDER/mode says how it
 * answers: ok, hang (never), nonsense (no HTTP), html (another server), or a status from 400 on.
 *
 * @package Userlink
 */

if ( 'cli' !== PHP_SAPI ) {
	exit;
}

/**
 * Answers of the admin routes.
 *
 * @param string $route Method and path.
 * @return array Status and body.
 */
function fake_answer( $route ) {
	$job    = array(
		'job'     => '0192f0c4-7e5a-7c3e-9a55-0f6f5a1b2c3d',
		'mode'    => 'apply',
		'state'   => 'running',
		'checked' => 2,
		'total'   => 5,
		'message' => '',
		'error'   => '',
	);
	$routes = array(
		'POST /v1/events' => array( 200, array( 'outcome' => 'created', 'reason' => 'no_contact', 'contact_id' => 7, 'actions' => array() ) ),
		'GET /v1/status'  => array( 200, array( 'version' => '0.0.0', 'site' => 'main', 'users' => 1234, 'linked' => 1200, 'job' => null ) ),
		'POST /v1/syncs'  => array( 202, $job ),
	);
	$done   = array(
		'state'   => 'done',
		'checked' => 5,
		'message' => 'Synchronize Users to Contacts completed. Checked 5 user records.',
	);
	if ( 'GET /v1/syncs/' . $job['job'] === $route ) {
		return array( 200, array_merge( $job, $done ) );
	}
	$error = array( 'code' => 'not_found', 'message' => 'Not found.', 'request_id' => 'r-1' );
	return $routes[ $route ] ?? array( 404, array( 'error' => $error ) );
}

$fake_folder = $argv[1];
$fake_server = stream_socket_server( 'tcp://127.0.0.1:0' );
$fake_open   = array();
$fake_name   = stream_socket_get_name( $fake_server, false );
file_put_contents( "$fake_folder/port.new", substr( $fake_name, strrpos( $fake_name, ':' ) + 1 ) );
rename( "$fake_folder/port.new", "$fake_folder/port" );
while ( true ) {
	$fake_client = @stream_socket_accept( $fake_server, 3600 );
	if ( ! $fake_client ) {
		continue;
	}
	$fake_raw = '';
	do {
		$fake_raw  .= (string) fread( $fake_client, 65536 );
		$fake_parts = explode( "\r\n\r\n", $fake_raw, 2 );
		$fake_size  = preg_match( '/^content-length: *(\d+)/mi', $fake_parts[0], $fake_match ) ? (int) $fake_match[1] : 0;
	} while ( ! feof( $fake_client ) && ( ! isset( $fake_parts[1] ) || strlen( $fake_parts[1] ) < $fake_size ) );
	if ( ! isset( $fake_parts[1] ) ) {
		fclose( $fake_client );
		continue;
	}
	list( $fake_method, $fake_target ) = explode( ' ', $fake_parts[0] );
	preg_match( '/^authorization: Bearer (\S+)/mi', $fake_parts[0], $fake_match );
	$fake_request = array(
		'method' => $fake_method,
		'target' => $fake_target,
		'token'  => $fake_match[1] ?? '',
		'body'   => $fake_parts[1],
		'at'     => microtime( true ),
	);
	$fake_flags   = JSON_UNESCAPED_SLASHES;
	file_put_contents( "$fake_folder/requests", json_encode( $fake_request, $fake_flags ) . "\n", FILE_APPEND ); // phpcs:ignore Generic.PHP.ForbiddenFunctions -- no WordPress here.
	$fake_mode = trim( (string) @file_get_contents( "$fake_folder/mode" ) );
	if ( 'hang' === $fake_mode ) {
		$fake_open[] = $fake_client; // Kept open, never answered.
		continue;
	}
	if ( 'nonsense' === $fake_mode ) {
		fwrite( $fake_client, "\x16\x03\x01 no http at all" );
		fclose( $fake_client );
		continue;
	}
	$fake_answer = fake_answer( $fake_method . ' ' . explode( '?', $fake_target )[0] );
	if ( (int) $fake_mode >= 400 ) {
		$fake_codes  = array( 400 => 'event_invalid', 401 => 'token_invalid', 500 => 'internal', 503 => 'database_unavailable' );
		$fake_error  = array( 'code' => $fake_codes[ (int) $fake_mode ], 'message' => 'No.', 'request_id' => 'r-2' );
		$fake_answer = array( (int) $fake_mode, array( 'error' => $fake_error ) );
	}
	$fake_body = 'html' === $fake_mode ? '<html>It works!</html>' : json_encode( $fake_answer[1] ); // phpcs:ignore Generic.PHP.ForbiddenFunctions -- no WordPress here.
	fwrite( $fake_client, "HTTP/1.1 {$fake_answer[0]} X\r\nContent-Type: application/json\r\nContent-Length: " . strlen( $fake_body ) . "\r\n\r\n$fake_body" );
	fclose( $fake_client );
}
