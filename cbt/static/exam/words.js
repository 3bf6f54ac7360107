// Words of the exam screen: the server writes them, translated, into the page; here they only get their numbers.

const table = {};

/** Load words from a JSON block of the page; later ones join those that are there. */
export function loadWords(text) {
  Object.assign(table, JSON.parse(text));
}

/** Return the words for `key` with `{name}` replaced; a `key.one` entry wins where `n` is 1. */
export function say(key, values = {}) {
  const pattern = (values.n === 1 && table[`${key}.one`]) || table[key];
  if (pattern === undefined) throw new Error(`no words for ${key}`);
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Return the words for `key`, or those for `fallback` when there are none (codes that servers may add later). */
export function sayOr(key, fallback, values = {}) {
  return say(key in table ? key : fallback, values);
}
