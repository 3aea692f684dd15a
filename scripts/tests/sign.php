<?php

// sign.php FOLDER-OF-THE-CLIENT KEY-ID KEY-FILE METHOD PATH [BODY [ACTOR]]: prints a token for one call of the site "main".

declare(strict_types=1);

require $argv[1] . '/autoload.php';
$settings = new Userlink\Settings('main', '127.0.0.1:1', $argv[2], (string) file_get_contents($argv[3]));
[$path, $query] = explode('?', $argv[5] . '?');
echo Userlink\Token::sign($settings, $argv[4], $path, $query, $argv[6] ?? '', (int) ($argv[7] ?? 0)), "\n";
