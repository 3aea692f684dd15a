<?php
// php-lint.php FILE…: as "php -l", but for many files in one process and in every version.
$failed = 0;
foreach (array_slice($argv, 1) as $file) {
    try {
        token_get_all(file_get_contents($file), TOKEN_PARSE);
    } catch (ParseError $error) {
        fwrite(STDERR, sprintf("PHP %s: %s:%d: %s\n", PHP_VERSION, $file, $error->getLine(), $error->getMessage()));
        $failed = 1;
    }
}
exit($failed);
