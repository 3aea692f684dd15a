// SPDX-License-Identifier: GPL-2.0-or-later
// A long list of users: pages, search and download. It says truthfully how much of the list a search has seen.

const PAGE = 100;
const LARGE_PAGE = 500;
/** More matches than this help nobody; the rest of the search is left undone and said so. */
const MOST = 500;

/** Lower case without accents, so that "jose" finds "José". */
export const plain = (text) => String(text ?? '').normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Walks through a list. read(query) → {rows, next_after}. */
export function pages(read, after = null) {
  const walk = {
    after,
    ended: false,
    async next(limit) {
      const page = await read({ limit: String(limit), ...(walk.after === null ? {} : { after: walk.after }) });
      walk.after = page.next_after ?? null;
      walk.ended = walk.after === null;
      return page.rows;
    },
  };
  return walk;
}

/** The whole list as parts of a file. progress(n) is called after each page. */
export async function collect(read, header, cells, csv, progress) {
  const parts = [csv.BOM, csv.line(header)];
  const walk = pages(read);
  for (let n = 0; !walk.ended;) {
    const rows = await walk.next(LARGE_PAGE);
    parts.push(rows.map((row) => csv.line(cells(row))).join(''));
    n += rows.length;
    progress(n);
  }
  return parts;
}

/**
 * read(query, signal) → {rows, next_after}; total: how many there should be; draw: {node, fill(rows)};
 * unit: what it lists, users if left out; words(row): what a search looks at; header, cells, file: of the download.
 */
export class List {
  #page; #is; #unit; #signal; #walk; #rows = []; #found = null; #needle = ''; #running = null; #covers; #more; #search; #rest; #stop; #file; #state; #trouble;

  constructor(page, is, signal) {
    this.#page = page;
    this.#is = is;
    this.#unit = is.unit ?? page.units.USERS;
    this.#signal = signal;
    this.#walk = pages((query) => is.read(query, signal));
    this.node = this.#build();
    this.#draw();
  }

  #build() {
    const { el, t, button } = this.#page;
    this.#covers = el('p', { class: 'userlink-covers', role: 'status', tabindex: '-1' });
    this.#trouble = el('div', {});
    this.#rest = button('', () => this.#searchRest(), { hidden: true });
    this.#stop = button(t('Stop'), () => this.#running?.abort(), { hidden: true });
    this.#more = button('', () => this.#load(this.#more), { hidden: true });
    this.#state = el('div', { class: 'userlink-actions' }, this.#covers, this.#rest, this.#stop);
    return el('div', { class: 'userlink-list' }, this.#tools(),
      this.#state, this.#trouble, this.#is.draw.node, this.#more);
  }

  #tools() {
    const { el, t, tn, button, look } = this.#page;
    const id = `userlink-search-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
    this.#search = el('input', { id, type: 'search', class: look.input, autocomplete: 'off', spellcheck: 'false', oninput: () => this.#type() });
    this.#file = button(this.#unit.download(tn, this.#is.total), () => this.#download());
    return el('div', { class: 'userlink-tools' },
      el('div', { class: 'userlink-field' }, el('label', { for: id }, t('Search in this list')), this.#search), this.#file);
  }

  /** The first page; later ones by the button. */
  async load() {
    await this.#load(null);
  }

  async #load(pressed) {
    await this.#guard(pressed, async () => {
      this.#rows.push(...await this.#walk.next(PAGE));
      this.#forget();
      this.#draw();
    });
    if (pressed?.hidden) this.#covers.focus();
  }

  #type() {
    this.#needle = plain(this.#search.value.trim());
    this.#running?.abort();
    this.#forget();
    this.#draw();
  }

  #forget() {
    this.#found = null;
  }

  #matches(row) {
    return this.#needle === '' || this.#is.words(row).some((word) => plain(word).includes(this.#needle));
  }

  /** Goes through what is not loaded and keeps only what matches: a million rows would fill the browser's memory. */
  async #searchRest() {
    const running = new AbortController();
    this.#running = running;
    const signal = linked(this.#signal, running.signal);
    const walk = pages((query) => this.#is.read(query, signal), this.#walk.after);
    const found = { rows: [], seen: 0, ended: false };
    this.#found = found;
    this.#draw();
    await this.#guard(null, async () => {
      while (!walk.ended && found.rows.length < MOST) {
        const rows = await walk.next(LARGE_PAGE);
        found.seen += rows.length;
        found.rows.push(...rows.filter((row) => this.#matches(row)));
        found.ended = walk.ended;
        this.#draw();
      }
    });
    if (this.#running === running) this.#running = null;
    this.#draw();
  }

  async #download() {
    const { t, number, csv, save } = this.#page;
    const label = this.#file.textContent;
    await this.#guard(this.#file, async () => {
      const progress = (n) => { this.#file.textContent = t('Collecting: {n} of {total}', { n, total: this.#is.total }); };
      const parts = await collect((query) => this.#is.read(query, this.#signal), this.#is.header, this.#is.cells, csv, progress);
      save(this.#is.file, parts, 'text/csv;charset=utf-8');
    });
    this.#file.textContent = label;
  }

  /** One press is one call; a failure is said beside the button and leaves what is there. */
  async #guard(pressed, work) {
    if (pressed?.getAttribute('aria-disabled') === 'true') return;
    pressed?.setAttribute('aria-disabled', 'true');
    this.#trouble.replaceChildren();
    (pressed === this.#more ? this.#is.draw.node : this.#state).after(this.#trouble);
    try {
      await work();
    } catch (error) {
      if (!this.#page.isAbort(error)) this.#trouble.replaceChildren(this.#page.problem(error, null));
    } finally {
      pressed?.removeAttribute('aria-disabled');
    }
  }

  #draw() {
    const rows = [...this.#rows.filter((row) => this.#matches(row)), ...(this.#found?.rows ?? [])];
    this.#is.draw.fill(rows);
    this.#say(rows.length);
    const left = Math.max(0, this.#is.total - this.#rows.length);
    this.#offer(left);
  }

  #offer(left) {
    const { t, tn } = this.#page;
    const open = !this.#walk.ended && this.#rows.length > 0;
    this.#more.hidden = !open || this.#needle !== '';
    this.#more.textContent = t('Show {n} more', { n: Math.min(PAGE, left || PAGE) });
    this.#rest.hidden = !open || this.#needle === '' || this.#found !== null;
    this.#rest.textContent = this.#unit.rest(tn, left);
    this.#stop.hidden = this.#running === null;
    this.#search.closest('.userlink-tools').hidden = this.#is.total === 0;
  }

  #say(shown) {
    const text = this.#sentence(shown);
    if (this.#covers.textContent !== text) this.#covers.textContent = text;
  }

  #sentence(shown) {
    const { t, tn } = this.#page;
    const loaded = this.#rows.length;
    const { total } = this.#is;
    if (this.#needle === '') {
      if (!this.#walk.ended) return loaded === 0 ? t('Loading …') : this.#unit.first(tn, total, shown);
      return loaded === total ? this.#unit.count(tn, loaded) : this.#unit.differs(t, loaded, total);
    }
    if (this.#walk.ended || this.#found?.ended) return shown === 0 ? this.#unit.none(t) : this.#unit.match(tn, shown);
    const seen = loaded + (this.#found?.seen ?? 0);
    if (this.#running) return this.#unit.searching(t, shown, seen, total);
    return this.#unit.among(tn, shown, seen, total);
  }
}

/** Aborted as soon as one of the two is. (AbortSignal.any is too young for some browsers.) */
function linked(...signals) {
  const both = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) both.abort();
    signal.addEventListener('abort', () => both.abort(), { once: true });
  }
  return both.signal;
}
