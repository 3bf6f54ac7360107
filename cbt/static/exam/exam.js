// One exam on one page: what the candidate does goes from the screen to the server, what the server says goes to the course of the exam, and
// both are kept on this computer.

import { Acts } from "./acts.js";
import { fillHand, fillHead } from "./head.js";
import { Keeping } from "./keeping.js";
import { applyNeeds } from "./needs.js";
import { makePassage } from "./passage.js";
import { statusOf } from "./resume.js";
import { Screen, announce } from "./screen.js";
import { Timer, hourMinuteSecond } from "./timer.js";
import { say } from "./words.js";

const byId = (id) => document.getElementById(id);

export class Exam {
  #content;
  #clock;
  #session;
  #course;
  #snapshot;           // as the page began
  #status;
  #assets;
  #keeping;
  #acts;
  #timer;
  #screen = null;
  #passage = null;     // the way from part to part, where there is no way back
  #savedAt;
  #finished = false;

  /**
   * `content` is the paper; `state` is what the page goes on from, with `entries` that were kept (see resume.js); `assets` has the
   * pictures, `vault` keeps (or is null), `check` verifies receipts; the rest are the parts already running.
   */
  constructor({ content, state, entries, assets, vault, check, clock, session, course, line }) {
    this.#content = content;
    this.#clock = clock;
    this.#session = session;
    this.#course = course;
    this.#savedAt = hourMinuteSecond(state.saved_at);
    this.#snapshot = state;
    this.#status = state.status ?? statusOf(state);
    this.#assets = assets;
    this.#keeping = new Keeping({ vault, report: { changed: () => this.refresh() } });
    this.#acts = this.#makeActs(entries, check);
    fillHead({ ...content, candidate: this.#candidate });   // the seat may have changed since the paper was made
    this.#timer = new Timer({ box: byId("timer"), clock, report: { announce, over: () => this.#passage?.goOn() || course.over() } });
    const names = applyNeeds(state.needs ?? content.needs, content.attempt);
    this.#screen = this.#makeScreen(names, line);
    this.#passage = makePassage({
      content, clock, journal: this.#acts, status: this.#status, limit: (index, slots) => this.#screen.limit(index, slots),
      enter: (status) => this.#enter(status), ask: () => session.load().catch(() => null), leaving: () => course.leavingPart(), announce,
    });
    this.#listen();
    this.#screen.goBack(state);
    this.#keeping.begin(() => this.snapshot());
  }

  get lease() { return this.#acts.lease; }
  get next() { return this.#acts.next; }
  get keeping() { return this.#keeping; }
  get started() { return this.#snapshot.started; }

  /** What a later page goes on from. */
  snapshot() {
    return {
      ...this.#snapshot, ...this.#acts.describe(), ...this.#screen.describe(), token: this.#session.token, status: this.#status,
      clock: this.#clock.anchor(),
    };
  }

  /** The server has heard of the start that was made here: its facts are the snapshot's from now on. */
  begun({ candidate, needs, saved_at: savedAt }) {
    Object.assign(this.#snapshot, { candidate, needs, saved_at: savedAt });
    fillHead({ ...this.#content, candidate: this.#candidate });
    this.#acts.nudge();
    this.#keeping.keep();
  }

  /** Save what has no receipt as encrypted files, one for each lease. */
  saveFiles() { return this.#acts.saveFiles(this.#candidate, this.started); }

  /** The line works again: send what waits, fetch what was missing. */
  back() {
    this.#acts.nudge();
    if (this.#assets.missing > 0) this.#assets.complete(() => this.#screen.missing());
  }

  /** Take a status: from the state, the stream or a receipt. Fields that are missing stay as they were. */
  take(status) {
    Object.assign(this.#status, statusOf(status));
    this.#acts.takeHand(status);
    this.#enter(this.#passage?.take(status) ?? status);
  }

  /** Let the candidate do what the server lets them do. */
  allow(may) { this.#screen.allow(may); }

  /** The paper is visible again. */
  resumed(fromPause) {
    this.#screen.arrange();
    if (!fromPause) return;
    announce(say("goes-on"));
    this.#acts.sayAgain();
  }

  leaveFields() { this.#screen.leaveFields(); }
  viewed(name) { this.#screen.viewed(name); }
  arrange() { this.#screen.arrange(); }
  refresh() { this.#screen?.refresh(); }
  help() { this.#screen.help(); }

  /** Return how many answers have no receipt, and how many milliseconds are left. */
  waiting() { return this.#acts.count(); }
  left() { return this.#timer.left(); }

  /** Send what waits without waiting for an answer, or send nothing any more. */
  sendRest() { this.#acts.leave(); }
  stop() { this.#acts.stop(); }

  /** Nothing is answered here any more. Once the server has everything, nothing of it stays on this computer. */
  async finish() {
    this.#finished = true;
    this.#screen.wipe();
    if (this.#acts.waiting().length > 0) return;
    this.#acts.stop();
    this.#assets.close();
    await this.#keeping.wipe();
  }

  get #candidate() { return this.#snapshot.candidate ?? this.#content.candidate; }

  #makeActs(entries, check) {
    const course = this.#course;
    return new Acts({
      content: this.#content, state: this.#snapshot, entries, keeping: this.#keeping, session: this.#session, check, clock: this.#clock,
      report: {
        changed: () => this.refresh(), announce, hand: fillHand, submitRefused: () => course.submitRefused(),
        receipted: (sent, receipt, status) => this.#receipted(sent, receipt, status),
        leaseEnded: () => course.moved(), relet: (state) => course.relet(state), olderSent: () => this.#olderSent(),
      },
    });
  }

  #makeScreen(names, line) {
    return new Screen({
      content: this.#content, names, acts: this.#acts, assets: this.#assets, course: this.#course, line, timer: this.#timer,
      keeping: this.#keeping, report: {
        savedAt: () => this.#savedAt, finishes: () => this.#passage?.finishes ?? false, finish: () => this.#handedIn(),
        leave: (go) => this.#leave(go),
      },
    });
  }

  #listen() {
    addEventListener("beforeunload", (event) => {
      if (!this.#course.leaving && !this.#finished && this.#acts.waiting().length > 0) event.preventDefault();
    });
    addEventListener("pagehide", () => this.#acts.leave());
  }

  #enter(status) {
    this.#timer.take(status);
    // The receipt of this page's own hand-in says more than that there was one: it is on its way.
    if (status.state === "submitted" && this.#acts.handingIn()) return;
    this.#course.enter(status.state, status.may ?? [], () => this.#passage.breakNodes());
  }

  /** The candidate has confirmed that the part is finished, or the exam. */
  #handedIn() {
    if (this.#passage?.finishes) {
      this.#passage.leave();
      return;
    }
    this.#course.submitting();
    this.#acts.add("submitted");
  }

  #receipted(entries, receipt, status) {
    this.#savedAt = hourMinuteSecond(receipt.at);
    this.#snapshot.saved_at = receipt.at;
    if (entries.some(({ kind }) => kind === "submitted")) this.#course.end("submitted", receipt);
    else if (status && !this.#finished) this.take(status);
    if (this.#finished) this.finish();
    else this.#keeping.keepSoon();
  }

  #olderSent() {
    if (this.#finished) this.finish();
    else this.#acts.catchUp();
  }

  /** The page is about to be loaded anew: nothing that was typed stays behind, and what is kept is written. */
  async #leave(go) {
    document.activeElement?.blur?.();
    this.#acts.nudge();
    await this.#keeping.keep();
    go();
  }
}
