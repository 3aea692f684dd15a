// SPDX-License-Identifier: GPL-2.0-or-later
// The way to the sidecar: through the CMS, which checks permission and form token and signs the call.

/** Longer than the CMS's own limit for an admin call (10 s), so that its answer is heard. */
const PATIENCE = 30000;
/** A page that nobody looks at asks this seldom. */
const HIDDEN = 10000;

export class Failure extends Error {
  constructor(code, { status = 0, requestId = '', body = null } = {}) {
    super(code);
    Object.assign(this, { code, status, requestId, body });
  }
}

/** Whether an error only says that the page has moved on; then nobody waits for the answer. */
export const isAbort = (error) => error?.name === 'AbortError';

/** endpoint, headers: as the CMS gave them. codeOf: errors.js. Answers call() and now(). */
export function relay({ endpoint, headers }, codeOf) {
  let ahead = 0; // milliseconds that this computer's clock is ahead of the server's

  async function call(method, path, query, body, signal) {
    const { answer, text } = await post({ method, path, query: query ?? {}, body: body ?? null }, signal);
    const date = Date.parse(answer.headers.get('Date') ?? '');
    if (!Number.isNaN(date)) ahead = Date.now() - date;
    const json = parse(text);
    // A job has a member "error" too, a sentence; only a refusal has one with a code.
    if (answer.ok && json !== null && typeof json === 'object' && !json.error?.code) return json;
    throw new Failure(codeOf(answer.status, json, text, answer.redirected), {
      status: answer.status, body: json, requestId: json?.error?.request_id || answer.headers.get('X-Request-Id') || '',
    });
  }

  async function post(message, signal) {
    const limit = new AbortController();
    const give = () => limit.abort();
    const timer = setTimeout(give, PATIENCE);
    signal?.addEventListener('abort', give);
    try {
      signal?.throwIfAborted();
      const answer = await fetch(endpoint, {
        method: 'POST', credentials: 'same-origin', cache: 'no-store', signal: limit.signal,
        headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers }, body: JSON.stringify(message),
      });
      return { answer, text: await answer.text() };
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new Failure('cms_unreachable');
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', give);
    }
  }

  /** The server's time: "2 minutes ago" must be right on a computer whose clock is wrong. */
  return { call, now: () => Date.now() - ahead };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Waits 2, 4, 8 … seconds, at most a minute. */
export const backoff = (failures) => Math.min(60000, 1000 * 2 ** Math.min(failures, 6));

/**
 * Calls work() after `first` ms and again after the number of ms that it answers, until it answers null or the
 * signal is aborted. Slower while the page is hidden, at once when it is looked at again.
 */
export function repeat(work, first, signal) {
  let timer = 0;
  let busy = false;
  const stop = new AbortController();
  const end = () => {
    clearTimeout(timer);
    stop.abort();
  };
  const plan = (wait) => {
    timer = setTimeout(run, document.hidden ? Math.max(wait, HIDDEN) : wait);
  };
  async function run() {
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    try {
      const wait = await work();
      if (wait === null) end();
      else if (!stop.signal.aborted) plan(wait);
    } finally {
      busy = false;
    }
  }
  signal.addEventListener('abort', end, { once: true });
  document.addEventListener('visibilitychange', () => { if (!document.hidden) run(); }, { signal: stop.signal });
  if (!signal.aborted) plan(first);
}
