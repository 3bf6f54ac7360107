"""What a test asks of its items: their outcomes, weighed or not, and how many were shown, answered or right."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from itembank.core.qti.calls import Attribute, AttributeKind, Call, Operator
from itembank.core.qti.faults import ScoringFault
from itembank.core.qti.results import ItemInTest
from itembank.core.qti.values import Scalar, Value, as_number, container, integer
from itembank.core.variables import BaseType, Cardinality

_SUBSET: Final = {
    "section-identifier": Attribute(),
    "include-category": Attribute(),
    "exclude-category": Attribute(),
}
_OUTCOME: Final = {**_SUBSET, "outcome-identifier": Attribute(required=True), "weight-identifier": Attribute()}


def _subset(call: Call) -> Iterator[ItemInTest]:
    if call.scope.test is None:
        raise ScoringFault("Only a test can ask for its items")
    section = call.text("section-identifier")
    included, excluded = set(call.text("include-category").split()), set(call.text("exclude-category").split())
    for item in call.scope.test:
        call.scope.spend()
        wanted = not included or included & item.categories
        if wanted and not excluded & item.categories and (not section or section in item.sections):
            yield item


def _weight(call: Call, item: ItemInTest) -> Fraction:
    return item.weights.get(call.text("weight-identifier"), Fraction(1))


def _test_variables(call: Call) -> Value | None:
    found: list[tuple[BaseType, Scalar]] = []
    for item in _subset(call):
        value = item.outcomes.get(call.text("variable-identifier"))
        if value is None or value.cardinality is not Cardinality.SINGLE or value.base_type is None:
            continue
        number = as_number(value) if value.base_type in {BaseType.INTEGER, BaseType.FLOAT} else None
        if number is not None and call.text("weight-identifier"):
            found.append((BaseType.FLOAT, Fraction(number * _weight(call, item))))
        else:
            found.append((value.base_type, value.scalars[0]))
    return _of_one_type(call.text("base-type"), found)


def _of_one_type(wanted: str, found: list[tuple[BaseType, Scalar]]) -> Value | None:
    numeric = {BaseType.INTEGER, BaseType.FLOAT}
    kept = [one for one in found if (one[0] == wanted if wanted else one[0] in numeric)]
    kinds = {kind for kind, _ in kept}
    base_type = BaseType.FLOAT if len(kinds) > 1 else next(iter(kinds), None)
    return container(Cardinality.MULTIPLE, base_type, [scalar for _, scalar in kept])


def _outcome_maximum(call: Call) -> Value | None:
    name, maxima = call.text("outcome-identifier"), []
    for item in _subset(call):
        if name not in item.maxima:
            return None
        maxima.append(item.maxima[name] * _weight(call, item))
    return container(Cardinality.MULTIPLE, BaseType.FLOAT, maxima)


def _outcome_minimum(call: Call) -> Value | None:
    name = call.text("outcome-identifier")
    minima = [item.minima[name] * _weight(call, item) for item in _subset(call) if name in item.minima]
    return container(Cardinality.MULTIPLE, BaseType.FLOAT, minima)


def _count(counts: Callable[[ItemInTest], bool]) -> Operator:
    def run(call: Call) -> Value | None:
        return integer(sum(counts(item) for item in _subset(call)))

    return Operator(run=run, attributes=_SUBSET)


TABLE: Final[Mapping[str, Operator]] = MappingProxyType(
    {
        "test-variables": Operator(
            run=_test_variables,
            attributes={
                **_SUBSET,
                "variable-identifier": Attribute(required=True),
                "weight-identifier": Attribute(),
                "base-type": Attribute(kind=AttributeKind.BASE_TYPE),
            },
        ),
        "outcome-maximum": Operator(run=_outcome_maximum, attributes=_OUTCOME),
        "outcome-minimum": Operator(run=_outcome_minimum, attributes=_OUTCOME),
        "number-correct": _count(lambda item: item.correct is True),
        "number-incorrect": _count(lambda item: item.correct is False and item.responded),
        "number-presented": _count(lambda item: item.presented),
        "number-responded": _count(lambda item: item.responded),
        "number-selected": _count(lambda item: item.selected),
    }
)
