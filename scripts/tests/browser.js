// browser.js URL SHOTS SIDECAR KEY: see the stage of the same name. SIDECAR is a program that stops and starts the sidecar.
'use strict';

const { execFileSync } = require('node:child_process');
const { launch, openPage, logIn } = require('launch');
const { is, look, text, main } = require('./checks');

const [base, shots, sidecar, key] = process.argv.slice(2);
const SENTENCE = 'Synchronize Users to Contacts completed.';
const LONG = 60000; // a busy machine; nothing is measured here

main(async () => {
  const browser = await launch();
  const page = await openPage(browser, base);
  page.setDefaultTimeout(LONG);
  const shot = look(shots, page);
  const heading = (name) => page.getByRole('heading', { name });
  const button = (name) => page.getByRole('button', { name });
  const element = page.locator('userlink-admin');
  const problems = (what) => {
    is(what, [], page.problems);
    page.problems.length = 0;
  };

  await logIn(page, 'admin', 'admin');
  await page.locator('#menu-tools').hover();
  await page.getByRole('link', { name: 'Users to Contacts' }).click();
  await heading('Synchronize Users to Contacts').waitFor();
  is('the page is under Tools', /tools\.php\?page=userlink$/, page.url());

  // At rest: what there is to do.
  await heading('20,000 users are not linked yet').waitFor();
  is('the numbers', '20,000 users 0 linked 20,000 not linked yet 0 need you', await text(page.locator('.userlink-tiles')));
  is('a preview is what it offers', 1, await button('Preview').count());
  await shot('rest');

  // A preview.
  await button('Preview').click();
  await heading('Preview: what a synchronization would do').waitFor();
  is('it counts', /^1 user will be linked to a contact that exists 19,997 new contacts will be created 2 users are left alone .* 20,000 users in all/, await text(page.locator('.userlink-report')));
  await page.locator('.userlink-table tbody tr', { hasText: 'user1@example.net' }).waitFor();
  is('the list of the first count has one user', /First1 Last1.*user1@example\.net.*First1 Last1/, await text(page.locator('.userlink-table tbody')));
  await shot('preview');
  await page.getByText('20,000 users in all').click();
  await page.getByText('The first 100 of 20,000 users').waitFor();
  is('another count opens another list, its first hundred', 100, await page.locator('.userlink-table tbody tr').count());
  await shot('preview-all');
  await page.getByLabel('Search in this list').fill('jane');
  await page.locator('.userlink-table tbody tr', { hasText: 'Jane Doe' }).waitFor();
  is('a search among them finds one user', 1, await page.locator('.userlink-table tbody tr').count());
  is('and says why she is left alone', /user 17/i, await text(page.locator('.userlink-table tbody tr')));
  await page.getByLabel('Search in this list').fill('');
  problems('no error on the page so far');

  // Begun, and cancelled in the middle.
  await button('Synchronize 19,998 users').click();
  await heading('The synchronization is running').waitFor();
  await progress(page, 500);
  is('it says how far it is', /[\d,]+ of 20,000 users/, await text(element));
  await shot('running');
  await button('Pause').click();
  await heading('The synchronization is paused').waitFor();
  await page.reload();
  await heading('The synchronization is paused').waitFor();
  is('it is paused, also for whoever comes later', /[\d,]+ of 20,000 users .*the run keeps its place until somebody resumes or cancels it/, await text(element));
  await shot('paused');
  await button('Resume').click();
  await heading('The synchronization is running').waitFor();
  await button('Cancel').click();
  await shot('cancel');
  await button('Yes, cancel the run').click();
  await page.getByText('The synchronization was cancelled.').waitFor();
  is('what was written is complete', /[\d,]+ of 20,000 users were handled\. What was written is complete/, await text(element));
  await heading(/users are not linked yet/).waitFor();
  await shot('cancelled');

  // Once more, to the end.
  await button('Preview').first().click();
  await heading('Preview: what a synchronization would do').waitFor();
  await button(/^Synchronize [\d,]+ users$/).click();
  await heading('The synchronization is running').waitFor();
  await page.reload();
  await heading('The synchronization is running').or(page.getByText(SENTENCE).first()).first().waitFor();
  is('a reload does not lose it', true, true);
  await page.getByText(SENTENCE).first().waitFor();
  is('the sentence', /Synchronize Users to Contacts completed\. Checked 20000 user records\. Found \d+ matching contact records\. Created \d+ new contact records\./, await text(element));
  await button('Report').first().waitFor();
  await shot('done');

  // Its report.
  await button('Report').first().click();
  await page.locator('.userlink-table tbody tr').first().waitFor();
  await shot('report');
  is('the report opens under History', 'true', await page.getByRole('tab', { name: 'History' }).getAttribute('aria-selected'));
  is('it lists users', true, (await page.locator('.userlink-table tbody tr').count()) > 1);

  // Conflicts.
  await page.getByRole('tab', { name: 'Conflicts (2)' }).click();
  await heading('2 users need your decision').waitFor();
  await page.locator('.userlink-card').first().waitFor();
  is('a stale link', /Jane Doe \(jane@example\.org\), user 50 .*user 17.*What to do:/, await text(page.locator('.userlink-card').nth(0)));
  is('no email', /Nobody At All \(no email\), user 51 .*What to do:/, await text(page.locator('.userlink-card').nth(1)));
  await shot('conflict');
  problems('no error on the page');

  // A decision, and its undo.
  const panel = page.locator('.userlink-panel:not([hidden])');
  const jane = panel.locator('.userlink-card').nth(0);
  await jane.getByRole('radio', { name: 'Remove the record of user 17, and link this user' }).check();
  await shot('conflict-choices');
  await jane.getByRole('button', { name: 'Save the decision about user 50' }).click();
  await jane.getByText(/^Jane Doe is linked to/).waitFor();
  is('the decision is carried out, and said', /Jane Doe is linked to a new contact: contact \d+\. Undo/, await text(jane));
  await page.getByRole('tab', { name: 'Conflicts (1)' }).waitFor();
  await shot('conflict-decided');
  await jane.getByRole('button', { name: 'Undo the decision about user 50' }).click();
  await heading('Preview: what would be taken back').waitFor();
  is('the undo says beforehand what it takes back', /^1 user will be put back as it was before 1 user in all/, await text(panel.locator('.userlink-report')));
  await shot('undo-preview');
  await button('Undo it for 1 user').click();
  await page.getByText(/^Undo completed\./).waitFor();
  await page.getByRole('tab', { name: 'Conflicts (2)' }).waitFor();
  is('the conflict is back', /Jane Doe \(jane@example\.org\), user 50 /, await text(panel.locator('.userlink-card').nth(0)));
  await shot('undo-done');
  problems('no error on the page while deciding');

  // Health: the record of user 17, who is gone.
  await page.getByRole('tab', { name: 'Health' }).click();
  await heading('1 kind of problem was found').waitFor();
  await shot('health');
  await button('1 case: Links of users who are gone').click();
  await panel.locator('.userlink-table tbody tr').first().waitFor();
  is('the number opens its list', /jane@example\.org no\. 17 jane@example\.org Repair Jane Doe/, await text(panel.locator('.userlink-table tbody')));
  await button('Preview the repair: Links of users who are gone').click();
  await heading('Preview: what the repair would do').waitFor();
  await shot('repair-preview');
  await button('Repair 1 case').click();
  await heading('Everything is in order').waitFor();
  await shot('repaired');
  is('the repair is said', /Repair/, await text(panel.getByRole('status').first()));
  await button('Undo').first().click();
  await button('Undo it for 1 user').click();
  await heading('1 kind of problem was found').waitFor();
  is('the undo of a repair brings the problem back', /^Undo completed\./, await text(panel.getByRole('status').first()));
  problems('no error on the page while repairing');

  // One user.
  await page.getByRole('tab', { name: 'Find a user' }).click();
  await page.getByRole('searchbox', { name: 'User number, user name or email' }).fill('jane@example.org');
  await button('Find').click();
  await heading('User 50').waitFor();
  is('what a sync would do, and why', /What a sync would do now Needs a decision: This email is recorded in CiviCRM for user 17, who no longer exists\./, await text(panel));
  is('what was seen', /The email stands on the link of user 17, who no longer exists, to contact 202\./, await text(panel));
  is('what happened, and that it was taken back', /What happened before .*Undo.*The link to contact \d+ was removed\..*Decision.*The contact .* was created\. Taken back since\./, await text(panel));
  await shot('explain-full');

  // Every run, with its undo.
  await page.getByRole('tab', { name: 'History' }).click();
  await heading('History').waitFor();
  is('decisions, repairs and undos are in the history', /Undo user 1 .* Repair: Links of users who are gone user 1 .* It was taken back since\..* Decision user 1 /, await text(panel));
  await shot('history-full');
  await page.getByRole('tab', { name: 'Conflicts (2)' }).click();
  await heading('2 users need your decision').waitFor();
  problems('no error on the page');

  // Narrow, as on a telephone.
  await page.setViewportSize({ width: 390, height: 844 });
  await shot('conflict-narrow');
  is('nothing sticks out at the side', true, await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
  await page.getByRole('tab', { name: 'Sync' }).click();
  await heading(/users? needs? your decision/).waitFor();
  await shot('rest-narrow');
  is('here neither', true, await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
  await page.setViewportSize({ width: 1280, height: 900 });

  // The sidecar is down.
  execFileSync(sidecar, ['stop']);
  await page.reload();
  await heading('userlink is not answering at the address in Settings').waitFor();
  is('it says what works and what to do', /Registration and login work as always\..*What to check:.*systemctl status userlink/, await text(element));
  await shot('sidecar-down');
  execFileSync(sidecar, ['start']);
  await button('Try again').click();
  await heading(/users? needs? your decision/).waitFor();
  is('when it is back the page is', true, true);
  is('the browser saw the answers for a sidecar that is down, nothing else', [], page.problems.filter((one) => !/502/.test(one)));
  page.problems.length = 0;

  // Settings.
  await page.goto('/wp-admin/options-general.php?page=userlink-settings');
  is('the settings do not show the key', false, (await page.content()).includes(key));
  is('they say that it is there', /The key is there\. It is not shown here\./, await text(page.locator('#wpbody-content')));
  await page.getByRole('link', { name: 'Test connection' }).click();
  await page.locator('.notice-success', { hasText: 'answers. It sees 20,000 users, 19,998 of them linked.' }).waitFor();
  is('the connection is tested', true, true);
  await shot('settings');
  problems('no error on the settings page');

  // Site Health. Its own tests may well complain here; ours must be among those that passed.
  const passed = page.locator('#health-check-site-status-good');
  await page.goto('/wp-admin/site-health.php');
  await passed.getByText('Users are linked to CiviCRM contacts').waitFor({ state: 'attached' });
  is('Site Health has our test among those that passed', 1, await passed.getByText('Users are linked to CiviCRM contacts').count());
  await page.locator('.site-health-view-passed').click();
  await passed.getByRole('button', { name: 'Users are linked to CiviCRM contacts' }).click();
  await shot('site-health-full');
  await page.goto('/wp-admin/site-health.php?tab=debug');
  is('its details do not show the key', false, (await page.content()).includes(key));
  await browser.close();
});

// progress PAGE, USERS: waits until the bar has passed so many users.
function progress(page, users) {
  return page.waitForFunction((n) => document.querySelector('.userlink-progress')?.value >= n, users);
}
