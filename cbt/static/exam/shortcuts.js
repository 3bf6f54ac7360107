// The list of keys, as a dialog. Letters always go with Alt and Shift; keys without them only work on what has the focus.

import { openDialog } from "./dialogs.js";
import { el } from "./dom.js";
import { choose, preference } from "./prefs.js";
import { say } from "./words.js";

const ON_PAPER = [
  [["Tab", "Shift Tab"], "keys-tab"], [["PageUp", "PageDown"], "keys-page"], [["1", "9"], "keys-digits"], [["Delete"], "keys-delete"],
  [["X"], "keys-strike", "eliminator"], [["Esc"], "keys-escape"],
];

/** Show the list; `deeds` are {letter, words} that go with Alt and Shift, `has(tool)` tells which tools there are. */
export function openShortcuts({ deeds, has }) {
  const digits = el("input", { type: "checkbox" });
  digits.checked = preference("digits") === "on";
  digits.addEventListener("change", () => choose("digits", digits.checked ? "on" : "off"));
  const rows = [
    ...ON_PAPER.filter(([, , tool]) => !tool || has(tool)).map(([keys, words]) => row(keys.map((key) => [key]), say(words))),
    ...deeds.map(({ letter, words }) => row([["Alt", "Shift", letter]], words)),
  ];
  openDialog({
    title: say("shortcuts"), body: [el("dl", { class: "keys-list" }, ...rows), el("label", { class: "check" }, digits, say("digits-choose"))],
    buttons: [{ text: say("close"), primary: true, autofocus: true }],
  });
}

function row(ways, words) {
  const keys = ways.flatMap((keys, index) => [index > 0 ? " · " : null, ...keys.flatMap((key, place) => [place > 0 ? " + " : null, el("kbd", { text: key })])]);
  return el("div", {}, el("dt", {}, ...keys.filter((part) => part !== null)), el("dd", { text: words }));
}
