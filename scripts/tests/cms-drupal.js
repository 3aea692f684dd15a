// cms-drupal.js URL SHOTS KEY SIDECAR: see the stage of the same name. SIDECAR is a program that stops and starts the sidecar.
'use strict';

const { execFileSync } = require('node:child_process');
const { launch, openPage } = require('launch');
const { is, look, text, main } = require('./checks');

const [base, shots, key, sidecar] = process.argv.slice(2);

main(async () => {
  const browser = await launch();
  const page = await openPage(browser, base);
  page.setDefaultTimeout(60000); // a busy machine; nothing is measured here
  const shot = look(shots, page);
  const heading = (name) => page.getByRole('heading', { name });
  const button = (name) => page.getByRole('button', { name });
  const element = page.locator('userlink-admin');

  await page.goto('/user/login');
  const login = page.locator('form:has(#edit-name)');
  await login.locator('#edit-name').fill('admin');
  await login.locator('#edit-pass').fill('admin');
  await Promise.all([page.waitForURL(/\/user\/\d/), login.locator('[data-drupal-selector=edit-submit]').click()]);
  await page.goto('/admin/config');
  await page.locator('main').getByRole('link', { name: 'Synchronize Users to Contacts' }).click();
  await heading(/users are not linked yet|users? needs? your decision/).first().waitFor();
  is('the page is under Configuration, People', /\/admin\/config\/people\/userlink$/, page.url());
  await shot('drupal-rest');

  await button('Preview').first().click();
  await heading('Preview: what a synchronization would do').waitFor();
  await page.locator('.userlink-table tbody tr').first().waitFor();
  is('a preview lists users', true, (await page.locator('.userlink-table tbody tr').count()) >= 1);
  await shot('drupal-preview');
  await button(/^Synchronize \d+ users?$/).click();
  await page.getByText('Synchronize Users to Contacts completed.').first().waitFor();
  is('the sentence', /Checked \d+ user records\. Found \d+ matching contact records\. Created (\d+|one) new contact records?\./, await text(element));
  await shot('drupal-done');
  await page.getByRole('tab', { name: 'Conflicts (1)' }).click();
  await page.locator('.userlink-card').first().waitFor();
  is('the conflict', /Blank \(no email\)/, await text(page.locator('.userlink-card')));
  await shot('drupal-conflict');
  await page.getByRole('tab', { name: 'History' }).click();
  await button('Report').first().click();
  await page.locator('.userlink-table tbody tr').first().waitFor();
  await shot('drupal-report');
  is('the link to a user is Drupal\'s', /^\/user\/\d+\/edit$/, await element.locator('a[href*="/user/"]').first().getAttribute('href'));
  is('no error on the page', [], page.problems);
  page.problems.length = 0;

  await page.getByRole('tab', { name: 'Sync' }).click();
  await page.locator('#toolbar-item-administration').click(); // on a telephone Drupal's own menu would cover the page
  await page.setViewportSize({ width: 390, height: 844 });
  await shot('drupal-narrow');
  is('nothing sticks out at the side', true, await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
  await page.setViewportSize({ width: 1280, height: 900 });

  execFileSync(sidecar, ['stop']);
  await page.reload();
  await heading('userlink is not answering at the address in Settings').waitFor();
  await shot('drupal-down');
  page.problems.length = 0;
  await page.goto('/admin/reports/status');
  is('the status report says that the sidecar is down', /userlink for CiviCRM Users are not linked The sidecar does not answer at this address/, await text(page.locator('main')));
  execFileSync(sidecar, ['start']);
  await page.goto('/admin/reports/status');
  is('and that it is back', /userlink for CiviCRM Users are linked to contacts The sidecar \(version/, await text(page.locator('main')));
  await shot('drupal-status-full');

  // A session that ended in another window.
  await page.goto('/admin/config/people/userlink');
  await button('Preview').first().waitFor();
  await page.context().clearCookies();
  await button('Preview').first().click();
  await heading('Your session has ended').waitFor();
  is('an ended session is called so', true, true);
  page.problems.length = 0;
  await page.goto('/user/login');
  await login.locator('#edit-name').fill('admin');
  await login.locator('#edit-pass').fill('admin');
  await Promise.all([page.waitForURL(/\/user\/\d/), login.locator('[data-drupal-selector=edit-submit]').click()]);

  await page.goto('/admin/config/people/userlink');
  await page.getByRole('link', { name: 'Settings', exact: true }).last().click();
  await page.getByLabel('Site id').waitFor();
  is('the settings do not show the key', false, (await page.content()).includes(key));
  is('they say that it is there', /The key is there\. It is not shown here\./, await text(page.locator('main')));
  await button('Test connection').click();
  await page.getByText(/The sidecar \(version .*\) answers\. It sees \d+ users, \d+ of them linked\./).waitFor();
  is('the connection is tested', true, true);
  await shot('drupal-settings');
  const address = await page.getByLabel('Address of the sidecar').inputValue();
  await page.getByLabel('Address of the sidecar').fill('nowhere');
  await button('Save configuration').click();
  await page.getByText('Write a host and a port').first().waitFor();
  is('a wrong address is refused', true, true);
  await page.getByLabel('Address of the sidecar').fill(address);
  await button('Save configuration').click();
  await page.getByText('The configuration options have been saved.').waitFor();
  is('a right one is stored', true, true);
  await page.goto('/admin/help/userlink');
  is('the help page', /Whoever registers or logs in is linked/, await text(page.locator('main')));
  is('no error on these pages', [], page.problems);
  await browser.close();
});
