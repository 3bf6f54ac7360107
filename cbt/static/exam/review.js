// The review: every item on one page, with what is known of it, and filters. Opened from the footer, and on the way to the hand-in.

import { el, icon, setText } from "./dom.js";
import { partName } from "./paper.js";
import { say } from "./words.js";

const FILTERS = ["all", "unanswered", "flagged", "unseen", "waiting", "noted"];
const MARKS = { flagged: "flag", unseen: "unseen", waiting: "queue", refused: "warn-f", noted: "note" };

export class Review {
  #deps;
  #box;
  #foot;
  #chips;
  #select;
  #list;
  #filter = "all";
  #part = "";
  #tiles = new Map();     // slot -> element
  #opener = null;

  /**
   * `paper` is the whole paper. `facts()` gives what there is now: {answer(slot) -> words or "", flagged, unseen, waiting, refused,
   * noted} (sets of slots, `noted` null without notes). `main` and `footer` make room. `jump(slot)`, `handIn()`, `closed()`.
   */
  constructor(deps) {
    this.#deps = deps;
    const { parts } = deps.paper;
    this.#select = el("select", { class: "input", id: "review-part", on: { change: () => this.#narrow() } },
      el("option", { value: "", text: say("all-parts") }), ...parts.map((_, index) => el("option", { value: index, text: partName(deps.paper, index) })));
    this.#chips = FILTERS.map((name) => el("button", { class: "chip", type: "button", value: name, on: { click: () => this.#choose(name) } },
      say(`filter-${name}`), " ", el("b")));
    this.#list = el("div", { class: "review-list", on: { keydown: (event) => this.#walk(event) } });
    this.#box = this.#makeBox(parts);
    this.#foot = el("footer", { class: "exam-foot review-foot", id: "review-foot" },
      el("button", { class: "btn", type: "button", on: { click: () => this.close() } }, icon("left"), say("to-items")),
      el("span"), el("button", { class: "btn primary", type: "button", id: "review-hand-in", text: say("hand-in"), on: { click: () => deps.handIn() } }));
  }

  get open() { return this.#box.isConnected; }

  /** Show the review in the place of the paper. */
  show() {
    if (this.open) return;
    const { main, footer } = this.#deps;
    this.#opener = document.activeElement;
    main.hidden = true;
    footer.hidden = true;
    main.after(this.#box);
    footer.after(this.#foot);
    this.#build();
    this.#box.querySelector("h2").focus();
  }

  /** Back to the paper. */
  close({ quiet = false } = {}) {
    if (!this.open) return;
    this.#box.remove();
    this.#foot.remove();
    this.#deps.footer.hidden = false;
    if (quiet) return;
    this.#deps.main.hidden = false;
    this.#deps.closed();
    if (this.#opener?.isConnected) this.#opener.focus();
  }

  /** Show what has changed; the tiles stay where they are until another choice of filter. */
  refresh() {
    if (!this.open) return;
    const facts = this.#deps.facts();
    for (const [slot, tile] of this.#tiles) fill(tile, slot, facts);
    const counts = this.#counts(facts);
    for (const chip of this.#chips) {
      setText(chip.querySelector("b"), String(counts[chip.value].length));
      chip.setAttribute("aria-pressed", String(chip.value === this.#filter));
      chip.hidden = chip.value === "noted" && facts.noted === null;
    }
  }

  #makeBox(parts) {
    const legend = Object.entries(MARKS).map(([name, symbol]) => el("span", {}, icon(symbol), say(`review-${name}`)));
    return el("main", { class: "review", id: "review" },
      el("header", {}, el("h2", { tabindex: "-1", text: say("review-title") }),
        el("div", { class: "review-filters", role: "group", "aria-label": say("show-which") }, ...this.#chips),
        el("label", { class: "vh", for: "review-part", text: say("subject") }), parts.length > 1 ? this.#select : null),
      this.#list, el("p", { class: "review-legend", "aria-hidden": "true" }, ...legend));
  }

  /** From now on only one part is there. */
  limit(part) {
    this.#part = String(part);
    this.#select.hidden = true;
    if (this.open) this.#build();
  }

  #choose(filter) {
    this.#filter = filter;
    this.#build();
  }

  #narrow() {
    this.#part = this.#select.value;
    this.#build();
  }

  #slots() {
    return this.#deps.paper.slots.filter(({ part }) => this.#part === "" || part === Number(this.#part)).map(({ slot }) => slot);
  }

  #counts(facts) {
    const slots = this.#slots();
    return {
      all: slots, unanswered: slots.filter((slot) => facts.answer(slot) === ""), flagged: slots.filter((slot) => facts.flagged.has(slot)),
      unseen: slots.filter((slot) => facts.unseen.has(slot)), noted: slots.filter((slot) => facts.noted?.has(slot)),
      waiting: slots.filter((slot) => facts.waiting.has(slot) || facts.refused.has(slot)),
    };
  }

  #build() {
    const facts = this.#deps.facts();
    const shown = new Set(this.#counts(facts)[this.#filter]);
    const { parts, slots } = this.#deps.paper;
    this.#tiles = new Map([...shown].map((slot) => [slot, this.#makeTile(slot)]));
    const groups = parts.map((_, index) => [index, slots.filter(({ slot, part }) => part === index && shown.has(slot))]).filter(([, own]) => own.length > 0);
    this.#list.replaceChildren(...groups.map(([index, own]) => el("section", {},
      el("h3", {}, partName(this.#deps.paper, index), " ", el("span", { class: "num", text: own.length })),
      el("ul", { class: "tiles" }, ...own.map(({ slot }) => el("li", {}, this.#tiles.get(slot)))))));
    if (groups.length === 0) this.#list.replaceChildren(el("p", { class: "none", text: say(`none-${this.#filter}`) }));
    this.refresh();
    this.#setStop(this.#tiles.values().next().value);
  }

  #makeTile(slot) {
    const go = (event) => {
      event.preventDefault();
      this.#opener = null;
      this.close();
      this.#deps.jump(slot);
    };
    return el("a", { class: "tile", href: `#q${slot}`, tabindex: "-1", on: { click: go } },
      el("b", { class: "num", text: slot }), el("span", { class: "given" }), el("span", { class: "marks" }));
  }

  #setStop(tile) {
    for (const other of this.#tiles.values()) other.tabIndex = other === tile ? 0 : -1;
  }

  /** The arrow keys walk over the tiles as they lie. */
  #walk(event) {
    const tiles = [...this.#tiles.values()];
    const at = tiles.indexOf(event.target);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tiles.length - 1, ArrowDown: below(tiles, at, 1), ArrowUp: below(tiles, at, -1) }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tiles[Math.min(tiles.length - 1, Math.max(0, to))];
    this.#setStop(next);
    next.focus();
  }
}

/** Return the place of the tile that lies nearest above or below. */
function below(tiles, at, way) {
  const { left, top } = tiles[at].getBoundingClientRect();
  let row = null;
  let best = at;
  let nearest = Infinity;
  for (let place = at + way; place >= 0 && place < tiles.length; place += way) {
    const spot = tiles[place].getBoundingClientRect();
    if (Math.abs(spot.top - top) < 2) continue;
    row ??= spot.top;
    if (Math.abs(spot.top - row) >= 2) break;
    if (Math.abs(spot.left - left) < nearest) [best, nearest] = [place, Math.abs(spot.left - left)];
  }
  return best;
}

function fill(tile, slot, facts) {
  const answer = facts.answer(slot);
  const marks = Object.keys(MARKS).filter((name) => facts[name]?.has(slot));
  tile.classList.toggle("has", answer !== "");
  setText(tile.querySelector(".given"), answer === "" ? "—" : answer);
  const words = [say("item-n", { slot }), answer === "" ? say("review-unanswered") : say("review-answer", { answer }), ...marks.map((name) => say(`review-${name}`))];
  tile.setAttribute("aria-label", words.join(", "));
  if (tile.dataset.marks === marks.join()) return;
  tile.dataset.marks = marks.join();
  tile.querySelector(".marks").replaceChildren(...marks.map((name) => icon(MARKS[name], name)));
}
