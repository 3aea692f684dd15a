<?php
// For "php -S": what WordPress asks a web server to do with a request. A file is served, a folder's index.php is run,
// everything else is WordPress's own; in a network of sites /two/wp-admin/… means /wp-admin/….

function userlink_route($root, $path)
{
    if (!file_exists($root . $path)) {
        $path = preg_replace('#^/[_0-9a-zA-Z-]+(/(?:wp-(?:content|admin|includes)/.*|[^/]+\.php))$#', '$1', $path);
    }
    if (is_dir($root . $path) && is_file(rtrim($root . $path, '/') . '/index.php')) {
        $path = rtrim($path, '/') . '/index.php';
    }
    return is_file($root . $path) ? $path : '/index.php';
}

$userlink_asked = urldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) ?: '/');
$userlink_path = userlink_route($_SERVER['DOCUMENT_ROOT'], $userlink_asked);
if ($userlink_path === $userlink_asked) {
    return false;
}
if ($userlink_path === $userlink_asked . '/index.php') {
    header("Location: $userlink_asked/");
    return true;
}
if (substr($userlink_path, -4) !== '.php') {
    $userlink_types = ['css' => 'text/css', 'js' => 'text/javascript', 'svg' => 'image/svg+xml'];
    $userlink_ending = pathinfo($userlink_path, PATHINFO_EXTENSION);
    header('Content-Type: ' . ($userlink_types[$userlink_ending] ?? 'application/octet-stream'));
    readfile($_SERVER['DOCUMENT_ROOT'] . $userlink_path);
    return true;
}
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = $userlink_path;
$_SERVER['SCRIPT_FILENAME'] = $_SERVER['DOCUMENT_ROOT'] . $userlink_path;
chdir(dirname($_SERVER['SCRIPT_FILENAME']));
require $_SERVER['SCRIPT_FILENAME'];
