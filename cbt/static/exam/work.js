// What the candidate has done so far: answers, flags, and how each answer stands with the server.

// A piece that was played, a button that was pressed: kept, but no answer by itself.
const NO_ANSWERS = new Set(["count", "flag"]);

/** Return whether a response holds anything, `aside` from some of its variables. */
function isAnswered(response, aside = []) {
  return response !== undefined && Object.entries(response).some(([name, values]) => values.length > 0 && !aside.includes(name));
}

export class Work extends EventTarget {
  #answers = new Map();    // slot -> {variable: [values]}
  #flags = new Set();
  #refused = new Map();    // slot -> code of the refusal that stands
  #aside = new Map();      // slot -> variables that are no answers

  /** Start from what the server holds; `slots` are the paper's. */
  load({ responses = {}, flags = [] }, slots = []) {
    for (const { slot, controls } of slots) {
      const aside = controls.filter(({ kind }) => NO_ANSWERS.has(kind)).map((control) => control.response);
      if (aside.length > 0 && aside.length < controls.length) this.#aside.set(slot, aside);
    }
    this.#answers = new Map(Object.entries(responses).map(([slot, response]) => [Number(slot), response]));
    this.#flags = new Set(flags);
  }

  /** What a snapshot holds of the work. */
  describe() {
    return { responses: Object.fromEntries(this.#answers), flags: [...this.#flags] };
  }

  /** Take a slot's response as the server holds it. */
  replace(slot, response) {
    if (JSON.stringify(this.answer(slot)) === JSON.stringify(response)) return;
    this.#answers.set(slot, response);
    this.#tell("answer", slot);
  }

  answer(slot) {
    return this.#answers.get(slot) ?? {};
  }

  answered(slot) {
    return isAnswered(this.#answers.get(slot), this.#aside.get(slot));
  }

  flagged(slot) {
    return this.#flags.has(slot);
  }

  refusal(slot) {
    return this.#refused.get(slot) ?? null;
  }

  /** Set one variable of a slot's response; returns false when nothing changed. */
  respond(slot, variable, values) {
    const before = this.answer(slot);
    if (JSON.stringify(before[variable] ?? []) === JSON.stringify(values)) return false;
    this.#answers.set(slot, { ...before, [variable]: values });
    this.#refused.delete(slot);
    this.#tell("answer", slot);
    return true;
  }

  flag(slot, on) {
    if (on) this.#flags.add(slot);
    else this.#flags.delete(slot);
    this.#tell("flag", slot);
  }

  refuse(slot, code) {
    this.#refused.set(slot, code);
    this.#tell("answer", slot);
  }

  /** Take a refusal back: the answer is sent again. */
  pardon(slot) {
    this.#refused.delete(slot);
    this.#tell("answer", slot);
  }

  /** Return the slots of `slots` that are not answered, and those that are flagged. */
  unanswered(slots) {
    return slots.filter((slot) => !this.answered(slot));
  }

  flaggedOf(slots) {
    return slots.filter((slot) => this.#flags.has(slot));
  }

  refusedSlots() {
    return [...this.#refused.keys()];
  }

  #tell(what, slot) {
    this.dispatchEvent(new CustomEvent("change", { detail: { what, slot } }));
  }
}
