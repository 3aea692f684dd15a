// SPDX-License-Identifier: GPL-2.0-or-later
// The tab "Sync": at rest → preview → previewed → running → done. Whatever is under way is shown here, whoever began it.

const DISCARDED = 'userlink.discarded';

export class SyncTab {
  #page; #face; #work;

  constructor(page, root) {
    this.#page = page;
    this.#face = new page.face.Face(page, root);
    this.#work = new page.work.Work(page, this.#face, () => this.#load());
  }

  open({ acted = false } = {}) {
    if (acted) this.#face.act();
    this.#load();
  }

  close() {
    this.#face.close();
  }

  async #load() {
    const signal = this.#face.begin();
    const { call, modes } = this.#page;
    try {
      const status = await call('GET', '/v1/status', {}, null, signal);
      this.#page.status(status);
      if (status.job && !modes.ended(status.job)) return this.#work.follow(status.job, false);
      const { jobs } = await call('GET', '/v1/syncs', { limit: '10' }, null, signal);
      const open = jobs.find((job) => !modes.ended(job));
      if (open) return this.#work.follow(open, false);
      const preview = pending(jobs);
      return preview ? this.#work.previewed(preview, { outdated: decided(this.#page, jobs, preview), discard: () => remember(preview.job) }) : this.#rest(status);
    } catch (error) {
      return this.#face.fail(error, () => this.#load());
    }
  }

  #rest(status) {
    // What the notice above says just now need not be said twice.
    const last = status.last_apply?.job === this.#work.concluded ? null : status.last_apply;
    this.#face.show(this.#page.rest.rest(this.#page, { ...status, last_apply: last }, {
      preview: (outcome, event) => this.#work.start(event, '/v1/syncs', { mode: 'preview' }, outcome),
      conflicts: () => this.#page.open('conflicts'),
      history: (job) => this.#page.open('history', { job }),
      undo: (job) => this.#work.undoButton(job),
    }));
  }
}

/** The preview that waits for its second step: no run was begun since, and nobody has put it aside. */
function pending(jobs) {
  const last = jobs.find((job) => ['apply', 'undo', 'repair'].includes(job.mode) || (job.mode === 'preview' && job.state === 'done'));
  return last?.mode === 'preview' && last.job !== discarded() ? last : null;
}

/** A decision about one user does not make a preview worthless, but its numbers are no longer those of now. */
function decided(page, jobs, preview) {
  return jobs.slice(0, jobs.indexOf(preview)).some((job) => job.mode === 'resolution')
    ? page.t('Decisions about users were made since this preview. Make a new one to see what would happen now.') : '';
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
