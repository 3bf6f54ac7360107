"""How many forms without a common item a bank holds: at most what a linear relaxation says, at least what was built."""

from dataclasses import dataclass
from typing import Final

from cbt.kernel.chance import Chance
from itembank.core.assembly.model import BOUNDLESS, Model, Solution
from itembank.core.drawing.board import SCORE_UNITS, Board, Layout
from itembank.core.drawing.search import attempt

_RESTARTS: Final = 40
_TRIES: Final = 600
_ALMOST: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One way to use items: each of `layout` (item, demand) at once, in one part."""

    layout: Layout
    part: int


def uses(board: Board) -> tuple[Use, ...]:
    """Return each way to use an item or a group of one stimulus."""
    single = (((item, demand),) for demand, units in enumerate(board.units) for item in units if item >= 0)
    grouped = (layout for options in board.layouts for layout in options)
    return tuple(Use(layout=layout, part=board.demands[layout[0][1]].part) for layout in (*single, *grouped))


def capacity_model(board: Board) -> Model:
    """Return the model whose goal is minus the greatest number of disjoint forms that all rules together allow.

    Fractions of items are allowed, so the number that it gives may be a little too high, never too low.
    """
    model, ways = Model(), uses(board)
    columns = [model.column(0, 1) for _ in ways]
    forms = model.column(0, BOUNDLESS, cost=-1)
    for terms, low, high in form_rules(board, ways, columns):
        # `low` and `high` are of one form: the sum over all forms lies between the multiples.
        if low > -BOUNDLESS:
            model.row(0, BOUNDLESS, [*terms, (forms, -low)])
        if high < BOUNDLESS:
            model.row(-BOUNDLESS, 0, [*terms, (forms, -high)])
    by_item: dict[int, list[tuple[int, float]]] = {}
    for column, way in zip(columns, ways, strict=True):
        for item, _ in way.layout:
            by_item.setdefault(item, []).append((column, 1.0))
    for terms in by_item.values():
        if len(terms) > 1:
            model.row(-BOUNDLESS, 1, terms)
    return model


def most_forms(solution: Solution) -> int:
    """Return the number of forms that the capacity model's solution allows."""
    return int(-solution.goal + _ALMOST) if solution.values else 0


def draw_disjoint(board: Board, chance: Chance, most: int) -> list[tuple[int, ...]]:
    """Return the items (by slot) of as many forms as were found, no item in two of them, at most `most`."""
    used = bytearray(len(board.candidates))
    found: list[tuple[int, ...]] = []
    while len(found) < most:
        drafts = (attempt(board, bytes(used), chance, _TRIES) for _ in range(_RESTARTS))
        draft = next((one for one in drafts if one is not None), None)
        if draft is None:
            break
        found.append(tuple(draft.items))
        for item in draft.items:
            used[item] = 1
    return found


Bounded = tuple[list[tuple[int, float]], float, float]


def form_rules(board: Board, ways: tuple[Use, ...], columns: list[int]) -> list[Bounded]:
    """Return what one form must keep: terms over `columns` (one for each way) with the least and greatest sum."""
    by_demand: dict[int, list[tuple[int, float]]] = {}
    by_level: dict[tuple[int, int], list[tuple[int, float]]] = {}
    by_label: dict[int, list[tuple[int, float]]] = {}
    by_part: dict[int, list[tuple[int, float]]] = {}
    for column, way in zip(columns, ways, strict=True):
        for item, demand in way.layout:
            by_demand.setdefault(demand, []).append((column, 1.0))
            by_level.setdefault((way.part, board.level[item]), []).append((column, 1.0))
            expected = board.points[demand] * board.worth[item] / SCORE_UNITS
            by_part.setdefault(way.part, []).append((column, expected))
            for label in board.labels[item]:
                by_label.setdefault(label, []).append((column, 1.0))
    found: list[Bounded] = [
        (by_demand.get(index, []), demand.count, demand.count) for index, demand in enumerate(board.demands)
    ]
    found += [(terms, -BOUNDLESS, 1) for terms in by_label.values()]
    for part, rules in enumerate(board.parts):
        for level, (least, most) in enumerate(zip(rules.least, rules.most, strict=True)):
            if least > 0 or most < len(rules.slots):
                found.append((by_level.get((part, level), []), least, most))
        if rules.target is not None:
            low, high = rules.target - rules.tolerance, rules.target + rules.tolerance
            found.append((by_part.get(part, []), low / SCORE_UNITS, high / SCORE_UNITS))
    return found
