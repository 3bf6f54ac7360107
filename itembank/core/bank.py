"""A snapshot of a bank for drawing: which items could be used, where they belong and how their options may move."""

from dataclasses import dataclass
from uuid import UUID

from itembank.core.blueprint import Demand
from itembank.core.items import ItemContent


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionSet:
    """The options of one response in the author's order; `pinned` ones keep their places when the rest moves."""

    response: str
    choices: tuple[str, ...]
    pinned: frozenset[str] = frozenset()
    shuffle: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An item version that may be drawn; `areas` holds its content area and all areas above it."""

    item_code: str
    item_version_id: UUID
    key_version_id: UUID | None
    areas: frozenset[str]
    option_sets: tuple[OptionSet, ...] = ()
    difficulty_logit: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BankView:
    """All drawable items of a bank and all its content areas; item codes are unique in it."""

    candidates: tuple[Candidate, ...]
    areas: frozenset[str] = frozenset()


def meets(candidate: Candidate, demand: Demand) -> bool:
    """Return whether `candidate` is one of the items that `demand` asks for."""
    if demand.area not in candidate.areas:
        return False
    return demand.difficulty is None or demand.difficulty.holds(candidate.difficulty_logit)


def option_sets(content: ItemContent) -> tuple[OptionSet, ...]:
    """Return how the options of `content` may move."""
    return tuple(
        OptionSet(
            response=interaction.response,
            choices=tuple(choice.identifier for choice in interaction.choices),
            pinned=frozenset(choice.identifier for choice in interaction.choices if choice.pinned),
            shuffle=interaction.shuffle,
        )
        for interaction in content.choice_interactions()
    )
