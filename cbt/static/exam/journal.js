// The outbox: every act of the candidate gets the lease's next number, is kept on this computer, and waits here until the
// server's signed receipt.
//
// One batch is on its way at a time, in order, and nothing goes that is not kept: after a crash the page must not give its
// number to something else. No answer, 429 and 5xx: the same batch again, later. What is receipted stays too, so that a server
// that lost the end of its journal can be given it again.

import { pauseMs } from "./backoff.js";
import { NoAnswer } from "./wire.js";

const MOST_ENTRIES = 100;
const MOST_BYTES = 48 * 1024;   // the door takes 64 KiB
const BATCH_FAULTS = new Set([400, 413, 422]);

// Called as functions of the window, whatever object holds them.
const after = (run, ms) => setTimeout(run, ms);
const forget = (timer) => clearTimeout(timer);

/** Return the first entries that fit into one request. */
function takeBatch(entries, most = MOST_ENTRIES) {
  const batch = [];
  let bytes = 0;
  for (const entry of entries) {
    bytes += new Blob([JSON.stringify(entry)]).size + 1;
    if (batch.length > 0 && (batch.length >= most || bytes > MOST_BYTES)) break;
    batch.push(entry);
  }
  return batch;
}

export class Journal {
  #lease;
  #next;                // number of the next act
  #receipted;           // all up to this number are on the server's disk
  #entries;             // in order; those over #receipted are waiting
  #kept;                // the entries that are on the disk, or that the disk refused
  #flying = false;
  #timer = null;
  #failures = 0;
  #stopped = false;
  #most = MOST_ENTRIES;
  #deps;

  /**
   * `keep({entries, dropped})` writes to the disk; `post(batch)` sends and may raise NoAnswer; `check(receipt)` verifies;
   * `reload()` fetches the state anew (token, lease, next), null where there is none or another lease now goes on from it.
   * Reports: `changed()`, `receipted(entries, receipt, status)`, `refused(entry, code)`, `ended()`.
   */
  constructor({ lease, next, receipted = next - 1, entries = [], keep, post, check, reload, report, instant, later = after, cancel = forget }) {
    this.#lease = lease;
    this.#next = next;
    this.#receipted = receipted;
    this.#entries = [...entries];
    this.#kept = new WeakSet(entries);
    this.#deps = { keep, post, check, reload, report, instant, later, cancel };
  }

  get lease() { return this.#lease; }
  get next() { return this.#next; }
  get receipted() { return this.#receipted; }
  get entries() { return this.#entries; }

  /** The entries that the server has not receipted. */
  waiting() {
    return this.#entries.filter((entry) => entry.number > this.#receipted);
  }

  /** The slots whose last answer is not receipted. */
  waitingSlots() {
    return new Set(this.waiting().filter((entry) => entry.kind === "answered").map((entry) => entry.slot));
  }

  /** Write down an act and send it; returns the entry. */
  add(kind, fields = {}) {
    const entry = { number: this.#next++, kind, claimed_at: this.#deps.instant(), ...fields };
    this.#entries.push(entry);
    this.#keep([entry]);
    this.#deps.report.changed();
    return entry;
  }

  /** Go on under another lease, or from another number: what waits is counted anew. */
  renumber(lease, next) {
    const waiting = this.waiting();
    const dropped = waiting.map(({ number }) => ({ lease: this.#lease, number }));
    this.#lease = lease;
    this.#receipted = next - 1;
    this.#entries = waiting.map((entry, index) => ({ ...entry, number: next + index }));
    this.#next = next + waiting.length;
    this.#keep(this.#entries, dropped);
  }

  /** Try again now: the line seems to be back. */
  nudge() {
    this.#deps.cancel(this.#timer);
    this.#timer = null;
    this.#pump();
  }

  /** Send nothing any more; what waits stays here under its numbers, for whoever goes on with it. */
  stop() {
    this.#stopped = true;
    this.#deps.cancel(this.#timer);
  }

  /** Hand over what waits without waiting for an answer: the page is going away. */
  leave() {
    const batch = takeBatch(this.#sendable(), this.#most);
    if (batch.length > 0 && !this.#stopped) this.#deps.post(this.#request(batch), { leaving: true }).catch(() => {});
  }

  /** Write to the disk, then send; a disk that refuses must not hold up what the server can still take. */
  #keep(entries, dropped = []) {
    const lease = this.#lease;
    const done = () => {
      for (const entry of entries) this.#kept.add(entry);
      this.#pump();
    };
    this.#deps.keep({ entries: entries.map((entry) => ({ lease, ...entry })), dropped }).then(done, done);
  }

  /** What waits and is kept, up to the first that is not. */
  #sendable() {
    const waiting = this.waiting();
    const open = waiting.findIndex((entry) => !this.#kept.has(entry));
    return open < 0 ? waiting : waiting.slice(0, open);
  }

  #request(batch) {
    return { lease: this.#lease, entries: batch };
  }

  async #pump() {
    if (this.#flying || this.#stopped || this.#timer !== null) return;
    const batch = takeBatch(this.#sendable(), this.#most);
    if (batch.length === 0) return;
    this.#flying = true;
    try {
      await this.#settle(await this.#deps.post(this.#request(batch)), batch);
    } catch (trouble) {
      if (!(trouble instanceof NoAnswer)) console.error(trouble);
      this.#failed(0);
    }
    this.#flying = false;
    this.#deps.report.changed();
    this.#pump();
  }

  async #settle({ status, body, retryAfterS }, batch) {
    const code = body?.error?.code;
    if (status === 200 && body?.receipt) return this.#accept(body);
    if (code === "entry-gap") return this.#rewind(body.expected);
    if (code === "lease-ended" || code === "not-seated") return this.#end();
    if (code === "entry-conflict") return this.#reload(true);
    if (status === 401) return this.#reload(false);
    if (BATCH_FAULTS.has(status)) return this.#narrow(batch, code ?? "malformed");
    return this.#failed(retryAfterS);
  }

  async #accept({ receipt, refused = [], state }) {
    if (receipt.lease !== this.#lease || !(await this.#deps.check(receipt))) return this.#failed(0);
    const settled = this.waiting().filter((entry) => entry.number <= receipt.number);
    this.#receipted = Math.max(this.#receipted, receipt.number);
    this.#failures = 0;
    if (this.waiting().length === 0) this.#most = MOST_ENTRIES;
    const codes = new Map(refused.map((refusal) => [refusal.number, refusal.code]));
    for (const entry of settled) if (codes.has(entry.number)) this.#deps.report.refused(entry, codes.get(entry.number));
    this.#deps.report.receipted(settled.filter((entry) => !codes.has(entry.number)), receipt, state);
    return undefined;
  }

  /** The server waits for an earlier number than was sent: give it that again, or, where it is not here, start anew. */
  #rewind(expected) {
    const oldest = this.#entries[0]?.number ?? this.#next;
    if (!(expected >= oldest && expected <= this.#receipted)) return this.#reload(true);
    this.#receipted = expected - 1;
    return undefined;
  }

  /** Fetch token, lease and next number; `renumber` when the server's numbers and ours have parted. */
  async #reload(renumber) {
    const state = await this.#deps.reload();
    if (this.#stopped) return undefined;   // the page begins anew with that state, and counts itself
    if (state === null) return this.#failed(0);
    if (renumber) this.renumber(this.#lease, state.next);
    return this.#failed(0);   // a reload alone is no success: the next try comes after a pause, longer each time
  }

  /** The server could not read the batch: find the entry by sending singly, and let it go alone. */
  #narrow(batch, code) {
    if (this.#stopped) return;
    if (batch.length > 1) {
      this.#most = 1;
      return;
    }
    const [bad] = batch;
    const later = this.#entries.filter((entry) => entry.number > bad.number);
    const moved = later.map((entry) => ({ ...entry, number: entry.number - 1 }));
    this.#entries = [...this.#entries.filter((entry) => entry.number < bad.number), ...moved];
    this.#next -= 1;
    this.#keep(moved, [bad, ...later].map(({ number }) => ({ lease: this.#lease, number })));
    this.#deps.report.refused(bad, code);
  }

  #end() {
    this.stop();
    this.#deps.report.ended();
  }

  #failed(atLeastS) {
    this.#failures += 1;
    const pause = Math.max(atLeastS * 1000, pauseMs(this.#failures));
    this.#timer = this.#deps.later(() => {
      this.#timer = null;
      this.#pump();
    }, pause);
  }
}
