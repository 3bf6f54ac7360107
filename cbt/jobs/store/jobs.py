"""Rows of jobs: every move locks the row, is decided in core, and is written back."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, Select, delete, func, insert, or_, select, update
from sqlalchemy.orm import defer

from cbt.jobs.core.jobs import ENDED, Fault, Job, JobId, JobState, Lease, NoSuchJob, Progress, Wanted
from cbt.jobs.tables import JobRow
from cbt.kernel import canonical
from cbt.kernel.db import for_update
from cbt.kernel.runtime import Transaction
from cbt.people.core.actors import Actor, ActorKind, Role, StaffId

_ENDED = tuple(state.value for state in ENDED)


def add(tx: Transaction, job: Job) -> None:
    """Write a new job."""
    tx.session.execute(insert(JobRow), [_values(job)])


def save(tx: Transaction, job: Job) -> None:
    """Write what a move changed."""
    values = {name: value for name, value in _values(job).items() if name != "id"}
    tx.session.execute(update(JobRow).where(JobRow.id == job.id).values(values))


def get(tx: Transaction, job_id: JobId) -> Job:
    """Return a job; raises NoSuchJob."""
    row = tx.session.get(JobRow, job_id)
    if row is None:
        raise NoSuchJob(job=job_id)
    return _job(row)


def lock(tx: Transaction, job_id: JobId) -> Job:
    """Return a job as it stands now, its row locked; raises NoSuchJob."""
    row = tx.session.scalar(for_update(select(JobRow).where(JobRow.id == job_id)))
    if row is None:
        raise NoSuchJob(job=job_id)
    return _job(row)


def touch(tx: Transaction, job_id: JobId, lease: Lease, progress: Progress, now: datetime) -> bool:
    """Say that the runner lives and how far it is; False where the job is not its own any more."""
    statement = (
        update(JobRow)
        .where(JobRow.id == job_id, JobRow.state == JobState.RUNNING.value)
        .where(JobRow.runner == lease.runner, JobRow.attempt == lease.attempt)
        .values(touched_at=now, done=progress.done, total=progress.total, phase=progress.phase)
    )
    result = tx.session.execute(statement)
    return isinstance(result, CursorResult) and result.rowcount == 1


def waiting(tx: Transaction, kinds: Iterable[str], now: datetime, limit: int) -> tuple[JobId, ...]:
    """Return the jobs that wait for a runner, the oldest first."""
    statement = (
        select(JobRow.id)
        .where(JobRow.state == JobState.QUEUED.value, JobRow.ready_at <= now, JobRow.kind.in_(tuple(kinds)))
        .order_by(JobRow.created_at, JobRow.id)
        .limit(limit)
    )
    return tuple(JobId(job_id) for job_id in tx.session.scalars(statement))


def silent_since(tx: Transaction, instant: datetime) -> tuple[JobId, ...]:
    """Return the running jobs whose runner was last heard of before `instant`."""
    statement = select(JobRow.id).where(JobRow.state == JobState.RUNNING.value, JobRow.touched_at < instant)
    return tuple(JobId(job_id) for job_id in tx.session.scalars(statement))


def held_by(tx: Transaction, runner: UUID) -> tuple[JobId, ...]:
    """Return the jobs that a runner holds."""
    statement = select(JobRow.id).where(JobRow.state == JobState.RUNNING.value, JobRow.runner == runner)
    return tuple(JobId(job_id) for job_id in tx.session.scalars(statement))


def find_live(tx: Transaction, kind: str, subject: str) -> JobId | None:
    """Return a job of this kind about this subject that has not ended, or None."""
    statement = (
        select(JobRow.id)
        .where(JobRow.kind == kind, JobRow.subject == subject, JobRow.state.not_in(_ENDED))
        .order_by(JobRow.created_at)
        .limit(1)
    )
    found = tx.session.scalar(statement)
    return None if found is None else JobId(found)


def list_page(
    tx: Transaction, staff_id: StaffId, roles: frozenset[Role], *, offset: int, limit: int
) -> tuple[tuple[Job, ...], int]:
    """Return some of the jobs that somebody may see, the newest first, and how many there are."""
    seen = _seen_by(staff_id, roles)
    rows = tx.session.scalars(_newest().where(seen).offset(offset).limit(limit))
    count = tx.session.scalar(select(func.count()).select_from(JobRow).where(seen))
    return tuple(_job(row, with_outcome=False) for row in rows), count or 0


def list_newest(tx: Transaction, limit: int) -> tuple[Job, ...]:
    """Return the newest jobs of all."""
    return tuple(_job(row, with_outcome=False) for row in tx.session.scalars(_newest().limit(limit)))


def has_old(tx: Transaction, before: datetime) -> bool:
    """Tell whether there are jobs that ended before an instant."""
    old = select(JobRow.id).where(JobRow.state.in_(_ENDED), JobRow.finished_at < before)
    return tx.session.scalar(old.limit(1)) is not None


def forget(tx: Transaction, before: datetime, limit: int) -> int:
    """Delete jobs that ended before an instant; return how many."""
    old = select(JobRow.id).where(JobRow.state.in_(_ENDED), JobRow.finished_at < before).limit(limit)
    found = tuple(tx.session.scalars(old))
    tx.session.execute(delete(JobRow).where(JobRow.id.in_(found)))
    return len(found)


def _newest() -> Select[JobRow]:
    """Select jobs for a list, without their outcomes, which may be long."""
    plain = defer(JobRow.outcome, raiseload=True)
    return select(JobRow).options(plain).order_by(JobRow.created_at.desc(), JobRow.id.desc())


def _seen_by(staff_id: StaffId, roles: frozenset[Role]) -> ColumnElement[bool]:
    if Role.ADMIN in roles:
        return JobRow.id.is_not(None)
    return or_(JobRow.by_id == staff_id, *(JobRow.roles.contains(f",{role.value},") for role in sorted(roles)))


def _values(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "kind": job.wanted.kind,
        "subject": job.wanted.subject,
        "arguments": canonical.encode(job.wanted.arguments),
        "roles": "".join(f",{role.value}" for role in sorted(job.wanted.roles)) + ",",
        "page": job.wanted.page,
        "by_kind": job.by.kind.value,
        "by_id": job.by.id,
        "by_name": job.by.name,
        "state": job.state.value,
        "phase": job.progress.phase,
        "done": job.progress.done,
        "total": job.progress.total,
        "attempt": job.attempt,
        "runner": None if job.lease is None else job.lease.runner,
        "created_at": job.created_at,
        "ready_at": job.ready_at,
        "touched_at": job.touched_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
        "cancel_asked_at": job.cancel_asked_at,
        "outcome": None if job.outcome is None else canonical.encode(job.outcome),
        "fault": None if job.fault is None else canonical.encode(_fault_document(job.fault)),
        "bundle_id": job.bundle_id,
    }


def _job(row: JobRow, *, with_outcome: bool = True) -> Job:
    wanted = Wanted(
        kind=row.kind,
        subject=row.subject,
        arguments=canonical.decode(row.arguments),
        roles=frozenset(Role(name) for name in row.roles.split(",") if name),
        page=row.page,
    )
    return Job(
        id=JobId(row.id),
        wanted=wanted,
        by=Actor(kind=ActorKind(row.by_kind), id=row.by_id, name=row.by_name),
        state=JobState(row.state),
        created_at=row.created_at,
        ready_at=row.ready_at,
        touched_at=row.touched_at,
        progress=Progress(done=row.done, total=row.total, phase=row.phase),
        attempt=row.attempt,
        lease=None if row.runner is None else Lease(runner=row.runner, attempt=row.attempt),
        started_at=row.started_at,
        finished_at=row.finished_at,
        cancel_asked_at=row.cancel_asked_at,
        outcome=canonical.decode(row.outcome) if with_outcome and row.outcome is not None else None,
        fault=None if row.fault is None else _fault(canonical.decode(row.fault)),
        bundle_id=row.bundle_id,
    )


def _fault_document(fault: Fault) -> Mapping[str, str]:
    return {"code": fault.code, "message": fault.message, "place": fault.place}


def _fault(document: Mapping[str, str]) -> Fault:
    return Fault(code=document["code"], message=document["message"], place=document["place"])
