<?php
// A must-use plugin for scripts/figures/register: a request with the header X-Bench inserts the user X-Bench-User and answers
// with the milliseconds until the plugins begin to send, and until all is done. X-Bench says which plugins there are: none, civicrm, or userlink (both).

$userlink_bench = $_SERVER['HTTP_X_BENCH'] ?? '';
if ($userlink_bench === '') {
    return;
}
add_filter('option_active_plugins', function ($plugins) use ($userlink_bench) {
    $wanted = ['none' => [], 'civicrm' => ['civicrm/'], 'userlink' => ['civicrm/', 'userlink']][$userlink_bench];
    return array_values(array_filter($plugins, function ($plugin) use ($wanted) {
        foreach ($wanted as $folder) {
            if (strpos($plugin, $folder) === 0) {
                return true;
            }
        }
        return false;
    }));
});
add_action('wp_loaded', function () {
    $login = $_SERVER['HTTP_X_BENCH_USER'];
    $began = hrtime(true);
    $id = wp_insert_user(['user_login' => $login, 'user_pass' => 'a password', 'user_email' => "$login@example.org",
        'first_name' => 'Ada', 'last_name' => 'Okri', 'role' => 'subscriber']);
    // Where PHP can (PHP-FPM), the plugin lets the visitor go before it sends, which it does last of all.
    add_action('shutdown', function () use ($began) {
        printf('%.3f ', (hrtime(true) - $began) / 1e6);
    }, PHP_INT_MAX - 1);
    add_action('shutdown', function () use ($began, $id) {
        echo is_wp_error($id) ? $id->get_error_message() : sprintf('%.3f', (hrtime(true) - $began) / 1e6);
    }, PHP_INT_MAX);
    exit;
}, PHP_INT_MAX);
