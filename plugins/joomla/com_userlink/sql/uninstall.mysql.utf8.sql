DROP TABLE IF EXISTS `#__userlink_outbox`;
DROP TABLE IF EXISTS `#__userlink_state`;
