<?php

/**
 * @package     Userlink
 * @license     GNU General Public License version 2 or later
 */

namespace Userlink\Component\Userlink\Administrator;

use Joomla\CMS\Language\Language;

// phpcs:disable PSR1.Files.SideEffects
\defined('_JEXEC') or die;
// phpcs:enable PSR1.Files.SideEffects

/** The texts of the shared page in Joomla's language files, com_userlink_page.ini (made by build/strings.php). */
final class Texts
{
    /** A number that has the form, in whatever language has it, under the name that browsers give the form. */
    private const FORMS = ['zero' => 0, 'one' => 1, 'two' => 2, 'few' => 3, 'many' => 11, 'other' => 100];

    /** The language key of an English text. */
    public static function key(string $english): string
    {
        $words = trim((string) preg_replace('/[^A-Z0-9]+/', '_', strtoupper($english)), '_');

        // Two texts may differ in a colon alone.
        return 'COM_USERLINK_PAGE_' . substr($words, 0, 48) . sprintf('_%04X', crc32($english) & 0xFFFF);
    }

    /** English → translation, for the texts that have one; for a number an object with its forms. */
    public static function translated(Language $language): array
    {
        $language->load('com_userlink_page', JPATH_ADMINISTRATOR . '/components/com_userlink');
        $translated = [];
        $texts      = json_decode((string) file_get_contents(JPATH_ROOT . '/media/com_userlink/admin/texts.json'), true);
        foreach ($texts as $text) {
            $english = $text['plural'] ?? $text['text'];
            $found   = isset($text['plural']) ? self::forms($language, self::key($english)) : $language->_(self::key($english));
            if ($found !== $english && $found !== self::key($english) && ($found['one'] ?? '') !== $text['text']) {
                $translated[$english] = $found;
            }
        }

        return $translated;
    }

    private static function forms(Language $language, string $key): array
    {
        $forms = [];
        foreach (self::FORMS as $name => $number) {
            $forms[$name] = $language->_($key);
            foreach ($language->getPluralSuffixes($number) as $suffix) {
                if ($language->hasKey($key . '_' . $suffix)) {
                    $forms[$name] = $language->_($key . '_' . $suffix);
                    break;
                }
            }
        }

        return $forms;
    }
}
