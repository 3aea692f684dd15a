// civicrm.js URL SHOTS FOUND: the page inside CiviCRM's menu, the links to CiviCRM's pages, and CiviCRM's Change Log; writes the
// contacts that the Change Log finds into the file FOUND.
'use strict';

const { writeFileSync } = require('node:fs');
const { launch, openPage, logIn } = require('launch');
const { is, look, text, main } = require('./checks');

const [base, shots, found] = process.argv.slice(2);
const LONG = 60000;

main(async () => {
  const browser = await launch();
  const page = await openPage(browser, base, { viewport: { width: 1280, height: 1200 } });
  page.setDefaultTimeout(LONG);
  const shot = look(shots, page);
  const button = (name) => page.getByRole('button', { name });

  await logIn(page, 'admin', 'admin');
  await page.goto('/wp-admin/admin.php?page=CiviCRM');
  const entry = page.locator('#toplevel_page_CiviCRM a', { hasText: 'Users to Contacts' });
  is('the page is in the menu of CiviCRM', 1, await entry.count());
  page.problems.length = 0; // CiviCRM's own
  await page.goto(await entry.evaluate((link) => link.href));
  await button('Preview').waitFor();
  await shot('civicrm-rest');
  await button('Preview').click();
  await button('Synchronize 20 users').click();
  await page.getByText('Synchronize Users to Contacts completed.').waitFor();
  is('the sentence', /Checked 21 user records\. Found 7 matching contact records\. Created 14 new contact records\./, await text(page.locator('userlink-admin')));
  await shot('civicrm-done');
  is('no error on the page', [], page.problems);
  const changeLog = await page.getByRole('link', { name: 'Find the new contacts in CiviCRM' }).getAttribute('href');

  // From the report to a contact.
  await button('Report').first().click();
  await page.getByRole('button', { name: /14 new contacts were created/ }).click();
  await page.locator('.userlink-table a', { hasText: 'Jane Doe' }).last().click();
  await page.locator('#crm-contactname-content').waitFor();
  is('the summary of a new contact', /Jane Doe/, await text(page.locator('#crm-contactname-content')));
  const summary = await text(page.locator('#contact-summary'));
  is('its email', /jane\.doe@example\.org/, summary);
  is('its greetings', /Email Greeting Dear Jane.*Postal Greeting Dear Jane.*Addressee Jane Doe/, summary);
  await shot('civicrm-contact');

  // From the notice to Advanced Search, and there to the Change Log.
  await page.goto(changeLog);
  await page.locator('.crm-accordion-header', { hasText: 'Change Log' }).click();
  await page.locator('#created_date_relative').waitFor({ state: 'attached' });
  await page.evaluate(() => CRM.$('#created_date_relative').val('this.day').trigger('change'));
  await page.locator('[name="changed_by"]').fill('admin');
  await shot('civicrm-search');
  await page.locator('[name="_qf_Advanced_refresh"]').first().click();
  await page.locator('table.selector tbody tr').first().waitFor();
  is('the Change Log finds', /14 Contacts/, await text(page.locator('#search-status')));
  const ids = await page.locator('table.selector tbody a[href*="cid="]').evaluateAll((links) => links.map((link) => new URL(link.href).searchParams.get('cid')));
  writeFileSync(found, [...new Set(ids)].join(' '));
  await shot('civicrm-found');
  await browser.close();
});
