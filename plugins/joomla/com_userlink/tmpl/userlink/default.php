<?php

/**
 * @package     Userlink
 * @license     GNU General Public License version 2 or later
 */

use Joomla\CMS\Language\Text;

// phpcs:disable PSR1.Files.SideEffects
\defined('_JEXEC') or die;
// phpcs:enable PSR1.Files.SideEffects

/** @var \Userlink\Component\Userlink\Administrator\View\Userlink\HtmlView $this */
?>
<noscript><div class="alert alert-warning"><?php echo Text::_('COM_USERLINK_NOSCRIPT'); ?></div></noscript>
<userlink-admin config="<?php echo $this->escape(json_encode($this->config, JSON_UNESCAPED_UNICODE)); ?>"></userlink-admin>
