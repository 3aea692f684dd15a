<?php

/**
 * Writes com_userlink/language/en-GB/com_userlink_page.ini: the texts of the shared admin page, for Joomla's translators.
 * Run it after a text has changed: php build/strings.php. With --check it says whether it was forgotten (exit code 1).
 *
 * @package     Userlink
 * @license     GNU General Public License version 2 or later
 */

use Userlink\Component\Userlink\Administrator\Texts;

define('_JEXEC', 1);
require dirname(__DIR__) . '/com_userlink/src/Texts.php';

$file  = dirname(__DIR__) . '/com_userlink/language/en-GB/com_userlink_page.ini';
$quote = static function (string $text): string {
    return '"' . str_replace('"', '\"', $text) . '"';
};
$keys  = [];
$lines = ['; The texts of the page Synchronize Users to Contacts. Made by build/strings.php, do not edit.',
    '; GNU General Public License version 2 or later', '; Keep the words in {braces}.', ''];
foreach (json_decode(file_get_contents(dirname(__DIR__, 3) . '/shared/admin/texts.json'), true) as $text) {
    $english = $text['plural'] ?? $text['text'];
    $key     = Texts::key($english);
    if (isset($keys[$key])) {
        exit("Two texts have the key $key.\n");
    }
    $keys[$key] = true;
    if (isset($text['comment'])) {
        $lines[] = '; ' . $text['comment'];
    }
    if (isset($text['plural'])) {
        $lines[] = $key . '_ONE=' . $quote($text['text']);
    }
    $lines[] = $key . '=' . $quote($english);
}
$ini = implode("\n", $lines) . "\n";
if (($argv[1] ?? '') === '--check') {
    exit(is_file($file) && file_get_contents($file) === $ini ? 0 : 1);
}
file_put_contents($file, $ini);
