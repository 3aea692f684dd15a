<?php

/**
 * Stands in for CiviCRM's component: says which link it finds for the user, and can register one as a profile does.
 *
 * @package     Userlink
 * @license     GNU General Public License version 2 or later
 */

use Joomla\CMS\Factory;
use Joomla\CMS\User\User;
use Joomla\Database\DatabaseInterface;

defined('_JEXEC') or die;

$app = Factory::getApplication();
$db  = Factory::getContainer()->get(DatabaseInterface::class);
if ($app->getInput()->getString('task') === 'civicrm/profile/create') {
    $login = $app->getInput()->getCmd('login');
    $user  = new User();
    $data  = ['name' => "Profile $login", 'username' => $login, 'email' => "$login@example.org", 'groups' => [2]];
    $data += ['password' => 'a long password', 'password2' => 'a long password'];
    if (!$user->bind($data) || !$user->save()) {
        echo 'CiviCRM fails: ', $user->getError();
    }
    if ($app->getInput()->getInt('links')) {
        // As CRM_Core_BAO_CMSUser::create() does, when the user is there.
        $db->setQuery("INSERT INTO civicrm_uf_match (domain_id, uf_id, uf_name, contact_id) VALUES (1, {$user->id}, '{$user->email}', 1)")->execute();
    }
}
$id = (int) $app->getIdentity()->id;
echo 'CiviCRM finds contact ', (int) $db->setQuery("SELECT contact_id FROM civicrm_uf_match WHERE uf_id = $id")->loadResult(), " of user $id.";
