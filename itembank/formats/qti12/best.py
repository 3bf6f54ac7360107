"""The responses that earn most, found by trying: QTI 1.2 declares no correct response, only what earns points.

Each condition is met once, then conditions are met together, then single options are changed, as long as that earns
more. The interpreter is asked each time, so what is found is truly reached.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from typing import Final

from itembank.core.interactions import ChoiceInteraction, HotspotInteraction
from itembank.core.qti.exact import number_text, read_float
from itembank.core.qti.faults import ScoringFault
from itembank.core.qti.responses import bind
from itembank.core.qti.scoring import ItemState, ScoringItem, respond, start
from itembank.core.qti.shapes import Area, Shape
from itembank.core.qti.values import Value
from itembank.core.scoring import SCORE, number_in
from itembank.core.variables import BaseType, Cardinality
from itembank.formats.qti12.asked import Asked
from itembank.formats.qti12.conditions import (
    Compared,
    Either,
    Every,
    Holds,
    InOrder,
    Inside,
    Leaf,
    Not,
    OneOf,
    Processing,
    Test,
    VarEqual,
)

Given = Mapping[str, tuple[str, ...]]
_MOST_TRIES: Final = 600
_MOST_WAYS: Final = 12
_ROUNDS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """The responses that earn most, by our variables, and what they earn."""

    given: Given
    score: Fraction


@dataclass(slots=True)
class _Trying:
    item: ScoringItem
    begun: ItemState
    tries: int = 0
    best: Given = field(default_factory=dict)
    score: Fraction = Fraction(0)

    def take(self, given: Given) -> bool:
        """Try `given` and keep it when it earns more; return whether it did."""
        score = self._score(given)
        if score is None or score <= self.score:
            return False
        self.best, self.score = given, score
        return True

    def _score(self, given: Given) -> Fraction | None:
        self.tries += 1
        if self.tries > _MOST_TRIES:
            return None
        known = self.item.known()
        values: dict[str, Value | None] = {name: bind(known[name], texts).value for name, texts in given.items()}
        try:
            return number_in(respond(self.item, self.begun, values).outcomes(self.item).get(SCORE))
        except ScoringFault:
            return None


def best_responses(item: ScoringItem, processing: Processing, asked: Mapping[str, Asked]) -> Best | None:
    """Return what earns most, or None when the item cannot be scored at all."""
    try:
        trying = _Trying(item=item, begun=start(item, b""))
        trying.score = number_in(respond(item, trying.begun, {}).outcomes(item).get(SCORE))
    except ScoringFault:
        return None
    ways = [_spelled(way, asked) for one in processing.conditions for way in islice(_ways(one.test), _MOST_WAYS)]
    for way in ways:
        trying.take(way)
    for _ in range(_ROUNDS):
        better = [trying.take(_merged(trying.best, way, asked)) for way in ways]
        better += [trying.take(one) for one in _changed(trying.best, asked)]
        if not any(better):
            break
    return Best(given=trying.best, score=trying.score)


_Way = dict[str, tuple[str, ...]]


def _ways(test: Test) -> Iterator[_Way]:
    """Yield responses, in the file's words, for which `test` may hold."""
    match test:
        case Every():
            yield from _together(test.tests)
        case Either():
            for one in test.tests:
                yield from _ways(one)
        case Not():
            yield {}
        case VarEqual() | InOrder() | Compared() | Inside() | OneOf() | Holds():
            yield from ({test.response: values} for values in _met(test))
        case _:
            yield {}


def _together(tests: Sequence[Test]) -> Iterator[_Way]:
    compared = [one for one in tests if isinstance(one, Compared)]
    for middle in _between(compared):
        way: _Way = {}
        for one in tests:
            if not isinstance(one, Compared):
                for name, values in next(_ways(one), {}).items():
                    way[name] = tuple(dict.fromkeys((*way.get(name, ()), *values)))
        yield {**way, **middle}


def _between(compared: Sequence[Compared]) -> Iterator[_Way]:
    bounds: dict[str, list[Fraction]] = {}
    for one in compared:
        bounds.setdefault(one.response, []).append(read_float(one.value) or Fraction(0))
    step = Fraction(1, 1000)
    for shift in (None, -step, step):
        middles = {name: sum(values, start=Fraction(0)) / len(values) for name, values in bounds.items()}
        yield {name: (number_text(value + (shift or 0)),) for name, value in middles.items()}
        if not compared:
            return


def _met(leaf: Leaf) -> Iterator[tuple[str, ...]]:
    match leaf:
        case VarEqual():
            yield (leaf.value,)
        case Holds():
            yield (leaf.sample or leaf.value,)
        case InOrder():
            yield leaf.values
        case OneOf():
            yield leaf.values
            yield from ((one,) for one in leaf.values)
        case Compared():
            bound = read_float(leaf.value) or Fraction(0)
            yield from ((number_text(bound + shift),) for shift in (0, -1, 1))
        case Inside():
            yield (_point_in(leaf.area),)
        case _:
            yield ()


def _point_in(area: Area) -> str:
    match area.shape:
        case Shape.RECT:
            left, top, right, bottom = area.coords
            return f"{(left + right) // 2} {(top + bottom) // 2}"
        case Shape.POLY:
            return f"{area.coords[0]} {area.coords[1]}"
        case Shape.CIRCLE | Shape.ELLIPSE:
            return f"{area.coords[0]} {area.coords[1]}"
        case _:
            return "0 0"


def _spelled(way: _Way, asked: Mapping[str, Asked]) -> Given:
    """Return the responses by our variables and values."""
    given: dict[str, tuple[str, ...]] = {}
    for ident, texts in way.items():
        one = asked[ident]
        values = tuple(value for value in map(one.value, texts) if value is not None)
        for name, interaction in zip(one.names, one.interactions, strict=True):
            mine = values
            if len(one.names) > 1 and isinstance(interaction, HotspotInteraction):
                there = {spot.identifier for spot in interaction.hotspots}
                mine = tuple(value for value in values if value in there)
            given[name] = mine[:1] if one.cardinality is Cardinality.SINGLE else mine
    return given


def _merged(best: Given, way: Given, asked: Mapping[str, Asked]) -> Given:
    several = {name for one in asked.values() if one.cardinality is Cardinality.MULTIPLE for name in one.names}
    merged = dict(best)
    for name, values in way.items():
        merged[name] = tuple(dict.fromkeys((*best.get(name, ()), *values))) if name in several else values
    return merged


def _changed(best: Given, asked: Mapping[str, Asked]) -> Iterator[Given]:
    """Yield the responses with one option more or less, or another one."""
    for one in asked.values():
        interaction = one.interactions[0]
        if one.base_type is not BaseType.IDENTIFIER or not isinstance(interaction, ChoiceInteraction):
            continue
        name = one.names[0]
        now = best.get(name, ())
        for choice in interaction.choices:
            if one.cardinality is Cardinality.SINGLE:
                yield {**best, name: (choice.identifier,)}
            elif choice.identifier in now:
                yield {**best, name: tuple(value for value in now if value != choice.identifier)}
            else:
                yield {**best, name: (*now, choice.identifier)}
