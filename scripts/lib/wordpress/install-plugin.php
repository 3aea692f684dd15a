<?php
// install-plugin.php ZIP [--network]: installs a plugin's archive and activates the plugin, as an upload does.
require_once ABSPATH . 'wp-admin/includes/admin.php';
require_once ABSPATH . 'wp-admin/includes/class-wp-upgrader.php';

function give_up($why)
{
    fwrite(STDERR, $why . "\n");
    exit(1);
}

$skin = new Automatic_Upgrader_Skin();
$upgrader = new Plugin_Upgrader($skin);
$result = $upgrader->install($argv[1], ['overwrite_package' => true]);
if ($result !== true) {
    $why = is_wp_error($result) ? $result->get_error_message() : '';
    give_up("The plugin was not installed. $why\n" . implode("\n", $skin->get_upgrade_messages()));
}
$plugin = $upgrader->plugin_info();
if (!$plugin) {
    give_up('The archive holds no plugin.');
}
$result = activate_plugin($plugin, '', ($argv[2] ?? '') === '--network');
if (is_wp_error($result)) {
    give_up("The plugin was not activated: " . $result->get_error_message() . ' ' . print_r($result->get_error_data(), true));
}
echo $plugin, "\n";
