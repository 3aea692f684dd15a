// SPDX-License-Identifier: GPL-2.0-or-later
// What went wrong, in words for an administrator: what happened, what it means for the site, what to do. Pure.

/** What a CMS answers when its form token or its login is too old; each has its own words for it. */
const EXPIRED = /nonce|csrf|token|session|cookie|expired|log(ged)?.?in\b/i;

/**
 * The code of an answer that is not the sidecar's own. The sidecar's errors carry their code;
 * all others are the CMS's (permission, form token, a login page, a page of warnings).
 */
export function codeOf(status, body, text, redirected) {
  if (typeof body?.error?.code === 'string') return body.error.code;
  const bare = text.trim();
  // WordPress: "-1" is a form token that does not hold, "0" somebody who is not logged in.
  if (status === 401 || bare === '-1' || bare === '0' || redirected) return 'session_expired';
  if (status === 403) return EXPIRED.test(text.slice(0, 2000)) ? 'session_expired' : 'forbidden';
  return status >= 200 && status < 300 ? 'answer_unreadable' : 'cms_error';
}

/** May be better in a moment without anybody doing anything. */
export function passing(code) {
  return ['sidecar_unreachable', 'cms_unreachable', 'database_unavailable', 'cms_error', 'internal', 'token_expired', 'token_replayed'].includes(code);
}

const works = (t) => t('Registration and login work as always.');
const unchanged = (t) => t('Nothing was changed.');

/** code → {title, text, checks, action}. action: again, look, reload or settings. */
const SAY = {
  sidecar_unreachable: (t, tn, f) => ({
    title: t('userlink is not answering at the address in Settings'),
    text: [works(t), waiting(t, tn, f.waiting)],
    checks: [
      t('Does the userlink service run on the server? On most servers “systemctl status userlink” says so.'),
      t('Does it listen at the address that is entered in Settings?'),
      t('If the address is a socket file: may the web server use the file?'),
      t('The service’s log says why it stopped, if it did.'),
    ],
    action: 'again',
  }),
  not_configured: (t) => ({
    title: t('userlink is not set up yet'),
    text: [t('The address of the userlink service, the site’s name or its key is missing.'), t('Until then users are not linked; registration and login work as always.')],
    action: 'settings',
  }),
  session_expired: (t) => ({
    title: t('Your session has ended'),
    text: [t('The page was open for a long time, or you logged out in another window.'), t('A run that was under way goes on.'), t('Reload the page, and log in again if you are asked to.')],
    action: 'reload',
  }),
  forbidden: (t) => ({
    title: t('You may not do this'),
    text: [t('Your account does not have the permission to synchronize users.'), unchanged(t), t('Ask an administrator of the site.')],
  }),
  token_expired: (t) => ({
    title: t('The clocks do not agree'),
    text: [t('userlink refused the call because its time is too far from its own clock.'), works(t), t('Changes of users wait and will be sent.')],
    checks: [t('Set the clocks of the web server and of the server with userlink; they may differ by half a minute at most.')],
    action: 'again',
  }),
  token_invalid: (t) => ({
    title: t('The key does not fit'),
    text: [t('The key of this site is not the one that userlink knows.'), works(t), t('Changes of users wait and will be sent.')],
    checks: [t('Compare the key and its name in the site’s configuration with those in userlink’s configuration.'), t('If the key was changed lately: was the userlink service restarted since?')],
    action: 'again',
  }),
  token_missing: (t) => ({
    title: t('The call arrived without its signature'),
    text: [t('Something between the site and userlink takes the header “Authorization” away.'), works(t), t('Changes of users wait and will be sent.')],
    checks: [t('Is the address in Settings really that of userlink, without a proxy in between?')],
    action: 'again',
  }),
  token_mismatch: (t) => ({
    title: t('The signature belongs to another call'),
    text: [t('The site’s name in Settings differs from the one in userlink’s configuration, or the call was changed on its way.'), works(t), t('Changes of users wait and will be sent.')],
    checks: [t('Compare the site’s name in Settings with the one in userlink’s configuration.')],
    action: 'again',
  }),
  token_scope: (t) => ({
    title: t('The plugin and userlink do not fit together'),
    text: [t('userlink did not accept the call as one of an administrator.'), unchanged(t), t('Update the plugin and userlink to the same version.')],
  }),
  token_replayed: (t) => ({
    title: t('The same call arrived twice'),
    text: [t('userlink accepts each call once.'), unchanged(t), t('Try again.')],
    action: 'again',
  }),
  database_unavailable: (t) => ({
    title: t('userlink cannot reach its database'),
    text: [t('The service runs, but a database does not answer.'), works(t), t('Changes of users wait and will be sent.')],
    checks: [t('Does the database server run, and does it accept userlink’s account? “userlink check” on the server says what is wrong.')],
    action: 'again',
  }),
  sync_running: (t) => ({
    title: t('A run is under way already'),
    text: [t('Only one run at a time is possible.'), unchanged(t), t('Wait until it has ended, and try again.')],
    action: 'again',
  }),
  sync_state: (t) => ({
    title: t('This is no longer possible'),
    text: [t('The run has ended, or the preview was carried out already.'), unchanged(t), t('The tab “History” shows how it stands; a new preview shows what is left.')],
    action: 'again',
  }),
  choice_invalid: (t) => ({
    title: t('This choice is no longer possible'),
    text: [t('Something has changed meanwhile: perhaps somebody else has decided, or the contact belongs to another user or is in the trash by now.'), unchanged(t), t('Look at what can be chosen now.')],
    action: 'look',
  }),
  not_found: (t) => ({
    title: t('This is not there any more'),
    text: [t('The list may have been deleted, or the plugin and userlink are of different versions.'), unchanged(t)],
    action: 'again',
  }),
  cms_unreachable: (t) => ({
    title: t('The web site does not answer'),
    text: [t('Your browser could not reach the site.'), t('A run that was under way goes on.'), t('Check your network connection.')],
    action: 'again',
  }),
  cms_error: (t) => ({
    title: t('The site answered with an error'),
    text: [t('The site could not pass the call on to userlink.'), t('A run that was under way goes on.'), t('If it happens again, the log of the site says more.')],
    action: 'again',
  }),
  answer_unreadable: (t) => ({
    title: t('The site’s answer could not be read'),
    text: [t('The site answered with something else than userlink’s data, perhaps a warning of another extension or a login page.'), t('Reload the page. If that does not help, the site’s error log says more.')],
    action: 'reload',
  }),
};

function waiting(t, tn, n) {
  return n > 0 ? tn('{n} change of a user waits and will be sent.', '{n} changes of users wait and will be sent.', n) : t('Changes of users wait and will be sent.');
}

/** failure: {code, requestId, waiting} → {title, text[], checks[], action, requestId}. */
export function explain(failure, t, tn) {
  const say = Object.hasOwn(SAY, failure.code) ? SAY[failure.code] : other;
  return { checks: [], action: '', requestId: failure.requestId ?? '', ...say(t, tn, failure) };
}

function other(t, tn, { requestId }) {
  return {
    title: t('Something went wrong'),
    text: [t('userlink could not do this.'), works(t), requestId
      ? t('Try again. If it happens again, the log has the details under the number below.')
      : t('Try again. If it happens again, the log of the site says more.')],
    action: 'again',
  };
}

export const explained = () => Object.keys(SAY);
