// The course of the exam as the server tells it: running, paused, over, ended, moved. What it means is the server's; here is what
// stands on the screen.

import { el } from "./dom.js";
import { say } from "./words.js";

const ENDINGS = new Set(["submitted", "expired", "terminated", "voided"]);
const COVERED_UNTIL_RUNNING = new Set(["loading", "elsewhere", "paused", "over", "signed-out"]);
const TO_RESULT_MS = 4_000;
const ASK_MS = 3_000;

export class Course {
  #hold;
  #urls;
  #report;
  #state = "loading";
  #ended = false;

  /**
   * `report`: `allow(may)`, `leaveFields()`, `resumed(fromPause)`, `closed()` (nothing is sent any more), `waiting()` (answers not
   * receipted), `left()` (milliseconds), `ask()` (fetch the state).
   */
  constructor({ hold, urls, report }) {
    this.#hold = hold;
    this.#urls = urls;
    this.#report = report;
  }

  get ended() { return this.#ended; }
  get covered() { return this.#hold.shown !== null; }

  /** Take the state before the screen is built; returns whether there is an exam to show. */
  begin({ state }) {
    if (state === "ready") location.replace(this.#urls.wait);
    else if (ENDINGS.has(state)) this.end(state);
    return state !== "ready" && !this.#ended;
  }

  /** Take a state and what it lets the candidate do. */
  enter(state, may) {
    if (this.#ended) return;
    const before = this.#state;
    this.#state = state;
    if (ENDINGS.has(state)) {
      this.end(state);
      return;
    }
    if (state === "paused") this.#cover("paused");   // before the fields are locked: a locked field loses the keyboard
    this.#report.allow(may);
    if (state !== "paused" && COVERED_UNTIL_RUNNING.has(this.#hold.shown) && this.#report.left() > 0) {
      this.#hold.clear();
      this.#report.resumed(before === "paused");
    }
  }

  /** The candidate has handed in; the server's receipt is still to come. */
  submitting() {
    this.#cover("submitting");
  }

  /** The server did not take the hand-in: back to work. */
  submitRefused() {
    if (this.#hold.shown === "submitting") this.#hold.clear();
  }

  /** The time has run out here; the server says so itself within moments. */
  over() {
    if (this.#ended || this.#hold.shown === "over" || this.#hold.shown === "submitting") return;
    this.#cover("over");
    const asking = setInterval(() => {
      if (this.#ended || this.#hold.shown !== "over") clearInterval(asking);
      else this.#report.ask();
    }, ASK_MS);
  }

  /** The exam has ended; answers that did not reach the server are named. */
  end(kind) {
    if (this.#ended) return;
    const more = kind === "submitted" ? [] : this.#leftBehind();
    const complete = more.length === 0;
    if (kind !== "voided") more.push(this.#link(this.#urls.result, say("to-result")));
    this.#close();
    this.#hold.show(kind, { more });
    if (complete && (kind === "submitted" || kind === "expired")) setTimeout(() => location.assign(this.#urls.result), TO_RESULT_MS);
  }

  /** Another seat has the exam now: nothing here counts any more. */
  moved() {
    if (this.#ended) return;
    const more = this.#leftBehind();
    this.#close();
    this.#hold.show("moved", { more });
  }

  /** The sign-in is gone; nothing is lost, the person signs in again. */
  signedOut() {
    if (this.#ended || this.#hold.shown === "signed-out") return;
    this.#cover("signed-out", [this.#link(this.#urls.signIn, say("sign-in"))]);
  }

  /** Cover the paper until the exam runs again; the keyboard finds back to its place. */
  #cover(kind, more = []) {
    if (this.#hold.shown === kind) return;
    this.#hold.remember();
    this.#report.leaveFields();
    this.#hold.show(kind, { more });
  }

  #close() {
    this.#ended = true;
    this.#report.leaveFields();
    this.#report.closed();
  }

  #leftBehind() {
    const waiting = this.#report.waiting();
    return waiting > 0 ? [el("p", { class: "warn strong", text: say("left-behind", { n: waiting }) })] : [];
  }

  #link(href, text) {
    return el("p", {}, el("a", { class: "btn primary big", href, text }));
  }
}
