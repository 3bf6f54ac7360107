// What the line to the server looks like from the seat: the saved status, and a calm banner while it is cut.

import { el, icon, setText } from "./dom.js";
import { say } from "./words.js";

const CUT_AFTER_MS = 3_000;      // shorter trouble stays unmentioned
const SLOW_AFTER_MS = 500;

/** Return {symbol, className, words, small} for the footer of the sheet. */
function savedStatus({ waiting, refused, answered, cut, slow, savedAt, safe = true }) {
  if (refused > 0) return { symbol: "warn-f", className: "saved bad", words: say("not-saved", { n: refused }), small: say("not-saved-do") };
  const onServer = safe ? say("on-server", { n: Math.max(0, answered - waiting) }) : say("not-kept-here");
  if (waiting > 0 && cut) return { symbol: "queue", className: "saved warn", words: say("waiting", { n: waiting }), small: onServer };
  if (waiting > 0 && slow) return { symbol: "half", className: "saved muted", words: say("sending"), small: "" };
  if (answered === 0) return { symbol: "check-circle", className: "saved", words: say("saved-none"), small: safe ? "" : say("not-kept-here") };
  return { symbol: "check-circle", className: "saved", words: say("saved-all", { n: answered }), small: safe ? savedAt : say("not-kept-here") };
}

export class Line {
  #banner;
  #status;
  #report;
  #troubleSince = null;      // monotonic instant of the first request in a row that failed
  #waitingSince = null;
  #parts;
  #cut = false;
  #slow = false;
  #later = null;

  /** `report`: `callProctor()`, `changed()` when the line is cut or whole again. */
  constructor({ banner, status, report }) {
    this.#banner = banner;
    this.#status = status;
    this.#report = report;
    this.#parts = { waiting: el("dd", { class: "warn" }), since: el("dd"), safe: el("p", { text: say("line-cut-safe") }) };
    setInterval(() => this.#look(), 1000);
  }

  get cut() { return this.#cut; }

  /** Something has been on its way for so long that it is worth a word. */
  get slow() { return this.#slow; }

  /** Note that a request was answered, or was not: then since the monotonic instant at which it was sent. */
  note(works, sentAt = performance.now()) {
    if (works) this.#troubleSince = null;
    else this.#troubleSince ??= sentAt;
    this.#look();
  }

  /** Show how the answers stand. */
  show(status) {
    const { waiting, safe } = status;
    const now = performance.now();
    this.#waitingSince = waiting === 0 ? null : this.#waitingSince ?? now;
    this.#slow = this.#waitingSince !== null && now - this.#waitingSince > SLOW_AFTER_MS;
    setText(this.#parts.waiting, String(waiting));
    setText(this.#parts.safe, say(safe ? "line-cut-safe" : "line-cut-unkept"));
    if (waiting > 0 && !this.#slow && !this.#cut) return this.#showLater(status);
    return this.#write(savedStatus({ ...status, cut: this.#cut, slow: this.#slow }));
  }

  #showLater(status) {
    clearTimeout(this.#later);
    this.#later = setTimeout(() => this.#report.changed(), SLOW_AFTER_MS + 20);
    if (status.refused > 0) this.#write(savedStatus({ ...status, cut: false, slow: false }));
  }

  #write({ symbol, className, words, small }) {
    clearTimeout(this.#later);
    const key = `${symbol}|${words}|${small}`;
    if (this.#status.dataset.key === key) return;
    this.#status.dataset.key = key;
    this.#status.className = className;
    this.#status.replaceChildren(icon(symbol), words, ...(small ? [" ", el("small", { class: "num", text: small })] : []));
  }

  #look() {
    const lasts = this.#troubleSince === null ? 0 : performance.now() - this.#troubleSince;
    const cut = lasts > CUT_AFTER_MS;
    if (cut) setText(this.#parts.since, minutesSeconds(lasts));
    if (cut === this.#cut) return;
    this.#cut = cut;
    if (cut) this.#showBanner();
    else this.#banner.hidden = true;
    this.#report.changed();
  }

  /** The banner is a status; the running counters in it are not read out. */
  #showBanner() {
    const words = el("div", { role: "status" },
      el("p", { class: "strong", text: say("line-cut") }), this.#parts.safe);
    const counts = el("dl", { class: "counts push" },
      el("div", {}, el("dt", { text: say("waiting-word") }), this.#parts.waiting),
      el("div", {}, el("dt", { text: say("cut-for") }), this.#parts.since));
    const call = el("button", { class: "btn", type: "button", on: { click: () => this.#report.callProctor() } },
      icon("hand"), say("call-proctor"));
    this.#banner.replaceChildren(icon("off"), words, counts, call);
    this.#banner.hidden = false;
  }
}

function minutesSeconds(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
