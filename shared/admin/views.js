// SPDX-License-Identifier: GPL-2.0-or-later
// A job on its way and a preview that waits: of a sync, an undo or a repair alike. Each gets what is known and what its
// buttons do, and answers its nodes.

const DAY = 86400000;
/** How much of the latest past the time left is judged by; older pace says nothing about now. */
const WINDOW = 30000;
/** Pause between two spoken progress messages: more would drown everything else. */
const SPOKEN = 15000;

/** "user 5", as a link where the CMS gave one; nobody: the command line or a schedule. */
export function actor(page, id) {
  return id > 0 ? page.items.userNumber(page, id) : page.t('the command line');
}

/** A moment, with "2 minutes ago" for the eye and the exact time for the pointer and for machines. */
export function time(page, iso) {
  return page.el('time', { datetime: iso, title: page.dateTime(iso) }, page.ago(iso, page.now()));
}

// ---- previewed

/**
 * open: {apply(event), discard(), preview(event) or null}; outcome: the list to show first; outdated: why its numbers are
 * no longer true, as far as it is known. Answers update(status).
 */
export function previewed(page, job, open, { outcome, outdated, signal }) {
  const { el, t, tn, modes, heading, button, actions } = page;
  const n = modes.touched(job);
  const words = modes.about(job);
  const age = el('p', { class: 'userlink-faint' });
  const stale = el('div', { role: 'status' });
  const buttons = actions(
    n > 0 && button(words.apply(tn, n), (event) => open.apply(event), { kind: 'primary' }),
    button(n > 0 ? t('Discard') : t('Close'), () => open.discard()));
  const update = (status) => {
    age.replaceChildren(...page.units.unit(job).made(tn.rich, job.total, time(page, job.finished_at)));
    const text = outdated || staleness(page, job, status);
    if (stale.dataset.text !== text) stale.replaceChildren(...(text ? [old(page, text, open)] : []));
    stale.dataset.text = text;
  };
  update(null);
  return {
    update,
    nodes: [
      heading(n > 0 ? words.previewed(t) : t('Preview: there is nothing to do')),
      el('div', { class: 'userlink-about' }, age, stale),
      page.items.report(page, job, { outcome, actions: buttons, signal }),
    ],
  };
}

function old(page, text, open) {
  return page.notice('warning', page.el('p', {}, text), open.preview && page.actions(page.button(page.t('Preview again'), (event) => open.preview(event))));
}

/** Only a sync is of all users. */
function staleness(page, job, status) {
  const { t, tn } = page;
  if (job.mode === 'preview' && status && status.users !== job.total) return tn('The preview is out of date: there is {n} user now, not {then}.', 'The preview is out of date: there are {n} users now, not {then}.', status.users, { then: job.total });
  if (page.now() - Date.parse(job.finished_at) > DAY) return t('The preview is more than a day old. Make a new one to see what would happen now.');
  return '';
}

// ---- under way

/** open: {cancel, pause, resume (event), list(job, outcome)}. Answers update(job), lost(code of the error, or ''). */
export function running(page, job, open, mine) {
  const { el, t, heading, modes } = page;
  const preview = modes.isPreview(job);
  const title = heading(modes.underWay(job, t));
  const bar = el('progress', { class: 'userlink-progress', 'aria-label': t('Progress') });
  const place = el('span', {});
  const left = el('span', {});
  const slow = el('p', { class: 'userlink-slow', hidden: true });
  const hint = el('p', { class: 'userlink-faint' });
  const lost = el('p', { class: 'userlink-lost', role: 'status' });
  const counts = new page.items.Counts(page, job, (outcome) => open.list(job, outcome), { all: false });
  const orders = ordering(page, preview, open);
  const watch = watcher(page, job.state);

  function update(now) {
    job = now;
    write(title, modes.underWay(now, t));
    if (now.total > 0 && now.state !== 'queued') Object.assign(bar, { max: now.total, value: now.checked });
    else bar.removeAttribute('value');
    place.textContent = where(page, now);
    const seconds = watch.left(now);
    left.textContent = seconds === null ? '' : t('about {time} left', { time: page.duration(seconds) });
    slow.hidden = !now.slowed || now.state !== 'running';
    write(slow, now.slowed ? t('Slowed down: {reason}', { reason: page.reasons.slowed(now.slowed, t) }) : '');
    write(hint, now.state === 'paused' ? t('You can close this page; the run keeps its place until somebody resumes or cancels it.')
      : preview ? t('Nothing is changed by a preview.') : t('You can close this page; the run goes on.'));
    counts.update(now);
    orders.update(now);
    watch.speak(now.state, `${place.textContent} ${left.textContent}`);
  }
  update(job);

  return {
    update,
    lost: (code) => write(lost, code === '' ? '' : lostWords(t, code)),
    nodes: [
      title,
      !mine && el('p', {}, t.rich('Started by {who}, {when}.', { who: actor(page, job.actor_user_id), when: time(page, job.started_at ?? job.created_at) })),
      bar, el('p', { class: 'userlink-where' }, place, left), counts.node, slow, lost,
      hint,
      orders.node,
    ],
  };
}

/** Only when it changed: what is being read or listened to must not be replaced by the same. */
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function lostWords(t, code) {
  return code === 'sidecar_unreachable'
    ? t('userlink does not answer; trying again. If the service was stopped, the run goes on where it was as soon as it is started again.')
    : t('The connection is lost; trying again. The run itself goes on on the server.');
}

function where(page, job) {
  if (job.state === 'queued') return page.t('Waiting for its turn …');
  if (job.state === 'cancelling') return page.t('Stopping after the users at hand …');
  return page.units.unit(job).progress(page.tn, job.total, job.checked);
}

/** Keeps the pace of the last half minute, and says the progress aloud now and then, a new state at once. */
function watcher(page, before) {
  let samples = [];
  let spoken = Date.now();
  let state = before;
  return {
    /** Seconds, or null. A run that waits or is held back has no pace to judge by; afterwards it is watched anew. */
    left(job) {
      if (job.state !== 'running' || job.slowed) {
        samples = [];
        return null;
      }
      const at = Date.now();
      samples = [...samples.filter((sample) => at - sample.at <= WINDOW), { at, checked: job.checked }];
      return page.text.timeLeft(samples, job.total);
    },
    speak(now, text) {
      const turned = now !== state && (now === 'paused' || state === 'paused');
      if (!turned && Date.now() - spoken < SPOKEN) return;
      spoken = Date.now();
      state = now;
      page.announce(turned ? [now === 'paused' ? page.t('Paused.') : page.t('Going on.'), text].join(' ') : text);
    },
  };
}

/** Pause and Resume, and Cancel, which for a run that writes has a second step that says what it means. */
function ordering(page, preview, open) {
  const { el, t, button, actions } = page;
  let paused = false;
  const hold = button('', (event) => (paused ? open.resume(event) : open.pause(event)));
  const ask = button(preview ? t('Cancel the preview') : t('Cancel'), (event) => (preview ? open.cancel(event) : step(true)));
  const yes = button(t('Yes, cancel the run'), (event) => open.cancel(event));
  const no = button(t('No, go on'), () => step(false));
  const question = el('div', { role: 'group', class: 'userlink-question', hidden: true },
    el('p', {}, t('Cancel the run? What was written stays, and every user handled so far is complete. The others stay as they are.')),
    actions(no, yes));
  const node = el('div', {}, actions(hold, ask), question);

  function step(on) {
    question.hidden = !on;
    ask.parentNode.hidden = on;
    (on ? no : ask).focus();
  }
  return {
    node,
    update: (job) => {
      node.hidden = job.state === 'cancelling';
      paused = job.state === 'paused';
      hold.hidden = !['running', 'queued', 'paused'].includes(job.state);
      write(hold, paused ? t('Resume') : t('Pause'));
    },
  };
}
