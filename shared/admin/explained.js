// SPDX-License-Identifier: GPL-2.0-or-later
// An explanation of one user, in words: who it is, what a sync would do and by which rule, what was seen, what happened before.

const NONE = { links: [], candidates: [] };

export function who(page, { user, found, state = {} }) {
  const { el, t, email, link, address, foreign, explain, views } = page;
  if (found === false) {
    return el('p', {}, t('The site has no user with this number.'), ' ', state.deleted_at ? t.rich('The user was deleted {when}.', { when: views.time(page, state.deleted_at) }) : null);
  }
  const name = explain.fullName(user) || user.username || t('user {id}', { id: String(user.id) });
  return el('p', {}, link(address(page.links.user, user.id), foreign(name)), ' · ', user.email ? email(user.email) : t('no email'), user.username ? [' · ', foreign(user.username)] : null);
}

// ---- what a sync would do now

/** A decision with what its sentence speaks of: the holder of the email, where it is about that. */
function concerned({ user, seen: all }, { outcome, reason }) {
  return { outcome, reason, user_id: user.id, email: user.email, other_user_id: /^name_/.test(reason) ? all?.name_holder?.user_id ?? null : null };
}

export function decision(page, said, question) {
  const { el, t, reasons, items } = page;
  const item = concerned(said, said.decision);
  const known = reasons.isKnown(item.outcome, item.reason);
  const advice = item.outcome === 'conflict' && reasons.advice(item.reason, items.values(page, item), t.rich);
  return [
    el('p', {}, el('strong', {}, t('{what}:', { what: reasons.what(item.outcome, true, t) })), ' ',
      known ? reasons.why(item.outcome, item.reason, items.values(page, item), t.rich) : page.lookUp(said.sentence)),
    advice && advice.todo.length > 0 && el('p', {}, el('strong', {}, t('What to do:')), ' ', advice.todo),
    ...standing(page, said.state ?? {}),
    question,
  ].filter(Boolean);
}

/** What a person or the settings have decided about the user. */
function standing(page, state) {
  const { el, t, views } = page;
  return [
    state.left_alone_at && el('p', {}, t.rich('A person decided {when} to leave this user alone.', { when: views.time(page, state.left_alone_at) })),
    state.in_scope === false && el('p', {}, t('The site’s settings leave this user’s role or status out.')),
    state.verify_email === 'first_login' && el('p', {}, state.proved_at
      ? t.rich('The user proved to own the email {when}.', { when: views.time(page, state.proved_at) })
      : t('The user has not yet proved to own the email; that happens at the first login.')),
  ].filter(Boolean);
}

const EVENTS = {
  'user.registered': (t) => t('When the user registers'),
  'user.updated': (t) => t('When the account is saved'),
  'user.logged_in': (t) => t('When the user logs in'),
  'user.deleted': (t) => t('When the account is deleted'),
  'civicrm.transaction': (t) => t('When the user opens CiviCRM'),
  sync: (t) => t('In a synchronization'),
};

/** What each event of the site would cause now; null where the sidecar does not say. */
export function would(page, said) {
  const { t, reasons, items, table } = page;
  const shown = (said.would ?? []).filter(({ event }) => Object.hasOwn(EVENTS, event));
  if (shown.length === 0) return null;
  const list = table('', [t('When'), t('What'), t('Why')]);
  list.fill(shown.map((row) => [
    EVENTS[row.event](t), reasons.what(row.outcome, true, t),
    reasons.isKnown(row.outcome, row.reason) ? reasons.why(row.outcome, row.reason, items.values(page, concerned(said, row)), t.rich) : page.lookUp(row.sentence ?? ''),
  ]));
  return list.node;
}

// ---- what was seen

export function seen(page, { seen: all = NONE, found }) {
  const { el, t } = page;
  const lines = [
    ...(all.links ?? []).map((one) => linkLine(page, one)),
    all.name_holder && holderLine(page, all),
    all.trashed_contact && t.rich('{contact} has the email, but is in the trash.', { contact: contact(page, all.trashed_contact) }),
    ...(all.candidates ?? []).map((one) => candidateLine(page, one)),
  ].filter(Boolean);
  if (lines.length > 0) return el('ul', { class: 'userlink-checks' }, lines.map((line) => el('li', {}, line)));
  return el('p', {}, found === false ? t('There is no link of this user.') : t('There is no link of this user, and no contact with the email.'));
}

const contact = (page, id, name = '') => page.items.contact(page, { contact_id: id, contact_name: name });

function linkLine(page, one) {
  const { t, foreign } = page;
  const more = [one.contact_missing && t('That contact does not exist.'), one.trashed && t('That contact is in the trash.')].filter(Boolean).join(' ');
  return [t.rich('A link to {contact}, with the email {email}.', { contact: contact(page, one.contact_id), email: foreign(one.uf_name ?? '') }), ' ', more];
}

function holderLine(page, { name_holder: holder, holder_gone: gone }) {
  const { t, items } = page;
  const values = { other: gone ? t('user {id}', { id: String(holder.user_id) }) : items.userNumber(page, holder.user_id), contact: contact(page, holder.contact_id) };
  return gone ? t.rich('The email stands on the link of {other}, who no longer exists, to {contact}.', values) : t.rich('The email stands on the link of {other} to {contact}.', values);
}

const RULES = {
  email: (t) => t('found by the email'),
  email_and_names: (t) => t('found by the email and the names'),
  unsupervised: (t) => t('found by CiviCRM’s rule for duplicates'),
};

function candidateLine(page, one) {
  const { t, items } = page;
  const other = one.linked_to_user ? t.rich('it belongs to {other}', { other: items.userNumber(page, one.linked_to_user) }) : t('it is free');
  const by = one.similar ? t('its email is nearly the same') : one.primary ? t('the email is its primary one') : t('the email is one of its others');
  const rule = Object.hasOwn(RULES, one.rule ?? '') ? [', ', RULES[one.rule](t)] : '';
  return [contact(page, one.contact_id, one.name), ': ', by, ', ', other, rule, '.'];
}

// ---- what happened before

const CAUSES = {
  event: (t) => t('The site told of a change'),
  sync: (t) => t('Synchronization'),
  resolution: (t) => t('Decision'),
  repair: (t) => t('Repair'),
  undo: (t) => t('Undo'),
};

/** The journal, newest first: each cause with what it wrote. */
export function journal(page, { journal: lines = [] }) {
  const { el, t } = page;
  if (lines.length === 0) return el('p', {}, t('userlink has written nothing for this user.'));
  const causes = [];
  for (const line of lines) {
    const last = causes[causes.length - 1];
    if (last && cause(last[0]) === cause(line)) last.push(line);
    else causes.push([line]);
  }
  return el('ol', { class: 'userlink-journal' }, causes.map((group) => el('li', {}, entry(page, group))));
}

const cause = (line) => `${line.cause ?? ''} ${line.id ?? line.by ?? ''}`;

function entry(page, group) {
  const { el, t, button, dateTime, reasons } = page;
  const [line] = group;
  const what = Object.hasOwn(CAUSES, line.cause ?? '') ? CAUSES[line.cause](t) : t('Another run');
  const why = reasons.because(line.reason, t);
  const report = line.id && line.cause !== 'event' && button(t('Report'), () => page.open('history', { id: line.id }), { kind: 'linkButton', class: 'userlink-more', 'aria-label': t('Report of {when}', { when: dateTime(line.at) }) });
  return [
    el('p', {}, el('time', { datetime: line.at }, dateTime(line.at)), ' · ', what, why && [' · ', why], report && [' · ', report]),
    el('ul', { class: 'userlink-checks' }, group.map((one) => el('li', {}, change(page, one), one.undone && [' ', el('strong', {}, t('Taken back since.'))]))),
  ];
}

/** Columns of a row of the journal, which keeps them as JSON. */
function columns(row) {
  if (row !== null && typeof row === 'object') return row;
  try {
    return JSON.parse(row) ?? {};
  } catch {
    return {};
  }
}

const CHANGES = {
  'civicrm_contact insert': (t, v) => t.rich('The contact {contact} was created.', v),
  'civicrm_contact update': (t, v) => t.rich('The contact {contact} was changed.', v),
  'civicrm_contact delete': (t, v) => t.rich('The contact {contact} was removed.', v),
  'civicrm_email insert': (t, v) => t.rich('The email {new} was added to the contact.', v),
  'civicrm_email update': (t, v) => (v.old && v.new ? t.rich('The contact’s email was changed from {old} to {new}.', v) : t('The contact’s email was changed.')),
  'civicrm_email delete': (t, v) => t.rich('The email {old} was removed from the contact.', v),
  'civicrm_uf_match insert': (t, v) => t.rich('The link to {contact} was made.', v),
  'civicrm_uf_match update': (t, v) => (v.old && v.new ? t.rich('The link’s email was changed from {old} to {new}.', v) : t('The link was changed.')),
  'civicrm_uf_match delete': (t, v) => t.rich('The link to {contact} was removed.', v),
  'civicrm_log insert': (t) => t('The change was noted in CiviCRM’s change log.'),
  'civicrm_log delete': (t) => t('The note in CiviCRM’s change log was removed.'),
  'civicrm_group_contact insert': (t) => t('The contact was put into a group.'),
  'civicrm_group_contact delete': (t) => t('The contact was taken out of a group.'),
  'civicrm_subscription_history insert': (t) => t('The group’s history was written.'),
  'civicrm_subscription_history delete': (t) => t('The group’s history was put back.'),
};

function change(page, line) {
  const { t, foreign } = page;
  const before = columns(line.before);
  const after = columns(line.after);
  if (line.table === 'userlink_user') return alone(before, after) ?? otherChange();
  const id = line.table === 'civicrm_contact' ? line.row_id : after.contact_id ?? before.contact_id;
  const text = (row) => (row.uf_name ?? row.email ? foreign(String(row.uf_name ?? row.email)) : '');
  const values = { contact: id ? contact(page, id, after.display_name ?? before.display_name) : t('a contact'), old: text(before), new: text(after) };
  const key = `${line.table} ${line.change}`;
  return Object.hasOwn(CHANGES, key) ? CHANGES[key](t, values) : otherChange();

  function otherChange() {
    return t('Something else was changed: {table}, row {id}.', { table: String(line.table), id: String(line.row_id) });
  }

  function alone(was, is) {
    if (!was.left_alone_at && is.left_alone_at) return t('The user was left alone.');
    return was.left_alone_at && !is.left_alone_at ? t('The user was no longer left alone.') : null;
  }
}
