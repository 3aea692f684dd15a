-- +goose Up
-- A lock that is taken by changing nothing is not seen by the other nodes of a Galera cluster: they compare what was
-- written. So each transaction about a user writes his row.

ALTER TABLE userlink_user
  ADD turn int unsigned NOT NULL DEFAULT 0 COMMENT 'grows with each transaction about the user: the lock that other nodes see',
  COMMENT='userlink: one row per user, the lock that serialises all that happens to him';

-- +goose Down
ALTER TABLE userlink_user DROP turn;
