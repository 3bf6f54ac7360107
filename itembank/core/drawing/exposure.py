"""Exposure over the forms of a sitting: who has been used too often is shut until the others have caught up.

The cap holds at any time, not only at the end: after n forms no item stands on more than the share of n that it may
have (but once in any case). So the items take turns, and no cell is left without items when a sitting nears its end.
Where a small cell cannot keep that from the first form on, those that were used least are let in again first.
"""

import hashlib
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

from itembank.core.blueprint import Blueprint
from itembank.core.drawing.board import Board

_FIRMEST: Final = 4
# For each step the items that are shut more firmly than it.
_KEEP_OUT: Final = tuple(bytes(int(firmness > step) for firmness in range(256)) for step in range(_FIRMEST))


def greatest_share(blueprint: Blueprint, board: Board) -> Fraction | None:
    """Return the share of forms that one item may stand on, or None when there is no cap in force.

    A multiple is of the mean over all items that could be used.
    """
    cap = blueprint.rules.cap
    if cap is None or not blueprint.rules.exposure:
        return None
    if cap.share is not None:
        return Fraction(cap.share)
    mean = Fraction(len(board.slot_demand), max(len(board.candidates), 1))
    return min(Fraction(cap.multiple or 1) * mean, Fraction(1))


class Exposure:
    """How often each item was used, and how firmly it is shut for the next form (0: it is open)."""

    def __init__(self, share: Fraction | None, counts: Iterable[int], forms: int) -> None:
        self._share = share
        self._forms = forms
        self._counts = list(counts)
        self._allowed = 0
        self._shut = bytearray(len(self._counts))
        self._open = bytes(len(self._counts))
        self._renew()

    def used(self, items: Iterable[int]) -> None:
        """Count one more form that holds `items`."""
        self._forms += 1
        if self._share is None:
            return
        for item in items:
            self._counts[item] += 1
            self._shut[item] = self._firmness(self._counts[item])
        self._renew()

    def closings(self) -> Iterator[bytes]:
        """Yield which items to keep out (1), each time fewer, at last none."""
        if self._shut != self._open:
            for table in _KEEP_OUT:
                yield bytes(self._shut.translate(table))
        yield self._open

    def digest(self) -> bytes | None:
        """Return the SHA-256 of how firmly each item is shut (one byte each, by item code), or None when none is."""
        return None if self._shut == self._open else hashlib.sha256(self._shut).digest()

    def _firmness(self, count: int) -> int:
        return min(max(count + 1 - self._allowed, 0), _FIRMEST)

    def _renew(self) -> None:
        if self._share is None:
            return
        allowed = most_uses(self._share, self._forms + 1)
        if allowed != self._allowed:
            self._allowed = allowed
            self._shut = bytearray(map(self._firmness, self._counts))


def most_uses(share: Fraction, forms: int) -> int:
    """Return how many of `forms` one item may stand on; once is always allowed."""
    return max(1, share.numerator * forms // share.denominator)
