// cms-backdrop-install.js URL SHOTS ARCHIVE: uploads the module's archive and enables the module, as an administrator does.
'use strict';

const { launch, openPage } = require('launch');
const { is, look, main } = require('./checks');

async function logInToBackdrop(page) {
  await page.goto('/user/login');
  await page.fill('form#user-login [name=name]', 'admin');
  await page.fill('form#user-login [name=pass]', 'admin');
  await Promise.all([page.waitForURL((url) => !/login/.test(url.pathname)), page.locator('form#user-login [name=op]').click()]);
}

async function install(base, shots, archive) {
  const browser = await launch();
  const page = await openPage(browser, base);
  page.setDefaultTimeout(60000); // a busy machine; nothing is measured here
  const shot = look(shots, page);
  await logInToBackdrop(page);
  await page.goto('/admin/installer/manual');
  await page.setInputFiles('[name="files[project_upload]"]', archive);
  await page.getByRole('button', { name: 'Install', exact: true }).click();
  await page.getByText('Installation was completed successfully').first().waitFor();
  is('Backdrop installs the uploaded archive', true, true);
  await shot('backdrop-upload');
  await page.goto('/admin/modules');
  await page.locator('[name="modules[CiviCRM][userlink][enable]"]').check();
  await page.getByRole('button', { name: 'Save configuration' }).click();
  await page.getByText(/(configuration options have been saved|module.* enabled|installed)/i).first().waitFor();
  is('and enables the module', true, await page.locator('[name="modules[CiviCRM][userlink][enable]"]').isChecked());
  await shot('backdrop-enabled');
  is('no error on any page', [], page.problems);
  await browser.close();
}

if (require.main === module) main(() => install(...process.argv.slice(2)));

module.exports = { logInToBackdrop };
