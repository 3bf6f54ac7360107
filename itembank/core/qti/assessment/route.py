"""The route of one candidate: which items were selected, in which order. Drawn from a seed, the same for the same."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cbt.kernel.chance import Chance
from itembank.core.qti.assessment.structure import (
    USUAL_CONTROL,
    AssessmentTest,
    Child,
    ItemRef,
    Section,
    SessionControl,
    TestPart,
    TimeLimits,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One item of a route; `sections` are around it, the outermost first. `name` tells repetitions apart (`Q1.2`)."""

    name: str
    item: ItemRef
    sections: tuple[Section, ...]
    part: TestPart

    @property
    def control(self) -> SessionControl:
        """What a candidate may do here: what the item says, else the section around it, and so on outwards."""
        control = USUAL_CONTROL
        for around in (self.part, *self.sections, self.item):
            control = control.inside(around.control)
        return control


@dataclass(frozen=True, slots=True)
class _Unit:
    """What a shuffle moves as one."""

    stops: tuple[Stop, ...]
    fixed: bool


def draw_route(test: AssessmentTest, seed: bytes) -> tuple[Stop, ...]:
    """Return the stops of all parts, in order; sections are selected from and shuffled as the test says."""
    chance = Chance(seed + b"/route")
    stops = tuple(
        stop
        for part in test.parts
        for section in part.sections
        for unit in _arranged(section, (), part, chance)
        for stop in unit.stops
    )
    return _named(stops)


def time_limits(test: AssessmentTest, stop: Stop) -> tuple[tuple[str, TimeLimits], ...]:
    """Return all limits that hold at a stop with the identifiers they are for: test, part, sections, item."""
    levels = ((test.identifier, test.time_limits), *((one.identifier, one.time_limits) for one in _around(stop)))
    return tuple((identifier, limits) for identifier, limits in levels if limits is not None)


def _around(stop: Stop) -> tuple[TestPart | Section | ItemRef, ...]:
    return (stop.part, *stop.sections, stop.item)


def _arranged(section: Section, above: tuple[Section, ...], part: TestPart, chance: Chance) -> tuple[_Unit, ...]:
    path = (*above, section)
    units: list[_Unit] = []
    for child in _selected(section, chance):
        if isinstance(child, ItemRef):
            stop = Stop(name=child.identifier, item=child, sections=path, part=part)
            units.append(_Unit((stop,), child.fixed))
            continue
        inner = _arranged(child, path, part, chance)
        if child.visible or child.keep_together:
            units.append(_Unit(tuple(stop for unit in inner for stop in unit.stops), child.fixed))
        else:
            units += inner
    return _shuffled(units, chance) if section.shuffle else tuple(units)


def _selected(section: Section, chance: Chance) -> tuple[Child, ...]:
    """Return the children that were selected, the required ones among them, in the order of the document."""
    rule, children = section.selection, section.children
    if rule is None:
        return children
    required = [place for place, child in enumerate(children) if child.required]
    count = max(rule.select - len(required), 0)
    if rule.with_replacement:
        more = [chance.below(len(children)) for _ in range(count)] if children else []
    else:
        free = [place for place in range(len(children)) if place not in required]
        more = list(chance.sample(free, min(count, len(free))))
    return tuple(children[place] for place in sorted((*required, *more)))


def _shuffled(units: Sequence[_Unit], chance: Chance) -> tuple[_Unit, ...]:
    moved = iter(chance.shuffled([unit for unit in units if not unit.fixed]))
    return tuple(unit if unit.fixed else next(moved) for unit in units)


def _named(stops: tuple[Stop, ...]) -> tuple[Stop, ...]:
    """Return the stops with names of their own: an item that comes several times is numbered from 1."""
    times = Counter(stop.item.identifier for stop in stops)
    seen: Counter[str] = Counter()
    named = []
    for stop in stops:
        identifier = stop.item.identifier
        seen[identifier] += 1
        name = identifier if times[identifier] == 1 else f"{identifier}.{seen[identifier]}"
        named.append(Stop(name=name, item=stop.item, sections=stop.sections, part=stop.part))
    return tuple(named)
