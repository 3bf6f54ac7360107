"""Lists of items: which of them a reader wants, and what a list shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from cbt.kernel.errors import Problem
from itembank.core.blueprint_input import CODE
from itembank.core.marks import AnswerKind, Feature, Mark, Scoring, answer_kinds, features
from itembank.core.records import AreaCount, Bank, BankSummary, ItemId, ItemStatus

LONGEST_SEARCH: Final = 200


class Order(StrEnum):
    """What a list is sorted by."""

    CODE = "code"
    TITLE = "title"
    AREA = "area"
    STATE = "state"
    AUTHOR = "author"
    LEVEL = "level"
    P = "p"
    FORMS = "forms"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemQuery:
    """Which items a reader wants: all words, and in each facet any of the chosen (an empty one wants all).

    An area includes the areas below it. `authors` are ids of staff in hex, empty for nobody. `p` is the share of
    right answers, `forms` the number of forms an item stands on; both ends of a range are included.
    """

    text: str = ""
    statuses: frozenset[ItemStatus] = frozenset()
    areas: frozenset[str] = frozenset()
    features: frozenset[Feature] = frozenset()
    answers: frozenset[AnswerKind] = frozenset()
    scoring: frozenset[Scoring] = frozenset()
    authors: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    enemy: str = ""
    p_from: Decimal | None = None
    p_to: Decimal | None = None
    forms_from: int | None = None
    forms_to: int | None = None
    order: Order = Order.CODE
    descending: bool = False

    @property
    def narrows(self) -> bool:
        """Return whether anything but the order is asked for."""
        return replace(self, order=Order.CODE, descending=False) != ItemQuery()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedItem:
    """An item in a list, by its newest version; `p` is observed or estimated, `forms` counts frozen forms."""

    id: ItemId
    code: str
    number: int
    status: ItemStatus
    area_code: str
    title: str
    changed_at: datetime
    marks: int
    author_name: str
    level: str
    p: Decimal | None
    forms: int

    @property
    def features(self) -> tuple[Feature, ...]:
        """Return what the item shows."""
        return features(self.marks)

    @property
    def answers(self) -> tuple[AnswerKind, ...]:
        """Return how the item is answered."""
        return answer_kinds(self.marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """How many items of the whole bank each choice would show; `areas` count those below them too.

    `authors` maps the id in hex (empty: nobody) to the name and the number.
    """

    statuses: Mapping[ItemStatus, int] = field(default_factory=dict)
    marks: Mapping[Mark, int] = field(default_factory=dict)
    areas: tuple[AreaCount, ...] = ()
    authors: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    levels: Mapping[str, int] = field(default_factory=dict)
    enemies: tuple[str, ...] = ()

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
