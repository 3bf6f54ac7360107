// One exam on one screen: binds paper, answer sheet, work, journal, timer and line together. What the candidate does becomes an
// entry; what the server says goes to the course.

import { Desk } from "./desk.js";
import { closeDialogs, openHelp, openUnanswered } from "./dialogs.js";
import { bindFoot, fillCounts, fillHand, fillHead } from "./head.js";
import { Keeping } from "./keeping.js";
import { bindKeys } from "./keys.js";
import { applyNeeds } from "./needs.js";
import { Outbox } from "./outbox.js";
import { Paper, partName } from "./paper.js";
import { makePassage } from "./passage.js";
import { preference } from "./prefs.js";
import { statusOf } from "./resume.js";
import { Sheet } from "./sheet.js";
import { Timer, hourMinuteSecond } from "./timer.js";
import { say, sayOr } from "./words.js";
import { View } from "./view.js";
import { Work } from "./work.js";

const byId = (id) => document.getElementById(id);

export class Exam {
  #work = new Work();
  #content;
  #slots;
  #clock;
  #session;
  #course;
  #line;
  #snapshot;           // as the page began
  #status;
  #assets;
  #keeping;
  #journal;
  #paper;
  #sheet;
  #timer;
  #desk = null;
  #passage = null;     // the way from part to part, where there is no way back
  #handUp;
  #savedAt;
  #arranging = null;
  #finished = false;
  #view;

  /**
   * `content` is the paper; `state` is what the page goes on from, with `entries` that were kept (see resume.js); `assets` has the
   * pictures, `vault` keeps (or is null), `check` verifies receipts; the rest are the parts already running.
   */
  constructor({ content, state, entries, assets, vault, check, clock, session, course, line }) {
    this.#content = content;
    this.#slots = content.slots.map((slot) => slot.slot);
    this.#clock = clock;
    this.#session = session;
    this.#course = course;
    this.#line = line;
    this.#handUp = Boolean(state.hand);
    this.#savedAt = hourMinuteSecond(state.saved_at);
    this.#work.load(state, content.slots);
    this.#snapshot = state;
    this.#status = state.status ?? statusOf(state);
    this.#assets = assets;
    this.#keeping = new Keeping({ vault, report: { changed: () => this.refresh() } });
    this.#journal = this.#makeJournal(entries, check);
    fillHead({ ...content, candidate: state.candidate ?? content.candidate });   // the seat may have changed since the paper was made
    this.#timer = new Timer({ box: byId("timer"), clock, report: { announce, over: () => this.#passage?.goOn() || course.over() } });
    const names = applyNeeds(state.needs ?? content.needs, content.attempt);
    this.#buildPaper();
    this.#buildDesk(names);
    this.#passage = makePassage({
      content, clock, journal: this.#journal, status: this.#status, limit: (index, slots) => this.#limit(index, slots),
      enter: (status) => this.#enter(status), ask: () => session.load().catch(() => null), leaving: () => course.leavingPart(), announce,
    });
    this.#listen();
    this.#view = new View(content.attempt);
    this.#return(state);
    this.#keeping.begin(() => this.snapshot());
  }

  get lease() { return this.#journal.lease; }
  get next() { return this.#journal.describe().next; }
  get keeping() { return this.#keeping; }

  /** What a later page goes on from. */
  snapshot() {
    const place = { slot: this.#paper.current, ...this.#view.describe() };
    return {
      ...this.#snapshot, ...this.#work.describe(), ...this.#journal.describe(), token: this.#session.token, hand: this.#handUp,
      status: this.#status, clock: this.#clock.anchor(), place, tools: this.#desk.tools.state(),
    };
  }

  get started() { return this.#snapshot.started; }

  /** The server has heard of the start that was made here: its facts are the snapshot's from now on. */
  begun({ candidate, needs, saved_at: savedAt }) {
    Object.assign(this.#snapshot, { candidate, needs, saved_at: savedAt });
    fillHead({ ...this.#content, candidate: candidate ?? this.#content.candidate });
    this.#journal.nudge();
    this.#keeping.keep();
  }

  /** Save what has no receipt as encrypted files, one for each lease. */
  async saveFiles() {
    const { number, seat } = this.#snapshot.candidate ?? this.#content.candidate;
    for (const { lease, entries } of this.#journal.held()) {
      const name = lease === this.lease ? `${number}-${seat}` : `${number}-${seat}-${lease}`;
      await this.#keeping.saveFile({ lease, entries, started: this.started, savedAt: this.#clock.instant(), name });
    }
  }

  /** The line works again: send what waits, fetch what was missing. */
  back() {
    this.#journal.nudge();
    if (this.#assets.missing > 0) this.#assets.complete(() => this.#paper.missing());
  }

  /** Take a status: from the state, the stream or a receipt. Fields that are missing stay as they were. */
  take(status) {
    Object.assign(this.#status, statusOf(status));
    const handing = this.#journal.waiting().some((entry) => entry.kind.startsWith("hand-"));
    if (status.hand !== undefined && !handing) this.#handUp = Boolean(status.hand);
    fillHand(this.#handUp);
    this.#enter(this.#passage?.take(status) ?? status);
  }

  #enter(status) {
    this.#timer.take(status);
    // The receipt of this page's own hand-in says more than that there was one: it is on its way.
    if (status.state === "submitted" && this.#journal.handingIn()) return;
    this.#course.enter(status.state, status.may ?? [], () => this.#passage.breakNodes());
  }

  /** Only the items of one part are there. */
  #limit(index, slots) {
    this.#slots = slots;
    this.#paper.limit(index);
    this.#sheet.limit(index);
    this.#desk.limit(index);
    if (this.#course.covered) return;
    this.arrange();
    this.#paper.go(slots[0], { focus: true });
  }

  /** Let the candidate do what the server lets them do. */
  allow(may) {
    this.#paper.lock(!may.includes("answer"));
    this.#sheet.lock(!may.includes("answer"));
    byId("help").disabled = !may.includes("raise-hand");
    byId("hand-in").disabled = !may.includes("submit") && !may.includes("leave-part");
  }

  /** The paper is visible again. What was refused for the pause's sake was meant, so it is said again. */
  resumed(fromPause) {
    this.arrange();
    if (!fromPause) return;
    announce(say("goes-on"));
    for (const slot of this.#work.refusedSlots()) {
      this.#work.pardon(slot);
      this.#journal.add("answered", { slot, responses: this.#work.answer(slot) });
    }
  }

  /** Let fields report what is being typed, and clear the screen of dialogs. */
  leaveFields() {
    document.activeElement?.blur?.();
    closeDialogs();
    this.#desk.cover();
  }

  /** Return how many answers have no receipt, and how many milliseconds are left. */
  waiting() { return this.#journal.count(); }
  left() { return this.#timer.left(); }

  stop() { this.#journal.stop(); }
  arrange() {
    this.#desk.arranging();
    this.#paper.arrange(preference("layout"));
    this.#keeping.keepSoon();
  }

  /** The candidate has changed the view. */
  viewed(name) {
    this.#view.changed();
    if (name === "theme") this.#keeping.keepSoon();
    else this.arrange();
  }

  /** Nothing is answered here any more. Once the server has everything, nothing of it stays on this computer. */
  async finish() {
    this.#finished = true;
    this.#desk.wipe();
    if (this.#journal.waiting().length > 0) return;
    this.#journal.stop();
    this.#assets.close();
    await this.#keeping.wipe();
  }

  /** Show counts, marks and the saved status. */
  refresh() {
    if (!this.#desk || this.#course.ended) return;
    const unanswered = this.#work.unanswered(this.#slots).length;
    this.#line.show({
      waiting: this.waiting(), refused: this.#work.refusedSlots().length, answered: this.#slots.length - unanswered, savedAt: this.#savedAt,
      safe: this.#keeping.safe,
    });
    this.#sheet.refresh();
    this.#desk.refresh();
    const { page, pageCount: pages, current: slot } = this.#paper;
    fillCounts({ unanswered, page, pages, slot, title: this.#content.exam.title });
  }

  /** Open the dialog that calls the proctor. */
  help() {
    openHelp({ raised: this.#handUp, cut: this.#line.cut, raise: (words) => this.#hand(true, words), lower: () => this.#hand(false) });
  }

  #makeJournal(entries, check) {
    return new Outbox({
      snapshot: this.#snapshot, entries, keeping: this.#keeping, session: this.#session, check, clock: this.#clock,
      report: {
        changed: () => this.refresh(), leaseEnded: () => this.#course.moved(), refused: (entry, code) => this.#refused(entry, code),
        receipted: (sent, receipt, status) => this.#receipted(sent, receipt, status), olderSent: () => this.#olderSent(),
        relet: (state) => this.#course.relet(state),
      },
    });
  }

  #buildPaper() {
    const report = {
      respond: (slot, variable, values) => this.#respond(slot, variable, values), flag: (slot) => this.#flag(slot),
      moved: () => this.#pointed(), grown: () => this.#arrangeSoon(), jump: (slot, focus) => this.#paper.go(slot, { focus }),
    };
    const paper = this.#content;
    this.#paper = new Paper({ view: byId("paper"), subject: byId("subject-now"), paper, work: this.#work, assets: this.#assets, report });
    this.#sheet = new Sheet({
      nodes: { select: byId("subject"), filters: byId("filters"), list: byId("sheet") }, paper, work: this.#work,
      markOf: (slot) => this.#markOf(slot), report,
    });
  }

  #buildDesk(names) {
    this.#desk = new Desk({
      content: this.#content, names, paper: this.#paper, work: this.#work, deps: {
        waiting: () => this.#journal.waitingSlots(), covered: () => this.#course.covered, grown: () => this.#arrangeSoon(), announce,
        handIn: () => this.#handIn(), help: () => this.help(), flag: (slot) => this.#flag(slot), turnTime: () => this.#timer.toggle(),
        jump: (slot) => this.#paper.go(slot, { focus: true }), leave: (go) => this.#leave(go),
      },
    });
  }

  #listen() {
    this.#work.addEventListener("change", ({ detail: { slot } }) => {
      this.#paper.show(slot);
      queueMicrotask(() => this.refresh());   // once the change waits in the journal: until then it must not count as saved
    });
    bindFoot({
      turn: (by) => this.#paper.turn(by), unanswered: () => this.#unanswered(), help: () => this.help(), handIn: () => this.#handIn(),
    });
    bindKeys({
      page: (by) => this.#page(by), press: (code) => this.#desk.press(code),
      blocked: () => this.#course.covered || document.querySelector("dialog.dialog[open]") !== null,
    });
    addEventListener("resize", () => this.#arrangeSoon());
    document.fonts.ready.then(() => this.#arrangeSoon());
    addEventListener("beforeunload", (event) => {
      if (!this.#course.leaving && !this.#finished && this.#journal.waiting().length > 0) event.preventDefault();
    });
    addEventListener("pagehide", () => this.#journal.leave());
  }

  #respond(slot, variable, values) {
    if (!this.#work.respond(slot, variable, values)) return;
    this.#journal.add("answered", { slot, responses: this.#work.answer(slot) });
  }

  #flag(slot) {
    const on = !this.#work.flagged(slot);
    this.#journal.add("flagged", { slot, on });
    this.#work.flag(slot, on);
  }

  #hand(up, words = "") {
    this.#handUp = up;
    this.#journal.add(up ? "hand-raised" : "hand-lowered", up ? { words } : {});
    fillHand(up);
    announce(say(up ? "hand-is-up" : "hand-is-down"));
  }

  #unanswered() {
    const { parts, slots } = this.#content;
    openUnanswered({
      parts: parts.map((part, index) => ({ name: partName(parts, index) })), jump: (slot) => this.#paper.go(slot, { focus: true }),
      slotsOf: (index) => this.#work.unanswered(slots.filter(({ slot, part }) => part === index && this.#slots.includes(slot)).map(({ slot }) => slot)),
    });
  }

  async #handIn() {
    const { openHandIn } = await import("./handin.js");
    if (this.#course.covered) return;
    openHandIn({
      facts: () => this.#facts(), part: this.#passage?.finishes, submit: () => (this.#passage?.finishes ? this.#passage.leave() : this.#submit()), review: this.#desk.reviewing ? null : () => this.#desk.openReview(),
      jump: (slot) => {
        this.#desk.closeReview();
        this.#paper.go(slot, { focus: true });
      },
    });
  }

  #facts() {
    return {
      leftMs: this.left(), allowedMinutes: this.#timer.allowedMinutes, total: this.#slots.length,
      unanswered: this.#work.unanswered(this.#slots), flagged: this.#work.flaggedOf(this.#slots), unseen: this.#desk.unseen().filter((slot) => this.#slots.includes(slot)),
      waiting: this.waiting(), refused: this.#work.refusedSlots(),
    };
  }

  #submit() {
    this.#course.submitting();
    this.#journal.add("submitted");
  }

  #page(by) {
    const view = byId("paper");
    if (this.#paper.canScroll(by)) view.scrollBy({ top: by * view.clientHeight * 0.85 });
    else this.#paper.turn(by);
  }

  #receipted(entries, receipt, status) {
    this.#savedAt = hourMinuteSecond(receipt.at);
    this.#snapshot.saved_at = receipt.at;
    if (entries.some(({ kind }) => kind === "submitted")) this.#course.end("submitted", receipt);
    else if (status && !this.#finished) this.take(status);
    if (this.#finished) this.finish();
    else this.#keeping.keepSoon();
  }

  /** An older lease has nothing left: what of it counts is the server's to say. */
  async #olderSent() {
    if (this.#finished) {
      this.finish();
      return;
    }
    const state = await this.#session.load().catch(() => null);
    const own = this.#journal.waitingSlots();
    if (state?.responses) for (const slot of this.#slots) if (!own.has(slot)) this.#work.replace(slot, state.responses[slot] ?? {});
  }

  /** Go back to where the earlier page stood. */
  #return({ place = {}, tools }) {
    this.#view.restore(place);
    if (this.#slots.includes(place.slot)) this.#paper.start(place.slot);
    this.#desk.tools.restore(tools);
    this.#desk.tools.addEventListener("change", () => this.#keeping.keepSoon());
  }

  #refused(entry, code) {
    if (entry.kind === "answered") this.#work.refuse(entry.slot, code);
    if (entry.kind === "flagged") this.#work.flag(entry.slot, !entry.on);
    if (entry.kind === "submitted") this.#course.submitRefused();
    if (entry.kind.startsWith("part-")) return;   // the part was over before this arrived: the status says so
    const where = entry.slot ? `${say("item-n", { slot: entry.slot })}: ` : "";
    announce(where + sayOr(`refused-${code}`, "refused"));
  }

  #markOf(slot) {
    if (this.#work.refusal(slot) !== null) return "refused";
    if (!this.#journal.waitingSlots().has(slot)) return this.#work.answered(slot) ? "saved" : null;
    if (this.#line.cut) return "waiting";
    return this.#line.slow ? "sending" : null;
  }

  #pointed() {
    if (!this.#desk) return;
    this.#sheet.point(this.#paper.current);
    this.#desk.moved();
    this.#keeping.keepSoon();
    this.refresh();
  }

  /** The page is about to be loaded anew: nothing that was typed stays behind, and what is kept is written. */
  async #leave(go) {
    document.activeElement?.blur?.();
    this.#journal.nudge();
    await this.#keeping.keep();
    go();
  }

  #arrangeSoon() {
    clearTimeout(this.#arranging);
    this.#arranging = setTimeout(() => !this.#course.covered && !this.#desk.reviewing && this.arrange(), 120);
  }
}

/** Say something politely to a screen reader. */
function announce(words) {
  byId("news").textContent = words;
}
