// SPDX-License-Identifier: GPL-2.0-or-later
// The tab "Health": what is wrong with links and contacts, whom it concerns, and the repair: preview, second step, report.

/** Between two questions whether the counting has ended. */
const AGAIN = 5000;

export class HealthTab {
  #page; #face; #work; #counting = false;

  constructor(page, root) {
    this.#page = page;
    this.#face = new page.face.Face(page, root);
    this.#work = new page.work.Work(page, this.#face, () => this.#load());
  }

  open({ acted = false } = {}) {
    if (acted) this.#face.act();
    this.#work.clear();
    return this.#load();
  }

  close() {
    this.#face.close();
  }

  async #load() {
    const signal = this.#face.begin();
    const { call, el, t } = this.#page;
    // On a large site the counting takes a moment; what is shown until then must not pass for the answer.
    const patience = setTimeout(() => this.#face.show(el('p', { role: 'status' }, t('Counting …'))), 400);
    try {
      const health = await call('GET', '/v1/health', {}, null, signal);
      this.#page.status({ findings: health.findings.filter((one) => one.count > 0).length });
      this.#show(health, signal);
    } catch (error) {
      await this.#wait(error, signal);
    } finally {
      clearTimeout(patience);
    }
  }

  /** A million users are not counted while a page waits: the database answers other calls, and the counting goes on. */
  async #wait(error, signal) {
    const { call, repeat, heading, el, t } = this.#page;
    const works = error.code === 'database_unavailable' && await call('GET', '/v1/status', {}, null, signal).then(() => true, () => false);
    if (signal.aborted) return undefined;
    if (!works) return this.#face.fail(error, () => this.#load());
    if (!this.#counting) this.#face.show(heading(t('Counting …')), el('p', {}, t('On a site with this many users it takes a while. The counting goes on, and this page asks again by itself.')));
    this.#counting = true;
    return repeat(async () => {
      this.#load();
      return null;
    }, AGAIN, signal);
  }

  #show(health, signal) {
    const { el, t, tn, heading, button, actions, findings, views } = this.#page;
    this.#counting = false;
    const found = health.findings.filter((one) => one.count > 0);
    const unseen = health.findings.filter((one) => one.unseen);
    const clean = health.findings.filter((one) => one.count === 0 && !one.unseen);
    const [title, about] = found.length > 0
      ? [tn('{n} kind of problem was found', '{n} kinds of problems were found', found.length), t('Nothing is changed here without a preview and a second step, and every repair can be undone.')]
      : unseen.length > 0 ? [t('Nothing was found'), t('But not everything could be looked at.')]
        : [t('Everything is in order'), t('Every link has its user and its contact, and no contact was left behind.')];
    this.#face.show(
      heading(title), el('p', {}, about),
      actions(button(t('Check again'), () => this.open({ acted: true })), el('span', { class: 'userlink-faint' }, t.rich('Checked {when}.', { when: views.time(this.#page, health.checked_at) }))),
      found.length + unseen.length > 0 && el('ul', { class: 'userlink-cards' }, [...found.map((one) => this.#card(one, signal)), ...unseen.map((one) => this.#blind(one))]),
      clean.length > 0 && el('section', { class: 'userlink-clean' },
        el('h3', { class: 'userlink-title' }, t('Looked for and not found')),
        el('ul', { class: 'userlink-checks' }, clean.map((one) => el('li', {}, findings.title(one.finding, this.#page))))));
  }

  #card(one, signal) {
    const { el, t, tn, button, actions, findings, units, number } = this.#page;
    const { title, what, repair } = findings.words(one, this.#page);
    const place = el('div', { class: 'userlink-behind' });
    const preview = repair && button(t('Preview the repair'), (event) => this.#work.start(event, '/v1/syncs', { mode: 'repair_preview', finding: one.finding }), { 'aria-label': t('Preview the repair: {what}', { what: title }) });
    const count = button('', () => this.#behind(one, title, place, count, signal), { kind: 'linkButton', class: 'userlink-more', 'aria-expanded': 'false', 'aria-label': `${units.CASES.count(tn, one.count)}: ${title}` });
    count.append(...tn.rich('{n} case', '{n} cases', one.count, { n: el('strong', {}, number(one.count)) }));
    return el('li', { class: 'userlink-card' },
      el('h3', { class: 'userlink-title' }, title), el('p', {}, what),
      el('p', {}, el('strong', {}, repair ? t('What a repair does:') : t('What to do:')), ' ', repair || t('Only a person can mend this.')),
      el('div', {}, count), place, actions(preview));
  }

  /** What the database account may not see cannot be called healthy. */
  #blind(one) {
    const { el, t, findings } = this.#page;
    return el('li', { class: 'userlink-card' },
      el('h3', { class: 'userlink-title' }, findings.title(one.finding, this.#page)),
      el('p', {}, t('Whether there are any is not known: userlink’s database account may not look. “userlink check” on the server prints the statements that let it.')));
  }

  /** The list behind the number, and away again. */
  #behind(one, title, place, count, signal) {
    const open = count.getAttribute('aria-expanded') !== 'true';
    count.setAttribute('aria-expanded', String(open));
    if (!open) return place.replaceChildren();
    const { call, items, list } = this.#page;
    const shown = new list.List(this.#page, {
      total: one.count, unit: this.#page.units.CASES,
      read: async (query, stop) => {
        const answer = await call('GET', `/v1/health/${one.finding}`, query, null, stop);
        return { rows: answer.items, next_after: answer.next_after };
      },
      ...items.drawing(this.#page, title, true, one.finding),
      file: `userlink-health-${one.finding.replaceAll('_', '-')}-${new Date(this.#page.now()).toISOString().slice(0, 10)}.csv`,
    }, signal);
    place.replaceChildren(shown.node);
    return shown.load();
  }
}
