"""Long work on the shell: list it, watch one with its bar, cancel one."""

import json
import sys
import time
from typing import Any, Final
from uuid import UUID

import click

from cbt.jobs.core.jobs import Job, JobId, JobState
from cbt.jobs.services import asking
from cbt.kernel.progress import shown_progress
from cbt.kernel.runtime import Runtime
from cbt.people.core.actors import Actor

PROBLEMS: Final = 1
_LOOK_EVERY_S: Final = 0.5
_SHELL: Final = Actor.system("shell")
_AS_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Answer as JSON, for programs.")


@click.group("jobs")
def jobs() -> None:
    """Long work that `cbt work` does in the background."""


@jobs.command("list")
@click.option("--count", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many of the newest.")
@_AS_JSON
@click.pass_obj
def list_jobs(rt: Runtime, count: int, *, as_json: bool) -> None:
    """List the newest jobs and how they stand."""
    found = asking.list_newest(rt, count)
    lines = [f"{job.id}  {job.state:<9}  {job.wanted.kind}  {job.wanted.subject}  {_words(job)}" for job in found]
    _print([_facts(job) for job in found], lines or ["no job yet"], as_json=as_json)


@jobs.command("watch")
@click.argument("job_id", metavar="JOB", type=click.UUID)
@_AS_JSON
@click.pass_obj
def watch_job(rt: Runtime, job_id: UUID, *, as_json: bool) -> None:
    """Wait until JOB ends, showing how far it is; exit code 1 where it failed or was cancelled."""
    with shown_progress(wanted=not as_json) as tell:
        while not (job := asking.get_job(rt, JobId(job_id))).ended:
            tell(job.progress.done, job.progress.total, job.progress.phase or "Waiting")
            time.sleep(_LOOK_EVERY_S)
    _print(_facts(job), [f"{job.state}  {_words(job)}".rstrip()], as_json=as_json)
    sys.exit(0 if job.state is JobState.DONE else PROBLEMS)


@jobs.command("cancel")
@click.argument("job_id", metavar="JOB", type=click.UUID)
@click.pass_obj
def cancel_job(rt: Runtime, job_id: UUID) -> None:
    """Cancel JOB: at once while it waits, as soon as its runner notices while it runs."""
    job = asking.cancel(rt, JobId(job_id), by=_SHELL)
    click.echo("cancelled" if job.ended else "being cancelled")


def _facts(job: Job) -> dict[str, Any]:
    fault = job.fault
    return {
        "job": str(job.id),
        "kind": job.wanted.kind,
        "subject": job.wanted.subject,
        "state": job.state.value,
        "phase": job.progress.phase,
        "done": job.progress.done,
        "total": job.progress.total,
        "attempt": job.attempt,
        "by": job.by.name,
        "fault": None if fault is None else {"code": fault.code, "message": fault.message, "place": fault.place},
    }


def _words(job: Job) -> str:
    if job.fault is not None:
        return f"{job.fault.message} [{job.fault.code}]"
    if job.state is JobState.RUNNING and job.progress.total:
        return f"{job.progress.phase} {job.progress.done}/{job.progress.total}"
    return job.progress.phase if job.state is JobState.RUNNING else ""


def _print(facts: Any, lines: list[str], *, as_json: bool) -> None:
    click.echo(json.dumps(facts, ensure_ascii=False, indent=2) if as_json else "\n".join(lines))
