// cms-joomla.js URL SHOTS PASSWORD KEY: the page in Joomla's administrator; see the stage cms-joomla.
'use strict';

const { launch, openPage } = require('launch');
const { is, look, text, main } = require('./checks');

const [base, shots, password, key] = process.argv.slice(2);
const LONG = 120000; // a busy machine; nothing is measured here

main(async () => {
  const browser = await launch();
  const page = await openPage(browser, base);
  page.setDefaultTimeout(LONG);
  const shot = look(shots, page);
  const heading = (name) => page.getByRole('heading', { name });
  const button = (name) => page.getByRole('button', { name });
  const element = page.locator('userlink-admin');

  await page.goto('/administrator/index.php');
  await page.fill('#mod-login-username', 'admin');
  await page.fill('#mod-login-password', password);
  await Promise.all([page.waitForNavigation(), page.click('#btn-login-submit')]);
  page.problems.length = 0;

  // Components, Users to Contacts.
  const entry = page.locator('#sidebarmenu a[href*="option=com_userlink"]');
  if (!(await entry.isVisible())) await page.locator('#sidebarmenu a', { hasText: 'Components' }).first().click();
  await Promise.all([page.waitForURL(/option=com_userlink/), entry.click()]);
  is('its name in the menu', 'Users to Contacts', await text(entry));
  await heading(/users are not linked yet/).waitFor();
  is('the title', 'Synchronize Users to Contacts', await text(page.locator('h1.page-title')));
  await shot('rest');

  await button('Preview').click();
  await heading('Preview: what a synchronization would do').waitFor();
  await page.locator('.userlink-table tbody tr').first().waitFor();
  await shot('preview');
  await button(/^Synchronize \d+ users$/).click();
  await page.getByText('Synchronize Users to Contacts completed.').first().waitFor();
  is('the sentence', /Synchronize Users to Contacts completed\. Checked \d+ user records\. Found \d+ matching contact records\. Created/, await text(element));
  await shot('done');
  await button('Report').first().click();
  await button(/users in all$/).click();
  await page.locator('.userlink-table tbody tr', { hasText: 'Nina Simone' }).waitFor();
  is('the report lists users', true, (await page.locator('.userlink-table tbody tr').count()) > 1);
  await shot('report');
  const user = page.locator('.userlink-table tbody tr', { hasText: 'Nina Simone' });
  is('a user is a link into Joomla', 1, await user.locator('a[href*="com_users&task=user.edit&id=901"]').count());
  is('a contact one into CiviCRM', 1, await user.locator('a[href*="com_civicrm&task=civicrm/contact/view"]').count());
  await page.getByRole('tab', { name: 'Conflicts (1)' }).click();
  await heading('1 user needs your decision').waitFor();
  await page.locator('.userlink-card').first().waitFor();
  is('who it is', /Nobody At All \(no email\).*What to do:/, await text(page.locator('.userlink-card').first()));
  await shot('conflict');
  is('no error on the page', [], page.problems);

  // Narrow, as on a telephone.
  await page.setViewportSize({ width: 390, height: 844 });
  await shot('conflict-narrow');
  is('nothing sticks out at the side', true, await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
  await page.setViewportSize({ width: 1280, height: 900 });

  // Options, reached from the page.
  await page.locator('joomla-toolbar-button a, joomla-toolbar-button button', { hasText: 'Options' }).first().click();
  await page.waitForURL(/option=com_config/);
  await page.locator('#jform_address').waitFor();
  is('the address of the sidecar', /^127\.0\.0\.1:\d+$/, await page.inputValue('#jform_address'));
  await shot('options');
  is('the options do not show the key', false, (await page.content()).includes(key));
  await page.locator('joomla-toolbar-button button', { hasText: 'Save & Close' }).first().click();
  await page.waitForURL(/option=com_userlink/);
  await heading(/user needs your decision/).waitFor();
  is('saved, the page is back', 1, await page.locator('.alert-success, joomla-alert[type=success]').count());

  // The session ends while the page is open.
  page.problems.length = 0;
  await page.context().clearCookies();
  await button('Preview').first().click();
  await heading('Your session has ended').waitFor();
  is('a session that has ended is called so', true, true);
  await shot('session');
  is('the browser saw its refusal, nothing else', [], page.problems.filter((one) => !/401/.test(one)));
  await browser.close();

  // Who may see the system's information gets no key.
  const second = await launch();
  const other = await openPage(second, base);
  other.setDefaultTimeout(LONG);
  await other.goto('/administrator/index.php');
  await other.fill('#mod-login-username', 'admin');
  await other.fill('#mod-login-password', password);
  await Promise.all([other.waitForNavigation(), other.click('#btn-login-submit')]);
  await other.goto('/administrator/index.php?option=com_admin&view=sysinfo');
  is('nor does System Information', [true, false], [(await other.content()).includes('userlink_key_file'), (await other.content()).includes(key)]);
  await second.close();
});
