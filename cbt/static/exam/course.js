// The course of the exam as the server tells it: running, paused, over, ended, moved. What it means is the server's; here is what
// stands on the screen.

import { el } from "./dom.js";
import { ENDINGS } from "./endings.js";
import { shortCode } from "./receipts.js";
import { say } from "./words.js";

const COVERED_UNTIL_RUNNING = new Set(["loading", "elsewhere", "paused", "over", "signed-out", "claimed", "no-line", "code", "sealed", "break", "leaving"]);
const BETWEEN_PARTS = new Set(["break", "leaving"]);   // they stay until the server lets the candidate do something again
const TO_RESULT_MS = 4_000;
const ASK_MS = 3_000;

export class Course {
  #hold;
  #urls;
  #report;
  #state = "loading";
  #ended = false;
  #leaving = false;
  #unsent;

  /**
   * `unsent` says below a hold what has not reached the server. `report`: `allow(may)`, `leaveFields()`, `resumed(fromPause)`,
   * `closed()` (nothing is answered any more), `left()` (milliseconds), `ask()` (fetch the state), `relet(state)`.
   */
  constructor({ hold, urls, unsent, report }) {
    this.#hold = hold;
    this.#urls = urls;
    this.#unsent = unsent;
    this.#report = report;
  }

  get ended() { return this.#ended; }

  /** Tell whether the page is just being loaded anew. */
  get leaving() { return this.#leaving; }

  /** The server names another lease of this browser's: the page begins anew with it. */
  relet(state) {
    if (this.#leaving || this.#ended) return;
    this.#leaving = true;
    this.#report.relet(state);
  }

  get covered() { return this.#hold.shown !== null; }

  /** Take the state before the screen is built; returns whether there is an exam to show. */
  begin({ state }) {
    if (state === "ready") location.replace(this.#urls.wait);
    else if (ENDINGS.has(state)) this.end(state);
    return state !== "ready" && !this.#ended;
  }

  /** Take a state and what it lets the candidate do; `breakNodes` gives what stands below the words of a break. */
  enter(state, may, breakNodes = () => []) {
    if (this.#ended) return;
    const before = this.#state;
    this.#state = state;
    if (ENDINGS.has(state)) {
      this.end(state);
      return;
    }
    if (state === "paused") this.#cover("paused");   // before the fields are locked: a locked field loses the keyboard
    this.#report.allow(may);
    if (state === "running" && may.includes("enter-part")) this.#cover("break", breakNodes);
    else if (state === "running" && may.length === 0 && BETWEEN_PARTS.has(this.#hold.shown)) return;
    else if (state !== "paused" && COVERED_UNTIL_RUNNING.has(this.#hold.shown) && this.#report.left() > 0) {
      this.#hold.clear();
      this.#report.resumed(before === "paused");
    }
  }

  /** The candidate has handed in; the server's receipt is still to come. */
  submitting() {
    this.#cover("submitting", () => this.#unsent.nodes({ hand: true }));
  }

  /** The candidate has finished a part; the server's word is still to come. */
  leavingPart() {
    this.#cover("leaving", () => this.#unsent.nodes());
  }

  /** The server did not take the hand-in: back to work. */
  submitRefused() {
    if (this.#hold.shown === "submitting") this.#hold.clear();
  }

  /** The time has run out here; the server says so itself within moments. */
  over() {
    if (this.#ended || this.#hold.shown === "over" || this.#hold.shown === "submitting") return;
    this.#cover("over", () => this.#unsent.nodes());
    const asking = setInterval(() => {
      if (this.#ended || this.#hold.shown !== "over") clearInterval(asking);
      else this.#report.ask();
    }, ASK_MS);
  }

  /** The exam has ended; answers that did not reach the server are named, and the code of the receipt, where there is one. */
  end(kind, receipt = null) {
    if (this.#ended) return;
    this.#close();
    const more = this.#unsent.nodes();
    const complete = more.length === 0;
    if (receipt !== null) more.push(receiptCode(receipt));
    if (kind !== "voided") more.push(this.#link(this.#urls.result, say("to-result")));
    this.#hold.show(kind, { more });
    if (complete && (kind === "submitted" || kind === "expired")) setTimeout(() => location.assign(this.#urls.result), TO_RESULT_MS);
  }

  /** Another seat has the exam now: nothing here counts any more. */
  moved() {
    if (this.#ended) return;
    this.#close();
    this.#hold.show("moved", { more: this.#unsent.nodes() });
  }

  /** While this page worked without a line, the exam was begun at another computer: nothing counts until the proctor has decided. */
  claimed() {
    if (!this.#ended) this.#cover("claimed", () => this.#unsent.nodes());
  }

  /** The sign-in is gone; nothing is lost, the person signs in again. */
  signedOut() {
    if (this.#ended || this.#hold.shown === "signed-out") return;
    this.#cover("signed-out", () => [this.#link(this.#urls.signIn, say("sign-in"))]);
  }

  /** Cover the paper until the exam runs again; the keyboard finds back to its place. */
  #cover(kind, more = () => []) {
    if (this.#hold.shown === kind) return;
    this.#hold.remember();
    this.#report.leaveFields();
    this.#hold.show(kind, { more: more() });
  }

  #close() {
    this.#ended = true;
    this.#report.leaveFields();
    this.#report.closed();
  }

  #link(href, text) {
    return el("p", {}, el("a", { class: "btn primary big", href, text }));
  }
}

/** The code that names what was handed in, to be written down or printed. */
function receiptCode({ head, at }) {
  const print = el("button", { class: "btn", type: "button", text: say("print"), on: { click: () => window.print() } });
  return el("section", { class: "receipt-code", dataset: { receiptCode: shortCode(head) } },
    el("p", { text: say("receipt-code") }), el("p", { class: "num strong big", text: shortCode(head) }),
    el("p", { class: "hint num", text: new Date(at).toLocaleString(document.documentElement.lang, { hour12: false }) }), print);
}
