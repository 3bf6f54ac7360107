"""Comparisons: of values, of numbers with their tolerances, of durations, and of points with areas."""

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from itembank.core.qti.calls import FLAG, NEEDED_NUMBER, Attribute, AttributeKind, Call, Operator, single_number
from itembank.core.qti.exact import Number, rounded_to_figures, rounded_to_places
from itembank.core.qti.faults import ScoringFault
from itembank.core.qti.shapes import Shape, read_area
from itembank.core.qti.values import Point, Value, boolean, same

ROUNDING_MODES: Final = frozenset({"significantFigures", "decimalPlaces"})
_MOST_FIGURES: Final = 400
_MOST_TOLERANCES: Final = 2


def round_as_told(call: Call, number: Number) -> Fraction | None:
    """Return `number` rounded as the attributes rounding-mode and figures say, or None for figures out of range."""
    figures = call.integer("figures")
    if figures is None or not 0 <= figures <= _MOST_FIGURES:
        return None
    if call.text("rounding-mode", "significantFigures") == "decimalPlaces":
        return rounded_to_places(number, figures)
    return rounded_to_figures(number, figures) if figures else None


def _match(call: Call) -> Value | None:
    left, right = call.given()
    call.scope.spend(len(left.scalars) + len(right.scalars))
    return boolean(same(left, right))


def _compare(verdict: Callable[[Number, Number], bool]) -> Callable[[Call], Value | None]:
    def run(call: Call) -> Value | None:
        numbers = [single_number(one) for one in call.given()]
        left, right = numbers
        return None if left is None or right is None else boolean(verdict(left, right))

    return run


def _equal(call: Call) -> Value | None:
    left, right = (single_number(one) for one in call.given())
    if left is None or right is None:
        return None
    mode = call.text("tolerance-mode", "exact")
    if mode == "exact":
        return boolean(left == right)
    tolerances = [call.resolve(part) for part in call.text("tolerance").split()]
    bounds = [one for one in tolerances if one is not None]
    if len(bounds) != len(tolerances) or not 1 <= len(bounds) <= _MOST_TOLERANCES:
        raise ScoringFault("equal needs one tolerance or two, and each must be a number")
    below, above = bounds[0], bounds[-1]
    if mode == "relative":
        percent = abs(Fraction(left)) / 100
        below, above = percent * below, percent * above
    reached = operator.le if call.flag("include-lower-bound", default=True) else operator.lt
    kept = operator.le if call.flag("include-upper-bound", default=True) else operator.lt
    return boolean(reached(left - below, right) and kept(right, left + above))


def _equal_rounded(call: Call) -> Value | None:
    numbers = [single_number(one) for one in call.given()]
    left, right = (None if one is None else round_as_told(call, one) for one in numbers)
    return None if left is None or right is None else boolean(left == right)


def _inside(call: Call) -> Value | None:
    coords = call.text("coords")
    call.scope.spend(len(coords))  # they are read again and again
    area = read_area(call.text("shape"), coords)
    if area is None:
        raise ScoringFault("The area of inside cannot be read")
    points = call.given()[0].scalars
    return boolean(any(isinstance(point, Point) and area.contains(point) for point in points))


_ROUNDING: Final = {
    "rounding-mode": Attribute(words=ROUNDING_MODES),
    "figures": NEEDED_NUMBER,
}

TABLE: Final[Mapping[str, Operator]] = MappingProxyType(
    {
        "match": Operator(run=_match, least=2, most=2, strict=True),
        "gt": Operator(run=_compare(operator.gt), least=2, most=2, strict=True),
        "gte": Operator(run=_compare(operator.ge), least=2, most=2, strict=True),
        "lt": Operator(run=_compare(operator.lt), least=2, most=2, strict=True),
        "lte": Operator(run=_compare(operator.le), least=2, most=2, strict=True),
        "duration-lt": Operator(run=_compare(operator.lt), least=2, most=2, strict=True),
        "duration-gte": Operator(run=_compare(operator.ge), least=2, most=2, strict=True),
        "equal": Operator(
            run=_equal,
            least=2,
            most=2,
            strict=True,
            attributes={
                "tolerance-mode": Attribute(words=frozenset({"exact", "absolute", "relative"})),
                "tolerance": Attribute(kind=AttributeKind.NUMBERS),
                "include-lower-bound": FLAG,
                "include-upper-bound": FLAG,
            },
        ),
        "equal-rounded": Operator(run=_equal_rounded, least=2, most=2, strict=True, cost=4, attributes=_ROUNDING),
        "inside": Operator(
            run=_inside,
            least=1,
            most=1,
            strict=True,
            attributes={"shape": Attribute(required=True, words=frozenset(Shape)), "coords": Attribute()},
        ),
    }
)
