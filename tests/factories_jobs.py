"""Builders for tests of long work: duties that do little, runners in this process, and a worker beside the test."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread
from uuid import UUID

import pytest

from cbt.cli.duties import DUTIES
from cbt.jobs import web as jobs_web
from cbt.jobs.core.jobs import Job, JobId, Wanted, new_job
from cbt.jobs.services.running import Duty, Run, Runner
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Runtime
from cbt.people.core.actors import Actor

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SYSTEM = Actor.system("test")
KIND = "test.count"
WANTED = Wanted(kind=KIND, subject="X", arguments={"to": 3})


def waiting_job() -> Job:
    """A job that waits for a runner."""
    return new_job(JobId(UUID(int=1)), WANTED, SYSTEM, NOW)


def runner(rt: Runtime, run: Run, *, kind: str = KIND) -> Runner:
    """A runner in this process that knows one duty."""
    return Runner(rt, (Duty(kind=kind, run=run, phases=("Counting",)),), new_id(rt.clock.now()))


def do_jobs(rt: Runtime) -> int:
    """Do all jobs that wait, as the worker does; return how many."""
    here = Runner(rt, DUTIES, new_id(rt.clock.now()))
    done = 0
    while here.run_next():
        done += 1
    return done


@contextmanager
def working(rt: Runtime) -> Iterator[None]:
    """A worker for long work in a thread beside the test; pages wait for it however busy the machine is."""
    here = Runner(rt, DUTIES, new_id(rt.clock.now()))
    over = Event()

    def work() -> None:
        while not over.is_set():
            if not here.run_next():
                over.wait(0.01)

    thread = Thread(target=work)
    thread.start()
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(jobs_web, "PATIENCE_S", 60.0)
            yield
    finally:
        over.set()
        thread.join()
