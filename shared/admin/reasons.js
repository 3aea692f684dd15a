// SPDX-License-Identifier: GPL-2.0-or-later
// What an outcome and a reason mean, in words for an administrator. Pure.
// `t` is either the one that gives a string (CSV) or t.rich (page, with links in the values).

/** The kinds of result in the order in which they are shown; `counter` is the job's member. */
export const OUTCOMES = [
  { outcome: 'linked', counter: 'linked' },
  { outcome: 'created', counter: 'created' },
  { outcome: 'updated', counter: 'updated' },
  { outcome: 'undone', counter: 'undone' },
  { outcome: 'repaired', counter: 'repaired' },
  { outcome: 'kept', counter: 'kept' },
  { outcome: 'conflict', counter: 'conflicts' },
  { outcome: 'failed', counter: 'failed' },
  { outcome: 'skipped', counter: 'skipped' },
  { outcome: 'already_linked', counter: 'already_linked' },
];

/** The column "What": of a preview (will be) or of a run (was). */
export function what(outcome, preview, t) {
  const before = {
    linked: () => t('Link'),
    created: () => t('Create a contact'),
    updated: () => t('Update the email'),
    undone: () => t('Take back'),
    repaired: () => t('Repair'),
    kept: () => t('Keep'),
  };
  const after = {
    linked: () => t('Linked'),
    created: () => t('Contact created'),
    updated: () => t('Email updated'),
    conflict: () => t('Needs a decision'),
    failed: () => t('Could not be done'),
    skipped: () => t('Skipped'),
    already_linked: () => t('Already linked'),
    unlinked: () => t('Link removed'),
    ignored: () => t('Left alone'),
    undone: () => t('Taken back'),
    repaired: () => t('Repaired'),
    kept: () => t('Kept'),
  };
  return ((preview && before[outcome]) || after[outcome] || (() => t('Something else')))();
}

/** The line that says how many, in a preview. */
export function willBe(outcome, n, tn) {
  return {
    linked: () => tn('{n} user will be linked to a contact that exists', '{n} users will be linked to contacts that exist', n),
    created: () => tn('{n} new contact will be created', '{n} new contacts will be created', n),
    updated: () => tn('{n} linked user changed the email; CiviCRM will follow', '{n} linked users changed their email; CiviCRM will follow', n),
    undone: () => tn('{n} user will be put back as it was before', '{n} users will be put back as they were before', n),
    repaired: () => tn('{n} case will be mended', '{n} cases will be mended', n),
    kept: () => tn('{n} of them stays as it is; the list says why', '{n} of them stay as they are; the list says why', n),
    conflict: () => tn('{n} user is left alone because it needs a decision', '{n} users are left alone because they need a decision', n),
    failed: () => tn('{n} user is left out because the account could not be read', '{n} users are left out because their accounts could not be read', n),
    skipped: () => tn('{n} user was deleted meanwhile', '{n} users were deleted meanwhile', n),
    already_linked: () => tn('{n} user is linked already', '{n} users are linked already', n),
  }[outcome]();
}

/** The line that says how many, of a run that wrote. */
export function was(outcome, n, tn) {
  return {
    linked: () => tn('{n} user was linked to a contact that existed', '{n} users were linked to contacts that existed', n),
    created: () => tn('{n} new contact was created', '{n} new contacts were created', n),
    updated: () => tn('{n} linked user had a new email; CiviCRM followed', '{n} linked users had a new email; CiviCRM followed', n),
    undone: () => tn('{n} user was put back as it was before', '{n} users were put back as they were before', n),
    repaired: () => tn('{n} case was mended', '{n} cases were mended', n),
    kept: () => tn('{n} of them stayed as it was; the list says why', '{n} of them stayed as they were; the list says why', n),
    conflict: () => tn('{n} user was left alone because it needs a decision', '{n} users were left alone because they need a decision', n),
    failed: () => tn('{n} user could not be read or written', '{n} users could not be read or written', n),
    skipped: () => tn('{n} user was deleted meanwhile', '{n} users were deleted meanwhile', n),
    already_linked: () => tn('{n} user was linked already', '{n} users were linked already', n),
  }[outcome]();
}

/** The column "Why": one sentence. v: email, other ("user 17", or "another user" where it is not known), both strings or nodes. */
const WHY = {
  created: {
    no_contact: (t) => t('No contact has this email.'),
    contact_taken: (t, v) => t('The contact with this email belongs to {other}; as in CiviCRM, a new contact is made.', v),
    contact_trashed: (t) => t('The only contact with this email is in the trash; as in CiviCRM, a new one is made.'),
    passed_over: (t) => t('There are contacts with this email, but this site’s settings say to make a new one.'),
    chosen: (t) => t('A person decided so.'),
  },
  linked: {
    email_primary: (t) => t('It is the contact’s primary email.'),
    email_other: (t) => t('It is another email of the contact.'),
    email_ambiguous: (t) => t('Several contacts have this email; this is the one CiviCRM takes. Please check that it is the right one.'),
    email_similar: (t) => t('The contact’s email differs by an accent or the like. Please check that it is the same person.'),
    names_match: (t) => t('The contact has this email and this name.'),
    dedupe_rule: (t) => t('CiviCRM’s rule for duplicates (Unsupervised) finds this contact.'),
    chosen: (t) => t('A person decided so.'),
  },
  already_linked: {
    link_exists: (t) => t('The link was there before.'),
    link_trashed: (t) => t('The link was there before, but its contact is in the trash.'),
  },
  updated: { email_changed: (t) => t('The user’s email has changed.') },
  unlinked: { user_deleted: (t) => t('The user was deleted; the contact stays.') },
  ignored: {
    policy: (t) => t('This site’s settings do nothing here.'),
    stale_event: (t) => t('A later change of this user was handled already.'),
    not_linked: (t) => t('The user is not linked, so there is nothing to change.'),
    user_gone: (t) => t('The user was deleted meanwhile.'),
    left_alone: (t) => t('Somebody decided to leave this user alone.'),
    out_of_scope: (t) => t('This site’s settings leave users with this role or status out.'),
    email_unverified: (t) => t('A contact matches, but the user has not yet logged in and so not proved to own the email.'),
  },
  conflict: {
    name_held: (t, v) => t('This email is recorded in CiviCRM for {other}.', v),
    name_similar: (t, v) => t('An email that differs by an accent or the like is recorded in CiviCRM for {other}.', v),
    name_stale: (t, v) => t('This email is recorded in CiviCRM for {other}, who no longer exists.', v),
    email_held: (t, v) => t('The user’s new email is recorded in CiviCRM for {other}.', v),
    email_stale: (t, v) => t('The user’s new email is recorded in CiviCRM for {other}, who no longer exists.', v),
    several_contacts: (t) => t('Several contacts match, and this site wants a person to choose.'),
    similar_contact: (t) => t('A contact’s email differs by an accent or the like, and this site wants a person to decide.'),
    email_empty: (t) => t('The user has no email.'),
    email_invalid: (t) => t('The user’s email is not a valid address.'),
    email_too_long: (t) => t('The user’s email has more than 128 characters.'),
    name_too_long: (t) => t('A part of the user’s name has more than 64 characters.'),
    linked_twice: (t) => t('The user is linked to several contacts.'),
    link_broken: (t) => t('The user’s link names a contact that does not exist.'),
  },
  failed: {
    row_unreadable: (t) => t('The account could not be read from the site’s database.'),
    database: (t) => t('The database refused this user; the others are not affected.'),
  },
  skipped: {
    user_gone: (t) => t('The user was deleted while the run went on.'),
    left_alone: (t) => t('Somebody decided to leave this user alone.'),
    out_of_scope: (t) => t('This site’s settings leave users with this role or status out.'),
    email_unverified: (t) => t('A contact matches, but the user has not yet logged in and so not proved to own the email.'),
    policy: (t) => t('This site’s settings do nothing here.'),
    not_linked: (t) => t('The user is not linked, so there is nothing to change.'),
  },
  undone: { taken_back: (t) => t('What was written for this user is taken back.') },
  kept: {
    contact_changed: (t) => t('The contact was edited, merged or put in the trash since.'),
    contact_used: (t) => t('Something is recorded for the new contact by now, such as a contribution, an activity or a group.'),
    email_changed_since: (t) => t('The email in CiviCRM was changed, removed or used since.'),
    link_changed: (t) => t('The link was changed or removed since.'),
    row_missing: (t) => t('What would have to be changed back or linked again is no longer there.'),
    address_taken: (t) => t('The email or the contact stands on another link by now.'),
    decided_since: (t) => t('Somebody has decided anew about this user since.'),
    orphan_used: (t) => t('Somebody has used or edited this contact by now, so it is no orphan.'),
    email_elsewhere: (t) => t('The contact has the user’s email among its others. Which one is primary is for you to say.'),
    contact_shared: (t, v) => t('The contact is linked to {other} too. Please find out whose it is.', v),
    settled: (t) => t('There is nothing to mend any more.'),
  },
  repaired: {
    user_linked: (t) => t('The user is linked, to the contact that a synchronization takes.'),
    orphan_trashed: (t) => t('A synchronization had left this contact without a link, and nobody has used it. It goes to CiviCRM’s trash.'),
    link_removed: (t) => t('The link of a user or a contact that does not exist is removed.'),
    name_followed: (t) => t('The link is recorded under the user’s email again.'),
    email_followed: (t) => t('The contact’s primary email is the user’s again.'),
  },
};
// What keeps a user from being linked keeps a repair from mending it.
Object.assign(WHY.kept, WHY.conflict, WHY.skipped, { link_trashed: WHY.already_linked.link_trashed });

export function why(outcome, reason, values, t) {
  const sentence = WHY[outcome]?.[reason];
  return sentence ? sentence(t, values) : t('userlink gives a reason that this page does not know. Please update the plugin.');
}

export const isKnown = (outcome, reason) => Boolean(WHY[outcome]?.[reason]);

/** The sentence of a reason of the journal, which keeps no outcome; '' for one that is not known or needs more than the journal has. */
export function because(reason, t) {
  const sentences = Object.values(WHY).map((reasons) => reasons[reason]).filter(Boolean);
  const said = sentences.length > 0 ? sentences[0](t, {}) : '';
  return /[{}]/.test(said) ? '' : said;
}

/** Why a run is slower than it could be, by the sidecar's sentences. */
const SLOWED = {
  'the database server is busy': (t) => t('the database server is busy'),
  'the replica of the database is behind': (t) => t('the replica of the database is behind'),
  'others use the database server': (t) => t('others use the database server'),
};

/** Other words of the sidecar are shown as they are; a bare code of a newer one is not. */
export function slowed(said, t) {
  if (Object.hasOwn(SLOWED, said)) return SLOWED[said](t);
  return /^[a-z0-9_]+$/.test(said) ? t('the site is busy') : said;
}

/** Every pair of outcome and reason that has a sentence, for the test that holds this against the contract. */
export const known = () => Object.entries(WHY).flatMap(([outcome, reasons]) => Object.keys(reasons).map((reason) => `${outcome} ${reason}`));

/** A conflict in three sentences: what happened, what it means, what to do. v: email, other. */
const ADVICE = {
  name_held: {
    happened: (t, v) => t('CiviCRM has recorded {email} for {other}, who has an account here.', v),
    means: (t) => t('CiviCRM accepts an email for one user only, so this user cannot be linked. Nothing was written.'),
    todo: (t, v) => t('Open the account of {other}. If it has another email by now, save it once, and CiviCRM follows. If both accounts use this email, give one of them another, or delete the one that is not needed. Then make a new preview.', v),
  },
  name_similar: {
    happened: (t, v) => t('CiviCRM has recorded an email for {other} that the database holds equal to {email}. They differ by an accent or the like.', v),
    means: (t) => t('Two such emails can belong to two people. CiviCRM accepts only one of them, so this user cannot be linked. Nothing was written.'),
    todo: (t) => t('Find out whether it is the same person. If somebody registered with an email that looks like another person’s, be careful. Give one of the accounts another email, or leave this user alone.'),
  },
  name_stale: {
    happened: (t, v) => t('CiviCRM has recorded {email} for {other}, who no longer exists.', v),
    means: (t) => t('The old record blocks the email, so this user cannot be linked. Nothing was written.'),
    todo: (t, v) => t('Take over the old record: it is removed, and this user is linked. Or choose a contact yourself.'),
  },
  email_held: {
    happened: (t, v) => t('The user’s email was changed to {email}, which CiviCRM has recorded for {other}.', v),
    means: (t) => t('The link stays as it was: CiviCRM keeps this user’s old email.'),
    todo: (t) => t('Find out whose email it is, and correct the other account. Then make a new preview.'),
  },
  email_stale: {
    happened: (t, v) => t('The user’s email was changed to {email}, which CiviCRM has recorded for {other}, who no longer exists.', v),
    means: (t) => t('The link stays as it was: CiviCRM keeps this user’s old email.'),
    todo: (t) => t('Take over the old record: it is removed, and this user’s link follows the new email.'),
  },
  several_contacts: {
    happened: (t, v) => t('Several contacts in CiviCRM could be this user with {email}.', v),
    means: (t) => t('This site’s settings leave the choice to a person. Nothing was written.'),
    todo: (t) => t('Link the user to the right contact, or make a new one.'),
  },
  similar_contact: {
    happened: (t, v) => t('A contact in CiviCRM has an email that the database holds equal to {email}. They differ by an accent or the like.', v),
    means: (t) => t('Two such emails can belong to two people. This site’s settings leave the choice to a person. Nothing was written.'),
    todo: (t) => t('Find out whether it is the same person. Then link the user to that contact, or make a new one.'),
  },
  email_empty: {
    happened: (t) => t('The account has no email.'),
    means: (t) => t('Contacts are found by email, so this user cannot be linked. Nothing was written.'),
    todo: (t) => t('Enter an email in the user’s account. The link is then made by the next sync at the latest.'),
  },
  email_invalid: {
    happened: (t, v) => t('“{email}” is not a valid email.', v),
    means: (t) => t('Contacts are found by email, so this user cannot be linked. Nothing was written.'),
    todo: (t) => t('Correct the email in the user’s account. The link is then made by the next sync at the latest.'),
  },
  email_too_long: {
    happened: (t) => t('The account’s email has more than 128 characters.'),
    means: (t) => t('CiviCRM has no room for it in the link. Nothing was written.'),
    todo: (t) => t('Enter a shorter email in the user’s account. The link is then made by the next sync at the latest.'),
  },
  name_too_long: {
    happened: (t) => t('The user’s first, middle or last name has more than 64 characters.'),
    means: (t) => t('CiviCRM has no room for it in a contact. Nothing was written.'),
    todo: (t) => t('Shorten the name in the user’s account. Then make a new preview.'),
  },
  linked_twice: {
    happened: (t) => t('CiviCRM has recorded several contacts for this user.'),
    means: (t) => t('Nobody can tell which of them is the person, so their data may be divided. Nothing was written.'),
    todo: (t) => t('Find out which contact is the right one, and link the user to it. The other links are removed; the contacts stay.'),
  },
  link_broken: {
    happened: (t) => t('CiviCRM has recorded a contact for this user that does not exist.'),
    means: (t) => t('The user counts as linked but has no contact. Nothing was written.'),
    todo: (t) => t('Link the user to a contact, or make a new one. The broken record is removed.'),
  },
};

/** Of a user whom a person wants left alone: no conflict, but listed beside them. */
const ALONE = {
  happened: (t) => t('Somebody decided to leave this user alone.'),
  means: (t) => t('The user gets no link, and nobody is asked again.'),
  todo: () => '',
};

export function advice(reason, values, t) {
  const parts = reason === 'left_alone' ? ALONE : ADVICE[reason] ?? {
    happened: () => t('userlink gives a reason that this page does not know. Please update the plugin.'),
    means: () => t('Nothing was written for this user.'),
    todo: () => '',
  };
  return { happened: parts.happened(t, values), means: parts.means(t, values), todo: parts.todo(t, values) };
}

export const advised = () => Object.keys(ADVICE);
