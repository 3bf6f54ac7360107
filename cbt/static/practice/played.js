// A server that is only played: it takes every entry at once and says so, as the real one would. For the practice.

const ENDS = { submitted: "submitted" };

export class PlayedSession {
  #clock;
  #state;
  #attempt;
  #head = 0;

  /** `state` is the whole state with which the page began. */
  constructor({ clock, state, attempt }) {
    this.#clock = clock;
    this.#state = state;
    this.#attempt = attempt;
  }

  get token() { return null; }

  /** The status now: the time runs out here as it would there. */
  status() {
    const now = this.#clock.instant();
    const over = this.#state.state === "running" && Date.parse(now) >= Date.parse(this.#state.deadline_at);
    const { state, deadline_at: deadlineAt, allowed_s: allowedS, may } = this.#state;
    return { state: over ? "expired" : state, now, deadline_at: deadlineAt, allowed_s: allowedS, may };
  }

  /** Take entries and give the receipt for them. */
  async post({ lease, entries }) {
    const last = entries.at(-1);
    this.#head += entries.length;
    for (const { kind } of entries) if (kind in ENDS) this.#state = { ...this.#state, state: ENDS[kind], may: [] };
    const receipt = { attempt: this.#attempt, lease, number: last.number, head: "0".repeat(64), at: this.#clock.instant(), signature: "" };
    return { status: 200, body: { receipt, refused: [], state: this.status() }, retryAfterS: 0 };
  }

  async load() { return null; }
}
