"""The mathematical functions of QTI, in decimals: the same result on every machine, which binary libraries do not give.

Trigonometric results are rounded to `_PLACES` decimals, so that the sine of pi is 0; the others to 34 significant
digits.
"""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal, DecimalException, localcontext
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from itembank.core.qti.exact import Number, rounded_to_places, settled, shortened

_PLACES: Final = 30
_WORKING: Final = Context(prec=90, rounding=ROUND_HALF_EVEN, Emin=-99999, Emax=99999)
_SMALLEST: Final = Decimal("1E-85")
_MOST_TURNS: Final = 10**30
_MOST_EXPONENT: Final = 2000
_HALVINGS: Final = 4
PI: Final = Fraction(
    31415926535897932384626433832795028841971693993751058209749445923078164062862089986280348253421170679821480865132823,
    10**115,
)
E: Final = Fraction(
    27182818284590452353602874713526624977572470936999595749669676277240766303535475945713821785251664274274663919320030,
    10**115,
)
_EXACT: Final[Mapping[str, Callable[[Number], Number]]] = MappingProxyType(
    {
        "abs": lambda number: number if number >= 0 else -number,
        "signum": lambda number: (number > 0) - (number < 0),
        "floor": lambda number: number.__floor__(),
        "ceil": lambda number: number.__ceil__(),
        "toDegrees": lambda number: Fraction(number) * 180 / PI,
        "toRadians": lambda number: Fraction(number) * PI / 180,
    }
)


def compute(name: str, numbers: tuple[Number, ...]) -> Number | None:
    """Return the function's value, or None outside its domain or beyond the range of numbers."""
    if name in _EXACT:
        result = _EXACT[name](numbers[0])
        return result if isinstance(result, int) else settled(result)
    with localcontext(_WORKING):
        arguments = [_decimal(number) for number in numbers]
        if any(abs(argument) > _MOST_TURNS for argument in arguments) and name not in _LOGARITHMS:
            return None
        try:
            return _settled(name, _FUNCTIONS[name](*arguments))
        except DecimalException:
            return None


def _settled(name: str, result: Decimal | None) -> Fraction | None:
    if result is None or abs(result.adjusted()) > _MOST_EXPONENT:
        return None
    exact = Fraction(result)
    return settled(rounded_to_places(exact, _PLACES) if name in _CIRCULAR else shortened(exact))


def _decimal(number: Number) -> Decimal:
    exact = Fraction(number)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _pi() -> Decimal:
    return _decimal(PI)


def _sin(angle: Decimal) -> Decimal:
    turn = 2 * _pi()
    return _series(angle - turn * (angle / turn).to_integral_value(), first=1)


def _cos(angle: Decimal) -> Decimal:
    turn = 2 * _pi()
    return _series(angle - turn * (angle / turn).to_integral_value(), first=0)


def _series(angle: Decimal, *, first: int) -> Decimal:
    """Return the sum of the alternating power series that begins with the power `first` (1 the sine, 0 the cosine)."""
    term = angle if first else Decimal(1)
    total, power = term, first
    while abs(term) > _SMALLEST:
        term = -term * angle * angle / ((power + 1) * (power + 2))
        total, power = total + term, power + 2
    return total


def _tan(angle: Decimal) -> Decimal | None:
    return _ratio(_sin(angle), _cos(angle))


def _ratio(above: Decimal, below: Decimal) -> Decimal | None:
    """Return the quotient, or None where the lower part is 0 but for rounding."""
    return above / below if abs(below) > Decimal("1E-50") else None


def _atan(number: Decimal) -> Decimal:
    for _ in range(_HALVINGS):
        number = number / (1 + (1 + number * number).sqrt())
    term = total = number
    power = 1
    while abs(term) > _SMALLEST:
        term = -term * number * number
        power += 2
        total += term / power
    return total * 2**_HALVINGS


def _atan2(up: Decimal, right: Decimal) -> Decimal:
    if right == 0:
        return _pi() / 2 * up.compare(Decimal(0))
    angle = _atan(up / right)
    return angle if right > 0 else angle + _pi() if up >= 0 else angle - _pi()


def _asin(number: Decimal) -> Decimal | None:
    return _atan2(number, (1 - number * number).sqrt()) if abs(number) <= 1 else None


def _acos(number: Decimal) -> Decimal | None:
    return _atan2((1 - number * number).sqrt(), number) if abs(number) <= 1 else None


def _inverse(run: Callable[[Decimal], Decimal | None]) -> Callable[[Decimal], Decimal | None]:
    """Return the function of the reciprocal: asec from acos, acsc from asin."""
    return lambda number: run(1 / number) if number else None


def _reciprocal(run: Callable[[Decimal], Decimal | None]) -> Callable[[Decimal], Decimal | None]:
    """Return one through the function: sec from cos, csc from sin."""

    def of(number: Decimal) -> Decimal | None:
        value = run(number)
        return None if value is None else _ratio(Decimal(1), value)

    return of


def _exp(number: Decimal) -> Decimal | None:
    return number.exp() if abs(number) < _MOST_EXPONENT else None


def _sinh(number: Decimal) -> Decimal | None:
    return (number.exp() - (-number).exp()) / 2 if abs(number) < _MOST_EXPONENT else None


def _cosh(number: Decimal) -> Decimal | None:
    return (number.exp() + (-number).exp()) / 2 if abs(number) < _MOST_EXPONENT else None


def _tanh(number: Decimal) -> Decimal | None:
    above, below = _sinh(number), _cosh(number)
    return None if above is None or below is None else above / below


def _ln(number: Decimal) -> Decimal | None:
    return number.ln() if number > 0 else None


def _log(number: Decimal) -> Decimal | None:
    return number.log10() if number > 0 else None


_FUNCTIONS: Final[Mapping[str, Callable[..., Decimal | None]]] = MappingProxyType(
    {
        "sin": _sin,
        "cos": _cos,
        "tan": _tan,
        "sec": _reciprocal(_cos),
        "csc": _reciprocal(_sin),
        "cot": lambda angle: _ratio(_cos(angle), _sin(angle)),
        "asin": _asin,
        "acos": _acos,
        "atan": _atan,
        "atan2": _atan2,
        "asec": _inverse(_acos),
        "acsc": _inverse(_asin),
        "acot": lambda number: _atan2(Decimal(1), number) if number >= 0 else _atan(1 / number),
        "sinh": _sinh,
        "cosh": _cosh,
        "tanh": _tanh,
        "sech": _reciprocal(_cosh),
        "csch": _reciprocal(_sinh),
        "coth": _reciprocal(_tanh),
        "exp": _exp,
        "ln": _ln,
        "log": _log,
    }
)
_LOGARITHMS: Final = frozenset({"ln", "log"})
_CIRCULAR: Final = frozenset(_FUNCTIONS) - _LOGARITHMS - {"exp", "sinh", "cosh", "tanh", "sech", "csch", "coth"}
NAMES: Final = frozenset(_EXACT) | frozenset(_FUNCTIONS)
