-- A link for each user whose address is that of a contact, by hand: it takes whichever contact it finds, and would fail as a
-- whole if two users met in one contact. The two tables have different collations, so the address is converted, on the side
-- of the users: CiviCRM's index serves.
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION;

INSERT INTO civicrm_uf_match (domain_id, uf_id, uf_name, contact_id)
SELECT STRAIGHT_JOIN 1, u.ID, u.user_email, c.id
FROM wp_users u
JOIN civicrm_email e ON e.email = CONVERT(u.user_email USING utf8mb4) COLLATE utf8mb4_unicode_ci
JOIN civicrm_contact c ON c.id = e.contact_id AND c.contact_type = 'Individual' AND c.is_deleted = 0
LEFT JOIN civicrm_uf_match m ON m.uf_id = u.ID AND m.domain_id = 1
WHERE m.id IS NULL;

COMMIT;
