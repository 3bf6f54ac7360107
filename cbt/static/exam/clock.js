// The server's time, kept by a monotonic clock: the PC's own clock may be wrong or be changed in mid-exam.

const STALE_MS = 60_000;   // a sample this old gives way to a newer one, even to one with a longer way

/** Server time = a known server instant + what the monotonic clock counted since. */
export class ServerClock {
  #monotonic;
  #offset = null;          // server epoch milliseconds minus monotonic milliseconds
  #trip = Infinity;
  #takenAt = -Infinity;

  constructor(monotonic = () => performance.now()) {
    this.#monotonic = monotonic;
  }

  /** The monotonic instant, to be handed back to `take` as `sentAt`. */
  mark() {
    return this.#monotonic();
  }

  /** Learn from an answer that carried the server's instant `now`; without `sentAt` the way is unknown (a pushed event). */
  take(now, sentAt = null) {
    const server = Date.parse(now);
    if (!Number.isFinite(server)) return;
    const here = this.#monotonic();
    const trip = sentAt === null ? Infinity : here - sentAt;
    const stale = here - this.#takenAt > STALE_MS;
    if (this.#offset !== null && trip >= this.#trip && !(stale && trip < Infinity)) return;
    this.#offset = server + (sentAt === null ? 0 : trip / 2) - here;
    this.#trip = trip;
    this.#takenAt = here;
  }

  /** The server's time in epoch milliseconds; before the first sample, the PC's own. */
  now() {
    return this.#offset === null ? Date.now() : this.#monotonic() + this.#offset;
  }

  /** The same as the wire writes it. */
  instant() {
    return new Date(this.now()).toISOString();
  }
}
