"""Containers: made, measured, searched, repeated. What is NULL is not put in, and what is empty is NULL."""

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from itembank.core.qti.calls import MOST_VALUES, NEEDED_NUMBER, Attribute, Call, Operator
from itembank.core.qti.faults import ScoringFault, ScoringLimit
from itembank.core.qti.values import Scalar, Value, aligned, boolean, container, integer, keys, single
from itembank.core.variables import BaseType, Cardinality


def gathered(call: Call, operands: tuple[Value | None, ...], cardinality: Cardinality) -> Value | None:
    """Return one container of all that the operands hold; integers among floats become floats."""
    given = [one for one in operands if one is not None]
    if any(one.cardinality is Cardinality.RECORD for one in given):
        raise ScoringFault("A record cannot stand in a container")
    scalars: list[Scalar] = [scalar for one in given for scalar in one.scalars]
    call.scope.spend(len(scalars))
    if len(scalars) > MOST_VALUES:
        raise ScoringLimit("A container holds too many values")
    kinds = {one.base_type for one in given}
    base_type = BaseType.FLOAT if kinds == {BaseType.INTEGER, BaseType.FLOAT} else next(iter(kinds), None)
    if len(kinds) > 1 and base_type is not BaseType.FLOAT:
        raise ScoringFault("A container holds values of one base type only")
    return container(cardinality, base_type, scalars)


def _multiple(call: Call) -> Value | None:
    return gathered(call, call.operands, Cardinality.MULTIPLE)


def _ordered(call: Call) -> Value | None:
    return gathered(call, call.operands, Cardinality.ORDERED)


def _repeat(call: Call) -> Value | None:
    times = call.integer("number-repeats")
    if times is None or times < 1:
        return None
    if times > MOST_VALUES:
        raise ScoringLimit("A container holds too many values")
    operands: list[Value | None] = []
    for _ in range(times):
        operands += call.again()
    return gathered(call, tuple(operands), Cardinality.ORDERED)


def _container_size(call: Call) -> Value | None:
    operand = call.operands[0]
    return integer(0 if operand is None else len(operand.scalars))


def _index(call: Call) -> Value | None:
    operand, place = call.given()[0], call.integer("n")
    if place is None or not 1 <= place <= len(operand.scalars):
        return None
    return _only(operand, operand.scalars[place - 1])


def _random(call: Call) -> Value | None:
    operand = call.given()[0]
    if not operand.scalars:
        raise ScoringFault("random takes a container")
    return _only(operand, operand.scalars[call.scope.chance.below(len(operand.scalars))])


def _field_value(call: Call) -> Value | None:
    return call.given()[0].field(call.text("field-identifier"))


def _member(call: Call) -> Value | None:
    one, many = _compared(call)
    return boolean(len(one.scalars) == 1 and keys(one)[0] in keys(many))


def _delete(call: Call) -> Value | None:
    call.scope.spend(sum(len(value.scalars) for value in call.given()))
    one, many = call.given()
    wanted = set(keys(one))
    kept = [scalar for scalar, key in zip(many.scalars, keys(many), strict=True) if key not in wanted]
    return container(many.cardinality, many.base_type, kept)


def _contains(call: Call) -> Value | None:
    many, few = _compared(call)
    whole, part = keys(many), keys(few)
    if many.cardinality is Cardinality.ORDERED:
        starts = range(len(whole) - len(part) + 1)
        call.scope.spend(len(starts) * len(part))
        return boolean(any(whole[start : start + len(part)] == part for start in starts))
    there = Counter(whole)
    return boolean(all(there[key] >= count for key, count in Counter(part).items()))


def _compared(call: Call) -> tuple[Value, Value]:
    """Return both operands; each of their values is taken in hand once, and a long fraction takes its time."""
    call.scope.spend(sum(len(value.scalars) for value in call.given()))
    return aligned(*call.given())


def _only(operand: Value, scalar: Scalar) -> Value | None:
    return None if operand.base_type is None else single(operand.base_type, scalar)


TABLE: Final[Mapping[str, Operator]] = MappingProxyType(
    {
        "multiple": Operator(run=_multiple, most=None),
        "ordered": Operator(run=_ordered, most=None),
        "repeat": Operator(run=_repeat, least=1, most=None, lazy=True, attributes={"number-repeats": NEEDED_NUMBER}),
        "container-size": Operator(run=_container_size, least=1, most=1),
        "index": Operator(run=_index, least=1, most=1, strict=True, attributes={"n": NEEDED_NUMBER}),
        "random": Operator(run=_random, least=1, most=1, strict=True),
        "field-value": Operator(
            run=_field_value,
            least=1,
            most=1,
            strict=True,
            attributes={"field-identifier": Attribute(required=True)},
        ),
        "member": Operator(run=_member, least=2, most=2, strict=True),
        "delete": Operator(run=_delete, least=2, most=2, strict=True),
        "contains": Operator(run=_contains, least=2, most=2, strict=True),
    }
)
