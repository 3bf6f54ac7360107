// The screen of one exam as one view: paper, answer sheet and what lies around them, the buttons of the foot, the keyboard.

import { Desk } from "./desk.js";
import { closeDialogs, openHelp, openUnanswered } from "./dialogs.js";
import { bindFoot, fillCounts } from "./head.js";
import { bindKeys } from "./keys.js";
import { Paper, partName } from "./paper.js";
import { preference } from "./prefs.js";
import { Sheet } from "./sheet.js";
import { View } from "./view.js";

const byId = (id) => document.getElementById(id);

/** Say something politely to a screen reader. */
export function announce(words) {
  byId("news").textContent = words;
}

export class Screen {
  #content;
  #slots;              // those that are there: of one part, or all
  #acts;
  #course;
  #line;
  #timer;
  #keeping;
  #report;
  #view;
  #paper;
  #sheet;
  #desk = null;
  #may = null;         // what the server lets the candidate do, as one text
  #arranging = null;

  /**
   * `content` is the paper, `names` are the tools that there are, `acts` what the candidate does; `assets` has the pictures. `report`: `savedAt()`
   * gives the time of the last receipt, `finishes()` tells whether the button at the right finishes a part, `finish()` does what it says,
   * `leave(go)` writes everything and goes.
   */
  constructor({ content, names, acts, assets, course, line, timer, keeping, report }) {
    this.#content = content;
    this.#slots = content.slots.map(({ slot }) => slot);
    this.#acts = acts;
    this.#course = course;
    this.#line = line;
    this.#timer = timer;
    this.#keeping = keeping;
    this.#report = report;
    this.#view = new View(content.attempt);
    this.#buildPaper(assets);
    this.#buildDesk(names);
    this.#listen();
  }

  /** What a snapshot holds of it. */
  describe() {
    return { place: { slot: this.#paper.current, ...this.#view.describe() }, tools: this.#desk.tools.state() };
  }

  /** Go back to where the earlier page stood. */
  goBack({ place = {}, tools }) {
    this.#view.restore(place);
    if (this.#slots.includes(place.slot)) this.#paper.start(place.slot);
    this.#desk.tools.restore(tools);
    this.#desk.tools.addEventListener("change", () => this.#keeping.keepSoon());
  }

  /** The places of pictures that are not here yet. */
  missing() { return this.#paper.missing(); }

  /** Only the items of one part are there. */
  limit(index, slots) {
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
    if (this.#may === may.join()) return;
    this.#may = may.join();
    this.#paper.lock(!may.includes("answer"));
    this.#sheet.lock(!may.includes("answer"));
    byId("help").disabled = !may.includes("raise-hand");
    byId("hand-in").disabled = !may.includes("submit") && !may.includes("leave-part");
  }

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

  /** Let fields report what is being typed, and clear the screen of dialogs. */
  leaveFields() {
    document.activeElement?.blur?.();
    closeDialogs();
    this.#desk.cover();
  }

  /** The exam is over: nothing of the candidate's own stays on the desk. */
  wipe() { this.#desk.wipe(); }

  /** Show counts, marks and the saved status. */
  refresh() {
    if (!this.#desk || this.#course.ended) return;
    const { work } = this.#acts;
    const unanswered = work.unanswered(this.#slots).length;
    this.#line.show({
      waiting: this.#acts.count(), refused: work.refusedSlots().length, answered: this.#slots.length - unanswered,
      savedAt: this.#report.savedAt(), safe: this.#keeping.safe,
    });
    this.#sheet.refresh(this.#acts.waitingSlots());
    this.#desk.refresh();
    const { page, pageCount: pages, current: slot } = this.#paper;
    fillCounts({ unanswered, page, pages, slot, title: this.#content.exam.title });
  }

  /** Open the dialog that calls the proctor. */
  help() {
    openHelp({
      raised: this.#acts.handUp, cut: this.#line.cut, raise: (words) => this.#acts.hand(true, words), lower: () => this.#acts.hand(false),
    });
  }

  #buildPaper(assets) {
    const { work } = this.#acts;
    const report = {
      respond: (slot, variable, values) => this.#acts.respond(slot, variable, values), flag: (slot) => this.#acts.flag(slot),
      moved: () => this.#pointed(), grown: () => this.#arrangeSoon(), jump: (slot, focus) => this.#paper.go(slot, { focus }),
    };
    const paper = this.#content;
    this.#paper = new Paper({ view: byId("paper"), subject: byId("subject-now"), paper, work, assets, report });
    this.#sheet = new Sheet({
      nodes: { select: byId("subject"), filters: byId("filters"), list: byId("sheet") }, paper, work,
      markOf: (slot, waiting) => this.#acts.markOf(slot, waiting, this.#line), report,
    });
  }

  #buildDesk(names) {
    this.#desk = new Desk({
      content: this.#content, names, paper: this.#paper, work: this.#acts.work, deps: {
        waiting: () => this.#acts.waitingSlots(), covered: () => this.#course.covered, grown: () => this.#arrangeSoon(), announce,
        handIn: () => this.#handIn(), help: () => this.help(), flag: (slot) => this.#acts.flag(slot), turnTime: () => this.#timer.toggle(),
        jump: (slot) => this.#paper.go(slot, { focus: true }), leave: this.#report.leave,
      },
    });
  }

  #listen() {
    this.#acts.work.addEventListener("change", ({ detail: { slot } }) => {
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
  }

  #unanswered() {
    const { parts, slots } = this.#content;
    const here = slots.filter(({ slot }) => this.#slots.includes(slot));
    openUnanswered({
      parts: parts.map((_, index) => ({ name: partName(this.#content, index) })), jump: (slot) => this.#paper.go(slot, { focus: true }),
      slotsOf: (index) => this.#acts.work.unanswered(here.filter(({ part }) => part === index).map(({ slot }) => slot)),
    });
  }

  async #handIn() {
    const { openHandIn } = await import("./handin.js");
    if (this.#course.covered) return;
    openHandIn({
      facts: () => this.#facts(), part: this.#report.finishes(), submit: () => this.#report.finish(),
      review: this.#desk.reviewing ? null : () => this.#desk.openReview(),
      jump: (slot) => {
        this.#desk.closeReview();
        this.#paper.go(slot, { focus: true });
      },
    });
  }

  #facts() {
    const { work } = this.#acts;
    return {
      leftMs: this.#timer.left(), allowedMinutes: this.#timer.allowedMinutes, total: this.#slots.length,
      unanswered: work.unanswered(this.#slots), flagged: work.flaggedOf(this.#slots), refused: work.refusedSlots(),
      unseen: this.#desk.unseen().filter((slot) => this.#slots.includes(slot)), waiting: this.#acts.count(),
    };
  }

  #page(by) {
    const view = byId("paper");
    if (this.#paper.canScroll(by)) view.scrollBy({ top: by * view.clientHeight * 0.85 });
    else this.#paper.turn(by);
  }

  #pointed() {
    if (!this.#desk) return;
    this.#sheet.point(this.#paper.current);
    this.#desk.moved();
    this.#keeping.keepSoon();
    this.refresh();
  }

  #arrangeSoon() {
    clearTimeout(this.#arranging);
    this.#arranging = setTimeout(() => !this.#course.covered && !this.#desk.reviewing && this.arrange(), 120);
  }
}
