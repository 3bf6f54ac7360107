"""Grade attempts the moment they end: journal, key version and rule in, one result out, exactly once."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from cbt.delivery.services.reading import (
    attempt_in,
    filed_in,
    graded_set_in,
    lock_attempt_in,
    lock_attempts_in,
)
from cbt.delivery.services.writing import WORK_TOPIC, attempt_topic
from cbt.grading import store
from cbt.grading.core.marks import grade
from cbt.grading.core.result import Result, ResultStatus, StoredResult, result_of
from cbt.kernel.errors import CbtError, Unavailable
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Runtime, Transaction
from cbt.scheduling.core.exams import ResultPolicy
from cbt.scheduling.services.registrations import get_registration_in
from itembank.services.forms import get_form_in
from itembank.services.keys import ScorerShelf, get_scorers_in

BATCH: Final = 100
TOGETHER: Final = 20  # in one transaction: short enough for those who wait for its rows
REST: Final = timedelta(minutes=1)
_log = structlog.get_logger("cbt.grading")


class GradingFailed(CbtError):
    """A fault in the program keeps this exam from being graded; the log of `cbt work` says more."""

    code = "grading-failed"


def grade_ended(rt: Runtime) -> int:
    """Grade at most `BATCH` attempts that have ended and have no result yet; return how many were tried.

    An attempt that cannot be graded (its rule fits another form, a key is missing) is noted for a person and rests for
    a while, so that it never holds up the others.
    """
    now = rt.clock.now()
    with rt.reading() as tx:
        waiting = store.ungraded_ids(tx, BATCH, failed_before=now - REST)
    shelf = ScorerShelf()
    for start in range(0, len(waiting), TOGETHER):
        _grade_some(rt, waiting[start : start + TOGETHER], shelf, now)
    return len(waiting)


def _grade_some(rt: Runtime, waiting: Sequence[UUID], shelf: ScorerShelf, now: datetime) -> None:
    """Grade some attempts in one transaction; whoever fails is noted and holds up nobody."""
    found: dict[UUID, _WorkedOut] = {}
    for attempt_id in waiting:
        with _noted(rt, attempt_id, now), rt.reading() as tx:
            found[attempt_id] = _worked_out_in(tx, now, attempt_id, shelf)
    try:
        _store(rt, found)
    except Unavailable:
        raise
    except Exception:  # noqa: BLE001 - one of them cannot be written: find out which
        for attempt_id, one in found.items():
            with _noted(rt, attempt_id, now):
                _store(rt, {attempt_id: one})


@contextmanager
def _noted(rt: Runtime, attempt_id: UUID, now: datetime) -> Iterator[None]:
    """Note for a person why an attempt cannot be graded, and go on."""
    try:
        yield
    except Unavailable:
        raise
    except CbtError as error:
        _log.error("not graded", attempt=str(attempt_id), code=error.code)
        _note(rt, attempt_id, error, now)
    except Exception:  # noqa: BLE001 - a fault in one item's program must not keep all others from their results
        _log.exception("not graded", attempt=str(attempt_id), code=GradingFailed.code)
        _note(rt, attempt_id, GradingFailed(), now)


def _note(rt: Runtime, attempt_id: UUID, error: CbtError, now: datetime) -> None:
    with rt.transaction() as tx:
        store.note_failure(tx, attempt_id, error, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class _WorkedOut:
    result: Result
    status: ResultStatus


def grade_in(tx: Transaction, now: datetime, attempt_id: UUID, *, supersedes: StoredResult | None = None) -> None:
    """Write the result of an attempt as it stands now; `supersedes` is the version before it. The attempt is locked."""
    lock_attempt_in(tx, attempt_id)
    _write(tx, now, attempt_id, _worked_out_in(tx, now, attempt_id), supersedes=supersedes)


def _worked_out_in(tx: Transaction, now: datetime, attempt_id: UUID, shelf: ScorerShelf | None = None) -> _WorkedOut:
    # The head comes first: whatever is written while the rest is read shows as another head.
    attempt = attempt_in(tx, attempt_id)
    head = attempt.head.hash
    filed = filed_in(tx, attempt_id)
    facts = get_registration_in(tx, filed.registration_id)
    form = get_form_in(tx, filed.form_id).form
    by_hand = store.marks_by_hand(tx, attempt_id)
    scorers = get_scorers_in(tx, form) if shelf is None else shelf.scorers_in(tx, form)
    marks = grade(form, scorers, graded_set_in(tx, attempt_id), by_hand=by_hand)
    result = result_of(form, marks, facts.exam.pass_rule, journal_head=head)
    late = attempt.ended_at is not None and now < attempt.ended_at + facts.exam.late_rule.window
    final = facts.exam.result_policy is ResultPolicy.FINAL and not result.marks.awaiting and not late
    return _WorkedOut(result=result, status=ResultStatus.FINAL if final else ResultStatus.PROVISIONAL)


def _write(
    tx: Transaction, now: datetime, attempt_id: UUID, found: _WorkedOut, *, supersedes: StoredResult | None = None
) -> None:
    version = 1
    if supersedes is not None:
        store.set_status(tx, supersedes.id, ResultStatus.SUPERSEDED)
        version = supersedes.version + 1
    stored = StoredResult(
        id=new_id(now),
        attempt_id=attempt_id,
        version=version,
        status=found.status,
        graded_at=now,
        result=found.result,
    )
    store.insert_result(tx, stored)


def _store(rt: Runtime, found: Mapping[UUID, _WorkedOut]) -> None:
    """Write results that were worked out; the locks and the second look make a second grader do nothing.

    Programs of items may take seconds, so they ran before anything was locked: nobody's answer waits for them. An
    attempt that has changed meanwhile comes again with the next run.
    """
    now = rt.clock.now()
    with rt.transaction() as tx:
        locked = lock_attempts_in(tx, found)
        graded = store.latest_results(tx, found)
        for attempt_id, (attempt, _room) in locked.items():
            if attempt_id in graded or found[attempt_id].result.journal_head != attempt.head.hash:
                continue
            _write(tx, now, attempt_id, found[attempt_id])
            for topic in (attempt_topic(attempt_id), WORK_TOPIC):
                tx.hint(topic, f"graded {attempt_id}")
        store.forget_failures(tx, locked)
