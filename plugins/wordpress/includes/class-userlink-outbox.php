<?php
/**
 * The outbox: events that could not be delivered yet, in a table of the current site.
 *
 * @package Userlink
 */

defined( 'ABSPATH' ) || exit;

// phpcs:disable WordPress.DB.DirectDatabaseQuery, WordPress.DB.PreparedSQL -- an own table, whose name is made of the site's prefix.

/**
 * Keeps the contract of Userlink\Outbox. What waits is never cached: several processes write it.
 */
class Userlink_Outbox implements Userlink\Outbox, Userlink\Breaker {

	const MAX_WAITING = 10000;

	/**
	 * Name of the table of the site that was current when this was made.
	 *
	 * @var string
	 */
	private $table;

	/** The outbox of the current site. */
	public function __construct() {
		$this->table = $GLOBALS['wpdb']->prefix . 'userlink_outbox';
	}

	/** Makes or changes the table of the current site. */
	public static function create() {
		global $wpdb;
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		// A blob, so that no character set of an old site changes a byte of an event.
		dbDelta(
			"CREATE TABLE {$wpdb->prefix}userlink_outbox (
				seq bigint(20) unsigned NOT NULL AUTO_INCREMENT,
				id varchar(64) NOT NULL,
				user_id bigint(20) unsigned NOT NULL,
				type varchar(32) NOT NULL,
				json mediumblob NOT NULL,
				tries int(10) unsigned NOT NULL DEFAULT 0,
				due bigint(20) unsigned NOT NULL DEFAULT 0,
				PRIMARY KEY  (seq),
				UNIQUE KEY id (id),
				KEY user_id (user_id,seq),
				KEY type (type,seq)
			) {$wpdb->get_charset_collate()};"
		);
	}

	/**
	 * Puts an event at the end.
	 *
	 * @param string $id     Id of the event.
	 * @param int    $userId User it is about.
	 * @param string $json   The whole event.
	 * @throws RuntimeException When the table cannot be written.
	 */
	public function add( string $id, int $userId, string $json ): void {
		$event = json_decode( $json, true );
		$type  = is_string( $event['type'] ?? null ) ? $event['type'] : '';
		$sql   = "INSERT IGNORE INTO {$this->table} (id, user_id, type, json) VALUES (%s, %d, %s, UNHEX(%s))";
		$added = $this->write( $sql, $id, $userId, $type, bin2hex( $json ) );
		if ( $added && $this->is_full()
			&& ! $this->write( "DELETE FROM {$this->table} WHERE type = %s AND id <> %s ORDER BY seq LIMIT 1", 'user.updated', $id ) ) {
			$this->write( "DELETE FROM {$this->table} WHERE id <> %s ORDER BY seq LIMIT 1", $id );
		}
	}

	/**
	 * Whether any event of this user waits.
	 *
	 * @param int $userId User.
	 */
	public function hasUser( int $userId ): bool {
		global $wpdb;
		return (bool) $wpdb->get_var( $wpdb->prepare( "SELECT 1 FROM {$this->table} WHERE user_id = %d LIMIT 1", $userId ) );
	}

	/**
	 * The events whose time has come, oldest first, none before an older one of the same user.
	 *
	 * @param int $max How many at most.
	 */
	public function due( int $max ): array {
		global $wpdb;
		$sql  = "SELECT e.id, e.user_id, e.json, e.tries FROM {$this->table} e WHERE e.due <= %d AND NOT EXISTS
			(SELECT 1 FROM {$this->table} o WHERE o.user_id = e.user_id AND o.seq < e.seq AND o.due > %d) ORDER BY e.seq LIMIT %d";
		$rows = $wpdb->get_results( $wpdb->prepare( $sql, time(), time(), $max ), ARRAY_A );
		return array_map(
			static function ( $row ) {
				return array(
					'id'      => $row['id'],
					'user_id' => (int) $row['user_id'],
					'json'    => $row['json'],
					'tries'   => (int) $row['tries'],
				);
			},
			(array) $rows
		);
	}

	/**
	 * Makes the event due again later and counts one try.
	 *
	 * @param string $id      Id of the event.
	 * @param int    $seconds From now.
	 */
	public function postpone( string $id, int $seconds ): void {
		$this->write( "UPDATE {$this->table} SET due = %d, tries = tries + 1 WHERE id = %s", time() + $seconds, $id );
	}

	/**
	 * Takes the event out.
	 *
	 * @param string $id Id of the event.
	 */
	public function remove( string $id ): void {
		$this->write( "DELETE FROM {$this->table} WHERE id = %s", $id );
	}

	/** Whether more wait than may. Mostly known without counting, since rows are numbered. */
	private function is_full() {
		$span = $GLOBALS['wpdb']->get_var( "SELECT MAX(seq) - MIN(seq) FROM {$this->table}" );
		return $span >= self::MAX_WAITING && $this->count() > self::MAX_WAITING;
	}

	/** How many events wait. */
	public function count(): int {
		return (int) $GLOBALS['wpdb']->get_var( "SELECT COUNT(*) FROM {$this->table}" );
	}

	/** Unix time until which no event is tried directly. */
	public function downUntil(): int {
		return (int) get_option( 'userlink_down_until', 0 );
	}

	/**
	 * Remembers that the sidecar hangs.
	 *
	 * @param int $time Unix time; 0 forgets.
	 */
	public function setDownUntil( int $time ): void {
		update_option( 'userlink_down_until', $time, false );
	}

	/**
	 * Runs a statement; makes the table first if it has gone, as after a restored backup.
	 *
	 * @param string $sql     For $wpdb->prepare().
	 * @param mixed  ...$args Its values.
	 * @return int Rows written.
	 * @throws RuntimeException When it fails.
	 */
	private function write( $sql, ...$args ) {
		global $wpdb;
		$sql    = $wpdb->prepare( $sql, ...$args );
		$shown  = $wpdb->suppress_errors();
		$result = $wpdb->query( $sql );
		if ( false === $result ) {
			self::create();
			$result = $wpdb->query( $sql );
		}
		$wpdb->suppress_errors( $shown );
		if ( false === $result ) {
			throw new RuntimeException( 'outbox_unwritable' );
		}
		return $result;
	}
}
