// SPDX-License-Identifier: GPL-2.0-or-later
// What the Health tab can find, by name. Pure.

const TITLES = {
  orphan: (t) => t('Contacts that a sync left behind'),
  linked_twice: (t) => t('Users with several links'),
  contact_shared: (t) => t('Contacts with several users'),
  user_missing: (t) => t('Links of users who are gone'),
  contact_missing: (t) => t('Links to contacts that are gone'),
  contact_trashed: (t) => t('Links to contacts in the trash'),
  name_differs: (t) => t('Links with an old email'),
  email_differs: (t) => t('Contacts with another email than their user'),
};

/** The name of a kind of finding; of one that a newer sidecar has, its code in plain letters. */
export function title(finding, { t }) {
  if (Object.hasOwn(TITLES, finding)) return TITLES[finding](t);
  const plain = finding.replaceAll('_', ' ');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** Every kind that has a name, for the test that holds this against the contract. */
export const known = () => Object.keys(TITLES);
