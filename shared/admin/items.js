// SPDX-License-Identifier: GPL-2.0-or-later
// What a preview or a run found for each user: the counts, and behind every count its list.

/** The counts of a job. Each is a button that asks for its list: pick(outcome), '' for all. brief: in a word instead of a sentence. */
export class Counts {
  #page; #preview; #brief; #buttons = new Map();

  constructor(page, job, pick, { all = true, brief = false } = {}) {
    this.#page = page;
    this.#preview = job.mode === 'preview';
    this.#brief = brief;
    const kinds = [...page.reasons.OUTCOMES.map((kind) => kind.outcome), ...(all ? [''] : [])];
    this.node = page.el('ul', { class: brief ? 'userlink-counts userlink-brief' : 'userlink-counts' }, kinds.map((outcome) => this.#line(outcome, pick)));
    this.update(job);
  }

  #line(outcome, pick) {
    const button = this.#page.button('', () => pick(outcome), { kind: 'linkButton', 'aria-pressed': 'false' });
    this.#buttons.set(outcome, button);
    return this.#page.el('li', {}, button);
  }

  update(job) {
    const { el, number, tn, reasons } = this.#page;
    const bold = (n) => ({ n: el('strong', {}, number(n)) });
    for (const { outcome, counter } of reasons.OUTCOMES) this.#write(outcome, job[counter] > 0, () => this.#words(outcome, job[counter], bold(job[counter])));
    if (this.#buttons.has('')) this.#write('', job.checked > 0, () => tn.rich('{n} user in all', '{n} users in all', job.checked, bold(job.checked)));
  }

  #words(outcome, n, bold) {
    const { t, tn, reasons } = this.#page;
    if (this.#brief) return t.rich('{what}: {n}', { what: reasons.what(outcome, this.#preview, t), ...bold });
    return (this.#preview ? reasons.willBe : reasons.was)(outcome, n, (one, many) => tn.rich(one, many, n, bold));
  }

  /** In place, and only when it changed: a button that is focused or being read must not be replaced. */
  #write(outcome, shown, words) {
    const button = this.#buttons.get(outcome);
    button.parentNode.hidden = !shown;
    if (!shown) return;
    const parts = words();
    const text = parts.map((part) => part.textContent ?? part).join('');
    if (button.textContent !== text) button.replaceChildren(...parts);
  }

  press(outcome) {
    for (const [name, button] of this.#buttons) button.setAttribute('aria-pressed', String(name === outcome));
  }
}

/** The list that a person most probably wants to see first. */
export function firstOutcome(job, outcomes) {
  return outcomes.find(({ counter }) => job[counter] > 0)?.outcome ?? '';
}

const count = (job, outcome, outcomes) => (outcome === '' ? job.checked : job[outcomes.find((kind) => kind.outcome === outcome).counter]);

/** Counts, what can be done (actions), and the list that was picked. */
export function report(page, job, { outcome, actions = null, signal }) {
  const place = page.el('div', {});
  let stop = new AbortController();
  const counts = new Counts(page, job, (picked) => show(picked));
  signal.addEventListener('abort', () => stop.abort(), { once: true });

  function show(picked) {
    stop.abort();
    stop = new AbortController();
    counts.press(picked);
    const list = new page.list.List(page, itemsOf(page, job, picked), stop.signal);
    place.replaceChildren(list.node);
    list.load();
  }

  const first = outcome ?? firstOutcome(job, page.reasons.OUTCOMES);
  if (job.checked > 0) show(first);
  return page.el('div', { class: 'userlink-report' },
    page.el('div', { role: 'group', 'aria-label': page.t('Show in the table') }, counts.node), actions, place);
}

/** What List needs to know of the items of a job. */
function itemsOf(page, job, outcome) {
  const { t, reasons } = page;
  const preview = job.mode === 'preview';
  const caption = outcome === '' ? t('All users') : reasons.what(outcome, preview, t);
  const table = page.table(caption, [t('User'), t('Email'), t('What'), t('Contact'), t('Why')]);
  return {
    total: count(job, outcome, reasons.OUTCOMES),
    read: async (query, signal) => {
      const answer = await page.call('GET', `/v1/syncs/${job.job}/items`, { ...(outcome === '' ? {} : { outcome }), ...query }, null, signal);
      return { rows: answer.items, next_after: answer.next_after };
    },
    draw: { node: table.node, fill: (rows) => table.fill(rows.map((item) => row(page, item, preview))) },
    words,
    header: csvHeader(t),
    cells: (item) => csvCells(page, item, preview),
    file: `${preview ? 'userlink-preview' : 'userlink-report'}-${(job.finished_at ?? job.created_at ?? '').slice(0, 10)}${outcome === '' ? '' : `-${outcome.replace('_', '-')}`}.csv`,
  };
}

export const words = (item) => [item.username, item.email, item.name, item.contact_name, String(item.user_id), item.contact_id === null ? '' : String(item.contact_id)];

const csvHeader = (t) => [t('User number'), t('User name'), t('Name'), t('Email'), t('What'), t('Contact number'), t('Contact'), t('Why')];

function csvCells(page, item, preview) {
  const { t, reasons } = page;
  const values = { email: item.email, other: otherUser(page, item) };
  return [item.user_id, item.username, item.name, item.email, reasons.what(item.outcome, preview, t), item.contact_id, item.contact_name, reasons.why(item.outcome, item.reason, values, t)];
}

function row(page, item, preview) {
  const { t, reasons } = page;
  return [
    user(page, item), page.email(item.email ?? ''), reasons.what(item.outcome, preview, t), contact(page, item),
    reasons.why(item.outcome, item.reason, values(page, item), t.rich),
  ];
}

/** The values of a reason's sentence, as nodes. A user who is gone has no page to open. */
export function values(page, item) {
  const linked = item.other_user_id && item.reason !== 'name_stale';
  return { email: page.email(item.email ?? ''), other: linked ? userNumber(page, item.other_user_id) : otherUser(page, item) };
}

export function otherUser(page, item) {
  return item.other_user_id ? page.t('user {id}', { id: String(item.other_user_id) }) : page.t('another user');
}

export function userNumber(page, id) {
  const node = page.link(page.address(page.links.user, id), page.t('user {id}', { id: String(id) }));
  node.className = 'userlink-number';
  return node;
}

export function user(page, item) {
  const name = item.name || item.username || item.email || '';
  const shown = name === '' ? page.t('user {id}', { id: String(item.user_id) }) : page.foreign(name);
  const href = item.reason === 'user_gone' ? '' : page.address(page.links.user, item.user_id);
  return [page.link(href, shown), number(page, item.user_id)];
}

export function contact(page, item) {
  if (item.contact_id === null || item.contact_id === undefined) return item.outcome === 'created' ? page.t('new') : '–';
  const name = item.contact_name || page.t('contact {id}', { id: String(item.contact_id) });
  return [page.link(page.address(page.links.contact, item.contact_id), page.foreign(name)), number(page, item.contact_id)];
}

const number = (page, id) => page.el('span', { class: 'userlink-faint userlink-number' }, ' ', page.t('no. {id}', { id: String(id) }));
