// Orders: which need words first, the dialog that asks for them, the request, and what came of it.

import { element, setText } from "./nodes.js";
import { knows, say } from "./words.js";

const ASKS = {
  pause: { reason: true },
  extend: { reason: true, minutes: true },
  end: { reason: true, danger: true },
  "grant-seat": { reason: true },
  incident: { reason: true, category: true },
  "open-room": { facts: true, past: true },
};

/** The desk from which all orders go out. `room()` tells what the page knows; `done(answer)` is called after each. */
export class Orders {
  constructor({ dialog, url, toast, room, done }) {
    Object.assign(this, { dialog, url, toast, room, done, turn: 0 });   // `turn` counts what the dialog has asked
    this.form = dialog.querySelector("form");
    this.part = Object.fromEntries([...dialog.querySelectorAll("[data-part]")].map((node) => [node.dataset.part, node]));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.part.cancel.addEventListener("click", () => dialog.close());
    this.form.elements.opened.addEventListener("input", (event) => { this.part.reason.hidden = !event.target.value; });
    this.part.quick.addEventListener("click", (event) => this.takeQuick(event.target.closest("button")));
  }

  /** Give `order` for `seats`: at once, or after asking for what it needs. */
  give(order, seats) {
    const asks = ASKS[order];
    this.sent = null;
    if (!asks) return this.send({ order, registrations: seats.map((seat) => seat.registration) });
    this.order = order;
    this.seats = seats;
    this.ask(asks);
    return null;
  }

  aim(seats) {
    this.seats = seats;
    setText(this.part.about, about(seats, this.order));
    this.part.about.hidden = !this.part.about.textContent;
  }

  ask(asks) {
    const { part } = this;
    this.turn += 1;
    this.form.reset();
    setText(part.title, say(`ask.${this.order}`));
    this.aim(this.seats);
    part.minutes.hidden = !asks.minutes;
    part.category.hidden = !asks.category;
    part.past.hidden = !asks.past;
    part.past.open = false;
    part.reason.hidden = !asks.reason;
    setText(part.reasonLabel, say(this.order === "incident" ? "incident-words" : "reason"));
    part.facts.hidden = !asks.facts;
    if (asks.facts) part.facts.replaceChildren(...this.room().facts.map(([words, value]) => element("div", {}, element("dt", {}, words), element("dd", {}, value))));
    part.quick.replaceChildren(...quickReasons(this.order).map((words) => element("button", { class: "chip", type: "button" }, words)));
    part.quick.hidden = part.quick.children.length === 0;
    part.submit.className = asks.danger ? "btn danger push" : "btn primary push";
    setText(part.submit, say(`do.${this.order}`));
    setText(part.hint, knows(`ask-hint.${this.order}`) ? say(`ask-hint.${this.order}`) : "");
    part.hint.hidden = !part.hint.textContent;
    this.complain([]);
    this.dialog.showModal();
    const first = asks.minutes ? this.form.elements.minutes : asks.reason ? this.form.elements.reason : part.submit;
    first.focus();
  }

  takeQuick(button) {
    if (!button) return;
    this.form.elements.reason.value = button.textContent;
    this.form.elements.reason.focus();
  }

  async submit() {
    const asks = ASKS[this.order];
    const { minutes, reason, category, opened } = this.form.elements;
    const past = asks.past && opened.value !== "";
    const order = { order: this.order, registrations: this.seats.map((seat) => seat.registration), reason: asks.reason || past ? reason.value.trim() : "" };
    if (past) order.opened = opened.value;
    if (asks.minutes) order.minutes = Number(minutes.value);
    if (asks.category) order.category = category.value;
    if ((asks.reason || past) && !order.reason) return this.complain([say("error.reason-missing")], reason);
    if (asks.minutes && !(Number.isInteger(order.minutes) && minutes.value !== "" && order.minutes >= Number(minutes.min) && order.minutes <= Number(minutes.max)))
      return this.complain([say("error.minutes-out-of-range")], minutes);
    return this.send(order);
  }

  /** One order keeps its id however often it is sent: the server carries it out once for each seat. */
  idOf({ registrations, ...content }) {
    const words = JSON.stringify(content);
    if (this.sent?.words !== words) this.sent = { words, id: crypto.randomUUID() };
    return this.sent.id;
  }

  async send(order) {
    const { turn } = this;
    this.part.submit.disabled = true;
    try {
      const response = await fetch(this.url, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content },
        body: JSON.stringify({ id: this.idOf(order), ...order }),
      });
      const answer = await response.json();
      if (answer.error) this.fail([refusalWords(answer.error)], order);
      else this.settle(order, answer, turn === this.turn && this.dialog.open);
    } catch {
      this.fail([say("error.unreachable")], order);
    } finally {
      this.part.submit.disabled = false;
    }
  }

  /** Take an answer; `asking` where the dialog still asks for this very order, and not for the next one. */
  settle(order, answer, asking) {
    if (answer.done.length || !answer.refused.length) this.toast(doneWords(order, answer.done));
    this.done(answer);
    if (answer.refused.length) {
      const left = new Set(answer.refused.map((refusal) => refusal.registration)); // trying again is for these only
      if (asking) this.aim(this.seats.filter((seat) => left.has(seat.registration)));
      this.fail(answer.refused.map((refusal) => this.seatRefusal(refusal)), order);
    } else if (asking) this.dialog.close();
  }

  seatRefusal(refusal) {
    const seat = this.room().seats.get(refusal.registration);
    return say("refused-seat", { seat: seat?.seat ?? "", words: refusalWords(refusal) });
  }

  /** Errors stay until they are read: in the dialog, which opens for an order that had asked nothing. */
  fail(sentences, order) {
    if (!this.dialog.open) {
      this.order = order.order;
      this.seats = [];
      this.ask({});
      this.part.submit.hidden = true;
      this.dialog.addEventListener("close", () => { this.part.submit.hidden = false; }, { once: true });
    }
    this.complain(sentences);
  }

  complain(sentences, field = null) {
    const { errors, errorList } = this.part;
    for (const input of this.form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
    errorList.replaceChildren(...sentences.map((words) => element("li", {}, words)));
    errors.hidden = sentences.length === 0;
    if (field) {
      field.setAttribute("aria-invalid", "true");
      field.focus();
    } else if (sentences.length) errors.focus();
  }
}

function about(seats, order) {
  if (seats.length === 1) return say("about-one", { seat: seats[0].seat, name: seats[0].name });
  if (seats.length > 1) return say("about-many", { count: seats.length, seats: seats.map((seat) => seat.seat).join(", ") });
  return order === "incident" ? say("about-room") : "";
}

function doneWords(order, done) {
  const key = `done.${order.order}`;
  return say(key, { count: done.length, minutes: order.minutes ?? "" });
}

function quickReasons(order) {
  return knows(`quick.${order}`) ? say(`quick.${order}`).split("|").map((words) => words.trim()).filter(Boolean) : [];
}

function refusalWords({ code, message }) {
  return knows(`error.${code}`) ? say(`error.${code}`) : message || say("error.unreachable");
}
