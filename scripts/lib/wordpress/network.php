<?php
// network.php HOST: makes the tables of a network of sites in subfolders; its first site is the one that is there.
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
foreach ($wpdb->tables('ms_global') as $table => $name) {
    $wpdb->$table = $name;
}
install_network();
$result = populate_network(1, $argv[1], 'admin@example.org', 'Test network', '/', false);
if (is_wp_error($result)) {
    fwrite(STDERR, $result->get_error_message() . "\n");
    exit(1);
}
