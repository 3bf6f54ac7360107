// The exam's hand on this browser's vault: keeps entries and the snapshot, says when the disk refuses, makes answer files, wipes.

import { answerFile } from "./secret.js";

const SOON_MS = 400;
const ANCHOR_MS = 15_000;    // how far the time may have gone on unnoticed when the power goes

export class Keeping {
  #vault;
  #report;
  #troubled = false;
  #soon = null;
  #anchoring = null;
  #wiped = false;

  /** `vault` may be null (nothing can be kept). `report`: `changed()` when the disk begins or ceases to refuse. */
  constructor({ vault, report }) {
    this.#vault = vault;
    this.#report = report;
  }

  /** Tell whether what is done here outlives this page. */
  get safe() { return this.#vault !== null && this.#vault.lasting && !this.#troubled; }

  /** Begin to keep: `describe()` gives the snapshot. */
  begin(describe) {
    if (this.#vault === null) return;
    this.#vault.describe(describe);
    this.#anchoring = setInterval(() => this.keep(), ANCHOR_MS);
    this.keep();
  }

  /** Write entries and the snapshot; never raises: a disk that refuses is told of, and the work goes on. */
  async keep(changes = {}) {
    if (this.#vault === null || this.#wiped) return;
    try {
      await this.#vault.keep(changes);
      this.#note(false);
    } catch (trouble) {
      this.#note(true, trouble);
    }
  }

  /** Write the snapshot within a moment: what has changed is a matter of comfort, not an answer. */
  keepSoon() {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.keep(), SOON_MS);
  }

  /** Write what another page goes on from, and nothing after it. */
  async leaveFor({ snapshot, entries, dropped }, clock) {
    this.#vault.describe(() => ({ ...snapshot, clock: clock.anchor() }));
    clearInterval(this.#anchoring);
    clearTimeout(this.#soon);
    await this.keep({ entries, dropped });
  }

  /** Offer the entries of one lease as an encrypted answer file (see saveAnswerFile). */
  saveFile(content) {
    return saveAnswerFile(this.#vault.seat, content);
  }

  get canSaveFile() { return this.#vault !== null && !this.#wiped; }

  /** Everything is on the server: nothing of this attempt stays on this computer. */
  async wipe() {
    if (this.#vault === null || this.#wiped) return;
    this.#wiped = true;
    clearTimeout(this.#soon);
    clearInterval(this.#anchoring);
    await this.#vault.wipe().catch((trouble) => console.warn("not wiped", trouble));
  }

  #note(troubled, trouble = null) {
    if (trouble !== null && !this.#troubled) console.warn("not kept on this computer", trouble);
    if (this.#troubled === troubled) return;
    this.#troubled = troubled;
    this.#report.changed();
  }
}

/** Offer the `entries` of one lease as an encrypted answer file, to be saved under `name`. */
export async function saveAnswerFile(seat, { lease, entries, started, savedAt, name }) {
  const file = await answerFile({ seat, lease, held: { lease, entries, started }, savedAt });
  download(`${name}.cbtanswers`, JSON.stringify(file));
}

/** Hand a text to the browser as a file to be saved. */
function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  Object.assign(link, { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
