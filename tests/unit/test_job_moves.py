"""A job moves from asked to ended, and only in the hands of whoever holds it."""

from datetime import timedelta
from uuid import UUID

import pytest

from cbt.jobs.core import jobs as core
from cbt.jobs.core.jobs import Fault, JobEnded, JobState, Lease, LeaseLost
from cbt.people.core.actors import Role, StaffId
from tests.factories_jobs import NOW, waiting_job

FAULT = Fault(code="no", message="No.")
FIRST, SECOND = UUID(int=11), UUID(int=12)
LATER = NOW + timedelta(minutes=1)


def running(runner=FIRST):
    job = core.claim(waiting_job(), runner, NOW)
    assert job is not None
    return job


def test_a_claimed_job_belongs_to_its_runner_alone():
    job = running()
    assert job.state is JobState.RUNNING
    assert core.claim(job, SECOND, LATER) is None
    with pytest.raises(LeaseLost):
        core.finish(job, Lease(runner=SECOND, attempt=1), {}, LATER)


def test_a_job_is_not_taken_up_before_its_time():
    job = core.postpone(running(), Lease(runner=FIRST, attempt=1), FAULT, LATER, NOW)
    assert core.claim(job, SECOND, NOW) is None
    assert core.claim(job, SECOND, LATER) is not None


def test_the_first_runner_cannot_end_what_the_second_took_over():
    taken = core.claim(core.bury(running(), LATER), FIRST, LATER)
    assert taken is not None
    assert taken.attempt == 2
    with pytest.raises(LeaseLost):
        core.finish(taken, Lease(runner=FIRST, attempt=1), {}, LATER)
    assert core.finish(taken, Lease(runner=FIRST, attempt=2), {"n": 1}, LATER).outcome == {"n": 1}


def test_a_job_whose_runners_die_fails_in_the_end():
    job = waiting_job()
    for _ in range(core.MOST_ATTEMPTS):
        claimed = core.claim(job, FIRST, NOW)
        assert claimed is not None
        job = core.bury(claimed, NOW)
    assert job.state is JobState.FAILED
    assert job.fault is not None
    assert job.fault.code == "worker-died"


def test_a_runner_that_is_told_to_end_costs_no_attempt():
    job = core.hand_back(running(), Lease(runner=FIRST, attempt=1), NOW)
    assert (job.state, job.attempt, job.lease) == (JobState.QUEUED, 0, None)


def test_cancelling_counts_at_once_while_a_job_waits_and_is_asked_for_while_it_runs():
    assert core.ask_cancel(waiting_job(), NOW).state is JobState.CANCELLED
    asked = core.ask_cancel(running(), NOW)
    assert (asked.state, asked.cancel_asked_at) == (JobState.RUNNING, NOW)
    assert core.bury(asked, LATER).state is JobState.CANCELLED
    assert core.hand_back(asked, Lease(runner=FIRST, attempt=1), NOW).state is JobState.CANCELLED


def test_work_that_was_done_counts_though_somebody_cancelled():
    asked = core.ask_cancel(running(), NOW)
    assert core.finish(asked, Lease(runner=FIRST, attempt=1), {}, LATER).state is JobState.DONE


def test_what_has_ended_is_not_cancelled():
    ended = core.finish(running(), Lease(runner=FIRST, attempt=1), {}, LATER)
    with pytest.raises(JobEnded):
        core.ask_cancel(ended, LATER)


def test_only_a_silent_runner_is_stale():
    assert not core.is_stale(running(), NOW + core.STALE_AFTER)
    assert core.is_stale(running(), NOW + core.STALE_AFTER + timedelta(seconds=1))
    assert not core.is_stale(waiting_job(), LATER)


def test_a_job_is_for_its_roles_for_admins_and_for_whoever_asked():
    job = waiting_job()
    somebody = StaffId(UUID(int=5))
    assert job.may_be_seen_by(somebody, frozenset({Role.ADMIN}))
    assert not job.may_be_seen_by(somebody, frozenset({Role.AUTHOR, Role.PROCTOR}))


def test_the_outcome_is_shown_on_the_page_that_asked():
    assert waiting_job().page == ""
