// The seat map: one tile per seat, kept by registration; only what changed is touched.

import { look, wordKey } from "./looks.js";
import { element, icon, meter, setAttribute, setIcon, setText } from "./nodes.js";
import { hoursText, partSecondsLeft, secondsLeft, secondsSince, shortTime, span } from "./tick.js";
import { say } from "./words.js";

const COLUMNS = 8;

class Tile {
  constructor(id) {
    this.number = element("b");
    this.wait = element("time");
    this.shape = icon("dot");
    this.name = element("span", { class: "name" });
    this.why = element("span", { class: "why" });
    this.count = element("span");
    this.left = element("span");
    this.bar = meter();
    this.line = element("span", { class: "st" }, this.count, this.left);
    this.spoken = element("span", { class: "vh" });
    this.node = element(
      "button",
      { class: "seat", type: "button", "aria-pressed": "false", tabindex: "-1", "data-id": id },
      element("span", {}, this.number, this.wait, this.shape), this.name, this.why, this.line, this.bar.node, this.spoken,
    );
  }

  show(seat) {
    this.seat = seat;
    const { icon: shape, tile } = look(seat.word);
    const words = [whyWords(seat), seat.not_counted ? say("not-counted", { count: seat.not_counted }) : ""].filter(Boolean).join(" · ");
    const counts = seat.items > 0 && seat.remaining_s !== null;
    setAttribute(this.node, "class", `seat ${tile}${this.aside ? " is-aside" : ""}`);
    setIcon(this.shape, shape);
    setText(this.number, seat.seat);
    setText(this.name, seat.name);
    setText(this.why, words);
    setAttribute(this.why, "class", seat.word === "working" ? "why muted" : "why");
    this.why.hidden = !words;
    this.line.hidden = !counts;
    setAttribute(this.bar.node, "hidden", !counts);
    setText(this.count, String(seat.answered));
    this.bar.set(seat.items ? seat.answered / seat.items : 0);
    setText(this.spoken, `${words.includes(say(wordKey(seat))) ? "" : say(wordKey(seat))} ${counts ? say("count-spoken", { answered: seat.answered, items: seat.items }) : ""}`.trim());
    this.beat();
  }

  beat() {
    const { seat } = this;
    const waits = seat.alarm !== null && seat.since;
    this.wait.hidden = !waits;
    if (waits) setText(this.wait, short(secondsSince(seat.since)));
    const left = seat.part ? partSecondsLeft(seat.part) : secondsLeft(seat);
    if (left !== null) setText(this.left, hoursText(left));
  }

  setAside(aside) {
    this.aside = aside;
    this.node.classList.toggle("is-aside", aside);
  }
}

/** A tile is narrow: seconds for the first ten minutes, then whole minutes. */
function short(seconds) {
  return seconds < 600 ? span(seconds) : say("minutes", { minutes: Math.floor(seconds / 60) });
}

function whyWords(seat) {
  if (seat.word === "working") return [partWords(seat.part), seat.factor === "1" ? "" : say("factor", { factor: seat.factor })].filter(Boolean).join(" · ");
  if (seat.ended_at) return say("ended-at", { word: say(wordKey(seat)), time: shortTime(seat.ended_at) });
  return say(wordKey(seat));
}

function partWords(part) {
  if (!part) return "";
  return part.on_break ? say("tile-break", part) : say("tile-part", part);
}

/** The map. `toggled(id, pressed)` is called for each press of a tile. */
export class SeatMap {
  constructor(node, toggled) {
    this.node = node;
    this.toggled = toggled;
    this.tiles = new Map();
    node.addEventListener("click", (event) => this.press(event.target.closest("[data-id]")));
    node.addEventListener("keydown", (event) => this.move(event));
  }

  /** Show these seats and no others, in order, with the `empty` seat numbers among them. */
  reset(seats, empty) {
    const ids = new Set(seats.map((seat) => seat.registration));
    for (const id of this.tiles.keys()) if (!ids.has(id)) this.tiles.delete(id);
    for (const seat of seats) this.tile(seat.registration).show(seat);
    const places = [...seats.map((seat) => [seat.seat, this.tile(seat.registration).node]), ...empty.map((number) => [number, emptySeat(number)])];
    places.sort(([one], [other]) => Number(one) - Number(other));
    this.node.replaceChildren(...places.map(([, node]) => node));
    this.enter(this.node.querySelector('[tabindex="0"]') ?? this.node.querySelector("[data-id]"));
  }

  update(seats) {
    for (const seat of seats) this.tiles.get(seat.registration)?.show(seat);
  }

  beat() {
    for (const tile of this.tiles.values()) tile.beat();
  }

  mark(chosen) {
    for (const [id, tile] of this.tiles) setAttribute(tile.node, "aria-pressed", String(chosen.has(id)));
  }

  /** Push the seats that `keeps` refuses into the background. */
  filter(keeps) {
    for (const tile of this.tiles.values()) tile.setAside(!keeps(tile.seat));
  }

  tile(id) {
    if (!this.tiles.has(id)) this.tiles.set(id, new Tile(id));
    return this.tiles.get(id);
  }

  press(node) {
    if (!node) return;
    this.enter(node);
    this.toggled(node.dataset.id, node.getAttribute("aria-pressed") !== "true");
  }

  /** One tile takes part in the tab order; arrow keys go on from there. */
  enter(node) {
    if (!node) return;
    for (const other of this.node.querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
    node.tabIndex = 0;
  }

  move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
    const from = event.target.closest("[data-id]");
    if (!from || (step === undefined && event.key !== "Home" && event.key !== "End")) return;
    event.preventDefault();
    const places = [...this.node.children];
    let at = event.key === "Home" ? 0 : event.key === "End" ? places.length - 1 : places.indexOf(from) + step;
    const back = event.key === "End" || step < 0 ? -1 : 1;
    while (places[at] && !places[at].dataset.id) at += back; // empty seats are passed over
    if (!places[at]) return;
    this.enter(places[at]);
    places[at].focus();
  }
}

function emptySeat(number) {
  return element("div", { class: "seat is-none" }, element("span", {}, element("b", {}, number)), element("span", { class: "name" }, say("empty-seat")));
}
