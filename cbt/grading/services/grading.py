"""Grade attempts the moment they end: journal, key version and rule in, one result out, exactly once."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final
from uuid import UUID

import structlog

from cbt.delivery.core.attempt import Ended
from cbt.delivery.core.entries import Responses
from cbt.delivery.services.reading import ended_in, graded_sets_in, lock_attempt_in, lock_heads_in
from cbt.delivery.services.writing import WORK_TOPIC, attempt_topic
from cbt.grading import store
from cbt.grading.core.marks import grade
from cbt.grading.core.result import Result, ResultStatus, StoredResult, result_of
from cbt.kernel.errors import CbtError, Unavailable
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Runtime, Transaction
from cbt.scheduling.core.exams import ExamVersion, ResultPolicy
from cbt.scheduling.services.registrations import exam_versions_of_in
from itembank.core.records import DigestedForm
from itembank.core.scoring import Scorer
from itembank.services.forms import get_forms_in
from itembank.services.keys import ScorerShelf

BATCH: Final = 200
TOGETHER: Final = 50  # in one transaction: short enough for those who wait for its rows
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
    """Grade some attempts, read and written together; whoever fails is noted and holds up nobody."""
    found: dict[UUID, _WorkedOut] = {}
    for attempt_id, material in _read(rt, waiting, shelf, now).items():
        with noted(rt, attempt_id, now):
            found[attempt_id] = _worked_out(material, now)
    try:
        _store(rt, found)
    except Unavailable:
        raise
    except Exception:  # noqa: BLE001 - one of them cannot be written: find out which
        for attempt_id, one in found.items():
            with noted(rt, attempt_id, now):
                _store(rt, {attempt_id: one})


def _read(rt: Runtime, waiting: Sequence[UUID], shelf: ScorerShelf, now: datetime) -> dict[UUID, "_Material"]:
    """Return what the attempts are graded from; those of which it cannot be read are noted and left out."""
    try:
        with rt.reading() as tx:
            return _materials_in(tx, waiting, shelf)
    except Unavailable:
        raise
    except Exception:  # noqa: BLE001 - one of them cannot be read: find out which
        found: dict[UUID, _Material] = {}
        for attempt_id in waiting:
            with noted(rt, attempt_id, now), rt.reading() as tx:
                found |= _materials_in(tx, [attempt_id], shelf)
        return found


@contextmanager
def noted(rt: Runtime, attempt_id: UUID, now: datetime) -> Iterator[None]:
    """Note for a person why an attempt cannot be graded, and go on: whoever sweeps leaves it alone for `REST`."""
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
class _Material:
    """All that one attempt is graded from, as it stood at one moment."""

    ended: Ended
    exam: ExamVersion
    form: DigestedForm
    scorers: Mapping[int, Scorer]
    answers: Mapping[int, Responses]
    by_hand: Mapping[int, Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class _WorkedOut:
    result: Result
    status: ResultStatus


def grade_in(tx: Transaction, now: datetime, attempt_id: UUID, *, supersedes: StoredResult | None = None) -> None:
    """Write the result of an attempt as it stands now; `supersedes` is the version before it. The attempt is locked."""
    lock_attempt_in(tx, attempt_id)
    found = _worked_out(_materials_in(tx, [attempt_id], ScorerShelf())[attempt_id], now)
    version = 1
    if supersedes is not None:
        store.set_status(tx, supersedes.id, ResultStatus.SUPERSEDED)
        version = supersedes.version + 1
    store.insert_results(tx, [_stored(attempt_id, found, now, version)])


def _materials_in(tx: Transaction, attempt_ids: Sequence[UUID], shelf: ScorerShelf) -> dict[UUID, _Material]:
    ended = ended_in(tx, attempt_ids)
    exams = exam_versions_of_in(tx, [one.registration_id for one in ended.values()])
    forms = get_forms_in(tx, {one.form_id for one in ended.values()})
    answers = graded_sets_in(tx, attempt_ids)
    by_hand = store.marks_by_hand(tx, attempt_ids)
    return {
        attempt_id: _Material(
            ended=one,
            exam=exams[one.registration_id],
            form=forms[one.form_id],
            scorers=shelf.scorers_in(tx, forms[one.form_id].form),
            answers=answers[attempt_id],
            by_hand=by_hand.get(attempt_id, {}),
        )
        for attempt_id, one in ended.items()
    }


def _worked_out(material: _Material, now: datetime) -> _WorkedOut:
    ended, exam, form = material.ended, material.exam, material.form.form
    marks = grade(form, material.scorers, material.answers, by_hand=material.by_hand)
    digest = material.form.digest
    result = result_of(form, marks, exam.pass_rule, journal_head=ended.head_hash, form_digest=digest)
    late = exam.late_rule.is_open(ended.ended_at, now)
    final = exam.result_policy is ResultPolicy.FINAL and not result.marks.awaiting and not late
    return _WorkedOut(result=result, status=ResultStatus.FINAL if final else ResultStatus.PROVISIONAL)


def _stored(attempt_id: UUID, found: _WorkedOut, now: datetime, version: int = 1) -> StoredResult:
    return StoredResult(
        id=new_id(now),
        attempt_id=attempt_id,
        version=version,
        status=found.status,
        graded_at=now,
        result=found.result,
    )


def _store(rt: Runtime, found: Mapping[UUID, _WorkedOut]) -> None:
    """Write results that were worked out; the locks and the second look make a second grader do nothing.

    Programs of items may take seconds, so they ran before anything was locked: nobody's answer waits for them. An
    attempt that has changed meanwhile comes again with the next run.
    """
    now = rt.clock.now()
    with rt.transaction() as tx:
        heads = lock_heads_in(tx, found)
        graded = store.with_results(tx, found)
        fresh = [
            attempt_id
            for attempt_id, head in heads.items()
            if attempt_id not in graded and found[attempt_id].result.journal_head == head
        ]
        store.insert_results(tx, [_stored(attempt_id, found[attempt_id], now) for attempt_id in fresh])
        for attempt_id in fresh:
            for topic in (attempt_topic(attempt_id), WORK_TOPIC):
                tx.hint(topic, f"graded {attempt_id}")
        store.forget_failures(tx, heads)
