<?php
/**
 * @file
 * For PHP's own web server: files as they are, clean URLs to index.php.
 */

$root = $_SERVER['DOCUMENT_ROOT'];
$path = rawurldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
if ($path != '/' && is_file($root . $path) && strpos($path, '..') === FALSE) {
  return FALSE;
}
$_SERVER['SCRIPT_NAME'] = '/index.php';
$_SERVER['PHP_SELF'] = '/index.php';
$_SERVER['SCRIPT_FILENAME'] = "$root/index.php";
chdir($root);
require "$root/index.php";
