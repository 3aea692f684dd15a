// SPDX-License-Identifier: GPL-2.0-or-later
// The tab "Find a user": what is known of one user, what a sync would do now and why, and what happened before.

export class ExplainTab {
  #page; #face; #work; #asked = ''; #user = 0;

  constructor(page, root) {
    this.#page = page;
    this.#face = new page.face.Face(page, root);
    this.#work = new page.work.Work(page, this.#face, () => this.#explain(this.#user));
  }

  /** user: the id of the one to explain; without it the search. */
  open({ acted = false, user = 0 } = {}) {
    if (acted) this.#face.act();
    this.#work.clear();
    if (user > 0) return this.#explain(user);
    return this.#user > 0 ? this.#explain(this.#user) : this.#search();
  }

  close() {
    this.#face.close();
  }

  #form() {
    const { el, t, button, look } = this.#page;
    const id = 'userlink-find';
    const field = el('input', { id, type: 'search', class: look.input, autocomplete: 'off', spellcheck: 'false', 'aria-describedby': `${id}-hint` });
    field.value = this.#asked;
    const go = button(t('Find'), (event) => this.#find(event, field), { type: 'submit' });
    return el('form', { class: 'userlink-find', role: 'search', onsubmit: (event) => event.preventDefault() },
      el('div', { class: 'userlink-field' }, el('label', { for: id }, t('User number, user name or email')), field),
      go, el('p', { id: `${id}-hint`, class: 'userlink-faint' }, t('Write the name or the email in full.')));
  }

  /** The search, and under it what it found. */
  #show(title, ...nodes) {
    const { heading } = this.#page;
    this.#face.show(this.#form(), heading(title), ...nodes);
  }

  #search() {
    this.#face.begin();
    this.#user = 0;
    this.#show(this.#page.t('Find a user'));
  }

  #find(event, field) {
    const { t, el, call } = this.#page;
    this.#asked = field.value.trim();
    if (this.#asked === '') return field.focus();
    return this.#face.press(event, async (signal) => {
      this.#face.say('');
      const { users } = await call('GET', '/v1/users', { find: this.#asked }, null, signal);
      if (users.length === 1) return this.#explain(users[0].id);
      this.#user = 0;
      if (users.length === 0) return this.#show(t('Nobody was found'), el('p', {}, t('No user has this number, user name or email. Parts of a name or an email are not looked for.')));
      return this.#several(users);
    });
  }

  #several(users) {
    const { t, tn, table, button, email } = this.#page;
    const list = table(t('Users'), [t('User'), t('User name'), t('Email'), t('Details')]);
    list.fill(users.map((user) => [
      this.#page.items.user(this.#page, { user_id: user.id, name: fullName(user), username: user.username, email: user.email }), this.#page.foreign(user.username ?? ''), email(user.email ?? ''),
      button(t('Details'), () => this.open({ acted: true, user: user.id }), { 'aria-label': t('Details about user {id}', { id: String(user.id) }) }),
    ]));
    this.#show(tn('{n} user was found', '{n} users were found', users.length), list.node);
  }

  async #explain(id) {
    const signal = this.#face.begin();
    this.#user = id;
    try {
      this.#draw(id, await this.#page.call('GET', `/v1/users/${id}/explain`, {}, null, signal));
    } catch (error) {
      this.#face.fail(error, () => this.#explain(id));
    }
  }

  #draw(id, said) {
    const { t, el, explained, decision } = this.#page;
    const section = (title, ...nodes) => el('section', { class: 'userlink-section' }, el('h3', { class: 'userlink-title' }, title), ...nodes);
    const row = { ...said.user, user_id: id, name: fullName(said.user), reason: said.decision.reason, other_user_id: said.seen?.name_holder?.user_id ?? null, choices: said.choices, candidates: said.candidates };
    const question = decision.ask(this.#page, row, { face: this.#face, work: this.#work, again: () => this.open({ acted: true, user: id }) });
    const table = explained.would(this.#page, said);
    this.#show(t('User {id}', { id: String(id) }), explained.who(this.#page, said),
      section(t('What a sync would do now'), explained.decision(this.#page, said, question)),
      table && section(t('What each occasion would cause now'), table),
      section(t('What userlink sees'), explained.seen(this.#page, said)),
      section(t('What happened before'), explained.journal(this.#page, said)));
  }
}

export const fullName = (user) => [user.first_name, user.last_name].filter(Boolean).join(' ') || user.name || '';
