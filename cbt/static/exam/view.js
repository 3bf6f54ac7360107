// How one candidate has set the screen: kept with the attempt, and noted on this computer as well. Of the two that remember it the
// newer one counts: the note is written at once, the snapshot outlives a power cut.

import { showView } from "./head.js";
import { choose, preference } from "./prefs.js";

const NAMES = ["layout", "scale", "theme"];
const NOTE = "cbt.viewed";

export class View {
  #attempt;
  #at = 0;       // when the candidate changed it last

  constructor(attempt) {
    this.#attempt = attempt;
  }

  /** What a snapshot holds of it. */
  describe() {
    return { viewedAt: this.#at, ...Object.fromEntries(NAMES.map((name) => [name, preference(name)])) };
  }

  /** Take back what `describe()` gave, unless this computer has a newer note. */
  restore({ viewedAt = 0, ...values }) {
    this.#at = viewedAt;
    if (this.#notedAt() < viewedAt) for (const name of NAMES) if (values[name]) choose(name, values[name]);
    showView();
  }

  /** The candidate has just changed it. */
  changed() {
    this.#at = Date.now();
    try {
      localStorage.setItem(NOTE, JSON.stringify({ attempt: this.#attempt, at: this.#at }));
    } catch { /* storage is switched off: the snapshot remembers alone */ }
  }

  #notedAt() {
    try {
      const noted = JSON.parse(localStorage.getItem(NOTE));
      return noted?.attempt === this.#attempt ? noted.at : -1;
    } catch {
      return -1;
    }
  }
}
