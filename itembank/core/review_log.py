"""What is written down of the life of an item version: moves, comments, and who saw it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cbt.people.core.actors import Actor
from itembank.core.records import ItemStatus


class SeenHow(StrEnum):
    """How somebody came to see an item."""

    PAGE = "page"
    PREVIEW = "preview"
    COMPARISON = "comparison"
    EXPORT = "export"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One move as it is made."""

    before: ItemStatus
    after: ItemStatus
    by: Actor
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One point of an item's history: a version was written (`before` is None), or moved from state to state."""

    number: int
    before: ItemStatus | None
    after: ItemStatus
    by_name: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What somebody said of one version."""

    number: int
    by_name: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Somebody saw one version."""

    number: int
    by_name: str
    at: datetime
    how: SeenHow
