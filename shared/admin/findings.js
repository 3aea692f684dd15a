// SPDX-License-Identifier: GPL-2.0-or-later
// What the Health tab can find: its name, what it is and where it comes from, and what a repair does. Pure.

/** Without `repair` only a person can mend it, and `what` says how. */
const FINDINGS = {
  user_missing: {
    title: (t) => t('Links of users who are gone'),
    what: (t) => t('These links belong to users who do not exist any more. As long as a link holds an email, nobody else with it can be linked, and CiviCRM’s own sync leaves a contact without a link each time.'),
    repair: (t) => t('The links are removed. The contacts stay.'),
  },
  contact_missing: {
    title: (t) => t('Links to contacts that are gone'),
    what: (t) => t('These links lead to no contact: it was deleted past CiviCRM. The users count as linked and are not.'),
    repair: (t) => t('The links are removed. The next sync links these users anew.'),
  },
  linked_twice: {
    title: (t) => t('Users with several links'),
    what: (t) => t('CiviCRM may take these users for one person today and for another tomorrow.'),
    repair: (t) => t('Where just one of the links leads to a contact outside the trash, the others are removed. Where several do, you must say which one is right: under “Conflicts”, or in CiviCRM.'),
  },
  name_differs: {
    title: (t) => t('Links with an old email'),
    what: (t) => t('These links are recorded under an email that is not the user’s any more. Whoever registers with the old one cannot be linked.'),
    repair: (t) => t('The user’s email is written there, if no other link has it.'),
  },
  orphan: {
    title: (t) => t('Contacts that a sync left behind'),
    what: (t) => t('CiviCRM’s own sync made these contacts for users whose email stands on another user’s link, and left them without a link, one more each time. Each has one user’s email and name and nothing else, and nobody has ever used or edited it.'),
    repair: (t) => t('A user without a link is linked to the contact that a sync would take. All other such contacts go into CiviCRM’s trash, from where they can be taken back.'),
  },
  email_differs: {
    title: (t) => t('Contacts with another email than their user'),
    what: (t) => t('The contact’s primary email is not the user’s, although this site keeps the two in step. Mail may go to an old address.'),
    repair: (t) => t('The user’s email becomes the contact’s primary one. Where the contact’s is the newer one, correct the user’s first.'),
  },
  contact_trashed: {
    title: (t) => t('Links to contacts in the trash'),
    what: (t) => t('Take the contact out of the trash in CiviCRM if it is the right one; else delete the link there, and the next sync links the user anew.'),
  },
  contact_shared: {
    title: (t) => t('Contacts with several users'),
    what: (t) => t('These users share one record, with all that is in it. Find out whose it is, and remove the other links in CiviCRM.'),
  },
};

/** {title, what, repair}: of a kind that a newer sidecar has, its own words. repair is '' where only a person can mend it. */
export function words({ finding, sentence = '', remedy = '' }, { t }) {
  if (!Object.hasOwn(FINDINGS, finding)) return { title: plain(finding), what: sentence, repair: remedy };
  const { title, what, repair } = FINDINGS[finding];
  return { title: title(t), what: what(t), repair: repair && remedy !== '' ? repair(t) : '' };
}

export const title = (finding, page) => words({ finding }, page).title;

function plain(code) {
  const text = code.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Every kind that has words, for the test that holds this against the contract. */
export const known = () => Object.keys(FINDINGS);
