// One seat in full: its facts now, its signs of life, its history, and the orders that fit it.

import { look, wordKey } from "./looks.js";
import { element, icon, setAttribute, setIcon, setText } from "./nodes.js";
import { signalPicture } from "./signal.js";
import { clockText, partSecondsLeft, secondsLeft, secondsSince, shortTime, span, timeOfDay } from "./tick.js";
import { knows, say } from "./words.js";

const ORDERS = ["grant-seat", "lower-hand", "check-in", "resume", "extend", "pause", "undo-check-in", "end"];
const ICONS = { "grant-seat": "swap", "lower-hand": "hand", "check-in": "check-circle", resume: "play", extend: "clock", pause: "pause" };
const URGENT = new Set(["grant-seat", "lower-hand", "check-in", "resume"]);

/** The drawer at the right. `seatUrl(id)` is where the history of a seat is read. */
export class Drawer {
  constructor(root, { seatUrl, closed }) {
    this.root = root;
    this.seatUrl = seatUrl;
    this.seat = null;
    this.part = Object.fromEntries([...root.querySelectorAll("[data-part]")].map((node) => [node.dataset.part, node]));
    this.part.close.addEventListener("click", () => {
      this.close();
      closed();
    });
  }

  open(seat) {
    const other = this.seat?.registration !== seat.registration;
    this.show(seat);
    if (other) {
      this.part.timeline.replaceChildren(element("li", {}, element("time"), element("i"), element("div", { class: "muted" }, say("loading"))));
      this.load();
    }
  }

  close() {
    this.seat = null;
    this.part.seat.hidden = true;
    this.part.rest.hidden = false;
  }

  /** Show what the stream says of the seat; its history is read again when the journal has grown. */
  show(seat) {
    const grown = this.seat?.registration === seat.registration && this.seat.head !== seat.head;
    this.seat = seat;
    this.part.seat.hidden = false;
    this.part.rest.hidden = true;
    const { icon: shape, kind } = look(seat.word);
    setText(this.part.title, say("drawer-title", { seat: seat.seat, name: seat.name }));
    setIcon(this.part.shape, shape);
    setText(this.part.word, say(wordKey(seat)));
    setAttribute(this.part.badge, "class", `badge b-${kind || "line"}`);
    this.facts();
    this.orders();
    this.beat();
    if (grown) this.loadSoon();
  }

  beat() {
    if (!this.seat) return;
    const { seat } = this;
    setText(this.part.left, clockText(secondsLeft(seat)));
    const { part } = seat;
    this.part.partName.hidden = !part;
    this.part.partNow.hidden = !part;
    if (part) setText(this.part.partNow, say(part.on_break ? "part-break" : "part-left", { ...part, left: span(partSecondsLeft(part)) }));
    const silent = secondsSince(seat.last_contact);
    setText(this.part.contact, silent === null ? "—" : say("contact", { time: timeOfDay(seat.last_contact), ago: span(silent) }));
    setAttribute(this.part.contact, "class", { offline: "bad", slow: "warn" }[seat.word] ?? null);
    const live = seat.state === "running" || seat.state === "ready";
    this.part.signal.hidden = !live;
    if (live) this.part.picture.replaceChildren(signalPicture(seat));
  }

  facts() {
    const { seat } = this;
    setText(this.part.number, seat.number);
    setText(this.part.progress, seat.items ? say("count", { answered: seat.answered, items: seat.items }) : "—");
    setText(this.part.checkedIn, seat.checked_in_at ? shortTime(seat.checked_in_at) : "—");
    const extra = [
      seat.factor === "1" ? null : say("factor", { factor: seat.factor }),
      seat.extended_s ? say("extended", { minutes: Math.round(seat.extended_s / 60) }) : null,
    ].filter(Boolean);
    setText(this.part.extra, extra.join(" · ") || "—");
    setText(this.part.recovered, seat.recovered ? say("recovered", { all: seat.recovered, counting: seat.recovered - seat.not_counted }) : "—");
    setAttribute(this.part.recovered, "class", seat.not_counted ? "warn" : null);
    const hint = hintOf(seat);
    this.part.hint.hidden = !hint;
    setText(this.part.hint, hint);
  }

  orders() {
    const orders = ORDERS.filter((order) => this.seat.may.includes(order));
    this.part.orders.hidden = orders.length === 0;
    if (this.part.orders.dataset.orders === orders.join()) return;
    this.part.orders.dataset.orders = orders.join();
    const first = orders.find((order) => URGENT.has(order));
    this.part.orders.replaceChildren(...orders.map((order) => deed(order, order === first)));
  }

  loadSoon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.load(), 700); // several answers in a row are one reading
  }

  async load() {
    const id = this.seat?.registration;
    if (!id) return;
    try {
      const response = await fetch(this.seatUrl(id), { headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(String(response.status));
      const { timeline } = await response.json();
      if (this.seat?.registration === id) this.part.timeline.replaceChildren(...timeline.map(event));
    } catch {
      if (this.seat?.registration === id) this.part.timeline.replaceChildren(element("li", {}, element("time"), element("i"), element("div", {}, say("timeline-failed"))));
    }
  }
}

function deed(order, first) {
  const kind = order === "end" || order === "undo-check-in" ? "btn danger" : first ? "btn primary" : "btn";
  return element("button", { class: kind, type: "button", "data-order": order, "data-for": "drawer" }, ICONS[order] ? icon(ICONS[order]) : null, say(`order.${order}`));
}

function hintOf(seat) {
  if (seat.claim) return say("hint.claim");
  if (seat.word === "offline") return say("hint.offline", { answered: seat.answered });
  if (seat.word === "hand" && seat.hand.words) return say("quoted", { words: seat.hand.words });
  if (seat.word === "paused" && seat.pause?.words) return say("hint.paused", { words: seat.pause.words });
  return knows(`hint.${seat.word}`) ? say(`hint.${seat.word}`) : "";
}

function event(line) {
  const claimed = line.claimed_at ? element("span", { class: "muted" }, ` (${timeOfDay(line.claimed_at)})`) : null;
  const words = element("div", {}, line.tone ? element("b", {}, line.words) : line.words, claimed, line.by ? element("span", { class: "muted" }, ` — ${line.by}`) : null);
  if (line.detail) words.append(element("small", {}, line.detail));
  return element("li", { class: line.tone ? `t-${line.tone}` : null }, element("time", {}, timeOfDay(line.at)), element("i"), words);
}
