"""Walking a route: preconditions leave things out, branch rules go further on; both ask what has come out so far."""

from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import TypeAlias

from itembank.core.qti.assessment.route import Stop
from itembank.core.qti.assessment.structure import (
    EXIT_SECTION,
    EXIT_TEST,
    EXIT_TEST_PART,
    BranchRule,
    ItemRef,
    Navigation,
    Section,
    Submission,
    TestPart,
)
from itembank.core.qti.calls import Expression

# Tells whether an expression is true for what has come out so far; NULL is not.
Holds: TypeAlias = Callable[[Expression], bool]


def first_stop(route: Sequence[Stop], holds: Holds) -> int:
    """Return the place of the first stop that is met; the length of the route means none."""
    return _admitted(route, 0, None, holds)


def next_stop(route: Sequence[Stop], at: int, holds: Holds) -> int:
    """Return the place of the stop that follows when the one at `at` has ended; the route's length means the end.

    In a part that is not linear and individual only the rules of the part count, as the standard says.
    """
    target, left = _left(route, at, holds)
    return len(route) if left == EXIT_TEST else _admitted(route, target, route[at], holds)


def _left(route: Sequence[Stop], at: int, holds: Holds) -> tuple[int, str]:
    """Return where the way leads from `at`, with the exit that ends the whole test, if one does."""
    stop, place = route[at], at + 1
    around: tuple[ItemRef | Section | TestPart, ...] = (stop.part,)
    if _is_ruled(stop.part):
        around = (stop.item, *reversed(stop.sections), stop.part)
    for station in around:
        if _contains(route, place, station):
            break  # the way stays inside, so its rules are not asked yet
        rule = _first_true(station.branch_rules, holds)
        if rule is None:
            continue
        if rule.target == EXIT_TEST:
            return place, EXIT_TEST
        if rule.target in {EXIT_SECTION, EXIT_TEST_PART}:
            place = _after(route, at, _exited(stop, station, rule.target))
        else:
            return _found(route, at, rule.target), ""
    return place, ""


def _exited(stop: Stop, station: ItemRef | Section | TestPart, target: str) -> Section | TestPart:
    """Return what a rule of `station` leaves: the part, or the section around it."""
    if target == EXIT_TEST_PART or isinstance(station, TestPart):
        return stop.part
    outer = stop.sections
    if isinstance(station, Section):
        outer = tuple(takewhile(lambda one: one is not station, stop.sections))
    return outer[-1] if outer else stop.part


def _admitted(route: Sequence[Stop], place: int, came_from: Stop | None, holds: Holds) -> int:
    """Return the first place from `place` on that no precondition leaves out."""
    while place < len(route):
        barred = _barred(route[place], came_from, holds)
        if barred is None:
            return place
        place = place + 1 if isinstance(barred, ItemRef) else _after(route, place, barred)
    return place


def _barred(stop: Stop, came_from: Stop | None, holds: Holds) -> ItemRef | Section | TestPart | None:
    entered: list[ItemRef | Section | TestPart] = []
    if came_from is None or came_from.part is not stop.part:
        entered.append(stop.part)
    if _is_ruled(stop.part):
        inside = () if came_from is None else came_from.sections
        entered += [section for section in stop.sections if section not in inside]
        entered.append(stop.item)
    return next((one for one in entered if not all(holds(condition) for condition in one.pre_conditions)), None)


def _is_ruled(part: TestPart) -> bool:
    return part.navigation is Navigation.LINEAR and part.submission is Submission.INDIVIDUAL


def _first_true(rules: Sequence[BranchRule], holds: Holds) -> BranchRule | None:
    return next((rule for rule in rules if holds(rule.expression)), None)


def _contains(route: Sequence[Stop], place: int, station: ItemRef | Section | TestPart) -> bool:
    if place >= len(route) or isinstance(station, ItemRef):
        return False
    return station is route[place].part or any(station is one for one in route[place].sections)


def _after(route: Sequence[Stop], place: int, station: Section | TestPart) -> int:
    while _contains(route, place, station):
        place += 1
    return place


def _found(route: Sequence[Stop], at: int, target: str) -> int:
    """Return the first place behind `at` that the target names; without one the way goes on behind `at`."""
    for place in range(at + 1, len(route)):
        stop = route[place]
        names = (stop.item.identifier, stop.part.identifier, *(one.identifier for one in stop.sections))
        if target in names and target not in _names_of(route[at]):
            return place
    return at + 1


def _names_of(stop: Stop) -> tuple[str, ...]:
    return (stop.part.identifier, *(one.identifier for one in stop.sections))
