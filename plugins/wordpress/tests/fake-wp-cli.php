<?php
/**
 * As much of WP-CLI as the commands use. An error ends the program there, here it is thrown.
 *
 * @package Userlink
 */

namespace WP_CLI\Utils {
	/** A progress bar. */
	class FakeBar {

		/**
		 * How far it is.
		 *
		 * @var int
		 */
		private $current = 0;

		/** How far it is. */
		public function current() {
			return $this->current;
		}

		/**
		 * Goes on.
		 *
		 * @param int $by How far.
		 */
		public function tick( $by ) {
			$this->current  += $by;
			\WP_CLI::$said[] = "tick $this->current";
		}

		/** The end. */
		public function finish() {
			\WP_CLI::$said[] = 'finish';
		}
	}

	/** A progress bar. */
	function make_progress_bar() {
		return new FakeBar();
	}
}

namespace {
	/** What is said is written down. */
	class WP_CLI {

		/**
		 * What was said.
		 *
		 * @var string[]
		 */
		public static $said = array();

		/**
		 * All that it says.
		 *
		 * @param string $kind  Method: line, success, warning or error.
		 * @param array  $texts Text.
		 * @throws RuntimeException For an error.
		 */
		public static function __callStatic( $kind, array $texts ) {
			self::$said[] = "$kind: $texts[0]";
			if ( 'error' === $kind ) {
				throw new RuntimeException( $texts[0] );
			}
		}
	}
}
