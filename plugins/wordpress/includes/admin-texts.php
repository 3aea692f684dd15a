<?php
/**
 * The texts of the shared admin page. Made by build/strings.php, do not edit.
 *
 * @package Userlink
 */

defined( 'ABSPATH' ) || exit;

// phpcs:disable WordPress.WP.I18n -- {words} in braces are filled in by the page.
return array(
);
