<?php
/**
 * WP-CLI: `wp userlink sync|status|flush`.
 *
 * @package Userlink
 */

defined( 'ABSPATH' ) || exit;

/**
 * Links WordPress users to CiviCRM contacts.
 */
class Userlink_Command {

	/**
	 * Runs a full sync: a preview, or with --apply the sync itself.
	 *
	 * ## OPTIONS
	 *
	 * [--apply]
	 * : Link users and create contacts. Without it nothing is changed.
	 *
	 * [--format=<format>]
	 * : What to print.
	 * ---
	 * default: text
	 * options:
	 *   - text
	 *   - json
	 * ---
	 *
	 * ## EXAMPLES
	 *
	 *     wp userlink sync --user=admin
	 *     wp userlink sync --user=admin --apply
	 *
	 * @param array $args    None.
	 * @param array $options See above.
	 */
	public function sync( $args, $options ) {
		$json = 'json' === ( $options['format'] ?? '' );
		$bar  = null;
		$tick = static function ( array $job ) use ( &$bar, $json ) {
			if ( ! $json && ! $bar && $job['total'] > 0 ) {
				$bar = WP_CLI\Utils\make_progress_bar( 'userlink', $job['total'] );
			}
			if ( $bar ) {
				$bar->tick( max( 0, $job['checked'] - $bar->current() ) );
			}
		};
		$sync = new Userlink\Sync( userlink_client() );
		$job  = $sync->run( isset( $options['apply'] ), self::actor(), $tick );
		if ( $bar ) {
			$bar->finish();
		}
		if ( $json ) {
			WP_CLI::line( wp_json_encode( $job ) );
		}
		$problem = Userlink\Sync::problem( $job );
		if ( '' !== $problem ) {
			WP_CLI::error( $problem );
		}
		$json || WP_CLI::success( $job['message'] );
	}

	/**
	 * Asks the sidecar how it is.
	 *
	 * @param array $args None.
	 */
	public function status( $args ) {
		$result = userlink_test_connection( self::actor() );
		WP_CLI::line( sprintf( 'Waiting to be sent: %d events.', userlink_outbox()->count() ) );
		$result['ok'] ? WP_CLI::success( $result['text'] ) : WP_CLI::error( $result['text'] );
	}

	/**
	 * Sends what waits in the outbox and is due.
	 *
	 * @param array $args None.
	 */
	public function flush( $args ) {
		$count = userlink_flush( 10000, 300 );
		$text  = sprintf( '%d sent, %d kept, %d dropped.', $count['sent'], $count['kept'], $count['dropped'] );
		$count['kept'] ? WP_CLI::warning( $text ) : WP_CLI::success( $text );
	}

	/** Who does it: the sidecar writes that person down as the one who changed the contacts. */
	private static function actor() {
		if ( ! current_user_can( 'userlink_admin' ) ) {
			WP_CLI::error( 'Say who does it: --user=<login of an administrator>' );
		}
		return get_current_user_id();
	}
}
