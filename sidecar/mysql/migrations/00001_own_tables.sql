-- +goose Up
-- userlink's own state, in CiviCRM's database so that a link and its journal commit together.

CREATE TABLE IF NOT EXISTS userlink_user (
  site_id varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  uf_id int unsigned NOT NULL,
  last_event_at datetime(6) NULL COMMENT 'UTC; an event older than this is stale',
  deleted_at datetime(6) NULL COMMENT 'UTC; when the CMS said that the user is gone',
  PRIMARY KEY (site_id, uf_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC
  COMMENT='userlink: one row per user, the lock that serialises all that happens to him';

CREATE TABLE IF NOT EXISTS userlink_token (
  site_id varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  jti varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expires_at datetime NOT NULL COMMENT 'UTC; the row may go then',
  PRIMARY KEY (site_id, jti),
  KEY expires_at (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC
  COMMENT='userlink: tokens seen, so that none is accepted twice';

CREATE TABLE IF NOT EXISTS userlink_delivery (
  site_id varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  event_id char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  uf_id int unsigned NOT NULL,
  answer text NOT NULL COMMENT 'JSON; a repeat of the event gets the same answer',
  answered_at datetime NOT NULL COMMENT 'UTC',
  PRIMARY KEY (site_id, event_id),
  KEY answered_at (answered_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC
  COMMENT='userlink: events answered';

CREATE TABLE IF NOT EXISTS userlink_journal (
  id bigint unsigned NOT NULL AUTO_INCREMENT,
  site_id varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  uf_id int unsigned NOT NULL,
  cause enum('event','sync') NOT NULL,
  cause_id binary(16) NOT NULL COMMENT 'id of the event or of the job',
  actor_uf_id int unsigned NOT NULL COMMENT '0: nobody was logged in',
  table_name enum('civicrm_contact','civicrm_email','civicrm_log','civicrm_uf_match') NOT NULL,
  row_id int unsigned NOT NULL,
  change_type enum('insert','update','delete') NOT NULL,
  row_before text NULL COMMENT 'JSON of the columns concerned',
  row_after text NULL COMMENT 'the same',
  reason varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  written_at datetime(3) NOT NULL COMMENT 'UTC',
  PRIMARY KEY (id),
  KEY by_user (site_id, uf_id),
  KEY by_cause (cause_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC
  COMMENT='userlink: every row of CiviCRM that userlink wrote';

CREATE TABLE IF NOT EXISTS userlink_conflict (
  site_id varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  uf_id int unsigned NOT NULL,
  reason varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  contact_id int unsigned NULL,
  other_uf_id int unsigned NULL,
  username varchar(255) NOT NULL,
  email varchar(255) NOT NULL,
  name varchar(255) NOT NULL,
  first_seen datetime NOT NULL COMMENT 'UTC',
  last_seen datetime NOT NULL COMMENT 'UTC',
  times int unsigned NOT NULL,
  PRIMARY KEY (site_id, uf_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC
  COMMENT='userlink: users who cannot be linked without a decision; open ones only';

CREATE TABLE IF NOT EXISTS userlink_job (
  id char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  site_id varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  active_site varchar(32) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'site_id until the job ends: one at a time',
  mode enum('preview','apply') NOT NULL,
  state enum('queued','running','cancelling','cancelled','done','failed') NOT NULL,
  preview_id char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  actor_uf_id int unsigned NOT NULL DEFAULT 0,
  owner varchar(128) NOT NULL DEFAULT '',
  lease_until datetime(3) NULL COMMENT 'UTC by the database; after it another sidecar may go on',
  total int unsigned NOT NULL DEFAULT 0,
  last_uf_id int unsigned NOT NULL DEFAULT 0 COMMENT 'checkpoint: every user up to this id is done',
  checked int unsigned NOT NULL DEFAULT 0,
  already_linked int unsigned NOT NULL DEFAULT 0,
  linked int unsigned NOT NULL DEFAULT 0,
  created int unsigned NOT NULL DEFAULT 0,
  updated int unsigned NOT NULL DEFAULT 0,
  conflicts int unsigned NOT NULL DEFAULT 0,
  skipped int unsigned NOT NULL DEFAULT 0,
  failed int unsigned NOT NULL DEFAULT 0,
  slowed varchar(255) NOT NULL DEFAULT '',
  error varchar(1024) NOT NULL DEFAULT '',
  created_at datetime(3) NOT NULL COMMENT 'UTC',
  started_at datetime(3) NULL COMMENT 'UTC',
  updated_at datetime(3) NOT NULL COMMENT 'UTC',
  finished_at datetime(3) NULL COMMENT 'UTC',
  PRIMARY KEY (id),
  UNIQUE KEY active_site (active_site),
  KEY by_site (site_id, created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC
  COMMENT='userlink: full syncs';

CREATE TABLE IF NOT EXISTS userlink_job_chunk (
  job_id char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  last_uf_id int unsigned NOT NULL COMMENT 'the chunk ends with this user',
  already_linked int unsigned NOT NULL,
  linked int unsigned NOT NULL,
  created int unsigned NOT NULL,
  updated int unsigned NOT NULL,
  conflicts int unsigned NOT NULL,
  skipped int unsigned NOT NULL,
  failed int unsigned NOT NULL,
  items mediumblob NOT NULL COMMENT 'gzip of a JSON array, one element per user',
  PRIMARY KEY (job_id, last_uf_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci ROW_FORMAT=DYNAMIC
  COMMENT='userlink: reports of full syncs, a chunk a row';

-- +goose Down
DROP TABLE IF EXISTS userlink_job_chunk, userlink_job, userlink_conflict, userlink_journal, userlink_delivery, userlink_token, userlink_user;
