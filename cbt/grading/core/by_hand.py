"""Marks that a person gives for what no rule scores, and what still waits for one."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from cbt.delivery.core.entries import Responses
from cbt.kernel.score import Score
from cbt.people.core.actors import Actor
from itembank.core.items import ItemContent
from itembank.core.keys import ItemKey


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkByHand:
    """Points for one slot of an attempt, by whom and with which words."""

    attempt_id: UUID
    slot: int
    points: Score
    words: str
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaiting:
    """An attempt with slots that a person has still to mark."""

    attempt_id: UUID
    sitting_code: str
    slots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One answer to mark: the item with its key, what was answered, and the most points; not who answered."""

    attempt_id: UUID
    slot: int
    possible: Score
    content: ItemContent
    key: ItemKey
    responses: Responses
    drawn: Mapping[str, str]
