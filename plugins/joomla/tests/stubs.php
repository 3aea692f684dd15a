<?php

/**
 * As much of Joomla as the shim touches, for tests without one. The real one is in scripts/tests/cms-joomla.
 *
 * @package     Userlink
 * @license     GNU General Public License version 2 or later
 */

// phpcs:disable PSR1.Classes.ClassDeclaration, PSR1.Files.SideEffects

namespace Userlink\Tests\Joomla {
    use Userlink\Tests\MemoryOutbox;

    /** What a page ends with. */
    final class Closed extends \Exception
    {
    }

    /** Users, groups and the outbox; understands the shim's own statements alone. */
    final class FakeDatabase implements \Joomla\Database\DatabaseInterface
    {
        /** @var array<int, array> rows of #__users */
        public array $users = [];
        public bool $broken = false;
        public MemoryOutbox $outbox;
        public int $downUntil = 0;
        private string $sql = '';

        public function __construct()
        {
            $this->outbox = new MemoryOutbox();
        }

        public function setQuery(string $sql): self
        {
            if ($this->broken) {
                throw new \RuntimeException('The database is gone.');
            }
            $this->sql = $sql;

            return $this;
        }

        public function getName(): string
        {
            return 'mysqli';
        }

        public function quote(string $text): string
        {
            return "'" . addslashes($text) . "'";
        }

        public function loadAssoc(): ?array
        {
            return $this->users[$this->number('/#__users WHERE id = (\d+)/')] ?? null;
        }

        public function loadColumn(): array
        {
            return ['Registered'];
        }

        public function loadAssocList(): array
        {
            return $this->outbox->due($this->number('/LIMIT (\d+)/'));
        }

        /** @return mixed */
        public function loadResult()
        {
            if (strpos($this->sql, 'COUNT(*)') !== false) {
                return $this->outbox->count();
            }
            if (strpos($this->sql, '#__userlink_state') !== false) {
                return $this->downUntil;
            }

            return strpos($this->sql, 'MAX(seq)') !== false ? 0 : $this->outbox->hasUser($this->number('/user_id = (\d+)/'));
        }

        public function execute(): bool
        {
            if (preg_match("/^INSERT .*VALUES \('([^']+)', (\d+), '[^']*', UNHEX\('(\w+)'\)\)\z/", $this->sql, $found)) {
                $this->outbox->add($found[1], (int) $found[2], hex2bin($found[3]));
            } elseif (preg_match("/^UPDATE .*SET due = (\d+), .*id = '([^']+)'\z/", $this->sql, $found)) {
                $this->outbox->postpone($found[2], $found[1] - time());
            } elseif (preg_match("/^DELETE .*id = '([^']+)'\z/", $this->sql, $found)) {
                $this->outbox->remove($found[1]);
            } elseif (strpos($this->sql, 'REPLACE') === 0) {
                $this->downUntil = $this->number("/'down_until', (\d+)/");
            } else {
                throw new \LogicException($this->sql);
            }

            return true;
        }

        public function getAffectedRows(): int
        {
            return 1;
        }

        private function number(string $pattern): int
        {
            return preg_match($pattern, $this->sql, $found) ? (int) $found[1] : 0;
        }
    }

    /** The application, the container, the configuration, the input and the session in one. */
    final class FakeApplication
    {
        public string $client = 'site';
        public array $config = [];
        public array $request = [];
        public array $session = [];
        public array $headers = [];
        public string $body = '';
        public ?object $user = null;

        /** @return mixed */
        public function get(string $name, $default = null)
        {
            if ($name === 'config') {
                return $this;
            }
            if ($name === \Joomla\Database\DatabaseInterface::class) {
                return \Joomla\Database\DatabaseFactory::$database;
            }

            return $this->config[$name] ?? $this->session[$name] ?? $default;
        }

        public function set(string $name, $value): void
        {
            $this->session[$name] = $value;
        }

        public function isClient(string $client): bool
        {
            return $this->client === $client;
        }

        public function getIdentity(): ?object
        {
            return $this->user;
        }

        public function getInput(): self
        {
            return $this;
        }

        public function getSession(): self
        {
            return $this;
        }

        public function getCmd(string $name): string
        {
            return preg_replace('/[^\w.-]/', '', $this->request[$name] ?? '');
        }

        public function getString(string $name, string $default): string
        {
            return $this->request[$name] ?? $default;
        }

        public function setHeader(string $name, string $value): void
        {
            $this->headers[$name] = $value;
        }

        public function sendHeaders(): void
        {
            ob_start();
        }

        public function close(): void
        {
            $this->body = ob_get_clean();
            throw new Closed();
        }
    }
}

namespace Joomla\Database {
    interface DatabaseInterface
    {
    }

    final class DatabaseFactory
    {
        public static DatabaseInterface $database;

        public function getDriver(string $name, array $options): DatabaseInterface
        {
            return self::$database;
        }
    }
}

namespace Joomla\Event {
    class Event
    {
        private array $arguments;

        public function __construct(string $name, array $arguments)
        {
            $this->arguments = $arguments;
        }

        public function getArguments(): array
        {
            return $this->arguments;
        }
    }

    interface SubscriberInterface
    {
    }
}

namespace Joomla\CMS\Event\User {
    /** The three of Joomla 5 in one: the getters are what matters. */
    final class AfterEvent extends \Joomla\Event\Event
    {
        public function __call(string $getter, array $none)
        {
            return $this->getArguments()[lcfirst(substr($getter, 3))];
        }

        public function getUser(): array
        {
            return $this->getArguments()['subject'];
        }

        public function getOptions(): array
        {
            return $this->getArguments()['options'];
        }
    }
}

namespace Joomla\Registry {
    final class Registry
    {
        private array $data;

        /** @param mixed $data */
        public function __construct($data = '')
        {
            $this->data = \is_array($data) ? $data : (array) json_decode($data, true);
        }

        /** @return mixed */
        public function get(string $name, $default = null)
        {
            return $this->data[$name] ?? $default;
        }
    }
}

namespace Joomla\Application {
    final class ApplicationEvents
    {
        public const BEFORE_EXECUTE = 'application.before_execute';
    }
}

namespace Joomla\CMS {
    final class Factory
    {
        public static object $application;

        public static function getApplication(): object
        {
            return self::$application;
        }

        public static function getContainer(): object
        {
            return self::$application;
        }
    }
}

namespace Joomla\CMS\Component {
    final class ComponentHelper
    {
        public static array $params = [];

        public static function getParams(): \Joomla\Registry\Registry
        {
            return new \Joomla\Registry\Registry(self::$params);
        }
    }
}

namespace Joomla\CMS\Log {
    final class Log
    {
        public const ERROR = 8;
        public const WARNING = 16;
        public static array $lines = [];

        public static function add(string $line): void
        {
            self::$lines[] = $line;
        }
    }
}

namespace Joomla\CMS\Plugin {
    class CMSPlugin
    {
        public \Joomla\Registry\Registry $params;

        public function __construct(array $params = [])
        {
            $this->params = new \Joomla\Registry\Registry($params);
        }

        public function getApplication(): object
        {
            return \Joomla\CMS\Factory::$application;
        }
    }
}

namespace Joomla\CMS\MVC\Controller {
    class BaseController
    {
        protected object $app;

        public function __construct()
        {
            $this->app = \Joomla\CMS\Factory::$application;
        }
    }
}

namespace Joomla\CMS\Session {
    final class Session
    {
        public static bool $valid = true;

        public static function checkToken(): bool
        {
            return self::$valid;
        }
    }
}
