"""Exact numbers: points with a quantum of 0.001, and rounding for display only."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
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
    return Score(number.quantize(QUANTUM))


def display(number: Fraction, places: int = 1) -> str:
    """Return `number` rounded half up to `places` decimals, for people only: rules never see it."""
    scaled = number * 10**places
    rounded = (abs(scaled) + Fraction(1, 2)).__floor__()
    quantum = Decimal(1).scaleb(-places)
    text = (Decimal(rounded) * quantum).quantize(quantum, rounding=ROUND_HALF_UP)
    return f"-{text}" if scaled < 0 and rounded else str(text)
