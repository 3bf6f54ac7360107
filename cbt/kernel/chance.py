"""Chance as an argument: a SHA-256 counter stream whose sequences never change between versions.

Python's `random` does not promise its sequences between releases, and a form must be rebuilt years later. The
stream is SHA-256(seed, counter) for counter 0, 1, 2…, read as 64-bit numbers; `ALGORITHM` names it in stored forms.
"""

import hashlib
from collections.abc import Sequence
from typing import Final, TypeVar

ALGORITHM: Final = "sha256-counter/1"
_WORD_BYTES: Final = 8
_WORDS_PER_BLOCK: Final = 32 // _WORD_BYTES
T = TypeVar("T")


class Chance:
    """A reproducible stream of choices from one seed; never for secrets."""

    def __init__(self, seed: bytes) -> None:
        self._seed = hashlib.sha256(seed)
        self._counter = 0
        self._words: list[int] = []

    def below(self, bound: int) -> int:
        """Return a number in [0, bound), each equally likely; raises ValueError when bound < 1."""
        if bound < 1:
            raise ValueError("the bound is at least 1")
        limit = (1 << 64) - (1 << 64) % bound  # words at or above it would favour small numbers
        while (word := self._next()) >= limit:
            continue
        return word % bound

    def shuffled(self, values: Sequence[T]) -> tuple[T, ...]:
        """Return all `values` in a random order (Fisher-Yates, from the end)."""
        order = list(values)
        for last in range(len(order) - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return tuple(order)

    def sample(self, values: Sequence[T], count: int) -> tuple[T, ...]:
        """Return `count` different places of `values` in random order; raises ValueError when there are fewer."""
        if count > len(values):
            raise ValueError(f"{count} wanted, {len(values)} there")
        order = list(values)
        for place in range(count):
            other = place + self.below(len(order) - place)
            order[place], order[other] = order[other], order[place]
        return tuple(order[:count])

    def _next(self) -> int:
        if not self._words:
            block = self._seed.copy()
            block.update(self._counter.to_bytes(8))
            self._counter += 1
            digest = block.digest()
            starts = range((_WORDS_PER_BLOCK - 1) * _WORD_BYTES, -1, -_WORD_BYTES)
            self._words = [int.from_bytes(digest[start : start + _WORD_BYTES]) for start in starts]
        return self._words.pop()
