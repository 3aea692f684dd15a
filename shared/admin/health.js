// SPDX-License-Identifier: GPL-2.0-or-later
// The tab "Health": what is wrong with links and contacts, whom it concerns, and the repair: preview, second step, report.

export class HealthTab {
  #page; #face; #work;

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
      clearTimeout(patience);
      this.#show(health, signal);
    } catch (error) {
      clearTimeout(patience);
      this.#face.fail(error, () => this.#load());
    }
  }

  #show(health, signal) {
    const { el, t, tn, heading, button, actions, findings, views } = this.#page;
    const found = health.findings.filter((one) => one.count > 0);
    const clean = health.findings.filter((one) => one.count === 0);
    this.#face.show(
      heading(found.length === 0 ? t('Everything is in order') : tn('{n} kind of problem was found', '{n} kinds of problems were found', found.length)),
      el('p', {}, found.length === 0
        ? t('Every link has its user and its contact, and no contact was left behind.')
        : t('Nothing is changed here without a preview and a second step, and every repair can be undone.')),
      actions(button(t('Check again'), () => this.open({ acted: true })), el('span', { class: 'userlink-faint' }, t.rich('Checked {when}.', { when: views.time(this.#page, health.checked_at) }))),
      found.length > 0 && el('ul', { class: 'userlink-cards' }, found.map((one) => this.#card(one, signal))),
      clean.length > 0 && el('section', { class: 'userlink-clean' },
        el('h3', { class: 'userlink-title' }, t('Looked for and not found')),
        el('ul', { class: 'userlink-checks' }, clean.map((one) => el('li', {}, findings.title(one.finding, this.#page))))));
  }

  #card(one, signal) {
    const { el, t, tn, button, actions, findings, lookUp, number } = this.#page;
    const title = findings.title(one.finding, this.#page);
    const place = el('div', { class: 'userlink-behind' });
    const repair = one.remedy !== '' && button(t('Preview the repair'), (event) => this.#work.start(event, '/v1/syncs', { mode: 'repair_preview', finding: one.finding }), { 'aria-label': t('Preview the repair: {what}', { what: title }) });
    const count = button('', () => this.#behind(one, title, place, count, signal), { kind: 'linkButton', class: 'userlink-more', 'aria-expanded': 'false' });
    count.append(...tn.rich('{n} user is concerned', '{n} users are concerned', one.count, { n: el('strong', {}, number(one.count)) }));
    return el('li', { class: 'userlink-card' },
      el('h3', { class: 'userlink-title' }, title),
      el('p', {}, lookUp(one.sentence)),
      one.remedy !== '' ? el('p', {}, el('strong', {}, t('What a repair does:')), ' ', lookUp(one.remedy))
        : el('p', {}, el('strong', {}, t('What to do:')), ' ', t('Only a person can mend this: look at each of them, and correct the user or the contact.')),
      el('div', {}, count), place, actions(repair));
  }

  /** The list behind the number, and away again. */
  #behind(one, title, place, count, signal) {
    const open = count.getAttribute('aria-expanded') !== 'true';
    count.setAttribute('aria-expanded', String(open));
    if (!open) return place.replaceChildren();
    const { call, items, list } = this.#page;
    const shown = new list.List(this.#page, {
      total: one.count,
      read: async (query, stop) => {
        const answer = await call('GET', `/v1/health/${one.finding}`, query, null, stop);
        return { rows: answer.items, next_after: answer.next_after };
      },
      ...items.drawing(this.#page, title, true),
      file: `userlink-health-${one.finding.replaceAll('_', '-')}-${new Date(this.#page.now()).toISOString().slice(0, 10)}.csv`,
    }, signal);
    place.replaceChildren(shown.node);
    return shown.load();
  }
}
