// The calculator beside the paper: plain or scientific, as the exam says.

import { Panel } from "../tools/panel.js";
import { say } from "../words.js";

const KINDS = {
  plain: () => import("./plain.js").then(({ plain }) => plain),
  scientific: () => import("./scientific.js").then(({ scientific }) => scientific),
};

/** Fetch a kind of calculator; returns what makes its parts. */
export function fetchCalculator(kind) {
  return (KINDS[kind] ?? KINDS.plain)();
}

/** Make the calculator of a kind; `opener` shows whether it is open. */
export async function makeCalculator(kind, opener) {
  const { className, body, focus, type } = (await fetchCalculator(kind))();
  const tell = (open) => opener.setAttribute("aria-expanded", String(open));
  const panel = new Panel({ title: say("calculator"), className, body, type, onClose: () => tell(false) });
  return {
    close: () => panel.close(),
    /** Open it; bring the keyboard to it; close it where the keyboard is in it, or on its button. */
    toggle() {
      if (panel.open && (panel.hasFocus || document.activeElement === opener)) panel.close();
      else panel.show(focus);
      tell(panel.open);
    },
  };
}
