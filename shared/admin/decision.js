// SPDX-License-Identifier: GPL-2.0-or-later
// One conflict: what happened, what can be chosen, and after [Save] what was done. Only what the sidecar offers is offered.

/** An id of MySQL's unsigned int: what can be a contact. */
const NUMBER = /^[1-9][0-9]{0,9}$/;

/** For each choice that this page has words for, its options: [{label, hint, body, field}]. */
const OPTIONS = {
  link: linkOptions,
  create: ({ t }) => [{ label: t('Create a new contact and link it') }],
  take_over: (page, row) => [{ label: page.t.rich('Remove the record of {other}, and link this user', { other: page.items.otherUser(page, row) }), hint: page.t('To the same contact if it is free and has the email, else as a sync would.') }],
  leave_alone: ({ t }) => [{ label: t('Leave this user alone'), hint: t('No link and no question until you ask for it again, under “Left alone”.') }],
  reconsider: ({ t }) => [{ label: t('No longer leave this user alone'), hint: t('The next sync looks at the user again.') }],
};

function linkOptions(page, row) {
  const { t } = page;
  const known = (row.candidates ?? []).map((each) => ({
    label: t.rich('Link to {contact}', { contact: page.items.contact(page, { contact_id: each.contact_id, contact_name: each.name }) }),
    hint: candidateHint(page, each, row), body: { contact_id: each.contact_id },
  }));
  return [...known, { label: known.length > 0 ? t('Link to another contact') : t('Link to a contact that exists'), field: true }];
}

function candidateHint(page, each, row) {
  const { t } = page;
  const others = each.linked_to_user && each.linked_to_user !== row.user_id;
  // Such a contact is offered because that user is gone; the old link makes room.
  if (others && each.linked_to_user === row.other_user_id) return t.rich('It belongs to {other}, who no longer exists; that link is removed.', { other: page.items.otherUser(page, row) });
  if (others) return t.rich('It belongs to {other}.', { other: page.items.userNumber(page, each.linked_to_user) });
  return each.primary ? t('The email is its primary one.') : t('The email is one of its others.');
}

/**
 * The question about a user, and in its place what was done. row: of a conflict, or of an explanation that has choices.
 * face, work: of the tab. settled(): it was decided; again(): looks anew at what can be chosen. null where nothing can be.
 */
export function ask(page, row, { face, work, settled = () => {}, again }) {
  const { el, t, call, problem, button, actions } = page;
  const trouble = el('div', { class: 'userlink-trouble' });
  // One decision is one call; what came of it, good or bad, is said in its place.
  const save = (event, choice) => face.press(event, async (signal) => {
    trouble.replaceChildren();
    const answer = await call('POST', `/v1/conflicts/${row.user_id}/resolve`, {}, choice, signal);
    const said = el('p', { tabindex: '-1' }, done(page, row, choice.resolution, answer));
    const undo = answer.job && button(t('Undo'), (pressed) => work.undo(pressed, answer.job), { 'aria-label': t('Undo the decision about user {id}', { id: String(row.user_id) }) });
    settled();
    node.replaceChildren(...[said, actions(undo)].filter(Boolean));
    said.focus();
    // The tab's name says how many are left.
    call('GET', '/v1/status', {}, null, signal).then(page.status, () => {});
  }, (error) => {
    trouble.replaceChildren(problem(error, again));
    trouble.querySelector('.userlink-title').focus();
    return true;
  });
  const choices = form(page, row, save);
  const node = el('div', { class: 'userlink-decision' }, choices, trouble);
  return choices && node;
}

/** save(event, {resolution, contact_id}) */
function form(page, row, save) {
  const { el, t, button, actions } = page;
  const options = (row.choices ?? []).filter((choice) => Object.hasOwn(OPTIONS, choice)).flatMap((choice) => OPTIONS[choice](page, row).map((option) => ({ choice, ...option })));
  if (options.length === 0) return null;
  const complaint = el('p', { class: 'userlink-complaint', role: 'alert' });
  const inputs = options.map((option, i) => input(page, row, option, i));
  const press = async (event) => {
    const picked = inputs.find((each) => each.radio.checked);
    const wrong = !picked ? t('Choose one of these first.') : picked.wrong();
    complaint.textContent = wrong;
    if (wrong) return (picked?.number ?? inputs[0].radio).focus();
    return save(event, picked.body());
  };
  const more = row.choices.some((choice) => !Object.hasOwn(OPTIONS, choice));
  return el('fieldset', { class: 'userlink-choices' },
    el('legend', {}, t('What should be done?')), inputs.map((each) => each.node),
    more && el('p', { class: 'userlink-faint' }, t('userlink offers more than this page knows. Please update the plugin.')),
    complaint, actions(button(t('Save'), press, { 'aria-label': t('Save the decision about user {id}', { id: String(row.user_id) }) })));
}

function input(page, row, { choice, label, hint, body = {}, field = false }, i) {
  const { el, t, look } = page;
  const id = `userlink-choice-${row.user_id}-${i}`;
  const radio = el('input', { type: 'radio', id, name: `userlink-choice-${row.user_id}`, 'aria-describedby': hint ? `${id}-hint` : null });
  const number = field && el('input', {
    type: 'text', inputmode: 'numeric', class: look.input, autocomplete: 'off', 'aria-label': t('Contact number'), 'aria-describedby': `${id}-hint`, size: '10', maxlength: '10',
    oninput: () => { radio.checked = true; }, onfocus: () => { radio.checked = true; },
  });
  const said = field ? t('The number stands in the address of the contact’s page in CiviCRM, behind “cid=”.') : hint;
  return {
    radio, number,
    node: el('div', { class: 'userlink-choice' }, radio, el('div', {}, el('label', { for: id }, label), number && [' ', number], said && el('p', { id: `${id}-hint` }, said))),
    wrong: () => (field && !NUMBER.test(number.value.trim()) ? t('Enter the number of the contact.') : ''),
    body: () => ({ resolution: choice, ...body, ...(field ? { contact_id: Number(number.value.trim()) } : {}) }),
  };
}

/** What a decision did, as nodes of a sentence. answer: of the sidecar. */
function done(page, row, resolution, answer) {
  const { t, reasons, items } = page;
  const values = { user: page.foreign(nameOf(page, row)), contact: answer.contact_id ? items.contact(page, { contact_id: answer.contact_id, contact_name: nameOfContact(row, answer.contact_id) }) : '' };
  if (resolution === 'leave_alone' && answer.outcome !== 'conflict') return t.rich('{user} is left alone from now on.', values);
  if (answer.outcome === 'created') return t.rich('{user} is linked to a new contact: {contact}.', values);
  if (['linked', 'updated', 'already_linked'].includes(answer.outcome) && answer.contact_id) return t.rich('{user} is linked to {contact}.', values);
  if (resolution === 'reconsider') return t.rich('{user} is no longer left alone. The next sync looks at the user again.', values);
  return t.rich('{user}: {what}. {why}', { ...values, what: reasons.what(answer.outcome, false, t), why: reasons.why(answer.outcome, answer.reason, { email: row.email ?? '', other: items.otherUser(page, row) }, t) });
}

export const nameOf = (page, row) => row.name || row.username || page.t('user {id}', { id: String(row.user_id) });

const nameOfContact = (row, id) => (row.candidates ?? []).find((each) => each.contact_id === id)?.name ?? (row.contact_id === id ? row.contact_name : '');
