<?php
// install.php FOLDER: installs the WordPress in FOLDER into its empty database; user admin, password admin.
require __DIR__ . '/server.php';
define('WP_INSTALLING', true);

// WordPress would send a mail to the new admin.
function wp_new_blog_notification()
{
}

require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
if (is_blog_installed()) {
    exit(0);
}
wp_install('Test site', 'admin', 'admin@example.org', false, '', 'admin');
printf("WordPress %s on PHP %s, theme %s\n", $GLOBALS['wp_version'], PHP_VERSION, get_option('stylesheet'));
