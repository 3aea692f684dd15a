<?php

/**
 * @package     Userlink
 * @license     GNU General Public License version 2 or later
 */

defined('_JEXEC') or die;

require JPATH_SITE . '/components/com_civicrm/civicrm.php';
