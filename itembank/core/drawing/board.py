"""The board: blueprint and bank as integers, so that a draw compares numbers and not objects.

Items, demands, levels, enemy labels and groups (items of one stimulus) are counted from 0. A slot is a place of the
form; the slots of one demand lie beside each other, so that part and demand of a slot never change.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from itembank.core.allotment import Signature
from itembank.core.bank import BankView, Candidate, signatures
from itembank.core.blueprint import Blueprint, Demand, demands

SHARE_UNITS: Final = 10_000
_POINT_UNITS: Final = 1000
SCORE_UNITS: Final = SHARE_UNITS * _POINT_UNITS  # what one expected point is on the board
ALONE: Final = -1
_MOST_LAYOUTS: Final = 24
# The draw aims inside the tolerance, so that the sums of several parts vary less than one part may.
_AIM: Final = 8

_Useful = list[tuple[Candidate, Signature]]
Layout = tuple[tuple[int, int], ...]
"""For each member of a group (item) the demand that it serves; all of one part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRules:
    """What a part must keep: its slots, the least and most of each level, and the expected score on the board.

    `target` is None when the part has no expected score in force.
    """

    slots: range
    least: tuple[int, ...]
    most: tuple[int, ...]
    target: int | None = None
    tolerance: int = 0
    aim: int = 0

    @property
    def binding(self) -> bool:
        """Return whether a filling could break any of them."""
        size = len(self.slots)
        return self.target is not None or any(self.least) or any(most < size for most in self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Demands that must be filled together, and what can be taken for them: an item i as i, a group g as -1 - g.

    `competing`: an item could serve several of them, so that only a matching fills them all.
    """

    demands: tuple[int, ...]
    units: tuple[int, ...]
    competing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A blueprint laid over a bank; `units[demand]` holds the lone items for a demand and the groups led from it.

    `narrowed`: items were left out because their stimulus fits nowhere as a whole.
    """

    candidates: tuple[Candidate, ...]
    demands: tuple[Demand, ...]
    parts: tuple[PartRules, ...]
    slot_demand: tuple[int, ...]
    first_slot: tuple[int, ...]
    points: tuple[int, ...]
    worth: tuple[int, ...]
    level: tuple[int, ...]
    labels: tuple[tuple[int, ...], ...]
    label_count: int
    group: tuple[int, ...]
    layouts: tuple[tuple[Layout, ...], ...]
    serves: tuple[Signature, ...]
    units: tuple[tuple[int, ...], ...]
    pools: tuple[Pool, ...]
    narrowed: bool

    @property
    def ruled(self) -> bool:
        """Return whether any rule could make a difference to a plain draw."""
        return self.narrowed or any(self.labels) or bool(self.layouts) or any(part.binding for part in self.parts)

    def members(self, group: int) -> tuple[int, ...]:
        """Return the items of a group."""
        return tuple(item for item, _ in self.layouts[group][0])


def lay(blueprint: Blueprint, bank: BankView) -> Board:
    """Return the board; items that serve no demand, or whose group fits nowhere as a whole, are left out."""
    wanted = tuple(demands(blueprint))
    useful, narrowed = _useful(blueprint, bank, wanted)
    candidates, serves = tuple(one for one, _ in useful), tuple(signature for _, signature in useful)
    together = tuple(_together(useful).values()) if blueprint.rules.stimuli else ()
    layouts = tuple(tuple(islice(_layouts(wanted, useful, found), _MOST_LAYOUTS)) for found in together)
    group = [ALONE] * len(useful)
    for number, found in enumerate(together):
        for place in found:
            group[place] = number
    labels, label_count = _labels(candidates) if blueprint.rules.enemies else (((),) * len(useful), 0)
    names = sorted({one.level for part in range(len(blueprint.parts)) for one in blueprint.level_ranges(part)})
    by_name = {name: number for number, name in enumerate(names, start=1)}
    return Board(
        candidates=candidates,
        demands=wanted,
        parts=tuple(_part_rules(blueprint, part, names, wanted) for part in range(len(blueprint.parts))),
        slot_demand=tuple(index for index, demand in enumerate(wanted) for _ in range(demand.count)),
        first_slot=tuple(sum(demand.count for demand in wanted[:index]) for index in range(len(wanted))),
        points=tuple(int(demand.points * _POINT_UNITS) for demand in wanted),
        worth=tuple(round((one.expected or 0.0) * SHARE_UNITS) for one in candidates),
        level=tuple(by_name.get(one.level, 0) for one in candidates),
        labels=labels,
        label_count=label_count,
        group=tuple(group),
        layouts=layouts,
        serves=serves,
        units=_units(len(wanted), serves, group, layouts),
        pools=_pools(len(wanted), serves, group, layouts),
        narrowed=narrowed,
    )


def _useful(blueprint: Blueprint, bank: BankView, wanted: tuple[Demand, ...]) -> tuple[_Useful, bool]:
    # By code, so that the order in which a database returns items cannot change a form.
    ordered = sorted(zip(bank.candidates, signatures(wanted, bank), strict=True), key=lambda pair: pair[0].item_code)
    useful = [(candidate, serves) for candidate, serves in ordered if serves]
    if not blueprint.rules.stimuli:
        return useful, False
    homeless = {
        place
        for found in _together(useful).values()
        if (blueprint.rules.enemies and _at_odds([useful[place][0] for place in found]))
        or not any(_layouts(wanted, useful, found))
        for place in found
    }
    return [pair for place, pair in enumerate(useful) if place not in homeless], bool(homeless)


def _together(useful: Sequence[tuple[Candidate, Signature]]) -> dict[str, list[int]]:
    by_stimulus: dict[str, list[int]] = {}
    for place, (candidate, _) in enumerate(useful):
        if candidate.stimulus:
            by_stimulus.setdefault(candidate.stimulus, []).append(place)
    return {name: places for name, places in sorted(by_stimulus.items()) if len(places) > 1}


def _layouts(
    wanted: tuple[Demand, ...], useful: Sequence[tuple[Candidate, Signature]], members: Sequence[int]
) -> Iterator[Layout]:
    for part in sorted({wanted[demand].part for demand in useful[members[0]][1]}):
        choices = [sorted(demand for demand in useful[one][1] if wanted[demand].part == part) for one in members]
        for served in _assignments(choices, [demand.count for demand in wanted]):
            yield tuple(zip(members, served, strict=True))


def _at_odds(members: Sequence[Candidate]) -> bool:
    labels = [label for one in members for label in one.enemies]
    return len(labels) > len(set(labels))


def _assignments(choices: Sequence[Sequence[int]], room: list[int]) -> Iterator[tuple[int, ...]]:
    if not choices:
        yield ()
        return
    for demand in choices[0]:
        if room[demand]:
            room[demand] -= 1
            for rest in _assignments(choices[1:], room):
                yield (demand, *rest)
            room[demand] += 1


def _labels(candidates: tuple[Candidate, ...]) -> tuple[tuple[tuple[int, ...], ...], int]:
    """Return for each item the labels that another item shares."""
    seen: dict[str, int] = {}
    for candidate in candidates:
        for label in candidate.enemies:
            seen[label] = seen.get(label, 0) + 1
    shared = {label: number for number, label in enumerate(sorted(label for label, times in seen.items() if times > 1))}
    numbered = (tuple(sorted(shared[label] for label in one.enemies if label in shared)) for one in candidates)
    return tuple(numbered), len(shared)


def _part_rules(blueprint: Blueprint, part: int, names: Sequence[str], wanted: tuple[Demand, ...]) -> PartRules:
    first = sum(demand.count for demand in wanted if demand.part < part)
    size = blueprint.parts[part].item_count()
    ranges = {one.level: one for one in blueprint.level_ranges(part)}
    expected = blueprint.expected_score(part)
    rules = PartRules(
        slots=range(first, first + size),
        least=(0, *(ranges[name].least if name in ranges else 0 for name in names)),
        most=(size, *(ranges[name].most if name in ranges else size for name in names)),
    )
    if expected is None:
        return rules
    tolerance = int(expected.tolerance * SCORE_UNITS)
    return PartRules(
        slots=rules.slots,
        least=rules.least,
        most=rules.most,
        target=int(expected.target * SCORE_UNITS),
        tolerance=tolerance,
        aim=tolerance // _AIM,
    )


def _units(
    count: int, serves: Sequence[Signature], group: Sequence[int], layouts: Sequence[Sequence[Layout]]
) -> tuple[tuple[int, ...], ...]:
    """Return for each demand the single items that could serve it and the groups whose first member could."""
    found: list[list[int]] = [[] for _ in range(count)]
    for item, signature in enumerate(serves):
        if group[item] == ALONE:
            for demand in sorted(signature):
                found[demand].append(item)
    for number, options in enumerate(layouts):
        for demand in sorted({layout[0][1] for layout in options}):
            found[demand].append(-1 - number)
    return tuple(map(tuple, found))


def _pools(
    count: int, serves: Sequence[Signature], group: Sequence[int], layouts: Sequence[Sequence[Layout]]
) -> tuple[Pool, ...]:
    """Return the demands joined where an item could serve several, or a group needs several."""
    contested = [sorted(signature) for signature in set(serves) if len(signature) > 1]
    needed = [sorted({demand for layout in options for _, demand in layout}) for options in layouts]
    root = _joined(count, [*contested, *needed])
    units: dict[int, list[int]] = {index: [] for index in sorted(set(root))}
    for item, signature in enumerate(serves):
        if group[item] == ALONE:
            units[root[min(signature)]].append(item)
    for number, options in enumerate(layouts):
        units[root[options[0][0][1]]].append(-1 - number)
    competing = {root[first] for first, *_ in contested}
    return tuple(
        Pool(
            demands=tuple(index for index in range(count) if root[index] == lowest),
            units=tuple(found),
            competing=lowest in competing,
        )
        for lowest, found in units.items()
    )


def _joined(count: int, ties: Sequence[Sequence[int]]) -> list[int]:
    """Return for each demand the lowest one that it is tied to, itself when there is none."""
    root = list(range(count))
    for tie in ties:
        lowest = min(root[index] for index in tie)
        merged = {root[index] for index in tie}
        root = [lowest if one in merged else one for one in root]
    return root
