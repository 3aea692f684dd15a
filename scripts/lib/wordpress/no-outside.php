<?php
// A must-use plugin of test sites: nothing outside is asked, and WordPress does not complain that it cannot ask.
add_filter('pre_http_request', function ($answer, $request, $url) {
    if (preg_match('#^https?://[^/]+/(core|plugins|themes)/(version|update)-check/#', $url)) {
        return [
            'headers' => [],
            'body' => '{"offers": [], "plugins": [], "themes": [], "translations": [], "no_update": []}',
            'response' => ['code' => 200, 'message' => 'OK'],
            'cookies' => [],
            'filename' => null,
        ];
    }
    // Before PHP 8 each worker of "php -S" has a queue of its own: a site that calls itself may wait for itself.
    if (PHP_VERSION_ID < 80000 && strpos($url, home_url()) === 0) {
        return new WP_Error('no_outside', 'This test site does not call itself.');
    }
    return $answer;
}, 10, 3);
