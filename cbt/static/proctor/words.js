// The page's words: written by the server in the reader's language, filled in here.

const all = JSON.parse(document.getElementById("words").textContent);

/** Return the sentence `key` with {name} places filled from `values`. */
export function say(key, values = {}) {
  return (all[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** Tell whether there is a sentence `key`. */
export function knows(key) {
  return key in all;
}
