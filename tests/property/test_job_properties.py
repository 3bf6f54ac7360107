"""Whatever runners, people and time do to a job in whatever order, it has one owner and one end."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from cbt.jobs.core import jobs as core
from cbt.jobs.core.jobs import Fault, Job, JobEnded, JobState, Lease, LeaseLost
from tests.factories_jobs import NOW, waiting_job

RUNNERS = tuple(UUID(int=number) for number in (11, 12, 13))
FAULT = Fault(code="no", message="No.")
MOVES = {
    "finish": lambda job, lease, now: core.finish(job, lease, {"by": str(lease.runner)}, now),
    "fail": lambda job, lease, now: core.fail(job, lease, FAULT, now),
    "stop": core.stop,
    "hand-back": core.hand_back,
    "postpone": lambda job, lease, now: core.postpone(job, lease, FAULT, now + timedelta(seconds=30), now),
}
EVENTS = st.tuples(
    st.sampled_from(("claim", "touch", "bury", "cancel", *MOVES)),
    st.sampled_from(RUNNERS),
    st.integers(0, 40).map(lambda seconds: timedelta(seconds=seconds)),
)


class Hands:
    """What each runner believes to hold: its last lease, kept after it was taken away."""

    def __init__(self) -> None:
        self.leases: dict[UUID, Lease] = {}

    def after(self, job: Job, what: str, runner: UUID, now) -> Job:
        if what == "claim":
            return self._claim(job, runner, now)
        if what == "bury":
            return core.bury(job, now) if core.is_stale(job, now) else job
        if what == "cancel":
            try:
                return core.ask_cancel(job, now)
            except JobEnded:
                return job
        return self._move(job, what, runner, now)

    def _claim(self, job, runner, now):
        claimed = core.claim(job, runner, now)
        if claimed is None:
            return job
        assert job.state is JobState.QUEUED
        assert claimed.lease is not None
        self.leases[runner] = claimed.lease
        return claimed

    def _move(self, job, what, runner, now):
        lease = self.leases.get(runner, Lease(runner=runner, attempt=1))
        if what == "touch":
            held = job.state is JobState.RUNNING and job.lease == lease
            return replace(job, touched_at=now) if held else job
        try:
            after = MOVES[what](job, lease, now)
        except LeaseLost:
            assert job.lease != lease or job.state is not JobState.RUNNING
            return job
        assert job.lease == lease, "only the owner moves a job"
        return after


@given(st.lists(EVENTS, max_size=40))
def test_a_job_has_one_owner_and_one_end(events):
    job, now, hands = waiting_job(), NOW, Hands()
    for what, runner, passes in events:
        now += passes
        before, job = job, hands.after(job, what, runner, now)
        assert (job.lease is not None) is (job.state is JobState.RUNNING)
        assert 0 <= job.attempt <= core.MOST_ATTEMPTS
        assert job.ended is (job.finished_at is not None)
        if before.ended:
            assert job == before
