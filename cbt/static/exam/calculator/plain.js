// The plain calculator's keys and display; buttons and keyboard do the same.

import { el, setText } from "../dom.js";
import { say } from "../words.js";
import { EMPTY, press } from "./reckon.js";

const KEYS = [
  ["C", "C", "calc-clear"], ["B", "⌫", "calc-back"], ["%", "%", "calc-percent"], ["/", "÷", "calc-divide"],
  ["7", "7"], ["8", "8"], ["9", "9"], ["*", "×", "calc-times"],
  ["4", "4"], ["5", "5"], ["6", "6"], ["-", "−", "calc-minus"],
  ["1", "1"], ["2", "2"], ["3", "3"], ["+", "+", "calc-plus"],
  ["n", "±", "calc-sign"], ["0", "0"], [".", "."], ["r", "√", "calc-root"],
  ["=", "=", "calc-equals"],
];
const TYPED = { Enter: "=", Backspace: "B", Delete: "C", ",": ".", x: "*", X: "*" };

/** Return {className, body, focus, type(event)} for the panel. */
export function plain() {
  let state = EMPTY;
  const output = el("output", { class: "calc-out num", tabindex: "-1", "aria-live": "polite" });

  function show() {
    setText(output, state.error ? say("calc-error") : state.shown.replace("-", "−"));
  }

  /** A key of the panel was pressed, or typed; after a press the keyboard is for typing again, so that Enter is not that key once more. */
  function take(key, { detail = 0 } = {}) {
    state = press(state, key);
    show();
    if (detail > 0) output.focus();
  }

  function makeKey([key, label, words]) {
    const kind = /[0-9.]/.test(key) ? "digit" : key === "=" ? "equals" : "deed";
    return el("button", { class: `btn ${kind}`, type: "button", "aria-label": words ? say(words) : null, text: label, on: { click: (event) => take(key, event) } });
  }

  function type(event) {
    const onButton = event.target.closest("button") && event.key === "Enter";
    const key = TYPED[event.key] ?? event.key;
    if (onButton || !/^[0-9.+\-*/=%BC]$/.test(key)) return;
    event.preventDefault();
    take(key);
  }

  show();
  return { className: "calc", body: [output, el("div", { class: "calc-keys" }, ...KEYS.map(makeKey))], focus: output, type };
}
