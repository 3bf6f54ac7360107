// The server's time, kept by a monotonic clock: the PC's own clock may be wrong or be changed in mid-exam.
//
// The monotonic clock does not outlive the page. Across a reload or a power cut the PC's own clock carries the time on, as the
// best there is, until the server is heard again; it never runs backward that way.

const STALE_MS = 60_000;   // a sample this old gives way to a newer one, even to one with a longer way
const SLEPT_MS = 1_000;

/** Server time = a known server instant + what the monotonic clock counted since. */
export class ServerClock {
  #monotonic;
  #offset = null;          // server epoch milliseconds minus monotonic milliseconds
  #trip = Infinity;
  #takenAt = -Infinity;
  #guessed = false;        // carried over by the PC's own clock

  constructor(monotonic = () => performance.now()) {
    this.#monotonic = monotonic;
  }

  /** What a later page needs to go on counting: the server's time and the PC's own, in epoch milliseconds. */
  anchor(wallMs = Date.now()) {
    return { serverMs: this.now(), wallMs };
  }

  /** Go on from the anchor of an earlier page. */
  resume({ serverMs, wallMs }, nowMs = Date.now()) {
    if (this.#offset !== null) return;
    this.#offset = serverMs + Math.max(0, nowMs - wallMs) - this.#monotonic();
    this.#guessed = true;
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
    if (!this.#isBetter(server, here, trip)) return;
    this.#offset = server + (sentAt === null ? 0 : trip / 2) - here;
    this.#guessed = false;
    this.#trip = trip;
    this.#takenAt = here;
  }

  /** A sample counts that is the first, came quicker, follows an old one, or shows that this clock stood (a PC that slept). */
  #isBetter(server, here, trip) {
    if (this.#offset === null || this.#guessed || trip < this.#trip) return true;
    if (trip === Infinity) return false;
    const off = Math.abs(server + trip / 2 - here - this.#offset);
    return here - this.#takenAt > STALE_MS || off > trip / 2 + SLEPT_MS;
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
