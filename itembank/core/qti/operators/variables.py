"""Where values come from: written ones, variables and what their declarations know, mappings, and chance."""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from itembank.core.qti.calls import NEEDED_NUMBER, NUMBER, REFERENCE, Attribute, AttributeKind, Call, Operator
from itembank.core.qti.declarations import AreaMapping
from itembank.core.qti.declarations import Mapping as Table
from itembank.core.qti.faults import ScoringFault
from itembank.core.qti.values import Value, as_number, integer, read_scalar, real, single
from itembank.core.variables import BaseType

_STEPS: Final = 10**15  # a random float has at most 15 decimals of its range
_COMPARED_A_STEP: Final = 10
_IDENTIFIER: Final = {"identifier": REFERENCE}


def _base_value(call: Call) -> Value | None:
    base_type = call.text("base-type")
    if base_type not in set(BaseType):
        raise ScoringFault(f"There is no base type {base_type}")
    scalar = read_scalar(BaseType(base_type), call.expression.text)
    return None if scalar is None else single(BaseType(base_type), scalar)


def _variable(call: Call) -> Value | None:
    name = call.text("identifier")
    if name in call.scope.values:
        return call.scope.values[name]
    return _of_item(call, name)


def _of_item(call: Call, name: str) -> Value | None:
    """Return the outcome `ITEM.VARIABLE` of a test's item, weighed when a weight is named; NULL if not there."""
    item_name, _, variable = name.partition(".")
    if call.scope.test is None or not variable:
        raise ScoringFault(f"There is no variable {name}", identifier=name)
    item = next((one for one in call.scope.test if one.identifier == item_name), None)
    value = None if item is None else item.outcomes.get(variable)
    weight = call.text("weight-identifier")
    if item is None or value is None or not weight:
        return value
    number = as_number(value)
    return value if number is None else real(number * item.weights.get(weight, Fraction(1)))


def _default(call: Call) -> Value | None:
    name = call.text("identifier")
    call.scope.declaration(name)
    return call.scope.defaults[name]


def _correct(call: Call) -> Value | None:
    name = call.text("identifier")
    call.scope.declaration(name)
    return call.scope.correct[name]


def _map_response(call: Call) -> Value | None:
    declaration = call.scope.declaration(call.text("identifier"))
    if declaration.mapping is None:
        raise ScoringFault(f"{declaration.identifier} has no mapping", identifier=declaration.identifier)
    return _mapped(call, declaration.mapping, len(declaration.mapping.entries))


def _map_response_point(call: Call) -> Value | None:
    declaration = call.scope.declaration(call.text("identifier"))
    if declaration.area_mapping is None:
        raise ScoringFault(f"{declaration.identifier} has no area mapping", identifier=declaration.identifier)
    corners = sum(1 + len(entry.area.coords) for entry in declaration.area_mapping.entries)
    return _mapped(call, declaration.area_mapping, corners)


def _mapped(call: Call, mapping: Table | AreaMapping, size: int) -> Value | None:
    value = call.scope.values[call.text("identifier")]
    call.scope.spend(0 if value is None else len(value.scalars) * size // _COMPARED_A_STEP)
    return mapping.apply(value)


def _null(_call: Call) -> Value | None:
    return None


def _random_integer(call: Call) -> Value | None:
    least, most, step = call.integer("min", 0), call.integer("max"), call.integer("step", 1)
    if least is None or most is None or step is None or step < 1 or most < least:
        raise ScoringFault("randomInteger needs min, max and step, whole and in order")
    count = (most - least) // step + 1
    if count > 1 << 64:
        raise ScoringFault("randomInteger draws from too many numbers")
    return integer(least + step * call.scope.chance.below(count))


def _random_float(call: Call) -> Value | None:
    least, most = call.number("min", 0), call.number("max")
    if least is None or most is None or most < least:
        raise ScoringFault("randomFloat needs min and max, in order")
    return real(least + (most - least) * Fraction(call.scope.chance.below(_STEPS + 1), _STEPS))


TABLE: Final[Mapping[str, Operator]] = MappingProxyType(
    {
        "base-value": Operator(
            run=_base_value,
            attributes={"base-type": Attribute(kind=AttributeKind.BASE_TYPE, required=True)},
        ),
        "variable": Operator(run=_variable, attributes={**_IDENTIFIER, "weight-identifier": Attribute()}),
        "default": Operator(run=_default, attributes=_IDENTIFIER),
        "correct": Operator(run=_correct, attributes=_IDENTIFIER),
        "map-response": Operator(run=_map_response, attributes=_IDENTIFIER),
        "map-response-point": Operator(run=_map_response_point, attributes=_IDENTIFIER),
        "null": Operator(run=_null),
        "random-integer": Operator(
            run=_random_integer, attributes={"min": NUMBER, "max": NEEDED_NUMBER, "step": NUMBER}
        ),
        "random-float": Operator(run=_random_float, attributes={"min": NUMBER, "max": NEEDED_NUMBER}),
    }
)
