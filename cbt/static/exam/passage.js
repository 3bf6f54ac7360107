// The way from part to part on the screen: only the present part's items, its time, the check before it is left, and the break.

import { el } from "./dom.js";
import { partName } from "./paper.js";
import { changesAlone, followed, inOrder, mayAt, placeAtStart, placeOf, turned } from "./parts.js";
import { clockText } from "./timer.js";
import { say } from "./words.js";

const byId = (id) => document.getElementById(id);

/** Return the passage of a paper whose parts are passed in one direction, null for a free one. */
export function makePassage(deps) {
  return inOrder(deps.content) ? new Passage(deps) : null;
}

class Passage {
  #deps;
  #parts;
  #place;
  #status;
  #shown = null;

  /**
   * `status` is the last one known. `deps`: `content`, `clock`, `journal`, `limit(index, slots)` narrows paper and sheet to a part,
   * `enter(status)` takes a status that was reached here, `ask()` fetches the server's, `leaving()` covers the paper meanwhile, `announce(words)`.
   */
  constructor({ status, ...deps }) {
    this.#deps = deps;
    this.#parts = deps.content.parts;
    this.#status = status;
    this.#place = status.part ? placeOf(status.part) : placeAtStart(this.#parts, Date.parse(status.now), status.allowed_s);
    this.#show();
  }

  /** Tell whether the button at the right finishes a part; the last one is handed in. */
  get finishes() { return this.#place.index < this.#parts.length - 1; }

  /** Return `status` with the time of the present part, as timer and course take it. */
  take(status) {
    this.#status = { ...this.#status, ...status };
    if (status.part && !this.#turning()) this.#place = placeOf(status.part);
    this.#place = followed(this.#place, this.#deps.clock.now());
    this.#show();
    const held = this.#turning() && !changesAlone(this.#parts) && status.state === "running";
    return this.#timed(status, held ? [] : this.#may(status));
  }

  /** The time of the part has run out here; returns whether the exam goes on. */
  goOn() {
    const before = this.#place;
    this.#place = followed(before, this.#deps.clock.now());
    if (this.#place === before) return false;
    this.#reached();
    this.#deps.ask();
    return true;
  }

  /** The candidate has finished the part. */
  leave() {
    this.#deps.journal.add("part-left", { part: this.#place.index });
    if (changesAlone(this.#parts)) this.#turn();
    else this.#deps.leaving();
  }

  /** What stands below the words of the break: what is left of it, and the way into the next part. */
  breakNodes() {
    const left = el("p", { class: "num strong big", role: "timer" });
    const tick = () => {
      left.textContent = clockText(this.#place.endsAt - this.#deps.clock.now());
    };
    const ticking = setInterval(() => (left.isConnected ? tick() : clearInterval(ticking)), 500);
    tick();   // it comes into the page a moment later
    const begin = el("button", { class: "btn primary big", type: "button", text: say("part-begin", this.#words()), on: { click: () => this.#begin(begin) } });
    return [left, el("p", {}, begin)];
  }

  #begin(button) {
    button.disabled = true;
    this.#deps.journal.add("part-entered", { part: this.#place.index });
    if (changesAlone(this.#parts)) this.#turn();
  }

  #turn() {
    this.#place = turned(this.#place, this.#parts, this.#deps.clock.now());
    this.#reached();
  }

  #reached() {
    this.#show();
    this.#deps.enter(this.#timed({ ...this.#status, state: "running" }, mayAt(this.#place, this.#parts)));
  }

  /** An entry that changes the part is on its way: what the server says until then is of the part before. */
  #turning() {
    return this.#deps.journal.waiting().some(({ kind }) => kind.startsWith("part-"));
  }

  #may(status) {
    return this.#turning() && status.state === "running" ? mayAt(this.#place, this.#parts) : status.may ?? [];
  }

  #timed(status, may) {
    const { endsAt, leftMs, limitS, onBreak, index } = this.#place;
    const stands = status.state !== "running" || endsAt === null;
    return {
      ...status, may, deadline_at: stands ? null : new Date(endsAt).toISOString(), remaining_s: Math.ceil(leftMs / 1000), allowed_s: limitS,
      words: { left: onBreak ? "break-left" : "part-left", now: onBreak ? "break-left-now" : "part-left-now" },
      whole_at: stands ? null : this.#status.deadline_at, changed: index,
    };
  }

  #words() {
    return { number: this.#place.index + 1, title: this.#parts[this.#place.index].title };
  }

  #show() {
    const { index } = this.#place;
    if (this.#shown === index) return;
    if (this.#shown !== null) this.#deps.announce(partName(this.#deps.content, index));
    this.#shown = index;
    const slots = this.#deps.content.slots.filter(({ part }) => part === index).map(({ slot }) => slot);
    this.#deps.limit(index, slots);
    byId("total").textContent = slots.length;
    byId("hand-in").textContent = say(this.finishes ? "part-finish" : "hand-in");
  }
}
