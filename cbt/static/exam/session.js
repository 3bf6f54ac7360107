// The line to the server: token and lease, entries, heartbeat, live status. Knows no screen; reports what it hears.

import { openStream } from "./stream.js";
import { NoAnswer, ask } from "./wire.js";

const BEAT_MS = 8_000;

/** Fetch the paper; raises NoAnswer, returns {status, body}. */
export function fetchPaper() {
  return ask("/delivery/paper", { limitMs: 20_000 });
}

export class Session {
  #clock;
  #report;
  #token = null;
  #lease = null;
  #stream = null;
  #streaming = false;
  #beating = null;
  #closed = false;

  /** `report`: `status(status, full)`, `line(works, sentAt)`, `back()` (the line works again), `moved()`, `signedOut()`. */
  constructor({ clock, report }) {
    this.#clock = clock;
    this.#report = report;
  }

  /** Fetch the whole state, take its token and lease (there is none once the exam has ended); returns it, or null without one. */
  async load() {
    const sentAt = this.#clock.mark();
    const { status, body } = await ask("/delivery/state");
    if (status === 401 || status === 403) this.#report.signedOut();
    if (["not-seated", "lease-ended"].includes(body?.error?.code)) this.#report.moved();
    if (status !== 200 || !body?.state) return null;
    if (body.token) {
      this.#token = body.token;
      this.#lease = body.lease;
    }
    this.#clock.take(body.now, sentAt);
    this.#report.status(body, true);
    return body;
  }

  /** Send a batch of entries. */
  async post(request, { leaving = false } = {}) {
    const sentAt = this.#clock.mark();
    try {
      const answer = await ask("/delivery/entries", { method: "POST", token: this.#token, send: request, leaving });
      this.#report.line(answer.status < 500);
      if (answer.body?.state?.now) this.#clock.take(answer.body.state.now, sentAt);
      return answer;
    } catch (trouble) {
      this.#report.line(false, sentAt);
      throw trouble;
    }
  }

  /** Start listening and beating. */
  open() {
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
    this.#beating = setInterval(() => this.#beat(), BEAT_MS);
    addEventListener("online", () => this.#wake());
  }

  close() {
    this.#closed = true;
    this.#stream?.close();
    clearInterval(this.#beating);
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
    else if (status === 401 || status === 403) await this.load().catch(() => null);
  }

  #wake() {
    this.#stream?.nudge();
    this.#report.back();
    this.#beat();
  }
}
