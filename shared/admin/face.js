// SPDX-License-Identifier: GPL-2.0-or-later
// The place in which a tab shows one thing at a time: a notice above it, where the focus goes, what a press does, and an
// error instead of it.

export class Face {
  #page; #panel; #notice; #said; #ways; #stop = new AbortController(); #acted = false; #trouble = ''; #failures = 0;

  constructor(page, root) {
    this.#page = page;
    // The place of the sentence is there from the beginning: screen readers announce what changes in a place they know.
    this.#said = page.el('div', { role: 'status' });
    this.#ways = page.el('div', {});
    this.#notice = page.el('div', { class: 'userlink-idle' }, this.#said, this.#ways);
    this.#panel = page.el('div', { class: 'userlink-face' }, page.el('p', {}, page.t('Loading …')));
    root.replaceChildren(this.#notice, this.#panel);
  }

  /** Every thing shown lives under its own signal; the next one ends its timers and calls. */
  begin() {
    this.#stop.abort();
    this.#stop = new AbortController();
    return this.#stop.signal;
  }

  close() {
    this.#stop.abort();
  }

  /** The person did something: what is shown next takes the focus. */
  act() {
    this.#acted = true;
  }

  /** The focus goes to the new heading when the person did it, or when it would be lost with what was there. */
  show(...nodes) {
    const lost = this.#panel.contains(document.activeElement);
    this.#panel.replaceChildren(...nodes.flat().filter(Boolean));
    const first = this.#panel.querySelector('[tabindex="-1"]');
    if (lost || this.#acted) first?.focus();
    this.#acted = false;
    this.#trouble = '';
    this.#failures = 0;
  }

  /** The notice above: how the last thing ended. kind '' takes it away. */
  say(kind, text = [], ways = null) {
    this.#notice.className = kind === '' ? 'userlink-idle' : this.#page.noticeClass(kind);
    this.#said.replaceChildren(...text.filter((part) => part && part !== '').map((part) => this.#page.el('p', {}, part)));
    this.#ways.replaceChildren(...[ways].filter(Boolean));
    this.#ways.hidden = !ways;
  }

  /** One press is one call. When it fails, what is shown stays, and the notice says why; refused(error) may know better. */
  async press(event, work, refused = () => false) {
    const pressed = event.currentTarget;
    if (pressed.getAttribute('aria-disabled') === 'true') return;
    pressed.setAttribute('aria-disabled', 'true');
    this.#acted = true;
    try {
      await work(this.#stop.signal);
    } catch (error) {
      if (!this.#page.isAbort(error) && !refused(error)) this.refuse(error);
    } finally {
      this.#acted = false;
      pressed.removeAttribute('aria-disabled');
    }
  }

  refuse(error) {
    this.say('');
    this.#notice.className = '';
    this.#ways.replaceChildren(this.#page.problem(error, null));
    this.#ways.hidden = false;
    this.#ways.querySelector('.userlink-title').focus();
  }

  /** The tab itself could not be shown. What passes by itself is tried again by itself. */
  fail(error, again) {
    if (this.#page.isAbort(error)) return;
    const signal = this.begin();
    const failures = this.#failures + 1;
    // The same trouble again is no news: a screen reader should not hear it at every attempt of ours.
    if (this.#trouble !== error.code || this.#acted) {
      this.show(this.#page.problem(error, () => {
        this.#acted = true;
        again();
      }));
    }
    this.#trouble = error.code;
    this.#failures = failures;
    const tried = this.#panel.querySelector('.userlink-tried');
    if (tried) tried.textContent = this.#page.t('This page tries again by itself. Last attempt: {time}', { time: this.#page.clock(Date.now()) });
    if (!this.#page.errors.passing(error.code)) return;
    this.#page.repeat(async () => {
      again();
      return null;
    }, this.#page.backoff(failures + 1), signal);
  }
}
