// SPDX-License-Identifier: GPL-2.0-or-later
// The tab "Conflicts": users who need a person's decision, each with what happened, what it means, what to do.

export class ConflictsTab {
  #page; #root; #stop = new AbortController();

  constructor(page, root) {
    this.#page = page;
    this.#root = root;
  }

  async open({ acted = false } = {}) {
    this.close();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    if (this.#root.childElementCount === 0) this.#root.replaceChildren(this.#page.el('p', {}, this.#page.t('Loading …')));
    try {
      const first = await this.#page.call('GET', '/v1/conflicts', { limit: '1' }, null, signal);
      this.#page.status({ conflicts: first.total });
      this.#show(first.total, signal);
    } catch (error) {
      if (this.#page.isAbort(error)) return;
      this.#root.replaceChildren(this.#page.problem(error, () => this.open({ acted: true })));
    }
    if (acted) this.#root.querySelector('[tabindex="-1"]')?.focus();
  }

  close() {
    this.#stop.abort();
  }

  #show(total, signal) {
    const { el, t, tn, heading } = this.#page;
    if (total === 0) {
      this.#root.replaceChildren(heading(t('No conflicts')), el('p', {}, t('No user needs a decision from you.')));
      return;
    }
    const list = new this.#page.list.List(this.#page, this.#conflicts(total), signal);
    this.#root.replaceChildren(
      heading(tn('{n} user needs your decision', '{n} users need your decision', total)),
      el('p', {}, t('userlink does not guess: nothing was written for these users. An entry goes away by itself as soon as its cause does.')),
      list.node);
    list.load();
  }

  #conflicts(total) {
    const { el, t } = this.#page;
    const node = el('ul', { class: 'userlink-cards' });
    return {
      total,
      read: async (query, signal) => {
        const answer = await this.#page.call('GET', '/v1/conflicts', query, null, signal);
        return { rows: answer.conflicts, next_after: answer.next_after };
      },
      draw: { node, fill: (rows) => node.replaceChildren(...rows.map((row) => this.#card(row))) },
      words: this.#page.items.words,
      header: [t('User number'), t('User name'), t('Name'), t('Email'), t('Contact number'), t('Contact'), t('What happened'), t('What it means'), t('What to do'), t('First seen'), t('Last seen'), t('Times')],
      cells: (row) => this.#cells(row),
      file: `userlink-conflicts-${new Date(this.#page.now()).toISOString().slice(0, 10)}.csv`,
    };
  }

  #card(row) {
    const { el, t, tn, reasons, items, foreign, email, views, link, address } = this.#page;
    const said = reasons.advice(row.reason, items.values(this.#page, row), t.rich);
    const name = row.name || row.username || t('user {id}', { id: String(row.user_id) });
    const who = { name: link(address(this.#page.links.user, row.user_id), foreign(name)), id: String(row.user_id), email: row.email ? email(row.email) : t('no email') };
    const seen = { first: views.time(this.#page, row.first_seen), last: views.time(this.#page, row.last_seen) };
    return el('li', { class: 'userlink-card' },
      el('h3', { class: 'userlink-title' }, t.rich('{name} ({email}), user {id}', who)),
      el('p', {}, said.happened, ' ', said.means),
      el('p', {}, el('strong', {}, t('What to do:')), ' ', said.todo),
      row.contact_id ? el('p', {}, t('Contact:'), ' ', items.contact(this.#page, row)) : null,
      el('p', { class: 'userlink-faint' }, tn.rich('Seen {n} time, {first}.', 'Seen {n} times, first {first}, last {last}.', row.times, seen)));
  }

  #cells(row) {
    const { t, reasons, items } = this.#page;
    const values = { email: row.email ?? '', other: items.otherUser(this.#page, row) };
    const said = reasons.advice(row.reason, values, t);
    return [row.user_id, row.username, row.name, row.email, row.contact_id, row.contact_name, said.happened, said.means, said.todo, row.first_seen, row.last_seen, row.times];
  }
}
