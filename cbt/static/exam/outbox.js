// All journals of this page: the one of the present lease, which takes what the candidate does, and those of leases that have
// ended, which only send what this computer still holds.

import { Journal } from "./journal.js";

export class Outbox {
  #present;
  #older;
  #session;
  #report;
  #deps;

  /**
   * `snapshot` and `entries` are what the page goes on from (see resume.js). `report`: `changed()`, `receipted(entries, receipt,
   * status)`, `refused(entry, code)`, `leaseEnded()`, `relet(state)` when the server names another lease, `olderSent()`.
   */
  constructor({ snapshot, entries, keeping, session, check, clock, report }) {
    this.#session = session;
    this.#report = report;
    this.#deps = { keep: (changes) => keeping.keep(changes), check, instant: () => clock.instant() };
    this.#present = this.#makePresent(snapshot, entries);
    this.#older = (snapshot.older ?? []).map((lease) => this.#makeOlder(lease, entries));
    for (const { journal } of this.#older) journal.nudge();
    this.#present.nudge();
  }

  get lease() { return this.#present.lease; }
  get next() { return this.#present.next; }
  get receipted() { return this.#present.receipted; }

  add(kind, fields) { return this.#present.add(kind, fields); }
  waitingSlots() { return this.#present.waitingSlots(); }

  /** The entries without a receipt, of all leases. */
  waiting() {
    return this.#journals().flatMap((journal) => journal.waiting());
  }

  /** Tell whether the hand-in has no receipt yet. */
  handingIn() { return this.#present.waiting().some(({ kind }) => kind === "submitted"); }

  /** How many answers have no receipt. */
  count() {
    return this.#journals().reduce((count, journal) => count + journal.waitingSlots().size, 0);
  }

  nudge() { for (const journal of this.#journals()) journal.nudge(); }
  leave() { for (const journal of this.#journals()) journal.leave(); }
  stop() { for (const journal of this.#journals()) journal.stop(); }

  /** What a snapshot holds of the journals. */
  describe() {
    const { lease, next, receipted } = this.#present;
    const older = this.#older.filter(({ journal }) => journal.waiting().length > 0);
    return { lease, next, receipted, older: older.map(({ journal, token }) => ({ token, ...describeOne(journal) })) };
  }

  /** Return {lease, entries} of all leases that have something to send. */
  held() {
    return this.#journals().filter((journal) => journal.waiting().length > 0).map(({ lease, entries }) => ({ lease, entries }));
  }

  #journals() {
    return [...this.#older.map(({ journal }) => journal), this.#present];
  }

  #makePresent({ lease, next, receipted }, entries) {
    const { changed, receipted: took, refused, leaseEnded } = this.#report;
    return new Journal({
      ...this.#deps, lease, next, receipted, entries: under(lease, entries),
      post: (request, how) => this.#session.post(request, how), reload: () => this.#reload(),
      report: { changed, receipted: took, refused, ended: leaseEnded },
    });
  }

  #makeOlder({ lease, next, receipted, token }, entries) {
    const journal = new Journal({
      ...this.#deps, lease, next, receipted, entries: under(lease, entries),
      post: (request, how) => this.#session.post(request, { ...how, token }), reload: async () => null,
      report: {
        changed: () => this.#report.changed(), refused: () => {}, ended: () => this.#report.changed(),
        receipted: () => (journal.waiting().length === 0 ? this.#report.olderSent() : undefined),
      },
    });
    return { journal, token };
  }

  async #reload() {
    const state = await this.#session.load({ needed: true });
    if (state === null || state.lease === this.lease) return state;
    this.#report.relet(state);
    return null;
  }
}

function describeOne({ lease, next, receipted }) {
  return { lease, next, receipted };
}

function under(wanted, entries) {
  return entries.filter(({ lease }) => lease === wanted).map(({ lease: _lease, ...entry }) => entry);
}
