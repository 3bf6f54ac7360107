"""Exact numbers: points with a quantum of 0.001, and how people see them.

Rules compare exact values; what is shown is cut, not rounded, so that 59.97 never reads 60.0 beside "not passed".
"""

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final, NewType

from cbt.kernel.errors import InvalidInput

Score = NewType("Score", Decimal)
QUANTUM: Final = Decimal("0.001")
GREATEST: Final = Decimal(1_000_000)


class NotAScore(InvalidInput):
    """A score is a decimal number between -1,000,000 and 1,000,000 with at most three decimal places."""

    code = "not-a-score"


def score(value: str | int | Decimal) -> Score:
    """Return `value` as an exact score; raises NotAScore for NaN, infinity, a finer quantum or a wild size."""
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise NotAScore(value=value) from error
    # Decimal("NaN").quantize() does not raise, so finiteness is asked first.
    if not number.is_finite() or abs(number) > GREATEST or number != number.quantize(QUANTUM):
        raise NotAScore(value=value)
    return Score(number.quantize(QUANTUM) + 0)  # there is one zero: -0 would have a text of its own


def shown(value: Fraction, places: int = 1) -> str:
    """Return a score for people, cut to `places` decimals: it never shows a limit that was not reached."""
    return _decimal(value * 10**places // 1, places)


def shown_up(value: Fraction, places: int = 1) -> str:
    """Return a shortfall for people, raised to the next of `places` decimals: it never shows 0 when some is missing."""
    return _decimal(-(-value * 10**places // 1), places)


def _decimal(scaled: int, places: int) -> str:
    return format(Decimal(scaled).scaleb(-places), "f")
