// What stands in the paper's place while there is nothing to answer: paused, handed in, ended, moved to another seat.

import { el, icon } from "./dom.js";
import { ENDINGS } from "./endings.js";
import { say, sayOr } from "./words.js";

const SYMBOLS = {
  loading: "clock", paused: "pause", moved: "swap", submitting: "queue", submitted: "done", expired: "clock",
  terminated: "stop", voided: "stop", over: "clock", "signed-out": "lock", elsewhere: "lock",
  claimed: "swap", "no-line": "off", code: "lock", sealed: "lock", break: "pause", leaving: "queue",
};

export class Hold {
  #box;
  #main;
  #others;
  #shown = "loading";      // as the page is delivered
  #focused = null;

  /** `box` is shown instead of `main`; `others` (footer, tools) become inert with it. */
  constructor({ box, main, others }) {
    this.#box = box;
    this.#main = main;
    this.#others = others;
    for (const other of others) other.inert = true;
  }

  get shown() { return this.#shown; }

  /** Remember where the keyboard is, before anything is cleared away. */
  remember() {
    if (this.#shown === null) this.#focused = document.activeElement;
  }

  /** Cover the paper. `more` are nodes below the words; the heading takes the focus so that it is read. */
  show(kind, { more = [] } = {}) {
    this.#shown = kind;
    const heading = el("h2", { tabindex: "-1", text: say(`hold-${kind}`) });
    this.#box.replaceChildren(el("div", { class: `hold-body${ENDINGS.has(kind) ? " done" : ""}` }, icon(SYMBOLS[kind]), heading,
      el("p", { text: sayOr(`hold-${kind}-words`, "hold-words") }), ...more));
    this.#cover(true);
    heading.focus();
  }

  /** Uncover the paper and give the focus back. */
  clear() {
    if (this.#shown === null) return;
    this.#shown = null;
    this.#cover(false);
    if (this.#focused?.isConnected) this.#focused.focus({ preventScroll: true });
  }

  #cover(on) {
    this.#box.hidden = !on;
    this.#main.hidden = on;
    for (const other of this.#others) other.inert = on;
  }
}
