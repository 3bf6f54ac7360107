// A plain pocket calculator as a pure function: press(state, key) -> state. Keys: 0-9 . + - * / = % r(oot) n(egate) B(ack) C(lear).
// What is shown is what is reckoned with, as on a pocket calculator; the numbers are decimal.

import { NotPossible, add, divide, multiply, parse, show, squareRoot, subtract, value } from "./decimal.js";

const DIGITS = 12;
const HUNDRED = value(100n, 0);
const DEEDS = { "+": add, "-": subtract, "*": multiply, "/": divide };

export const EMPTY = Object.freeze({ shown: "0", first: null, deed: null, last: null, fresh: true, error: false });

/** Return the state with the result of `reckon`, or an error where there is none. */
function shows(state, reckon, rest = {}) {
  try {
    return { ...state, shown: show(reckon()), fresh: true, ...rest };
  } catch (trouble) {
    if (!(trouble instanceof NotPossible)) throw trouble;
    return { ...EMPTY, shown: "", error: true };
  }
}

function digit(state, key) {
  if (state.fresh) return { ...state, shown: key === "." ? "0." : key, fresh: false };
  if (key === "." && state.shown.includes(".")) return state;
  if (state.shown.replace(/[-.]/g, "").length >= DIGITS) return state;
  return { ...state, shown: state.shown === "0" && key !== "." ? key : state.shown + key };
}

const reckoned = (deed, first, second) => () => DEEDS[deed](parse(first), parse(second));

function deed(state, key) {
  const pending = state.deed !== null && !state.fresh;
  const after = pending ? shows(state, reckoned(state.deed, state.first, state.shown)) : { ...state, fresh: true };
  return after.error ? after : { ...after, first: after.shown, deed: key, last: null };
}

function equals(state) {
  const { shown, first, last } = state;
  if (state.deed !== null) return shows(state, reckoned(state.deed, first, shown), { first: null, deed: null, last: { deed: state.deed, value: shown } });
  return last ? shows(state, reckoned(last.deed, shown, last.value)) : { ...state, fresh: true };
}

function percent(state) {
  const sum = state.deed === "+" || state.deed === "-";
  const part = () => divide(parse(state.shown), HUNDRED);
  return shows(state, () => (sum ? multiply(parse(state.first), part()) : part()), { fresh: false });
}

function back(state) {
  if (state.fresh) return state;
  const shorter = state.shown.slice(0, -1);
  return { ...state, shown: shorter === "" || shorter === "-" ? "0" : shorter };
}

function negate(state) {
  if (state.shown === "0") return state;
  return { ...state, shown: state.shown.startsWith("-") ? state.shown.slice(1) : `-${state.shown}` };
}

/** Return the state after a key. After an error only C works. */
export function press(state, key) {
  if (key === "C") return EMPTY;
  if (state.error) return state;
  if (/^[0-9.]$/.test(key)) return digit(state, key);
  if (key in DEEDS) return deed(state, key);
  if (key === "=") return equals(state);
  if (key === "%") return percent(state);
  if (key === "r") return shows(state, () => squareRoot(parse(state.shown)));
  if (key === "n") return negate(state);
  return key === "B" ? back(state) : state;
}
