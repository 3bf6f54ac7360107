"""Which rule keeps a blueprint from being drawn: first what can be counted, then what only trying shows.

Counted are rules that fail by themselves, each with supply against demand. When every rule could be kept alone but no
form keeps all of them, each is left out in turn: those without which there is a form are named.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from cbt.kernel.errors import Problem
from cbt.kernel.score import shown, shown_up
from itembank.core.bank import BankView
from itembank.core.blueprint import Blueprint, Demand
from itembank.core.drawing.board import SCORE_UNITS, Board, lay
from itembank.core.drawing.exposure import greatest_share
from itembank.core.drawing.search import find_witness
from itembank.core.places import place_of
from itembank.core.rules import LevelRange


def rule_problems(blueprint: Blueprint, board: Board, available: Sequence[int]) -> tuple[Problem, ...]:
    """Return every rule that fails by itself, with supply against demand.

    `available` says how many items each demand has before any rule: a plain shortage is not blamed on a rule.
    """
    of_parts = (
        problem
        for part in range(len(blueprint.parts))
        for problem in (*_level_problems(blueprint, board, part), *_score_problems(blueprint, board, part))
    )
    return (
        *of_parts,
        *_enemy_problems(blueprint, board),
        *_stimulus_problems(blueprint, board, available),
        *_cap_problems(blueprint, board),
    )


def conflicts(blueprint: Blueprint, bank: BankView) -> tuple[Problem, ...]:
    """Return the rules without which there would be a form; the whole set when no single one is to blame."""
    named = [
        Problem(where=where, code="rules-conflict", hint="no form keeps this rule together with all the others")
        for where, without in _relaxed(blueprint)
        if find_witness(lay(without, bank)) is not None
    ]
    if named:
        return tuple(named)
    where = "; ".join(where for where, _ in _relaxed(blueprint)) or "blueprint"
    return (Problem(where=where, code="rules-conflict", hint="no form was found that keeps these rules together"),)


def _relaxed(blueprint: Blueprint) -> Iterator[tuple[str, Blueprint]]:
    if blueprint.rules.enemies:
        yield "rule enemies", replace(blueprint, rules=replace(blueprint.rules, enemies=False))
    if blueprint.rules.stimuli:
        yield "rule stimuli", replace(blueprint, rules=replace(blueprint.rules, stimuli=False))
    for index, part in enumerate(blueprint.parts):
        if blueprint.level_ranges(index):
            yield f"part {part.code}, levels", _with_part(blueprint, index, levels=())
        if blueprint.expected_score(index) is not None:
            yield f"part {part.code}, expected score", _with_part(blueprint, index, expected=None)


def _with_part(blueprint: Blueprint, index: int, **changes: object) -> Blueprint:
    part = replace(blueprint.parts[index], **changes)  # type: ignore[arg-type]
    return replace(blueprint, parts=(*blueprint.parts[:index], part, *blueprint.parts[index + 1 :]))


def _level_problems(blueprint: Blueprint, board: Board, part: int) -> Iterator[Problem]:
    where = f"part {blueprint.parts[part].code}, levels"
    ranges = blueprint.level_ranges(part)
    size, least = blueprint.parts[part].item_count(), sum(one.least for one in ranges)
    if least > size:
        yield Problem(where=where, code="levels-too-many", hint=f"at least {least} items asked for, {size} in the part")
    for one in ranges:
        fewest, most = _reach(board, part, one)
        place = f"part {blueprint.parts[part].code}, level {one.level}"
        if most < one.least:
            yield Problem(where=place, code="level-shortage", hint=f"wanted at least {one.least}, available {most}")
        if fewest > one.most:
            hint = f"wanted at most {one.most}, but {fewest} items of this level cannot be avoided"
            yield Problem(where=place, code="level-excess", hint=hint)


def _reach(board: Board, part: int, one: LevelRange) -> tuple[int, int]:
    """Return the fewest and the most items of a level that a part could have, each cell taken by itself."""
    fewest = most = 0
    for demand, supply in _supply(board, part):
        having = sum(1 for item in supply if board.candidates[item].level == one.level)
        most += min(demand.count, having)
        fewest += max(demand.count - (len(supply) - having), 0)
    return fewest, most


def _score_problems(blueprint: Blueprint, board: Board, part: int) -> Iterator[Problem]:
    expected, rules = blueprint.expected_score(part), board.parts[part]
    if expected is None or rules.target is None:
        return
    low = high = 0
    for demand, supply in _supply(board, part):
        shares = sorted(board.worth[item] for item in supply)
        points = int(demand.points * 1000)
        low += points * sum(shares[: demand.count])
        high += points * sum(shares[-demand.count :])
    if low > rules.target + rules.tolerance or high < rules.target - rules.tolerance:
        lowest, highest = (shown(Fraction(one, SCORE_UNITS), 2) for one in (low, high))
        wanted = f"{expected.target.normalize():f} ± {expected.tolerance.normalize():f}"
        hint = f"wanted {wanted} points, the items allow {lowest} to {highest}"
        where = f"part {blueprint.parts[part].code}, expected score"
        yield Problem(where=where, code="expected-out-of-reach", hint=hint)


def _enemy_problems(blueprint: Blueprint, board: Board) -> Iterator[Problem]:
    for index, demand in enumerate(board.demands):
        supply = [item for item, serves in enumerate(board.serves) if index in serves]
        # All items of a label are enemies of each other: at most one of them can stand on a form.
        apart = len({board.labels[item][0] for item in supply if board.labels[item]})
        together = apart + sum(1 for item in supply if not board.labels[item])
        if len(supply) >= demand.count > together:
            hint = f"wanted {demand.count}, available {together} that are no enemies of each other (of {len(supply)})"
            yield Problem(where=f"{place_of(blueprint, demand)}, rule enemies", code="enemy-shortage", hint=hint)


def _stimulus_problems(blueprint: Blueprint, board: Board, available: Sequence[int]) -> Iterator[Problem]:
    for index, demand in enumerate(board.demands):
        sizes = _sizes(board, index)
        if sizes is None:
            continue
        lone = sum(1 for unit in board.units[index] if unit >= 0)
        sums = {0}
        for size in sizes:
            sums |= {one + size for one in sums if one + size <= demand.count}
        best = max(min(one + lone, demand.count) for one in sums)
        if available[index] >= demand.count > best:
            hint = f"wanted {demand.count}, available {best} when items of one stimulus are drawn together"
            yield Problem(where=f"{place_of(blueprint, demand)}, rule stimuli", code="stimulus-misfit", hint=hint)


def _sizes(board: Board, demand: int) -> list[int] | None:
    """Return the sizes of the groups in a demand, or None when other demands have a say."""
    pool = next(one for one in board.pools if demand in one.demands)
    if len(pool.demands) > 1:
        return None
    return [len(board.members(-1 - unit)) for unit in pool.units if unit < 0]


def _cap_problems(blueprint: Blueprint, board: Board) -> Iterator[Problem]:
    share = greatest_share(blueprint, board)
    if share is None:
        return
    for index, demand in enumerate(board.demands):
        supply = sum(1 for serves in board.serves if index in serves)
        if supply >= demand.count > share * supply:
            needed = shown_up(Fraction(demand.count, supply), 3)
            hint = f"each form needs {demand.count} of {supply} items, a share of {needed}; the cap allows "
            hint += shown(share, 3)
            yield Problem(where=f"{place_of(blueprint, demand)}, rule exposure", code="exposure-shortage", hint=hint)


def _supply(board: Board, part: int) -> Iterator[tuple[Demand, list[int]]]:
    for index, demand in enumerate(board.demands):
        if demand.part == part:
            yield demand, [item for item, serves in enumerate(board.serves) if index in serves]
