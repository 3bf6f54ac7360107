"""The stratified draw: fill every demand at random, no two enemies, groups as a whole; levels and scores come later."""

from typing import Final

from cbt.kernel.chance import Chance
from itembank.core.allotment import Allotment
from itembank.core.drawing.board import Board, Pool
from itembank.core.drawing.draft import Draft

# After so many misses the open units are listed, which is slow but finds the last one.
_BLIND_TRIES: Final = 24


def fill(board: Board, closed: bytes, chance: Chance) -> Draft | None:
    """Return a draft with every slot taken, or None when this order of chance ran into a corner."""
    draft = Draft(board, closed)
    filled = all(
        _match(draft, pool, chance) if pool.competing else _sample(draft, pool, chance) for pool in board.pools
    )
    return draft if filled else None


def _sample(draft: Draft, pool: Pool, chance: Chance) -> bool:
    demands = draft.board.demands
    order = [demand for demand in pool.demands for _ in range(demands[demand].count)]
    # Groups over several demands: whichever is filled first would keep the groups of the others out.
    for demand in chance.shuffled(order) if len(pool.demands) > 1 else order:
        if draft.lacking(demand) and not _take_one(draft, demand, chance):
            return False
    return True


def _take_one(draft: Draft, demand: int, chance: Chance) -> bool:
    units = draft.board.units[demand]
    for _ in range(_BLIND_TRIES if units else 0):
        if _take(draft, units[chance.below(len(units))], demand, chance):
            return True
    return any(_take(draft, unit, demand, chance) for unit in chance.shuffled(units))


def _take(draft: Draft, unit: int, demand: int, chance: Chance) -> bool:
    if unit >= 0:
        if not draft.is_open(unit):
            return False
        draft.place(unit, demand)
        return True
    layouts = [one for one in draft.board.layouts[-1 - unit] if one[0][1] == demand and draft.fits(one)]
    if layouts:
        draft.place_group(layouts[chance.below(len(layouts))])
    return bool(layouts)


def _match(draft: Draft, pool: Pool, chance: Chance) -> bool:
    """Fill demands that share items: units in random order, earlier items moved to another demand where that helps."""
    board = draft.board
    wanted = [one.count if index in pool.demands else 0 for index, one in enumerate(board.demands)]
    allotment = Allotment(wanted)
    for unit in chance.shuffled(pool.units):
        if not allotment.missing:
            break
        if unit < 0:
            _reserve(draft, unit, allotment, chance)
        elif draft.is_open(unit) and allotment.offer(unit, chance.shuffled(sorted(board.serves[unit]))):
            _mark(draft, unit)
    for demand in pool.demands:
        for item in allotment.served[demand]:
            draft.place(item, demand)
    return not allotment.missing


def _reserve(draft: Draft, unit: int, allotment: Allotment, chance: Chance) -> None:
    layouts = [
        one
        for one in draft.board.layouts[-1 - unit]
        if draft.fits(one) and allotment.has_room([demand for _, demand in one])
    ]
    if layouts:
        layout = layouts[chance.below(len(layouts))]
        allotment.reserve([demand for _, demand in layout])
        draft.place_group(layout)


def _mark(draft: Draft, item: int) -> None:
    # Its slot is known only when the matching is complete, its enemies are not admitted from now on.
    draft.shut[item] = 1
    for label in draft.board.labels[item]:
        draft.present[label] = 1
