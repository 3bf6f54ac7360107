// The options of the numbered choices, each with room for the buttons of tools beside it.

/** Return every option of the paper: {slot, value, label, input, place (1...)}. */
export function optionsOf(desk) {
  return desk.slots.flatMap((slot) => [...desk.article(slot).querySelectorAll(".choices .choice")].map((label, index) => {
    const input = label.querySelector("input");
    return { slot, value: `${input.name.replace(/^s\d+-/, "")}=${input.value}`, label, input, place: index + 1 };
  }));
}

/** Put `button` beside an option. A button inside the label would be part of the option's name. */
export function setBeside(label, button) {
  let row = label.parentElement;
  if (!row.matches(".option")) {
    row = document.createElement("div");
    row.className = "option";
    label.replaceWith(row);
    row.append(label);
  }
  row.append(button);
}

/** What tools keep for options: a set of values for each slot. */
export class OptionSet {
  #bySlot = new Map();

  has(slot, value) {
    return this.#bySlot.get(slot)?.has(value) ?? false;
  }

  set(slot, value, on) {
    const values = this.#bySlot.get(slot) ?? new Set();
    if (on) values.add(value);
    else values.delete(value);
    if (values.size > 0) this.#bySlot.set(slot, values);
    else this.#bySlot.delete(slot);
  }

  clear() {
    this.#bySlot.clear();
  }

  /** As plain values, or null where there are none. */
  state() {
    if (this.#bySlot.size === 0) return null;
    return Object.fromEntries([...this.#bySlot].map(([slot, values]) => [slot, [...values]]));
  }

  restore(state) {
    this.#bySlot = new Map(Object.entries(state).map(([slot, values]) => [Number(slot), new Set(values)]));
  }
}
