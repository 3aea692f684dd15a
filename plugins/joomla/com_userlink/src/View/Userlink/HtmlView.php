<?php

/**
 * @package     Userlink
 * @license     GNU General Public License version 2 or later
 */

namespace Userlink\Component\Userlink\Administrator\View\Userlink;

use Joomla\CMS\Access\Exception\NotAllowed;
use Joomla\CMS\Component\ComponentHelper;
use Joomla\CMS\Factory;
use Joomla\CMS\Language\Text;
use Joomla\CMS\MVC\View\HtmlView as BaseHtmlView;
use Joomla\CMS\Session\Session;
use Joomla\CMS\Toolbar\ToolbarHelper;
use Joomla\CMS\Uri\Uri;
use Userlink\Component\Userlink\Administrator\Sidecar;
use Userlink\Component\Userlink\Administrator\Texts;

// phpcs:disable PSR1.Files.SideEffects
\defined('_JEXEC') or die;
// phpcs:enable PSR1.Files.SideEffects

/** The frame of the page that all CMSs share. */
final class HtmlView extends BaseHtmlView
{
    /** @var array what the element gets to know */
    protected $config;

    /** Bootstrap's names, which Joomla's administrator template uses. */
    private const CLASSES = [
        'button' => 'btn btn-outline-primary', 'primary' => 'btn btn-primary', 'input' => 'form-control',
        'table' => 'table table-striped caption-top', 'tabs' => 'nav nav-tabs', 'tab' => 'nav-link', 'tabActive' => 'active', 'notice' => 'alert',
        'info' => 'alert-info', 'success' => 'alert-success', 'warning' => 'alert-warning', 'error' => 'alert-danger',
    ];

    /**
     * @param   string  $tpl  Name of the template.
     */
    public function display($tpl = null): void
    {
        $app  = Factory::getApplication();
        $user = $app->getIdentity();
        if (!$user->authorise('userlink.sync', 'com_userlink')) {
            throw new NotAllowed(Text::_('JERROR_ALERTNOAUTHOR'), 403);
        }
        $page     = Uri::base() . 'index.php?option=';
        $civicrm  = ComponentHelper::isEnabled('com_civicrm') ? $page . 'com_civicrm&task=civicrm/' : '';
        $settings = $user->authorise('core.admin', 'com_userlink') || $user->authorise('core.options', 'com_userlink');

        $this->config = [
            'endpoint' => $page . 'com_userlink&task=relay&format=json',
            'headers'  => ['X-CSRF-Token' => Session::getFormToken()],
            'links'    => [
                'contact'   => $civicrm === '' ? '' : $civicrm . 'contact/view&reset=1&cid={id}',
                'user'      => $user->authorise('core.edit', 'com_users') ? $page . 'com_users&task=user.edit&id={id}' : '',
                'changelog' => $civicrm === '' ? '' : $civicrm . 'contact/search/advanced&reset=1',
                'settings'  => $settings ? $page . 'com_config&view=component&component=com_userlink' : '',
            ],
            'waiting'  => Sidecar::outbox()->count(),
            'texts'    => (object) Texts::translated($app->getLanguage()),
            'classes'  => self::CLASSES,
        ];

        ToolbarHelper::title(Text::_('COM_USERLINK_PAGE'), 'users');
        if ($settings) {
            ToolbarHelper::preferences('com_userlink');
        }
        $assets = $app->getDocument()->getWebAssetManager();
        $assets->getRegistry()->addExtensionRegistryFile('com_userlink');
        $assets->useStyle('com_userlink.admin')->useScript('com_userlink.admin');
        parent::display($tpl);
    }
}
