// SPDX-License-Identifier: GPL-2.0-or-later
// An error on the page: what happened, what it means, what to do, and the number under which the log has it.

/** again: what "Try again" does, or null where the person presses the same button again. */
export function problem(page, failure, again) {
  const { el, t, tn, notice, actions } = page;
  // A slip in this page's own code: say it like any other error, and let the browser's console have the details.
  if (!failure.code) console.error(failure);
  const said = page.errors.explain({ code: failure.code ?? '', requestId: failure.requestId, waiting: page.waiting }, t, tn);
  return notice(['session_expired', 'sync_running', 'choice_invalid'].includes(failure.code) ? 'warning' : 'error',
    el('div', { role: 'alert' },
      el('h2', { class: 'userlink-title', tabindex: '-1' }, said.title),
      el('p', {}, said.text.join(' '))),
    said.checks.length > 0 && [el('p', {}, t('What to check:')), el('ul', { class: 'userlink-checks' }, said.checks.map((check) => el('li', {}, check)))],
    actions(way(page, said.action, again)),
    again && page.errors.passing(failure.code) && el('p', { class: 'userlink-faint userlink-tried' }),
    said.requestId && requestNumber(page, said.requestId));
}

function way(page, action, again) {
  const { t, button, link, address, look, join } = page;
  if (action === 'reload') return button(t('Reload the page'), () => location.reload());
  if (action === 'settings') {
    const href = address(page.links.settings);
    if (!href) return again && button(t('Try again'), again);
    const anchor = link(href, t('Open the settings'));
    anchor.className = join('userlink-button', look.button);
    return anchor;
  }
  return again && button(action === 'look' ? t('Look again') : t('Try again'), again);
}

function requestNumber(page, id) {
  const { el, t, button } = page;
  const copy = async (event) => {
    await navigator.clipboard.writeText(id);
    event.target.textContent = t('Copied');
  };
  return el('p', { class: 'userlink-request' }, t('For the log:'), ' ', el('code', {}, id), ' ',
    // Browsers lend the clipboard to encrypted pages only; the number can be selected anyway.
    navigator.clipboard ? button(t('Copy'), copy) : null);
}
