"""Statistics over containers, mathematical functions and constants."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from itembank.core.qti.calls import Attribute, Call, Operator, single_number
from itembank.core.qti.exact import Number, settled, square_root
from itembank.core.qti.faults import ScoringFault
from itembank.core.qti.functions import NAMES, PI, E, compute
from itembank.core.qti.operators.arithmetic import numbers_of, numeric, total_of
from itembank.core.qti.values import Value, real

_ARITY: Final = {"atan2": 2}
_LEAST_FOR_SAMPLE: Final = 2


def _mean(numbers: tuple[Number, ...]) -> Fraction:
    return Fraction(total_of(numbers)) / len(numbers)


def _spread(numbers: tuple[Number, ...], divisor: int) -> Fraction | None:
    if divisor < 1:
        return None
    mean = _mean(numbers)
    return Fraction(total_of((number - mean) ** 2 for number in numbers)) / divisor


def _root(number: Fraction | None) -> Fraction | None:
    return None if number is None else square_root(number)


_STATISTICS: Final[Mapping[str, Callable[[tuple[Number, ...]], Fraction | None]]] = MappingProxyType(
    {
        "mean": _mean,
        "sampleVariance": lambda numbers: _spread(numbers, len(numbers) - 1),
        "sampleSD": lambda numbers: _root(_spread(numbers, len(numbers) - 1)),
        "popVariance": lambda numbers: _spread(numbers, len(numbers)),
        "popSD": lambda numbers: _root(_spread(numbers, len(numbers))),
    }
)


def _statistics(call: Call) -> Value | None:
    numbers = numbers_of(call)
    name = call.text("name")
    if name not in _STATISTICS:
        raise ScoringFault(f"There is no statistic {name}")
    result = _STATISTICS[name](numbers) if numbers else None
    return None if result is None else real(settled(result))


def _function(call: Call) -> Value | None:
    name = call.text("name")
    if name not in NAMES or len(call.operands) != _ARITY.get(name, 1):
        raise ScoringFault(f"There is no function {name} of {len(call.operands)} numbers")
    numbers = tuple(single_number(one) for one in call.given())
    known = tuple(number for number in numbers if number is not None)
    return numeric(compute(name, known)) if len(known) == len(numbers) else None


def _constant(call: Call) -> Value | None:
    return real(PI if call.text("name") == "pi" else E)


TABLE: Final[Mapping[str, Operator]] = MappingProxyType(
    {
        "stats-operator": Operator(
            run=_statistics,
            least=1,
            most=1,
            strict=True,
            attributes={"name": Attribute(required=True, words=frozenset(_STATISTICS))},
        ),
        "math-operator": Operator(
            run=_function,
            least=1,
            most=2,
            strict=True,
            cost=40,
            attributes={"name": Attribute(required=True, words=NAMES)},
        ),
        "math-constant": Operator(
            run=_constant, attributes={"name": Attribute(required=True, words=frozenset({"pi", "e"}))}
        ),
    }
)
