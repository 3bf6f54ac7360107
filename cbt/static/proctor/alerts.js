// What needs a person now: the list at the left, its number in the title, and one polite sentence for each new problem.

import { byAlarm, look, wants } from "./looks.js";
import { element, icon, setIcon, setText } from "./nodes.js";
import { secondsLeft, secondsSince, span } from "./tick.js";
import { say } from "./words.js";

/** Orders that fit an alarm at once, without opening the seat; shown only where the server allows them. */
const ANSWERS = { offline: ["grant-seat"], claim: ["grant-seat"], hand: ["lower-hand"], paused: ["resume"] };

class Alert {
  constructor(id) {
    this.shape = icon("dot");
    this.open = element("button", { class: "link", type: "button", "data-open": id });
    this.wait = element("time");
    this.words = element("p");
    this.deeds = element("p", { class: "deeds" });
    this.node = element("li", {}, this.shape, this.open, this.wait, this.words, this.deeds);
  }

  show(seat) {
    this.seat = seat;
    const { icon: shape, kind } = look(seat.word);
    setIcon(this.shape, shape, kind);
    setText(this.open, title(seat));
    setText(this.words, sentence(seat));
    const orders = (ANSWERS[seat.word] ?? []).filter((order) => seat.may.includes(order));
    if (this.deeds.dataset.orders !== orders.join()) {
      this.deeds.dataset.orders = orders.join();
      this.deeds.replaceChildren(...orders.map((order) => element("button", { class: "btn", type: "button", "data-order": order, "data-for": seat.registration }, say(`order.${order}`))));
    }
    this.deeds.hidden = orders.length === 0;
    this.beat();
  }

  beat() {
    setText(this.wait, span(secondsSince(this.seat.since)));
  }
}

function title(seat) {
  return say("alert-title", { seat: seat.seat, word: say(`word.${seat.word}`) });
}

function sentence(seat) {
  if (seat.word === "hand") return seat.hand.words ? say("quoted", { words: seat.hand.words }) : say("no-words");
  if (seat.word === "paused") return say("alert.paused", { words: seat.pause?.words ?? "", left: span(secondsLeft(seat)) });
  const more = seat.word === "offline" && seat.claim ? ` ${say("alert.claim")}` : "";
  return say(`alert.${seat.word}`, { answered: seat.answered }) + more;
}

/** The list. Everything that is new since the last showing is announced, but for the first showing. */
export class Alerts {
  constructor({ list, empty, count, live }) {
    Object.assign(this, { list, empty, count, live });
    this.alerts = new Map();
    this.known = null;
    this.pageTitle = document.title;
  }

  show(seats) {
    const wanting = seats.filter(wants).sort(byAlarm);
    const ids = new Set(wanting.map((seat) => seat.registration));
    for (const id of this.alerts.keys()) if (!ids.has(id)) this.alerts.delete(id);
    const items = wanting.map((seat) => this.alert(seat).node);
    if (items.length !== this.list.children.length || items.some((item, at) => this.list.children[at] !== item)) this.place(items);
    this.empty.hidden = items.length > 0;
    setText(this.count, String(items.length));
    this.count.className = `badge push${items.length ? " b-bad" : ""}`;
    document.title = items.length ? `(${items.length}) ${this.pageTitle}` : this.pageTitle;
    this.announce(wanting);
  }

  beat() {
    for (const alert of this.alerts.values()) alert.beat();
  }

  alert(seat) {
    if (!this.alerts.has(seat.registration)) this.alerts.set(seat.registration, new Alert(seat.registration));
    const alert = this.alerts.get(seat.registration);
    alert.show(seat);
    return alert;
  }

  place(items) {
    const focused = this.list.contains(document.activeElement) ? document.activeElement : null;
    this.list.replaceChildren(...items);
    if (focused?.isConnected) focused.focus();
  }

  announce(wanting) {
    const now = new Map(wanting.map((seat) => [`${seat.registration} ${seat.word}`, title(seat)]));
    const fresh = this.known ? [...now].filter(([key]) => !this.known.has(key)).map(([, words]) => words) : [];
    this.known = new Set(now.keys());
    if (fresh.length) setText(this.live, fresh.join(". "));
  }
}
