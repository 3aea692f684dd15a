<?php
/**
 * What the tests would have written into wp-config.php: for the web server that they start.
 *
 * @package Userlink
 */

require_once __DIR__ . '/lib.php';
