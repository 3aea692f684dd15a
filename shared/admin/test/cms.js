// SPDX-License-Identifier: GPL-2.0-or-later
// A CMS for tests: serves a page with the element under a strict content security policy, and relays to a sidecar
// that is a plain object (World). Nothing here is timed: a test changes the world and waits for what the page shows.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';

const ADMIN = new URL('../', import.meta.url);
const TYPES = { '.js': 'text/javascript', '.css': 'text/css' };
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-src 'none'";
export const NOW = '2026-01-31T12:02:00Z';

export const job = (over = {}) => ({
  job: '0192f0c4-7e5a-7c3e-9a55-0f6f5a1b2c3d', site: 'main', mode: 'preview', state: 'done', checked: 0, total: 0,
  already_linked: 0, linked: 0, created: 0, updated: 0, conflicts: 0, skipped: 0, failed: 0, undone: 0, kept: 0, repaired: 0, message: '', slowed: '', error: '', preview: '',
  finding: '', undoes: '', undone_by: '',
  actor_user_id: 1, owner: 'web:1', created_at: '2026-01-31T11:59:50Z', started_at: '2026-01-31T11:59:50Z', updated_at: '2026-01-31T12:00:00Z', finished_at: '2026-01-31T12:00:00Z', ...over,
});

export const status = (over = {}) => ({ version: '0.1.0', site: 'main', cms: 'wordpress', users: 0, linked: 0, not_linked: 0, conflicts: 0, left_alone: 0, job: null, last_apply: null, ...over });

/** A refusal of the sidecar. */
export const refusal = (http, code, more = {}) => ({ status: http, body: { error: { code, message: 'for a person', request_id: 'req-7f3a9c' }, ...more } });

const REASON = { linked: 'email_primary', created: 'no_contact', updated: 'email_changed', conflict: 'name_stale', failed: 'row_unreadable', skipped: 'user_gone', already_linked: 'link_exists', undone: 'taken_back', kept: 'contact_used', repaired: 'user_linked' };
const FIRST = ['Ada', 'José', 'Zoë', 'Mehmet', 'Grace', 'Oluwaseun', 'Ingrid', 'Björn', 'Mei', 'Amir'];
const LAST = ['Lovelace', 'García', 'Müller', 'Yılmaz', 'Hopper', 'Adeyemi', 'Nyström', 'Łukasz', 'Chen', 'Haddad'];

/** The users of a job in the order of its counters; user n is the same at every call. */
export function itemOf(outcome, n) {
  const first = FIRST[n % 10];
  const last = LAST[Math.floor(n / 10) % 10];
  const plain = `${first}.${last}.${n}`.normalize('NFD').replace(/[^\w.]/g, '').toLowerCase();
  const known = ['linked', 'updated', 'already_linked', 'undone', 'kept', 'repaired'].includes(outcome);
  return {
    user_id: n, username: plain, email: `${plain}@example.org`, name: `${first} ${last}`, outcome, reason: REASON[outcome],
    contact_id: known ? 2000 + n : null, contact_name: known ? `${first} ${last}` : '', other_user_id: outcome === 'conflict' ? 17 : null,
  };
}

const COUNTERS = [['linked', 'linked'], ['created', 'created'], ['updated', 'updated'], ['undone', 'undone'], ['repaired', 'repaired'], ['kept', 'kept'], ['conflict', 'conflicts'], ['failed', 'failed'], ['skipped', 'skipped'], ['already_linked', 'already_linked']];

/** A page of the items of a job without making the whole list: a million users are no more work than ten. */
function itemsPage(of, { outcome = '', after = '0', limit = '100' }) {
  const parts = COUNTERS.filter(([name]) => outcome === '' || outcome === name).map(([name, counter]) => [name, of[counter]]);
  const total = parts.reduce((sum, [, n]) => sum + n, 0);
  const from = Number(after);
  const to = Math.min(total, from + Number(limit));
  const items = [];
  for (let i = from; i < to; i += 1) items.push(at(parts, i));
  return { items, next_after: to < total ? String(to) : null };
}

function at(parts, index) {
  let rest = index;
  for (const [outcome, n] of parts) {
    if (rest < n) return itemOf(outcome, index + 42);
    rest -= n;
  }
  throw new Error('beyond the list');
}

/** What the sidecar knows. A test changes it at will; `answers` overrides a route: a function of the message, or an answer. */
export class World {
  status = status();
  jobs = [];
  conflicts = [];
  leftAlone = [];
  findings = [];
  users = {};
  answers = {};
  calls = [];
  items = itemsPage;

  answer(message) {
    this.calls.push(message);
    const route = `${message.method} ${message.path}`;
    const set = this.answers[route] ?? this.answers['*'];
    const given = typeof set === 'function' ? set(message) : set;
    return given ?? this.#route(message);
  }

  #route({ method, path, query }) {
    const ok = (body) => ({ status: 200, body });
    const of = this.jobs.find((each) => path.includes(each.job));
    if (path === '/v1/status') return ok(this.status);
    if (path === '/v1/conflicts') return ok(slice(query.list === 'left_alone' ? this.leftAlone : this.conflicts, 'conflicts', query));
    if (path === '/v1/health') return ok({ findings: this.findings, checked_at: NOW });
    if (path.startsWith('/v1/health/')) return ok(this.#concerned(path.slice(11), query));
    if (path === '/v1/users') return ok({ users: Object.values(this.users).map(({ user }) => user).filter((user) => [String(user.id), user.username, user.email].includes(query.find)) });
    if (path.endsWith('/explain')) return this.users[path.split('/')[3]] ? ok(this.users[path.split('/')[3]]) : refusal(404, 'not_found');
    if (path === '/v1/syncs' && method === 'GET') return ok(slice(this.jobs, 'jobs', query));
    if (of && path.endsWith('/items')) return ok(this.items(of, query));
    if (of && method === 'GET') return ok(of);
    return refusal(404, 'not_found');
  }

  /** Whom a finding concerns, as a repair's preview would list them. */
  #concerned(finding, query) {
    const { count } = this.findings.find((each) => each.finding === finding);
    return this.items(job({ repaired: count }), query);
  }
}

/** A page of a list that is there as a whole. */
function slice(list, name, { after = '0', limit = '100' }) {
  const to = Number(after) + Number(limit);
  return { [name]: list.slice(Number(after), to), total: list.length, next_after: to < list.length ? String(to) : null };
}

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

function html(config, { lang = 'en', dark = false, css = [] }) {
  const sheets = ['/page.css', '/admin/userlink-admin.css?ver=1', ...css].map((href) => `<link rel="stylesheet" href="${href}">`).join('');
  return `<!doctype html><html lang="${lang}" class="${dark ? 'dark' : ''}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Synchronize Users to Contacts</title>${sheets}
<script type="module" src="/admin/userlink-admin.js?ver=1"></script></head><body class="wp-core-ui"><main class="wrap"><h1>Synchronize Users to Contacts</h1><userlink-admin config="${escape(JSON.stringify(config))}"></userlink-admin></main></body></html>`;
}

const PAGE_CSS = `html{color-scheme:light;background:#f0f0f1;color:#1d2327;font:14px/1.5 "DejaVu Sans",sans-serif}
html.dark{color-scheme:dark;background:#1d2327;color:#f0f0f1;--userlink-accent:#72aee6}html.dark .userlink-primary{color:#101517}
body{margin:0;background:inherit}main{padding:1.5rem clamp(.75rem,3vw,2.5rem) 3rem}h1{margin:0 0 1.25rem;font-size:1.6rem;font-weight:400;line-height:1.3}`;

export const CONFIG = {
  endpoint: '/relay', headers: { 'X-Form-Token': 'abc' }, texts: {}, waiting: 4,
  links: { contact: '/civicrm/contact/view?cid={id}', user: '/user-edit?id={id}', changelog: '/civicrm/search?changelog=1', settings: '/settings' },
};

/** extra: path → {type, body} of further files. */
export async function serve(world, extra = {}) {
  let shown = { config: CONFIG, look: {} };
  const seen = { headers: {}, files: [] };
  const server = createServer((request, response) => {
    handle(request, response).catch((error) => response.destroy(error));
  });

  async function handle(request, response) {
    const { pathname } = new URL(request.url, 'http://cms');
    const send = (http, type, body, headers = {}) => response.writeHead(http, { 'Content-Type': type, 'Cache-Control': 'no-store', Date: new Date(NOW).toUTCString(), ...headers }).end(body);
    if (pathname === '/') return send(200, 'text/html; charset=utf-8', html(shown.config, shown.look), { 'Content-Security-Policy': CSP });
    if (pathname === '/page.css') return send(200, 'text/css', PAGE_CSS);
    if (extra[pathname]) return send(200, extra[pathname].type, extra[pathname].body);
    if (pathname === '/relay') return relay(request, send, response);
    if (pathname.startsWith('/admin/')) {
      seen.files.push(request.url);
      return send(200, TYPES[extname(pathname)] ?? 'text/plain', await readFile(new URL(pathname.slice(7), ADMIN)));
    }
    return send(404, 'text/plain', 'not here');
  }

  async function relay(request, send, response) {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.headers = request.headers;
    const answer = await world.answer(JSON.parse(body));
    if (answer.cut) return response.destroy();
    return send(answer.status, answer.type ?? 'application/json', typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  }

  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  const show = (config = {}, look = {}) => { shown = { config: { ...CONFIG, ...config }, look }; };
  return { url: `http://127.0.0.1:${server.address().port}/`, seen, show, close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }) };
}
