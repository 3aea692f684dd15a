<?php

declare(strict_types=1);

// Loads the classes of the namespace Userlink from src/. Including this file does nothing else.
spl_autoload_register(static function (string $class): void {
    if (strncmp($class, 'Userlink\\', 9) === 0 && preg_match('/^\w+\z/', substr($class, 9)) === 1) {
        $file = __DIR__ . '/src/' . substr($class, 9) . '.php';
        if (is_file($file)) {
            require $file;
        }
    }
});
