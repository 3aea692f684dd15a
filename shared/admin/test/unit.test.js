// SPDX-License-Identifier: GPL-2.0-or-later
// The parts that need no browser: node --test shared/admin/test/unit.test.js
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { BOM, cell, line } from '../csv.js';
import { codeOf, explain, explained, passing } from '../errors.js';
import { collect, pages, plain } from '../list.js';
import { chain } from '../items.js';
import { about, ended, isPreview, name, named, touched, underWay, undoable } from '../modes.js';
import * as findings from '../findings.js';
import { OUTCOMES, advice, advised, because, isKnown, known, slowed, was, what, why, willBe } from '../reasons.js';
import { fill, language, timeLeft, translator } from '../text.js';
import * as csv from '../csv.js';

const here = (path) => new URL(path, import.meta.url);
const english = translator({}, 'en');

// ---- text

test('placeholders are filled, also by nodes, and a missing value stays visible', () => {
  assert.deepEqual(fill('a {b} c {d}', { b: 1 }), ['a ', 1, ' c ', '{d}']);
  const node = { cloneNode: () => 'copy' };
  assert.deepEqual(english.t.rich('{x} and {x}', { x: node }), ['copy', ' and ', 'copy']);
  assert.equal(english.t('{n} of {total}', { n: 1234567, total: '1042' }), '1,234,567 of 1042', 'numbers are grouped, ids are not');
  assert.equal(english.t('{a}', { a: '{b}', b: 'x' }), '{b}', 'a value is not read again');
});

test('plural: English, two forms, categories', () => {
  const say = (texts, lang, n) => translator(texts, lang).tn('{n} user', '{n} users', n);
  assert.deepEqual([0, 1, 2].map((n) => say({}, 'en', n)), ['0 users', '1 user', '2 users']);
  assert.deepEqual([0, 1, 2].map((n) => say({}, 'fr', n)), ['0 users', '1 user', '2 users'], 'untranslated stays English');
  const french = { '{n} user': '{n} utilisateur', '{n} users': '{n} utilisateurs' };
  assert.deepEqual([0, 1, 2].map((n) => say(french, 'fr', n)), ['0 utilisateur', '1 utilisateur', '2 utilisateurs']);
  const polish = { '{n} users': { one: '{n} użytkownik', few: '{n} użytkownicy', many: '{n} użytkowników', other: '{n} użytkownika' } };
  assert.deepEqual([1, 3, 5, 22].map((n) => say(polish, 'pl', n)), ['1 użytkownik', '3 użytkownicy', '5 użytkowników', '22 użytkownicy']);
});

test('language: as the CMSs write it', () => {
  assert.equal(language('de_DE'), 'de-DE');
  assert.equal(language('pt-br'), 'pt-BR');
  assert.equal(language(''), 'en');
  assert.equal(language('not a language'), 'en');
  assert.equal(translator({}, 'de-DE').number(1000000), '1.000.000');
  assert.equal(translator([], 'de').t('Preview'), 'Preview', 'PHP writes an empty table as []');
  assert.equal(translator({}, 'en').t('constructor'), 'constructor');
});

test('times', () => {
  const now = Date.parse('2026-01-31T12:00:00Z');
  const ago = (iso) => english.ago(iso, now);
  assert.equal(ago('2026-01-31T11:59:30Z'), 'now');
  assert.equal(ago('2026-01-31T12:05:00Z'), 'now', 'clocks that differ do not give "in 5 minutes"');
  assert.equal(ago('2026-01-31T11:58:00Z'), '2 minutes ago');
  assert.equal(ago('2026-01-31T09:00:00Z'), '3 hours ago');
  assert.equal(ago('2026-01-29T12:00:00Z'), '2 days ago');
  assert.equal(translator({}, 'de').ago('2026-01-31T11:58:00Z', now), '2 minutes ago', 'English sentences, English words');
  assert.equal(translator({ a: 'b' }, 'de').ago('2026-01-31T11:58:00Z', now), 'vor 2 Minuten');
  assert.deepEqual([1, 18, 56, 61, 5399, 5401].map(english.duration), ['5 seconds', '20 seconds', '1 minute', '2 minutes', '90 minutes', '2 hours']);
  assert.equal(english.dateTime(null), '');
});

test('time left is said only when it means something', () => {
  const seen = (seconds, from, to) => [{ at: 0, checked: from }, { at: seconds * 1000, checked: to }];
  assert.equal(timeLeft(seen(10, 0, 500), 1000), 10);
  assert.equal(timeLeft(seen(2.9, 0, 500), 1000), null, 'three seconds of watching');
  assert.equal(timeLeft(seen(10, 0, 49), 1000), null, 'five percent');
  assert.equal(timeLeft(seen(10, 500, 500), 1000), null, 'nothing moved');
  assert.equal(timeLeft(seen(10, 0, 1000), 1000), null, 'all done');
  assert.equal(timeLeft(seen(10, 0, 0), 0), null);
  assert.equal(timeLeft([], 1000), null);
  assert.equal(timeLeft(seen(10, 900, 950), 1000), 10, 'picked up late: the pace that was watched counts');
});

// ---- CSV

test('CSV: RFC 4180', () => {
  assert.equal(line(['a', 1, null, undefined, '']), 'a,1,,,\r\n');
  assert.equal(cell('say "hi"'), '"say ""hi"""');
  assert.equal(cell('a,b'), '"a,b"');
  assert.equal(cell('a\r\nb'), '"a\r\nb"');
  assert.equal(cell('José 😀'), 'José 😀');
});

test('CSV: nothing that a stranger typed in runs as a formula', () => {
  for (const start of ['=', '+', '-', '@', '\uFF1D', '\uFF0B', '\uFF0D', '\uFF20']) {
    assert.match(cell(`${start}1+1`), /^"?'/, start);
    assert.match(cell(`  ${start}1+1`), /^"?'/, `blanks and ${start}`);
    assert.match(cell(`a;${start}1+1`), /;'/, `a cell that begins behind a semicolon: ${start}`);
    assert.match(cell(`a\n${start}1+1`), /\n'/, `a row that begins behind a line break: ${start}`);
  }
  for (const start of ['\t', '\r', '\n']) assert.match(cell(`${start}x`), /^"'/);
  assert.equal(cell('jane+news@example.org'), 'jane+news@example.org');
  assert.equal(cell(42), '42');
});

test('CSV: the whole list, page by page', async () => {
  const asked = [];
  const read = async (query) => {
    asked.push(query);
    const from = Number(query.after ?? 0);
    return { rows: [from, from + 1], next_after: from < 4 ? String(from + 2) : null };
  };
  const progress = [];
  const parts = await collect(read, ['n'], (n) => [n], csv, (n) => progress.push(n));
  assert.equal(parts.join(''), `${BOM}n\r\n0\r\n1\r\n2\r\n3\r\n4\r\n5\r\n`);
  assert.deepEqual(asked, [{ limit: '500' }, { limit: '500', after: '2' }, { limit: '500', after: '4' }]);
  assert.deepEqual(progress, [2, 4, 6]);
});

test('pages: an empty list, a list without next_after', async () => {
  const walk = pages(async () => ({ rows: [] }));
  assert.deepEqual(await walk.next(10), []);
  assert.equal(walk.ended, true);
});

test('several lists as one: whole pages, no row lost, none twice', async () => {
  const lists = { a: 3, b: 0, c: 5 };
  const asked = [];
  const read = async (list, { after = '0', limit }) => {
    asked.push(`${list} ${after} ${limit}`);
    const to = Math.min(lists[list], Number(after) + Number(limit));
    return { rows: Array.from({ length: to - Number(after) }, (_, i) => `${list}${Number(after) + i}`), next_after: to < lists[list] ? String(to) : null };
  };
  const walk = pages(chain(['a', 'b', 'c'], read));
  assert.deepEqual(await walk.next(2), ['a0', 'a1']);
  assert.deepEqual(await walk.next(4), ['a2', 'c0', 'c1', 'c2']);
  assert.deepEqual(await walk.next(4), ['c3', 'c4']);
  assert.equal(walk.ended, true);
  assert.deepEqual(asked, ['a 0 2', 'a 2 4', 'b 0 3', 'c 0 3', 'c 3 4']);
  assert.deepEqual(await pages(chain([], read)).next(4), []);
});

test('search looks through case and accents', () => {
  assert.equal(plain('JOSÉ Ångström'), 'jose angstrom');
  assert.equal(plain(null), '');
});

// ---- reasons

/** The table of reasons in the contract: [outcome, reason] of every row; a row may name several reasons. */
function contractReasons() {
  const page = readFileSync(here('../../README.md'), 'utf8');
  const table = page.slice(page.indexOf('### Reasons'), page.indexOf('## 5.'));
  return [...table.matchAll(/^\| (\w+) \| ((?:`\w+`(?:, )?)+) \|/gm)].flatMap(([, outcome, reasons]) => reasons.replaceAll('`', '').split(', ').map((reason) => `${outcome} ${reason}`));
}

test('every reason of the contract has a sentence, and no other has', () => {
  const contract = contractReasons();
  assert.ok(contract.length > 20, 'the table was found');
  assert.deepEqual(known().sort(), contract.sort());
});

test('every conflict of the contract has advice', () => {
  const conflicts = contractReasons().filter((pair) => pair.startsWith('conflict ')).map((pair) => pair.slice(9));
  assert.deepEqual(advised().sort(), conflicts.sort());
  for (const reason of [...conflicts, 'a_reason_of_tomorrow']) {
    const said = advice(reason, { email: 'jane@example.org', other: 'user 17' }, english.t);
    assert.doesNotMatch(`${said.happened}${said.means}${said.todo}`, /[{}]|undefined/);
    assert.ok(said.happened && said.means);
  }
});

test('every sentence fills its placeholders and shows no code', () => {
  for (const pair of known()) {
    const [outcome, reason] = pair.split(' ');
    assert.doesNotMatch(why(outcome, reason, { email: 'e', other: 'user 17' }, english.t), /[{}_]/);
  }
  assert.match(why('linked', 'something_new', {}, english.t), /update the plugin/);
  for (const { outcome } of OUTCOMES) {
    for (const n of [1, 2]) assert.match(`${willBe(outcome, n, english.tn)} ${was(outcome, n, english.tn)}`, new RegExp(`^${n} .* ${n} `));
    assert.ok(what(outcome, true, english.t) && what(outcome, false, english.t));
  }
  assert.equal(what('something_new', false, english.t), 'Something else');
});

test('a reason of the journal, without its outcome', () => {
  assert.equal(because('email_primary', english.t), 'It is the contact’s primary email.');
  assert.equal(because('name_stale', english.t), '', 'that sentence needs to know whose record it is');
  assert.equal(because('of_tomorrow', english.t), '');
  assert.equal(isKnown('linked', 'email_primary'), true);
  assert.equal(isKnown('of_tomorrow', 'x'), false);
});

test('why it is slow: the sidecar’s words, never its codes', () => {
  const german = translator({ 'the database server is busy': 'der Datenbankserver ist ausgelastet' }, 'de').t;
  assert.equal(slowed('the database server is busy', german), 'der Datenbankserver ist ausgelastet');
  assert.equal(slowed('Threads_running is 40', english.t), 'Threads_running is 40');
  assert.equal(slowed('some_code', english.t), 'the site is busy');
  const said = readFileSync(here('../../../sidecar/fullsync/brake.go'), 'utf8');
  for (const [, words] of said.matchAll(/^\t\w+\s+= "(the [^"]+)"$/gm)) assert.notEqual(slowed(words, (text) => `${text}!`), words, 'every reason of the sidecar can be translated');
});

// ---- jobs

const contract = readFileSync(here('../../README.md'), 'utf8');

test('every mode of the contract has its own words, and one of tomorrow has some', () => {
  const line = /^- `mode`: (.*)$/m.exec(contract)[1];
  const modes = [...line.matchAll(/`(\w+)`/g)].map((found) => found[1]).filter((word) => word !== 'paused');
  assert.equal(modes.length, 7);
  const names = modes.map((mode) => name({ mode }, english.t));
  assert.equal(new Set(names).size, modes.length, names.join(', '));
  for (const mode of [...modes, 'polish', 'polish_preview', 'constructor']) {
    const job = { mode, state: 'running' };
    const words = [name(job, english.t), named(job, 'Monday', english.t), underWay(job, english.t), underWay({ ...job, state: 'paused' }, english.t), about(job).previewed(english.t),
      about(job).apply(english.tn, 1), about(job).apply(english.tn, 2), about(job).cancelled(english.t), about(job).stopped(english.t, 'Because.')];
    for (const said of words) assert.doesNotMatch(said, /[{}_]|undefined/, mode);
    assert.equal(isPreview(job), mode.endsWith('preview'));
  }
});

test('what can be undone', () => {
  const job = (over) => ({ state: 'done', linked: 0, created: 0, updated: 0, undone: 0, repaired: 0, ...over });
  const can = (over) => undoable(job(over));
  assert.equal(can({ mode: 'apply', linked: 1 }), true);
  assert.equal(can({ mode: 'apply', linked: 1, state: 'cancelled' }), true, 'what was written stays, so it can be taken back');
  assert.equal(can({ mode: 'apply', linked: 1, state: 'running' }), false);
  assert.equal(can({ mode: 'apply' }), false, 'it wrote nothing');
  assert.equal(can({ mode: 'preview', linked: 1 }), false);
  assert.equal(can({ mode: 'repair', repaired: 1 }), true);
  assert.equal(can({ mode: 'undo', undone: 1 }), true);
  assert.equal(can({ mode: 'undo_preview', undone: 1 }), false);
  assert.equal(can({ mode: 'resolution' }), true);
  assert.equal(touched({ linked: 1, created: 2, updated: 3 }), 6, 'an older sidecar has fewer counters');
  assert.deepEqual(['queued', 'running', 'paused', 'cancelling', 'cancelled', 'done', 'failed'].filter((state) => ended({ state })), ['cancelled', 'done', 'failed']);
});

test('every finding of the contract has a name', () => {
  const table = contract.slice(contract.indexOf('| finding | what |'));
  const codes = [...table.slice(0, table.indexOf('\n\n')).matchAll(/^\| `(\w+)` \|/gm)].map((found) => found[1]);
  assert.ok(codes.length >= 8);
  assert.deepEqual(findings.known().sort(), codes.sort());
  for (const code of [...codes, 'of_tomorrow']) assert.doesNotMatch(findings.title(code, english), /_/);
});

// ---- errors

test('whose error it is', () => {
  const of = (status, text, redirected = false) => {
    let json = null;
    try { json = JSON.parse(text); } catch { /* not JSON */ }
    return codeOf(status, json, text, redirected);
  };
  assert.equal(of(401, '{"error":{"code":"token_expired"}}'), 'token_expired', 'the sidecar’s own word first');
  assert.equal(of(403, '{"code":"rest_cookie_invalid_nonce","message":"Cookie check failed"}'), 'session_expired');
  assert.equal(of(403, '{"code":"rest_forbidden","message":"Sorry, you are not allowed to do that."}'), 'forbidden');
  assert.equal(of(401, '{"code":"rest_forbidden"}'), 'session_expired', 'nobody is logged in');
  assert.equal(of(403, '-1'), 'session_expired');
  assert.equal(of(400, '0'), 'session_expired');
  assert.equal(of(403, '{"message":"X-CSRF-Token request header is invalid"}'), 'session_expired');
  assert.equal(of(403, '{"message":"The security token did not match."}'), 'session_expired');
  assert.equal(of(403, '{"message":"The ‘administer users’ permission is required."}'), 'forbidden');
  assert.equal(of(200, '<html>log in</html>', true), 'session_expired');
  assert.equal(of(200, 'Warning: x'), 'answer_unreadable');
  assert.equal(of(500, 'oh'), 'cms_error');
});

test('every code of the contract that an admin page can meet is explained', () => {
  const page = readFileSync(here('../../README.md'), 'utf8');
  const tokens = [...page.slice(page.indexOf('## 2.'), page.indexOf('## 3.')).matchAll(/`(token_\w+)`/g)].map((m) => m[1]);
  const relay = ['sidecar_unreachable', 'not_configured'];
  for (const code of [...tokens, ...relay, 'sync_running', 'sync_state', 'choice_invalid', 'database_unavailable', 'not_found']) assert.ok(explained().includes(code), code);
  for (const code of [...explained(), 'whatever', 'constructor', '']) {
    const said = explain({ code, requestId: 'r1', waiting: 4 }, english.t, english.tn);
    assert.ok(said.title && said.text.length > 0, code);
    assert.doesNotMatch([said.title, ...said.text, ...said.checks].join(' '), /[{}_]/);
    assert.equal(said.requestId, 'r1');
    if (passing(code)) assert.equal(said.action, 'again', code);
  }
  assert.match(explain({ code: 'sidecar_unreachable', waiting: 1 }, english.t, english.tn).text.join(' '), /1 change of a user waits/);
});

// ---- translation

const SOURCES = readdirSync(here('..')).filter((name) => name.endsWith('.js'));
const QUOTED = "'((?:[^'\\\\]|\\\\.)*)'";

/** t('…'), t.rich('…'), tn('…', '…'), tn.rich('…', '…') in all files → "text" or "text\nplural". */
function usedTexts() {
  const used = new Set();
  for (const name of SOURCES) {
    const source = readFileSync(here(`../${name}`), 'utf8');
    for (const [, call, one, many] of source.matchAll(new RegExp(`\\b(tn?)(?:\\.rich)?\\(\\s*${QUOTED}(?:\\s*,\\s*${QUOTED})?`, 'g'))) {
      used.add(call === 'tn' ? `${one}\n${many}` : one);
    }
    // A text that is put together where it is used could not be found, neither here nor by a translator.
    if (name !== 'text.js') for (const [found] of source.matchAll(/\bt(?:\.rich)?\((?!\s*')[^)]*\)?/g)) assert.fail(`${name}: ${found} has no literal text`);
  }
  return used;
}

test('texts.json lists exactly what the page says', () => {
  const listed = JSON.parse(readFileSync(here('../texts.json'), 'utf8'));
  const keys = listed.map(({ text, plural }) => (plural ? `${text}\n${plural}` : text));
  assert.equal(new Set(keys).size, keys.length, 'no text twice');
  assert.deepEqual([...new Set(keys)].sort(), [...usedTexts()].sort());
  for (const { text, plural, comment } of listed) {
    if (/\{/.test(text) || text.split(' ').length <= 2) assert.ok(comment, `a translator cannot guess: ${text}`);
    // Some languages use the singular for 21, 31 …: both forms must carry the number.
    if (plural) assert.ok(text.includes('{n}') && plural.includes('{n}'), text);
  }
});
