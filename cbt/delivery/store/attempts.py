"""Attempts: the projection row as a core value, read, locked, and its columns. `appending` writes journals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, update

from cbt.delivery.core.attempt import Attempt, AttemptState, Ended, Hand, Head
from cbt.delivery.core.decision import StoredEntry, stored_entry
from cbt.delivery.core.journal import read_entry
from cbt.delivery.core.part_documents import PARTS, place_document, place_from
from cbt.delivery.core.timing import closes_at
from cbt.delivery.tables import AttemptRow, EntryRow
from cbt.kernel import canonical
from cbt.kernel.bulk import Lookup
from cbt.kernel.db import for_update
from cbt.kernel.errors import NotFound
from cbt.kernel.runtime import Transaction
from cbt.scheduling.core.registrations import RegistrationId
from cbt.scheduling.core.sittings import SittingRoomId

# Where an attempt belongs and what it is made of stays; all other columns follow from its journal.
_LASTING: Final = frozenset({"id", "registration_id", "sitting_room_id", "form_id", "form_digest", "slots"})
PROJECTION: Final = tuple(
    column.name
    for column in AttemptRow.metadata.tables[AttemptRow.__tablename__].columns
    if column.name not in _LASTING
)


class AttemptMissing(NotFound):
    """There is no such attempt."""

    code = "attempt-missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """Where an attempt belongs: its registration, its room and its form."""

    registration_id: RegistrationId
    sitting_room_id: SittingRoomId
    form_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRow:
    """One journal row as it lies in the database."""

    number: int
    content: bytes
    hash: bytes


_ENDED: Final = Lookup(AttemptRow, ("id", "registration_id", "form_id", "ended_at", "head_hash"), key="id")
_JOURNALS: Final = Lookup(EntryRow, ("attempt_id", "content"), key="attempt_id", then=("number",))


def ended(tx: Transaction, attempt_ids: Sequence[UUID]) -> dict[UUID, Ended]:
    """Return what grading asks of attempts; raises AttemptMissing."""
    found = {
        row[0]: Ended(registration_id=row[1], form_id=row[2], ended_at=row[3], head_hash=row[4])
        for row in _ENDED.run(tx.session, attempt_ids)
    }
    for attempt_id in attempt_ids:
        if attempt_id not in found:
            raise AttemptMissing(attempt=attempt_id)
    return found


def journals_of(tx: Transaction, attempt_ids: Iterable[UUID]) -> dict[UUID, list[bytes]]:
    """Return the bytes of whole journals in order, by attempt; one that is empty is left out."""
    found: dict[UUID, list[bytes]] = {}
    for attempt_id, content in _JOURNALS.run(tx.session, attempt_ids):
        found.setdefault(attempt_id, []).append(content)
    return found


def insert_attempt(tx: Transaction, attempt: Attempt, filed: Filed) -> None:
    """Write the row of a ready attempt."""
    ids = {"id": attempt.id, "form_digest": attempt.form_digest, "slots": attempt.slots}
    places = {
        "registration_id": filed.registration_id,
        "sitting_room_id": filed.sitting_room_id,
        "form_id": filed.form_id,
    }
    tx.session.execute(insert(AttemptRow), [{**ids, **places, **_columns(attempt)}])


def find_attempt_id(tx: Transaction, registration_id: UUID) -> UUID | None:
    """Return the id of the registration's attempt, or None."""
    return tx.session.scalar(select(AttemptRow.id).where(AttemptRow.registration_id == registration_id))


def get_attempt(tx: Transaction, attempt_id: UUID) -> Attempt:
    """Return the attempt as it stands; raises AttemptMissing."""
    row = tx.session.execute(select(AttemptRow).where(AttemptRow.id == attempt_id)).scalar_one_or_none()
    if row is None:
        raise AttemptMissing(attempt=attempt_id)
    return _attempt(row)


def get_filed(tx: Transaction, attempt_id: UUID) -> Filed:
    """Return where the attempt belongs; raises AttemptMissing."""
    columns = (AttemptRow.registration_id, AttemptRow.sitting_room_id, AttemptRow.form_id)
    row = tx.session.execute(select(*columns).where(AttemptRow.id == attempt_id)).one_or_none()
    if row is None:
        raise AttemptMissing(attempt=attempt_id)
    return Filed(registration_id=RegistrationId(row[0]), sitting_room_id=SittingRoomId(row[1]), form_id=row[2])


def file_in_room(tx: Transaction, attempt_id: UUID, sitting_room_id: SittingRoomId) -> None:
    """Note that the attempt belongs to another room now; the caller holds its row."""
    tx.session.execute(update(AttemptRow).where(AttemptRow.id == attempt_id).values(sitting_room_id=sitting_room_id))


def attempts_of_registrations(tx: Transaction, registration_ids: Iterable[UUID]) -> dict[UUID, Attempt]:
    """Return the attempts of `registration_ids` by registration; those without one are left out."""
    rows = tx.session.scalars(select(AttemptRow).where(AttemptRow.registration_id.in_(list(registration_ids))))
    return {row.registration_id: _attempt(row) for row in rows}


def attempts_by_id(tx: Transaction, attempt_ids: Iterable[UUID]) -> dict[UUID, Attempt]:
    """Return the attempts of `attempt_ids`, without a lock; missing ones are left out."""
    rows = tx.session.scalars(select(AttemptRow).where(AttemptRow.id.in_(list(attempt_ids))))
    return {row.id: _attempt(row) for row in rows}


def lock_attempts(tx: Transaction, attempt_ids: Iterable[UUID]) -> dict[UUID, tuple[Attempt, UUID]]:
    """Lock the rows in id order; return each attempt with its room's id. Missing ones are left out."""
    wanted = sorted(set(attempt_ids))
    statement = for_update(select(AttemptRow).where(AttemptRow.id.in_(wanted)).order_by(AttemptRow.id))
    return {row.id: (_attempt(row), row.sitting_room_id) for row in tx.session.scalars(statement)}


def lock_attempt(tx: Transaction, attempt_id: UUID) -> tuple[Attempt, UUID]:
    """Lock one row; return the attempt and its room's id; raises AttemptMissing."""
    found = lock_attempts(tx, [attempt_id])
    if attempt_id not in found:
        raise AttemptMissing(attempt=attempt_id)
    return found[attempt_id]


def journal_of(tx: Transaction, attempt_id: UUID) -> tuple[StoredRow, ...]:
    """Return the whole journal of an attempt in order."""
    columns = (EntryRow.number, EntryRow.content, EntryRow.hash)
    statement = select(*columns).where(EntryRow.attempt_id == attempt_id).order_by(EntryRow.number)
    return tuple(StoredRow(number=row[0], content=row[1], hash=row[2]) for row in tx.session.execute(statement))


def known_entries(tx: Transaction, attempt_id: UUID, lease: int, least: int) -> dict[int, StoredEntry]:
    """Return the rows of `lease` from lease number `least` on, by lease number: what a repeated request asks for."""
    statement = select(EntryRow).where(
        EntryRow.attempt_id == attempt_id, EntryRow.lease == lease, EntryRow.lease_number >= least
    )
    found = (stored_entry(row.number, row.hash, read_entry(row.content)) for row in tx.session.scalars(statement))
    return dict(pair for pair in found if pair is not None)


def overdue_ids(tx: Transaction, now: datetime, limit: int) -> tuple[UUID, ...]:
    """Return running attempts whose deadline and grace have passed, the longest overdue first."""
    statement = (
        select(AttemptRow.id)
        .where(AttemptRow.state == AttemptState.RUNNING.value, AttemptRow.closes_at <= now)
        .order_by(AttemptRow.closes_at)
        .limit(limit)
    )
    return tuple(tx.session.scalars(statement))


def projection(attempt: Attempt) -> tuple[Any, ...]:
    """Return the values of the columns `PROJECTION`: everything that the journal says."""
    columns = _columns(attempt)
    return tuple([columns[name] for name in PROJECTION])


def _attempt(row: AttemptRow) -> Attempt:
    hand = None if row.hand_since is None else Hand(since=row.hand_since, words=row.hand_words)
    return Attempt(
        id=row.id,
        form_digest=row.form_digest,
        slots=row.slots,
        state=AttemptState(row.state),
        started_at=row.started_at,
        time_allowed=row.time_allowed,
        grace=row.grace,
        extended=row.extended,
        paused_at=row.paused_at,
        paused_total=row.paused_total,
        lease=row.lease,
        lease_next=row.lease_next,
        device=row.device,
        parts=() if row.parts is None else PARTS.read(canonical.decode(row.parts)),
        place=None if row.place is None else place_from(canonical.decode(row.place)),
        answered=_slots(row.answered),
        flagged=_slots(row.flagged),
        hand=hand,
        ended_at=row.ended_at,
        head=Head(number=row.head_number, hash=row.head_hash, at=row.head_at),
    )


def _columns(attempt: Attempt) -> dict[str, Any]:
    hand = attempt.hand
    return {
        "state": attempt.state.value,
        "started_at": attempt.started_at,
        "time_allowed": attempt.time_allowed,
        "grace": attempt.grace,
        "extended": attempt.extended,
        "paused_at": attempt.paused_at,
        "paused_total": attempt.paused_total,
        "ended_at": attempt.ended_at,
        "closes_at": closes_at(attempt),
        "lease": attempt.lease,
        "lease_next": attempt.lease_next,
        "device": attempt.device,
        "parts": canonical.encode(PARTS.write(attempt.parts)) if attempt.parts else None,
        "place": None if attempt.place is None else canonical.encode(place_document(attempt.place)),
        "answered": bitmap(attempt.answered),
        "flagged": bitmap(attempt.flagged),
        "hand_since": None if hand is None else hand.since,
        "hand_words": "" if hand is None else hand.words,
        "head_number": attempt.head.number,
        "head_hash": attempt.head.hash,
        "head_at": attempt.head.at,
    }


def bitmap(slots: frozenset[int]) -> bytes:
    """Return slots as bits, slot 1 in the lowest."""
    value = 0
    for slot in slots:
        value |= 1 << slot - 1
    return value.to_bytes((value.bit_length() + 7) // 8, "little")


def _slots(bitmap: bytes) -> frozenset[int]:
    value = int.from_bytes(bitmap, "little")
    return frozenset(place + 1 for place in range(value.bit_length()) if value >> place & 1)
