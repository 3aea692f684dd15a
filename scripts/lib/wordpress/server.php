<?php
// What a web server would say of a request to the site at $WP_URL; WordPress reads it also on the command line.
$_SERVER['HTTP_HOST'] = preg_replace('#^https?://#', '', getenv('WP_URL') ?: 'http://127.0.0.1');
$_SERVER['SERVER_NAME'] = '127.0.0.1';
$_SERVER['SERVER_PORT'] = parse_url('http://' . $_SERVER['HTTP_HOST'], PHP_URL_PORT) ?: 80;
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REMOTE_ADDR'] = '127.0.0.1';
$_SERVER['REQUEST_METHOD'] = 'GET';
$_SERVER['REQUEST_URI'] = getenv('WP_BLOG') ?: '/';
