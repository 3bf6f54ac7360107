// The paper: items on pages. Pages are computed from measured heights; a change of layout or size keeps the current item.

import { el } from "./dom.js";
import { arrangeChoices, lockItem, makeItem, makePassage, openWideBlocks, showWork } from "./items.js";
import { columnCount, fillPages, pageOf } from "./pages.js";
import { inOrder } from "./parts.js";
import { say } from "./words.js";

const FIRST_CONTROL = [
  "input:checked", ".choices input", ".stem :is(input, textarea, select):not([tabindex='-1'])", ".stem :is(audio, video, button)",
].join(", ");

export class Paper {
  #paper;
  #slots;
  #articles = new Map();
  #passages;           // what several items ask about, in the order of the paper
  #view;               // the scrolling section
  #columns;            // element that holds the columns of the page
  #subject;
  #pages = [];
  #page = 0;
  #current;
  #report;
  #work;
  #locked = false;
  #part = null;        // the only part whose items are there, or null

  /**
   * `view` scrolls, `subject` above it names the part. `report`: `respond`, `flag` (see items.js) and `moved()` when the page or the current
   * item has changed.
   */
  constructor({ view, subject, paper, work, assets, report }) {
    this.#view = view;
    this.#paper = paper;
    this.#slots = paper.slots;
    this.#work = work;
    this.#report = report;
    this.#current = paper.slots[0].slot;
    this.#subject = subject;
    this.#columns = el("div", { class: "items" });
    view.replaceChildren(this.#columns);
    this.#passages = (paper.passages ?? []).map((passage) => makePassage(passage, assets));
    for (const slot of paper.slots) this.#articles.set(slot.slot, makeItem(slot, report, assets));
    for (const slot of this.#articles.keys()) this.show(slot);
    this.#listen();
  }

  get page() { return this.#page; }
  get pageCount() { return this.#pages.length; }
  get current() { return this.#current; }
  get currentPart() { return this.#slots[this.#current - 1].part; }

  /** From now on only the items of one part are there. */
  limit(part) {
    this.#part = part;
    if (this.currentPart !== part) this.#current = this.#here()[0].slot;
  }

  #here() {
    return this.#slots.filter(({ part }) => this.#part === null || part === this.#part);
  }

  article(slot) {
    return this.#articles.get(slot);
  }

  passage(index) {
    return this.#passages[index];
  }

  /** Show a slot's answer and flag as the work holds them. */
  show(slot) {
    showWork(this.article(slot), this.#work.answer(slot), this.#work.flagged(slot));
    if (this.#locked) lockItem(this.article(slot), true);   // what a control has just made is no exception
  }

  /** Let no answer be changed any more (or again). */
  lock(locked) {
    this.#locked = locked;
    for (const article of this.#articles.values()) lockItem(article, locked);
  }

  /** Compute the pages anew for `layout` and show the one with the current item. */
  arrange(layout) {
    const holder = document.activeElement?.closest?.(".item");
    const focused = holder ? document.activeElement : null;
    const { columns, room } = this.#measureRoom(layout);
    this.#pages = fillPages(this.#measureItems(columns), { room, columns, single: layout === "single" });
    this.#page = pageOf(this.#pages, this.#current);
    this.#place(columns);
    focused?.focus({ preventScroll: true });
    this.#reveal(this.article(this.#current));
    this.#report.moved();
  }

  /** The places of pictures that are not here yet. */
  missing() {
    return [...this.#articles.values(), ...this.#passages].flatMap((node) => [...node.querySelectorAll("[data-missing]")]);
  }

  /** Begin at an item, before anything is shown. */
  start(slot) {
    this.#current = slot;
  }

  /** Turn to another page; its first item becomes the current one. */
  turn(by) {
    const target = this.#page + by;
    if (target < 0 || target >= this.#pages.length) return false;
    const wasInside = this.#columns.contains(document.activeElement);
    this.#page = target;
    this.#place(this.#columns.dataset.columns);
    [[this.#current]] = this.#pages[target];
    this.#view.scrollTop = 0;
    if (wasInside) this.article(this.#current).focus({ preventScroll: true });
    this.#report.moved();
    return true;
  }

  /** Go to an item; `focus` moves the keyboard there too. */
  go(slot, { focus = false } = {}) {
    this.#current = slot;
    const page = pageOf(this.#pages, slot);
    if (page !== this.#page) {
      this.#page = page;
      this.#place(this.#columns.dataset.columns);
      this.#view.scrollTop = 0;
    }
    const article = this.article(slot);
    this.#reveal(article);
    if (focus) (article.querySelector(FIRST_CONTROL) ?? article).focus({ preventScroll: true });
    this.#report.moved();
  }

  /** Tell whether the page can still be scrolled in a direction: long items are read to their end first. */
  canScroll(by) {
    const { scrollTop, scrollHeight, clientHeight } = this.#view;
    return by > 0 ? scrollTop + clientHeight < scrollHeight - 8 : scrollTop > 8;
  }

  #listen() {
    const touch = (event) => {
      const slot = Number(event.target.closest?.(".item")?.dataset.slot);
      if (!slot || slot === this.#current) return;
      this.#current = slot;
      this.#report.moved();
    };
    this.#columns.addEventListener("focusin", touch);
    this.#columns.addEventListener("click", touch);
    this.#columns.addEventListener("load", () => this.#report.grown(), { capture: true });
  }

  #measureRoom(layout) {
    if (this.#subject.childElementCount === 0) this.#showSubject(this.#part ?? 0);   // it takes room from the view
    const style = getComputedStyle(this.#view);
    const inner = this.#view.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const letter = parseFloat(style.fontSize);
    const gap = parseFloat(getComputedStyle(this.#columns).columnGap) || 0;
    const columns = columnCount(layout, inner, gap, letter);
    this.#columns.dataset.columns = columns;
    const column = Math.min(columns === 2 ? (inner - gap) / 2 : inner, columns === 2 ? inner : 44 * letter);
    const beside = (64 * ["striking", "masking"].filter((name) => this.#view.classList.contains(name)).length) / letter;   // buttons of tools
    for (const article of this.#articles.values()) arrangeChoices(article, column / letter - 2.5 - beside);
    // On a small screen the whole page scrolls, so the paper has no height of its own: a page is then a screenful.
    const own = style.overflowY === "visible" ? Math.max(innerHeight, 560) : Math.max(this.#view.clientHeight, 420);
    const taken = parseFloat(style.paddingTop) + parseFloat(style.paddingBottom);
    return { columns, room: own - taken };
  }

  #measureItems(columns) {
    const trial = el("div", { class: "column" });
    this.#columns.replaceChildren(trial, ...(columns === 2 ? [el("div", { class: "column" })] : []));
    trial.append(...this.#passages, ...this.#articles.values());
    const heights = this.#passages.map((passage) => heightOf(passage));
    return this.#here().map(({ slot, part, passage }) => ({
      slot, part, height: heightOf(this.article(slot)), lead: passage, leadHeight: heights[passage] ?? 0,
    }));
  }

  #place(columns) {
    const page = this.#pages[this.#page];
    const led = new Set();
    const filled = page.map((slots) => el("div", { class: "column" }, ...slots.flatMap((slot) => [...this.#lead(slot, led), this.article(slot)])));
    while (filled.length < Number(columns)) filled.push(el("div", { class: "column" }));
    this.#columns.replaceChildren(...filled);
    this.#showSubject(this.#slots[page[0][0] - 1].part);
    for (const slot of page.flat()) openWideBlocks(this.article(slot));
  }

  /** Return the passage of an item, where it does not stand on the page yet. */
  #lead(slot, led) {
    const { passage } = this.#slots[slot - 1];
    if (passage === undefined || led.has(passage)) return [];
    led.add(passage);
    return [this.#passages[passage]];
  }

  #showSubject(index) {
    const { first, last } = this.#paper.parts[index];
    const range = say("part-range", { first, last, n: last - first + 1 });
    this.#subject.replaceChildren(el("h2", { text: partName(this.#paper, index) }), el("span", { text: range }));
  }

  #reveal(article) {
    const { top, bottom } = article.getBoundingClientRect();
    const view = this.#view.getBoundingClientRect();
    if (top < view.top || (bottom > view.bottom && top > view.top + 24)) article.scrollIntoView({ block: "nearest" });
  }
}

function heightOf(node) {
  const { marginTop, marginBottom } = getComputedStyle(node);
  return node.getBoundingClientRect().height + parseFloat(marginTop) + parseFloat(marginBottom);
}

/** Return the name of a paper's part as people say it; a paper of one part needs no number. */
export function partName(paper, index) {
  const { title } = paper.parts[index];
  if (paper.parts.length < 2 || title.startsWith(String(index + 1))) return title;
  return say(inOrder(paper) ? "part-in-order" : "part", { number: index + 1, title });
}
