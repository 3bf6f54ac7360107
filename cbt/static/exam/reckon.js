// A plain pocket calculator as a pure function: press(state, key) -> state. Keys: 0-9 . + - * / = % r(oot) n(egate) B(ack) C(lear).

const DIGITS = 12;
const DEEDS = { "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, "/": (a, b) => a / b };

export const EMPTY = Object.freeze({ shown: "0", first: null, deed: null, last: null, fresh: true, error: false });

/** Return a number as the display writes it: at most 12 digits, no binary dust. */
export function display(value) {
  if (!Number.isFinite(value)) return null;
  const rounded = Number(value.toPrecision(DIGITS));
  if (rounded !== 0 && (Math.abs(rounded) >= 1e12 || Math.abs(rounded) < 1e-9)) return rounded.toExponential(6).replace(/\.?0+e/, "e");
  return String(rounded);
}

function shows(state, value, rest = {}) {
  const shown = display(value);
  return shown === null ? { ...EMPTY, shown: "", error: true } : { ...state, shown, fresh: true, ...rest };
}

function digit(state, key) {
  if (state.fresh) return { ...state, shown: key === "." ? "0." : key, fresh: false };
  if (key === "." && state.shown.includes(".")) return state;
  if (state.shown.replace(/[-.]/g, "").length >= DIGITS) return state;
  return { ...state, shown: state.shown === "0" && key !== "." ? key : state.shown + key };
}

function deed(state, key) {
  const value = Number(state.shown);
  if (state.deed === null || state.fresh) return { ...state, first: value, deed: key, fresh: true, last: null };
  return shows(state, DEEDS[state.deed](state.first, value), { first: null, deed: key, last: null }, key);
}

function equals(state) {
  const value = Number(state.shown);
  if (state.deed !== null) {
    return shows(state, DEEDS[state.deed](state.first ?? value, value), { first: null, deed: null, last: { deed: state.deed, value } });
  }
  return state.last ? shows(state, DEEDS[state.last.deed](value, state.last.value)) : { ...state, fresh: true };
}

function percent(state) {
  const value = Number(state.shown);
  const sum = state.deed === "+" || state.deed === "-";
  return shows(state, sum ? (state.first * value) / 100 : value / 100, { fresh: false });
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
  if (key in DEEDS) {
    const after = deed(state, key);
    return after.error ? after : { ...after, first: Number(after.shown) };
  }
  if (key === "=") return equals(state);
  if (key === "%") return percent(state);
  if (key === "r") return shows(state, Math.sqrt(Number(state.shown)));
  if (key === "n") return negate(state);
  return key === "B" ? back(state) : state;
}
