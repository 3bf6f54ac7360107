"""Arithmetic: integers stay integers, floats are fractions; what has no result is NULL."""

import math
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from itembank.core.qti.calls import NEEDED_NUMBER, Attribute, Call, Operator, single_number, whole
from itembank.core.qti.exact import Number, power, rounded, settled
from itembank.core.qti.faults import ScoringFault
from itembank.core.qti.operators.comparing import ROUNDING_MODES, round_as_told
from itembank.core.qti.values import Value, as_number, integer, real, single
from itembank.core.variables import BaseType

_MOST_INTEGER_BITS: Final = 1024


def numbers_of(call: Call) -> tuple[Number, ...] | None:
    """Return the numbers of all operands, containers opened, or None when a text among them is no number."""
    found: list[Number] = []
    for operand in call.given():
        for scalar in operand.scalars or (None,):
            one = None if scalar is None else single(operand.base_type or BaseType.STRING, scalar)
            number = None if one is None else single_number(one)
            if number is None:
                return None
            found.append(number)
    call.scope.spend(len(found))
    return tuple(found)


def numeric(number: Number | None) -> Value | None:
    """Return `number` as an integer or a float, whichever it is; NULL when it is out of range."""
    if number is None or isinstance(number, Fraction):
        return real(None if number is None else settled(number))
    return integer(number) if number.bit_length() <= _MOST_INTEGER_BITS else None


def _over_all(run: Callable[[tuple[Number, ...]], Number]) -> Callable[[Call], Value | None]:
    def over(call: Call) -> Value | None:
        numbers = numbers_of(call)
        return None if numbers is None else numeric(run(numbers))

    return over


def _product(numbers: tuple[Number, ...]) -> Number:
    total: Number = 1
    for number in numbers:
        total *= number
        if isinstance(total, int) and total.bit_length() > _MOST_INTEGER_BITS:
            break
        if isinstance(total, Fraction):
            total = _bounded(total)
    return total


def _bounded(number: Fraction) -> Fraction:
    kept = settled(number)
    return number if kept is None else kept


def total_of(numbers: Iterable[Number]) -> Number:
    """Return the sum, kept within the bounds of numbers on the way."""
    total: Number = 0
    for number in numbers:
        total += number
        if isinstance(total, Fraction):
            total = _bounded(total)
    return total


def _binary(run: Callable[[Number, Number], Number | None]) -> Callable[[Call], Value | None]:
    def over(call: Call) -> Value | None:
        left, right = (single_number(one) for one in call.given())
        return None if left is None or right is None else numeric(run(left, right))

    return over


def _divide(left: Number, right: Number) -> Number | None:
    return Fraction(left) / right if right else None


def _power(left: Number, right: Number) -> Number | None:
    return power(Fraction(left), Fraction(right))


def _integer_divide(left: Number, right: Number) -> Number | None:
    return int(left // right) if right else None


def _integer_modulus(left: Number, right: Number) -> Number | None:
    remainder = left % right if right else None
    return int(remainder) if remainder is not None and remainder.denominator == 1 else remainder


def _unary(run: Callable[[Number], Number]) -> Callable[[Call], Value | None]:
    def over(call: Call) -> Value | None:
        number = single_number(call.given()[0])
        return None if number is None else numeric(run(number))

    return over


def _round_to(call: Call) -> Value | None:
    number = as_number(call.given()[0])
    return None if number is None else real(round_as_told(call, number))


def _whole_numbers(run: Callable[..., int]) -> Callable[[Call], Value | None]:
    def over(call: Call) -> Value | None:
        numbers = numbers_of(call)
        wholes = [] if numbers is None else [whole(number) for number in numbers]
        kept = [number for number in wholes if number is not None]
        if numbers is None or not kept:
            return None
        if len(kept) != len(numbers):
            raise ScoringFault("Only whole numbers have common divisors and multiples")
        return numeric(run(*kept))

    return over


TABLE: Final[Mapping[str, Operator]] = MappingProxyType(
    {
        "sum": Operator(run=_over_all(total_of), least=1, most=None, strict=True),
        "product": Operator(run=_over_all(_product), least=1, most=None, strict=True),
        "max": Operator(run=_over_all(max), least=1, most=None, strict=True),
        "min": Operator(run=_over_all(min), least=1, most=None, strict=True),
        "gcd": Operator(run=_whole_numbers(math.gcd), least=1, most=None, strict=True),
        "lcm": Operator(run=_whole_numbers(math.lcm), least=1, most=None, strict=True),
        "subtract": Operator(run=_binary(lambda left, right: left - right), least=2, most=2, strict=True),
        "divide": Operator(run=_binary(_divide), least=2, most=2, strict=True),
        "power": Operator(run=_binary(_power), least=2, most=2, strict=True, cost=10),
        "integer-divide": Operator(run=_binary(_integer_divide), least=2, most=2, strict=True),
        "integer-modulus": Operator(run=_binary(_integer_modulus), least=2, most=2, strict=True),
        "truncate": Operator(run=_unary(int), least=1, most=1, strict=True),
        "round": Operator(run=_unary(rounded), least=1, most=1, strict=True),
        "integer-to-float": Operator(run=_unary(Fraction), least=1, most=1, strict=True),
        "round-to": Operator(
            run=_round_to,
            least=1,
            most=1,
            strict=True,
            attributes={"rounding-mode": Attribute(words=ROUNDING_MODES), "figures": NEEDED_NUMBER},
        ),
    }
)
