"""Rows of what came late or another way: an index into journals, written with them, for lists and sweeps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, insert, select, update

from cbt.delivery.core.attempt import ENDED, AttemptState
from cbt.delivery.core.entries import LateAdmitted, Recovered
from cbt.delivery.core.entry_kinds import Way
from cbt.delivery.core.journal import Linked
from cbt.delivery.tables import AttemptRow, RecoveredRow
from cbt.kernel.runtime import Transaction

_GRADED: Final = [state.value for state in ENDED if state is not AttemptState.VOIDED]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveredAnswer:
    """One answer that came late or another way, without what was answered."""

    attempt_id: UUID
    number: int
    slot: int
    lease: int
    way: Way
    counts: bool
    claimed_at: datetime | None
    received_at: datetime
    admitted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveredSum:
    """How many such answers an attempt has, how many of them count from the start, and how many were admitted."""

    all: int
    counting: int
    admitted: int

    @property
    def waiting(self) -> int:
        """How many do not count."""
        return self.all - self.counting - self.admitted


def note(tx: Transaction, attempt_id: UUID, links: Iterable[Linked]) -> None:
    """Write down what the new rows of a journal recovered or admitted; most have neither."""
    rows = []
    for linked in links:
        entry = linked.entry
        if isinstance(entry, Recovered):
            rows.append(_columns(attempt_id, linked.number, entry))
        elif isinstance(entry, LateAdmitted):
            chosen = (RecoveredRow.attempt_id == attempt_id) & RecoveredRow.number.in_(entry.numbers)
            tx.session.execute(update(RecoveredRow).where(chosen).values(admitted_at=entry.at))
    if rows:
        tx.session.execute(insert(RecoveredRow), rows)


def sums_of(tx: Transaction, attempt_ids: Iterable[UUID]) -> Mapping[UUID, RecoveredSum]:
    """Return the sums by attempt; attempts without any are left out."""
    row = RecoveredRow
    statement = (
        select(row.attempt_id, row.counts, row.admitted_at.is_not(None), func.count())
        .where(row.attempt_id.in_(list(attempt_ids)))
        .group_by(row.attempt_id, row.counts, row.admitted_at.is_not(None))
    )
    parts: dict[UUID, list[tuple[bool, bool, int]]] = {}
    for attempt_id, counts, admitted, count in tx.session.execute(statement):
        parts.setdefault(attempt_id, []).append((counts, bool(admitted), count))
    return {attempt_id: _sum(found) for attempt_id, found in parts.items()}


def of_attempts(tx: Transaction, attempt_ids: Iterable[UUID]) -> dict[UUID, tuple[RecoveredAnswer, ...]]:
    """Return what attempts recovered, in the order in which it came in; attempts without anything are left out."""
    statement = select(RecoveredRow).where(RecoveredRow.attempt_id.in_(list(attempt_ids))).order_by(RecoveredRow.number)
    found: dict[UUID, tuple[RecoveredAnswer, ...]] = {}
    for row in tx.session.scalars(statement):
        found[row.attempt_id] = (*found.get(row.attempt_id, ()), _answer(row))
    return found


def attempts_with_waiting(tx: Transaction, limit: int) -> tuple[UUID, ...]:
    """Return the ended attempts with answers that do not count and were not admitted, the latest first."""
    statement = (
        select(AttemptRow.id)
        .join(RecoveredRow, RecoveredRow.attempt_id == AttemptRow.id)
        .where(RecoveredRow.counts.is_(False), RecoveredRow.admitted_at.is_(None), AttemptRow.state.in_(_GRADED))
        .group_by(AttemptRow.id, AttemptRow.ended_at)
        .order_by(AttemptRow.ended_at.desc(), AttemptRow.id)
        .limit(limit)
    )
    return tuple(tx.session.scalars(statement))


def set_judged(tx: Transaction, attempt_id: UUID, numbers: Iterable[int], now: datetime) -> None:
    """Note that the exam's rule has been asked about these rows."""
    chosen = (RecoveredRow.attempt_id == attempt_id) & RecoveredRow.number.in_(list(numbers))
    tx.session.execute(update(RecoveredRow).where(chosen).values(judged_at=now))


def unjudged(tx: Transaction, attempt_id: UUID) -> tuple[int, ...]:
    """Return the rows of an attempt that the exam's rule has not been asked about."""
    open_ones = (RecoveredRow.counts.is_(False), RecoveredRow.judged_at.is_(None), RecoveredRow.admitted_at.is_(None))
    statement = select(RecoveredRow.number).where(RecoveredRow.attempt_id == attempt_id, *open_ones)
    return tuple(tx.session.scalars(statement.order_by(RecoveredRow.number)))


def _columns(attempt_id: UUID, number: int, entry: Recovered) -> dict[str, Any]:
    return {
        "attempt_id": attempt_id,
        "number": number,
        "slot": entry.slot,
        "lease": entry.sent.lease,
        "way": entry.way.value,
        "counts": entry.counts,
        "claimed_at": entry.sent.claimed_at,
        "received_at": entry.at,
        "admitted_at": None,
        "judged_at": None,
    }


def _answer(row: RecoveredRow) -> RecoveredAnswer:
    return RecoveredAnswer(
        attempt_id=row.attempt_id,
        number=row.number,
        slot=row.slot,
        lease=row.lease,
        way=Way(row.way),
        counts=row.counts,
        claimed_at=row.claimed_at,
        received_at=row.received_at,
        admitted_at=row.admitted_at,
    )


def _sum(parts: Iterable[tuple[bool, bool, int]]) -> RecoveredSum:
    parts = tuple(parts)
    return RecoveredSum(
        all=sum(count for _, _, count in parts),
        counting=sum(count for counts, _, count in parts if counts),
        admitted=sum(count for counts, admitted, count in parts if admitted and not counts),
    )
