// The line to the server: token and lease, entries, heartbeat, live status. Knows no screen; reports what it hears.

import { pauseMs } from "./backoff.js";
import { openStream } from "./stream.js";
import { NoAnswer, ask } from "./wire.js";

const BEAT_MS = 8_000;
const LONGEST_TRY = 4;   // of the pauses between two reports of an offline start: 4 s

export class Session {
  #clock;
  #report;
  #start;
  #token = null;
  #lease = null;
  #stream = null;
  #streaming = false;
  #beating = null;
  #closed = false;

  #wakeUp = () => {};

  /**
   * `start()` tells the server of a start by the release code (see start.js). `report`: `status(status, full)`,
   * `line(works, sentAt)`, `back()` (the line works again), `begun(state)`, `notBegun(code)`, `moved()`, `signedOut()`.
   */
  constructor({ clock, start, report }) {
    this.#clock = clock;
    this.#start = start;
    this.#report = report;
  }

  get token() { return this.#token; }

  /** Speak for a lease from now on; a `token` of null says that the server has not heard of this start yet. */
  adopt({ token, lease }) {
    this.#token = token;
    this.#lease = lease;
  }

  /**
   * Fetch the whole state, take its token where it is this page's lease; returns it, or null without one. `needed`: without it
   * the page cannot go on, so a sign-in that is gone is reported.
   */
  async load({ needed = false } = {}) {
    const sentAt = this.#clock.mark();
    const { status, body } = await ask("/delivery/state");
    if (needed && (status === 401 || status === 403)) this.#report.signedOut();
    if (["not-seated", "lease-ended"].includes(body?.error?.code)) this.#report.moved();
    if (status !== 200 || !body?.state) return null;
    if (body.token && (this.#lease === null || body.lease === this.#lease)) this.adopt(body);
    this.#clock.take(body.now, sentAt);
    this.#report.status(body, true);
    return body;
  }

  /** Send a batch of entries; an older lease brings its own `token`. Raises NoAnswer. */
  async post(request, { leaving = false, token = this.#token } = {}) {
    if (token === null) throw new NoAnswer("the start is not told yet");
    const sentAt = this.#clock.mark();
    try {
      const answer = await ask("/delivery/entries", { method: "POST", token, send: request, leaving });
      this.#report.line(answer.status < 500);
      if (answer.body?.state?.now) this.#clock.take(answer.body.state.now, sentAt);
      return answer;
    } catch (trouble) {
      this.#report.line(false, sentAt);
      throw trouble;
    }
  }

  /** Start listening and beating; where the start was made here without the server, it is told of that first. */
  async open() {
    addEventListener("online", () => this.#wake());
    if (this.#token === null) await this.#tellStart();
    if (this.#closed) return;
    this.#beating = setInterval(() => this.#beat(), BEAT_MS);
    this.#stream = openStream("/delivery/stream", {
      token: () => this.#token,
      report: {
        open: () => {
          this.#streaming = true;
          this.#report.line(true);
          this.#report.back();
        },
        event: (name, status) => {
          if (name !== "status") return;
          this.#clock.take(status.now);
          this.#report.status(status, false);
        },
        lost: () => {
          if (this.#streaming) this.#beat();   // is it the stream alone, or the line?
          this.#streaming = false;
        },
        denied: (status) => this.#denied(status),
      },
    });
  }

  close() {
    this.#closed = true;
    this.#stream?.close();
    this.#wakeUp();
    clearInterval(this.#beating);
  }

  async #tellStart() {
    for (let tries = 1; this.#token === null && !this.#closed; tries += 1) {
      const sentAt = this.#clock.mark();
      let atLeastMs = 0;
      try {
        const { state, code, retryAfterS = 0 } = await this.#start();
        atLeastMs = 1000 * retryAfterS;
        this.#report.line(true);
        if (state) this.#begin(state, sentAt);
        else this.#report.notBegun(code);
      } catch (trouble) {
        if (!(trouble instanceof NoAnswer)) console.error(trouble);
        this.#report.line(false, sentAt);
      }
      if (this.#token === null) await this.#rest(Math.max(atLeastMs, pauseMs(Math.min(tries, LONGEST_TRY))));
    }
  }

  #begin(state, sentAt) {
    this.#clock.take(state.now, sentAt);
    this.adopt(state);
    this.#report.begun(state);
  }

  #rest(ms) {
    return new Promise((resolve) => {
      this.#wakeUp = resolve;
      setTimeout(resolve, ms);
    });
  }

  /** Presence and clock; while the stream is down, the status too. */
  async #beat() {
    const sentAt = this.#clock.mark();
    try {
      const { status, body } = await ask("/delivery/beat", { method: "POST", token: this.#token, send: { lease: this.#lease } });
      if (this.#closed) return;
      this.#report.line(status < 500);
      if (status === 200) this.#clock.take(body?.now, sentAt);
      else await this.#denied(status);
      if (status === 200 && !this.#streaming) await this.load();
    } catch (trouble) {
      if (!(trouble instanceof NoAnswer)) console.error(trouble);
      if (!this.#closed) this.#report.line(false, sentAt);
    }
  }

  async #denied(status) {
    if (status === 409) this.#report.moved();
    else if (status === 401 || status === 403) await this.load({ needed: true }).catch(() => null);
  }

  #wake() {
    this.#wakeUp();
    if (this.#token === null) return;
    this.#stream?.nudge();
    this.#report.back();
    this.#beat();
  }
}
