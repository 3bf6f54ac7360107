"""Lists of items: what an item holds and how it is answered, which of them a reader wants, and what a list shows.

Both are read off the canonical document by marks that only its own spelling can leave there (a quotation mark of the
author is escaped in it), so that a database can look for the same marks without reading any document.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from cbt.kernel.errors import Problem
from itembank.core.blueprint_input import CODE
from itembank.core.records import AreaCount, Bank, BankSummary, ItemStatus

LONGEST_SEARCH: Final = 200


class Feature(StrEnum):
    """What an item shows beside words; `plain` is an item of words alone."""

    PLAIN = "plain"
    FIGURE = "figure"
    TABLE = "table"
    CODE = "code"
    FORMULA = "formula"


class AnswerKind(StrEnum):
    """How a response is given."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TEXT = "text"
    NUMBER = "number"


Mark = Feature | AnswerKind
MARKS: Final[Mapping[Mark, tuple[bytes, ...]]] = MappingProxyType(
    {
        Feature.FIGURE: (b'src=\\"asset:',),
        Feature.TABLE: (b"<table",),
        Feature.CODE: (b"<pre", b"<code"),
        Feature.FORMULA: (b"<math",),
        AnswerKind.SINGLE: (b'"base_type":"identifier","cardinality":"single"',),
        AnswerKind.MULTIPLE: (b'"base_type":"identifier","cardinality":"multiple"',),
        AnswerKind.TEXT: (b'"base_type":"string"',),
        AnswerKind.NUMBER: (b'"base_type":"float"', b'"base_type":"integer"'),
    }
)
BESIDE_WORDS: Final = tuple(feature for feature in Feature if feature is not Feature.PLAIN)


def has_mark(content: bytes, mark: Mark) -> bool:
    """Return whether the canonical document of an item bears `mark`."""
    if mark is Feature.PLAIN:
        return not any(has_mark(content, feature) for feature in BESIDE_WORDS)
    return any(sign in content for sign in MARKS[mark])


def features(content: bytes) -> tuple[Feature, ...]:
    """Return what the item shows; words alone are `plain`."""
    return tuple(feature for feature in BESIDE_WORDS if has_mark(content, feature)) or (Feature.PLAIN,)


def answer_kinds(content: bytes) -> tuple[AnswerKind, ...]:
    """Return the ways in which the item is answered."""
    return tuple(kind for kind in AnswerKind if has_mark(content, kind))


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
