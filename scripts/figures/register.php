<?php
// A must-use plugin for scripts/figures/register: a request with the header X-Bench inserts the user X-Bench-User, and answers
// when it began (seconds since 1970) and with the milliseconds until all was done. The latter the visitor does not get where
// PHP lets him go before. X-Bench says which plugins there are: none, civicrm, or userlink (both).

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
    printf("began %.6f\n", microtime(true));
    $began = hrtime(true);
    $id = wp_insert_user(['user_login' => $login, 'user_pass' => 'a password', 'user_email' => "$login@example.org",
        'first_name' => 'Ada', 'last_name' => 'Okri', 'role' => 'subscriber']);
    // The last of all that is done when the request ends: what the plugins send then is sent.
    add_action('shutdown', function () use ($began, $id) {
        printf("took %s\n", is_wp_error($id) ? $id->get_error_message() : (hrtime(true) - $began) / 1e6);
    }, PHP_INT_MAX);
    exit;
}, PHP_INT_MAX);
