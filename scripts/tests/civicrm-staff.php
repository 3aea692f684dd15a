<?php

// civicrm-staff.php WHAT…, run inside CiviCRM (civi run):
//   setup USER   lets this WordPress user, who is linked, see all contacts by an access control list and no other right; and
//                makes a smart group of all Individuals
//   seen         how many Individuals the user who runs this may see
//   group        how many are in the smart group, as the administrator is shown

function setup($user)
{
    (new WP_User($user))->add_cap('access_civicrm');
    $group = civicrm_api3('Group', 'create', ['title' => 'Staff', 'group_type' => 1, 'is_active' => 1]);
    $contact = CRM_Core_BAO_UFMatch::getContactId($user);
    civicrm_api3('GroupContact', 'create', ['group_id' => $group['id'], 'contact_id' => $contact]);
    civicrm_api3('OptionValue', 'create', ['option_group_id' => 'acl_role', 'label' => 'Staff', 'name' => 'Staff', 'value' => 77]);
    $role = ['acl_role_id' => 77, 'entity_table' => 'civicrm_group', 'entity_id' => $group['id'], 'is_active' => 1];
    CRM_ACL_BAO_EntityRole::create($role);
    $acl = ['name' => 'Staff see all', 'operation' => 'View', 'object_table' => 'civicrm_saved_search', 'object_id' => 0,
        'entity_table' => 'civicrm_acl_role', 'entity_id' => 77, 'deny' => 0, 'is_active' => 1];
    CRM_ACL_BAO_ACL::create($acl);
    $search = civicrm_api3('SavedSearch', 'create', ['form_values' => ['contact_type' => 'Individual']]);
    civicrm_api3('Group', 'create', ['title' => 'Everybody', 'name' => 'everybody', 'saved_search_id' => $search['id'], 'is_active' => 1]);
}

function seen()
{
    civi_wp()->users->sync_user(wp_get_current_user()); // as every page of CiviCRM begins: its session has the contact
    echo civicrm_api3('Contact', 'getcount', ['check_permissions' => 1, 'contact_type' => 'Individual']), "\n";
}

function group()
{
    echo civicrm_api3('Contact', 'getcount', ['group' => 'everybody']), "\n";
}

$argv[1](...array_slice($argv, 2));
