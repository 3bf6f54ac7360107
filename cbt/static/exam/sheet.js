// The answer sheet: one row per item of the chosen subject. A bubble marks and jumps; a number jumps.

import { el, icon, setIcon, setText, spoken } from "./dom.js";
import { makeFlag } from "./items.js";
import { partName } from "./paper.js";
import { say } from "./words.js";

const MOST_BUBBLES = 7;   // more would be under 24 px wide; such items get one mark, like texts

const MARKS = {
  saved: { symbol: "check", className: "mark" },
  sending: { symbol: "half", className: "mark" },
  waiting: { symbol: "queue", className: "mark wait" },
  refused: { symbol: "warn-f", className: "mark refused" },
};

export class Sheet {
  #paper;
  #work;
  #report;
  #markOf;
  #rows = new Map();
  #part = 0;
  #filter = "all";
  #current = null;
  #locked = false;
  #waiting = new Set();
  #nodes;

  /**
   * `nodes`: {select, filters, list} from the page. `markOf(slot, waiting)` gives saved | sending | waiting | refused | null.
   * `report`: `respond(slot, variable, values)`, `flag(slot)`, `jump(slot, focus)`.
   */
  constructor({ nodes, paper, work, markOf, report }) {
    this.#nodes = nodes;
    this.#paper = paper;
    this.#work = work;
    this.#markOf = markOf;
    this.#report = report;
    nodes.select.replaceChildren(...paper.parts.map((part, index) => makeOption(paper, part, index)));
    nodes.select.hidden = paper.parts.length < 2;
    nodes.select.addEventListener("change", () => report.jump(paper.parts[Number(nodes.select.value)].first, false));
    for (const chip of nodes.filters.querySelectorAll("button")) chip.addEventListener("click", () => this.#choose(chip.value));
    nodes.list.addEventListener("keydown", (event) => this.#walk(event));
    this.#build();
  }

  /** From now on only one part is there. */
  limit(part) {
    this.#part = part;
    this.#current = null;
    this.#filter = "all";
    this.#nodes.select.value = part;
    this.#nodes.select.hidden = true;
    this.#build();
  }

  /** Show the row of `slot` as the current one, in its subject. */
  point(slot) {
    const part = this.#paper.slots[slot - 1].part;
    if (part !== this.#part) {
      this.#part = part;
      this.#nodes.select.value = part;
      this.#build();
    } else if (!this.#rows.has(slot) && this.#filter !== "all") this.#build();
    this.#mark(this.#current, false);
    this.#current = slot;
    this.#mark(slot, true);
  }

  /** Show all answers, flags, marks and counts; `waiting` are the slots whose answers have no receipt. */
  refresh(waiting = this.#waiting) {
    this.#waiting = waiting;
    for (const [slot, row] of this.#rows) this.#fill(row, slot);
    const slots = this.#slotsOfPart();
    const counts = { all: slots.length, unanswered: this.#work.unanswered(slots).length, flagged: this.#work.flaggedOf(slots).length };
    for (const chip of this.#nodes.filters.querySelectorAll("button")) {
      setText(chip.querySelector("b"), String(counts[chip.value]));
      chip.setAttribute("aria-pressed", String(chip.value === this.#filter));
    }
  }

  /** Let no answer be changed any more (or again), in rows that are made later too. */
  lock(locked) {
    this.#locked = locked;
    for (const input of this.#nodes.list.querySelectorAll("input, .flag")) input.disabled = locked;
  }

  #slotsOfPart() {
    return this.#paper.slots.filter((slot) => slot.part === this.#part).map((slot) => slot.slot);
  }

  #choose(filter) {
    this.#filter = filter;
    this.#build();
  }

  /** Rows stay until the next choice of filter or subject, so that a row just answered does not run away from the hand. */
  #build() {
    const all = this.#slotsOfPart();
    const shown = { all, unanswered: this.#work.unanswered(all), flagged: this.#work.flaggedOf(all) }[this.#filter];
    const rows = shown.map((slot) => [slot, this.#makeRow(this.#paper.slots[slot - 1])]);
    this.#rows = new Map(rows);
    const bubbles = Math.max(4, ...shown.map((slot) => this.#bubblesOf(this.#paper.slots[slot - 1])?.choices.length ?? 0));
    this.#nodes.list.style.setProperty("--bubbles", bubbles);
    const words = this.#filter === "flagged" ? say("none-flagged") : say("none-unanswered");
    this.#nodes.list.replaceChildren(...(rows.length > 0 ? rows.map(([, row]) => row) : [el("p", { class: "none", text: words })]));
    this.#nodes.list.setAttribute("aria-label", say("sheet-of", { part: partName(this.#paper, this.#part) }));
    if (this.#current !== null) this.#mark(this.#current, true);
    if (!this.#rows.has(this.#current)) this.#setStop(this.#rows.values().next().value);
    this.lock(this.#locked);
    this.refresh();
  }

  #bubblesOf({ controls }) {
    const [control] = controls;
    return controls.length === 1 && control.kind === "choice" && control.choices.length <= MOST_BUBBLES ? control : null;
  }

  #makeRow(item) {
    const { slot } = item;
    const control = this.#bubblesOf(item);
    const jump = (event) => {
      event.preventDefault();
      this.#report.jump(slot, true);
    };
    const number = el("a", { href: `#q${slot}`, on: { click: jump } }, spoken(`${say("item")} `), String(slot));
    const body = control ? this.#makeBubbles(slot, control) : [this.#makeFilled(slot, jump)];
    return el("div", { class: "sheet-row", role: "group", "aria-label": say("item-n", { slot }), dataset: { slot } },
      number, ...body, el("span", { class: "mark" }), makeFlag(slot, () => this.#report.flag(slot)));
  }

  #makeBubbles(slot, control) {
    const type = control.max === 1 ? "radio" : "checkbox";
    return control.choices.map((choice, index) => {
      const input = el("input", { type, name: `sheet-${slot}`, value: choice, "aria-label": say("choice-n", { slot, n: index + 1 }) });
      input.addEventListener("change", () => {
        const row = this.#rows.get(slot);
        const values = [...row.querySelectorAll(".bubble input:checked")].map((checked) => checked.value);
        this.#report.respond(slot, control.response, values);
        this.#report.jump(slot, false);
      });
      return el("label", { class: `bubble ${type}` }, input, el("span", { "aria-hidden": "true", text: index + 1 }));
    });
  }

  #makeFilled(slot, jump) {
    return el("button", { class: "filled", type: "button", on: { click: jump } }, icon("blank"), el("span"));
  }

  #fill(row, slot) {
    const response = this.#work.answer(slot);
    const control = this.#bubblesOf(this.#paper.slots[slot - 1]);
    const values = control ? response[control.response] ?? [] : [];
    for (const input of row.querySelectorAll(".bubble input")) input.checked = values.includes(input.value);
    const filled = row.querySelector(".filled");
    if (filled) {
      const answered = this.#work.answered(slot);
      filled.classList.toggle("has", answered);
      setIcon(filled.querySelector("svg"), answered ? "filled" : "blank");
      setText(filled.querySelector("span"), answered ? say("filled") : say("blank"));
    }
    row.querySelector(".flag").setAttribute("aria-pressed", String(this.#work.flagged(slot)));
    this.#fillMark(row.querySelector(".mark"), this.#markOf(slot, this.#waiting));
  }

  #fillMark(mark, state) {
    if (mark.dataset.state === (state ?? "")) return;
    mark.dataset.state = state ?? "";
    if (state === null) {
      mark.className = "mark";
      mark.replaceChildren();
      mark.removeAttribute("title");
      return;
    }
    mark.className = MARKS[state].className;
    mark.title = say(`mark-${state}`);
    mark.replaceChildren(icon(MARKS[state].symbol), spoken(say(`mark-${state}`)));
  }

  #mark(slot, on) {
    const row = this.#rows.get(slot);
    if (!row) return;
    row.classList.toggle("current", on);
    if (!on) row.querySelector("a").removeAttribute("aria-current");
    else {
      row.querySelector("a").setAttribute("aria-current", "true");
      this.#setStop(row);
      if (row.isConnected) this.#scrollTo(row);
    }
  }

  /** One row at a time is a tab stop; the arrows up and down walk the rows. */
  #setStop(row) {
    if (!row) return;
    for (const node of this.#nodes.list.querySelectorAll("a, input, button")) node.tabIndex = row.contains(node) ? 0 : -1;
  }

  #scrollTo(row) {
    const list = this.#nodes.list.getBoundingClientRect();
    const { top, bottom } = row.getBoundingClientRect();
    if (top < list.top) this.#nodes.list.scrollTop -= list.top - top + 30;
    else if (bottom > list.bottom) this.#nodes.list.scrollTop += bottom - list.bottom + 30;
  }

  #walk(event) {
    const row = event.target.closest(".sheet-row");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!row || !step) return;
    event.preventDefault();
    const target = step > 0 ? row.nextElementSibling : row.previousElementSibling;
    if (!target) return;
    const same = [...row.querySelectorAll("a, input, button")].indexOf(event.target);
    this.#setStop(target);
    (target.querySelectorAll("a, input, button")[same] ?? target.querySelector("a")).focus();
  }
}

function makeOption(paper, { first, last }, index) {
  return el("option", { value: index, text: partName(paper, index), dataset: { first, last } });
}
