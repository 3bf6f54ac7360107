"""Let answers count that were kept without counting; list them. Who decides so is for the packages above."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cbt.delivery.core.attempt import Attempt
from cbt.delivery.core.entries import LateAdmitted
from cbt.delivery.core.journal import advance, read_entry
from cbt.delivery.core.late import admission, admitted_by_rule
from cbt.delivery.services.writing import hint_in
from cbt.delivery.store import attempts, recovered
from cbt.delivery.store.appending import append
from cbt.delivery.store.recovered import RecoveredAnswer
from cbt.kernel.runtime import Transaction
from cbt.scheduling.core.late_rules import LateRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Which rows are to count, and why: by a person (`by`) or by the exam's `rule`."""

    numbers: tuple[int, ...]
    reason: str
    by: UUID | None = None
    rule: str = ""
    overriding: bool = False


def admit_in(tx: Transaction, now: datetime, attempt_id: UUID, wanted: Admission) -> Attempt:
    """Let the answers count and return the attempt; raises AttemptMissing, NotKept, EntryRefused while it goes on."""
    before, room_id = attempts.lock_attempt(tx, attempt_id)
    entries = [read_entry(row.content) for row in attempts.journal_of(tx, attempt_id)]
    made = LateAdmitted(
        at=before.stamp(now),
        numbers=tuple(sorted(wanted.numbers)),
        reason=wanted.reason,
        rule=wanted.rule,
        by=wanted.by,
        overriding=wanted.overriding,
    )
    after, linked = advance(before, admission(before, entries, made))
    append(tx, [(after, [linked])])
    hint_in(tx, after, room_id)
    return after


def judge_by_rule_in(tx: Transaction, now: datetime, attempt_id: UUID, rule: LateRule) -> tuple[int, ...]:
    """Ask the exam's rule about everything it has not been asked about; return the rows that it admitted."""
    attempt, _ = attempts.lock_attempt(tx, attempt_id)
    asked = set(recovered.unjudged(tx, attempt_id))
    entries = [read_entry(row.content) for row in attempts.journal_of(tx, attempt_id)]
    numbers = tuple(number for number in admitted_by_rule(attempt, entries, rule.window) if number in asked)
    recovered.set_judged(tx, attempt_id, asked, now)
    if numbers:
        admit_in(tx, now, attempt_id, Admission(numbers=numbers, reason="", rule=rule.text))
    return numbers


def recovered_of_in(tx: Transaction, attempt_ids: Iterable[UUID]) -> dict[UUID, tuple[RecoveredAnswer, ...]]:
    """Return what attempts recovered, in the order in which it came in, without what was answered."""
    return recovered.of_attempts(tx, attempt_ids)


def with_waiting_in(tx: Transaction, limit: int) -> tuple[UUID, ...]:
    """Return the ended attempts with answers that came late and do not count, the latest first."""
    return recovered.attempts_with_waiting(tx, limit)
