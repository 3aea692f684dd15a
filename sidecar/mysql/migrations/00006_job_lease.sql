-- +goose Up
-- Who works on which chunk of a sync. Several workers, in one process or in many, share a sync; this row, committed before
-- the work begins and deleted together with the work, is all that they agree by.

CREATE TABLE IF NOT EXISTS userlink_job_lease (
  job_id char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  last_uf_id int unsigned NOT NULL COMMENT 'the chunk ends with this user',
  after_uf_id int unsigned NOT NULL COMMENT 'and begins after this one',
  owner varchar(160) NOT NULL COMMENT 'host:pid/random of the process that works on it',
  lease_until datetime(3) NOT NULL COMMENT 'UTC by the database; after it another one may take the chunk',
  PRIMARY KEY (job_id, last_uf_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC
  COMMENT='userlink: chunks of full syncs that are being worked on';

ALTER TABLE userlink_job
  MODIFY last_uf_id int unsigned NOT NULL DEFAULT 0 COMMENT 'every user up to this id is done or, in an apply, in the hands of a worker';

-- +goose Down
DROP TABLE IF EXISTS userlink_job_lease;
