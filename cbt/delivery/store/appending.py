"""The way into journals: heads locked, rows appended, projections written, each in one statement for any number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from operator import attrgetter, is_
from typing import Any, Final, TypeAlias
from uuid import UUID

from cbt.delivery.core.attempt import Attempt
from cbt.delivery.core.entries import sent_of
from cbt.delivery.core.journal import Linked
from cbt.delivery.store import attempts, recovered
from cbt.delivery.tables import AttemptRow, EntryRow
from cbt.kernel.bulk import Insert, Lookup, Update
from cbt.kernel.runtime import Transaction

Change: TypeAlias = tuple[Attempt, Sequence[Linked]]  # the attempt after, and its new rows

_HEADS: Final = Lookup(AttemptRow, ("id", "head_hash", "sitting_room_id"), key="id", lock=True)
_ENTRIES: Final = Insert(EntryRow, ("attempt_id", "number", "content", "hash", "at", "lease", "lease_number"))
_WHOLE: Final = Update(AttemptRow, attempts.PROJECTION, key="id")
# All that an answer or a mark changes of an attempt.
_PROGRESS: Final = Update(
    AttemptRow, ("lease_next", "answered", "flagged", "head_number", "head_hash", "head_at"), key="id"
)
_MOVING: Final = frozenset({"lease_next", "answered", "flagged", "head"})
_rest_of: Final = attrgetter(*(field.name for field in fields(Attempt) if field.name not in _MOVING))


def lock_heads(tx: Transaction, attempt_ids: Iterable[UUID]) -> dict[UUID, tuple[bytes, UUID]]:
    """Lock the rows in id order; return for each the hash of its journal's head and its room. Missing are left out."""
    return {row[0]: (row[1], row[2]) for row in _HEADS.run(tx.session, set(attempt_ids))}


def append(tx: Transaction, changes: Sequence[Change], before: Mapping[UUID, Attempt] | None = None) -> None:
    """Append each attempt's new rows and write its projection as the last of its changes left it.

    With the attempts `before` all changes, those that only went on are written in short.
    """
    _ENTRIES.run(tx.session, [_entry_values(attempt.id, linked) for attempt, links in changes for linked in links])
    last = {attempt.id: attempt for attempt, links in changes if links}
    short: list[Attempt] = []
    whole: list[Attempt] = []
    for attempt in last.values():
        earlier = None if before is None else before.get(attempt.id)
        (short if earlier is not None and _only_went_on(earlier, attempt) else whole).append(attempt)
    _PROGRESS.run(tx.session, [_progress(attempt) for attempt in short])
    _WHOLE.run(tx.session, [(*attempts.projection(attempt), attempt.id) for attempt in whole])
    for attempt, links in changes:
        recovered.note(tx, attempt.id, links)


def _only_went_on(before: Attempt, after: Attempt) -> bool:
    """Tell whether nothing but answers, marks and the head differs; what was left alone is the same object."""
    return all(map(is_, _rest_of(before), _rest_of(after)))


def _progress(attempt: Attempt) -> tuple[Any, ...]:
    head = attempt.head
    bits = attempts.bitmap
    return (
        attempt.lease_next,
        bits(attempt.answered),
        bits(attempt.flagged),
        head.number,
        head.hash,
        head.at,
        attempt.id,
    )


def _entry_values(attempt_id: UUID, linked: Linked) -> tuple[Any, ...]:
    entry = linked.entry
    sent = sent_of(entry)
    place = (None, None) if sent is None else (sent.lease, sent.number)
    return attempt_id, linked.number, linked.content, linked.hash, entry.at, *place
