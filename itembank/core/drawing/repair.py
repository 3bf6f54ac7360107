"""Repair by swaps: any random swap that does not make a part worse is taken.

Taking the best swap instead would use items of middling difficulty over and over. Swaps keep cell and demand, and
never bring in a shut item or an enemy, so that only levels and expected scores are at stake.
"""

from cbt.kernel.chance import Chance
from itembank.core.drawing.board import ALONE
from itembank.core.drawing.draft import Draft, level_cost, part_cost

Exchange = tuple[list[int], list[tuple[int, int]]]
"""Slots to be freed, and (slot, item) pairs to be put on them."""


def repair(draft: Draft, part: int, chance: Chance, tries: int) -> bool:
    """Swap until the part keeps its rules; return whether it does after at most `tries` swaps tried."""
    rules = draft.board.parts[part]
    if not rules.binding:
        return True
    wander(draft, part, chance, tries, slack=rules.aim, until_kept=True)
    return not part_cost(draft, part, rules.tolerance)[0]


def wander(draft: Draft, part: int, chance: Chance, tries: int, *, slack: int, until_kept: bool = False) -> None:
    """Try `tries` random swaps in a part and take those that make nothing worse; stop early once nothing is broken."""
    board, below = draft.board, chance.below
    items, shut, labels, level = draft.items, draft.shut, board.labels, board.level
    rules = board.parts[part]
    first, size = rules.slots.start, len(rules.slots)
    cost, counts, total = part_cost(draft, part, slack)
    for _ in range(tries):
        if until_kept and not cost:
            return
        slot = first + below(size)
        old, demand = items[slot], board.slot_demand[slot]
        units = board.units[demand]
        if not units:
            continue
        new = units[below(len(units))]
        if new < 0 or board.group[old] != ALONE:
            cost, counts, total = _swap_groups(draft, part, (slot, new), chance, slack)
            continue
        if shut[new] or (labels[new] and _clashes(draft, new, old)):
            continue
        moved = total + board.points[demand] * (board.worth[new] - board.worth[old])
        after = 0 if rules.target is None else max(abs(moved - rules.target) - slack, 0)
        counts[level[old]] -= 1
        counts[level[new]] += 1
        after += sum(map(level_cost, counts, rules.least, rules.most))
        if after > cost:
            counts[level[old]] += 1
            counts[level[new]] -= 1
            continue
        draft.take(slot)
        draft.put(slot, new)
        cost, total = after, moved


def _clashes(draft: Draft, new: int, old: int) -> bool:
    leaving = draft.board.labels[old]
    return any(draft.present[label] and label not in leaving for label in draft.board.labels[new])


def _swap_groups(
    draft: Draft, part: int, swap: tuple[int, int], chance: Chance, slack: int
) -> tuple[int, list[int], int]:
    """Try a swap in which a group comes or goes, and return what the part costs then."""
    before = part_cost(draft, part, slack)
    exchange = _exchange(draft, *swap, chance)
    if exchange is None:
        return before
    freed, arriving = exchange
    former = [(slot, draft.take(slot)) for slot in freed]
    for placed, (slot, item) in enumerate(arriving):
        if not draft.is_open(item):
            return _undo(draft, [one for one, _ in arriving[:placed]], former, before)
        draft.put(slot, item)
    after = part_cost(draft, part, slack)
    return _undo(draft, [one for one, _ in arriving], former, before) if after[0] > before[0] else after


def _undo(
    draft: Draft, taken: list[int], former: list[tuple[int, int]], before: tuple[int, list[int], int]
) -> tuple[int, list[int], int]:
    for slot in taken:
        draft.take(slot)
    for slot, item in former:
        draft.put(slot, item)
    return before


def _exchange(draft: Draft, slot: int, new: int, chance: Chance) -> Exchange | None:
    """Return what must leave when `new` comes to the demand of `slot`, and what else comes for it."""
    board = draft.board
    leaving = draft.slots_of_group(slot)
    free: dict[int, list[int]] = {}
    for one in leaving:
        free.setdefault(board.slot_demand[one], []).append(one)
    arriving: list[tuple[int, int]] = []
    for item, demand in _entering(draft, board.slot_demand[slot], new, chance):
        if not free.get(demand):
            other = _lone_slot(draft, demand, leaving, chance)
            if other is None:
                return None
            leaving.append(other)
            free.setdefault(demand, []).append(other)
        arriving.append((free[demand].pop(), item))
    for demand, slots in free.items():
        for one in slots:
            units = board.units[demand]
            item = units[chance.below(len(units))] if units else ALONE
            if item < 0:
                return None
            arriving.append((one, item))
    return (leaving, arriving) if arriving else None


def _entering(draft: Draft, demand: int, new: int, chance: Chance) -> tuple[tuple[int, int], ...]:
    if new >= 0:
        return ((new, demand),)
    board = draft.board
    layouts = [one for one in board.layouts[-1 - new] if one[0][1] == demand]
    layout = layouts[chance.below(len(layouts))]
    # A group that is on the form already would be put beside itself.
    return () if any(draft.shut[item] for item, _ in layout) else layout


def _lone_slot(draft: Draft, demand: int, leaving: list[int], chance: Chance) -> int | None:
    board = draft.board
    start = board.first_slot[demand]
    slots = range(start, start + board.demands[demand].count)
    lone = [slot for slot in slots if board.group[draft.items[slot]] == ALONE and slot not in leaving]
    return lone[chance.below(len(lone))] if lone else None
