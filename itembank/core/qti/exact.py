"""Exact numbers: how QTI's integers and floats are read, written and rounded, without a binary float anywhere.

An integer is an `int`, a float a `Fraction`. The standard's float is an IEEE double; a fraction holds every double,
and 0.1 + 0.2 is 0.3. Sums, products and quotients are exact. What no fraction can hold (roots, powers with broken
exponents) is rounded to `DIGITS` significant digits, and so is a fraction that outgrows `_MOST_BITS`. What lies beyond
the range of a double has no value (NULL), as the standard says of results outside the value set; INF and NaN are read
as NULL too.
"""

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from fractions import Fraction
from math import floor, isqrt
from typing import Final, TypeAlias

Number: TypeAlias = int | Fraction
DIGITS: Final = 34
_SHOWN_DIGITS: Final = 17  # enough to tell any two doubles apart
_LONGEST: Final = 400
_MOST_BITS: Final = 4096
_GREATEST: Final = Fraction(2**1024)
_SMALLEST: Final = Fraction(1, 2**1100)
_GREATEST_EXPONENT: Final = 400
_PLAIN_DIGITS: Final = 60
_LOG_OF_TWO: Final = 30_103  # hundred-thousandths
_FLOAT: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_AS_TYPED: Final = str.maketrans("０１２３４５６７８９．＋－−", "0123456789.+--")
_HALF: Final = Fraction(1, 2)
CONTEXT: Final = Context(
    prec=DIGITS, rounding=ROUND_HALF_EVEN, Emin=-99999, Emax=99999, traps=[InvalidOperation, DivisionByZero, Overflow]
)
_SHOWING: Final = Context(prec=_SHOWN_DIGITS, rounding=ROUND_HALF_EVEN, Emin=-99999, Emax=99999)


def read_float(text: str) -> Fraction | None:
    """Return the number that `text` writes (XML Schema's double, without INF and NaN), or None."""
    plain = text.strip().translate(_AS_TYPED)
    if len(plain) > _LONGEST or not _FLOAT.fullmatch(plain):
        return None
    number = Decimal(plain)
    if abs(number.adjusted()) > _GREATEST_EXPONENT:
        return None if number and number.adjusted() > 0 else Fraction(0)
    return settled(Fraction(number))


def read_integer(text: str) -> int | None:
    """Return the whole number that `text` writes (3.0 is one), or None."""
    number = read_float(text)
    return int(number) if number is not None and number.denominator == 1 else None


def number_text(number: Number) -> str:
    """Return `number` as QTI value text: exact where decimals end, else to 17 significant digits."""
    if isinstance(number, int) or number.denominator == 1:
        return str(int(number)) if abs(number) < 10**_PLAIN_DIGITS else f"{_shortened(Fraction(number)):E}"
    places = _decimal_places(number.denominator)
    if places is not None and places <= _SHOWN_DIGITS:
        scaled = str(abs(int(number * 10**places))).rjust(places + 1, "0")
        return f"{'-' if number < 0 else ''}{scaled[:-places]}.{scaled[-places:]}"
    shortened = _shortened(number)
    return f"{shortened:f}" if abs(shortened.adjusted()) < _SHOWN_DIGITS else f"{shortened:E}"


def settled(number: Fraction) -> Fraction | None:
    """Return `number` itself, rounded when it has outgrown its bounds, or None outside the range of a double."""
    if abs(number) < _SMALLEST:  # a double would be 0 long before
        return Fraction(0)
    if number.numerator.bit_length() <= _MOST_BITS and number.denominator.bit_length() <= _MOST_BITS:
        return number if abs(number) < _GREATEST else None
    short = shortened(number)
    return short if abs(short) < _GREATEST else None


def shortened(number: Fraction) -> Fraction:
    """Return `number` rounded to `DIGITS` significant digits."""
    return rounded_to_figures(number, DIGITS) if number else number


def rounded(number: Number) -> int:
    """Return the nearest whole number, a half upwards: 6.5 is 7, -6.5 is -6."""
    return floor(number + _HALF)


def rounded_to_places(number: Number, places: int) -> Fraction:
    """Return `number` with `places` decimals; the deciding digit 5 takes it away from zero."""
    scale = 10**places
    whole = floor(abs(number) * scale + _HALF)
    return Fraction(whole if number >= 0 else -whole, scale)


def rounded_to_figures(number: Number, figures: int) -> Fraction:
    """Return `number` with `figures` significant figures; the deciding digit 5 takes it away from zero."""
    if not number:
        return Fraction(0)
    size = abs(Fraction(number))
    unit = Fraction(10) ** (_exponent(size) - figures + 1)
    whole = floor(size / unit + _HALF)
    return whole * unit if number > 0 else -whole * unit


def square_root(number: Fraction) -> Fraction:
    """Return the root of a number >= 0: exact where there is one, else to `DIGITS` significant digits."""
    above, below = isqrt(number.numerator), isqrt(number.denominator)
    if above * above == number.numerator and below * below == number.denominator:
        return Fraction(above, below)
    return Fraction(CONTEXT.sqrt(as_decimal(number)))


def power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """Return `base` to the power of `exponent`, or None where there is no real number or it is out of range."""
    if not base:
        return None if exponent < 0 else Fraction(int(not exponent))
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if exponent.denominator == 1 and bits * abs(exponent) <= _MOST_BITS:
        return settled(base ** int(exponent))
    if base < 0 and exponent.denominator != 1:
        return None
    return _rounded_power(base, exponent)


def as_decimal(number: Fraction) -> Decimal:
    """Return `number` as a decimal of `DIGITS` significant digits."""
    return CONTEXT.divide(Decimal(number.numerator), Decimal(number.denominator))


def _rounded_power(base: Fraction, exponent: Fraction) -> Fraction | None:
    try:
        size = CONTEXT.power(as_decimal(abs(base)), as_decimal(exponent))
    except (InvalidOperation, Overflow):
        return None
    if abs(size.adjusted()) > _GREATEST_EXPONENT:
        return Fraction(0) if size.adjusted() < 0 else None
    return settled(-Fraction(size) if base < 0 and int(exponent) % 2 else Fraction(size))


def _exponent(size: Fraction) -> int:
    """Return the power of ten of the first digit of a number > 0."""
    bits = size.numerator.bit_length() - size.denominator.bit_length()
    guess = bits * _LOG_OF_TWO // 100_000  # within one of it
    while size >= Fraction(10) ** (guess + 1):
        guess += 1
    while size < Fraction(10) ** guess:
        guess -= 1
    return guess


def _decimal_places(denominator: int) -> int | None:
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None


def _shortened(number: Fraction) -> Decimal:
    return _SHOWING.divide(Decimal(number.numerator), Decimal(number.denominator)).normalize(_SHOWING)
