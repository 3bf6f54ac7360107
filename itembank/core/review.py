"""The life of an item version: its states, which moves between them are legal, and for whom.

One table says it all. Nobody approves an item that he or she wrote; a version that was approved is never written again,
so that a change means a new version. Forms that were drawn keep their versions whatever happens here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from cbt.kernel.errors import Conflict, Forbidden, InvalidInput
from cbt.people.core.actors import Role
from itembank.core.records import ItemStatus

WRITERS: Final = frozenset({Role.ADMIN, Role.AUTHOR})
LONGEST_WORDS: Final = 2000


class MoveIllegal(Conflict):
    """The version cannot go into that state from where it is now; look at the item again."""

    code = "move-illegal"


class OwnItem(Forbidden):
    """Somebody else than the author decides on an item."""

    code = "own-item"


class NotTheAuthor(Forbidden):
    """Only the author takes an item back from the review."""

    code = "not-the-author"


class NoWriter(Forbidden):
    """Only authors and administrators may do this."""

    code = "no-writer"


class ReasonNeeded(InvalidInput):
    """Say why: this move needs a reason."""

    code = "reason-needed"


class Who(StrEnum):
    """Whose move it is, among those who may write items."""

    ANYBODY = "anybody"
    AUTHOR = "author"
    SECOND = "second"  # somebody else than the author


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The condition of one move, and whether it needs words."""

    who: Who = Who.ANYBODY
    reason: bool = False


_WITH_REASON: Final = Rule(reason=True)
RULES: Final[Mapping[tuple[ItemStatus, ItemStatus], Rule]] = MappingProxyType(
    {
        (ItemStatus.DRAFT, ItemStatus.REVIEW): Rule(),
        (ItemStatus.DRAFT, ItemStatus.BLOCKED): _WITH_REASON,
        (ItemStatus.DRAFT, ItemStatus.RETIRED): _WITH_REASON,
        (ItemStatus.REVIEW, ItemStatus.APPROVED): Rule(who=Who.SECOND),
        (ItemStatus.REVIEW, ItemStatus.REWORK): Rule(who=Who.SECOND, reason=True),
        (ItemStatus.REVIEW, ItemStatus.DRAFT): Rule(who=Who.AUTHOR),
        (ItemStatus.REVIEW, ItemStatus.BLOCKED): _WITH_REASON,
        (ItemStatus.REVIEW, ItemStatus.RETIRED): _WITH_REASON,
        (ItemStatus.REWORK, ItemStatus.REVIEW): Rule(),
        (ItemStatus.REWORK, ItemStatus.BLOCKED): _WITH_REASON,
        (ItemStatus.REWORK, ItemStatus.RETIRED): _WITH_REASON,
        (ItemStatus.APPROVED, ItemStatus.BLOCKED): _WITH_REASON,
        (ItemStatus.APPROVED, ItemStatus.RETIRED): _WITH_REASON,
        (ItemStatus.BLOCKED, ItemStatus.REVIEW): _WITH_REASON,
        (ItemStatus.BLOCKED, ItemStatus.RETIRED): _WITH_REASON,
        (ItemStatus.RETIRED, ItemStatus.REVIEW): _WITH_REASON,
    }
)
# What is still decided on a version when a newer one is being written: to take it out of the draw, and no more.
_OUT_OF_THE_DRAW: Final = frozenset(
    {
        (ItemStatus.APPROVED, ItemStatus.BLOCKED),
        (ItemStatus.APPROVED, ItemStatus.RETIRED),
        (ItemStatus.BLOCKED, ItemStatus.RETIRED),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFacts:
    """What the moves of a version depend on.

    `author_id` is None when nobody on the staff wrote it (a load on the shell); `superseded` means that a newer
    version was approved, after which nothing more is decided on this one.
    """

    status: ItemStatus
    author_id: UUID | None
    newest: bool = True
    superseded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """Who wants to move an item."""

    id: UUID | None
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One move that is offered."""

    to: ItemStatus
    reason_needed: bool


def legal_moves(facts: VersionFacts, mover: Mover) -> tuple[Move, ...]:
    """Return the moves that `mover` may make now, the way onward first."""
    return tuple(
        Move(to=to, reason_needed=rule.reason)
        for (start, to), rule in RULES.items()
        if start is facts.status and refusal(facts, mover, to) is None
    )


def others_moves(facts: VersionFacts, mover: Mover) -> tuple[ItemStatus, ...]:
    """Return the moves that wait for somebody else, because `mover` wrote the version."""
    return tuple(
        to for (start, to) in RULES if start is facts.status and isinstance(refusal(facts, mover, to), OwnItem)
    )


def check_move(facts: VersionFacts, mover: Mover, to: ItemStatus, words: str) -> None:
    """Raise MoveIllegal, OwnItem, NotTheAuthor, NoWriter or ReasonNeeded unless the move may be made."""
    refused = refusal(facts, mover, to)
    if refused is not None:
        raise refused
    if RULES[facts.status, to].reason and not words.strip():
        raise ReasonNeeded


def refusal(facts: VersionFacts, mover: Mover, to: ItemStatus) -> Conflict | Forbidden | None:
    """Return what keeps `mover` from moving the version to `to`, or None."""
    rule = RULES.get((facts.status, to))
    if mover.roles.isdisjoint(WRITERS):
        return NoWriter()
    if rule is None or facts.superseded:
        return MoveIllegal()
    if not facts.newest and (facts.status, to) not in _OUT_OF_THE_DRAW:
        return MoveIllegal()
    own = facts.author_id is not None and facts.author_id == mover.id
    if rule.who is Who.SECOND and own:
        return OwnItem()
    if rule.who is Who.AUTHOR and not own and facts.author_id is not None:
        return NotTheAuthor()
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionState:
    """What decides whether an item is drawn, of one of its versions."""

    number: int
    status: ItemStatus
    ever_approved: bool


def drawn_number(versions: tuple[VersionState, ...]) -> int | None:
    """Return the number of the version that a draw takes of an item, or None.

    It is the newest version that was ever approved, while it still is; a newer draft does not matter, a newer blocked
    version keeps the whole item out. A retired version does not bring an older one back.
    """
    decisive = [one for one in versions if one.ever_approved or one.status is ItemStatus.BLOCKED]
    if not decisive:
        return None
    last = max(decisive, key=lambda one: one.number)
    return last.number if last.status is ItemStatus.APPROVED else None
