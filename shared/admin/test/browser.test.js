// SPDX-License-Identifier: GPL-2.0-or-later
// Every state of the page in a real browser, against a CMS and a sidecar that are scripted (cms.js).
//   NODE_PATH=…/node_modules node --test shared/admin/test/browser.test.js
// needs playwright-core (and axe-core) in NODE_PATH and a Chromium: CHROMIUM, else /usr/bin/chromium.
// SCREENSHOTS=DIR keeps a picture of every state; SKIN=a.css:b.css shows them in a CMS's own style sheets.
import { after, before, beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';
import { World, CONFIG, itemOf, job, refusal, serve, status } from './cms.js';

const require = createRequire(import.meta.url);
const wanted = (name) => {
  try {
    return require(name);
  } catch {
    return null;
  }
};
const playwright = wanted('playwright-core');
const axe = wanted('axe-core');
const missing = playwright ? false : 'playwright-core is not in NODE_PATH';
if (missing && process.env.USERLINK_BROWSER === 'required') throw new Error(missing);

const SHOTS = process.env.SCREENSHOTS ?? '';
const SKIN = (process.env.SKIN ?? '').split(':').filter(Boolean);
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const SENTENCE = 'Synchronize Users to Contacts completed. Checked 12480 user records. Found 12411 matching contact records. Created 63 new contact records.';
const BIG = { users: 12480, linked: 12104, not_linked: 376, conflicts: 3 };
const PREVIEWED = { checked: 12480, total: 12480, linked: 310, created: 63, conflicts: 3, already_linked: 12104 };

let browser;
let world;
let cms;
let page;
let trouble;

before(async () => {
  if (missing) return;
  browser = await playwright.chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: FLAGS });
  if (SHOTS) mkdirSync(SHOTS, { recursive: true });
});

beforeEach(async () => {
  if (missing) return;
  world = new World();
  await cms?.close();
  cms = await serve(world, Object.fromEntries(SKIN.map((file, i) => [`/skin/${i}.css`, { type: 'text/css', body: readFileSync(file) }])));
});

after(async () => {
  await browser?.close();
  await cms?.close();
});

/** Opens the page. Anything that the browser complains about is a failure at the end of the test. */
async function open({ config = {}, width = 1280, height = 900, lang = 'en', dark = false, clock = false } = {}) {
  cms.show(config, { lang, dark, css: SKIN.map((_, i) => `/skin/${i}.css`) });
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', locale: 'en-US', acceptDownloads: true });
  page = await context.newPage();
  trouble = [];
  page.on('pageerror', (error) => trouble.push(error.message));
  // A refused call is part of many tests; what else the console says is not.
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type()) && !/Failed to load resource/.test(message.text())) trouble.push(message.text()); });
  if (clock) await page.clock.install();
  await page.goto(cms.url);
  await page.getByRole('tab', { name: 'Sync' }).waitFor();
}

const state = (name, work) => test(name, { skip: missing, timeout: 60000 }, async () => {
  try {
    await work();
    assert.deepEqual(trouble, [], 'the browser complained');
  } finally {
    await page?.context().close();
  }
});

const heading = (name) => page.getByRole('heading', { name, exact: true }).waitFor();
const text = (words) => page.getByText(words).first().waitFor();
const press = (name) => page.getByRole('button', { name, exact: true }).click();
const called = (route) => world.calls.filter((call) => `${call.method} ${call.path}` === route).length;
const focused = () => page.evaluate(() => document.activeElement.textContent);
const rows = () => page.locator('tbody tr').count();

/** The page from its top; a list of a hundred rows need not be in the picture to its end. */
async function picture(name) {
  const { width, height } = await page.evaluate(() => ({ width: innerWidth, height: document.documentElement.scrollHeight }));
  await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(height, 1600) } });
}

/** A picture, no sideways scrolling, and no complaint of axe. */
async function look(name) {
  if (SHOTS) await picture(name);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${name}: the page is ${wide} px wider than the window`);
  if (!axe || SKIN.length > 0) return;
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run('main', { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  assert.deepEqual(violations.map((each) => `${each.id}: ${each.nodes.map((node) => `${node.html} ${node.failureSummary}`).join(' | ')}`), [], `${name}: axe`);
}

/** A sidecar that begins a run when it is asked to, and leaves it to the test to move it. */
function runs(route, fresh) {
  world.answers[route] = () => {
    world.jobs.unshift(fresh);
    return { status: 202, body: { ...fresh } };
  };
}

const running = (over = {}) => job({ job: '0192f0c4-aaaa-7c3e-9a55-0f6f5a1b2c3d', state: 'running', total: 12480, finished_at: null, ...over });

function atRest() {
  world.status = status({ ...BIG, last_apply: job({ mode: 'apply', checked: 12400, total: 12400, linked: 60, already_linked: 12340, message: SENTENCE, finished_at: '2026-01-28T09:14:00Z', job: '0192f0c4-0000-7c3e-9a55-0f6f5a1b2c3d' }) });
}

function withPreview(over = {}) {
  world.status = status(BIG);
  world.jobs = [job({ ...PREVIEWED, ...over })];
}

test('accessibility is looked at with axe-core', { skip: missing || (axe ? false : 'axe-core is not in NODE_PATH') }, () => {});

// ---- at rest

state('at rest: the counts, one button, the last synchronization', async () => {
  atRest();
  await open();
  await heading('376 users are not linked yet');
  await page.getByRole('button', { name: '12,480 users' }).waitFor();
  await page.getByRole('tab', { name: 'Conflicts (3)' }).waitFor();
  await text(SENTENCE);
  await text('Nothing is changed by a preview.');
  assert.notEqual(await focused(), '376 users are not linked yet', 'loading does not take the focus');
  assert.equal(cms.seen.headers['x-form-token'], 'abc');
  await look('rest');
  world.conflicts = [1, 2, 3].map((n) => conflict(n, 'email_empty'));
  await press('3 need you');
  await page.getByRole('tab', { name: 'Conflicts (3)', selected: true }).waitFor();
});

state('every part is loaded with the version of the entry', async () => {
  await open();
  await heading('There are no users yet');
  assert.ok(cms.seen.files.length > 5);
  for (const file of cms.seen.files) assert.match(file, /\?ver=1$/);
});

state('empty site', async () => {
  await open();
  await heading('There are no users yet');
  await look('rest-empty');
});

state('everything linked already', async () => {
  world.status = status({ users: 12480, linked: 12480 });
  await open();
  await heading('Every user is linked');
  await look('rest-all-linked');
});

state('only conflicts are left', async () => {
  world.status = status({ users: 10, linked: 9, not_linked: 1, conflicts: 1 });
  await open();
  await heading('1 user needs your decision');
  await look('rest-conflicts-only');
});

state('one user, in the singular', async () => {
  world.status = status({ users: 1, not_linked: 1 });
  world.jobs = [job({ checked: 1, total: 1, created: 1 })];
  await open();
  await text('1 new contact will be created');
  await page.getByRole('button', { name: 'Synchronize 1 user', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Download 1 user as CSV' }).waitFor();
  await look('previewed-one-user');
  await press('Discard');
  await heading('1 user is not linked yet');
  await look('rest-one-user');
});

state('a million users, in the numbers of the page’s language', async () => {
  world.status = status({ users: 1000000, linked: 0, not_linked: 1000000 });
  world.jobs = [job({ checked: 1000000, total: 1000000, created: 1000000 })];
  await open({ lang: 'de' });
  await page.getByRole('button', { name: 'Synchronize 1.000.000 users' }).waitFor();
  await text('The first 100 of 1.000.000 users');
  await look('previewed-million');
});

// ---- preview

state('preview: running, then previewed, with focus on the new heading', async () => {
  atRest();
  runs('POST /v1/syncs', running({ state: 'queued' }));
  await open();
  await press('Preview');
  await heading('The preview is being made');
  assert.deepEqual(world.calls.find((call) => call.method === 'POST').body, { mode: 'preview' });
  assert.equal(await focused(), 'The preview is being made');
  await text('Waiting for its turn …');
  Object.assign(world.jobs[0], { state: 'running', checked: 5000, linked: 120, created: 20 });
  await text('5,000 of 12,480 users');
  await look('preview-running');
  Object.assign(world.jobs[0], { state: 'done', finished_at: '2026-01-31T12:01:30Z', ...PREVIEWED });
  await heading('Preview: what a synchronization would do');
  assert.equal(await focused(), 'Preview: what a synchronization would do');
});

state('preview: cancelled and failed change nothing', async () => {
  atRest();
  runs('POST /v1/syncs', running());
  await open();
  await press('Preview');
  world.answers[`POST /v1/syncs/${running().job}/cancel`] = () => ({ status: 200, body: Object.assign(world.jobs[0], { state: 'cancelled' }) });
  await press('Cancel the preview');
  await text('The preview was cancelled. Nothing was changed.');
  await look('preview-cancelled');
  runs('POST /v1/syncs', running({ job: '0192f0c4-bbbb-7c3e-9a55-0f6f5a1b2c3d' }));
  await press('Preview');
  await heading('The preview is being made');
  Object.assign(world.jobs[0], { state: 'failed', error: 'The database went away.' });
  await text('The preview could not be made: The database went away.');
});

state('previewed: every number opens its list', async () => {
  withPreview();
  await open();
  await heading('Preview: what a synchronization would do');
  await text('This preview was made 2 minutes ago, of 12,480 users.');
  await page.getByRole('button', { name: 'Synchronize 373 users', exact: true }).waitFor();
  await text('The first 100 of 310 users');
  await page.getByRole('button', { name: '310 users will be linked to contacts that exist', pressed: true }).waitFor();
  await look('previewed');
  await press('63 new contacts will be created');
  await page.getByRole('status').filter({ hasText: '63 users' }).waitFor();
  assert.equal(await rows(), 63);
  await page.getByRole('cell', { name: 'No contact has this email.' }).first().waitFor();
  await press('3 users are left alone because they need a decision');
  await page.getByRole('cell', { name: 'This email is recorded in CiviCRM for user 17, who no longer exists.' }).first().waitFor();
  assert.equal(await page.getByRole('link', { name: 'user 17' }).count(), 0, 'a user who is gone has no page');
  await look('previewed-conflicts');
  await press('12,480 users in all');
  await text('The first 100 of 12,480 users');
  await press('Show 100 more');
  await text('The first 200 of 12,480 users');
});

state('previewed: search says what it covers, and can cover everything', async () => {
  withPreview();
  await open();
  await text('The first 100 of 310 users');
  const wanted = itemOf('linked', 42 + 305);
  await page.getByRole('searchbox', { name: 'Search in this list' }).fill(wanted.email.toUpperCase());
  await text('0 matches among the first 100 of 310 users');
  await look('previewed-search');
  await press('Search the other 210 users');
  await page.getByRole('status').filter({ hasText: '1 user matches' }).waitFor();
  assert.equal(await rows(), 1);
  await page.getByRole('searchbox').fill('jose'); // finds José
  await page.getByRole('button', { name: 'Search the other 210 users' }).waitFor();
  assert.ok(await rows() > 0);
  await page.getByRole('searchbox').fill('nobody at all');
  await press('Search the other 210 users');
  await text('Nobody in this list matches.');
});

state('previewed: the download has the whole list, and no formula', async () => {
  withPreview();
  world.items = (of, query) => {
    const from = Number(query.after ?? 0);
    const all = Array.from({ length: 310 }, (_, i) => ({ ...itemOf('linked', i + 1), ...(i === 0 ? { name: '=HYPERLINK("http://x")' } : {}) }));
    const to = from + Number(query.limit);
    return { items: all.slice(from, to), next_after: to < 310 ? String(to) : null };
  };
  await open();
  await text('The first 100 of 310 users');
  const [download] = await Promise.all([page.waitForEvent('download'), press('Download 310 users as CSV')]);
  assert.equal(download.suggestedFilename(), 'userlink-preview-2026-01-31-linked.csv');
  const lines = readFileSync(await download.path(), 'utf8').split('\r\n');
  assert.equal(lines[0], '\uFEFFUser number,User name,Name,Email,What,Contact number,Contact,Why');
  assert.equal(lines.length, 312);
  assert.match(lines[1], /"'=HYPERLINK\(""http:\/\/x""\)"/);
  await page.getByRole('button', { name: 'Download 310 users as CSV' }).waitFor();
});

state('previewed: a list that fails to load says so and leaves the rest', async () => {
  withPreview();
  await open();
  await text('The first 100 of 310 users');
  world.answers['*'] = refusal(500, 'internal');
  await press('Show 100 more');
  await heading('Something went wrong');
  assert.equal(await rows(), 100);
  const { y } = await page.getByRole('button', { name: 'Show 100 more' }).boundingBox();
  assert.ok(y - (await page.getByRole('alert').boundingBox()).y < 300, 'it is said beside the button that was pressed');
  await look('previewed-list-error');
  world.answers = {};
  await press('Show 100 more');
  await text('The first 200 of 310 users');
  assert.equal(await page.getByRole('alert').count(), 0);
});

state('previewed: out of date when the number of users differs', async () => {
  withPreview();
  world.status.users = 12484;
  await open();
  await text('The preview is out of date: there are 12,484 users now, not 12,480.');
  await look('previewed-stale');
  runs('POST /v1/syncs', running());
  await press('Preview again');
  await heading('The preview is being made');
});

state('previewed: it grows old while it is being read', async () => {
  withPreview();
  await open({ clock: true });
  await heading('Preview: what a synchronization would do');
  world.status.users = 12481;
  await page.clock.fastForward(61000);
  await text('The preview is out of date: there are 12,481 users now, not 12,480.');
});

state('previewed: nothing to do', async () => {
  world.status = status({ users: 5, linked: 5 });
  world.jobs = [job({ checked: 5, total: 5, already_linked: 5 })];
  await open();
  await heading('Preview: there is nothing to do');
  assert.equal(await page.getByRole('button', { name: /^Synchronize/ }).count(), 0);
  await look('previewed-nothing');
});

state('discard puts a preview aside, also after a reload', async () => {
  withPreview();
  await open();
  await press('Discard');
  await heading('376 users are not linked yet');
  assert.equal(await focused(), '376 users are not linked yet');
  await page.reload();
  await heading('376 users are not linked yet');
});

// ---- the run

state('apply: progress, time left, slowed down, done with CiviCRM’s sentence', async () => {
  withPreview();
  runs(`POST /v1/syncs/${job().job}/apply`, running({ mode: 'apply', preview: job().job }));
  await open({ clock: true });
  await press('Synchronize 373 users');
  await heading('The synchronization is running');
  assert.equal(called(`POST /v1/syncs/${job().job}/apply`), 1);
  assert.equal(await focused(), 'The synchronization is running');
  Object.assign(world.jobs[0], { checked: 400, linked: 2 });
  await text('400 of 12,480 users');
  assert.equal(await page.getByText(/left$/).count(), 0, 'too early for an honest guess');
  Object.assign(world.jobs[0], { checked: 6000, linked: 201, created: 40, conflicts: 2, already_linked: 5757, slowed: 'the site is busy' });
  await page.clock.fastForward(4000);
  await text('6,000 of 12,480 users');
  await text(/^about \d+ seconds left$/);
  await text('Slowed down: the site is busy');
  await text('You can close this page; the run goes on.');
  assert.equal(await page.getByRole('progressbar').getAttribute('value'), '6000');
  await look('running');
  Object.assign(world.jobs[0], { checked: 12480, state: 'done', slowed: '', linked: 310, created: 63, conflicts: 3, already_linked: 12104, message: SENTENCE, finished_at: '2026-01-31T12:02:00Z' });
  world.status = status({ users: 12480, linked: 12477, not_linked: 3, conflicts: 3, last_apply: world.jobs[0] });
  await page.clock.fastForward(1000);
  assert.equal((await page.getByRole('status').filter({ hasText: 'completed' }).textContent()).trim(), SENTENCE);
  await heading('3 users need your decision');
  assert.equal(await page.getByRole('link', { name: 'Find the new contacts in CiviCRM' }).getAttribute('href'), CONFIG.links.changelog);
  await look('done');
  await page.getByRole('button', { name: 'Report' }).first().click();
  await heading('Synchronization of Jan 31, 2026, 11:59 AM');
  await page.getByRole('cell', { name: 'Linked', exact: true }).first().waitFor();
  await look('report');
});

state('cancel has a second step, and says what stays', async () => {
  withPreview();
  runs(`POST /v1/syncs/${job().job}/apply`, running({ mode: 'apply', checked: 8000, linked: 201, created: 40 }));
  await open();
  await press('Synchronize 373 users');
  await press('Cancel');
  await text('What was written stays, and every user handled so far is complete.');
  assert.equal(await focused(), 'No, go on');
  assert.equal(called(`POST /v1/syncs/${running().job}/cancel`), 0);
  await look('cancel-question');
  await press('No, go on');
  assert.equal(await focused(), 'Cancel');
  world.answers[`POST /v1/syncs/${running().job}/cancel`] = () => ({ status: 200, body: Object.assign(world.jobs[0], { state: 'cancelling' }) });
  await press('Cancel');
  await press('Yes, cancel the synchronization');
  await text('Stopping after the users at hand …');
  assert.equal(await page.getByRole('button', { name: 'Cancel', exact: true }).count(), 0);
  await look('cancelling');
  Object.assign(world.jobs[0], { state: 'cancelled', checked: 8200 });
  await text('The synchronization was cancelled.');
  await text('8,200 of 12,480 users were handled. What was written is complete: nobody is half linked');
  await look('cancelled');
});

state('failed: why, and that what was written is whole', async () => {
  withPreview();
  runs(`POST /v1/syncs/${job().job}/apply`, running({ mode: 'apply' }));
  await open();
  await press('Synchronize 373 users');
  await heading('The synchronization is running');
  Object.assign(world.jobs[0], { state: 'failed', checked: 4000, linked: 90, created: 10, error: 'The disk of the database is full.' });
  await text('The synchronization stopped: The disk of the database is full.');
  await text('nobody is half linked, and nothing has to be cleaned up.');
  await look('failed');
});

state('a run that is under way is picked up, with who began it', async () => {
  world.status = status({ ...BIG, job: running({ mode: 'apply', checked: 3000, linked: 80, actor_user_id: 5 }) });
  world.jobs = [world.status.job];
  await open();
  await text('Started by user 5, 2 minutes ago.');
  await text('3,000 of 12,480 users');
  await look('running-picked-up');
});

state('somebody else was faster: their run is shown', async () => {
  withPreview();
  const theirs = running({ mode: 'apply', actor_user_id: 5, checked: 100 });
  world.answers[`POST /v1/syncs/${job().job}/apply`] = () => {
    world.jobs.unshift(theirs);
    return refusal(409, 'sync_running', { job: theirs });
  };
  await open();
  await press('Synchronize 373 users');
  await text('A run is under way already.');
  await text('Started by user 5, 2 minutes ago.');
  await text('100 of 12,480 users');
  await look('running-somebody-else');
});

state('a poll that fails loses nothing', async () => {
  world.status = status({ ...BIG, job: running({ mode: 'apply', checked: 3000 }) });
  world.jobs = [world.status.job];
  await open({ clock: true });
  await text('3,000 of 12,480 users');
  world.answers[`GET /v1/syncs/${running().job}`] = refusal(502, 'sidecar_unreachable');
  await page.clock.fastForward(1000);
  await text('userlink does not answer; trying again.');
  await text('3,000 of 12,480 users');
  await look('running-connection-lost');
  world.answers[`GET /v1/syncs/${running().job}`] = { cut: true };
  await page.clock.fastForward(2000);
  await text('The connection is lost; trying again.');
  world.answers = {};
  world.jobs[0].checked = 5000;
  await page.clock.fastForward(5000);
  await text('5,000 of 12,480 users');
  assert.equal(await page.getByText('trying again').count(), 0);
});

state('a page that nobody looks at asks seldom, and one that is gone not at all', async () => {
  world.status = status({ ...BIG, job: running() });
  world.jobs = [world.status.job];
  await open({ clock: true });
  await text('0 of 12,480 users');
  const hide = (hidden) => page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  let asked = 0;
  page.on('request', () => { asked += 1; });
  await hide(true);
  const turn = page.waitForResponse(/relay/); // the one that was planned before
  await page.clock.runFor(1000);
  await (await turn).finished();
  asked = 0;
  await page.clock.runFor(8000);
  assert.equal(asked, 0);
  world.jobs[0].checked = 77;
  await hide(false);
  await text('77 of 12,480 users');
  await page.evaluate(() => document.querySelector('userlink-admin').remove());
  asked = 0;
  await page.clock.runFor(30000);
  assert.equal(asked, 0);
});

// ---- errors

state('sidecar not reachable: what waits, what to check, and it tries again by itself', async () => {
  world.answers['*'] = refusal(502, 'sidecar_unreachable');
  await open({ clock: true });
  await heading('userlink is not answering at the address in Settings');
  await text('Registration and login work as always. 4 changes of users wait and will be sent.');
  await text('For the log:');
  await look('unreachable');
  const again = page.waitForResponse(/relay/);
  await page.clock.fastForward(4000);
  await again;
  assert.equal(called('GET /v1/status'), 2);
  world.answers = {};
  atRest();
  await page.clock.fastForward(60000);
  await heading('376 users are not linked yet');
});

state('sidecar not reachable: Try again', async () => {
  world.answers['*'] = refusal(502, 'sidecar_unreachable');
  await open();
  await heading('userlink is not answering at the address in Settings');
  await press('Try again');
  world.answers = {};
  atRest();
  await press('Try again');
  await heading('376 users are not linked yet');
  assert.equal(await focused(), '376 users are not linked yet');
});

const ERRORS = [
  ['not-configured', refusal(502, 'not_configured'), 'userlink is not set up yet', 'Open the settings'],
  ['forbidden', { status: 403, body: { code: 'rest_forbidden', message: 'Sorry, you are not allowed to do that.', data: { status: 403 } } }, 'You may not do this', null],
  ['session-expired', { status: 403, body: { code: 'rest_cookie_invalid_nonce', message: 'Cookie check failed', data: { status: 403 } } }, 'Your session has ended', 'Reload the page'],
  ['session-expired-ajax', { status: 403, body: '-1', type: 'text/html' }, 'Your session has ended', 'Reload the page'],
  ['token-expired', refusal(401, 'token_expired'), 'The clocks do not agree', 'Try again'],
  ['token-invalid', refusal(401, 'token_invalid'), 'The key does not fit', 'Try again'],
  ['token-mismatch', refusal(401, 'token_mismatch'), 'The signature belongs to another call', 'Try again'],
  ['database', refusal(503, 'database_unavailable'), 'userlink cannot reach its database', 'Try again'],
  ['internal', refusal(500, 'internal'), 'Something went wrong', 'Try again'],
  ['unreadable', { status: 200, body: '<b>Warning</b>: something', type: 'text/html' }, 'The site’s answer could not be read', 'Reload the page'],
  ['offline', { cut: true }, 'The web site does not answer', 'Try again'],
];
for (const [name, answer, title, way] of ERRORS) {
  state(`error: ${name}`, async () => {
    world.answers['*'] = answer;
    await open();
    await heading(title);
    if (way) await page.getByText(way, { exact: true }).waitFor();
    if (answer.body?.error) await page.getByText('req-7f3a9c').waitFor();
    await look(`error-${name}`);
  });
}

state('a refused press leaves the page as it was and says why', async () => {
  atRest();
  world.answers['POST /v1/syncs'] = refusal(503, 'database_unavailable');
  await open();
  await press('Preview');
  await heading('userlink cannot reach its database');
  await page.getByRole('button', { name: 'Preview', exact: true }).waitFor();
  await look('press-refused');
});

// ---- conflicts, history

const conflict = (n, reason, over = {}) => ({
  user_id: n, username: `user${n}`, email: `person${n}@example.org`, name: `Person ${n}`, reason, contact_id: null, contact_name: '', other_user_id: null,
  first_seen: '2026-01-28T12:00:00Z', last_seen: '2026-01-31T11:00:00Z', times: 3, ...over,
});

state('conflicts: what happened, what it means, what to do', async () => {
  world.status = status({ ...BIG, conflicts: 10 });
  world.conflicts = [
    conflict(42, 'name_stale', { name: 'Jane Doe', email: 'jane@example.org', other_user_id: 17, contact_id: 203, contact_name: 'Jane Doe' }),
    conflict(43, 'name_held', { other_user_id: 18 }), conflict(44, 'email_held', { other_user_id: 19 }), conflict(45, 'email_empty', { email: '' }),
    conflict(46, 'email_invalid', { email: 'not an email' }), conflict(47, 'email_too_long'), conflict(48, 'name_too_long'), conflict(49, 'linked_twice'),
    conflict(50, 'link_broken', { times: 1 }), conflict(51, 'something_new'),
  ];
  await open();
  await page.getByRole('tab', { name: /Conflicts/ }).click();
  await heading('10 users need your decision');
  await text('CiviCRM has recorded jane@example.org for user 17, who no longer exists.');
  assert.equal(await page.getByRole('link', { name: 'user 18' }).first().getAttribute('href'), '/user-edit?id=18');
  await text('userlink gives a reason that this page does not know.');
  assert.equal(await page.locator('.userlink-card').count(), 10);
  await look('conflicts');
  const [download] = await Promise.all([page.waitForEvent('download'), press('Download 10 users as CSV')]);
  assert.equal(readFileSync(await download.path(), 'utf8').split('\r\n').length, 12);
});

state('conflicts: none', async () => {
  await open();
  await page.getByRole('tab', { name: 'Conflicts' }).click();
  await heading('No conflicts');
  await look('conflicts-none');
});

state('history: every run with its report', async () => {
  world.jobs = [
    job({ mode: 'apply', job: 'j1', checked: 12480, total: 12480, linked: 310, created: 63, conflicts: 3, already_linked: 12104, message: SENTENCE }),
    job({ ...PREVIEWED, job: 'j2' }), job({ mode: 'apply', job: 'j3', state: 'cancelled', checked: 8200, total: 12480, linked: 201, actor_user_id: 0 }),
    job({ mode: 'apply', job: 'j4', state: 'failed', checked: 1, total: 12480, failed: 1, error: 'The disk of the database is full.' }),
    ...Array.from({ length: 30 }, (_, i) => job({ job: `k${i}`, checked: 5, total: 5, already_linked: 5 })),
  ];
  await open();
  await page.getByRole('tab', { name: 'History' }).click();
  await heading('History');
  assert.equal(await rows(), 20);
  await text('Stopped: 1 of 12,480 users checked. The disk of the database is full.');
  await text('the command line');
  await look('history');
  await press('Show older ones');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 34);
  await page.getByRole('button', { name: 'Contact created: 63' }).click();
  await heading('Synchronization of Jan 31, 2026, 11:59 AM');
  await page.getByRole('button', { name: '63 new contacts were created', pressed: true }).waitFor();
  await press('All runs');
  await heading('History');
});

state('history: empty', async () => {
  await open();
  await page.getByRole('tab', { name: 'History' }).click();
  await text('Nothing has been run yet.');
  await look('history-empty');
});

// ---- the page as a whole

state('properties instead of the attribute, and an element that is moved', async () => {
  atRest();
  await open({ config: { endpoint: '/nowhere' } });
  await page.evaluate(() => {
    const old = document.querySelector('userlink-admin');
    const fresh = Object.assign(document.createElement('userlink-admin'), { endpoint: '/relay', headers: { 'X-Form-Token': 'def' }, links: {}, waiting: 0, texts: { Preview: 'Vorschau' }, classes: { button: 'btn' } });
    old.replaceWith(fresh);
  });
  await heading('376 users are not linked yet');
  assert.equal(cms.seen.headers['x-form-token'], 'def');
  assert.match(await page.getByRole('button', { name: 'Report' }).getAttribute('class'), /\bbtn\b/);
  await page.evaluate(() => document.body.append(document.querySelector('userlink-admin')));
  await heading('376 users are not linked yet');
  assert.equal(await page.getByRole('button', { name: 'Vorschau', exact: true }).count(), 1);
});

state('tabs by keyboard', async () => {
  atRest();
  await open();
  await page.getByRole('tab', { name: 'Sync' }).focus();
  await page.keyboard.press('ArrowRight');
  assert.match(await focused(), /^Conflicts/);
  await page.keyboard.press('End');
  assert.equal(await focused(), 'History');
  await page.keyboard.press('ArrowRight');
  assert.equal(await focused(), 'Sync');
  await heading('376 users are not linked yet');
  assert.equal(await page.getByRole('tab', { selected: true }).count(), 1);
});

state('hostile names stay text, and long ones stay inside', async () => {
  const evil = '<img src=x onerror="document.title=1">';
  withPreview({ linked: 1, created: 0, conflicts: 0, already_linked: 0, checked: 1, total: 12480 });
  world.items = () => ({ items: [{ ...itemOf('linked', 1), name: evil, email: `${'a'.repeat(200)}@example.org`, contact_name: `\u202Eevil ${'w'.repeat(120)}`, username: evil }], next_after: null });
  world.conflicts = [conflict(1, 'name_held', { name: evil, email: `"><script>alert(1)</script>@x`, other_user_id: 2 })];
  await open();
  await page.getByText(evil).waitFor();
  await look('hostile');
  await page.getByRole('tab', { name: /Conflicts/ }).click();
  await page.getByText('<script>alert(1)</script>').first().waitFor();
  assert.equal(await page.locator('userlink-admin img, userlink-admin script').count(), 0);
  assert.equal(await page.title(), 'Synchronize Users to Contacts');
});

state('an address that is not a page is not a link', async () => {
  withPreview();
  await open({ config: { links: { user: 'javascript:alert({id})', contact: '' } } });
  await text('The first 100 of 310 users');
  assert.equal(await page.locator('userlink-admin a').count(), 0);
});

state('translated, with the plurals of the language', async () => {
  world.status = status({ users: 22, linked: 0, not_linked: 22 });
  await open({ lang: 'pl', config: { texts: { Preview: 'Podgląd', '{n} users are not linked yet': { one: '{n} użytkownik', few: '{n} użytkowników (few)', many: '{n} użytkowników (many)', other: '{n} użytkownika' } } } });
  await heading('22 użytkowników (few)');
  await page.getByRole('button', { name: 'Podgląd', exact: true }).waitFor();
});

for (const [name, set] of [['320', { width: 320, height: 800 }], ['dark', { dark: true }], ['zoom', { width: 320, height: 225 }]]) {
  state(`the main states at ${name}`, async () => {
    atRest();
    await open(set);
    await heading('376 users are not linked yet');
    await look(`${name}-rest`);
    await page.context().close();
    withPreview();
    await open(set);
    await text('The first 100 of 310 users');
    await look(`${name}-previewed`);
    world.conflicts = [conflict(42, 'name_stale', { other_user_id: 17 })];
    await page.getByRole('tab', { name: /Conflicts/ }).click();
    await heading('1 user needs your decision');
    await page.getByRole('tab', { name: 'Conflicts (1)' }).waitFor();
    await look(`${name}-conflicts`);
    await page.getByRole('tab', { name: 'History' }).click();
    await heading('History');
    await look(`${name}-history`);
    await page.context().close();
    world.status = status({ ...BIG, job: running({ mode: 'apply', checked: 3000, linked: 80, created: 4 }) });
    world.jobs = [world.status.job];
    await open(set);
    await text('3,000 of 12,480 users');
    await look(`${name}-running`);
    await page.context().close();
    world.answers['*'] = refusal(502, 'sidecar_unreachable');
    await open(set);
    await heading('userlink is not answering at the address in Settings');
    await look(`${name}-unreachable`);
  });
}
