<?php

// Compares names.json and emails.json with a real CiviCRM: run it inside one, with `cv php:script`, `wp eval-file` or
// `drush php:script`. It only reads. A line for each case that CiviCRM sees otherwise, then the counts; fails by an exception.

declare(strict_types=1);

$cases = static function (string $name): array {
    return json_decode(file_get_contents(__DIR__ . '/' . $name), true, 64, JSON_THROW_ON_ERROR)['cases'];
};
$compared = 0;
$other = 0;
$compare = static function (array $case, $expected, $actual) use (&$compared, &$other): void {
    $compared++;
    if ($expected !== $actual) {
        $other++;
        echo $case['id'], ' ', $case['comment'], ': ', json_encode($actual), ', not ', json_encode($expected), "\n";
    }
};

foreach ($cases('names.json') as $case) {
    $params = [];
    CRM_Utils_String::extractName($case['name'], $params);
    foreach (['first_name', 'middle_name', 'last_name'] as $part) {
        $compare($case, $case[$part], $params[$part] ?? '');
    }
}
foreach ($cases('emails.json') as $case) {
    // What CRM_Contact_BAO_Contact::matchContactOnEmail() does first. See generate.php for the final sigma.
    if (isset($case['email']) && !(isset($case['final_sigma']) && PHP_VERSION_ID >= 80300)) {
        $compare($case, $case['folded'], mb_strtolower(trim($case['email']), 'UTF-8'));
    }
}
echo $compared, ' compared, ', $other, " other\n";
if ($other > 0) {
    throw new RuntimeException('CiviCRM sees them otherwise.');
}
