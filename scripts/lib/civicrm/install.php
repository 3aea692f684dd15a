<?php
// install.php FOLDER: activates the plugin in the WordPress in FOLDER and runs CiviCRM's own installer; with
// CIVICRM_SAMPLE=1 it loads the demonstration contacts.
require __DIR__ . '/../wordpress/server.php';
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';
wp_set_current_user(1);

$result = activate_plugin('civicrm/civicrm.php');
if (is_wp_error($result)) {
    fwrite(STDERR, $result->get_error_message() . "\n");
    exit(1);
}
update_option('civicrm_activation_in_progress', 'false');

$source = WP_PLUGIN_DIR . '/civicrm/civicrm';
require_once "$source/CRM/Core/ClassLoader.php";
CRM_Core_ClassLoader::singleton()->register();

// Debian's class map leaves the installer's own classes out.
spl_autoload_register(function ($class) use ($source) {
    if ($class === 'Civi\\Setup' || strpos($class, 'Civi\\Setup\\') === 0) {
        $file = "$source/setup/src/" . strtr(substr($class, 5), '\\', '/') . '.php';
        if (is_file($file)) {
            require_once $file;
        }
    }
});

\Civi\Setup::init(['cms' => 'WordPress', 'srcPath' => $source]);
$setup = \Civi\Setup::instance();
$model = $setup->getModel();
$model->loadGenerated = (bool) getenv('CIVICRM_SAMPLE');
$model->mandatorySettings['http_timeout'] = 0.05; // status checks must not wait for the site itself
$errors = $setup->checkRequirements()->getErrors();
foreach ($errors as $error) {
    fwrite(STDERR, "$error[name]: $error[message]\n");
}
if ($errors) {
    exit(1);
}
$setup->installFiles();
$setup->installDatabase();
printf("CiviCRM %s on PHP %s\n", CRM_Utils_System::version(), PHP_VERSION);
