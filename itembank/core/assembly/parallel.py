"""Parallel forms: a given number of forms without a common item whose expected scores are as alike as can be.

Every form has a column for each way to use an item; the goal is the greatest distance of any part of any form from
what that part should give. Forms drawn one after the other are where the solver starts; in a large bank it works on
their items alone and on those of some more forms, so that it has an answer at any time and can only better it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from itembank.core.assembly.disjoint import Use, form_rules, uses
from itembank.core.assembly.model import BOUNDLESS, Model
from itembank.core.drawing.board import ALONE, SCORE_UNITS, Board
from itembank.core.drawing.draft import FREE

MOST_COLUMNS: Final = 60_000
_COMFORTABLE: Final = 12_000
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """A model for `forms` forms; column `form * len(ways) + way` says whether the form uses items that way."""

    model: Model
    ways: tuple[Use, ...]
    forms: int

    def choices(self, board: Board, values: Sequence[float]) -> list[tuple[int, ...]]:
        """Return the items of each form by slot, from a solution's values."""
        return [self._choice(board, values, form) for form in range(self.forms)]

    def _choice(self, board: Board, values: Sequence[float], form: int) -> tuple[int, ...]:
        filled = list(board.first_slot)
        items = [FREE] * len(board.slot_demand)
        for number, way in enumerate(self.ways):
            if values[form * len(self.ways) + number] > _HALF:
                for item, demand in way.layout:
                    items[filled[demand]] = item
                    filled[demand] += 1
        return tuple(items)


def assembly(board: Board, forms: int, items: Collection[int] | None = None, *, even: bool = True) -> Assembly:
    """Return the model for `forms` disjoint forms of `items` (None: of all); without `even` any forms will do."""
    ways = tuple(way for way in uses(board) if items is None or all(item in items for item, _ in way.layout))
    model = Model()
    columns = [[model.column(0, 1, whole=True) for _ in ways] for _ in range(forms)]
    for own in columns:
        for terms, low, high in form_rules(board, ways, own):
            model.row(low, high, terms)
    by_item: dict[int, list[int]] = {}
    for number, way in enumerate(ways):
        for item, _ in way.layout:
            by_item.setdefault(item, []).append(number)
    for numbers in by_item.values():
        model.row(-BOUNDLESS, 1, [(own[number], 1.0) for own in columns for number in numbers])
    if even:
        _even_out(board, model, ways, columns)
    return Assembly(model=model, ways=ways, forms=forms)


def even_assembly(board: Board, forms: int, drawn: Sequence[tuple[int, ...]]) -> Assembly:
    """Return the model for `forms` even forms: of all items when fewer were drawn or the bank is small.

    Else it has the items of as many of the forms `drawn` as can be worked on, and starts from the first of them.
    """
    if len(drawn) < forms:
        return assembly(board, forms)
    fitting = max(_COMFORTABLE // (len(board.slot_demand) * forms), forms)
    small = len(board.candidates) <= fitting * len(board.slot_demand)
    built = assembly(board, forms, None if small else {item for form in drawn[:fitting] for item in form})
    built.model.start = _ones(board, built, drawn)
    return built


def _ones(board: Board, built: Assembly, drawn: Sequence[tuple[int, ...]]) -> list[int]:
    """Return the columns that are 1 for the first forms drawn."""
    number = {frozenset(way.layout): place for place, way in enumerate(built.ways)}
    found = []
    for form in range(built.forms):
        blocks: dict[int, set[tuple[int, int]]] = {}
        for slot, item in enumerate(drawn[form]):
            group = board.group[item]
            block = item if group == ALONE else -1 - group
            blocks.setdefault(block, set()).add((item, board.slot_demand[slot]))
        found += [form * len(built.ways) + number[frozenset(block)] for block in blocks.values()]
    return found


def _even_out(board: Board, model: Model, ways: tuple[Use, ...], columns: list[list[int]]) -> None:
    greatest = model.column(0, BOUNDLESS, cost=1)
    for part, target in enumerate(_targets(board)):
        for own in columns:
            terms = [
                (column, board.points[demand] * board.worth[item] / SCORE_UNITS)
                for column, way in zip(own, ways, strict=True)
                if way.part == part
                for item, demand in way.layout
            ]
            model.row(-BOUNDLESS, target, [*terms, (greatest, -1)])
            model.row(target, BOUNDLESS, [*terms, (greatest, 1)])


def _targets(board: Board) -> list[float]:
    """Return for each part the expected score that it should give: its rule's, else that of the average items."""
    targets = [0.0 if rules.target is None else rules.target / SCORE_UNITS for rules in board.parts]
    for index, demand in enumerate(board.demands):
        shares = [board.worth[item] for item, serves in enumerate(board.serves) if index in serves]
        if board.parts[demand.part].target is None and shares:
            mean = sum(shares) / len(shares)
            targets[demand.part] += demand.count * board.points[index] * mean / SCORE_UNITS
    return targets
