// The scientific calculator's keys and display. What is pressed is written into a line, and the line is what is reckoned: a key that
// would leave out a multiplication sign writes it.

import { el, setText, spoken } from "../dom.js";
import { say } from "../words.js";
import { add, show, subtract, ZERO } from "./decimal.js";
import { NotPossible, NotRead, evaluate } from "./expression.js";

// [what it writes or does, label, words]
const KEYS = [
  ["angle", "", "calc-angle"], ["MC", "MC", "calc-mc"], ["MR", "MR", "calc-mr"], ["M-", "M−", "calc-m-minus"], ["M+", "M+", "calc-m-plus"],
  ["sin(", "sin", "calc-sin"], ["cos(", "cos", "calc-cos"], ["tan(", "tan", "calc-tan"], ["(", "(", "calc-open"], [")", ")", "calc-close"],
  ["sin⁻¹(", "sin⁻¹", "calc-arcsin"], ["cos⁻¹(", "cos⁻¹", "calc-arccos"], ["tan⁻¹(", "tan⁻¹", "calc-arctan"], ["²", "x²", "calc-square"], ["^", "xʸ", "calc-power"],
  ["ln(", "ln", "calc-ln"], ["log(", "log", "calc-log"], ["e^", "eˣ", "calc-exp"], ["√(", "√", "calc-root"], ["∛(", "∛", "calc-cube-root"],
  ["π", "π", "calc-pi"], ["e", "e", "calc-e"], ["!", "n!", "calc-factorial"], ["⁻¹", "x⁻¹", "calc-reciprocal"], ["%", "%", "calc-percent"],
  ["7", "7"], ["8", "8"], ["9", "9"], ["B", "⌫", "calc-back"], ["C", "C", "calc-clear"],
  ["4", "4"], ["5", "5"], ["6", "6"], ["×", "×", "calc-times"], ["÷", "÷", "calc-divide"],
  ["1", "1"], ["2", "2"], ["3", "3"], ["+", "+", "calc-plus"], ["−", "−", "calc-minus"],
  ["0", "0"], [".", "."], ["E", "×10ˣ", "calc-ee"], ["Ans", "Ans", "calc-answer"], ["=", "=", "calc-equals"],
];
const TYPED = {
  Enter: "=", Backspace: "B", Delete: "C", ",": ".", "*": "×", "/": "÷", "-": "−", x: "×", s: "sin(", c: "cos(", t: "tan(", l: "log(", n: "ln(",
  r: "√(", p: "π",
};
const WRITTEN = /^([0-9.+−×÷^()!%²πeE]|⁻¹|Ans|e\^|(sin|cos|tan)(⁻¹)?\(|(ln|log|√|∛)\()$/;
const BEGINS = /^([(πe√∛]|Ans|e\^|sin|cos|tan|ln|log)/;
const ENDS = /([\d.)πe²!%]|⁻¹|Ans)$/;
const MOST_PARTS = 120;

/** Return the parts of the line after a key; after a result a number begins anew, and an operator goes on with the result. */
export function write(parts, key, done) {
  const begun = done ? (/^[+−×÷^²!%]|⁻¹/.test(key) ? ["Ans"] : []) : parts;
  if (begun.length >= MOST_PARTS) return begun;
  const last = begun.at(-1) ?? "";
  const afterValue = ENDS.test(last) && (BEGINS.test(key) || (/^[0-9.]$/.test(key) && !/[\d.]$/.test(last)));
  return afterValue ? [...begun, "×", key] : [...begun, key];
}

/** Return {className, body, focus, type(event)} for the panel. */
export function scientific() {
  let parts = [];
  let answer = ZERO;
  let memory = ZERO;
  let degrees = true;
  let done = false;        // the line has been reckoned
  const line = el("p", { class: "calc-line num", "aria-label": say("calc-line"), role: "group" });
  const output = el("output", { class: "calc-result num", "aria-live": "polite" });
  const signs = el("p", { class: "calc-signs" });
  const out = el("div", { class: "calc-out wide-out", tabindex: "-1" }, signs, line, output);

  const reckon = () => evaluate(parts.join(""), { degrees, answer });

  function equals() {
    if (parts.length === 0) return;
    try {
      answer = reckon();
      done = true;
      setText(output, show(answer).replaceAll("-", "−"));
    } catch (trouble) {
      if (!(trouble instanceof NotRead || trouble instanceof NotPossible)) throw trouble;
      setText(output, say(trouble instanceof NotRead ? "calc-unread" : "calc-error"));
    }
  }

  function remember(reckoned) {
    equals();
    if (done) memory = reckoned(memory, answer);
  }

  const deeds = {
    "=": equals, C: () => {
      parts = [];
      done = false;
      setText(output, "");
    },
    B: () => {
      parts = done ? [] : parts.slice(0, -1);
      done = false;
      setText(output, "");
    },
    angle: () => {
      degrees = !degrees;
      if (done) equals();
    },
    MC: () => {
      memory = ZERO;
    },
    MR: () => {
      const text = show(memory, 30).replace("-", "−");
      const written = text.startsWith("−") ? ["(", ...text, ")"] : [...text];
      parts = write(parts, written[0], done).concat(written.slice(1));
      done = false;
    },
    "M+": () => remember(add), "M-": () => remember(subtract),
  };

  /** A key of the panel was pressed, or typed; after a press the keyboard is for typing again, so that Enter is not that key once more. */
  function press(key, { detail = 0 } = {}) {
    if (detail > 0) out.focus();
    if (key in deeds) deeds[key]();
    else {
      parts = write(parts, key, done);
      done = false;
      setText(output, "");
    }
    present();
  }

  function present() {
    setText(line, parts.join("") || "0");
    line.scrollLeft = line.scrollWidth;
    setText(signs, `${say(degrees ? "calc-degrees" : "calc-radians")}${memory.n === 0n ? "" : " · M"}`);
    const angle = keys.querySelector("[data-key=angle]");
    setText(angle.firstChild, degrees ? "DEG" : "RAD");
    setText(angle.lastChild, ` ${say(degrees ? "calc-to-radians" : "calc-to-degrees")}`);
  }

  function makeKey([key, label, words]) {
    const kind = /^[0-9.]$/.test(key) ? "digit" : key === "=" ? "equals" : "deed";
    const attributes = { class: `btn ${kind}`, type: "button", dataset: { key }, on: { click: (event) => press(key, event) } };
    if (key === "angle") return el("button", attributes, el("span", {}), spoken(""));
    return el("button", { ...attributes, "aria-label": words ? say(words) : null, title: words ? say(words) : null, text: label });
  }

  function type(event) {
    const onButton = event.target.closest("button") && event.key === "Enter";
    const key = TYPED[event.key] ?? event.key;
    if (onButton || !(WRITTEN.test(key) || key in deeds) || key.startsWith("M")) return;
    event.preventDefault();
    press(key);
  }

  const keys = el("div", { class: "calc-keys five" }, ...KEYS.map(makeKey));
  present();
  return { className: "calc science", body: [out, keys], focus: out, type };
}
