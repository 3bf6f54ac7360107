"""Which items serve which demands when cells compete: a matching that grows one item at a time.

Sets of items that can be served at the same time form a matroid (a transversal one), so taking items in any order,
each one when it still fits, always ends at the greatest possible number: a possible blueprint never fails, and a
random order of items gives a random form.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Final

Signature = frozenset[int]
_START: Final = -1


class Allotment:
    """The present matching: for each demand the items that serve it, never more than it wants."""

    def __init__(self, wanted: Sequence[int]) -> None:
        self._wanted = list(wanted)
        self.missing = sum(wanted)
        self.served: list[list[int]] = [[] for _ in wanted]
        self._signatures: dict[int, Signature] = {}

    def offer(self, item: int, could_serve: Sequence[int]) -> bool:
        """Take `item` when it fits, if need be by moving others to another demand; return whether it was taken.

        `could_serve` names its demands in the order in which they are tried.
        """
        came_from = dict.fromkeys(could_serve, (_START, item))
        queue = deque(could_serve)
        while queue:
            demand = queue.popleft()
            if len(self.served[demand]) < self._wanted[demand]:
                self._signatures[item] = frozenset(could_serve)
                self._shift(demand, came_from)
                self.missing -= 1
                return True
            self._spread(demand, came_from, queue)
        return False

    def has_room(self, demands: Sequence[int]) -> bool:
        """Return whether places are free now for all of `demands` (named once for each place)."""
        return all(len(self.served[demand]) + demands.count(demand) <= self._wanted[demand] for demand in set(demands))

    def reserve(self, demands: Sequence[int]) -> None:
        """Give away free places, one for each of `demands`; they are not asked for any more."""
        for demand in demands:
            self._wanted[demand] -= 1
            self.missing -= 1

    def short(self) -> tuple[int, ...]:
        """Return the demands that lack items."""
        return tuple(demand for demand, items in enumerate(self.served) if len(items) < self._wanted[demand])

    def rivals(self, demand: int) -> frozenset[int]:
        """Return the short `demand` with all that compete with it for the same items (Hall's violating set)."""
        members = {demand}
        while True:
            grown = members | {other for other, items in enumerate(self.served) if self._could_serve(items, members)}
            if grown == members:
                return frozenset(members)
            members = grown

    def _could_serve(self, items: Sequence[int], members: set[int]) -> bool:
        return any(not members.isdisjoint(self._signatures[item]) for item in items)

    def _spread(self, demand: int, came_from: dict[int, tuple[int, int]], queue: deque[int]) -> None:
        for item in self.served[demand]:
            for other in sorted(self._signatures[item]):
                if other not in came_from:
                    came_from[other] = (demand, item)
                    queue.append(other)

    def _shift(self, demand: int, came_from: Mapping[int, tuple[int, int]]) -> None:
        while True:
            source, item = came_from[demand]
            self.served[demand].append(item)
            if source == _START:
                return
            self.served[source].remove(item)
            demand = source
