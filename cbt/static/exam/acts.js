// What the candidate does: work on the screen, and entries on their way to the server. What the server refuses is marked or taken back.

import { Outbox } from "./outbox.js";
import { Work } from "./work.js";
import { say, sayOr } from "./words.js";

const MOST_TRIES = 5;

export class Acts {
  #work = new Work();
  #content;
  #journal;
  #session;
  #clock;
  #keeping;
  #report;
  #handUp;

  /**
   * `state` is what the page goes on from, with `entries` that were kept (see resume.js). `report`: `changed()`, `announce(words)`, `hand(up)`,
   * `submitRefused()`, and those of the outbox: `receipted(entries, receipt, status)`, `leaseEnded()`, `relet(state)`, `olderSent()`.
   */
  constructor({ content, state, entries, keeping, session, check, clock, report }) {
    this.#content = content;
    this.#session = session;
    this.#clock = clock;
    this.#keeping = keeping;
    this.#report = report;
    this.#handUp = Boolean(state.hand);
    this.#work.load(state, content.slots);
    const { changed, receipted, leaseEnded, relet, olderSent } = report;
    this.#journal = new Outbox({
      snapshot: state, entries, keeping, session, check, clock,
      report: { changed, receipted, leaseEnded, relet, olderSent, refused: (entry, code) => this.#refused(entry, code) },
    });
  }

  get work() { return this.#work; }
  get handUp() { return this.#handUp; }
  get lease() { return this.#journal.lease; }
  get next() { return this.#journal.next; }

  /** What a snapshot holds of it. */
  describe() {
    return { ...this.#work.describe(), ...this.#journal.describe(), hand: this.#handUp };
  }

  /** The entries without a receipt; how many answers are among them, and their slots (of the present lease). */
  waiting() { return this.#journal.waiting(); }
  count() { return this.#journal.count(); }
  waitingSlots() { return this.#journal.waitingSlots(); }

  /** Tell whether the hand-in has no receipt yet. */
  handingIn() { return this.#journal.handingIn(); }

  /** Write down an act that changes no answer. */
  add(kind, fields) { return this.#journal.add(kind, fields); }

  nudge() { this.#journal.nudge(); }
  leave() { this.#journal.leave(); }
  stop() { this.#journal.stop(); }

  respond(slot, variable, values) {
    if (this.#work.respond(slot, variable, values)) this.#answered(slot);
  }

  flag(slot) {
    const on = !this.#work.flagged(slot);
    this.#journal.add("flagged", { slot, on });
    this.#work.flag(slot, on);
  }

  hand(up, words = "") {
    this.#handUp = up;
    this.#journal.add(up ? "hand-raised" : "hand-lowered", up ? { words } : {});
    this.#report.hand(up);
    this.#report.announce(say(up ? "hand-is-up" : "hand-is-down"));
  }

  /** Take from a status whether the hand is up, unless it was just raised or lowered here. */
  takeHand({ hand }) {
    const handing = this.waiting().some(({ kind }) => kind.startsWith("hand-"));
    if (hand !== undefined && !handing) this.#handUp = Boolean(hand);
    this.#report.hand(this.#handUp);
  }

  /** What was refused for a pause's sake was meant, so it is said again. */
  sayAgain() {
    for (const slot of this.#work.refusedSlots()) {
      this.#work.pardon(slot);
      this.#answered(slot);
    }
  }

  /** An older lease has nothing left: what of it counts is the server's to say. */
  async catchUp() {
    const state = await this.#loadNewer();
    if (!state?.responses) return;
    const own = this.waitingSlots();
    for (const { slot } of this.#content.slots) if (!own.has(slot)) this.#work.replace(slot, state.responses[slot] ?? {});
  }

  /** Save what has no receipt as encrypted files, one for each lease. */
  async saveFiles({ number, seat }, started) {
    for (const { lease, entries } of this.#journal.held()) {
      const name = lease === this.lease ? `${number}-${seat}` : `${number}-${seat}-${lease}`;
      await this.#keeping.saveFile({ lease, entries, started, savedAt: this.#clock.instant(), name });
    }
  }

  /** How an answer stands with the server, for `waiting` (slots) and a `line` that is {cut, slow}: saved, sending, waiting, refused or null. */
  markOf(slot, waiting, line) {
    if (this.#work.refusal(slot) !== null) return "refused";
    if (!waiting.has(slot)) return this.#work.answered(slot) ? "saved" : null;
    if (line.cut) return "waiting";
    return line.slow ? "sending" : null;
  }

  /** Return a state that is not older than this lease's last receipt, and with it the answers here; null where there is none. */
  async #loadNewer() {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const state = await this.#session.load().catch(() => null);
      if (state === null || state.lease !== this.lease) return null;
      if (state.next > this.#journal.receipted) return state;
    }
    return null;
  }

  #answered(slot) {
    this.#journal.add("answered", { slot, responses: this.#work.answer(slot) });
  }

  #refused(entry, code) {
    if (entry.kind === "answered") this.#work.refuse(entry.slot, code);
    if (entry.kind === "flagged") this.#work.flag(entry.slot, !entry.on);
    if (entry.kind === "submitted") this.#report.submitRefused();
    if (entry.kind.startsWith("part-")) return;   // the part was over before this arrived: the status says so
    const where = entry.slot ? `${say("item-n", { slot: entry.slot })}: ` : "";
    this.#report.announce(where + sayOr(`refused-${code}`, "refused"));
  }
}
