"""A form while it is drawn: which item stands on which slot, which items are shut, which enemy labels are present."""

from typing import Final

from itembank.core.drawing.board import ALONE, Board, Layout

FREE: Final = -1
# One item of a wrong level outweighs any distance from the expected score.
_LEVEL_WEIGHT: Final = 10**15


class Draft:
    """The present choice. `shut[item]` is true for items on the draft and those that exposure closes."""

    __slots__ = ("_closed", "board", "filled", "items", "present", "shut")

    def __init__(self, board: Board, closed: bytes) -> None:
        self.board = board
        self._closed = closed
        self.items = [FREE] * len(board.slot_demand)
        self.filled = [0] * len(board.demands)
        self.shut = bytearray(closed)
        self.present = bytearray(board.label_count)

    def place(self, item: int, demand: int) -> None:
        """Put an open item on the next free slot of a demand."""
        self.put(self.board.first_slot[demand] + self.filled[demand], item)
        self.filled[demand] += 1

    def put(self, slot: int, item: int) -> None:
        """Put an item on a slot that is free."""
        self.items[slot] = item
        self.shut[item] = 1
        for label in self.board.labels[item]:
            self.present[label] = 1

    def take(self, slot: int) -> int:
        """Free a slot and return the item that stood there."""
        item = self.items[slot]
        self.items[slot] = FREE
        self.shut[item] = self._closed[item]
        for label in self.board.labels[item]:
            self.present[label] = 0
        return item

    def is_open(self, item: int) -> bool:
        """Return whether the item could be put on the draft beside what is there."""
        if self.shut[item]:
            return False
        return not any(self.present[label] for label in self.board.labels[item])

    def lacking(self, demand: int) -> int:
        """Return how many slots of a demand are free (while the draft is filled)."""
        return self.board.demands[demand].count - self.filled[demand]

    def fits(self, layout: Layout) -> bool:
        """Return whether a whole group could be put down as `layout` says (while the draft is filled)."""
        needs: dict[int, int] = {}
        for item, demand in layout:
            if not self.is_open(item):
                return False
            needs[demand] = needs.get(demand, 0) + 1
        return all(self.lacking(demand) >= count for demand, count in needs.items())

    def place_group(self, layout: Layout) -> None:
        """Put a whole group down."""
        for item, demand in layout:
            self.place(item, demand)

    def slots_of_group(self, slot: int) -> list[int]:
        """Return the slots of the group that stands on `slot`, or `slot` alone."""
        group = self.board.group[self.items[slot]]
        if group == ALONE:
            return [slot]
        members = set(self.board.members(group))
        return [other for other, item in enumerate(self.items) if item in members]


def level_cost(count: int, least: int, most: int) -> int:
    """Return what it costs that a level has `count` items."""
    if count < least:
        return (least - count) * _LEVEL_WEIGHT
    return (count - most) * _LEVEL_WEIGHT if count > most else 0


def part_cost(draft: Draft, part: int, slack: int) -> tuple[int, list[int], int]:
    """Return what a filled part breaks (0: nothing), its items by level, and its expected score on the board.

    `slack` is how far the expected score may be from its target.
    """
    board, rules = draft.board, draft.board.parts[part]
    counts = [0] * len(rules.least)
    total = 0
    for slot in rules.slots:
        item = draft.items[slot]
        counts[board.level[item]] += 1
        total += board.points[board.slot_demand[slot]] * board.worth[item]
    distance = 0 if rules.target is None else max(abs(total - rules.target) - slack, 0)
    levels = sum(map(level_cost, counts, rules.least, rules.most))
    return levels + distance, counts, total


def holds(draft: Draft) -> bool:
    """Return whether a filled draft keeps the levels and expected scores of all parts."""
    return not any(part_cost(draft, part, rules.tolerance)[0] for part, rules in enumerate(draft.board.parts))
