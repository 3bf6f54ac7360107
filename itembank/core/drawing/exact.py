"""Search to the end: whether any draft keeps every rule, for boards that chance finds no draft for.

Groups are decided first, then one demand after the other, each in increasing order of items. The number of steps is
bounded: a board too large to be searched counts as one without a draft.
"""

from collections.abc import Iterator
from typing import Final

from itembank.core.drawing.board import Board
from itembank.core.drawing.draft import Draft, part_cost

_MOST_STEPS: Final = 40_000


class _OutOfSteps(Exception):
    """Ends a search; it is no fault."""


class _Search:
    """One search; `steps` is what is left."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.draft = Draft(board, bytes(len(board.candidates)))
        self.steps = _MOST_STEPS
        self.last = [0] * len(board.parts)
        for index, demand in enumerate(board.demands):
            self.last[demand.part] = index

    def groups(self, number: int) -> Iterator[None]:
        """Yield for each way of taking groups from `number` on that the demands have room for."""
        self._step()
        if number == len(self.board.layouts):
            yield from self.demands(0)
            return
        for layout in self.board.layouts[number]:
            if self.draft.fits(layout):
                self.draft.place_group(layout)
                yield from self.groups(number + 1)
                self._lift(layout)
        yield from self.groups(number + 1)

    def demands(self, demand: int) -> Iterator[None]:
        """Yield for each way of filling the demands from `demand` on."""
        if demand == len(self.board.demands):
            yield
            return
        singles = [unit for unit in self.board.units[demand] if unit >= 0]
        for _ in self._choose(demand, singles, 0):
            if self._keeps(demand):
                yield from self.demands(demand + 1)

    def _choose(self, demand: int, singles: list[int], start: int) -> Iterator[None]:
        self._step()
        lacking = self.draft.lacking(demand)
        if not lacking:
            yield
            return
        for place in range(start, len(singles) - lacking + 1):
            if self.draft.is_open(singles[place]):
                self.draft.place(singles[place], demand)
                yield from self._choose(demand, singles, place + 1)
                self._lift_last(demand)

    def _keeps(self, demand: int) -> bool:
        part = self.board.demands[demand].part
        return demand != self.last[part] or not part_cost(self.draft, part, self.board.parts[part].tolerance)[0]

    def _lift(self, layout: tuple[tuple[int, int], ...]) -> None:
        for _, demand in reversed(layout):
            self._lift_last(demand)

    def _lift_last(self, demand: int) -> None:
        self.draft.filled[demand] -= 1
        self.draft.take(self.board.first_slot[demand] + self.draft.filled[demand])

    def _step(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise _OutOfSteps


def complete(board: Board) -> Draft | None:
    """Return a draft that keeps every rule, or None when there is none or the search would take too long."""
    search = _Search(board)
    try:
        for _ in search.groups(0):
            return search.draft
    except _OutOfSteps:
        pass
    return None
