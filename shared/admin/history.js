// SPDX-License-Identifier: GPL-2.0-or-later
// The tab "History": every preview and run, newest first, and the report of each.

const PAGE = 20;

export class HistoryTab {
  #page; #root; #stop = new AbortController();

  constructor(page, root) {
    this.#page = page;
    this.#root = root;
  }

  /** With a job: its report, opened at `outcome`. */
  open({ acted = false, job = null, outcome } = {}) {
    this.close();
    this.#stop = new AbortController();
    return job ? this.#report(job, outcome, acted) : this.#all(acted);
  }

  close() {
    this.#stop.abort();
  }

  #show(acted, ...nodes) {
    this.#root.replaceChildren(...nodes.filter(Boolean));
    if (acted) this.#root.querySelector('[tabindex="-1"]')?.focus();
  }

  async #all(acted) {
    const { el, t, call, button, heading, table } = this.#page;
    const { signal } = this.#stop;
    if (this.#root.childElementCount === 0) this.#root.replaceChildren(el('p', {}, t('Loading …')));
    const list = table(t('All previews and synchronizations'), [t('Started'), t('What'), t('By'), t('Result'), t('Report')]);
    const rows = [];
    const walk = this.#page.list.pages(async (query) => {
      const answer = await call('GET', '/v1/syncs', query, null, signal);
      return { rows: answer.jobs, next_after: answer.next_after };
    });
    const older = button(t('Show older ones'), () => more().catch((error) => this.#fail(error, true)));
    const more = async () => {
      rows.push(...await walk.next(PAGE));
      list.fill(rows.map((job) => this.#row(job)));
      older.hidden = walk.ended;
    };
    try {
      await more();
      this.#show(acted, heading(t('History')), rows.length > 0 ? list.node : el('p', {}, t('Nothing has been run yet.')), older);
    } catch (error) {
      this.#fail(error, acted);
    }
  }

  #fail(error, acted) {
    if (!this.#page.isAbort(error)) this.#show(acted, this.#page.problem(error, () => this.open({ acted: true })));
  }

  #row(job) {
    const { el, t, views, button, dateTime } = this.#page;
    const started = job.started_at ?? job.created_at;
    const label = t('Report of {when}', { when: dateTime(started) });
    return [
      el('time', { datetime: started, class: 'userlink-number' }, dateTime(started)),
      job.mode === 'preview' ? t('Preview') : t('Synchronization'),
      views.actor(this.#page, job.actor_user_id),
      [ending(this.#page, job), this.#counts(job)],
      button(t('Report'), () => this.open({ acted: true, job }), { 'aria-label': label }),
    ];
  }

  #counts(job) {
    return new this.#page.items.Counts(this.#page, job, (outcome) => this.open({ acted: true, job, outcome }), { all: false, brief: true }).node;
  }

  #report(job, outcome, acted) {
    const { el, t, button, heading, actions, dateTime, views } = this.#page;
    const when = dateTime(job.started_at ?? job.created_at);
    const back = actions(button(t('All runs'), () => this.open({ acted: true })));
    this.#show(acted, back,
      heading(job.mode === 'preview' ? t('Preview of {when}', { when }) : t('Synchronization of {when}', { when })),
      el('p', {}, ending(this.#page, job), ' ', t.rich('Started by {who}.', { who: views.actor(this.#page, job.actor_user_id) })),
      job.message ? el('p', {}, job.message) : null,
      this.#page.items.report(this.#page, job, { outcome, signal: this.#stop.signal }));
  }
}

/** How it ended, in a sentence. */
function ending(page, job) {
  const { t, tn } = page;
  const values = { checked: job.checked };
  if (job.state === 'done') return tn('Done: {n} user checked.', 'Done: {n} users checked.', job.checked);
  if (job.state === 'cancelled') return tn('Cancelled: {checked} of {n} user checked.', 'Cancelled: {checked} of {n} users checked.', job.total, values);
  if (job.state === 'failed') return [tn('Stopped: {checked} of {n} user checked.', 'Stopped: {checked} of {n} users checked.', job.total, values), job.error ? page.lookUp(job.error) : ''].join(' ').trim();
  return t('Under way.');
}
