// The candidate's own tools: which ones there are, which are in use, and what they hold. Nothing of it is an answer, and
// nothing of it is sent: `state()` and `restore()` are for whoever keeps this page's snapshot, `wipe()` is for the end.

import { el, icon } from "../dom.js";
import { lateStyle } from "../styles.js";
import { say } from "../words.js";

// Each module exports `open(desk)`, which gives {turn(on), state(), restore(state), wipe()} and loads when it is first needed.
const TOOLS = {
  highlighter: { symbol: "marker", load: () => import("./highlighter.js") },
  eliminator: { symbol: "strike", load: () => import("./eliminator.js") },
  "line-reader": { symbol: "ruler", load: () => import("./line_reader.js") },
  masking: { symbol: "mask", load: () => import("./masking.js") },
  notes: { symbol: "note", load: () => import("./notes.js"), panel: true },
  magnifier: { symbol: "search", load: () => import("./magnifier.js") },
};

/** What every candidate has; a needs profile may name others. */
export const FOR_EVERYBODY = ["highlighter", "eliminator", "notes"];

/** Fires `change` whenever there is something new to keep. */
export class Toolbox extends EventTarget {
  #bar;
  #desk;
  #buttons = new Map();
  #opened = new Map();     // name -> promise: the tool is there
  #used = new Map();       // name -> the opened tool
  #on = new Set();
  #pending = {};           // name -> what an earlier page kept for a tool that is not opened yet
  #pendingOn = new Set();  // the tools that are still to be turned on
  #more;
  #wiped = false;

  /**
   * `bar` gets the buttons of the tools in `names`. `desk` is what tools may know of the paper: `roots()` (key -> element with words; the
   * key is the slot, or p0, p1 ... for passages), `current()`, `slots`, `view`, `grown()` when heights have changed, `announce(words)`.
   * `more` are others {state(), restore(state), wipe()} that are kept along, by name.
   */
  constructor({ bar, names, desk, more = {} }) {
    super();
    this.#bar = bar;
    this.#more = more;
    this.#desk = {
      ...desk, keep: () => this.tell(), closed: (name) => this.#press(name, false),
      after: (name, ...nodes) => this.#buttons.get(name).after(...nodes),
    };
    for (const name of Object.keys(TOOLS).filter((known) => names.includes(known))) this.#buttons.set(name, this.#makeButton(name));
    bar.replaceChildren(...this.#buttons.values());
    bar.hidden = this.#buttons.size === 0;
    bar.addEventListener("keydown", (event) => this.#walk(event));
    this.#setStop(this.#keys()[0]);
  }

  /** The tools that this candidate has. */
  get names() { return [...this.#buttons.keys()]; }

  has(name) { return this.#buttons.has(name); }

  /** Turn a tool on or off (a panel: open or close it); one that the candidate does not have stays away. */
  async toggle(name) {
    if (!this.has(name)) return;
    this.#pendingOn.delete(name);
    const tool = await this.#open(name);
    if (tool === null) return;
    if (TOOLS[name].panel) this.#press(name, tool.toggle());
    else this.#turn(name, tool, !this.#on.has(name));
  }

  /** Do something with a tool: `use("notes", (notes) => notes.show(12))`; with `opened` only where it has been used before. */
  async use(name, deed, { opened = false } = {}) {
    if (opened && !this.#used.has(name)) return;
    if (!this.has(name)) return;
    const tool = this.#used.get(name) ?? await this.#open(name);
    if (tool !== null) deed(tool);
  }

  /** Return the slots that have a note. */
  noted() {
    return this.#used.get("notes")?.slots() ?? [];
  }

  /** Return everything worth keeping, as plain values; what no tool has taken back yet stays as it came. */
  state() {
    const keepers = [...this.#used, ...Object.entries(this.#more)];
    const kept = keepers.map(([name, keeper]) => [name, keeper.state()]).filter(([, state]) => state !== null);
    return { ...this.#pending, on: [...new Set([...this.#on, ...this.#pendingOn])], ...Object.fromEntries(kept) };
  }

  /** Take back what `state()` gave. */
  async restore(state) {
    if (!state || this.#wiped) return;
    for (const [name, keeper] of Object.entries(this.#more)) if (name in state) keeper.restore(state[name]);
    this.#pending = Object.fromEntries(this.names.filter((name) => name in state).map((name) => [name, state[name]]));
    this.#pendingOn = new Set(this.names.filter((name) => state.on?.includes(name)));
    for (const name of new Set([...Object.keys(this.#pending), ...this.#pendingOn])) {
      const tool = await this.#open(name);
      if (tool !== null && this.#pendingOn.delete(name)) this.#turn(name, tool, true, { quiet: true });
    }
    this.tell();
  }

  /** Forget everything: the exam is over. */
  wipe() {
    this.#wiped = true;
    for (const keeper of [...this.#used.values(), ...Object.values(this.#more)]) keeper.wipe();
    this.#used.clear();
    this.#pending = {};
    this.#pendingOn.clear();
    this.#bar.hidden = true;
    this.tell();
  }

  /** Fetch the tools that there are, so that they open without a line. */
  fetch() {
    return Promise.all(this.names.map((name) => TOOLS[name].load()));
  }

  /** Return the opened tool, with what was kept for it; null where it cannot be fetched now, or the exam is over. */
  async #open(name) {
    if (!this.#opened.has(name)) this.#opened.set(name, this.#load(name));
    try {
      await this.#opened.get(name);
    } catch (trouble) {
      console.info("the tool is not here", trouble);
      this.#opened.delete(name);   // the next press tries again
    }
    return this.#used.get(name) ?? null;
  }

  async #load(name) {
    const [{ open }] = await Promise.all([TOOLS[name].load(), lateStyle()]);
    if (this.#wiped) return;
    const tool = open(this.#desk);
    this.#used.set(name, tool);
    if (!(name in this.#pending)) return;
    tool.restore(this.#pending[name]);
    delete this.#pending[name];
  }

  #turn(name, tool, on, { quiet = false } = {}) {
    if (on) this.#on.add(name);
    else this.#on.delete(name);
    this.#press(name, on);
    const focused = document.activeElement;
    tool.turn(on);
    if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true });   // options were moved
    if (!quiet) this.#desk.announce(say(on ? "tool-on" : "tool-off", { tool: say(`tool-${name}`) }));
    this.tell();
  }

  #press(name, on) {
    this.#buttons.get(name).setAttribute("aria-pressed", String(on));
  }

  #makeButton(name) {
    const words = say(`tool-${name}`);
    return el("button", {
      class: "btn plain tool-key", type: "button", "aria-pressed": "false", title: say(`tool-${name}-what`), dataset: { tool: name },
      on: { click: () => this.toggle(name) },
    }, icon(TOOLS[name].symbol), words);
  }

  #keys() {
    return [...this.#bar.querySelectorAll("button:not([hidden])")];
  }

  /** One button at a time is a tab stop; the arrow keys walk along the bar. */
  #setStop(button) {
    for (const key of this.#bar.querySelectorAll("button")) key.tabIndex = key === button ? 0 : -1;
  }

  #walk(event) {
    const keys = this.#keys();
    const at = keys.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: keys.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const next = keys[(to + keys.length) % keys.length];
    this.#setStop(next);
    next.focus();
  }

  /** There is something new to keep. */
  tell() {
    this.dispatchEvent(new CustomEvent("change"));
  }
}
