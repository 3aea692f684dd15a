// SPDX-License-Identifier: GPL-2.0-or-later
// Words, numbers and times in the language of the page. Pure: no document, no network.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "de_DE", "" or nonsense → a language that Intl accepts. */
export function language(tag) {
  try {
    return Intl.getCanonicalLocales(String(tag || 'en').replace('_', '-'))[0];
  } catch {
    return 'en';
  }
}

/** Splits "a {b} c" and puts the values in. A value that is missing stays visible as {b}, so that a slip is seen. */
export function fill(text, values) {
  return text.split(/(\{\w+\})/).map((part) => {
    const value = values[/^\{(\w+)\}$/.exec(part)?.[1]];
    // A node has one place in the page; a translation may need it twice.
    return value === undefined ? part : value?.cloneNode?.(true) ?? value;
  }).filter((part) => part !== '');
}

/**
 * t(English, values) → a string; t.rich → an array in which a value may be a DOM node.
 * tn(one, many, n, values) picks the form by n and puts {n} in; tn.rich likewise.
 * Values of type number are written in the page's way; ids are given as strings, so that 1042 does not become 1,042.
 * texts: English → translation. For languages with more than two forms the translation of the plural
 * may be an object by the categories of Intl.PluralRules: {"one":"…","few":"…","many":"…","other":"…"}.
 */
export function translator(texts, tag) {
  const lang = language(tag);
  // Without translations the sentences are English; a German "vor 2 Minuten" inside them would read badly.
  const words = Object.keys(texts).length > 0 ? lang : 'en';
  const numbers = new Intl.NumberFormat(lang);
  const rules = new Intl.PluralRules(words);
  const number = (n) => numbers.format(n);
  const written = (value) => (typeof value === 'number' ? number(value) : value);

  const lookUp = (english) => (typeof texts[english] === 'string' && texts[english] !== '' ? texts[english] : english);
  const pick = (one, many, n) => {
    const forms = texts[many];
    if (forms && typeof forms === 'object') return forms[rules.select(n)] ?? forms.other ?? many;
    if (typeof texts[one] === 'string' && typeof forms === 'string') return rules.select(n) === 'one' ? texts[one] : forms;
    return n === 1 ? one : many;
  };
  const put = (text, values = {}) => fill(text, Object.fromEntries(Object.entries(values).map(([k, v]) => [k, written(v)])));

  const t = (english, values) => put(lookUp(english), values).join('');
  t.rich = (english, values) => put(lookUp(english), values);
  const tn = (one, many, n, values) => put(pick(one, many, n), { n, ...values }).join('');
  tn.rich = (one, many, n, values) => put(pick(one, many, n), { n, ...values });
  return { t, tn, number, lookUp, ...times(lang, words) };
}

function times(lang, words) {
  const relative = new Intl.RelativeTimeFormat(words, { numeric: 'auto' });
  const moment = new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short' });
  const clock = new Intl.DateTimeFormat(lang, { timeStyle: 'medium' });
  const unit = (value, name) => new Intl.NumberFormat(words, { style: 'unit', unit: name, unitDisplay: 'long', maximumFractionDigits: 1 }).format(value);
  return {
    /** "2 minutes ago"; now in milliseconds. */
    ago(iso, now) {
      const s = Math.max(0, (now - Date.parse(iso)) / 1000);
      if (s < MINUTE) return relative.format(0, 'second');
      if (s < HOUR) return relative.format(-Math.floor(s / MINUTE), 'minute');
      if (s < DAY) return relative.format(-Math.floor(s / HOUR), 'hour');
      return relative.format(-Math.floor(s / DAY), 'day');
    },
    dateTime: (iso) => (Number.isNaN(Date.parse(iso ?? '')) ? '' : moment.format(new Date(iso))),
    clock: (at) => clock.format(at),
    /** "20 seconds", rounded up to what a person can use. */
    duration(seconds) {
      if (seconds <= 55) return unit(Math.max(5, Math.ceil(seconds / 5) * 5), 'second');
      if (seconds <= 90 * MINUTE) return unit(Math.ceil(seconds / MINUTE), 'minute');
      return unit(Math.ceil(seconds / HOUR * 2) / 2, 'hour');
    },
  };
}

/**
 * Seconds left from what was seen: [{at: ms, checked}] oldest first. null while it would be a guess:
 * before 5 % of the users, before 3 seconds of watching, or when nothing moved.
 */
export function timeLeft(samples, total) {
  if (samples.length < 2 || total <= 0) return null;
  const first = samples[0];
  const last = samples[samples.length - 1];
  const seconds = (last.at - first.at) / 1000;
  const moved = last.checked - first.checked;
  if (seconds < 3 || moved <= 0 || last.checked / total < 0.05 || last.checked >= total) return null;
  return (total - last.checked) * seconds / moved;
}
