// SPDX-License-Identifier: GPL-2.0-or-later
// The tab "Sync": at rest → preview → previewed → running → done. Which face is shown, and what its buttons do.

const FINAL = ['cancelled', 'done', 'failed'];
const POLL = 1000;
/** The first look comes early: a small site is done before a second has passed. */
const FIRST_POLL = 250;
const REFRESH = 60000;
const DISCARDED = 'userlink.discarded';

export class SyncTab {
  #page; #panel; #result; #said; #ways; #stop = new AbortController(); #acted = false; #trouble = ''; #failures = 0; #concluded = '';

  constructor(page, root) {
    this.#page = page;
    // The place of the sentence is there from the beginning: screen readers announce what changes in a place they know.
    this.#said = page.el('div', { role: 'status' });
    this.#ways = page.el('div', {});
    this.#result = page.el('div', { class: 'userlink-idle' }, this.#said, this.#ways);
    this.#panel = page.el('div', { class: 'userlink-face' }, page.el('p', {}, page.t('Loading …')));
    root.replaceChildren(this.#result, this.#panel);
  }

  open() {
    this.#load();
  }

  close() {
    this.#stop.abort();
  }

  /** Every face lives under its own signal; the next face ends its timers and calls. */
  #begin() {
    this.#stop.abort();
    this.#stop = new AbortController();
    return this.#stop.signal;
  }

  /** The focus goes to the new heading when the person did it, or when it would be lost with the old face. */
  #show(nodes) {
    const lost = this.#panel.contains(document.activeElement);
    this.#panel.replaceChildren(...nodes.flat().filter(Boolean));
    const first = this.#panel.querySelector('[tabindex="-1"]');
    if (lost || this.#acted) first?.focus();
    this.#acted = false;
    this.#trouble = '';
  }

  /** The notice above the face: how the last thing ended. */
  #say(kind, text = [], ways = null) {
    this.#concluded = '';
    this.#result.className = kind === '' ? 'userlink-idle' : this.#page.noticeClass(kind);
    this.#said.replaceChildren(...text.filter(Boolean).map((part) => this.#page.el('p', {}, part)));
    this.#ways.replaceChildren(...[ways].filter(Boolean));
    this.#ways.hidden = !ways;
  }

  // ---- what is there

  /** outcome: the list to open a preview with. */
  async #load(outcome = '') {
    const signal = this.#begin();
    const { call } = this.#page;
    try {
      const status = await call('GET', '/v1/status', {}, null, signal);
      this.#page.status(status);
      if (status.job && !FINAL.includes(status.job.state)) return this.#follow(status.job, false);
      const { jobs } = await call('GET', '/v1/syncs', { limit: '10' }, null, signal);
      const open = jobs.find((job) => !FINAL.includes(job.state));
      this.#failures = 0;
      if (open) return this.#follow(open, false);
      const preview = pending(jobs);
      return preview ? this.#previewed(preview, status, outcome) : this.#rest(status);
    } catch (error) {
      return this.#fail(error, () => this.#load());
    }
  }

  #rest(status) {
    this.#begin();
    // What the notice above says just now need not be said twice.
    const last = status.last_apply?.job === this.#concluded ? null : status.last_apply;
    this.#show(this.#page.views.rest(this.#page, { ...status, last_apply: last }, {
      preview: (outcome, event) => this.#start(event, outcome),
      conflicts: () => this.#page.open('conflicts'),
      history: (job) => this.#page.open('history', { job }),
    }));
  }

  #previewed(job, status, outcome) {
    const signal = this.#begin();
    const { views, call, repeat } = this.#page;
    const face = views.previewed(this.#page, job, status, {
      apply: (event) => this.#apply(event, job),
      discard: () => this.#discard(job),
      preview: (picked, event) => this.#start(event, picked),
    }, { outcome: outcome || undefined, signal });
    this.#show(face.nodes);
    // Its age and the number of users change while it is being read.
    repeat(async () => {
      if (!document.hidden) await call('GET', '/v1/status', {}, null, signal).then(face.update, () => {});
      return REFRESH;
    }, REFRESH, signal);
  }

  // ---- a run

  #follow(job, mine, outcome = '') {
    const signal = this.#begin();
    const { views, call, repeat } = this.#page;
    const face = views.running(this.#page, job, {
      cancel: (event) => this.#cancel(event, job),
      list: (now, picked) => this.#page.open('history', { job: now, outcome: picked }),
    }, mine);
    this.#show(face.nodes);
    let failures = 0;
    repeat(async () => {
      try {
        const now = await call('GET', `/v1/syncs/${job.job}`, {}, null, signal);
        failures = 0;
        face.lost('');
        if (FINAL.includes(now.state)) return this.#ended(now, outcome);
        face.update(now);
        return POLL;
      } catch (error) {
        failures += 1;
        return this.#interrupted(error, face, failures);
      }
    }, FIRST_POLL, signal);
  }

  /** A poll that fails loses nothing: the run is on the server, and the face stays. */
  #interrupted(error, face, failures) {
    if (this.#page.isAbort(error)) return null;
    if (this.#page.errors.passing(error.code)) {
      face.lost(error.code);
      return this.#page.backoff(failures);
    }
    this.#fail(error, () => this.#load());
    return null;
  }

  #ended(job, outcome) {
    this.#conclude(job);
    this.#load(outcome);
    return null;
  }

  #conclude(job) {
    const { t } = this.#page;
    const preview = job.mode === 'preview';
    if (job.state === 'done') {
      if (preview) this.#page.announce(t('The preview is ready.'));
      this.#say(...(preview ? [''] : ['success', [job.message], this.#waysOn(job)]));
    } else if (preview) {
      this.#say(job.state === 'failed' ? 'error' : 'info', job.state === 'failed'
        ? [t('The preview could not be made: {reason}', { reason: reason(this.#page, job) }), t('Nothing was changed.')]
        : [t('The preview was cancelled. Nothing was changed.')]);
    } else {
      this.#say(job.state === 'failed' ? 'error' : 'info', [...broken(this.#page, job), handled(this.#page, job)], this.#waysOn(job));
    }
    this.#concluded = job.job;
  }

  #waysOn(job) {
    const { t, button, actions, address, link, look, join } = this.#page;
    const href = job.created > 0 ? address(this.#page.links.changelog) : '';
    const search = href && link(href, t('Find the new contacts in CiviCRM'));
    if (search) search.className = join('userlink-button', look.button);
    return actions(button(t('Report'), () => this.#page.open('history', { job })), search);
  }

  // ---- what the buttons do

  #start(event, outcome) {
    this.#press(event, async (signal) => {
      const job = await this.#page.call('POST', '/v1/syncs', {}, { mode: 'preview' }, signal);
      this.#say('');
      this.#follow(job, true, outcome);
    });
  }

  #apply(event, preview) {
    this.#press(event, async (signal) => {
      const job = await this.#page.call('POST', `/v1/syncs/${preview.job}/apply`, {}, null, signal);
      this.#say('');
      this.#follow(job, true);
    });
  }

  #cancel(event, job) {
    this.#press(event, async (signal) => {
      const now = await this.#page.call('POST', `/v1/syncs/${job.job}/cancel`, {}, null, signal);
      if (FINAL.includes(now.state)) this.#ended(now, '');
      else this.#follow(now, true);
    });
  }

  #discard(job) {
    remember(job.job);
    this.#acted = true;
    this.#say('');
    this.#load();
  }

  /** One press is one call. When it fails the face stays, and the notice above says why. */
  async #press(event, work) {
    const pressed = event.currentTarget;
    if (pressed.getAttribute('aria-disabled') === 'true') return;
    pressed.setAttribute('aria-disabled', 'true');
    this.#acted = true;
    try {
      await work(this.#stop.signal);
    } catch (error) {
      if (!this.#page.isAbort(error)) this.#refused(error);
    } finally {
      this.#acted = false;
      pressed.removeAttribute('aria-disabled');
    }
  }

  #refused(error) {
    const { t } = this.#page;
    const job = error.code === 'sync_running' ? error.body?.job : null;
    if (job) {
      this.#say('info', [t('A run is under way already. Only one at a time is possible, so yours was not started; you can watch this one.')]);
      return this.#follow(job, false);
    }
    this.#say('');
    this.#result.className = '';
    this.#ways.replaceChildren(this.#page.problem(error, null));
    this.#ways.hidden = false;
    return this.#ways.querySelector('.userlink-title').focus();
  }

  // ---- errors of the page itself

  #fail(error, again) {
    if (this.#page.isAbort(error)) return;
    const signal = this.#begin();
    const retry = () => {
      this.#acted = true;
      again();
    };
    this.#failures += 1;
    // The same trouble again is no news: a screen reader should not hear it at every attempt of ours.
    if (this.#trouble !== error.code || this.#acted) this.#show([this.#page.problem(error, retry)]);
    this.#trouble = error.code;
    const tried = this.#panel.querySelector('.userlink-tried');
    if (tried) tried.textContent = this.#page.t('This page tries again by itself. Last attempt: {time}', { time: this.#page.clock(Date.now()) });
    if (this.#page.errors.passing(error.code)) {
      this.#page.repeat(async () => {
        again();
        return null;
      }, this.#page.backoff(this.#failures + 1), signal);
    }
  }
}

/** The preview that waits for its second step: no run was begun since, and nobody has put it aside. */
function pending(jobs) {
  const last = jobs.find((job) => job.mode === 'apply' || job.state === 'done');
  return last?.mode === 'preview' && last.job !== discarded() ? last : null;
}

function broken(page, job) {
  if (job.state === 'cancelled') return [page.t('The synchronization was cancelled.')];
  return [page.t('The synchronization stopped: {reason}', { reason: reason(page, job) })];
}

/** What a run that did not come to its end leaves behind. */
function handled(page, job) {
  return page.tn('{checked} of {n} user was handled. What was written is complete: nobody is half linked, and nothing has to be cleaned up. A new preview shows what is left.',
    '{checked} of {n} users were handled. What was written is complete: nobody is half linked, and nothing has to be cleaned up. A new preview shows what is left.', job.total, { checked: job.checked });
}

function reason(page, job) {
  return job.error ? page.lookUp(job.error) : page.t('the log says why.');
}

// A discarded preview stays in the history; this browser only remembers not to show it first. Private windows may refuse to.
function remember(id) {
  try {
    localStorage.setItem(DISCARDED, id);
  } catch { /* then it is shown again after a reload, which harms nobody */ }
}

function discarded() {
  try {
    return localStorage.getItem(DISCARDED);
  } catch {
    return null;
  }
}
