// SPDX-License-Identifier: GPL-2.0-or-later
// The faces of the tab "Sync". Each gets what is known and what its buttons do, and answers its nodes.

const DAY = 86400000;
/** How much of the latest past the time left is judged by; older pace says nothing about now. */
const WINDOW = 30000;
/** Pause between two spoken progress messages: more would drown everything else. */
const SPOKEN = 15000;

/** How many users a run would touch. */
export const touched = (job) => job.linked + job.created + job.updated;

/** "user 5", as a link where the CMS gave one; nobody: the command line or a schedule. */
export function actor(page, id) {
  return id > 0 ? page.items.userNumber(page, id) : page.t('the command line');
}

// ---- at rest

/** open: {preview(outcome), conflicts(), history(job)} */
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
    el('p', {}, t.rich('Finished {when}, started by {who}.', { when: time(page, job.finished_at ?? job.created_at), who: actor(page, job.actor_user_id) }), ' ', job.message),
    page.actions(button(t('Report'), () => open.history(job))));
}

/** A moment, with "2 minutes ago" for the eye and the exact time for the pointer and for machines. */
export function time(page, iso) {
  return page.el('time', { datetime: iso, title: page.dateTime(iso) }, page.ago(iso, page.now()));
}

// ---- previewed

/** open: {apply(), discard(), preview()}; outcome: the list to show first. */
export function previewed(page, job, status, open, { outcome, signal }) {
  const { el, t, tn, heading, button, actions } = page;
  const n = touched(job);
  const age = el('p', { class: 'userlink-faint' });
  const stale = el('div', { role: 'status' });
  const buttons = actions(
    n > 0 && button(tn('Synchronize {n} user', 'Synchronize {n} users', n), (event) => open.apply(event), { kind: 'primary' }),
    button(n > 0 ? t('Discard') : t('Close'), () => open.discard()));
  const update = (now) => {
    age.replaceChildren(...tn.rich('This preview was made {when}, of {n} user. Nothing has been changed.', 'This preview was made {when}, of {n} users. Nothing has been changed.', job.total, { when: time(page, job.finished_at) }));
    const text = staleness(page, job, now);
    if (stale.dataset.text !== text) stale.replaceChildren(...(text ? [old(page, text, open)] : []));
    stale.dataset.text = text;
  };
  update(status);
  return {
    update,
    nodes: [
      heading(n > 0 ? t('Preview: what a synchronization would do') : t('Preview: there is nothing to do')),
      el('div', { class: 'userlink-about' }, age, stale),
      page.items.report(page, job, { outcome, actions: buttons, signal }),
    ],
  };
}

function old(page, text, open) {
  return page.notice('warning', page.el('p', {}, text), page.actions(page.button(page.t('Preview again'), (event) => open.preview('', event))));
}

function staleness(page, job, status) {
  const { t, tn } = page;
  if (status.users !== job.total) return tn('The preview is out of date: there is {n} user now, not {then}.', 'The preview is out of date: there are {n} users now, not {then}.', status.users, { then: job.total });
  if (page.now() - Date.parse(job.finished_at) > DAY) return t('The preview is more than a day old. Make a new one to see what would happen now.');
  return '';
}

// ---- running

/** open: {cancel(), list(job, outcome)}. Answers update(job), lost(code of the error, or ''). */
export function running(page, job, open, mine) {
  const { el, t, heading } = page;
  const preview = job.mode === 'preview';
  const bar = el('progress', { class: 'userlink-progress', 'aria-label': t('Progress') });
  const place = el('span', {});
  const left = el('span', {});
  const slow = el('p', { class: 'userlink-slow', hidden: true });
  const lost = el('p', { class: 'userlink-lost', role: 'status' });
  const counts = new page.items.Counts(page, job, (outcome) => open.list(job, outcome), { all: false });
  const cancel = cancelling(page, preview, open);
  const watch = watcher(page);

  function update(now) {
    job = now;
    if (now.total > 0 && now.state !== 'queued') Object.assign(bar, { max: now.total, value: now.checked });
    else bar.removeAttribute('value');
    place.textContent = where(page, now);
    const seconds = now.state === 'running' ? watch.left(now) : null;
    left.textContent = seconds === null ? '' : t('about {time} left', { time: page.duration(seconds) });
    slow.hidden = !now.slowed;
    slow.textContent = now.slowed ? t('Slowed down: {reason}', { reason: page.lookUp(now.slowed) }) : '';
    counts.update(now);
    cancel.update(now);
    watch.speak(`${place.textContent} ${left.textContent}`);
  }
  update(job);

  return {
    update,
    lost: (code) => {
      const text = code === '' ? '' : lostWords(t, code);
      if (lost.textContent !== text) lost.textContent = text;
    },
    nodes: [
      heading(preview ? t('The preview is being made') : t('The synchronization is running')),
      !mine && el('p', {}, t.rich('Started by {who}, {when}.', { who: actor(page, job.actor_user_id), when: time(page, job.started_at ?? job.created_at) })),
      bar, el('p', { class: 'userlink-where' }, place, left), counts.node, slow, lost,
      el('p', { class: 'userlink-faint' }, preview ? t('Nothing is changed by a preview.') : t('You can close this page; the run goes on.')),
      cancel.node,
    ],
  };
}

function lostWords(t, code) {
  return code === 'sidecar_unreachable'
    ? t('userlink does not answer; trying again. If the service was stopped, the run goes on where it was as soon as it is started again.')
    : t('The connection is lost; trying again. The run itself goes on on the server.');
}

function where(page, job) {
  if (job.state === 'queued') return page.t('Waiting for its turn …');
  if (job.state === 'cancelling') return page.t('Stopping after the users at hand …');
  return page.tn('{checked} of {n} user', '{checked} of {n} users', job.total, { checked: job.checked });
}

/** Keeps the pace of the last half minute, and says the progress aloud now and then. */
function watcher(page) {
  let samples = [];
  let spoken = Date.now();
  return {
    left(job) {
      const at = Date.now();
      samples = [...samples.filter((sample) => at - sample.at <= WINDOW), { at, checked: job.checked }];
      return page.text.timeLeft(samples, job.total);
    },
    speak(text) {
      if (Date.now() - spoken < SPOKEN) return;
      spoken = Date.now();
      page.announce(text);
    },
  };
}

/** Cancel, and for a run that writes a second step that says what it means. */
function cancelling(page, preview, open) {
  const { el, t, button, actions } = page;
  const ask = button(preview ? t('Cancel the preview') : t('Cancel'), (event) => (preview ? open.cancel(event) : step(true)));
  const yes = button(t('Yes, cancel the synchronization'), (event) => open.cancel(event));
  const no = button(t('No, go on'), () => step(false));
  const question = el('div', { role: 'group', class: 'userlink-question', hidden: true },
    el('p', {}, t('Cancel the synchronization? What was written stays, and every user handled so far is complete. The others stay as they are.')),
    actions(no, yes));
  const node = el('div', {}, actions(ask), question);

  function step(on) {
    question.hidden = !on;
    ask.hidden = on;
    (on ? no : ask).focus();
  }
  return { node, update: (job) => { node.hidden = job.state === 'cancelling'; } };
}
