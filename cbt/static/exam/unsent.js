// What stands below a hold while answers of this computer have not reached the server: how many, that they are safe, and after
// a while an answer file to hand to the proctor.

import { el, icon, setText } from "./dom.js";
import { say } from "./words.js";

const FILE_AFTER_MS = 10_000;
const LOOK_MS = 1_000;

export class Unsent {
  #report;
  #box = el("section", { class: "unsent stack", dataset: { unsent: "" } });
  #words = el("p", { class: "strong", role: "status" });
  #file;
  #looking = null;
  #since = null;
  #hand = false;

  /** `report`: `waiting()` counts answers without a receipt, `cut()` tells of the line, `canSave()`, `save()` makes the file. */
  constructor({ report }) {
    this.#report = report;
    const button = el("button", { class: "btn big", type: "button", dataset: { saveFile: "" }, on: { click: () => this.#save(button) } },
      icon("download"), say("save-file"));
    this.#file = el("div", { class: "stack", hidden: true }, el("p", { text: say("file-safe") }), button, el("p", { class: "hint", role: "status" }));
    this.#box.append(this.#words, this.#file);
  }

  /** Return what a hold shows, where anything waits; it keeps itself up to date. `hand`: the hand-in itself is on its way. */
  nodes({ hand = false } = {}) {
    this.#hand = hand;
    if (this.#report.waiting() === 0 && !hand) return [];
    clearInterval(this.#looking);
    this.#since = performance.now();
    this.#looking = setInterval(() => this.refresh(), LOOK_MS);
    this.refresh();
    return [this.#box];
  }

  refresh() {
    const waiting = this.#report.waiting();
    this.#box.dataset.waiting = waiting;
    const late = performance.now() - this.#since > FILE_AFTER_MS;
    const open = waiting > 0 || this.#hand;
    setText(this.#words, this.#say(waiting, late));
    this.#words.classList.toggle("warn", open && late);
    this.#file.hidden = !(open && late && this.#report.canSave());
    if (!open) clearInterval(this.#looking);
  }

  #say(waiting, late) {
    if (waiting > 0) return say(late ? "left-behind" : "on-their-way", { n: waiting });
    if (this.#hand) return late ? say("hand-in-waits") : "";
    return say("all-arrived");
  }

  async #save(button) {
    await this.#report.save();
    setText(button.nextElementSibling, say("file-saved"));
  }
}
