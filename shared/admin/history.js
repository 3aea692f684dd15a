// SPDX-License-Identifier: GPL-2.0-or-later
// The tab "History": every preview and run, newest first, the report of each, and from there the undo.

const PAGE = 20;

export class HistoryTab {
  #page; #face; #work;

  constructor(page, root) {
    this.#page = page;
    this.#face = new page.face.Face(page, root);
    this.#work = new page.work.Work(page, this.#face, () => this.#all());
  }

  /** With a job, or the id of one: its report, opened at `outcome`. */
  open({ acted = false, job = null, id = '', outcome } = {}) {
    if (acted) this.#face.act();
    this.#work.clear();
    if (id) return this.#find(id);
    return job ? this.#report(job, outcome) : this.#all();
  }

  close() {
    this.#face.close();
  }

  async #all() {
    const { t, call, button, heading, table } = this.#page;
    const signal = this.#face.begin();
    const list = table(t('All previews and runs'), [t('Started'), t('What'), t('By'), t('Result'), t('Report')]);
    const rows = [];
    const walk = this.#page.list.pages(async (query) => {
      const answer = await call('GET', '/v1/syncs', query, null, signal);
      return { rows: answer.jobs, next_after: answer.next_after };
    });
    const older = button(t('Show older ones'), () => more().catch((error) => this.#fail(error)));
    const more = async () => {
      rows.push(...await walk.next(PAGE));
      list.fill(rows.map((job) => this.#row(job)));
      older.hidden = walk.ended;
    };
    try {
      await more();
      this.#face.show(heading(t('History')), rows.length > 0 ? list.node : this.#page.el('p', {}, t('Nothing has been run yet.')), older);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error) {
    this.#face.fail(error, () => this.#all());
  }

  async #find(id) {
    const signal = this.#face.begin();
    try {
      this.#report(await this.#page.call('GET', `/v1/syncs/${id}`, {}, null, signal));
    } catch (error) {
      this.#face.fail(error, () => this.#find(id));
    }
  }

  #row(job) {
    const { el, t, modes, views, button, actions, dateTime } = this.#page;
    const started = job.started_at ?? job.created_at;
    const when = dateTime(started);
    return [
      el('time', { datetime: started, class: 'userlink-number' }, when),
      [modes.name(job, t), job.finding && [': ', this.#page.findings.title(job.finding, this.#page)]],
      views.actor(this.#page, job.actor_user_id),
      [ending(this.#page, job), ' ', this.#relatives(job), this.#counts(job)],
      actions(
        button(t('Report'), () => this.#open(job), { 'aria-label': t('Report of {when}', { when }) }),
        !job.undone_by && this.#work.undoButton(job, { 'aria-label': job.mode === 'undo' ? t('Redo what the undo of {when} took back', { when }) : t('Undo the run of {when}', { when }) })),
    ];
  }

  #open(job, outcome) {
    this.#face.act();
    this.#work.clear();
    this.#report(job, outcome);
  }

  /** What the job took back, and what took the job back. */
  #relatives(job) {
    const { t, button } = this.#page;
    const way = (label, id) => [button(label, () => this.open({ acted: true, id }), { kind: 'linkButton', class: 'userlink-more' }), ' '];
    return [
      job.undoes && way(t('What it takes back'), job.undoes),
      job.undone_by && [t('It was taken back since.'), ' ', way(t('The undo'), job.undone_by)],
    ];
  }

  #counts(job) {
    return new this.#page.items.Counts(this.#page, job, (outcome) => this.#open(job, outcome), { all: false, brief: true }).node;
  }

  #report(job, outcome) {
    const { el, t, button, heading, actions, dateTime, views, modes } = this.#page;
    const signal = this.#face.begin();
    const back = actions(button(t('All runs'), () => this.open({ acted: true })));
    this.#face.show(back,
      heading(modes.named(job, dateTime(job.started_at ?? job.created_at), t)),
      el('p', {}, ending(this.#page, job), ' ', t.rich('Started by {who}.', { who: views.actor(this.#page, job.actor_user_id) }), ' ', this.#relatives(job)),
      job.message ? el('p', {}, job.message) : null,
      actions(this.#work.undoButton(job)),
      this.#page.items.report(this.#page, job, { outcome, signal }));
  }
}

/** How it ended, in a sentence. */
function ending(page, job) {
  const { t, tn } = page;
  const unit = page.units.unit(job);
  if (job.state === 'done') return unit.done(tn, job.checked);
  if (job.state === 'cancelled') return unit.cancelled(tn, job.total, job.checked);
  if (job.state === 'failed') return [unit.stopped(tn, job.total, job.checked), job.error ? page.lookUp(job.error) : ''].join(' ').trim();
  return job.state === 'paused' ? t('Paused.') : t('Under way.');
}
