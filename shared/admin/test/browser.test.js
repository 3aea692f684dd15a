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
  Object.assign(world.jobs[0], { checked: 6000, linked: 201, created: 40, conflicts: 2, already_linked: 5757 });
  await page.clock.fastForward(4000);
  await text('6,000 of 12,480 users');
  await text(/^about \d+ seconds left$/);
  await look('running-time-left');
  Object.assign(world.jobs[0], { checked: 6100, slowed: 'replicas are behind' });
  await page.clock.fastForward(1000);
  await text('Slowed down: replicas are behind');
  assert.equal(await page.getByText(/left$/).count(), 0, 'the pace of before says nothing about a run that is held back');
  Object.assign(world.jobs[0], { slowed: 'a_code_of_tomorrow' });
  await page.clock.fastForward(1000);
  await text('Slowed down: the site is busy');
  await text('You can close this page; the run goes on.');
  assert.equal(await page.getByRole('progressbar').getAttribute('value'), '6100');
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
  await press('Yes, cancel the run');
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

/** What a resolution answers: of one user, with the job by which it can be undone. */
const resolved = (over = {}) => ({ status: 200, body: { outcome: 'linked', reason: 'chosen', contact_id: 203, actions: ['link.created'], job: job({ mode: 'resolution', job: DECISION, checked: 1, total: 1, linked: 1 }), ...over } });
const DECISION = '0192f0c4-dddd-7c3e-9a55-0f6f5a1b2c3d';
const UNDO = '0192f0c4-eeee-7c3e-9a55-0f6f5a1b2c3d';
const choices = { choices: ['link', 'create', 'take_over', 'leave_alone'], candidates: [{ contact_id: 203, name: 'Jane Doe', primary: true, linked_to_user: 0 }, { contact_id: 204, name: 'J. Doe <b>', primary: false, linked_to_user: 17 }] };
const jane = (over = {}) => conflict(42, 'name_stale', { name: 'Jane Doe', email: 'jane@example.org', other_user_id: 17, contact_id: 203, contact_name: 'Jane Doe', ...choices, ...over });

async function openConflicts(set) {
  world.status = status({ ...BIG, conflicts: world.conflicts.length, left_alone: world.leftAlone.length });
  await open(set);
  await page.getByRole('tab', { name: /Conflicts/ }).click();
}

state('a conflict is decided: only what is offered, and nothing without a choice', async () => {
  world.conflicts = [jane(), conflict(43, 'email_empty', { email: '', choices: ['leave_alone', 'of_tomorrow'], candidates: [] })];
  world.answers['POST /v1/conflicts/42/resolve'] = () => {
    world.status.conflicts = 1;
    return resolved();
  };
  await openConflicts();
  await heading('2 users need your decision');
  const card = page.locator('.userlink-card').first();
  assert.equal(await card.getByRole('radio').count(), 6, 'two candidates, another contact, create, take over, leave alone');
  await card.getByRole('radio', { name: /J\. Doe <b>/ }).waitFor();
  await card.getByText('It belongs to user 17, who no longer exists; that link is removed.').waitFor();
  assert.equal(await card.getByRole('link', { name: 'Jane Doe' }).nth(1).getAttribute('href'), '/civicrm/contact/view?cid=203');
  await page.locator('.userlink-card').nth(1).getByText('userlink offers more than this page knows.').waitFor();
  assert.equal(await page.locator('.userlink-card').nth(1).getByRole('radio').count(), 1);
  await card.getByRole('button', { name: 'Save the decision about user 42' }).click();
  await card.getByText('Choose one of these first.').waitFor();
  assert.equal(called('POST /v1/conflicts/42/resolve'), 0);
  await look('conflicts-choices');
  await card.getByRole('radio', { name: /Link to Jane Doe/ }).check();
  await page.getByRole('searchbox').fill('jane');
  await page.getByRole('searchbox').fill('');
  assert.equal(await card.getByRole('radio', { name: /Link to Jane Doe/ }).isChecked(), true, 'a search does not lose what was chosen');
  await card.getByRole('button', { name: /^Save/ }).click();
  await card.getByText('Jane Doe is linked to Jane Doe no. 203.').waitFor();
  assert.equal(await focused(), 'Jane Doe is linked to Jane Doe no. 203.');
  assert.deepEqual(world.calls.find((call) => call.path.endsWith('/resolve')).body, { resolution: 'link', contact_id: 203 });
  await page.getByRole('tab', { name: 'Conflicts (1)' }).waitFor();
  assert.equal(await card.getByRole('radio').count(), 0);
  await look('conflict-decided');
  // …and taken back, with its own preview and second step.
  runs(`POST /v1/syncs/${DECISION}/undo`, job({ mode: 'undo_preview', job: UNDO, undoes: DECISION, checked: 1, total: 1, undone: 1 }));
  await card.getByRole('button', { name: 'Undo the decision about user 42' }).click();
  await heading('Preview: what would be taken back');
  await look('conflict-undo-preview');
  runs(`POST /v1/syncs/${UNDO}/apply`, running({ mode: 'undo', total: 1 }));
  await press('Undo it for 1 user');
  await heading('The undo is running');
  Object.assign(world.jobs[0], { state: 'done', checked: 1, undone: 1, message: 'The decision was undone.', finished_at: '2026-01-31T12:02:00Z' });
  await text('The decision was undone.');
  await heading('2 users need your decision');
});

state('a conflict: the number of any contact, by keyboard', async () => {
  world.conflicts = [jane()];
  world.answers['POST /v1/conflicts/42/resolve'] = resolved({ contact_id: 7001 });
  await openConflicts();
  await page.getByRole('radio', { name: /Link to Jane Doe/ }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.getByRole('radio', { name: 'Link to another contact' }).isChecked(), true, 'arrows go from choice to choice');
  await page.getByRole('button', { name: /^Save/ }).press('Enter');
  await text('Enter the number of the contact.');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Contact number');
  await page.keyboard.type('7001x');
  await page.getByRole('button', { name: /^Save/ }).press('Enter');
  await text('Enter the number of the contact.');
  await page.getByRole('textbox', { name: 'Contact number' }).fill(' 7001 ');
  await page.getByRole('button', { name: /^Save/ }).press('Enter');
  await text('Jane Doe is linked to contact 7001');
  assert.deepEqual(world.calls.find((call) => call.path.endsWith('/resolve')).body, { resolution: 'link', contact_id: 7001 });
});

state('a conflict: what each decision did, in a sentence', async () => {
  world.conflicts = [jane(), ...[43, 44, 45].map((n) => conflict(n, 'name_stale', { other_user_id: 17, ...choices }))];
  const answers = [{ outcome: 'created', reason: 'chosen', contact_id: 301 }, { outcome: 'linked', reason: 'chosen', contact_id: 203 }, { outcome: 'ignored', reason: 'left_alone', contact_id: null }, { outcome: 'conflict', reason: 'name_held', contact_id: null, job: null }];
  world.conflicts.forEach((row, i) => { world.answers[`POST /v1/conflicts/${row.user_id}/resolve`] = resolved(answers[i]); });
  await openConflicts();
  const decide = async (n, choice, sentence) => {
    const card = page.locator('.userlink-card').nth(n);
    await card.getByRole('radio', { name: choice }).check();
    await card.getByRole('button', { name: /^Save/ }).click();
    await card.getByText(sentence).waitFor();
    return card;
  };
  await decide(0, 'Create a new contact and link it', 'Jane Doe is linked to a new contact: contact 301.');
  await decide(1, /Remove the record of user 17/, 'Person 43 is linked to Jane Doe no. 203.');
  await decide(2, 'Leave this user alone', 'Person 44 is left alone from now on.');
  const nothing = await decide(3, /Remove the record of user 17/, 'Person 45: Needs a decision. This email is recorded in CiviCRM for user 17.');
  assert.equal(await nothing.getByRole('button', { name: /^Undo/ }).count(), 0, 'nothing was written, nothing can be undone');
  await look('conflicts-decided');
});

state('a conflict: somebody else was faster, the sidecar is down, the session has ended', async () => {
  world.conflicts = [jane()];
  await openConflicts();
  await page.getByRole('radio', { name: 'Create a new contact and link it' }).check();
  for (const [answer, title] of [[refusal(502, 'sidecar_unreachable'), 'userlink is not answering at the address in Settings'], [{ status: 403, body: { code: 'rest_cookie_invalid_nonce', message: 'Cookie check failed' } }, 'Your session has ended'], [{ status: 403, body: { code: 'rest_forbidden', message: 'Sorry.' } }, 'You may not do this'], [refusal(409, 'choice_invalid'), 'This choice is no longer possible']]) {
    world.answers['POST /v1/conflicts/42/resolve'] = answer;
    await page.getByRole('button', { name: /^Save/ }).click();
    await heading(title);
    assert.equal(await focused(), title);
    assert.equal(await page.getByRole('radio', { name: 'Create a new contact and link it' }).isChecked(), true, 'what was chosen is still there');
  }
  await look('conflict-choice-invalid');
  world.conflicts = [];
  world.status.conflicts = 0;
  await press('Look again');
  await heading('No conflicts');
  assert.equal(await focused(), 'No conflicts');
});

state('users who are left alone, and asking for them again', async () => {
  world.leftAlone = [conflict(44, 'left_alone', { times: 0, choices: ['reconsider'], candidates: [] })];
  world.answers['POST /v1/conflicts/44/resolve'] = resolved({ outcome: 'ignored', reason: 'policy', contact_id: null });
  await openConflicts();
  await heading('No conflicts');
  await page.getByRole('button', { name: 'To decide: 0', pressed: true }).waitFor();
  await look('conflicts-none-left-alone');
  await press('Left alone: 1');
  await heading('1 user is left alone');
  await text('Somebody decided to leave this user alone.');
  assert.equal(await focused(), '1 user is left alone');
  await look('conflicts-left-alone');
  await page.getByRole('radio', { name: 'No longer leave this user alone' }).check();
  await page.getByRole('button', { name: /^Save/ }).click();
  await text('Person 44 is no longer left alone. The next sync looks at the user again.');
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

// ---- undo

const APPLIED = job({ mode: 'apply', checked: 12480, total: 12480, linked: 310, created: 63, conflicts: 3, already_linked: 12104, message: SENTENCE });
const undoPreview = (over = {}) => job({ mode: 'undo_preview', job: UNDO, undoes: APPLIED.job, checked: 373, total: 373, undone: 371, kept: 2, finished_at: '2026-01-31T12:01:30Z', ...over });

async function openHistory(set) {
  await open(set);
  await page.getByRole('tab', { name: 'History' }).click();
  await heading('History');
}

state('undo from the history: preview, what is kept and why, second step, done, redo', async () => {
  world.jobs = [{ ...APPLIED }, job({ ...PREVIEWED, job: 'j2' }), job({ mode: 'apply', job: 'j3', checked: 5, total: 5, already_linked: 5 })];
  runs(`POST /v1/syncs/${APPLIED.job}/undo`, running({ mode: 'undo_preview', job: UNDO, undoes: APPLIED.job, total: 373 }));
  await openHistory();
  assert.equal(await page.getByRole('button', { name: /^Undo/ }).count(), 1, 'neither a preview nor a run that wrote nothing');
  await page.getByRole('button', { name: /^Undo the run of/ }).click();
  await heading('The preview is being made');
  assert.deepEqual(world.calls.find((call) => call.path.endsWith('/undo')).body, { mode: 'preview' });
  Object.assign(world.jobs[0], { checked: 100 });
  await text('100 of 373 users');
  await look('undo-preview-running');
  Object.assign(world.jobs[0], { ...undoPreview(), state: 'done' });
  await heading('Preview: what would be taken back');
  assert.equal(await focused(), 'Preview: what would be taken back');
  await page.getByRole('button', { name: '371 users will be put back as they were before', pressed: true }).waitFor();
  await look('undo-preview');
  await press('2 of them stay as they are; the list says why');
  await page.getByRole('status').filter({ hasText: '2 users' }).waitFor();
  assert.equal(await rows(), 2);
  await look('undo-preview-kept');
  runs(`POST /v1/syncs/${UNDO}/apply`, running({ mode: 'undo', undoes: APPLIED.job, total: 373 }));
  await press('Undo it for 371 users');
  await heading('The undo is running');
  await look('undo-running');
  Object.assign(world.jobs[0], { state: 'done', checked: 373, undone: 371, kept: 2, message: 'Undo completed. 371 users were put back, 2 were kept.', finished_at: '2026-01-31T12:02:00Z' });
  world.jobs.find((each) => each.job === APPLIED.job).undone_by = running().job;
  await heading('History');
  await text('Undo completed. 371 users were put back, 2 were kept.');
  await text('It was taken back since.');
  await look('undo-done');
  await press('The undo');
  await heading('Undo of Jan 31, 2026, 11:59 AM');
  await press('What it takes back');
  await heading('Synchronization of Jan 31, 2026, 11:59 AM');
  await page.getByRole('button', { name: 'Undo', exact: true }).waitFor();
  await press('All runs');
  runs(`POST /v1/syncs/${running().job}/undo`, undoPreview({ job: '0192f0c4-ffff-7c3e-9a55-0f6f5a1b2c3d', undoes: running().job, kept: 0, checked: 371, total: 371 }));
  await page.getByRole('button', { name: /^Redo/ }).click();
  await page.getByRole('button', { name: 'Undo it for 371 users' }).waitFor();
});

state('undo right after the sync; discarded, nothing is written', async () => {
  world.status = status({ ...BIG, last_apply: APPLIED });
  world.jobs = [APPLIED];
  runs(`POST /v1/syncs/${APPLIED.job}/undo`, undoPreview());
  await open();
  await press('Undo');
  await heading('Preview: what would be taken back');
  await press('Discard');
  await heading('376 users are not linked yet');
  assert.equal(called(`POST /v1/syncs/${UNDO}/apply`), 0);
});

state('undo: nothing can be taken back', async () => {
  world.jobs = [{ ...APPLIED }];
  runs(`POST /v1/syncs/${APPLIED.job}/undo`, undoPreview({ undone: 0, kept: 1, checked: 1, total: 1 }));
  await openHistory();
  await page.getByRole('button', { name: /^Undo the run of/ }).click();
  await heading('Preview: there is nothing to do');
  await page.getByRole('button', { name: '1 of them stays as it is; the list says why', pressed: true }).waitFor();
  assert.equal(await page.getByRole('button', { name: /^Undo/ }).count(), 0);
  await look('undo-nothing');
  await press('Close');
  await heading('History');
});

state('undo: it is no longer possible, the sidecar is down in the middle, it fails', async () => {
  world.jobs = [{ ...APPLIED }];
  await openHistory();
  world.answers[`POST /v1/syncs/${APPLIED.job}/undo`] = refusal(409, 'sync_state');
  await page.getByRole('button', { name: /^Undo the run of/ }).click();
  await heading('This is no longer possible');
  await heading('History');
  await look('undo-refused');
  runs(`POST /v1/syncs/${APPLIED.job}/undo`, undoPreview());
  await page.getByRole('button', { name: /^Undo the run of/ }).click();
  runs(`POST /v1/syncs/${UNDO}/apply`, running({ mode: 'undo', undoes: APPLIED.job, total: 373, checked: 100 }));
  await press('Undo it for 371 users');
  await text('100 of 373 users');
  world.answers[`GET /v1/syncs/${running().job}`] = refusal(502, 'sidecar_unreachable');
  await text('userlink does not answer; trying again.');
  delete world.answers[`GET /v1/syncs/${running().job}`];
  Object.assign(world.jobs[0], { state: 'failed', checked: 200, undone: 200, error: 'The disk of the database is full.', finished_at: '2026-01-31T12:02:00Z' });
  await text('The undo stopped: The disk of the database is full.');
  await text('200 of 373 users were handled.');
  await look('undo-failed');
});

// ---- pause

state('pause and resume: the place is kept, and no time is guessed', async () => {
  world.status = status({ ...BIG, job: running({ mode: 'apply', checked: 3000, linked: 80 }) });
  world.jobs = [world.status.job];
  const turn = (to) => () => ({ status: 200, body: Object.assign(world.jobs[0], { state: to }) });
  world.answers[`POST /v1/syncs/${running().job}/pause`] = turn('paused');
  world.answers[`POST /v1/syncs/${running().job}/resume`] = turn('running');
  await open();
  await press('Pause');
  await heading('The synchronization is paused');
  assert.equal(await focused(), 'Resume', 'the button that was pressed is the way back');
  await text('3,000 of 12,480 users');
  await page.getByText('Paused. 3,000 of 12,480 users').waitFor({ state: 'attached' });
  await text('the run keeps its place until somebody resumes or cancels it.');
  await look('paused');
  await page.reload();
  await heading('The synchronization is paused');
  await press('Resume');
  await heading('The synchronization is running');
  world.answers[`POST /v1/syncs/${running().job}/pause`] = refusal(409, 'sync_state');
  await press('Pause');
  await heading('This is no longer possible');
  await heading('The synchronization is running');
});

// ---- report

state('report: everybody who was not simply linked, and a kind of run that this page does not know', async () => {
  world.jobs = [job({ mode: 'apply', checked: 700, total: 700, linked: 310, created: 150, conflicts: 3, failed: 1, already_linked: 236 }), job({ mode: 'polish', job: 'p1', state: 'waiting' }), job({ mode: 'polish_preview', job: 'p2', checked: 3, total: 3, updated: 3 })];
  await openHistory();
  await text('Another run');
  await page.getByRole('button', { name: /^Report of/ }).first().click();
  await press('154 users who are not simply linked');
  await text('The first 100 of 154 users');
  await press('Show 54 more');
  await page.getByRole('cell', { name: 'Needs a decision' }).first().waitFor();
  await page.getByRole('cell', { name: 'Could not be done' }).first().waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), press('Download 154 users as CSV')]);
  assert.equal(download.suggestedFilename(), 'userlink-report-2026-01-31-notable.csv');
  assert.equal(readFileSync(await download.path(), 'utf8').split('\r\n').length, 156);
  await look('report-notable');
});

// ---- health

const FINDINGS = ['orphan', 'linked_twice', 'contact_shared', 'user_missing', 'contact_missing', 'contact_trashed', 'name_differs', 'email_differs'];
const finding = (name, count = 0, remedy = 'The link is made with the oldest of them.') => ({ finding: name, count, sentence: 'A sync of CiviCRM made contacts that no user is linked to.', remedy });
const REPAIR = '0192f0c4-9999-7c3e-9a55-0f6f5a1b2c3d';

async function openHealth(set) {
  await open(set);
  await page.getByRole('tab', { name: /Health/ }).click();
}

state('health: what was found, whom it concerns, repair with its preview and second step, undo', async () => {
  world.findings = FINDINGS.map((name) => finding(name, { orphan: 8000, contact_shared: 1 }[name] ?? 0, name === 'contact_shared' ? '' : undefined));
  world.findings.push(finding('of_tomorrow', 3));
  runs('POST /v1/syncs', running({ mode: 'repair_preview', finding: 'orphan', job: REPAIR, total: 8000 }));
  await openHealth();
  await heading('3 kinds of problems were found');
  await page.getByRole('tab', { name: 'Health (3)' }).waitFor();
  await text('Only a person can mend this');
  await heading('Of tomorrow');
  await text('Looked for and not found');
  assert.equal(await page.getByRole('button', { name: /^Preview the repair/ }).count(), 2);
  await look('health');
  await press('8,000 cases: Contacts that a sync left behind');
  await text('The first 100 of 8,000 cases');
  await look('health-list');
  await press('8,000 cases: Contacts that a sync left behind');
  assert.equal(await rows(), 0);
  await press('Preview the repair: Contacts that a sync left behind');
  assert.deepEqual(world.calls.find((call) => call.method === 'POST').body, { mode: 'repair_preview', finding: 'orphan' });
  await heading('The preview is being made');
  Object.assign(world.jobs[0], { state: 'done', checked: 8000, repaired: 7990, kept: 10, finished_at: '2026-01-31T12:01:30Z' });
  await heading('Preview: what the repair would do');
  await look('health-repair-preview');
  runs(`POST /v1/syncs/${REPAIR}/apply`, running({ mode: 'repair', finding: 'orphan', total: 8000 }));
  await press('Repair 7,990 cases');
  await heading('The repair is running');
  Object.assign(world.jobs[0], { state: 'done', checked: 8000, repaired: 7990, kept: 10, message: 'Repair completed.', finished_at: '2026-01-31T12:02:00Z' });
  world.findings = world.findings.filter((each) => each.finding !== 'of_tomorrow').map((each) => ({ ...each, count: each.finding === 'orphan' ? 10 : each.count }));
  await text('Repair completed.');
  await heading('2 kinds of problems were found');
  await page.getByRole('tab', { name: 'Health (2)' }).waitFor();
  await look('health-repaired');
  runs(`POST /v1/syncs/${running().job}/undo`, undoPreview({ undoes: running().job, undone: 7990, kept: 0, checked: 7990, total: 7990 }));
  await press('Undo');
  await page.getByRole('button', { name: 'Undo it for 7,990 users' }).waitFor();
});

state('health: everything is in order', async () => {
  world.findings = FINDINGS.map((name) => finding(name));
  await openHealth();
  await heading('Everything is in order');
  assert.equal(await page.getByRole('tab', { name: 'Health', exact: true }).count(), 1);
  await look('health-good');
  world.findings[3].count = 1;
  await press('Check again');
  await heading('1 kind of problem was found');
  await page.getByRole('button', { name: '1 case: Links of users who are gone' }).waitFor();
});

state('health: a site so big that the counting outlasts a call; what may not be looked at', async () => {
  world.findings = FINDINGS.map((name) => ({ ...finding(name), unseen: name === 'orphan' }));
  world.answers['GET /v1/health'] = refusal(503, 'database_unavailable');
  await open({ clock: true });
  await page.getByRole('tab', { name: 'Health' }).click();
  await heading('Counting …');
  await text('The counting goes on, and this page asks again by itself.');
  await look('health-counting');
  delete world.answers['GET /v1/health'];
  await page.clock.fastForward(5000);
  await heading('Nothing was found');
  await text('Whether there are any is not known');
  await look('health-unseen');
  world.answers['*'] = refusal(503, 'database_unavailable');
  await press('Check again');
  await heading('userlink cannot reach its database');
});

state('health: counting takes a while, no permission, somebody else’s run', async () => {
  let answer;
  world.answers['GET /v1/health'] = () => new Promise((done) => { answer = done; });
  await openHealth();
  await text('Counting …');
  answer(refusal(403, 'forbidden'));
  await heading('You may not do this');
  await look('health-forbidden');
  delete world.answers['GET /v1/health'];
  world.findings = [finding('orphan', 1)];
  await page.getByRole('tab', { name: 'Sync' }).click();
  await page.getByRole('tab', { name: 'Health' }).click();
  world.answers['POST /v1/syncs'] = refusal(409, 'sync_running', { job: running({ mode: 'apply', actor_user_id: 5, checked: 7 }) });
  world.jobs = [running({ mode: 'apply', actor_user_id: 5, checked: 7 })];
  await press('Preview the repair: Contacts that a sync left behind');
  await text('A run is under way already.');
  await text('Started by user 5, 2 minutes ago.');
});

// ---- one user

const explained = (over = {}) => ({
  user: { id: 42, username: 'jane', email: 'jane@example.org', first_name: 'Jane', last_name: 'Doe', name: '' }, found: true,
  state: { left_alone_at: null, verify_email: 'off', proved_at: null, in_scope: true, deleted_at: null, conflict: 'name_stale' },
  seen: { links: [], name_holder: { user_id: 17, uf_name: 'jane@example.org', contact_id: 202 }, holder_gone: true, trashed_contact: 9, candidates: [{ contact_id: 203, name: 'Jane <i>Doe</i>', primary: true, linked_to_user: 0, similar: false, rule: 'email' }] },
  decision: { outcome: 'conflict', reason: 'name_stale', contact_id: null, actions: [] }, sentence: 'The sidecar’s own sentence.',
  would: [{ event: 'user.logged_in', rule: 'ensure_link', outcome: 'conflict', reason: 'name_stale', sentence: 's' }, { event: 'sync', rule: 'ensure_link', outcome: 'of_tomorrow', reason: 'x', sentence: 'A sentence of tomorrow.' }],
  ...choices,
  journal: [
    { at: '2026-01-30T10:00:00Z', cause: 'undo', id: 'u1', table: 'civicrm_uf_match', row_id: 9, change: 'delete', before: '{"contact_id":203,"uf_name":"jane@example.org"}', after: '', reason: 'email_primary', undone: false, by: '' },
    { at: '2026-01-29T10:00:00Z', cause: 'sync', id: 's1', table: 'civicrm_uf_match', row_id: 9, change: 'insert', before: '', after: '{"contact_id":203,"uf_name":"jane@example.org"}', reason: 'email_primary', undone: true, by: '' },
    { at: '2026-01-29T10:00:00Z', cause: 'sync', id: 's1', table: 'civicrm_email', row_id: 5, change: 'update', before: '{"email":"old@example.org"}', after: '{"email":"jane@example.org"}', reason: 'email_primary', undone: true, by: '' },
    { at: '2026-01-28T10:00:00Z', cause: 'of_tomorrow', id: 'x', table: 'civicrm_tag', row_id: 5, change: 'insert', before: '', after: 'not JSON', reason: 'of_tomorrow', undone: false, by: '' },
  ],
  ...over,
});

state('find a user: by hand, several, nobody', async () => {
  world.users = { 42: explained(), 43: explained({ user: { id: 43, username: 'jane@example.org', email: 'other@example.org', name: '<b>Other</b>' } }) };
  await open();
  await page.getByRole('tab', { name: 'Find a user' }).click();
  await heading('Find a user');
  const field = page.getByRole('searchbox', { name: 'User number, user name or email' });
  await look('explain-search');
  await field.fill('nobody');
  await field.press('Enter');
  await heading('Nobody was found');
  assert.equal(await field.inputValue(), 'nobody');
  await look('explain-nobody');
  await field.fill('jane@example.org');
  await field.press('Enter');
  await heading('2 users were found');
  await page.getByText('<b>Other</b>').waitFor();
  await look('explain-several');
  await page.getByRole('button', { name: 'Details about user 42' }).click();
  await heading('User 42');
  await field.fill('43');
  await field.press('Enter');
  await heading('User 43');
  assert.equal(await focused(), 'User 43');
});

state('explain: what would happen, by which rule, what was seen, what happened, and the decision', async () => {
  withPreview();
  world.users = { 42: explained() };
  await open();
  await text('The first 100 of 310 users');
  await page.getByRole('button', { name: 'Details about user 42' }).first().click();
  await heading('User 42');
  await text('Needs a decision:');
  await text('This email is recorded in CiviCRM for user 17, who no longer exists.');
  await page.getByRole('rowheader', { name: 'When the user logs in' }).waitFor();
  await page.getByRole('cell', { name: 'A sentence of tomorrow.' }).waitFor();
  await text('Jane <i>Doe</i> no. 203: the email is its primary one, it is free, found by the email.');
  await text('contact 9 has the email, but is in the trash.');
  assert.equal(await page.getByText('Taken back since.').count(), 2);
  await text('The contact’s email was changed from old@example.org to jane@example.org.');
  await text('Something else was changed: civicrm_tag, row 5.');
  assert.equal(await page.getByText('of_tomorrow').count(), 0, 'no codes');
  await look('explain');
  world.answers['POST /v1/conflicts/42/resolve'] = resolved();
  await page.getByRole('radio', { name: /Link to Jane Doe/ }).check();
  await page.getByRole('button', { name: /^Save/ }).click();
  await text('Jane Doe is linked to Jane Doe no. 203.');
  world.jobs.push(job({ job: 's1', mode: 'apply', checked: 1, total: 1, linked: 1 }));
  await page.getByRole('button', { name: /^Report of Jan 29/ }).click();
  await heading('Synchronization of Jan 31, 2026, 11:59 AM');
});

state('explain: linked, left alone, gone, and with what an older sidecar says', async () => {
  const plain = { decision: { outcome: 'already_linked', reason: 'link_exists', contact_id: 203, actions: [] }, choices: [], candidates: [], journal: [], would: [] };
  world.users = {
    1: explained({ ...plain, user: { id: 1, email: 'a@example.org', username: 'a' }, seen: { links: [{ user_id: 1, uf_name: 'a@example.org', contact_id: 203, trashed: true, contact_missing: false }], name_holder: null, holder_gone: false, trashed_contact: null, candidates: [] }, state: { left_alone_at: '2026-01-30T12:00:00Z', verify_email: 'first_login', proved_at: null, in_scope: false, deleted_at: null, conflict: '' } }),
    2: { user: { id: 2, email: 'b@example.org', username: 'b' }, seen: {}, decision: { outcome: 'created', reason: 'no_contact', contact_id: null }, sentence: 's', journal: [{ at: '2026-01-29T10:00:00Z', table: 'civicrm_contact', row_id: 8, change: 'insert', before: '', after: '{"display_name":"B"}', reason: 'no_contact', by: 'sync abc' }] },
    3: explained({ ...plain, user: { id: 3 }, found: false, decision: { outcome: 'skipped', reason: 'user_gone', contact_id: null }, seen: { links: [], candidates: [] }, state: { deleted_at: '2026-01-30T12:00:00Z' } }),
  };
  await open();
  await page.getByRole('tab', { name: 'Find a user' }).click();
  const find = async (id) => {
    await page.getByRole('searchbox').fill(String(id));
    await page.getByRole('searchbox').press('Enter');
    await heading(`User ${id}`);
  };
  await find(1);
  await text('A person decided yesterday to leave this user alone.');
  await text('The site’s settings leave this user’s role or status out.');
  await text('The user has not yet proved to own the email; that happens at the first login.');
  await text('That contact is in the trash.');
  await text('userlink has written nothing for this user.');
  await look('explain-linked');
  await find(2);
  await text('The contact B no. 8 was created.');
  await find(3);
  await text('The site has no user with this number.');
  await look('explain-gone');
  world.answers['GET /v1/users/1/explain'] = refusal(502, 'sidecar_unreachable');
  await page.getByRole('searchbox').fill('1');
  await page.getByRole('searchbox').press('Enter');
  await heading('userlink is not answering at the address in Settings');
  delete world.answers['GET /v1/users/1/explain'];
  await press('Try again');
  await heading('User 1');
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
  state(`decisions, undo, health and a user at ${name}`, async () => {
    world.conflicts = [jane()];
    await openConflicts(set);
    await heading('1 user needs your decision');
    await look(`${name}-conflict-choices`);
    await page.context().close();
    world.findings = FINDINGS.map((each) => finding(each, each === 'orphan' ? 8000 : 0));
    await openHealth(set);
    await heading('1 kind of problem was found');
    await look(`${name}-health`);
    await page.context().close();
    world.users = { 42: explained() };
    await open(set);
    await page.getByRole('tab', { name: 'Find a user' }).click();
    await page.getByRole('searchbox').fill('42');
    await page.getByRole('searchbox').press('Enter');
    await heading('User 42');
    await look(`${name}-explain`);
    await page.context().close();
    world.jobs = [{ ...APPLIED, undone_by: UNDO }, job({ mode: 'repair', finding: 'orphan', job: 'r1', checked: 5, total: 5, repaired: 5 })];
    await openHistory(set);
    await look(`${name}-history-undone`);
    runs('POST /v1/syncs/r1/undo', undoPreview({ undoes: 'r1' }));
    await page.getByRole('button', { name: /^Undo the run of/ }).click();
    await heading('Preview: what would be taken back');
    await look(`${name}-undo-preview`);
    await page.context().close();
    world.status = status({ ...BIG, job: running({ mode: 'apply', state: 'paused', checked: 3000, linked: 80, created: 4 }) });
    world.jobs = [world.status.job];
    await open(set);
    await heading('The synchronization is paused');
    await look(`${name}-paused`);
  });
}

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
