// What this computer remembers: colours, reading size, layout. Nothing about the person or the answers.

const CHOICES = { theme: ["light", "dark", "contrast"], scale: ["100", "150", "200"], layout: ["1", "2", "single"] };
const DEFAULTS = { theme: "light", scale: "100", layout: "2" };

function read(name) {
  try {
    return localStorage.getItem(`cbt.${name}`);
  } catch {
    return null;
  }
}

/** Return the preference `name`, what the page shows now counting before the default. */
export function preference(name) {
  const kept = read(name) ?? document.documentElement.dataset[name];
  return CHOICES[name].includes(kept) ? kept : DEFAULTS[name];
}

/** Put all preferences on the root element. */
export function applyPreferences() {
  for (const name of Object.keys(CHOICES)) document.documentElement.dataset[name] = preference(name);
}

/** Keep a choice and show it. */
export function choose(name, value) {
  document.documentElement.dataset[name] = value;
  try {
    localStorage.setItem(`cbt.${name}`, value);
  } catch { /* storage is switched off: the choice lasts for this page */ }
}
