"""Blocks between the title and the foot of a sheet: as tight as they must be, the rest of the paper shared as gaps."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from cbt.kernel.errors import InvalidInput

LEAST_GAP: Final = 3.0
DENSITIES: Final = (1.0, 0.95, 0.9, 0.86, 0.82, 0.78, 0.74, 0.7)


class SheetTooFull(InvalidInput):
    """There is more to print than one page holds."""

    code = "sheet-too-full"


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A part of the page: its height, and how it is drawn below a given top (millimetres)."""

    height: float
    draw: Callable[[float], None]


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """Blocks that fit below `top` at `density` (1 = as designed)."""

    density: float
    top: float
    blocks: Sequence[Block]


def fit(make: Callable[[float], Sequence[Block]], top_at: Callable[[float], float], bottom: float) -> Flow:
    """Return the flow at the first density at which the blocks have their least gaps; raises SheetTooFull."""
    for density in DENSITIES:
        top, blocks = top_at(density), make(density)
        if sum(block.height + LEAST_GAP for block in blocks) <= bottom - top:
            return Flow(density, top, blocks)
    raise SheetTooFull


def tops(flow: Flow, bottom: float) -> Iterator[float]:
    """Give the top of each block so that all gaps are equal and the last block ends at `bottom`."""
    gap = (bottom - flow.top - sum(block.height for block in flow.blocks)) / len(flow.blocks)
    at = flow.top
    for block in flow.blocks:
        at += gap
        yield at
        at += block.height
