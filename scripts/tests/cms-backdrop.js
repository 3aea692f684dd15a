// cms-backdrop.js URL SHOTS KEY: see the stage of the same name.
'use strict';

const { launch, openPage } = require('launch');
const { is, look, text, main } = require('./checks');
const { logInToBackdrop } = require('./cms-backdrop-install');

const [base, shots, key] = process.argv.slice(2);

main(async () => {
  const browser = await launch();
  const page = await openPage(browser, base);
  page.setDefaultTimeout(60000); // a busy machine; nothing is measured here
  const shot = look(shots, page);
  const heading = (name) => page.getByRole('heading', { name });
  const button = (name) => page.getByRole('button', { name });

  await logInToBackdrop(page);
  await page.goto('/admin/config');
  await page.getByRole('link', { name: 'Synchronize Users to Contacts' }).first().click();
  await heading(/users are not linked yet|users? needs? your decision/).first().waitFor();
  is('the page is under Configuration, User accounts', /\/admin\/config\/people\/userlink$/, page.url());
  await shot('backdrop-rest');

  await button('Preview').first().click();
  await heading('Preview: what a synchronization would do').waitFor();
  await page.locator('.userlink-table tbody tr').first().waitFor();
  is('a preview lists users', /gus|Nina/, await text(page.locator('.userlink-table')));
  await shot('backdrop-preview');
  await button(/^Synchronize \d+ users?$/).click();
  await page.getByText('Synchronize Users to Contacts completed.').first().waitFor();
  is('the sentence', /Checked \d+ user records\. Found (\d+|one) matching contact records?\. Created (\d+|one) new contact records?\./, await text(page.locator('userlink-admin')));
  await heading('1 user needs your decision').waitFor();
  await shot('backdrop-done');
  await page.getByRole('tab', { name: 'Conflicts (1)' }).click();
  await page.locator('.userlink-card').first().waitFor();
  is('the conflict', /user 900/, await text(page.locator('.userlink-card')));
  await shot('backdrop-conflict');
  await page.getByRole('tab', { name: 'History' }).click();
  await button('Report').first().click();
  await page.locator('.userlink-table tbody tr').first().waitFor();
  await shot('backdrop-report');
  is('the link to a user is Backdrop\'s', /\/user\/\d+\/edit$/, await page.locator('userlink-admin a[href*="/user/"]').first().getAttribute('href'));
  is('no error on the page', [], page.problems);

  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('tab', { name: 'Sync' }).click();
  await shot('backdrop-narrow');
  await page.setViewportSize({ width: 1280, height: 900 });

  await page.goto('/admin/config/people/userlink');
  await page.getByRole('link', { name: 'Settings', exact: true }).last().click();
  await page.getByLabel('Site id').waitFor();
  is('the settings do not show the key', false, (await page.content()).includes(key));
  await button('Test connection').click();
  await page.getByText(/The sidecar \(version .*\) answers\. It sees \d+ users, \d+ of them linked\./).waitFor();
  is('the connection is tested', true, true);
  await page.getByLabel('Address of the sidecar').fill('nowhere');
  await button('Save configuration').click();
  await page.getByText('Write a host and a port').waitFor();
  is('a wrong address is refused', true, true);
  await shot('backdrop-settings');
  await page.goto('/admin/config/people/userlink/settings');
  await button('Save configuration').click();
  await page.getByText('The configuration options have been saved.').waitFor();
  is('the settings can be saved', true, true);

  await page.goto('/admin/reports/status');
  await page.getByText('userlink (CiviCRM contacts)').filter({ visible: true }).first().waitFor();
  is('the status report says that users are linked', /Users are linked.*answers\. It sees \d+ users/, (await page.locator('tr', { hasText: 'userlink (CiviCRM contacts)' }).textContent()).replace(/\s+/g, ' '));
  await shot('backdrop-status-full');
  await page.goto('/admin/modules');
  is('no error on any page', [], page.problems);
  await browser.close();
});
