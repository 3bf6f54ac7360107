// The same seats as a table: problems first, or sorted by a column.

import { byAlarm, byNumber, look, wordKey } from "./looks.js";
import { element, icon, meter, setAttribute, setIcon, setText } from "./nodes.js";
import { clockText, secondsLeft, secondsSince, span, timeOfDay } from "./tick.js";
import { say } from "./words.js";

const ORDERS = {
  urgency: (one, other) => Number(one.alarm === null) - Number(other.alarm === null) || (one.alarm === null ? byNumber(one, other) : byAlarm(one, other)),
  seat: byNumber,
  name: (one, other) => one.name.localeCompare(other.name, "ko"),
  answered: (one, other) => one.answered - other.answered || byNumber(one, other),
  left: (one, other) => (secondsLeft(one) ?? Infinity) - (secondsLeft(other) ?? Infinity) || byNumber(one, other),
};

class Row {
  constructor(id) {
    this.box = element("input", { type: "checkbox" });
    this.seatNo = element("b");
    this.open = element("button", { class: "link", type: "button", "data-open": id });
    this.number = element("td", { class: "n" });
    this.shape = icon("dot");
    this.word = element("span");
    this.badge = element("span", { class: "badge" }, this.shape, this.word);
    this.wait = element("td", { class: "n" });
    this.bar = meter();
    this.count = element("span", { class: "num" });
    this.left = element("td", { class: "n" });
    this.contact = element("td", { class: "n muted" });
    this.node = element(
      "tr", { "data-row": id },
      element("td", { class: "c" }, this.box), element("td", { class: "n" }, this.seatNo), element("td", {}, this.open), this.number,
      element("td", {}, this.badge), this.wait, element("td", {}, element("span", { class: "roster-count" }, this.bar.node, this.count)), this.left, this.contact,
    );
  }

  show(seat) {
    this.seat = seat;
    const { icon: shape, kind } = look(seat.word);
    setAttribute(this.box, "aria-label", say("choose-seat", { seat: seat.seat, name: seat.name }));
    setText(this.seatNo, seat.seat);
    setText(this.open, seat.name);
    setText(this.number, seat.number);
    setIcon(this.shape, shape);
    setText(this.word, say(wordKey(seat)));
    setAttribute(this.badge, "class", seat.alarm === null && seat.word !== "ended" ? "badge quiet" : `badge b-${kind}`);
    setText(this.count, seat.items ? say("count", { answered: seat.answered, items: seat.items }) : "—");
    setAttribute(this.bar.node, "hidden", !seat.items);
    this.bar.set(seat.items ? seat.answered / seat.items : 0);
    setText(this.contact, timeOfDay(seat.last_contact));
    this.beat();
  }

  beat() {
    setText(this.wait, this.seat.alarm !== null && this.seat.since ? span(secondsSince(this.seat.since)) : "");
    setText(this.left, clockText(secondsLeft(this.seat)));
  }
}

/** The table. `toggled(id, on)` and `opened(id)` are called for the boxes and the names. */
export class Roster {
  constructor(table, { toggled, opened }) {
    this.body = table.tBodies[0];
    this.rows = new Map();
    this.order = "urgency";
    this.keeps = () => true;
    table.addEventListener("change", (event) => toggled(event.target.closest("tr").dataset.row, event.target.checked));
    table.addEventListener("click", (event) => {
      const open = event.target.closest("[data-open]");
      if (open) opened(open.dataset.open);
      const sort = event.target.closest("[data-sort]");
      if (sort) this.sortBy(sort, table);
    });
  }

  reset(seats) {
    const ids = new Set(seats.map((seat) => seat.registration));
    for (const id of this.rows.keys()) if (!ids.has(id)) this.rows.delete(id);
    this.update(seats);
  }

  update(seats) {
    for (const seat of seats) {
      if (!this.rows.has(seat.registration)) this.rows.set(seat.registration, new Row(seat.registration));
      this.rows.get(seat.registration).show(seat);
    }
    this.arrange();
  }

  beat() {
    for (const row of this.rows.values()) row.beat();
  }

  mark(chosen) {
    for (const [id, row] of this.rows) {
      row.box.checked = chosen.has(id);
      setAttribute(row.node, "aria-selected", chosen.has(id) ? "true" : null);
    }
  }

  filter(keeps) {
    this.keeps = keeps;
    this.arrange();
  }

  sortBy(button, table) {
    this.order = button.dataset.sort;
    for (const head of table.querySelectorAll("th[aria-sort]")) head.removeAttribute("aria-sort");
    button.closest("th").setAttribute("aria-sort", "ascending");
    this.arrange();
  }

  /** Put the rows in order; a row that stands right is not touched, so focus and scroll stay. */
  arrange() {
    const wanted = [...this.rows.values()].sort((one, other) => ORDERS[this.order](one.seat, other.seat));
    wanted.forEach((row, at) => {
      row.node.hidden = !this.keeps(row.seat);
      if (this.body.children[at] === row.node) return;
      const focused = row.node.contains(document.activeElement) ? document.activeElement : null;
      this.body.insertBefore(row.node, this.body.children[at] ?? null);
      focused?.focus();
    });
    while (this.body.children.length > wanted.length) this.body.lastElementChild.remove();
  }
}
