-- +goose Up
-- One row of the journal for each user and transaction, with all the rows of CiviCRM's that were written for him: a new
-- contact is four. They are taken back together or not at all, and a bulk sync pays for one row instead of four.

ALTER TABLE userlink_journal
  ADD changes mediumtext NULL COMMENT 'JSON array of {table, row_id, change, before, after} in the order of writing; before and after: the columns concerned' AFTER reason;

UPDATE userlink_journal SET changes = CONCAT('[{"table":"', table_name, '","row_id":', row_id, ',"change":"', change_type, '"',
  IF(row_before IS NULL, '', CONCAT(',"before":', row_before)), IF(row_after IS NULL, '', CONCAT(',"after":', row_after)), '}]');

ALTER TABLE userlink_journal
  MODIFY changes mediumtext NOT NULL COMMENT 'JSON array of {table, row_id, change, before, after} in the order of writing; before and after: the columns concerned',
  DROP table_name, DROP row_id, DROP change_type, DROP row_before, DROP row_after,
  COMMENT='userlink: every row of CiviCRM that userlink wrote, by user and transaction';
