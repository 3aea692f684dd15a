// SPDX-License-Identifier: GPL-2.0-or-later
// Comma-separated values (RFC 4180) that are safe to open in a spreadsheet. Pure.

/** Excel takes a file without this mark for the local 8-bit encoding and spoils every accent. */
export const BOM = '\uFEFF';

// A name or an email is what a stranger typed in. Spreadsheets run a cell that begins like this as a formula; an
// apostrophe in front makes it a text. The wide signs count in East Asian settings. A cell may also begin in the
// middle of a value: after a semicolon or a tab where those divide the cells, after a line break where quotes are not heeded.
const FORMULA = /(^|[;\t\r\n])([\s\u0000-\u001F\uFEFF]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g;
const CONTROL = /^[\t\r\n]/;

export function cell(value) {
  const text = value === null || value === undefined ? '' : String(value);
  const marked = text.replace(FORMULA, "$1'$2");
  const safe = CONTROL.test(marked) ? `'${marked}` : marked;
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function line(cells) {
  return `${cells.map(cell).join(',')}\r\n`;
}
