<?php
/**
 * Writes the two files that are made of others:
 *
 *   includes/admin-texts.php             the texts of the shared admin page, where translators' tools look for them
 *   languages/userlink-for-civicrm.pot   all texts of the plugin
 *
 * Run it after a text has changed: php build/strings.php
 * To see whether it was forgotten: php build/strings.php --check (exit code 1).
 *
 * @package Userlink
 */

if ( 'cli' !== PHP_SAPI ) {
	exit;
}

/**
 * A PHP file that translates the texts of the shared admin page.
 *
 * @param array[] $texts Of texts.json: `text`, and perhaps `plural` and `comment`.
 * @return string
 */
function userlink_build_php( array $texts ) {
	$quote = static function ( $text ) {
		return "'" . addcslashes( $text, "'\\" ) . "'";
	};
	$php   = "<?php\n/**\n * The texts of the shared admin page. Made by build/strings.php, do not edit.\n *\n * @package Userlink\n */\n\n"
		. "defined( 'ABSPATH' ) || exit;\n\n// phpcs:disable WordPress.WP.I18n, Generic.Files.LineLength -- the page fills in the {words} in braces.\nreturn array(\n";
	foreach ( $texts as $text ) {
		$php .= isset( $text['comment'] ) ? "\t/* translators: " . str_replace( '*/', '* /', $text['comment'] ) . " */\n" : '';
		$one  = $quote( $text['text'] );
		if ( isset( $text['plural'] ) ) {
			$many = $quote( $text['plural'] );
			$php .= "\t$many => userlink_plural( $one, $many, static fn( \$n ) => _n( $one, $many, \$n, 'userlink-for-civicrm' ) ),\n";
		} else {
			$php .= "\t$one => __( $one, 'userlink-for-civicrm' ),\n";
		}
	}
	return $php . ");\n";
}

/**
 * The texts that a PHP file marks for translation.
 *
 * @param string $code PHP.
 * @param string $file Its name, for the reference.
 * @param array  $pot  What was found so far; more is added.
 */
function userlink_build_scan( $code, $file, array &$pot ) {
	$plurals = array(
		'_n'         => 2,
		'__'         => 1,
		'esc_html__' => 1,
		'esc_attr__' => 1,
	);
	$comment = array( 0, '' );
	$tokens  = array_values(
		array_filter(
			token_get_all( $code ),
			static function ( $token ) {
				return T_WHITESPACE !== $token[0];
			}
		)
	);
	foreach ( $tokens as $i => $token ) {
		if ( T_COMMENT === $token[0] && strpos( $token[1], 'translators:' ) ) {
			$comment = array( $token[2], trim( $token[1], "/* \n" ) ); // Of the text in the next line.
		}
		if ( T_STRING !== $token[0] || ! isset( $plurals[ $token[1] ] ) || '(' !== $tokens[ $i + 1 ] ) {
			continue;
		}
		$texts = array();
		for ( $n = 0; $n < $plurals[ $token[1] ]; $n++ ) {
			$literal = $tokens[ $i + 2 + 2 * $n ];
			if ( T_CONSTANT_ENCAPSED_STRING !== $literal[0] ) {
				fwrite( STDERR, "$file:{$token[2]}: a text must be a plain string\n" );
				exit( 1 );
			}
			$texts[] = stripslashes( substr( $literal[1], 1, -1 ) );
		}
		$entry           = &$pot[ $texts[0] ];
		$entry['files']  = array_unique( array_merge( $entry['files'] ?? array(), array( $file ) ) );
		$entry['plural'] = $texts[1] ?? $entry['plural'] ?? '';
		if ( $token[2] - $comment[0] <= 1 ) {
			$entry['comment'] = $comment[1];
		}
		unset( $entry );
	}
}

/**
 * The catalogue.
 *
 * @param array $pot Of userlink_build_scan().
 * @return string
 */
function userlink_build_pot( array $pot ) {
	$quote = static function ( $text ) {
		return '"' . addcslashes( $text, "\"\\\n" ) . '"';
	};
	$out   = "# Translations of userlink for CiviCRM. GPL-2.0-or-later. Made by build/strings.php.\nmsgid \"\"\nmsgstr \"\"\n"
		. "\"Project-Id-Version: userlink for CiviCRM\\n\"\n\"MIME-Version: 1.0\\n\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n"
		. "\"Content-Transfer-Encoding: 8bit\\n\"\n\"X-Domain: userlink-for-civicrm\\n\"\n";
	ksort( $pot, SORT_STRING );
	foreach ( $pot as $text => $entry ) {
		$text = (string) $text;
		$out .= "\n" . ( isset( $entry['comment'] ) ? "#. {$entry['comment']}\n" : '' ) . '#: ' . implode( ' ', $entry['files'] ) . "\n";
		$out .= preg_match( '/%(\d\$)?[sd]/', $text ) ? "#, php-format\n" : '';
		$out .= 'msgid ' . $quote( $text ) . "\n";
		$out .= $entry['plural'] ? 'msgid_plural ' . $quote( $entry['plural'] ) . "\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n" : "msgstr \"\"\n";
	}
	return $out;
}

$userlink_root  = dirname( __DIR__ );
$userlink_texts = is_dir( "$userlink_root/shared" ) ? "$userlink_root/shared/admin/texts.json" : dirname( $userlink_root, 2 ) . '/shared/admin/texts.json';
$userlink_made  = array( 'includes/admin-texts.php' => userlink_build_php( json_decode( file_get_contents( $userlink_texts ), true ) ) );
$userlink_pot   = array();
chdir( $userlink_root );
foreach ( array_unique( array_merge( glob( '*.php' ), array_keys( $userlink_made ), glob( 'includes/*.php' ) ) ) as $userlink_name ) {
	userlink_build_scan( $userlink_made[ $userlink_name ] ?? file_get_contents( $userlink_name ), $userlink_name, $userlink_pot );
}
preg_match( '/^ \* Description: +(.+)$/m', file_get_contents( 'userlink-for-civicrm.php' ), $userlink_about );
$userlink_pot[ $userlink_about[1] ]                  = array(
	'files'   => array( 'userlink-for-civicrm.php' ),
	'plural'  => '',
	'comment' => 'Description of the plugin.',
);
$userlink_made['languages/userlink-for-civicrm.pot'] = userlink_build_pot( $userlink_pot );
$userlink_late                                       = 0;
foreach ( $userlink_made as $userlink_name => $userlink_text ) {
	if ( is_file( $userlink_name ) && file_get_contents( $userlink_name ) === $userlink_text ) {
		continue;
	}
	if ( in_array( '--check', $argv, true ) ) {
		fwrite( STDERR, "$userlink_name is not up to date: run php build/strings.php\n" );
		$userlink_late = 1;
	} else {
		file_put_contents( $userlink_name, $userlink_text );
		echo "$userlink_name: written\n";
	}
}
exit( $userlink_late );
