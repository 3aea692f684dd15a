-- +goose Up
-- Whether a user has proved to own the email, since when it is his, and whom a person wants left alone.

ALTER TABLE userlink_user
  ADD email_hash binary(16) NULL COMMENT 'of the folded email as it was last seen; only where verify_email is on',
  ADD email_since datetime(6) NULL COMMENT 'UTC; when it was first seen to be another one; NULL: it always was',
  ADD KEY left_alone (site_id, left_alone_at);

-- +goose Down
ALTER TABLE userlink_user DROP KEY left_alone, DROP email_since, DROP email_hash;
