// One exam on one screen: binds paper, answer sheet, work, journal, timer and line together. What the candidate does becomes an
// entry; what the server says goes to the course.

import { Desk } from "./desk.js";
import { closeDialogs, openHelp, openUnanswered } from "./dialogs.js";
import { bindFoot, fillCounts, fillHand, fillHead, showView } from "./head.js";
import { Journal } from "./journal.js";
import { bindKeys } from "./keys.js";
import { applyNeeds } from "./needs.js";
import { Paper, partName } from "./paper.js";
import { preference } from "./prefs.js";
import { Sheet } from "./sheet.js";
import { Timer } from "./timer.js";
import { say, sayOr } from "./words.js";
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
  #journal;
  #paper;
  #sheet;
  #timer;
  #desk = null;
  #handUp;
  #savedAt;
  #arranging = null;

  /** `content` is the paper, `state` the whole state, `check` verifies receipts; the rest are the parts already running. */
  constructor({ content, state, check, clock, session, course, line }) {
    this.#content = content;
    this.#slots = content.slots.map((slot) => slot.slot);
    this.#clock = clock;
    this.#session = session;
    this.#course = course;
    this.#line = line;
    this.#handUp = Boolean(state.hand);
    this.#savedAt = hourMinuteSecond(state.saved_at);
    this.#work.load(state, content.slots);
    this.#journal = this.#makeJournal(state, check);
    fillHead({ ...content, candidate: state.candidate ?? content.candidate });   // the seat may have changed since the paper was made
    this.#timer = new Timer({ box: byId("timer"), clock, report: { announce, over: () => course.over() } });
    const names = applyNeeds(state.needs ?? content.needs, content.attempt);
    showView();
    this.#buildPaper();
    this.#buildDesk(names);
    this.#listen();
  }

  get lease() { return this.#journal.lease; }

  /** The candidate's tools: `state()`, `restore(state)`, and a `change` event (see tools/toolbox.js). */
  get tools() { return this.#desk.tools; }

  /** Take a status: from the state, the stream or a receipt. Fields that are missing stay as they were. */
  take(status) {
    this.#timer.take(status);
    const handing = this.#journal.waiting().some((entry) => entry.kind.startsWith("hand-"));
    if (status.hand !== undefined && !handing) this.#handUp = Boolean(status.hand);
    fillHand(this.#handUp);
    this.#course.enter(status.state, status.may ?? []);
  }

  /** Let the candidate do what the server lets them do. */
  allow(may) {
    this.#paper.lock(!may.includes("answer"));
    this.#sheet.lock(!may.includes("answer"));
    byId("help").disabled = !may.includes("raise-hand");
    byId("hand-in").disabled = !may.includes("submit");
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
  waiting() { return this.#journal.waitingSlots().size; }
  left() { return this.#timer.left(); }

  nudge() { this.#journal.nudge(); }

  /** Nothing is sent any more, and the candidate's own notes are gone. */
  stop() {
    this.#journal.stop();
    this.#desk.wipe();
  }

  arrange() {
    this.#paper.arrange(preference("layout"));
    this.#desk.moved();
  }

  /** Show counts, marks and the saved status. */
  refresh() {
    if (!this.#desk || this.#course.ended) return;
    const unanswered = this.#work.unanswered(this.#slots).length;
    this.#line.show({
      waiting: this.waiting(), refused: this.#work.refusedSlots().length, answered: this.#slots.length - unanswered, savedAt: this.#savedAt,
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

  #makeJournal({ lease, next }, check) {
    return new Journal({
      lease, next, check, post: (request, how) => this.#session.post(request, how), reload: () => this.#session.load(),
      instant: () => this.#clock.instant(),
      report: {
        changed: () => this.refresh(), ended: () => this.#course.moved(), refused: (entry, code) => this.#refused(entry, code),
        receipted: (entries, receipt, status) => this.#receipted(entries, receipt, status),
      },
    });
  }

  #buildPaper() {
    const report = {
      respond: (slot, variable, values) => this.#respond(slot, variable, values), flag: (slot) => this.#flag(slot),
      moved: () => this.#pointed(), grown: () => this.#arrangeSoon(), jump: (slot, focus) => this.#paper.go(slot, { focus }),
    };
    const paper = this.#content;
    this.#paper = new Paper({ view: byId("paper"), subject: byId("subject-now"), paper, work: this.#work, report });
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
      this.refresh();
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
      if (!this.#course.ended && this.#journal.waiting().length > 0) event.preventDefault();
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
      slotsOf: (index) => this.#work.unanswered(slots.filter((slot) => slot.part === index).map((slot) => slot.slot)),
    });
  }

  async #handIn() {
    const { openHandIn } = await import("./handin.js");
    if (this.#course.covered) return;
    openHandIn({
      facts: () => this.#facts(), submit: () => this.#submit(), review: this.#desk.reviewing ? null : () => this.#desk.openReview(),
      jump: (slot) => {
        this.#desk.closeReview();
        this.#paper.go(slot, { focus: true });
      },
    });
  }

  #facts() {
    return {
      leftMs: this.left(), allowedMinutes: this.#timer.allowedMinutes, total: this.#slots.length,
      unanswered: this.#work.unanswered(this.#slots), flagged: this.#work.flaggedOf(this.#slots), unseen: this.#desk.unseen(),
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
    if (entries.some(({ kind }) => kind === "submitted")) this.#course.end("submitted");
    else if (status) this.take(status);
  }

  #refused(entry, code) {
    if (entry.kind === "answered") this.#work.refuse(entry.slot, code);
    if (entry.kind === "flagged") this.#work.flag(entry.slot, !entry.on);
    if (entry.kind === "submitted") this.#course.submitRefused();
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
    this.refresh();
  }

  /** The page is about to be loaded anew: nothing that was typed stays behind. */
  #leave(go) {
    document.activeElement?.blur?.();
    this.#journal.nudge();
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

function hourMinuteSecond(instant) {
  return instant ? new Date(instant).toLocaleTimeString("en-GB", { hour12: false }) : "";
}
