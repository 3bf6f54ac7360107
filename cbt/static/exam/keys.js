// Keyboard: PageUp and PageDown turn pages, 1-9 choose an option of the item that has the focus, Delete takes an answer back. Letters
// only mean something together with Alt and Shift; the digits can be switched off.

import { chooseNth } from "./items.js";
import { preference } from "./prefs.js";

const WRITING = "textarea, select, input:not([type=radio]):not([type=checkbox])";

const OWN_PAGING = "select, textarea, input[type=range], audio, video";
const MARKED = "[data-control] :is(input[type=radio], input[type=checkbox])";

/**
 * Listen on the whole page. `page(by)` turns or scrolls; `press(code)` takes a key with Alt and Shift and returns whether it means anything;
 * `blocked()` tells whether a dialog or a hold has the screen.
 */
export function bindKeys({ page, press, blocked }) {
  document.addEventListener("keydown", (event) => {
    if (event.altKey && event.shiftKey && !event.ctrlKey && !event.metaKey && !blocked() && press(event.code)) event.preventDefault();
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || blocked()) return;
    const by = { PageDown: 1, PageUp: -1 }[event.key];
    if (by && !event.target.closest(OWN_PAGING)) {
      event.preventDefault();
      page(by);
    } else if (/^[1-9]$/.test(event.key) && preference("digits") === "on" && !event.target.closest(WRITING)) choose(event);
    else if ((event.key === "Delete" || event.key === "Backspace") && event.target.matches(MARKED)) {
      event.preventDefault();
      event.target.closest("[data-control]").dispatchEvent(new CustomEvent("take-back", { detail: { target: event.target } }));
    }
  });
}

function choose(event) {
  const n = Number(event.key);
  const article = event.target.closest(".item");
  const row = event.target.closest(".sheet-row");
  if (article && chooseNth(article, n)) event.preventDefault();
  if (!row) return;
  const input = row.querySelectorAll(".bubble input")[n - 1];
  if (!input) return;
  event.preventDefault();
  input.focus();
  input.click();
}
