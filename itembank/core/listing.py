"""Lists of items: which of them a reader wants, and what a list shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cbt.kernel.errors import Problem
from itembank.core.blueprint_input import CODE
from itembank.core.marks import AnswerKind, Feature, Mark
from itembank.core.records import AreaCount, Bank, BankSummary, ItemStatus

LONGEST_SEARCH: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemQuery:
    """Which items a reader wants: all words, and in each facet any of the chosen (an empty one wants all).

    An area includes the areas below it.
    """

    text: str = ""
    statuses: frozenset[ItemStatus] = frozenset()
    areas: frozenset[str] = frozenset()
    features: frozenset[Feature] = frozenset()
    answers: frozenset[AnswerKind] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedItem:
    """An item in a list, by its newest version."""

    code: str
    number: int
    status: ItemStatus
    area_code: str
    title: str
    changed_at: datetime
    features: tuple[Feature, ...]
    answers: tuple[AnswerKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """How many items of the whole bank each choice would show; `areas` count those below them too."""

    statuses: Mapping[ItemStatus, int] = field(default_factory=dict)
    marks: Mapping[Mark, int] = field(default_factory=dict)
    areas: tuple[AreaCount, ...] = ()

    @property
    def items(self) -> int:
        """Return how many items the bank shows."""
        return sum(self.statuses.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class BankLine:
    """A bank in a list, with the number of its content areas."""

    summary: BankSummary
    areas: int

    @property
    def bank(self) -> Bank:
        """Return the bank."""
        return self.summary.bank


def bank_code_problem(code: str) -> Problem | None:
    """Return what is wrong with the code of a new bank, or None."""
    if not code:
        return Problem(where="code", code="missing", hint="Fill in this field.")
    if not CODE.fullmatch(code):
        hint = "Use letters, digits, dot, hyphen and underscore, 64 at most."
        return Problem(where="code", code="bad-code", hint=hint)
    return None
