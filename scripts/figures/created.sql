-- A contact for each user who has no link, by hand: it does not look whether there is a contact with that address already,
-- knows the ids beforehand, resolves no conflict, and writes no journal. The rows are those that CiviCRM and userlink write.
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION;
SET @base = (SELECT MAX(id) FROM civicrm_contact);

INSERT INTO civicrm_contact (id, contact_type, first_name, last_name, display_name, sort_name, preferred_language, communication_style_id,
  email_greeting_id, email_greeting_display, postal_greeting_id, postal_greeting_display, addressee_id, addressee_display, hash)
SELECT @base + u.ID, 'Individual', f.meta_value, l.meta_value, CONCAT(f.meta_value, ' ', l.meta_value), CONCAT(l.meta_value, ', ', f.meta_value),
  'en_US', 1, 1, CONCAT('Dear ', f.meta_value), 1, CONCAT('Dear ', f.meta_value), 1, CONCAT(f.meta_value, ' ', l.meta_value), MD5(RAND())
FROM wp_users u
JOIN wp_usermeta f ON f.user_id = u.ID AND f.meta_key = 'first_name'
JOIN wp_usermeta l ON l.user_id = u.ID AND l.meta_key = 'last_name'
LEFT JOIN civicrm_uf_match m ON m.uf_id = u.ID AND m.domain_id = 1
WHERE m.id IS NULL
ORDER BY u.ID;

INSERT INTO civicrm_email (contact_id, location_type_id, email, is_primary, is_billing, on_hold, is_bulkmail)
SELECT @base + u.ID, 1, LOWER(u.user_email), 1, 0, 0, 0
FROM wp_users u LEFT JOIN civicrm_uf_match m ON m.uf_id = u.ID AND m.domain_id = 1
WHERE m.id IS NULL
ORDER BY u.ID;

INSERT INTO civicrm_log (entity_table, entity_id, data, modified_id, modified_date)
SELECT 'civicrm_contact', @base + u.ID, CONCAT('civicrm_contact,', @base + u.ID), @base + u.ID, NOW()
FROM wp_users u LEFT JOIN civicrm_uf_match m ON m.uf_id = u.ID AND m.domain_id = 1
WHERE m.id IS NULL
ORDER BY u.ID;

INSERT INTO civicrm_uf_match (domain_id, uf_id, uf_name, contact_id)
SELECT 1, u.ID, u.user_email, @base + u.ID
FROM wp_users u LEFT JOIN civicrm_uf_match m ON m.uf_id = u.ID AND m.domain_id = 1
WHERE m.id IS NULL
ORDER BY u.ID;

COMMIT;
