"""Ask for long work, watch it, cancel it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cbt.jobs.core import jobs as core
from cbt.jobs.core.jobs import Job, JobId, NoSuchJob, Wanted
from cbt.jobs.services.files import keep_files, let_go_in, take_over_in
from cbt.jobs.store import jobs as store
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Runtime, Transaction
from cbt.people.core.actors import Actor, Role, StaffId
from cbt.people.services.audit import audit_in

TOPIC: Final = "jobs"
PAGE: Final = 50
_LOOK_EVERY_S: Final = 0.05
_NO_FILES: Final[Mapping[str, bytes]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks at jobs."""

    id: StaffId
    roles: frozenset[Role]


def start(rt: Runtime, wanted: Wanted, *, by: Actor, files: Mapping[str, bytes] = _NO_FILES) -> JobId:
    """Ask for work with its files; return the job, which `cbt work` takes up at once."""
    bundle_id = keep_files(rt, files)
    now = rt.clock.now()
    job = core.new_job(JobId(new_id(now)), wanted, by, now, bundle_id)
    with rt.transaction() as tx:
        _start_in(tx, job)
    return job.id


def start_once(rt: Runtime, wanted: Wanted, *, by: Actor) -> JobId:
    """Ask for work, or return the job that does the same for the same subject already."""
    now = rt.clock.now()
    job = core.new_job(JobId(new_id(now)), wanted, by, now)
    with rt.transaction() as tx:
        there = store.find_live(tx, wanted.kind, wanted.subject)
        if there is not None:
            return there
        _start_in(tx, job)
    return job.id


def go_on(rt: Runtime, before: JobId, wanted: Wanted, *, by: Actor) -> JobId:
    """Ask for work on the files of a job that has ended; raises FilesGone, which is so for whoever comes second."""
    now = rt.clock.now()
    with rt.transaction() as tx:
        former = store.lock(tx, before)
        job = core.new_job(JobId(new_id(now)), wanted, by, now, take_over_in(tx, former, now))
        store.save(tx, core.without_files(former))
        _start_in(tx, job)
    return job.id


def cancel(rt: Runtime, job_id: JobId, *, by: Actor) -> Job:
    """Cancel a job: at once while it waits, as soon as its runner notices while it runs; raises JobEnded, NoSuchJob."""
    now = rt.clock.now()
    with rt.transaction() as tx:
        job = core.ask_cancel(store.lock(tx, job_id), now)
        store.save(tx, job)
        if job.ended:
            let_go_in(tx, job, now, keep=core.AT_ONCE)
        details = {"job": job.id, "kind": job.wanted.kind}
        audit_in(tx, now, by=by, act="jobs.cancelled", subject=job.wanted.subject, details=details)
    return job


def get_job(rt: Runtime, job_id: JobId) -> Job:
    """Return a job; raises NoSuchJob."""
    with rt.reading() as tx:
        return store.get(tx, job_id)


def get_job_for(rt: Runtime, job_id: JobId, viewer: Viewer) -> Job:
    """Return a job to somebody who may see it; raises NoSuchJob."""
    job = get_job(rt, job_id)
    if not job.may_be_seen_by(viewer.id, viewer.roles):
        raise NoSuchJob(job=job_id)
    return job


def list_jobs(rt: Runtime, viewer: Viewer, *, page: int = 1) -> tuple[tuple[Job, ...], int]:
    """Return a page of the jobs that somebody may see, the newest first, and how many there are."""
    with rt.reading() as tx:
        return store.list_page(tx, viewer.id, viewer.roles, offset=(max(page, 1) - 1) * PAGE, limit=PAGE)


def list_newest(rt: Runtime, limit: int = PAGE) -> tuple[Job, ...]:
    """Return the newest jobs of all."""
    with rt.reading() as tx:
        return store.list_newest(tx, limit)


def wait_for(rt: Runtime, job_id: JobId, *, patience_s: float) -> Job:
    """Return a job once it has ended, or as it stands when patience does."""
    until = time.monotonic() + patience_s
    while not (job := get_job(rt, job_id)).ended and time.monotonic() < until:
        time.sleep(_LOOK_EVERY_S)
    return job


def _start_in(tx: Transaction, job: Job) -> None:
    store.add(tx, job)
    details = {"job": job.id, "kind": job.wanted.kind}
    audit_in(tx, job.created_at, by=job.by, act="jobs.started", subject=job.wanted.subject, details=details)
    tx.hint(TOPIC, str(job.id))
