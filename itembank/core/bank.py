"""A snapshot of a bank for drawing: which items could be used, where they belong and how their options may move."""

from dataclasses import dataclass
from uuid import UUID

from itembank.core.allotment import Signature
from itembank.core.blueprint import Demand
from itembank.core.items import ItemContent
from itembank.core.metadata import Calibration


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionSet:
    """The options of one response in the author's order; `pinned` ones keep their places when the rest moves.

    A `telling` order moves whatever the blueprint says: see `OptionGroup`.
    """

    response: str
    choices: tuple[str, ...]
    pinned: frozenset[str] = frozenset()
    shuffle: bool = True
    telling: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An item version that may be drawn; `areas` holds its content area and all areas above it.

    `expected` is the share of its points that it should give, in [0, 1], None when nobody knows; `calibration` only
    what was calibrated. `exposure` counts the forms that it stood on before, out of the view's `forms`.
    """

    item_code: str
    item_version_id: UUID
    key_version_id: UUID | None
    areas: frozenset[str]
    option_sets: tuple[OptionSet, ...] = ()
    difficulty_logit: float | None = None
    level: str = ""
    enemies: frozenset[str] = frozenset()
    stimulus: str = ""
    expected: float | None = None
    calibration: Calibration | None = None
    exposure: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BankView:
    """All drawable items of a bank and all its content areas; item codes are unique in it."""

    candidates: tuple[Candidate, ...]
    areas: frozenset[str] = frozenset()
    forms: int = 0


def meets(candidate: Candidate, demand: Demand) -> bool:
    """Return whether `candidate` is one of the items that `demand` asks for."""
    if demand.area not in candidate.areas or (demand.known_only and candidate.expected is None):
        return False
    return demand.difficulty is None or demand.difficulty.holds(candidate.difficulty_logit)


def signatures(wanted: tuple[Demand, ...], bank: BankView) -> tuple[Signature, ...]:
    """Return for each candidate of `bank` which of the demands it could serve."""
    by_area: dict[str, list[int]] = {}
    for index, demand in enumerate(wanted):
        by_area.setdefault(demand.area, []).append(index)
    return tuple(
        frozenset(
            index for area in candidate.areas for index in by_area.get(area, ()) if meets(candidate, wanted[index])
        )
        for candidate in bank.candidates
    )


def option_sets(content: ItemContent) -> tuple[OptionSet, ...]:
    """Return how the options of `content` may move."""
    return tuple(
        OptionSet(
            response=group.name,
            choices=group.identifiers,
            pinned=group.pinned,
            shuffle=group.shuffle,
            telling=group.telling,
        )
        for group in content.option_groups()
    )
