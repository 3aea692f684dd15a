<?php

/**
 * @package     Userlink
 * @license     GNU General Public License version 2 or later
 */

namespace Userlink\Component\Userlink\Administrator\Controller;

use Joomla\CMS\MVC\Controller\BaseController;
use Joomla\CMS\Session\Session;
use Userlink\Component\Userlink\Administrator\Sidecar;

// phpcs:disable PSR1.Files.SideEffects
\defined('_JEXEC') or die;
// phpcs:enable PSR1.Files.SideEffects

/** The page, and the relay that it talks to. */
final class DisplayController extends BaseController
{
    /** @var string */
    protected $default_view = 'userlink';

    /** Hands a call of the page on; the sidecar's status and JSON come back as they are. */
    public function relay(): void
    {
        $user = $this->app->getIdentity();
        if (!Session::checkToken()) {
            self::answer($this->app, 403, ['error' => ['code' => 'session_expired', 'message' => 'The form token is too old.']]);
        }
        if (!$user->authorise('userlink.sync', 'com_userlink')) {
            self::answer($this->app, 403, ['error' => ['code' => 'forbidden', 'message' => 'You may not synchronize users.']]);
        }
        $call   = json_decode((string) file_get_contents('php://input'), true);
        $body   = $call['body'] ?? null;
        $answer = Sidecar::client()->relay(
            (string) ($call['method'] ?? ''),
            (string) ($call['path'] ?? ''),
            (array) ($call['query'] ?? []),
            \is_array($body) ? $body : null,
            (int) $user->id
        );
        self::answer($this->app, $answer['status'], $answer['body']);
    }

    /**
     * @param   \Joomla\CMS\Application\CMSApplication  $app     The application; it ends here.
     * @param   integer                                 $status  HTTP status.
     * @param   array                                   $body    Becomes JSON.
     */
    public static function answer($app, int $status, array $body): void
    {
        $app->setHeader('status', (string) $status, true);
        $app->setHeader('Content-Type', 'application/json; charset=utf-8', true);
        $app->setHeader('Cache-Control', 'no-store', true);
        $app->sendHeaders();
        echo json_encode($body, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
        $app->close();
    }
}
