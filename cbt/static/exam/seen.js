// Which items have been on the screen down to their ends. Nobody is held up; who turns a page too early is told, and the review knows.

export class Seen {
  #view;
  #article;
  #slots;
  #seen = new Set();
  #page = [];          // the slots of the page that is shown

  /** `view` scrolls, `article(slot)` is an item's element. */
  constructor({ view, slots, article }) {
    this.#view = view;
    this.#slots = slots;
    this.#article = article;
  }

  /** Take down what is on the screen now; returns whether anything is new. */
  look() {
    const { bottom: end } = this.#view.getBoundingClientRect();
    const limit = Math.min(end, innerHeight) + 2;
    const before = this.#seen.size;
    for (const slot of this.#here()) {
      const { bottom, height } = this.#article(slot).getBoundingClientRect();
      if (height > 0 && bottom - tail(this.#article(slot)) <= limit) this.#seen.add(slot);
    }
    return this.#seen.size > before;
  }

  /** The page may have changed; returns the items that were left before their ends were seen. */
  turned() {
    const here = this.#here();
    const left = this.#page.filter((slot) => !here.includes(slot) && !this.#seen.has(slot));
    this.#page = here;
    return left;
  }

  /** Return the items whose ends have not been seen. */
  unseen() {
    return this.#slots.filter((slot) => !this.#seen.has(slot));
  }

  state() {
    return this.#seen.size > 0 ? [...this.#seen] : null;
  }

  restore(slots) {
    for (const slot of slots) this.#seen.add(slot);
  }

  wipe() {
    this.#seen.clear();
  }

  #here() {
    return this.#slots.filter((slot) => this.#view.contains(this.#article(slot)));
  }
}

/** The empty space at an item's end need not be seen. */
function tail(article) {
  return parseFloat(getComputedStyle(article).paddingBottom) || 0;
}
