<?php

/**
 * For PHP's own web server: files as they are, the rest to the index.php of the site or the administrator.
 *
 * @package     Userlink
 * @license     GNU General Public License version 2 or later
 */

$root = $_SERVER['DOCUMENT_ROOT'];
$path = rawurldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
if ($path !== '/' && is_file($root . $path) && strpos($path, '..') === false && substr($path, -4) !== '.php') {
    return false;
}
$part   = preg_match('#^/(administrator|api)(/|\z)#', $path, $found) ? "/$found[1]" : '';
$script = "$part/index.php";

$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = $script;
$_SERVER['SCRIPT_FILENAME'] = $root . $script;
chdir($root . $part);
require $root . $script;
