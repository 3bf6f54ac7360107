"""Read results, and confirm what was provisional."""

from uuid import UUID

from cbt.grading import store
from cbt.grading.store import StoredResult
from cbt.kernel.errors import NotFound
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
