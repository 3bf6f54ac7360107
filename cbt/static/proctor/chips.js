// Chips: how many seats stand at each word, and which words are shown.

import { WORDS } from "./looks.js";
import { setAttribute, setText } from "./nodes.js";

/** The row of chips; pressing one calls `chosen()`. A chip may stand for several words (`data-words`). */
export class Chips {
  constructor(root, chosen) {
    this.chips = [...root.querySelectorAll("[data-words]")];
    this.active = null;
    for (const chip of this.chips)
      chip.addEventListener("click", () => {
        this.active = chip === this.chips[0] || chip === this.active ? null : chip;
        this.paint();
        chosen();
      });
  }

  /** Show the counts; a chip that fits another moment of the session stays away while it counts nobody. */
  count(seats, state) {
    const counts = Object.fromEntries(WORDS.map((word) => [word, 0]));
    for (const seat of seats) counts[seat.word] += 1;
    for (const chip of this.chips) {
      const number = chip.dataset.words ? wordsOf(chip).reduce((sum, word) => sum + counts[word], 0) : seats.length;
      setText(chip.querySelector("b"), String(number));
      chip.classList.toggle("none", number === 0);
      chip.hidden = number === 0 && chip !== this.active && !(chip.dataset.when ?? state).split(" ").includes(state);
    }
    this.paint();
  }

  keeps(seat) {
    return !this.active || wordsOf(this.active).includes(seat.word);
  }

  paint() {
    for (const chip of this.chips) setAttribute(chip, "aria-pressed", String(chip === (this.active ?? this.chips[0])));
  }
}

function wordsOf(chip) {
  return chip.dataset.words.split(" ");
}
