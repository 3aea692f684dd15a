// SPDX-License-Identifier: GPL-2.0-or-later
// One piece of work in a tab, from the press to its end: preview → what it would do → second step → run → how it ended.
// A sync, an undo and a repair go the same way; modes.js has their words.

const POLL = 1000;
/** The first look comes early: a small site is done before a second has passed. */
const FIRST_POLL = 250;
/** A run that waits for a person need not be asked after so often. */
const PAUSED_POLL = 5000;
const REFRESH = 60000;

export class Work {
  #page; #face; #home;

  /** The job that the notice speaks of just now. */
  concluded = '';

  /** face: where it is shown. home(): shows the tab as it is when nothing is under way. */
  constructor(page, face, home) {
    this.#page = page;
    this.#face = face;
    this.#home = home;
  }

  /** A press that begins a job. outcome: the list to open its preview with. */
  start(event, path, body, outcome = '') {
    return this.#face.press(event, async (signal) => {
      const job = await this.#page.call('POST', path, {}, body, signal);
      this.clear();
      this.follow(job, true, outcome);
    }, (error) => this.#refused(error));
  }

  /** An undo begins with its preview. */
  undo(event, job) {
    return this.start(event, `/v1/syncs/${job.job}/undo`, { mode: 'preview' });
  }

  clear() {
    this.concluded = '';
    this.#face.say('');
  }

  /** mine: the person at this page began it. */
  follow(job, mine, outcome = '') {
    const signal = this.#face.begin();
    const { views, call, repeat, modes } = this.#page;
    const shown = views.running(this.#page, job, {
      cancel: (event) => this.#order(event, job, 'cancel', (now) => this.follow(now, true, outcome)),
      pause: (event) => this.#order(event, job, 'pause', shown.update),
      resume: (event) => this.#order(event, job, 'resume', shown.update),
      list: (now, picked) => this.#page.open('history', { job: now, outcome: picked }),
    }, mine);
    this.#face.show(shown.nodes);
    let failures = 0;
    repeat(async () => {
      try {
        const now = await call('GET', `/v1/syncs/${job.job}`, {}, null, signal);
        failures = 0;
        shown.lost('');
        if (modes.ended(now)) return this.#ended(now, outcome);
        shown.update(now);
        return now.state === 'paused' ? PAUSED_POLL : POLL;
      } catch (error) {
        failures += 1;
        return this.#interrupted(error, shown, failures);
      }
    }, FIRST_POLL, signal);
  }

  /** A poll that fails loses nothing: the run is on the server, and what is shown stays. */
  #interrupted(error, shown, failures) {
    if (this.#page.isAbort(error)) return null;
    if (this.#page.errors.passing(error.code)) {
      shown.lost(error.code);
      return this.#page.backoff(failures);
    }
    this.#face.fail(error, () => this.#home());
    return null;
  }

  #order(event, job, verb, then) {
    return this.#face.press(event, async (signal) => {
      const now = await this.#page.call('POST', `/v1/syncs/${job.job}/${verb}`, {}, null, signal);
      if (this.#page.modes.ended(now)) this.#ended(now, '');
      else then(now);
    });
  }

  #ended(job, outcome) {
    const { modes, announce, t } = this.#page;
    if (job.state === 'done' && modes.isPreview(job)) {
      this.clear();
      announce(t('The preview is ready.'));
      this.previewed(job, { outcome });
    } else {
      this.#conclude(job);
      this.#home();
    }
    return null;
  }

  /** What the preview found, and the second step. outdated: what is known to have happened since; discard: what else it means. */
  previewed(job, { outcome = '', outdated = '', discard = () => {} } = {}) {
    const signal = this.#face.begin();
    const { views, call, repeat, status } = this.#page;
    const shown = views.previewed(this.#page, job, {
      apply: (event) => this.start(event, `/v1/syncs/${job.job}/apply`, null),
      discard: () => {
        discard();
        this.#face.act();
        this.clear();
        this.#home();
      },
      preview: job.mode === 'preview' ? (event) => this.start(event, '/v1/syncs', { mode: 'preview' }) : null,
    }, { outcome: outcome || undefined, outdated, signal });
    this.#face.show(shown.nodes);
    // Its age and the number of users change while it is being read.
    repeat(async () => {
      if (!document.hidden) {
        await call('GET', '/v1/status', {}, null, signal).then((now) => {
          status(now);
          shown.update(now);
        }, () => {});
      }
      return REFRESH;
    }, 0, signal);
  }

  // ---- how it ended

  #conclude(job) {
    const { t, modes } = this.#page;
    const kind = { done: 'success', failed: 'error' }[job.state] ?? 'info';
    if (modes.isPreview(job)) {
      this.#face.say(kind, job.state === 'failed'
        ? [t('The preview could not be made: {reason}', { reason: this.#reason(job) }), t('Nothing was changed.')]
        : [t('The preview was cancelled. Nothing was changed.')]);
    } else {
      this.#face.say(kind, job.state === 'done' ? [job.message] : [this.#broken(job), this.#handled(job)], this.#ways(job));
    }
    this.concluded = job.job;
  }

  #broken(job) {
    const words = this.#page.modes.about(job);
    return job.state === 'cancelled' ? words.cancelled(this.#page.t) : words.stopped(this.#page.t, this.#reason(job));
  }

  /** What a run that did not come to its end leaves behind. */
  #handled(job) {
    const { units, tn, t } = this.#page;
    return [units.unit(job).handled(tn, job.total, job.checked), t('What was written is complete: nobody is half linked, and nothing has to be cleaned up. A new preview shows what is left.')].join(' ');
  }

  #reason(job) {
    return job.error ? this.#page.lookUp(job.error) : this.#page.t('the log says why.');
  }

  #ways(job) {
    const { t, button, actions, address, link, look, join } = this.#page;
    const href = job.created > 0 ? address(this.#page.links.changelog) : '';
    const search = href && link(href, t('Find the new contacts in CiviCRM'));
    if (search) search.className = join('userlink-button', look.button);
    return actions(button(t('Report'), () => this.#page.open('history', { job })), this.undoButton(job), search);
  }

  /** "Undo", where there is something to take back. */
  undoButton(job, props = {}) {
    const { modes, button, t } = this.#page;
    return modes.undoable(job) && button(job.mode === 'undo' ? t('Redo') : t('Undo'), (event) => this.undo(event, job), props);
  }

  #refused(error) {
    const job = error.code === 'sync_running' ? error.body?.job : null;
    if (!job) return false;
    this.#face.say('info', [this.#page.t('A run is under way already. Only one at a time is possible, so yours was not started; you can watch this one.')]);
    this.follow(job, false);
    return true;
  }
}
