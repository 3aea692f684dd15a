// SPDX-License-Identifier: GPL-2.0-or-later
// What a preview or a run found for each user: the counts, and behind every count its list.

/** The list of all users of a job, and that of everybody who was not simply linked, beside those of one outcome. */
const ALL = '';
const NOTABLE = 'notable';
const SIMPLE = ['linked', 'already_linked'];

/** The counts of a job. Each is a button that asks for its list: pick(outcome), '' for all. brief: in a word instead of a sentence. */
export class Counts {
  #page; #preview; #brief; #buttons = new Map();

  constructor(page, job, pick, { all = true, brief = false } = {}) {
    this.#page = page;
    this.#preview = page.modes.isPreview(job);
    this.#brief = brief;
    const kinds = [...page.reasons.OUTCOMES.map((kind) => kind.outcome), ...(all ? [NOTABLE, ALL] : [])];
    this.node = page.el('ul', { class: brief ? 'userlink-counts userlink-brief' : 'userlink-counts' }, kinds.map((outcome) => this.#line(outcome, pick)));
    this.update(job);
  }

  #line(outcome, pick) {
    const button = this.#page.button('', () => pick(outcome), { kind: 'linkButton', 'aria-pressed': 'false' });
    this.#buttons.set(outcome, button);
    return this.#page.el('li', {}, button);
  }

  update(job) {
    const { el, number, tn, reasons, units } = this.#page;
    const bold = (n) => ({ n: el('strong', {}, number(n)) });
    for (const { outcome, counter } of reasons.OUTCOMES) this.#write(outcome, job[counter] > 0, () => this.#words(outcome, job[counter], bold(job[counter])));
    if (!this.#buttons.has(ALL)) return;
    const notable = count(job, NOTABLE, reasons.OUTCOMES);
    // The list of them all says nothing new where there is one kind only, or nobody was simply linked.
    const mixed = reasons.OUTCOMES.filter(({ outcome, counter }) => isNotable(outcome) && job[counter] > 0).length > 1 && notable < job.checked;
    this.#write(NOTABLE, mixed, () => tn.rich('{n} user who is not simply linked', '{n} users who are not simply linked', notable, bold(notable)));
    this.#write(ALL, job.checked > 0, () => units.unit(job).all(tn.rich, job.checked, bold(job.checked)));
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

const isNotable = (outcome) => !SIMPLE.includes(outcome);

function count(job, outcome, outcomes) {
  if (outcome === ALL) return job.checked;
  return outcomes.filter((kind) => (outcome === NOTABLE ? isNotable(kind.outcome) : kind.outcome === outcome)).reduce((sum, { counter }) => sum + (job[counter] ?? 0), 0);
}

/** Several lists of a job one after the other, as one: its cursor says which list and where in it. read(outcome, query) → {rows, next_after}. */
export function chain(outcomes, read) {
  return async ({ after, limit, ...query }) => {
    let [at, cursor] = after === undefined ? [0, ''] : [Number(after.slice(0, after.indexOf(' '))), after.slice(after.indexOf(' ') + 1)];
    const rows = [];
    while (at < outcomes.length && rows.length < Number(limit)) {
      const part = await read(outcomes[at], { ...query, limit: String(Number(limit) - rows.length), ...(cursor === '' ? {} : { after: cursor }) });
      rows.push(...part.rows);
      cursor = part.next_after ?? '';
      if (cursor === '') at += 1;
    }
    return { rows, next_after: at < outcomes.length ? `${at} ${cursor}` : null };
  };
}

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
  const preview = page.modes.isPreview(job);
  const names = { [ALL]: t('All'), [NOTABLE]: t('Not simply linked') };
  const parts = reasons.OUTCOMES.filter((kind) => isNotable(kind.outcome) && job[kind.counter] > 0).map((kind) => kind.outcome);
  const one = async (picked, query, signal) => {
    const answer = await page.call('GET', `/v1/syncs/${job.job}/items`, { ...(picked === ALL ? {} : { outcome: picked }), ...query }, null, signal);
    return { rows: answer.items, next_after: answer.next_after };
  };
  return {
    total: count(job, outcome, reasons.OUTCOMES),
    unit: page.units.unit(job),
    read: (query, signal) => (outcome === NOTABLE ? chain(parts, (part, rest) => one(part, rest, signal))(query) : one(outcome, query, signal)),
    ...drawing(page, names[outcome] ?? reasons.what(outcome, preview, t), preview, job.finding),
    file: `${preview ? 'userlink-preview' : 'userlink-report'}-${(job.finished_at ?? job.created_at ?? '').slice(0, 10)}${outcome === ALL ? '' : `-${outcome.replace('_', '-')}`}.csv`,
  };
}

/** How List shows items and writes them down. finding: what the items are cases of, if they are. */
export function drawing(page, caption, preview, finding = '') {
  const { t } = page;
  const table = page.table(caption, [t('User'), t('Email'), t('What'), t('Contact'), t('Why')]);
  return {
    draw: { node: table.node, fill: (rows) => table.fill(rows.map((item) => row(page, item, preview, finding))) },
    words,
    header: csvHeader(t),
    cells: (item) => csvCells(page, item, preview),
  };
}

export const words = (item) => [item.username, item.email, item.name, item.contact_name, String(item.user_id), item.contact_id === null ? '' : String(item.contact_id)];

const csvHeader = (t) => [t('User number'), t('User name'), t('Name'), t('Email'), t('What'), t('Contact number'), t('Contact'), t('Why')];

function csvCells(page, item, preview) {
  const { t, reasons } = page;
  const values = { email: item.email, other: otherUser(page, item) };
  return [item.user_id, item.username, item.name, item.email, reasons.what(item.outcome, preview, t), item.contact_id, item.contact_name, reasons.why(item.outcome, item.reason, values, t)];
}

function row(page, item, preview, finding) {
  const { t, reasons } = page;
  return [
    user(page, item, finding === 'user_missing'), page.email(item.email ?? ''), reasons.what(item.outcome, preview, t), contact(page, item),
    [reasons.why(item.outcome, item.reason, values(page, item), t.rich), ' ', explain(page, item)],
  ];
}

/** Opens all that is known about a user. */
export function explain(page, item) {
  const { t, button } = page;
  return button(t('Details'), () => page.open('explain', { user: item.user_id }), { kind: 'linkButton', class: 'userlink-more', 'aria-label': t('Details about user {id}', { id: String(item.user_id) }) });
}

/** The values of a reason's sentence, as nodes. A user who is gone has no page to open. */
export function values(page, item) {
  const linked = item.other_user_id && !['name_stale', 'email_stale'].includes(item.reason);
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

/** gone: there is no account to open. */
export function user(page, item, gone = item.reason === 'user_gone') {
  const name = item.name || item.username || item.email || '';
  const shown = name === '' ? page.t('user {id}', { id: String(item.user_id) }) : page.foreign(name);
  const href = gone ? '' : page.address(page.links.user, item.user_id);
  return [page.link(href, shown), number(page, item.user_id)];
}

export function contact(page, item) {
  if (item.contact_id === null || item.contact_id === undefined) return item.outcome === 'created' ? page.t('new') : '–';
  const href = page.address(page.links.contact, item.contact_id);
  if (!item.contact_name) return page.link(href, page.t('contact {id}', { id: String(item.contact_id) }));
  return [page.link(href, page.foreign(item.contact_name)), number(page, item.contact_id)];
}

const number = (page, id) => page.el('span', { class: 'userlink-faint userlink-number' }, ' ', page.t('no. {id}', { id: String(id) }));
