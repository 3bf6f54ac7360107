"""Read results, and confirm what was provisional."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from cbt.delivery.services.reading import lock_attempt_in
from cbt.delivery.services.writing import WORK_TOPIC, attempt_topic
from cbt.grading import store
from cbt.grading.core.result import ResultStatus, StoredResult
from cbt.kernel.errors import NotFound
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Runtime, Transaction


class NoResult(NotFound):
    """There is no such result."""

    code = "no-result"


def result_in(tx: Transaction, result_id: UUID) -> StoredResult:
    """Return one result; raises NoResult."""
    found = store.get_results(tx, [result_id]).get(result_id)
    if found is None:
        raise NoResult(result=result_id)
    return found


def latest_result(rt: Runtime, attempt_id: UUID) -> StoredResult | None:
    """Return the newest result of an attempt, or None while it is not graded."""
    with rt.reading() as tx:
        return store.latest_results(tx, [attempt_id]).get(attempt_id)


def latest_results_in(tx: Transaction, attempt_ids: Iterable[UUID]) -> dict[UUID, StoredResult]:
    """Return the newest result of each attempt; attempts without one are left out."""
    return store.latest_results(tx, attempt_ids)


def failures_in(tx: Transaction, attempt_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return why attempts could not be graded, by attempt."""
    return store.failures(tx, attempt_ids)


def confirm_in(tx: Transaction, now: datetime, attempt_id: UUID) -> bool:
    """Make an attempt's provisional result final: a new version, the old one superseded. Return whether it was one.

    A result with answers that a person has still to mark stays provisional.
    """
    lock_attempt_in(tx, attempt_id)
    before = store.latest_results(tx, [attempt_id]).get(attempt_id)
    if before is None or before.status is not ResultStatus.PROVISIONAL or before.result.marks.awaiting:
        return False
    store.set_status(tx, before.id, ResultStatus.SUPERSEDED)
    version = before.version + 1
    after = replace(before, id=new_id(now), version=version, status=ResultStatus.FINAL, graded_at=now)
    store.insert_results(tx, [after])
    tx.hint(attempt_topic(attempt_id), f"confirmed {attempt_id}")
    tx.hint(WORK_TOPIC, f"confirmed {attempt_id}")
    return True
