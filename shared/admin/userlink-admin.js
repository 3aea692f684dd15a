// SPDX-License-Identifier: GPL-2.0-or-later
// <userlink-admin>: the one page that every CMS shows. The CMS sets endpoint, headers, texts, links, waiting and
// perhaps classes (or all of them as JSON in the attribute "config"); see README.md beside this file.

const PARTS = [
  'text', 'dom', 'csv', 'modes', 'units', 'reasons', 'findings', 'errors', 'relay', 'list', 'items', 'problem', 'face', 'views', 'work',
  'rest', 'sync', 'decision', 'conflicts', 'health', 'explained', 'explain', 'history',
];

// Browsers keep each file by its full address. The CMS puts the version behind the name of this file (?ver=1.2); the
// parts get the same, so that an update never mixes files of two versions. That is why nothing here is a plain import.
const version = new URL(import.meta.url).search;
const loadPart = async (name) => [name, await import(new URL(`./${name}.js${version}`, import.meta.url).href)];

/** A new tab is a line here: its name (status: what is known of the sidecar's) and its view. */
const TABS = [
  { id: 'sync', label: ({ t }) => t('Sync'), view: (parts) => parts.sync.SyncTab },
  { id: 'conflicts', label: ({ t }, status) => (status.conflicts > 0 ? t('Conflicts ({n})', { n: status.conflicts }) : t('Conflicts')), view: (parts) => parts.conflicts.ConflictsTab },
  { id: 'health', label: ({ t }, status) => (status.findings > 0 ? t('Health ({n})', { n: status.findings }) : t('Health')), view: (parts) => parts.health.HealthTab },
  { id: 'explain', label: ({ t }) => t('Find a user'), view: (parts) => parts.explain.ExplainTab },
  { id: 'history', label: ({ t }) => t('History'), view: (parts) => parts.history.HistoryTab },
];

const NAMES = ['endpoint', 'headers', 'texts', 'links', 'waiting', 'classes'];

/** Attribute first, properties over it. */
function configuration(element) {
  const config = { endpoint: '', headers: {}, texts: {}, links: {}, waiting: 0, classes: {}, ...JSON.parse(element.getAttribute('config') || '{}') };
  for (const name of NAMES) if (element[name] !== undefined) config[name] = element[name];
  return config;
}

function define(parts) {
  class UserlinkAdmin extends HTMLElement {
    #tabs = []; #page; #spoken; #selected = ''; #status = {};

    connectedCallback() {
      const config = configuration(this);
      this.#page = this.#build(config);
      this.#draw();
      this.select(TABS[0].id);
    }

    disconnectedCallback() {
      for (const tab of this.#tabs) tab.view.close();
    }

    /** All that a view may know. */
    #build(config) {
      const { call, now } = parts.relay.relay(config, parts.errors.codeOf);
      const { el, foreign, email, link, address, save, pieces } = parts.dom;
      return {
        ...parts, ...parts.text.translator(config.texts ?? {}, this.closest('[lang]')?.lang), ...pieces(config.classes),
        el, foreign, email, link, address, save, call, now,
        repeat: parts.relay.repeat, backoff: parts.relay.backoff, isAbort: parts.relay.isAbort,
        problem: (failure, again) => parts.problem.problem(this.#page, failure, again),
        links: config.links ?? {}, waiting: Number(config.waiting) || 0,
        status: (status) => this.#name(status),
        open: (id, options) => this.select(id, { acted: true, ...options }),
        announce: (text) => { this.#spoken.textContent = text; },
      };
    }

    #draw() {
      const { el, look, join } = this.#page;
      this.#tabs = TABS.map((entry) => {
        const panel = el('div', { role: 'tabpanel', id: `userlink-panel-${entry.id}`, 'aria-labelledby': `userlink-tab-${entry.id}`, class: 'userlink-panel', hidden: true });
        const tab = el('button', { type: 'button', role: 'tab', id: `userlink-tab-${entry.id}`, 'aria-controls': panel.id, onclick: () => this.select(entry.id) });
        const View = entry.view(parts);
        return { ...entry, tab, panel, view: new View(this.#page, panel) };
      });
      this.#spoken = el('div', { class: 'userlink-spoken', 'aria-live': 'polite' });
      const list = el('div', { role: 'tablist', class: join('userlink-tabs', look.tabs), 'aria-label': this.#page.t('Synchronize Users to Contacts'), onkeydown: (event) => this.#keys(event) }, this.#tabs.map((each) => each.tab));
      this.replaceChildren(list, ...this.#tabs.map((each) => each.panel), this.#spoken);
      this.#name({});
    }

    /** Writes the names of the tabs, with what is known by now of their contents. */
    #name(status) {
      Object.assign(this.#status, status);
      for (const each of this.#tabs) {
        const label = each.label(this.#page, this.#status);
        if (each.tab.textContent !== label) each.tab.textContent = label;
      }
    }

    select(id, options = {}) {
      const { look, join } = this.#page;
      this.#tabs.find((each) => each.id === this.#selected)?.view.close();
      this.#selected = id;
      for (const each of this.#tabs) {
        const on = each.id === id;
        each.tab.setAttribute('aria-selected', String(on));
        each.tab.tabIndex = on ? 0 : -1;
        each.tab.className = join('userlink-tab', look.tab, on && look.tabActive);
        each.panel.hidden = !on;
      }
      this.#tabs.find((each) => each.id === id).view.open(options);
    }

    #keys(event) {
      const at = this.#tabs.findIndex((each) => each.id === this.#selected);
      const forward = getComputedStyle(this).direction === 'rtl' ? -1 : 1;
      const last = this.#tabs.length - 1;
      const to = { ArrowRight: at + forward, ArrowLeft: at - forward, Home: 0, End: last }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      const next = this.#tabs[(to + last + 1) % (last + 1)];
      this.select(next.id);
      next.tab.focus();
    }
  }
  customElements.define('userlink-admin', UserlinkAdmin);
}

try {
  define(Object.fromEntries(await Promise.all(PARTS.map(loadPart))));
} catch (error) {
  // No part, no translation: plain English is better than an empty page.
  for (const element of document.querySelectorAll('userlink-admin')) element.textContent = 'This page could not load all of its files. Reload it; if that does not help, install the plugin again.';
  throw error;
}
