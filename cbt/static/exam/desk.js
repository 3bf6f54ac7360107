// What lies around the paper: tools, notes, calculator, review, list of keys, language. Each is fetched when it is first wanted; here they
// are bound to the paper and to the keyboard.

import { openDialog } from "./dialogs.js";
import { el, icon } from "./dom.js";
import { Seen } from "./seen.js";
import { lateStyle } from "./styles.js";
import { Toolbox } from "./tools/toolbox.js";
import { ask } from "./wire.js";
import { say } from "./words.js";
import { changeShellLanguage } from "./worker.js";

const AHEAD_MS = 2_000;

const byId = (id) => document.getElementById(id);

export class Desk {
  #content;
  #paper;
  #work;
  #deps;
  #tools;
  #seen;
  #slots;
  #calculator = null;
  #arranging = false;
  #review = null;
  #part = null;         // the only part that is there, or null
  #shown = 0;           // counts the openings, so that a late import opens nothing

  /**
   * `content` is the paper's document, `names` the tools that there are. `deps`: `waiting()` (set of slots), `grown()`, `announce(words)`,
   * `handIn()`, `help()`, `flag(slot)`, `jump(slot)`, `turnTime()`, `covered()`, `leave(way)`.
   */
  constructor({ content, names, paper, work, deps }) {
    this.#content = content;
    this.#paper = paper;
    this.#work = work;
    this.#deps = deps;
    this.#slots = content.slots.map(({ slot }) => slot);
    this.#seen = new Seen({ view: byId("paper"), slots: this.#slots, article: (slot) => paper.article(slot) });
    this.#tools = new Toolbox({ bar: byId("toolbar"), names, desk: this.#makeDesk(), more: { seen: this.#seen } });
    this.#bind();
  }

  /** State to be kept: see toolbox.js. */
  get tools() { return this.#tools; }

  /** From now on only one part is there. */
  limit(part) {
    this.#part = part;
    this.#review?.limit(part);
  }

  get reviewing() { return this.#review?.open ?? false; }

  /** The page or the current item has changed, or the paper was arranged anew. */
  moved() {
    requestAnimationFrame(() => {
      const left = this.#seen.turned();
      this.#look();
      if (this.#arranging) left.length = 0;
      this.#arranging = false;
      if (left.length > 0) this.#warnOf(left[0]);
      else if (byId("paper-note").dataset.slot === String(this.#paper.current)) byId("paper-note").hidden = true;
    });
  }

  /** The pages are about to be made anew: an item that goes to another page was not left by anybody. */
  arranging() {
    this.#arranging = true;
  }

  refresh() {
    this.#review?.refresh();
  }

  /** The paper is being covered, or the exam is over: nothing of the desk stays open. */
  cover() {
    this.#shown += 1;
    this.#calculator?.close();
    this.#review?.close({ quiet: true });
    this.#tools.use("notes", (notes) => notes.close(), { opened: true });
  }

  /** The exam is over. */
  wipe() {
    this.#tools.wipe();
  }

  /** Return the slots that have not been seen to their ends. */
  unseen() {
    return this.#seen.unseen();
  }

  /** Show all items on one page. */
  async openReview() {
    const wanted = (this.#shown += 1);
    const [{ Review }] = await Promise.all([import("./review.js"), lateStyle()]);
    if (wanted !== this.#shown || this.#deps.covered()) return;
    this.#review ??= new Review({
      paper: this.#content, main: byId("exam-main"), footer: byId("exam-foot"), facts: () => this.#facts(), handIn: this.#deps.handIn,
      jump: this.#deps.jump, closed: () => this.#deps.grown(),
    });
    if (this.#part !== null) this.#review.limit(this.#part);
    this.#calculator?.close();
    this.#review.show();
  }

  closeReview() {
    this.#review?.close();
  }

  /** Open the calculator, or close it where it has the keyboard. */
  async openCalculator() {
    const { calculator } = this.#content.exam;
    if (calculator === "none") return;
    if (this.#calculator === null) await this.#makeCalculator(calculator);
    this.#calculator.toggle();
  }

  /** While it is being fetched, digits that are typed already choose no option. */
  async #makeCalculator(kind) {
    const opener = byId("calculator");
    const before = document.activeElement;
    opener.focus({ preventScroll: true });
    const [{ makeCalculator }] = await Promise.all([import("./calculator/index.js"), lateStyle()]);
    this.#calculator ??= await makeCalculator(kind, opener);
    if (document.activeElement === opener) before?.focus?.({ preventScroll: true });
  }

  async openShortcuts() {
    const [{ openShortcuts }] = await Promise.all([import("./shortcuts.js"), lateStyle()]);
    openShortcuts({ deeds: this.#deeds().filter(({ there = true }) => there), has: (name) => this.#tools.has(name) });
  }

  /** Return what the letters do that go with Alt and Shift: {letter, words, press, there}. */
  #deeds() {
    const tool = (letter, name, press = () => this.#tools.toggle(name)) => ({ letter, words: say(`tool-${name}`), press, there: this.#tools.has(name) });
    return [
      { letter: "F", words: say("flag"), press: () => this.#deps.flag(this.#paper.current) },
      { letter: "R", words: say("review"), press: () => (this.reviewing ? this.closeReview() : this.openReview()) },
      { letter: "C", words: say("calculator"), press: () => this.openCalculator(), there: this.#content.exam.calculator !== "none" },
      { letter: "P", words: say("help"), press: () => this.#deps.help() },
      { letter: "T", words: say("keys-time"), press: () => this.#deps.turnTime() },
      tool("H", "highlighter", () => this.#highlight()), tool("X", "eliminator"), tool("N", "notes"), tool("L", "line-reader"), tool("M", "masking"),
      tool("Z", "magnifier"), { letter: "K", words: say("shortcuts"), press: () => this.openShortcuts() },
    ];
  }

  /** Do what a key with Alt and Shift means; returns whether it means anything. */
  press(code) {
    const deed = this.#deeds().find(({ letter, there = true }) => there && code === `Key${letter}`);
    deed?.press();
    return deed !== undefined;
  }

  /** With something selected (caret browsing selects by keyboard) the key marks it; otherwise it turns the tool on or off. */
  #highlight() {
    if (getSelection().isCollapsed) this.#tools.toggle("highlighter");
    else this.#tools.use("highlighter", (highlighter) => highlighter.takeSelection());
  }

  #makeDesk() {
    const { slots, passages = [], exam } = this.#content;
    const passageOf = (slot) => slots[slot - 1].passage;
    const roots = new Map([
      ...passages.map((_, index) => [`p${index}`, this.#paper.passage(index).querySelector(".stem")]),
      ...this.#slots.map((slot) => [String(slot), this.#paper.article(slot).querySelector(".stem")]),
    ]);
    return {
      slots: this.#slots, view: byId("paper"), language: exam.language, roots: () => roots, article: (slot) => this.#paper.article(slot),
      current: () => this.#paper.current, passageOf: (slot) => (passageOf(slot) === undefined ? null : `p${passageOf(slot)}`),
      grown: this.#deps.grown, announce: this.#deps.announce, noted: (slot, on) => this.#showNoted(slot, on),
    };
  }

  /** An item with a note carries a button that opens it. */
  #showNoted(slot, on) {
    const head = this.#paper.article(slot).querySelector(".item-no");
    const button = head.querySelector(".noted");
    if (button) button.hidden = !on;
    else if (on) {
      const words = say("open-note", { slot });
      head.append(el("button", {
        class: "flag noted", type: "button", title: words, "aria-label": words, on: { click: () => this.#tools.use("notes", (notes) => notes.show(slot)) },
      }, icon("note")));
    }
    this.#review?.refresh();
  }

  #facts() {
    const { slots } = this.#content;
    return {
      answer: (slot) => this.#answerWords(slots[slot - 1]), flagged: new Set(this.#work.flaggedOf(this.#slots)), unseen: new Set(this.#seen.unseen()),
      waiting: this.#deps.waiting(), refused: new Set(this.#work.refusedSlots()), noted: this.#tools.has("notes") ? new Set(this.#tools.noted()) : null,
    };
  }

  /** Return the numbers of the options that are chosen, or that something is filled in. */
  #answerWords({ slot, controls }) {
    if (!this.#work.answered(slot)) return "";
    const [control] = controls;
    if (controls.length > 1 || control.kind !== "choice") return say("filled");
    return this.#work.answer(slot)[control.response].map((value) => control.choices.indexOf(value) + 1).sort((a, b) => a - b).join(", ");
  }

  #bind() {
    const view = byId("paper");
    let looking = false;
    const lookSoon = () => {
      if (looking) return;
      looking = true;
      requestAnimationFrame(() => {
        looking = false;
        this.#look();
      });
    };
    view.addEventListener("scroll", lookSoon, { passive: true });
    addEventListener("scroll", lookSoon, { passive: true });
    // The head of the paper may take another line; on small screens the whole page scrolls, and the paper is as high as what it holds.
    let height = view.clientHeight;
    new ResizeObserver(() => {
      if (view.clientHeight === height || getComputedStyle(view).overflowY === "visible") return;
      height = view.clientHeight;
      this.#deps.grown();
    }).observe(view);
    byId("calculator").addEventListener("click", () => this.openCalculator());
    byId("review-open").addEventListener("click", () => this.openReview());
    byId("shortcuts").addEventListener("click", () => this.openShortcuts());
    byId("switch-language").addEventListener("click", () => this.#switchLanguage());
    // Where no worker keeps the screen, what is opened later is fetched while there is a line.
    if (!navigator.serviceWorker?.controller) setTimeout(() => this.#fetchAhead().catch(() => null), AHEAD_MS);
    byId("paper-more").addEventListener("click", () => view.scrollBy({ top: view.clientHeight * 0.85 }));
  }

  #fetchAhead() {
    const { calculator } = this.#content.exam;
    const parts = [import("./handin.js"), import("./review.js"), import("./shortcuts.js"), lateStyle(), this.#tools.fetch()];
    if (calculator !== "none") parts.push(import("./calculator/index.js").then(({ fetchCalculator }) => fetchCalculator(calculator)));
    return Promise.all(parts);
  }

  #look() {
    if (this.#deps.covered() || this.reviewing) return;
    if (this.#seen.look()) this.#tools.tell();
    byId("paper-more").hidden = !this.#paper.canScroll(1);
  }

  /** Say which item was left before its end, with a way back. It stays until the next page. */
  #warnOf(slot) {
    const words = say("left-unseen", { slot });
    const back = el("button", { class: "btn", type: "button", text: say("show-item", { slot }), on: { click: () => {
      this.#deps.jump(slot);
      byId("paper").scrollBy({ top: this.#paper.article(slot).getBoundingClientRect().height });
    } } });
    const note = byId("paper-note");
    note.replaceChildren(icon("unseen"), el("span", { text: words }), back);
    note.dataset.slot = slot;
    note.hidden = false;
    this.#deps.announce(words);
  }

  /** The page is loaded anew in the other language; the place, the answers and the tools come back with it. */
  async #switchLanguage() {
    const { to, go } = byId("switch-language").dataset;
    try {
      const { body } = await ask("/delivery/form-token");
      const form = new URLSearchParams({ csrf_token: body.token, language: to, next: location.pathname });
      await fetch(go, { method: "POST", body: form, redirect: "manual" });
      await changeShellLanguage(to);
    } catch (trouble) {
      console.info("the language was not changed", trouble);
      return this.#languageLater();
    }
    return this.#deps.leave(() => location.reload());
  }

  #languageLater() {
    openDialog({ title: say("language-later"), body: [el("p", { text: say("language-later-words") })], buttons: [{ text: say("close"), primary: true }] });
  }
}
