// The calculator's panel: beside the paper, not over it; buttons and keyboard do the same.

import { el, icon, setText, spoken } from "./dom.js";
import { EMPTY, press } from "./reckon.js";
import { say } from "./words.js";

const KEYS = [
  ["C", "C", "calc-clear"], ["B", "⌫", "calc-back"], ["%", "%", "calc-percent"], ["/", "÷", "calc-divide"],
  ["7", "7"], ["8", "8"], ["9", "9"], ["*", "×", "calc-times"],
  ["4", "4"], ["5", "5"], ["6", "6"], ["-", "−", "calc-minus"],
  ["1", "1"], ["2", "2"], ["3", "3"], ["+", "+", "calc-plus"],
  ["n", "±", "calc-sign"], ["0", "0"], [".", "."], ["r", "√", "calc-root"],
  ["=", "=", "calc-equals"],
];
const TYPED = { Enter: "=", Backspace: "B", Delete: "C", ",": ".", x: "*", X: "*" };

export class Calculator {
  #state = EMPTY;
  #panel;
  #output;
  #opener;

  constructor({ opener }) {
    this.#opener = opener;
    this.#output = el("output", { class: "calc-out num", tabindex: "-1", "aria-live": "polite" });
    const close = el("button", { class: "icon", type: "button", title: say("close"), on: { click: () => this.close() } },
      icon("x"), spoken(say("close")));
    const head = el("div", { class: "calc-head", on: { pointerdown: (event) => this.#drag(event) } },
      el("h2", { id: "calc-title", text: say("calculator") }), close);
    this.#panel = el("dialog", { class: "calc", "aria-labelledby": "calc-title", on: { keydown: (event) => this.#type(event) } },
      head, this.#output, el("div", { class: "calc-keys" }, ...KEYS.map((key) => this.#makeKey(key))));
    document.body.append(this.#panel);
    opener.addEventListener("click", () => (this.#panel.open ? this.close() : this.#open()));
    this.#show();
  }

  close() {
    if (!this.#panel.open) return;
    this.#panel.close();
    this.#opener.setAttribute("aria-expanded", "false");
    this.#opener.focus();
  }

  #open() {
    this.#panel.show();
    this.#opener.setAttribute("aria-expanded", "true");
    this.#output.focus();
  }

  /** Move the panel with the pointer, never out of the window. */
  #drag(start) {
    if (start.target.closest("button")) return;
    const { left, top, width, height } = this.#panel.getBoundingClientRect();
    const handle = start.currentTarget;
    handle.setPointerCapture(start.pointerId);
    const move = (event) => {
      const x = Math.min(innerWidth - width, Math.max(0, left + event.clientX - start.clientX));
      const y = Math.min(innerHeight - height, Math.max(0, top + event.clientY - start.clientY));
      Object.assign(this.#panel.style, { left: `${x}px`, top: `${y}px`, bottom: "auto" });
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", () => handle.removeEventListener("pointermove", move), { once: true });
  }

  #makeKey([key, label, words]) {
    const kind = /[0-9.]/.test(key) ? "digit" : key === "=" ? "equals" : "deed";
    return el("button", {
      class: `btn ${kind}`, type: "button", "aria-label": words ? say(words) : null, text: label, on: { click: () => this.#press(key) },
    });
  }

  #type(event) {
    event.stopPropagation();   // number keys mean digits here, not options
    if (event.key === "Escape") {
      event.preventDefault();
      this.close();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const onButton = event.target.closest("button") && event.key === "Enter";
    const key = TYPED[event.key] ?? event.key;
    if (onButton || !/^[0-9.+\-*/=%BC]$/.test(key)) return;
    event.preventDefault();
    this.#press(key);
  }

  #press(key) {
    this.#state = press(this.#state, key);
    this.#show();
  }

  #show() {
    setText(this.#output, this.#state.error ? say("calc-error") : this.#state.shown.replace("-", "−"));
  }
}
