"""kill -9 of the process that does long work: the job is taken up again, and no load is ever half there."""

import os
import signal
from datetime import timedelta

import pytest
from sqlalchemy import text

from cbt.jobs.core.jobs import Job, JobId, JobState, Wanted
from cbt.jobs.services.asking import get_job, start
from itembank.services.banks import list_banks
from itembank.services.pages import create_bank
from itembank.services.uploading import LOAD_KIND, Upload, start_check
from tests.factories_itembank import csv_file, row
from tests.factories_jobs import do_jobs
from tests.factories_scheduling import SYSTEM
from tests.factories_site import Site, until

pytestmark = pytest.mark.slow
ITEMS = 2000
PATIENCE_S = 150.0  # the runner is nice to whatever else is running here
RUNNER = "cbt.cli.job_runner"


@pytest.fixture(scope="module")
def upload() -> Upload:
    rows = (row(f"Q{number}", question=f"<p>Which one is number {number}?</p>") for number in range(ITEMS))
    return Upload(name="many.csv", items=csv_file(*rows))


def frozen(site: Site, job_id: JobId) -> Job:
    """The job as it runs, its runner stopped in the midst of it."""
    until(lambda: is_running(site, job_id), patience_s=PATIENCE_S, why="the job runs")
    os.kill(site.part(RUNNER), signal.SIGSTOP)
    assert is_running(site, job_id)
    return get_job(site.rt, job_id)


def is_running(site: Site, job_id: JobId) -> bool:
    job = get_job(site.rt, job_id)
    assert not job.ended, f"too fast to be killed: {job}"
    return job.state is JobState.RUNNING


def kill(site: Site) -> None:
    """kill -9 of the runner; returns when there is a new one."""
    old = site.part(RUNNER)
    os.kill(old, signal.SIGKILL)
    until(lambda: site.part(RUNNER) not in {0, old}, why="another runner")


def ended(site: Site, job_id: JobId) -> Job | None:
    job = get_job(site.rt, job_id)
    return job if job.ended else None


def items(site: Site, bank: str) -> int:
    return next(one.items for one in list_banks(site.rt) if one.bank.code == bank)


def test_a_look_whose_runner_was_killed_is_taken_up_again(site, upload):
    create_bank(site.rt, {"code": "killed-look", "title_ko": "은행"}, SYSTEM)
    job_id = start_check(site.rt, "killed-look", upload, by=SYSTEM, page="/admin/banks")
    assert frozen(site, job_id).attempt == 1
    kill(site)
    job = until(lambda: ended(site, job_id), patience_s=PATIENCE_S, why="the second attempt")
    assert (job.state, job.attempt) == (JobState.DONE, 2)
    assert len(job.outcome["codes"]["new"]) == ITEMS


def test_no_item_of_a_killed_load_is_seen_and_the_next_attempt_loads_all(site, upload):
    create_bank(site.rt, {"code": "killed-load", "title_ko": "은행"}, SYSTEM)
    arguments = {"bank": "killed-load", "name": upload.name, "status": upload.status}
    wanted = Wanted(kind=LOAD_KIND, subject="killed-load", arguments=arguments)
    job_id = start(site.rt, wanted, by=SYSTEM, files={"items": upload.items})
    until(lambda: hidden(site), patience_s=PATIENCE_S, why="rows of the load are there, hidden")
    with site.rt.transaction():  # the runner waits for the lock, between two chunks
        os.kill(site.part(RUNNER), signal.SIGSTOP)
    assert hidden(site), "too fast to be killed"
    assert items(site, "killed-load") == 0
    kill(site)
    until(lambda: waits_for_the_dead(site, job_id), patience_s=PATIENCE_S, why="the next attempt")
    assert items(site, "killed-load") == 0
    with site.earlier(-timedelta(minutes=2)) as later:
        while not get_job(later, job_id).ended:
            do_jobs(later)
    job = get_job(site.rt, job_id)
    assert (job.state, items(site, "killed-load")) == (JobState.DONE, ITEMS), job.fault


def hidden(site: Site) -> int:
    """How many versions of items the load has written that nobody sees yet."""
    with site.rt.reading() as tx:
        statement = "SELECT count(*) FROM itembank_item_version v JOIN itembank_load l ON l.id = v.load_id"
        return tx.session.scalar(text(f"{statement} WHERE l.published_at IS NULL")) or 0


def waits_for_the_dead(site: Site, job_id: JobId) -> bool:
    """The second attempt has found the bank held by the load that died, and the job waits until it is let go."""
    job = get_job(site.rt, job_id)
    return job.state is JobState.QUEUED and job.attempt == 2
