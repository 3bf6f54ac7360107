"""Do long work: claim a job, run its duty under a lease, write down how it ended.

While a duty runs, a second thread beats: it writes down how far the work is, twice a second at most, which says as well
that the runner lives, and it learns whether somebody cancelled. So `progress` costs nothing and may be called anywhere,
inside a transaction too.
"""

import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Any, Final, Self, TypeAlias
from uuid import UUID

import structlog

from cbt.jobs.core import jobs as core
from cbt.jobs.core.jobs import Fault, Job, JobCancelled, JobId, Lease, LeaseLost, Progress, TryLater
from cbt.jobs.services.files import let_go_in
from cbt.jobs.store import jobs as store
from cbt.kernel.errors import CbtError, Unavailable
from cbt.kernel.progress import Tell
from cbt.kernel.runtime import Runtime

BEAT_S: Final = 0.5
HARD_STOP_AFTER_S: Final = 5.0
_SILENT_BEATS: Final = 6  # a job without news is touched every three seconds
_CLAIM_TRIES: Final = 4
_WRITE_DOWN_TRIES: Final = 20
_WRITE_DOWN_REST_S: Final = 1.5
_AGAIN_AFTER: Final = timedelta(seconds=5)
_ROOT: Final = Path(__file__).resolve().parents[3]
_log = structlog.get_logger("cbt.work")

Run: TypeAlias = Callable[[Runtime, Job, Tell], Mapping[str, Any]]
_End: TypeAlias = Callable[[Job, datetime], Job]


class RunnerEnds(Exception):
    """The runner is told to end; its job goes back to the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A kind of long work: `run` does it and returns its outcome; its files are kept for `keep_files` afterwards."""

    kind: str
    run: Run
    phases: tuple[str, ...]
    keep_files: timedelta = core.AT_ONCE


class Runner:
    """Does jobs one after the other."""

    def __init__(
        self, rt: Runtime, duties: Iterable[Duty], runner_id: UUID, *, hard_stop: Callable[[], object] | None = None
    ) -> None:
        """`hard_stop` ends the process where work does not let go within five seconds after it was cancelled."""
        self._rt = rt
        self._duties = {duty.kind: duty for duty in duties}
        self._id = runner_id
        self._hard_stop = hard_stop
        self.ending = Event()

    def run_next(self) -> bool:
        """Do the job that waits longest, to its end; tell whether there was one."""
        job = _claim(self._rt, self._duties.keys(), self._id)
        if job is None:
            return False
        duty, lease = self._duties[job.wanted.kind], Lease(runner=self._id, attempt=job.attempt)
        _log.info("job begun", job=str(job.id), kind=duty.kind, attempt=job.attempt)
        with _Beat(self._rt, job.id, lease, ending=self.ending, hard_stop=self._hard_stop) as beat:
            end = _attempt(self._rt, duty, job, lease, beat)
            _write_down(self._rt, job.id, end, duty.keep_files)
        return True


def release(rt: Runtime, runner_id: UUID) -> int:
    """Take the jobs of a runner that died from it; return how many."""
    with rt.reading() as tx:
        held = store.held_by(tx, runner_id)
    for job_id in held:
        _bury(rt, job_id, lambda job: job.lease is not None and job.lease.runner == runner_id)
    return len(held)


def bury_stale(rt: Runtime) -> int:
    """Take the jobs of runners that fell silent from them; return how many."""
    now = rt.clock.now()
    with rt.reading() as tx:
        silent = store.silent_since(tx, now - core.STALE_AFTER)
    for job_id in silent:
        _bury(rt, job_id, lambda job: core.is_stale(job, now))
    return len(silent)


def _bury(rt: Runtime, job_id: JobId, is_dead: Callable[[Job], bool]) -> None:
    now = rt.clock.now()
    with rt.transaction() as tx:
        job = store.lock(tx, job_id)
        if is_dead(job):
            buried = core.bury(job, now)
            store.save(tx, buried)
            if buried.ended:
                let_go_in(tx, buried, now, keep=core.AT_ONCE)
            _log.warning("job taken from a dead runner", job=str(job_id), kind=job.wanted.kind, state=buried.state)


def _claim(rt: Runtime, kinds: Iterable[str], runner_id: UUID) -> Job | None:
    bury_stale(rt)
    now = rt.clock.now()
    with rt.reading() as tx:
        waiting = store.waiting(tx, kinds, now, _CLAIM_TRIES)
    for job_id in waiting:  # another runner may be faster
        with rt.transaction() as tx:
            claimed = core.claim(store.lock(tx, job_id), runner_id, now)
            if claimed is not None:
                store.save(tx, claimed)
                return claimed
    return None


def _attempt(rt: Runtime, duty: Duty, job: Job, lease: Lease, beat: "_Beat") -> _End:
    """Do the work; return the move that ends the job."""
    try:
        outcome = duty.run(rt, job, beat.tell)
    except (JobCancelled, RunnerEnds, LeaseLost, TryLater, CbtError) as refused:
        return _after_refusal(refused, lease, beat.place())
    except Exception as fault:  # noqa: BLE001  # whatever a duty does wrong, the runner lives on
        _log.exception("job failed", job=str(job.id), kind=duty.kind)
        message = "The work failed; the log of the worker says why."
        broken = Fault(code="job-failed", message=message, place=_line_of(fault))
        return lambda job, now: core.fail(job, lease, broken, now)
    return lambda job, now: core.finish(job, lease, outcome, now)


def _after_refusal(refused: Exception, lease: Lease, place: str) -> _End:
    match refused:
        case JobCancelled():
            return lambda job, now: core.stop(job, lease, now)
        case RunnerEnds():
            return lambda job, now: core.hand_back(job, lease, now)
        case TryLater():
            late, after = Fault(code="try-later", message="It could not be done in time.", place=place), refused.after
            return lambda job, now: core.postpone(job, lease, late, now + after, now)
        case CbtError():
            fault = Fault(code=refused.code, message=refused.message, place=place)
            if isinstance(refused, Unavailable):
                return lambda job, now: core.postpone(job, lease, fault, now + _AGAIN_AFTER * job.attempt, now)
            return lambda job, now: core.fail(job, lease, fault, now)
        case _:
            raise refused


def _write_down(rt: Runtime, job_id: JobId, end: _End, keep: timedelta) -> None:
    """Write down how a job ended, again and again where the database is away."""
    for rest in range(_WRITE_DOWN_TRIES, -1, -1):
        try:
            ended = _close(rt, job_id, end, keep)
        except LeaseLost:
            _log.warning("job lost", job=str(job_id))
            return
        except Unavailable:
            if not rest:
                raise
            time.sleep(_WRITE_DOWN_REST_S)
        else:
            _log.info("job ended", job=str(job_id), kind=ended.wanted.kind, state=ended.state)
            return


def _close(rt: Runtime, job_id: JobId, end: _End, keep: timedelta) -> Job:
    now = rt.clock.now()
    with rt.transaction() as tx:
        ended = end(store.lock(tx, job_id), now)
        store.save(tx, ended)
        if ended.ended:
            let_go_in(tx, ended, now, keep=keep if ended.outcome is not None else core.AT_ONCE)
    return ended


def _line_of(fault: Exception) -> str:
    """Return the innermost line of our own code that a fault went through."""
    own = [frame for frame in traceback.extract_tb(fault.__traceback__) if Path(frame.filename).is_relative_to(_ROOT)]
    return f"{Path(own[-1].filename).relative_to(_ROOT)}:{own[-1].lineno}" if own else ""


class _Beat:
    """The second thread beside the work: takes the news down and brings the order to stop."""

    def __init__(
        self,
        rt: Runtime,
        job_id: JobId,
        lease: Lease,
        *,
        ending: Event,
        hard_stop: Callable[[], object] | None,
    ) -> None:
        self._rt, self._job_id, self._lease, self._ending = rt, job_id, lease, ending
        self._hard_stop = hard_stop
        self._news = Progress()
        self._stop: type[Exception] | None = None
        self._over = Event()
        self._thread = Thread(target=self._run, name="beat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def tell(self, done: int, total: int, phase: str) -> None:
        """Take down how far the work is; raises JobCancelled, LeaseLost or RunnerEnds where it must stop."""
        self._news = Progress(done=done, total=total, phase=phase)
        if self._ending.is_set():
            raise RunnerEnds
        if self._stop is not None:
            raise self._stop(str(self._job_id))

    def place(self) -> str:
        """Return how far the work was, in words."""
        news = self._news
        return f"{news.phase} {news.done}/{news.total}" if news.total else news.phase

    def _run(self) -> None:
        written, silent, stopping_s = Progress(), 0, 0.0
        while not self._over.wait(BEAT_S):
            news = self._news
            silent = 0 if news != written else silent + 1
            if silent % _SILENT_BEATS == 0:
                self._write(news)
                written = news
            else:
                self._look()
            stopping_s = stopping_s + BEAT_S if self._stop or self._ending.is_set() else 0.0
            if stopping_s >= HARD_STOP_AFTER_S and self._hard_stop is not None:
                self._hard_stop()

    def _write(self, news: Progress) -> None:
        try:
            with self._rt.transaction() as tx:
                ours = store.touch(tx, self._job_id, self._lease, news, self._rt.clock.now())
        except Unavailable:
            return
        if not ours:
            self._stop = self._stop or LeaseLost
        self._look()

    def _look(self) -> None:
        try:
            with self._rt.reading() as tx:
                job = store.get(tx, self._job_id)
        except Unavailable:
            return
        if job.cancel_asked_at is not None and self._stop is None:
            self._stop = JobCancelled
