// SPDX-License-Identifier: GPL-2.0-or-later
// The few pieces that every view is made of. Text goes in as text nodes only: names and emails are hostile.

/** el('p', {class: 'x', onclick: f, hidden: true}, 'text', node, [more]). null and false are left out. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** What somebody else wrote: keeps its own direction, so that a right-to-left name does not turn the sentence over. */
export const foreign = (text) => el('bdi', {}, text);

/** An email breaks before its @ when there is not room enough, not in the middle of a word. */
export function email(text) {
  const at = text.lastIndexOf('@');
  return at < 1 ? foreign(text) : el('bdi', {}, text.slice(0, at), el('wbr'), text.slice(at));
}

/** The CMS's own class names beside ours; ours carry the layout, the CMS's the look. */
export const CLASSES = {
  button: 'button', primary: 'button button-primary', linkButton: '', input: 'regular-text', table: 'widefat striped',
  tabs: 'nav-tab-wrapper', tab: 'nav-tab', tabActive: 'nav-tab-active',
  notice: 'notice inline', info: 'notice-info', success: 'notice-success', warning: 'notice-warning', error: 'notice-error',
};

/** Buttons say themselves what they are of. */
const speaks = (cell) => cell instanceof HTMLButtonElement || (cell instanceof HTMLElement && cell.classList.contains('userlink-actions'));

export function pieces(classes) {
  const look = { ...CLASSES, ...classes };
  const join = (...names) => names.filter(Boolean).join(' ');

  const button = (label, onclick, { kind = 'button', class: more = '', ...props } = {}) => el('button', {
    type: 'button', class: join(kind === 'linkButton' ? 'userlink-link' : `userlink-button${kind === 'primary' ? ' userlink-primary' : ''}`, look[kind], more), onclick, ...props,
  }, label);

  const notice = (kind, ...children) => el('div', { class: noticeClass(kind) }, ...children);
  const noticeClass = (kind) => join('userlink-notice', `userlink-${kind}`, look.notice, look[kind]);

  /** Takes the focus when a view begins, so that a screen reader reads on from there. */
  const heading = (text) => el('h2', { class: 'userlink-heading', tabindex: '-1' }, text);

  const actions = (...children) => {
    const shown = children.filter(Boolean);
    return shown.length > 0 ? el('div', { class: 'userlink-actions' }, ...shown) : null;
  };

  /**
   * headers: strings. rows: arrays of cells (strings or nodes), the first names the row.
   * The roles say what the elements say already: narrow screens show the rows as cards, and `display: block` makes browsers forget it.
   */
  function table(caption, headers) {
    const body = el('tbody', { role: 'rowgroup' });
    const head = headers.map((text) => el('th', { scope: 'col', role: 'columnheader' }, text));
    const node = el('table', { class: join('userlink-table', look.table), role: 'table' },
      caption ? el('caption', {}, caption) : null,
      el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, head)), body);
    const row = (cells) => el('tr', { role: 'row' }, cells.map((cell, i) => (i === 0
      ? el('th', { scope: 'row', role: 'rowheader' }, cell)
      : el('td', { role: 'cell', 'data-label': speaks(cell) ? null : headers[i] }, cell))));
    return { node, fill: (rows) => body.replaceChildren(...rows.map(row)) };
  }

  return { look, join, button, notice, noticeClass, heading, actions, table };
}

/** Only addresses that a browser opens as pages; anything else is shown as text. */
export function address(template, id) {
  if (!template) return '';
  const href = id === undefined ? template : template.replaceAll('{id}', encodeURIComponent(id)).replaceAll('%7Bid%7D', encodeURIComponent(id));
  try {
    return ['http:', 'https:'].includes(new URL(href, document.baseURI).protocol) ? href : '';
  } catch {
    return '';
  }
}

export function link(href, ...children) {
  return href ? el('a', { href }, ...children) : el('span', {}, ...children);
}

/** Gives the browser a file to save. */
export function save(name, parts, type) {
  const href = URL.createObjectURL(new Blob(parts, { type }));
  const anchor = el('a', { href, download: name, hidden: true });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  // The browser has taken hold of the file once the click is over; a minute is plenty for slow ones.
  setTimeout(() => URL.revokeObjectURL(href), 60000);
}
