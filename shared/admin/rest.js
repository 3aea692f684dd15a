// SPDX-License-Identifier: GPL-2.0-or-later
// The tab "Sync" at rest: how the site stands, and how the last synchronization ended.

/** open: {preview(outcome, event), conflicts(), history(job), undo(job): the button} */
export function rest(page, status, open) {
  const { el, t, heading, button, actions } = page;
  const face = standing(page, status);
  return [
    heading(face.title),
    status.users > 0 && numbers(page, status, open),
    el('p', {}, face.text),
    status.users > 0 && actions(button(t('Preview'), (event) => open.preview('', event), { kind: status.not_linked > status.conflicts ? 'primary' : 'button' }),
      el('span', { class: 'userlink-faint' }, t('Nothing is changed by a preview.'))),
    status.last_apply && lastRun(page, status.last_apply, open),
  ];
}

function standing(page, { users, linked, not_linked: open, conflicts }) {
  const { t, tn } = page;
  if (users === 0) return { title: t('There are no users yet'), text: t('When there are some, this page shows how many of them are linked to a contact.') };
  if (linked === users) return { title: t('Every user is linked'), text: t('There is nothing to do. A preview checks it once more, emails that have changed included.') };
  // Users who need a decision are mostly among those not linked, but a linked one may be too: so no sum is made up here.
  if (open <= conflicts) return { title: tn('{n} user needs your decision', '{n} users need your decision', conflicts), text: t('The tab “Conflicts” says what happened and what to do. A preview shows whether anything else is left.') };
  return { title: tn('{n} user is not linked yet', '{n} users are not linked yet', open), text: t('A preview shows for every user what a synchronization would do.') };
}

/** Every number opens its list. The lists of linked users come with a preview, so those numbers begin one. */
function numbers(page, status, open) {
  const { el, t, tn, number } = page;
  const tile = (n, words, click, hint) => el('li', {}, n > 0
    ? el('button', { type: 'button', class: 'userlink-tile', onclick: click, title: hint }, words)
    : el('span', { class: 'userlink-tile' }, words));
  const bold = (n) => ({ n: el('strong', {}, number(n)) });
  const hint = t('Makes a preview, which changes nothing, and shows the list');
  return el('ul', { class: 'userlink-tiles' },
    tile(status.users, tn.rich('{n} user', '{n} users', status.users, bold(status.users)), (event) => open.preview('', event), hint),
    tile(status.linked, t.rich('{n} linked', bold(status.linked)), (event) => open.preview('already_linked', event), hint),
    tile(status.not_linked, t.rich('{n} not linked yet', bold(status.not_linked)), (event) => open.preview('', event), hint),
    tile(status.conflicts, tn.rich('{n} needs you', '{n} need you', status.conflicts, bold(status.conflicts)), () => open.conflicts(), null));
}

function lastRun(page, job, open) {
  const { el, t, button } = page;
  return el('section', { class: 'userlink-last' },
    el('h3', { class: 'userlink-title' }, t('The last synchronization')),
    el('p', {}, t.rich('Finished {when}, started by {who}.', { when: page.views.time(page, job.finished_at ?? job.created_at), who: page.views.actor(page, job.actor_user_id) }), ' ', job.message, job.undone_by ? [' ', t('It was taken back since.')] : null),
    page.actions(button(t('Report'), () => open.history(job)), !job.undone_by && open.undo(job)));
}
