"""Results, marks and admissions to rows and back; finds the attempts that have ended and have no result yet."""

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, Exists, bindparam, delete, exists, func, insert, select, type_coerce, update

from cbt.delivery.core.attempt import AttemptState
from cbt.delivery.tables import AttemptRow, RecoveredRow
from cbt.grading.core.admissions import AdmissionState, Proposal
from cbt.grading.core.by_hand import Awaiting, MarkByHand
from cbt.grading.core.result import ResultStatus, StoredResult, result_from
from cbt.grading.tables import AdmissionRow, FailureRow, MarkRow, ResultRow
from cbt.kernel import canonical
from cbt.kernel.bulk import Insert, Lookup
from cbt.kernel.db import Instant, for_update
from cbt.kernel.errors import CbtError
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Transaction
from cbt.scheduling.core.exams import ResultPolicy
from cbt.scheduling.core.late_rules import LateKind
from cbt.scheduling.tables import ExamVersionRow, RegistrationRow, SittingRow

_RESULTS: Final = Insert(
    ResultRow, ("id", "attempt_id", "version", "status", "awaiting", "decision", "document", "graded_at")
)
_GRADED: Final = Lookup(ResultRow, ("attempt_id",), key="attempt_id")
_BY_HAND: Final = Lookup(MarkRow, ("attempt_id", "slot", "points"), key="attempt_id", then=("at", "id"))
_GRADED_STATES = (AttemptState.SUBMITTED.value, AttemptState.EXPIRED.value, AttemptState.TERMINATED.value)


def ungraded_ids(tx: Transaction, limit: int, *, failed_before: datetime) -> tuple[UUID, ...]:
    """Return ended attempts without a result, those that ended first coming first.

    Attempts whose grading failed are left out unless that was before `failed_before`.
    """
    graded = exists().where(ResultRow.attempt_id == AttemptRow.id)
    statement = (
        select(AttemptRow.id)
        .where(AttemptRow.state.in_(_GRADED_STATES), ~graded, ~_resting(failed_before))
        .order_by(AttemptRow.ended_at)
    )
    return tuple(tx.session.scalars(statement.limit(limit)))


def unjudged_ids(
    tx: Transaction, rules: Iterable[LateKind], limit: int, *, failed_before: datetime
) -> tuple[UUID, ...]:
    """Return ended attempts whose exam has one of `rules` and that hold answers it has not been asked about.

    Those whose answers came first come first; attempts that failed are left out unless that was before `failed_before`.
    """
    statement = (
        select(RecoveredRow.attempt_id)
        .join(AttemptRow, AttemptRow.id == RecoveredRow.attempt_id)
        .join(RegistrationRow, RegistrationRow.id == AttemptRow.registration_id)
        .join(SittingRow, SittingRow.id == RegistrationRow.sitting_id)
        .join(ExamVersionRow, ExamVersionRow.id == SittingRow.exam_version_id)
        .where(RecoveredRow.counts.is_(False), RecoveredRow.judged_at.is_(None), RecoveredRow.admitted_at.is_(None))
        .where(AttemptRow.state.in_(_GRADED_STATES), ExamVersionRow.late_rule.in_([rule.value for rule in rules]))
        .where(~_resting(failed_before))
        .group_by(RecoveredRow.attempt_id)
        .order_by(func.min(RecoveredRow.received_at), RecoveredRow.attempt_id)
    )
    return tuple(tx.session.scalars(statement.limit(limit)))


def note_failure(tx: Transaction, attempt_id: UUID, error: CbtError, now: datetime) -> None:
    """Write down why an attempt could not be graded."""
    tx.session.merge(FailureRow(attempt_id=attempt_id, code=error.code, message=error.message, failed_at=now))
    tx.session.flush()


def forget_failures(tx: Transaction, attempt_ids: Iterable[UUID]) -> None:
    """Take the notes of failures away."""
    tx.session.execute(delete(FailureRow).where(FailureRow.attempt_id.in_(list(attempt_ids))))


def failures(tx: Transaction, attempt_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return why attempts could not be graded, by attempt."""
    statement = select(FailureRow.attempt_id, FailureRow.message).where(FailureRow.attempt_id.in_(list(attempt_ids)))
    return {row.attempt_id: row.message for row in tx.session.execute(statement)}


def insert_results(tx: Transaction, results: Iterable[StoredResult]) -> None:
    """Write new versions; the unique key of attempt and version refuses a second one."""
    rows = [
        (
            stored.id,
            stored.attempt_id,
            stored.version,
            stored.status.value,
            stored.result.marks.awaiting,
            "passed" if stored.result.outcome.passed else "failed",
            stored.result.canonical(),
            stored.graded_at,
        )
        for stored in results
    ]
    _RESULTS.run(tx.session, rows)


def with_results(tx: Transaction, attempt_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Return which of these attempts have a result."""
    return frozenset(row[0] for row in _GRADED.run(tx.session, attempt_ids))


def latest_results(tx: Transaction, attempt_ids: Iterable[UUID]) -> dict[UUID, StoredResult]:
    """Return the newest version of each attempt's result; attempts without one are left out."""
    newest = (
        select(ResultRow.attempt_id, func.max(ResultRow.version).label("version"))
        .where(ResultRow.attempt_id.in_(list(attempt_ids)))
        .group_by(ResultRow.attempt_id)
        .subquery()
    )
    statement = select(ResultRow).join(
        newest, (ResultRow.attempt_id == newest.c.attempt_id) & (ResultRow.version == newest.c.version)
    )
    return {row.attempt_id: _stored(row) for row in tx.session.scalars(statement)}


def get_results(tx: Transaction, result_ids: Iterable[UUID]) -> dict[UUID, StoredResult]:
    """Return results by id; missing ones are left out."""
    rows = tx.session.scalars(select(ResultRow).where(ResultRow.id.in_(list(result_ids))))
    return {row.id: _stored(row) for row in rows}


def set_status(tx: Transaction, result_id: UUID, status: ResultStatus) -> None:
    """Change a result's status."""
    tx.session.execute(update(ResultRow).where(ResultRow.id == result_id).values(status=status.value))


def add_mark(tx: Transaction, now: datetime, mark: MarkByHand) -> None:
    """Write the points that a person gave for a slot."""
    columns = {
        "id": new_id(now),
        "attempt_id": mark.attempt_id,
        "slot": mark.slot,
        "points": mark.points,
        "words": mark.words,
        "by_id": mark.by.id,
        "by_name": mark.by.name,
        "at": now,
    }
    tx.session.execute(insert(MarkRow), [columns])


def marks_by_hand(tx: Transaction, attempt_ids: Iterable[UUID]) -> dict[UUID, dict[int, Fraction]]:
    """Return the points that persons gave by attempt and slot, the newest of each; attempts without are left out."""
    found: dict[UUID, dict[int, Fraction]] = {}
    for attempt_id, slot, points in _BY_HAND.run(tx.session, attempt_ids):
        found.setdefault(attempt_id, {})[slot] = Fraction(points)
    return found


def awaiting(tx: Transaction) -> tuple[Awaiting, ...]:
    """Return the attempts whose newest result still waits for a person, those that ended first coming first."""
    statement = (
        select(AttemptRow.id, SittingRow.code, ResultRow.awaiting)
        .join(ResultRow, ResultRow.attempt_id == AttemptRow.id)
        .join(RegistrationRow, RegistrationRow.id == AttemptRow.registration_id)
        .join(SittingRow, SittingRow.id == RegistrationRow.sitting_id)
        .where(ResultRow.awaiting > 0, ResultRow.status != ResultStatus.SUPERSEDED.value)
        .order_by(AttemptRow.ended_at, AttemptRow.id)
    )
    rows = tx.session.execute(statement)
    return tuple(Awaiting(attempt_id=row[0], sitting_code=row[1], slots=row[2]) for row in rows)


def add_proposal(tx: Transaction, proposal: Proposal) -> None:
    """Write a proposal to let late answers count."""
    columns = {name: getattr(proposal, name) for name in proposal.__slots__}
    numbers = canonical.encode(list(proposal.numbers))
    tx.session.execute(insert(AdmissionRow), [{**columns, "numbers": numbers, "state": proposal.state.value}])


def lock_proposal(tx: Transaction, proposal_id: UUID) -> Proposal | None:
    """Return a proposal and hold its row, or None."""
    row = tx.session.scalar(for_update(select(AdmissionRow).where(AdmissionRow.id == proposal_id)))
    return None if row is None else _proposal(row)


def decide_proposal(tx: Transaction, now: datetime, proposal_id: UUID, state: AdmissionState, name: str) -> None:
    """Write down what was decided, and by whom."""
    values = {"state": state.value, "decided_at": now, "decided_name": name}
    tx.session.execute(update(AdmissionRow).where(AdmissionRow.id == proposal_id).values(**values))


def proposals_of(tx: Transaction, attempt_ids: Iterable[UUID]) -> tuple[Proposal, ...]:
    """Return all proposals about these attempts, the oldest first."""
    wanted = select(AdmissionRow).where(AdmissionRow.attempt_id.in_(list(attempt_ids)))
    ordered = wanted.order_by(AdmissionRow.proposed_at, AdmissionRow.id)
    return tuple(_proposal(row) for row in tx.session.scalars(ordered))


def late_windows_closed(tx: Transaction, now: datetime, limit: int, *, failed_before: datetime) -> tuple[UUID, ...]:
    """Return attempts whose result is provisional only because answers might still have come under the exam's rule.

    Those with answers that the rule has not been asked about, with open proposals or with marks to give are left out,
    and attempts that failed unless that was before `failed_before`. Who ended first comes first.
    """
    waiting = exists().where(
        RecoveredRow.attempt_id == AttemptRow.id,
        RecoveredRow.counts.is_(False),
        RecoveredRow.judged_at.is_(None),
        RecoveredRow.admitted_at.is_(None),
    )
    proposed = exists().where(AdmissionRow.attempt_id == AttemptRow.id, AdmissionRow.state == AdmissionState.OPEN.value)
    closed = type_coerce(AttemptRow.ended_at, BigInteger) + type_coerce(ExamVersionRow.late_window, BigInteger)
    statement = (
        select(AttemptRow.id)
        .join(ResultRow, ResultRow.attempt_id == AttemptRow.id)
        .join(RegistrationRow, RegistrationRow.id == AttemptRow.registration_id)
        .join(SittingRow, SittingRow.id == RegistrationRow.sitting_id)
        .join(ExamVersionRow, ExamVersionRow.id == SittingRow.exam_version_id)
        .where(ResultRow.status == ResultStatus.PROVISIONAL.value, ResultRow.awaiting == 0)
        .where(ExamVersionRow.result_policy == ResultPolicy.FINAL.value)
        .where(closed <= bindparam("now", now, Instant), ~waiting, ~proposed, ~_resting(failed_before))
        .order_by(AttemptRow.ended_at, AttemptRow.id)
        .limit(limit)
    )
    return tuple(tx.session.scalars(statement))


def _resting(failed_before: datetime) -> Exists:
    """Tell of an attempt that it failed lately, and is left alone."""
    return exists().where(FailureRow.attempt_id == AttemptRow.id, FailureRow.failed_at >= failed_before)


def _proposal(row: AdmissionRow) -> Proposal:
    return Proposal(
        id=row.id,
        attempt_id=row.attempt_id,
        numbers=tuple(canonical.decode(row.numbers)),
        overriding=row.overriding,
        reason=row.reason,
        state=AdmissionState(row.state),
        proposed_at=row.proposed_at,
        proposed_by=row.proposed_by,
        proposed_name=row.proposed_name,
        decided_at=row.decided_at,
        decided_name=row.decided_name,
    )


def _stored(row: ResultRow) -> StoredResult:
    return StoredResult(
        id=row.id,
        attempt_id=row.attempt_id,
        version=row.version,
        status=ResultStatus(row.status),
        graded_at=row.graded_at,
        result=result_from(canonical.decode(row.document)),
    )
