// An expression as people write it, and its value. Order of operations: brackets and functions; what stands behind a number (squares,
// factorial, percent); powers, from the right; a sign before; times and divided by, from the left; plus and minus, from the left. So
// -3² is -9, and 2^3^2 is 512. Read by descent; nothing is ever run as a program.

import { NotPossible, add, divide, multiply, negate, parse, squareRoot, subtract, value } from "./decimal.js";
import { E, PI, arccos, arcsin, arctan, cos, cubeRoot, factorial, ln, log, power, reciprocal, sin, tan } from "./functions.js";

const TOKENS = /\s*(\d+\.?\d*(?:E[+\-−]?\d*)?|\.\d+(?:E[+\-−]?\d*)?|sin⁻¹|cos⁻¹|tan⁻¹|sin|cos|tan|ln|log|√|∛|Ans|[πe²³!%()^+\-−×÷*/]|⁻¹)/y;
const HUNDRED = value(100n, 0);
const FUNCTIONS = {
  sin, cos, tan, "sin⁻¹": arcsin, "cos⁻¹": arccos, "tan⁻¹": arctan, ln: (a) => ln(a), log: (a) => log(a), "√": (a) => squareRoot(a), "∛": (a) => cubeRoot(a),
};
const BEHIND = {
  "²": (a) => multiply(a, a), "³": (a) => multiply(a, multiply(a, a)), "⁻¹": reciprocal, "!": factorial, "%": (a) => divide(a, HUNDRED),
};
const SAME = { "−": "-", "*": "×", "/": "÷" };

/** The expression is not finished or makes no sense. */
export class NotRead extends Error {}

function tokensOf(text) {
  const tokens = [];
  TOKENS.lastIndex = 0;
  while (TOKENS.lastIndex < text.trimEnd().length) {
    const found = TOKENS.exec(text);
    if (!found) throw new NotRead(text);
    tokens.push(SAME[found[1]] ?? found[1]);
  }
  return tokens;
}

class Reader {
  #tokens;
  #at = 0;
  #degrees;
  #answer;

  constructor(tokens, degrees, answer) {
    this.#tokens = tokens;
    this.#degrees = degrees;
    this.#answer = answer;
  }

  whole() {
    const found = this.#sum();
    if (this.#at < this.#tokens.length) throw new NotRead(this.#tokens[this.#at]);
    return found;
  }

  #next() { return this.#tokens[this.#at]; }

  #take(...wanted) {
    if (!wanted.includes(this.#next())) return null;
    return this.#tokens[this.#at++];
  }

  #sum() {
    let found = this.#product();
    for (let sign = this.#take("+", "-"); sign; sign = this.#take("+", "-")) {
      const other = this.#product();
      found = sign === "+" ? add(found, other) : subtract(found, other);
    }
    return found;
  }

  #product() {
    let found = this.#signed();
    for (let sign = this.#take("×", "÷"); sign; sign = this.#take("×", "÷")) {
      const other = this.#signed();
      found = sign === "×" ? multiply(found, other) : divide(found, other);
    }
    return found;
  }

  #signed() {
    if (this.#take("-")) return negate(this.#signed());
    if (this.#take("+")) return this.#signed();
    return this.#powered();
  }

  #powered() {
    const base = this.#behind();
    return this.#take("^") ? power(base, this.#signed()) : base;
  }

  #behind() {
    let found = this.#simple();
    for (let sign = this.#take(...Object.keys(BEHIND)); sign; sign = this.#take(...Object.keys(BEHIND))) found = BEHIND[sign](found);
    return found;
  }

  #simple() {
    const token = this.#next();
    if (token === undefined) throw new NotRead("end");
    this.#at += 1;
    if (/^[\d.]/.test(token)) return number(token);
    if (token === "π") return PI;
    if (token === "e") return E;
    if (token === "Ans") return this.#answer;
    if (token === "(") return this.#closed();
    if (!(token in FUNCTIONS) || !this.#take("(")) throw new NotRead(token);
    return FUNCTIONS[token](this.#closed(), this.#degrees);
  }

  /** A bracket that is still open at the end is closed there. */
  #closed() {
    const found = this.#sum();
    if (!this.#take(")") && this.#next() !== undefined) throw new NotRead(this.#next());
    return found;
  }
}

function number(token) {
  if (/E[+\-−]?$/.test(token)) throw new NotRead(token);
  return parse(token.replace("−", "-"));
}

/** Return the value of `text`; raises NotRead, NotPossible. */
export function evaluate(text, { degrees = true, answer = { n: 0n, e: 0 } } = {}) {
  return new Reader(tokensOf(text), degrees, answer).whole();
}

export { NotPossible };
