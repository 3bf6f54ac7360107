// The remaining time: counts from the server's deadline, may be hidden, shows itself again at five minutes.

import { el, icon, setIcon, setText, spoken } from "./dom.js";
import { choose, preference } from "./prefs.js";
import { say } from "./words.js";

const ANNOUNCED_MIN = [30, 15, 5, 1];
const LAST_MS = 5 * 60_000;

/** Return hours, minutes and seconds as HH:MM:SS; a second that has begun still counts. */
export function clockText(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (n) => String(n).padStart(2, "0");
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Return the largest announced minute that has been passed between two readings, or null. */
function passedMinute(beforeMs, nowMs) {
  return ANNOUNCED_MIN.find((minute) => beforeMs > minute * 60_000 && nowMs <= minute * 60_000) ?? null;
}

/** Return a span of time in words, for the ear and for sentences. */
export function spanWords(ms) {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  const hours = Math.floor(minutes / 60);
  if (minutes === 0) return say("under-a-minute");
  if (hours === 0) return say("minutes", { n: minutes });
  return minutes % 60 === 0 ? say("hours", { n: hours }) : say("hours-minutes", { hours, minutes: minutes % 60 });
}

/** Return HH:MM:SS on this computer's wall, or nothing. */
export function hourMinuteSecond(instant) {
  return instant ? new Date(instant).toLocaleTimeString("en-GB", { hour12: false }) : "";
}

export class Timer {
  #clock;
  #nodes;
  #report;
  #deadline = null;      // server epoch milliseconds; null while the time stands still
  #standing = 0;         // remaining milliseconds while it stands still
  #allowed = 1;
  #before = null;
  #hidden = false;
  #words = { left: "time-left", now: "time-left-now" };

  /** `report`: `announce(words)`, `over()` once when the time has run out. */
  constructor({ box, clock, report }) {
    this.#clock = clock;
    this.#report = report;
    const hide = el("button", { class: "icon", type: "button", on: { click: () => this.toggle() } }, icon("eye"), spoken(""));
    this.#nodes = { box, hide, label: el("span", { text: say("time-left") }), limit: el("span"), time: el("time"), bar: el("i") };
    box.replaceChildren(this.#nodes.label, this.#nodes.limit, this.#nodes.time, hide,
      el("div", { class: "meter quiet" }, this.#nodes.bar));
    this.#hidden = preference("clock") === "hidden";
    this.#showButton();
    setInterval(() => this.tick(), 250);
  }

  /**
   * Take a status of the server: a deadline, or a remaining time that stands still. Where it is that of a part, `words` name it and `whole_at`
   * is the end of all parts.
   */
  take({ deadline_at: deadlineAt, remaining_s: remainingS, allowed_s: allowedS, words, whole_at: wholeAt }) {
    if (words) this.#words = words;
    this.#deadline = deadlineAt ? Date.parse(deadlineAt) : null;
    if (remainingS !== undefined && remainingS !== null) this.#standing = remainingS * 1000;
    if (allowedS) {
      this.#allowed = allowedS * 1000;
      const limit = say("time-limit", { n: Math.round(allowedS / 60) });
      setText(this.#nodes.limit, wholeAt ? `${limit} · ${say("whole-ends-at", { time: hourMinute(new Date(wholeAt)) })}` : limit);
    }
    this.tick();
  }

  /** The remaining milliseconds, never under zero. */
  left() {
    return Math.max(0, this.#deadline === null ? this.#standing : this.#deadline - this.#clock.now());
  }

  get running() { return this.#deadline !== null; }
  get allowedMinutes() { return Math.round(this.#allowed / 60_000); }

  tick() {
    const left = this.left();
    const last = left <= LAST_MS;
    this.#show(left, last);
    if (!this.running) return;
    const before = this.#before ?? left;
    const minute = passedMinute(before, left);
    this.#before = left;
    if (minute !== null) this.#report.announce(say(this.#words.now, { span: say("minutes", { n: minute }) }));
    if (minute === 5 && this.#hidden) this.toggle();
    if (left === 0 && before >= 0) this.#report.over();
  }

  #show(left, last) {
    const { box, time, bar, label } = this.#nodes;
    const hidden = this.#hidden && !last;
    const end = new Date(this.#deadline ?? 0);
    const ending = this.#deadline === null ? say("time-stands") : say("ends-at", { time: hourMinute(end) });
    setText(time, hidden ? ending : clockText(left));
    setText(label, hidden ? say("time-hidden") : say(this.#words.left));
    time.classList.toggle("ends", hidden);
    box.classList.toggle("last", last);
    box.setAttribute("aria-label", say(this.#words.now, { span: spanWords(left) }));
    bar.style.width = `${hidden ? 0 : Math.min(100, 100 * (1 - left / this.#allowed)).toFixed(2)}%`;
  }

  /** Hide the time left, or show it again. */
  toggle() {
    this.#hidden = !this.#hidden;
    choose("clock", this.#hidden ? "hidden" : "shown");
    this.#showButton();
    this.tick();
  }

  #showButton() {
    const { hide } = this.#nodes;
    hide.setAttribute("aria-pressed", String(this.#hidden));
    hide.title = say(this.#hidden ? "show-time" : "hide-time");
    setText(hide.querySelector(".vh"), hide.title);
    setIcon(hide.querySelector("svg"), this.#hidden ? "eye-off" : "eye");
  }
}

function hourMinute(date) {
  return `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
}
