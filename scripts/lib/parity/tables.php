<?php

/** What link.php and record.php share. */
class UserlinkTables
{
    /** CiviCRM's name of a CMS, and of its class. */
    public const UF = [
        'wordpress' => 'WordPress', 'joomla' => 'Joomla', 'drupal' => 'Drupal8', 'drupal7' => 'Drupal', 'backdrop' => 'Backdrop',
    ];

    /** @return int[] the highest id in each of the tables: what is written from now on has a higher one */
    public static function highestIds(array $tables): array
    {
        $ids = [];
        foreach ($tables as $table) {
            $ids[$table] = (int) CRM_Core_DAO::singleValueQuery("SELECT MAX(id) FROM $table");
        }
        return $ids;
    }

    /** Takes out of the tables what was written since; in their order. */
    public static function deleteSince(array $ids): void
    {
        foreach ($ids as $table => $id) {
            CRM_Core_DAO::executeQuery("DELETE FROM $table WHERE id > $id");
        }
    }
}
