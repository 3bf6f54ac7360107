"""The draw without rules: demands that share no items are sampled each for itself, those that compete are matched.

Its sequence of chance is that of the first version, so that a blueprint without rules gives the forms it always gave.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cbt.kernel.chance import Chance
from itembank.core.allotment import Allotment, Signature
from itembank.core.bank import Candidate
from itembank.core.blueprint import Demand
from itembank.core.drawing.board import Board
from itembank.core.drawing.paper import Picked


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainPool:
    """Demands that compete with each other (by index) and the candidates that any of them could use."""

    demands: tuple[int, ...]
    candidates: tuple[Candidate, ...]
    signatures: tuple[Signature, ...]


def plain_pools(board: Board) -> tuple[PlainPool, ...]:
    """Return the pools of a board without groups."""
    return tuple(
        PlainPool(
            demands=pool.demands,
            candidates=tuple(board.candidates[item] for item in pool.units),
            signatures=tuple(board.serves[item] for item in pool.units),
        )
        for pool in board.pools
    )


def pick_plainly(wanted: Sequence[Demand], pool: PlainPool, chance: Chance) -> Iterator[Picked]:
    """Yield the chosen candidates of one pool, each with the demand that it serves."""
    if len(pool.demands) == 1:
        demand = wanted[pool.demands[0]]
        yield from ((demand, candidate) for candidate in chance.sample(pool.candidates, demand.count))
        return
    allotment = Allotment([wanted[index].count if index in pool.demands else 0 for index in range(len(wanted))])
    hopeless: set[Signature] = set()
    for item in _in_random_order(len(pool.candidates), chance):
        if not allotment.missing:
            break
        signature = pool.signatures[item]
        if signature not in hopeless and not allotment.offer(item, chance.shuffled(sorted(signature))):
            hopeless.add(signature)
    for index in pool.demands:
        yield from ((wanted[index], pool.candidates[item]) for item in allotment.served[index])


def _in_random_order(count: int, chance: Chance) -> Iterator[int]:
    # Lazily, because a small form from a large bank looks at few items.
    order = list(range(count))
    for place in range(count):
        other = place + chance.below(count - place)
        order[place], order[other] = order[other], order[place]
        yield order[place]
