// Checks for scripts that drive a browser; they print the same lines as checks.sh.
'use strict';

const quote = (value) => (typeof value === 'string' ? value : JSON.stringify(value));

// is WHAT, EXPECTED, SEEN: the same; EXPECTED may be a regular expression.
function is(what, expected, seen) {
  const good = expected instanceof RegExp ? expected.test(seen) : quote(expected) === quote(seen);
  if (good) console.log(`ok ${what}`);
  else console.log(`not ok ${what}\n  expected: ${expected instanceof RegExp ? expected : quote(expected)}\n  seen:     ${quote(seen)}`);
}

// look FOLDER, PAGE: a function that keeps screenshots; of a name that ends in -full the whole page.
function look(folder, page) {
  return async (name) => {
    await page.mouse.move(1, 890); // over nothing that opens
    await page.screenshot({ path: `${folder}/${name}.png`, fullPage: name.endsWith('-full'), animations: 'disabled' });
  };
}

// text LOCATOR: what a person reads there.
const text = async (locator) => (await locator.innerText()).replace(/\s+/g, ' ').trim();

// main RUN: runs it; an error becomes a failed check.
function main(run) {
  run().then(
    () => process.exit(0),
    (error) => {
      const where = (error.stack || '').split('\n').find((line) => line.includes('/tests/')) || '';
      is('the script comes to its end', '', `${error.message.split('\n').slice(0, 12).join(' | ')} ${where.trim()}`);
      process.exit(1);
    },
  );
}

module.exports = { is, look, text, main };
