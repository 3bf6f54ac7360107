// Decimal numbers for the calculators: whole numbers (BigInt) times powers of ten, so that 0.1 + 0.2 is 0.3. No binary fractions anywhere.
//
// A value is {n, e}, meaning n x 10^e. Sums, differences and products are exact until they are rounded, half away from zero, to 50 digits;
// quotients and roots are rounded once. Like a pocket calculator, the range ends at 10^100, and what is under 10^-99 is zero.

const DIGITS = 50;
const SHOWN_DIGITS = 12;
const LARGEST = 100;         // 10^100 is too large
const SMALLEST = -99;

/** What was asked for has no value: division by zero, a root of a negative number, too large. */
export class NotPossible extends Error {}

export const ZERO = Object.freeze({ n: 0n, e: 0 });
export const ONE = Object.freeze({ n: 1n, e: 0 });

export const ten = (power) => 10n ** BigInt(power);
const size = (n) => (n < 0n ? -n : n);
const digitsOf = (n) => size(n).toString().length;

/** Return n / d as a whole number, rounded half away from zero. */
export function quotient(n, d) {
  const [up, down] = [size(n), size(d)];
  const rounded = (2n * up + down) / (2n * down);
  return n < 0n === d < 0n ? rounded : -rounded;
}

/** Return a value without trailing zeros, rounded to `digits`; raises NotPossible when it is too large. */
export function value(n, e, digits = DIGITS) {
  if (n === 0n) return ZERO;
  let [whole, power] = [n, e];
  const surplus = digitsOf(whole) - digits;
  if (surplus > 0) [whole, power] = [quotient(whole, ten(surplus)), power + surplus];
  while (whole % 10n === 0n) [whole, power] = [whole / 10n, power + 1];
  const magnitude = digitsOf(whole) + power;
  if (magnitude > LARGEST) throw new NotPossible("too large");
  return magnitude <= SMALLEST ? ZERO : { n: whole, e: power };
}

/** Return the value of a text such as "-12.50" or "1.5E-3". */
export function parse(text) {
  const found = /^(-?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,4}))?$/.exec(text);
  if (!found || found[2] + found[3] === "") throw new NotPossible("no number");
  const [, sign, whole, fraction, power = "0"] = found;
  return value(BigInt(`${sign}${whole}${fraction}`), Number(power) - fraction.length);
}

function aligned(a, b) {
  const e = Math.min(a.e, b.e);
  return [a.n * ten(a.e - e), b.n * ten(b.e - e), e];
}

export const negate = ({ n, e }) => ({ n: -n, e });
export const isWhole = ({ e }) => e >= 0;

export function add(a, b) {
  const [x, y, e] = aligned(a, b);
  return value(x + y, e);
}

export const subtract = (a, b) => add(a, negate(b));
export const multiply = (a, b) => value(a.n * b.n, a.e + b.e);

/** Return -1, 0 or 1 as `a` is less than, equal to or greater than `b`. */
export function compare(a, b) {
  const [x, y] = aligned(a, b);
  return x < y ? -1 : Number(x > y);
}

export function divide(a, b) {
  if (b.n === 0n) throw new NotPossible("division by zero");
  const more = DIGITS + 2 + Math.max(0, digitsOf(b.n) - digitsOf(a.n));
  return value(quotient(a.n * ten(more), b.n), a.e - b.e - more);
}

/** Return the whole root of a whole number, rounded down (Newton's way, from above). */
export function wholeRoot(n) {
  if (n < 2n) return n;
  let root = ten(Math.ceil(digitsOf(n) / 2));
  for (;;) {
    const next = (root + n / root) / 2n;
    if (next >= root) return root;
    root = next;
  }
}

export function squareRoot(a) {
  if (a.n < 0n) throw new NotPossible("root of a negative number");
  const more = 2 * DIGITS + (a.e % 2 === 0 ? 0 : 1);
  const root = wholeRoot(a.n * ten(more));
  const exact = root * root === a.n * ten(more);
  return value(exact ? root : root * 10n + 5n, (a.e - more) / 2 - (exact ? 0 : 1), exact ? DIGITS : DIGITS - 2);
}

/** Return `a` raised to a whole power. */
export function wholePower(a, power) {
  if (power < 0) return divide(ONE, wholePower(a, -power));
  let [result, base, rest] = [ONE, a, power];
  while (rest > 0) {
    if (rest % 2 === 1) result = multiply(result, base);
    rest = Math.floor(rest / 2);
    if (rest > 0) base = multiply(base, base);
  }
  return result;
}

/** Return a value as the display writes it: at most 12 digits, with a power of ten where it would be too long. */
export function show(a, digits = SHOWN_DIGITS) {
  const { n, e } = value(a.n, a.e, digits);
  const text = size(n).toString();
  const sign = n < 0n ? "-" : "";
  const point = text.length + e;              // digits before the point
  if (point > digits || point < -8) return `${sign}${text[0]}${text.length > 1 ? `.${text.slice(1)}` : ""}E${point - 1}`;
  if (e >= 0) return `${sign}${text}${"0".repeat(e)}`;
  return point > 0 ? `${sign}${text.slice(0, point)}.${text.slice(point)}` : `${sign}0.${"0".repeat(-point)}${text}`;
}
