"""A job and its moves, each a pure function from a job to the job after it.

A running job belongs to one lease: the runner and the number of the attempt. Whoever comes with another lease is told
`LeaseLost` and may write nothing, so that a runner that everybody thought dead cannot end the job of its successor.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NewType
from uuid import UUID

from cbt.kernel.errors import Conflict, NotFound
from cbt.people.core.actors import Actor, Role, StaffId

JobId = NewType("JobId", UUID)
MOST_ATTEMPTS: Final = 3
STALE_AFTER: Final = timedelta(seconds=20)  # a runner touches its job every three seconds
AT_ONCE: Final = timedelta(0)
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED: Final = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


class NoSuchJob(NotFound):
    """There is no such job, or it is not for you."""

    code = "no-such-job"


class JobEnded(Conflict):
    """The work has ended already."""

    code = "job-ended"


class LeaseLost(Exception):
    """The job belongs to another runner by now, or has ended."""


class JobCancelled(Exception):
    """Somebody cancelled the job; the work lets this pass through and leaves nothing behind."""


class TryLater(Exception):
    """The work cannot be done now; `after` says when to try again."""

    def __init__(self, after: timedelta) -> None:
        self.after = after
        super().__init__(f"again in {after}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for.

    `subject` is the code of what it is about; `roles` may watch and cancel it beside whoever asked and the admins;
    `page` is the address that shows the outcome.
    """

    kind: str
    subject: str
    arguments: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    roles: frozenset[Role] = frozenset({Role.ADMIN})
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Who runs a job, and in which attempt."""

    runner: UUID
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a job is; `total` 0 means that nobody knows yet."""

    done: int = 0
    total: int = 0
    phase: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a job failed: a stable code, a sentence, and the place where it did."""

    code: str
    message: str
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of long work as it stands."""

    id: JobId
    wanted: Wanted
    by: Actor
    state: JobState
    created_at: datetime
    ready_at: datetime  # not taken up before
    touched_at: datetime  # when its runner was last heard of
    progress: Progress = Progress()
    attempt: int = 0
    lease: Lease | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    cancel_asked_at: datetime | None = None
    outcome: Mapping[str, Any] | None = None
    fault: Fault | None = None
    bundle_id: UUID | None = None  # its files

    @property
    def arguments(self) -> Mapping[str, Any]:
        """Return what the work is to be done with."""
        return self.wanted.arguments

    @property
    def ended(self) -> bool:
        """Tell whether nothing will happen any more."""
        return self.state in ENDED

    @property
    def page(self) -> str:
        """Return the address that shows the outcome, or an empty text."""
        mark = "&" if "?" in self.wanted.page else "?"
        return f"{self.wanted.page}{mark}job={self.id}" if self.wanted.page else ""

    def may_be_seen_by(self, staff_id: StaffId, roles: frozenset[Role]) -> bool:
        """Tell whether somebody may watch and cancel it."""
        return Role.ADMIN in roles or self.by.id == staff_id or bool(roles & self.wanted.roles)


def new_job(job_id: JobId, wanted: Wanted, by: Actor, now: datetime, bundle_id: UUID | None = None) -> Job:
    """Return a job that waits for a runner."""
    return Job(
        id=job_id,
        wanted=wanted,
        by=by,
        state=JobState.QUEUED,
        created_at=now,
        ready_at=now,
        touched_at=now,
        bundle_id=bundle_id,
    )


def claim(job: Job, runner: UUID, now: datetime) -> Job | None:
    """Return the job in the hands of `runner`, or None where it is not to be had."""
    if job.state is not JobState.QUEUED or job.ready_at > now:
        return None
    lease = Lease(runner=runner, attempt=job.attempt + 1)
    return replace(
        job,
        state=JobState.RUNNING,
        attempt=lease.attempt,
        lease=lease,
        progress=Progress(),
        started_at=now,
        touched_at=now,
    )


def finish(job: Job, lease: Lease, outcome: Mapping[str, Any], now: datetime) -> Job:
    """Return the job done; raises LeaseLost. Work that was done counts, even when somebody cancelled meanwhile."""
    return _ended(_held(job, lease), JobState.DONE, now, outcome=outcome)


def fail(job: Job, lease: Lease, fault: Fault, now: datetime) -> Job:
    """Return the job failed; raises LeaseLost."""
    return _ended(_held(job, lease), JobState.FAILED, now, fault=fault)


def stop(job: Job, lease: Lease, now: datetime) -> Job:
    """Return the job cancelled, now that its runner has let go of it; raises LeaseLost."""
    return _ended(_held(job, lease), JobState.CANCELLED, now)


def postpone(job: Job, lease: Lease, fault: Fault, until: datetime, now: datetime) -> Job:
    """Return the job waiting until `until`, or failed with `fault` after its last attempt; raises LeaseLost."""
    return _again(_held(job, lease), fault, until, now)


def hand_back(job: Job, lease: Lease, now: datetime) -> Job:
    """Return the job waiting for another runner because this one is told to end; counts as no attempt."""
    held = _held(job, lease)
    if held.cancel_asked_at is not None:
        return _ended(held, JobState.CANCELLED, now)
    return replace(held, state=JobState.QUEUED, lease=None, attempt=held.attempt - 1, ready_at=now, touched_at=now)


def is_stale(job: Job, now: datetime) -> bool:
    """Tell whether its runner has been silent for too long."""
    return job.state is JobState.RUNNING and job.touched_at < now - STALE_AFTER


def bury(job: Job, now: datetime) -> Job:
    """Return a running job after the death of its runner: cancelled if asked, else waiting again or failed."""
    if job.state is not JobState.RUNNING:
        return job
    fault = Fault(code="worker-died", message="The worker died while it did this.", place=job.progress.phase)
    return _again(job, fault, now, now)


def ask_cancel(job: Job, now: datetime) -> Job:
    """Return the job cancelled, or on its way there while it runs; raises JobEnded."""
    if job.ended:
        raise JobEnded(job=job.id)
    if job.state is JobState.QUEUED:
        return _ended(job, JobState.CANCELLED, now)
    return replace(job, cancel_asked_at=job.cancel_asked_at or now)


def without_files(job: Job) -> Job:
    """Return the job after another one has taken its files over."""
    return replace(job, bundle_id=None)


def _held(job: Job, lease: Lease) -> Job:
    if job.state is not JobState.RUNNING or job.lease != lease:
        raise LeaseLost(str(job.id))
    return job


def _again(job: Job, fault: Fault, until: datetime, now: datetime) -> Job:
    if job.cancel_asked_at is not None:
        return _ended(job, JobState.CANCELLED, now)
    if job.attempt >= MOST_ATTEMPTS:
        return _ended(job, JobState.FAILED, now, fault=fault)
    return replace(job, state=JobState.QUEUED, lease=None, ready_at=until, touched_at=now)


def _ended(
    job: Job, state: JobState, now: datetime, *, outcome: Mapping[str, Any] | None = None, fault: Fault | None = None
) -> Job:
    return replace(job, state=state, lease=None, finished_at=now, touched_at=now, outcome=outcome, fault=fault)
