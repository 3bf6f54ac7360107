// Functions of the scientific calculator, by series in whole numbers with 70 places; results are rounded to 40 places, so that
// sin 180 degrees is 0 and tan 90 degrees does not exist.

import { NotPossible, ONE, ZERO, add, compare, divide, isWhole, multiply, negate, quotient, squareRoot, subtract, ten, value, wholePower, wholeRoot } from "./decimal.js";

const PLACES = 70;
const KEPT = 40;
const UNIT = ten(PLACES);
const WIDEST = ten(12);          // angles beyond this have lost their meaning
const MOST_FACTORIAL = 69;

const times = (a, b) => (a * b) / UNIT;
const over = (a, b) => (a * UNIT) / b;

/** Sum a series from its first term on; `next(term, n)` gives the following term. */
function series(first, next) {
  let [sum, term] = [first, first];
  for (let n = 1; term !== 0n; n += 1) {
    term = next(term, BigInt(n));
    sum += term;
  }
  return sum;
}

/** arctan(1 / n) of a whole number n. */
function arcOfInverse(n) {
  let [power, sum, sign] = [UNIT / n, 0n, 1n];
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += (sign * power) / k;
    power /= n * n;
    sign = -sign;
  }
  return sum;
}

const PI_UNITS = 4n * (4n * arcOfInverse(5n) - arcOfInverse(239n));      // Machin, 1706
export const PI = value(PI_UNITS, -PLACES);

function units({ n, e }) {
  const power = e + PLACES;
  return power >= 0 ? n * ten(power) : quotient(n, ten(-power));
}

/** From units to a value: 40 places at most, and 40 digits. */
function kept(number) {
  return value(quotient(number, ten(PLACES - KEPT)), -KEPT, KEPT);
}

function exponential(x) {
  return series(UNIT, (term, n) => times(term, x) / n);
}

/** ln of a number from 1 to 10, in units: four square roots bring it near 1, then 2 artanh((y - 1) / (y + 1)). */
function logarithm(x) {
  let y = x;
  for (let root = 0; root < 4; root += 1) y = wholeRoot(y * UNIT);
  const part = over(y - UNIT, y + UNIT);
  const square = times(part, part);
  let [sum, power] = [0n, part];
  for (let n = 1n; power !== 0n; n += 2n) {
    sum += power / n;
    power = times(power, square);
  }
  return 32n * sum;
}

const LN10 = logarithm(10n * UNIT);
export const E = value(exponential(UNIT), -PLACES);

function exp(a) {
  const x = units(a);
  const tens = x / LN10;
  if (tens > 100n) throw new NotPossible("too large");
  if (tens < -110n) return ZERO;
  return value(exponential(x - tens * LN10), Number(tens) - PLACES, KEPT);
}

export function ln(a) {
  if (a.n <= 0n) throw new NotPossible("logarithm of nothing or less");
  const power = a.n.toString().length - 1;
  const whole = BigInt(a.e + power) * LN10;
  return value(logarithm(units({ n: a.n, e: -power })) + whole, -PLACES, KEPT);
}

export function log(a) {
  if (a.n === 1n) return value(BigInt(a.e), 0);      // a power of ten
  const found = divide(ln(a), value(LN10, -PLACES));
  return value(found.n, found.e, KEPT - 4);
}

/** Return `a` to the power `b`. */
export function power(a, b) {
  if (isWhole(b) && compare(multiply(b, b), value(1n, 8)) < 0) {
    if (a.n === 0n && b.n <= 0n) throw new NotPossible("nothing to the power of nothing or less");
    return wholePower(a, Number(b.n * ten(b.e)));
  }
  if (a.n === 0n && b.n > 0n) return ZERO;
  if (a.n < 0n) throw new NotPossible("a broken power of a negative number");
  const result = exp(multiply(b, ln(a)));
  return value(result.n, result.e, KEPT - 4);
}

export function cubeRoot(a) {
  if (a.n === 0n) return ZERO;
  if (a.n < 0n) return negate(cubeRoot(negate(a)));
  const root = exp(divide(ln(a), value(3n, 0)));
  return value(root.n, root.e, KEPT - 4);
}

export function factorial(a) {
  if (!isWhole(a) || a.n < 0n || compare(a, value(BigInt(MOST_FACTORIAL), 0)) > 0) throw new NotPossible("no factorial");
  let product = 1n;
  for (let n = 2n; n <= a.n * ten(a.e); n += 1n) product *= n;
  return value(product, 0, 120);
}

export const reciprocal = (a) => divide(ONE, a);

/** Return an angle in units of radians, less than a full turn. */
function angle(a, degrees) {
  if (compare(a, value(WIDEST, 0)) > 0 || compare(a, value(-WIDEST, 0)) < 0) throw new NotPossible("angle too wide");
  if (!degrees) return units(a) % (2n * PI_UNITS);
  return ((units(a) % (360n * UNIT)) * PI_UNITS) / (180n * UNIT);
}

function sine(x) {
  const square = times(x, x);
  return series(x, (term, n) => -times(term, square) / (2n * n * (2n * n + 1n)));
}

export const sin = (a, degrees) => kept(sine(angle(a, degrees)));
export const cos = (a, degrees) => kept(sine(angle(a, degrees) + PI_UNITS / 2n));

export function tan(a, degrees) {
  const below = cos(a, degrees);
  if (below.n === 0n) throw new NotPossible("no tangent");
  const found = divide(sin(a, degrees), below);
  return value(found.n, found.e, KEPT - 4);
}

/** arctan in units; three halvings of the angle bring it near 0. */
function arcTangent(x) {
  if (x < 0n) return -arcTangent(-x);
  if (x > UNIT) return PI_UNITS / 2n - arcTangent(over(UNIT, x));
  let y = x;
  for (let half = 0; half < 3; half += 1) y = over(y, UNIT + wholeRoot(UNIT * UNIT + y * y));
  const square = times(y, y);
  let [sum, term] = [0n, y];
  for (let n = 1n; term !== 0n; n += 2n) {
    sum += term / n;
    term = -times(term, square);
  }
  return 8n * sum;
}

const asAngle = (x, degrees) => kept(degrees ? (x * 180n * UNIT) / PI_UNITS : x);

export function arctan(a, degrees) {
  return asAngle(compare(multiply(a, a), value(1n, 80)) > 0 ? (a.n < 0n ? -PI_UNITS : PI_UNITS) / 2n : arcTangent(units(a)), degrees);
}

export function arcsin(a, degrees) {
  const rest = subtract(ONE, multiply(a, a));
  if (rest.n < 0n) throw new NotPossible("no such angle");
  if (rest.n === 0n) return asAngle((a.n < 0n ? -PI_UNITS : PI_UNITS) / 2n, degrees);
  return asAngle(arcTangent(units(divide(a, squareRoot(rest)))), degrees);
}

export function arccos(a, degrees) {
  const quarter = degrees ? value(90n, 0) : value(PI_UNITS / 2n, -PLACES);
  const found = add(quarter, negate(arcsin(a, degrees)));
  return value(quotient(units(found), ten(PLACES - KEPT + 2)), -KEPT + 2);
}
