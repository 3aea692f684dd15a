CREATE TABLE IF NOT EXISTS `#__userlink_outbox` (
  `seq` bigint unsigned NOT NULL AUTO_INCREMENT,
  `id` varchar(64) NOT NULL,
  `user_id` bigint unsigned NOT NULL,
  `type` varchar(32) NOT NULL,
  `json` mediumblob NOT NULL,
  `tries` int unsigned NOT NULL DEFAULT 0,
  `due` bigint unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (`seq`),
  UNIQUE KEY `id` (`id`),
  KEY `user_id` (`user_id`, `seq`),
  KEY `type` (`type`, `seq`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 DEFAULT COLLATE=utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS `#__userlink_state` (
  `name` varchar(32) NOT NULL,
  `value` bigint unsigned NOT NULL,
  PRIMARY KEY (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 DEFAULT COLLATE=utf8mb4_unicode_ci;
