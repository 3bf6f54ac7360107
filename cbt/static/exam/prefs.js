// What this computer remembers: colours, reading size, layout, what is hidden. Nothing about the person or the answers.

const CHOICES = {
  theme: ["light", "dark", "contrast"], scale: ["100", "150", "200"], layout: ["1", "2", "single"],
  clock: ["shown", "hidden"], counts: ["shown", "hidden"], digits: ["on", "off"],
};
const DEFAULTS = { theme: "light", scale: "100", layout: "2", clock: "shown", counts: "shown", digits: "on" };

function read(name) {
  try {
    return localStorage.getItem(`cbt.${name}`);
  } catch {
    return null;
  }
}

function write(name, value) {
  try {
    localStorage.setItem(`cbt.${name}`, value);
  } catch { /* storage is switched off: the choice lasts for this page */ }
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
  write(name, value);
}

/** Begin anew: nothing of the person before at this computer, but what `wanted` says (null: as the screen begins). */
export function begin(wanted) {
  for (const [name, values] of Object.entries(CHOICES)) {
    if (values.includes(wanted[name])) choose(name, wanted[name]);
    else if (name !== "theme") choose(name, DEFAULTS[name]);   // the colours may have been chosen on the pages before
  }
}

/** Note a value; returns whether it is new here. */
export function note(name, value) {
  const before = read(name);
  write(name, value);
  return before !== value;
}
