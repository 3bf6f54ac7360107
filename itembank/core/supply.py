"""Supply beside demand, as a person judges it: plenty, tight or short; and how long the bars of a page are."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# Below this many candidates for each place, two forms of a room share most of their items.
_PLENTY: Final = 3
_ROOM: Final = 1.1


class Verdict(StrEnum):
    """Whether a cell can be drawn, and whether there is much to draw from."""

    PLENTY = "plenty"
    TIGHT = "tight"
    SHORT = "short"
    UNKNOWN_AREA = "unknown-area"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What there is for one demand; `there` and `line` are the ends of its bar and of its limit, in percent."""

    wanted: int
    available: int
    verdict: Verdict
    there: float
    line: float

    @property
    def missing(self) -> int:
        """Return how many items are missing."""
        return max(self.wanted - self.available, 0)


def covers(amounts: Sequence[tuple[int, int, bool]]) -> tuple[Cover, ...]:
    """Return a cover for each (wanted, available, whether the area is known); the bars share one scale."""
    most = _ROOM * max((max(wanted, available) for wanted, available, _ in amounts), default=1) or 1
    return tuple(
        Cover(
            wanted=wanted,
            available=available,
            verdict=verdict_of(wanted, available) if known else Verdict.UNKNOWN_AREA,
            there=round(100 * available / most, 2),
            line=round(100 * wanted / most, 2),
        )
        for wanted, available, known in amounts
    )


def verdict_of(wanted: int, available: int) -> Verdict:
    """Return how `available` items serve a demand for `wanted`."""
    if available < wanted:
        return Verdict.SHORT
    return Verdict.PLENTY if available >= _PLENTY * wanted else Verdict.TIGHT


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict that a person must look at first (plenty when there is none)."""
    order = tuple(Verdict)
    return max(verdicts, key=order.index, default=Verdict.PLENTY)
