// SPDX-License-Identifier: GPL-2.0-or-later
// The tab "Conflicts": users who need a person's decision, each with what happened, what it means, what to do.

const LISTS = ['open', 'left_alone'];

export class ConflictsTab {
  #page; #face; #work; #list = LISTS[0];

  constructor(page, root) {
    this.#page = page;
    this.#face = new page.face.Face(page, root);
    this.#work = new page.work.Work(page, this.#face, () => this.#load());
  }

  open({ acted = false, list = LISTS[0] } = {}) {
    if (acted) this.#face.act();
    this.#work.clear();
    this.#list = list;
    return this.#load();
  }

  close() {
    this.#face.close();
  }

  async #load() {
    const signal = this.#face.begin();
    const { call } = this.#page;
    try {
      const status = await call('GET', '/v1/status', {}, null, signal);
      const { total } = await call('GET', '/v1/conflicts', { list: this.#list, limit: '1' }, null, signal);
      const totals = { open: status.conflicts, left_alone: status.left_alone ?? 0, [this.#list]: total };
      this.#page.status({ ...status, conflicts: totals.open });
      this.#show(totals, signal);
    } catch (error) {
      this.#face.fail(error, () => this.#load());
    }
  }

  #show(totals, signal) {
    const { el, t, tn, heading } = this.#page;
    const total = totals[this.#list];
    const open = this.#list === LISTS[0];
    const list = total > 0 && new this.#page.list.List(this.#page, this.#conflicts(total), signal);
    const title = open
      ? (total === 0 ? t('No conflicts') : tn('{n} user needs your decision', '{n} users need your decision', total))
      : (total === 0 ? t('Nobody is left alone') : tn('{n} user is left alone', '{n} users are left alone', total));
    const about = open
      ? (total === 0 ? t('No user needs a decision from you.') : t('userlink does not guess: nothing was written for these users. An entry goes away by itself as soon as its cause does.'))
      : (total === 0 ? t('Users whom you leave alone are listed here.') : t('Somebody decided that these users get no link. A sync passes them over until you ask for it again.'));
    this.#face.show(heading(title), this.#lists(totals), el('p', {}, about), list && list.node);
    if (list) list.load();
  }

  /** Which of the two lists; one that is empty and not shown needs no button. */
  #lists(totals) {
    const { el, t, button, number } = this.#page;
    if (totals.left_alone === 0 && this.#list === LISTS[0]) return null;
    const words = { open: t('To decide: {n}', { n: number(totals.open) }), left_alone: t('Left alone: {n}', { n: number(totals.left_alone) }) };
    return el('div', { role: 'group', class: 'userlink-counts userlink-switch', 'aria-label': t('Which users') }, LISTS.map((list) => button(words[list],
      () => this.open({ acted: true, list }), { kind: 'linkButton', 'aria-pressed': String(list === this.#list) })));
  }

  #conflicts(total) {
    const { el, t } = this.#page;
    const node = el('ul', { class: 'userlink-cards' });
    // What somebody has begun to choose must not go when they search.
    const cards = new Map();
    const card = (row) => cards.get(row.user_id) ?? cards.set(row.user_id, this.#card(row)).get(row.user_id);
    return {
      total,
      read: async (query, signal) => {
        const answer = await this.#page.call('GET', '/v1/conflicts', { list: this.#list, ...query }, null, signal);
        return { rows: answer.conflicts, next_after: answer.next_after };
      },
      draw: { node, fill: (rows) => node.replaceChildren(...rows.map(card)) },
      words: this.#page.items.words,
      header: [t('User number'), t('User name'), t('Name'), t('Email'), t('Contact number'), t('Contact'), t('What happened'), t('What it means'), t('What to do'), t('First seen'), t('Last seen'), t('Times')],
      cells: (row) => this.#cells(row),
      file: `userlink-${this.#list === LISTS[0] ? 'conflicts' : 'left-alone'}-${new Date(this.#page.now()).toISOString().slice(0, 10)}.csv`,
    };
  }

  #card(row) {
    const { el, t, tn, reasons, items, email, views, link, address, decision, foreign } = this.#page;
    const said = reasons.advice(row.reason, items.values(this.#page, row), t.rich);
    const who = { name: link(address(this.#page.links.user, row.user_id), foreign(decision.nameOf(this.#page, row))), id: String(row.user_id), email: row.email ? email(row.email) : t('no email') };
    const seen = { first: views.time(this.#page, row.first_seen), last: views.time(this.#page, row.last_seen) };
    const about = [
      el('p', {}, said.happened, ' ', said.means),
      said.todo.length > 0 && el('p', {}, el('strong', {}, t('What to do:')), ' ', said.todo),
      row.contact_id && el('p', {}, t('Contact:'), ' ', items.contact(this.#page, row)),
    ].filter(Boolean);
    return el('li', { class: 'userlink-card' },
      el('h3', { class: 'userlink-title' }, t.rich('{name} ({email}), user {id}', who)), about,
      decision.ask(this.#page, row, {
        face: this.#face, work: this.#work, again: () => this.open({ acted: true, list: this.#list }), settled: () => about.forEach((part) => part.remove()),
      }),
      el('p', { class: 'userlink-faint' }, row.times > 0 ? tn.rich('Seen {n} time, {first}.', 'Seen {n} times, first {first}, last {last}.', row.times, seen) : t.rich('Since {when}.', { when: seen.first }), ' ', items.explain(this.#page, row)));
  }

  #cells(row) {
    const { t, reasons, items } = this.#page;
    const values = { email: row.email ?? '', other: items.otherUser(this.#page, row) };
    const said = reasons.advice(row.reason, values, t);
    return [row.user_id, row.username, row.name, row.email, row.contact_id, row.contact_name, said.happened, said.means, said.todo, row.first_seen, row.last_seen, row.times];
  }
}
