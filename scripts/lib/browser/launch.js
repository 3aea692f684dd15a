// A browser for tests, as scripts/lib/browser.sh runs them:
//
//   const { launch, openPage, logIn } = require('launch');
//   const browser = await launch();
//   const page = await openPage(browser, 'http://127.0.0.1:8080');
//   await logIn(page, 'admin', 'admin');
//   …
//   if (page.problems.length) …
//   await browser.close();
'use strict';

const { chromium } = require('playwright-core');

// launch starts Chromium, headless, so that it runs as root and asks nobody outside.
function launch(options = {}) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    ...options,
  });
}

// openPage gives a page for the site at base. Requests to other hosts (pictures of users and the like) are dropped.
// page.problems collects what went wrong in it: script errors, lines of console.error, answers of 400 and above.
async function openPage(browser, base, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, baseURL: base, ...options });
  const page = await context.newPage();
  const origin = new URL(base).origin;
  page.problems = [];
  await page.route(
    (url) => url.origin !== origin && url.protocol.startsWith('http'),
    (route) => route.abort(),
  );
  page.on('pageerror', (error) => page.problems.push(`script: ${error.message}`));
  page.on('console', (message) => {
    const ours = message.location().url.startsWith(origin);
    if (message.type() === 'error' && ours) page.problems.push(`console: ${message.text()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) page.problems.push(`${response.status()} ${response.url()}`);
  });
  return page;
}

// logIn goes through WordPress's form and ends on the dashboard.
async function logIn(page, user, password) {
  await page.goto('/wp-login.php');
  await page.fill('#user_login', user);
  await page.fill('#user_pass', password);
  await Promise.all([page.waitForURL(/wp-admin/), page.click('#wp-submit')]);
}

module.exports = { launch, openPage, logIn };
