-- +goose Up
-- Undo, repairs and decisions about conflicts are jobs like a sync, and stand in the same journal.

ALTER TABLE userlink_job
  MODIFY mode enum('preview','apply','undo_preview','undo','repair_preview','repair','resolution') NOT NULL,
  MODIFY state enum('queued','running','cancelling','cancelled','done','failed','paused') NOT NULL,
  ADD finding varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'what a repair mends',
  ADD undoes char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'the job that an undo takes back',
  ADD undone int unsigned NOT NULL DEFAULT 0 AFTER failed,
  ADD kept int unsigned NOT NULL DEFAULT 0 AFTER undone,
  ADD repaired int unsigned NOT NULL DEFAULT 0 AFTER kept,
  ADD KEY undoes (undoes);

ALTER TABLE userlink_job_chunk
  ADD undone int unsigned NOT NULL DEFAULT 0 AFTER failed,
  ADD kept int unsigned NOT NULL DEFAULT 0 AFTER undone,
  ADD repaired int unsigned NOT NULL DEFAULT 0 AFTER kept;

ALTER TABLE userlink_journal
  MODIFY cause enum('event','sync','resolution','repair','undo') NOT NULL,
  MODIFY table_name enum('civicrm_contact','civicrm_email','civicrm_log','civicrm_uf_match','civicrm_group_contact','civicrm_subscription_history','userlink_user') NOT NULL,
  ADD undone_by binary(16) NULL COMMENT 'id of the undo that took this change back',
  DROP KEY by_cause,
  ADD KEY by_cause (cause_id, uf_id);

ALTER TABLE userlink_user
  ADD left_alone_at datetime NULL COMMENT 'UTC; since when a person wants this user left alone',
  ADD proved_at datetime(6) NULL COMMENT 'UTC; when the user first proved to own the email address';

-- +goose Down
ALTER TABLE userlink_user DROP left_alone_at, DROP proved_at;
ALTER TABLE userlink_journal DROP undone_by, DROP KEY by_cause, ADD KEY by_cause (cause_id);
ALTER TABLE userlink_job_chunk DROP undone, DROP kept, DROP repaired;
ALTER TABLE userlink_job DROP finding, DROP undoes, DROP undone, DROP kept, DROP repaired;
