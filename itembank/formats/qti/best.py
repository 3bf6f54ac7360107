"""How much an item can be worth: what its declarations say, else what the best response that is known scores."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from itembank.core.qti.calls import Expression
from itembank.core.qti.declarations import Declaration, VariableKind
from itembank.core.qti.exact import read_float
from itembank.core.qti.faults import ScoringFault
from itembank.core.qti.processing import Condition, Rule, SetValue
from itembank.core.qti.scoring import ItemState, ScoringItem, respond, start
from itembank.core.qti.shapes import Area, Shape
from itembank.core.qti.values import Point, Scalar, Value, container, single
from itembank.core.scoring import SCORE, number_in
from itembank.core.variables import BaseType, Cardinality

MAXSCORE: Final = "MAXSCORE"
SEED: Final = b"0"
_ROUNDING: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """The highest SCORE, above 0, whether it had to be worked out, and what a person should look at."""

    maximum: Fraction
    worked_out: bool = False
    note: str = ""
    doubtful: bool = False


def worth_of(item: ScoringItem, normal_maximum: Fraction | None) -> Worth:
    """Return what the item is worth; without any way to tell, 1 with a note."""
    correct = _score(item, correct_responses(item))
    declared = normal_maximum or _declared_maximum(item)
    if declared is not None and declared > 0:
        if correct is not None and 0 < declared - correct <= declared / _ROUNDING:
            # Authors write a third as 0.333333: three of them are the whole.
            declared = correct
        short = correct is not None and 0 < correct < declared and _has_correct(item)
        if correct == 0 and _has_correct(item):
            return Worth(maximum=declared, note="the correct response that is declared scores nothing", doubtful=True)
        hint = f"SCORE may come to {declared}, but the correct response that is declared comes to {correct}"
        return Worth(maximum=declared, note=hint if short else "")
    known = [score for score in (correct, _score(item, best_mapped(item)), _mapping_best(item)) if score]
    greatest = max(known or tuple(_set_outright(item.response_rules)), default=Fraction(0))
    if greatest > 0:
        note = "the correct response that is declared scores nothing" if correct == 0 and _has_correct(item) else ""
        return Worth(maximum=greatest, worked_out=True, note=note, doubtful=bool(note))
    return Worth(
        maximum=Fraction(1), worked_out=True, note="nothing says what the highest SCORE is; 1 is taken", doubtful=True
    )


def correct_responses(item: ScoringItem, seed: bytes = SEED) -> Mapping[str, Value | None]:
    """Return the correct value of each response variable as it is declared, or drawn from `seed`."""
    state = _started(item, seed)
    return {
        name: declared.correct if state is None else state.correct.get(name, declared.correct)
        for name, declared in item.known().items()
        if declared.kind is VariableKind.RESPONSE and declared.base_type is not None
    }


def best_mapped(item: ScoringItem) -> Mapping[str, Value | None]:
    """Return the response that the mappings value most, the correct one where there is no mapping."""
    found = dict(correct_responses(item))
    for name, declared in item.known().items():
        if declared.kind is VariableKind.RESPONSE and (declared.mapping or declared.area_mapping):
            found[name] = _valued(declared)
    return found


def _has_correct(item: ScoringItem) -> bool:
    return any(one.correct is not None for one in item.declarations if one.kind is VariableKind.RESPONSE)


def _declared_maximum(item: ScoringItem) -> Fraction | None:
    declared = item.known().get(MAXSCORE)
    return None if declared is None or declared.default is None else number_in(declared.default)


def _started(item: ScoringItem, seed: bytes) -> ItemState | None:
    try:
        return start(item, seed)
    except ScoringFault:
        return None


def _score(item: ScoringItem, responses: Mapping[str, Value | None]) -> Fraction | None:
    state = _started(item, SEED)
    if state is None:
        return None
    try:
        return number_in(respond(item, state, responses).outcomes(item).get(SCORE))
    except ScoringFault:
        return None


def _mapping_best(item: ScoringItem) -> Fraction:
    """Return the sum of the upper bounds of all mappings."""
    mappings = [one for each in item.declarations for one in (each.mapping, each.area_mapping) if one is not None]
    return sum((one.upper for one in mappings if one.upper is not None), start=Fraction(0))


def _set_outright(rules: Sequence[Rule]) -> Iterator[Fraction]:
    """Yield the numbers that rules give SCORE as they stand."""
    for rule in rules:
        match rule:
            case SetValue(identifier="SCORE", expression=Expression(name="base-value", text=text)):
                yield read_float(text) or Fraction(0)
            case Condition():
                for branch in rule.branches:
                    yield from _set_outright(branch.rules)
            case _:
                continue


def _valued(declared: Declaration) -> Value | None:
    worthy = sorted(_entries(declared), key=lambda entry: -entry[1])
    scalars = [scalar for scalar, mapped in worthy if mapped > 0]
    base_type = declared.base_type or BaseType.STRING
    if not scalars:
        return declared.correct
    if declared.cardinality is Cardinality.SINGLE:
        return single(base_type, scalars[0])
    return container(declared.cardinality, base_type, scalars)


def _entries(declared: Declaration) -> Iterator[tuple[Scalar, Fraction]]:
    if declared.mapping is not None:
        yield from ((one.key, one.mapped) for one in declared.mapping.entries if one.key is not None)
    if declared.area_mapping is not None:
        yield from ((_point_in(one.area), one.mapped) for one in declared.area_mapping.entries)


def _point_in(area: Area) -> Point:
    """Return a point of the area: its middle, for a polygon its first corner, which belongs to it."""
    match area.shape:
        case Shape.RECT:
            left, top, right, bottom = area.coords
            return Point((left + right) // 2, (top + bottom) // 2)
        case Shape.DEFAULT:
            return Point(0, 0)
        case Shape.CIRCLE | Shape.ELLIPSE | Shape.POLY:
            return Point(area.coords[0], area.coords[1])
