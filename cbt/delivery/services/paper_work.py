"""Preparing the papers of a sitting as long work."""

from typing import Any, Final
from uuid import UUID

from cbt.delivery.services.preparing import PHASE, prepare
from cbt.jobs.core.jobs import Job, JobId, Wanted
from cbt.jobs.services.asking import start_once
from cbt.jobs.services.running import Duty
from cbt.kernel.progress import Tell
from cbt.kernel.runtime import Runtime
from cbt.people.core.actors import Actor
from cbt.scheduling.core.sittings import SittingId
from cbt.scheduling.services.sittings import get_sitting

KIND: Final = "delivery.prepare-papers"


def start_preparing(rt: Runtime, sitting_id: SittingId, *, by: Actor, page: str) -> JobId:
    """Ask for the papers of a sitting; return the job, which may run already. Raises NoSuchSitting."""
    code = get_sitting(rt, sitting_id).sitting.code
    return start_once(rt, Wanted(kind=KIND, subject=code, arguments={"sitting": sitting_id}, page=page), by=by)


def _prepare_papers(rt: Runtime, job: Job, progress: Tell) -> dict[str, Any]:
    sitting_id = SittingId(UUID(job.arguments["sitting"]))
    return {"prepared": prepare(rt, sitting_id, by=job.by, progress=progress)}


PREPARE: Final = Duty(kind=KIND, run=_prepare_papers, phases=(PHASE,))
