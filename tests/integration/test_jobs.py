"""Long work on both databases: claimed once, told about, cancelled, taken from the dead; its files kept and dropped."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Event, Thread
from uuid import UUID

import pytest

from cbt.jobs.core import jobs as core
from cbt.jobs.core.jobs import JobEnded, JobState, NoSuchJob, TryLater, Wanted
from cbt.jobs.services import asking
from cbt.jobs.services.files import PIECE_BYTES, FilesGone, drop_files, read_file
from cbt.jobs.services.running import Duty, Runner, bury_stale, release
from cbt.jobs.services.tidying import KEPT_FOR, tidy_jobs
from cbt.kernel.errors import InvalidInput, Unavailable
from cbt.kernel.ids import new_id
from cbt.people.core.actors import Role, StaffId
from cbt.people.core.audit import AuditFilter
from cbt.people.services.audit import list_audit
from tests.factories_jobs import KIND, SYSTEM, WANTED, runner

ADMIN = asking.Viewer(id=StaffId(UUID(int=1)), roles=frozenset({Role.ADMIN}))


class TooBad(InvalidInput):
    """It is too bad."""


def counted(_rt, job, progress):
    for number in range(job.arguments["to"]):
        progress(number, job.arguments["to"], "Counting")
    return {"counted": job.arguments["to"]}


def ended(rt, run, **more):
    """The job after a runner has done `run` for it."""
    job_id = asking.start(rt, WANTED, by=SYSTEM, **more)
    assert runner(rt, run).run_next()
    return asking.get_job(rt, job_id)


def test_a_job_is_done_and_tells_what_came_of_it(any_rt):
    job = ended(any_rt, counted)
    assert (job.state, job.outcome, job.lease, job.fault) == (JobState.DONE, {"counted": 3}, None, None)
    assert not runner(any_rt, counted).run_next()


def test_start_and_cancel_are_in_the_audit_trail(any_rt, clock):
    job_id = asking.start(any_rt, WANTED, by=SYSTEM)
    clock.advance(timedelta(seconds=1))
    asking.cancel(any_rt, job_id, by=SYSTEM)
    acts = [record.act for record in list_audit(any_rt, AuditFilter(subject="X")).records]
    assert acts == ["jobs.cancelled", "jobs.started"]
    assert not runner(any_rt, counted).run_next()
    with pytest.raises(JobEnded):
        asking.cancel(any_rt, job_id, by=SYSTEM)


def test_a_refusal_fails_the_job_with_its_code_and_place(any_rt):
    def refuse(_rt, _job, progress):
        progress(2, 5, "Counting")
        raise TooBad

    job = ended(any_rt, refuse)
    assert job.fault == core.Fault(code="invalid-input", message="It is too bad.", place="Counting 2/5")


def test_a_fault_fails_the_job_and_names_its_line(any_rt):
    def stumble(_rt, _job, _progress):
        raise ZeroDivisionError("1 / 0")

    job = ended(any_rt, stumble)
    assert job.fault is not None
    assert job.fault.code == "job-failed"
    assert job.fault.place.startswith("tests/integration/test_jobs.py:")


@pytest.mark.parametrize("refusal", [Unavailable(), TryLater(timedelta(seconds=5))])
def test_what_cannot_be_done_now_is_tried_again_and_not_for_ever(any_rt, clock, refusal):
    def refuse(_rt, _job, _progress):
        raise refusal

    job_id = asking.start(any_rt, WANTED, by=SYSTEM)
    for _ in range(core.MOST_ATTEMPTS):
        assert runner(any_rt, refuse).run_next()
        assert not runner(any_rt, refuse).run_next()
        clock.advance(timedelta(minutes=1))
    assert asking.get_job(any_rt, job_id).state is JobState.FAILED


def test_cancelling_stops_running_work(any_rt):
    begun = Event()

    def endless(_rt, _job, progress):
        begun.set()
        while True:
            progress(1, 0, "Counting")
            Event().wait(0.01)

    job_id = asking.start(any_rt, WANTED, by=SYSTEM)
    with in_a_thread(runner(any_rt, endless).run_next):
        assert begun.wait(60)
        assert asking.cancel(any_rt, job_id, by=SYSTEM).state is JobState.RUNNING
    assert asking.get_job(any_rt, job_id).state is JobState.CANCELLED


def test_work_that_does_not_let_go_is_ended_hard(rt, monkeypatch):
    monkeypatch.setattr("cbt.jobs.services.running.HARD_STOP_AFTER_S", 0.5)
    begun, hard = Event(), Event()

    def deaf(_rt, _job, _progress):
        begun.set()
        assert hard.wait(60)
        return {}

    job_id = asking.start(rt, WANTED, by=SYSTEM)
    duty = Duty(kind=KIND, run=deaf, phases=())
    with in_a_thread(Runner(rt, (duty,), new_id(rt.clock.now()), hard_stop=hard.set).run_next):
        assert begun.wait(60)
        assert not hard.is_set()
        asking.cancel(rt, job_id, by=SYSTEM)
    assert hard.is_set()


def test_progress_is_seen_by_others_while_the_work_runs(any_rt):
    seen, told = Event(), Event()

    def slow(_rt, _job, progress):
        progress(7, 9, "Counting")
        told.set()
        assert seen.wait(60)
        return {}

    job_id = asking.start(any_rt, WANTED, by=SYSTEM)
    with in_a_thread(runner(any_rt, slow).run_next):
        assert told.wait(60)
        while asking.get_job(any_rt, job_id).progress != core.Progress(done=7, total=9, phase="Counting"):
            Event().wait(0.02)
        seen.set()
    assert asking.get_job(any_rt, job_id).state is JobState.DONE


def test_two_runners_never_take_the_same_job(any_rt):
    jobs = {asking.start(any_rt, WANTED, by=SYSTEM) for _ in range(12)}
    done, together = [], Barrier(3)

    def note(_rt, job, _progress):
        done.append(job.id)
        return {}

    def work():
        together.wait()
        mine = runner(any_rt, note)
        while mine.run_next():
            pass

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == sorted(jobs)


def test_a_job_of_a_dead_runner_is_taken_up_again(any_rt, clock):
    first, job_id = abandoned(any_rt)
    clock.advance(core.STALE_AFTER)
    assert bury_stale(any_rt) == 0
    clock.advance(timedelta(seconds=1))
    assert runner(any_rt, counted).run_next()
    job = asking.get_job(any_rt, job_id)
    assert (job.state, job.attempt) == (JobState.DONE, 2)
    assert release(any_rt, first) == 0


def test_whoever_sees_a_runner_die_releases_its_job_at_once(any_rt):
    first, job_id = abandoned(any_rt)
    assert release(any_rt, first) == 1
    assert asking.get_job(any_rt, job_id).state is JobState.QUEUED


def test_a_runner_that_was_thought_dead_cannot_end_the_job_of_its_successor(any_rt, clock):
    def overtaken(rt, _job, _progress):
        clock.advance(core.STALE_AFTER + timedelta(seconds=1))
        assert runner(rt, counted).run_next()
        return {"by": "the first"}

    assert ended(any_rt, overtaken).outcome == {"counted": 3}


def test_a_runner_that_is_told_to_end_hands_its_job_back(any_rt):
    job_id = asking.start(any_rt, WANTED, by=SYSTEM)
    leaving = runner(any_rt, counted)
    leaving.ending.set()
    assert leaving.run_next()
    job = asking.get_job(any_rt, job_id)
    assert (job.state, job.attempt) == (JobState.QUEUED, 0)


def test_a_kind_that_a_runner_does_not_know_is_left_to_others(any_rt):
    asking.start(any_rt, Wanted(kind="later.kind", subject="X"), by=SYSTEM)
    assert not runner(any_rt, counted).run_next()


def test_the_same_work_for_the_same_subject_is_not_asked_for_twice(any_rt):
    first = asking.start_once(any_rt, WANTED, by=SYSTEM)
    assert asking.start_once(any_rt, WANTED, by=SYSTEM) == first
    assert runner(any_rt, counted).run_next()
    assert asking.start_once(any_rt, WANTED, by=SYSTEM) != first


def test_files_of_several_pieces_come_back_as_they_were_and_go_with_the_job(any_rt):
    files = {"long": bytes(range(256)) * 8192 + b"!", "empty": b""}
    assert len(files["long"]) > 2 * PIECE_BYTES
    read = {}

    def look(rt, job, _progress):
        read.update({name: read_file(rt, job, name) for name in (*files, "none")})
        return {}

    job = ended(any_rt, look, files=files)
    assert read == {**files, "none": b""}
    while drop_files(any_rt):
        pass
    with pytest.raises(FilesGone):
        read_file(any_rt, asking.get_job(any_rt, job.id), "long")


def test_files_of_live_jobs_stay(any_rt, clock):
    job_id = asking.start(any_rt, WANTED, by=SYSTEM, files={"a": b"1"})
    clock.advance(timedelta(days=1))
    assert drop_files(any_rt) == 0
    assert read_file(any_rt, asking.get_job(any_rt, job_id), "a") == b"1"


def test_another_job_goes_on_with_kept_files_once(any_rt, clock):
    duty = Duty(kind=KIND, run=counted, phases=(), keep_files=timedelta(hours=2))
    first = asking.start(any_rt, WANTED, by=SYSTEM, files={"a": b"1"})
    assert Runner(any_rt, (duty,), new_id(clock.now())).run_next()
    assert drop_files(any_rt) == 0
    second = asking.go_on(any_rt, first, WANTED, by=SYSTEM)
    with pytest.raises(FilesGone):
        asking.go_on(any_rt, first, WANTED, by=SYSTEM)
    clock.advance(timedelta(hours=3))
    assert drop_files(any_rt) == 0
    assert read_file(any_rt, asking.get_job(any_rt, second), "a") == b"1"


def test_jobs_are_seen_by_admins_by_their_roles_and_by_whoever_asked(any_rt, clock):
    authors = Wanted(kind=KIND, subject="A", roles=frozenset({Role.AUTHOR}))
    for wanted in (WANTED, authors):
        asking.start(any_rt, wanted, by=SYSTEM)
        clock.advance(timedelta(seconds=1))
    author = asking.Viewer(id=StaffId(UUID(int=2)), roles=frozenset({Role.AUTHOR}))
    assert [job.wanted.subject for job in asking.list_jobs(any_rt, ADMIN)[0]] == ["A", "X"]
    assert [job.wanted.subject for job in asking.list_jobs(any_rt, author)[0]] == ["A"]
    [admins] = [job for job in asking.list_newest(any_rt) if job.wanted.subject == "X"]
    with pytest.raises(NoSuchJob):
        asking.get_job_for(any_rt, admins.id, author)


def test_old_jobs_are_forgotten(any_rt, clock):
    job = ended(any_rt, counted)
    clock.advance(KEPT_FOR + timedelta(days=1))
    while tidy_jobs(any_rt):
        pass
    with pytest.raises(NoSuchJob):
        asking.get_job(any_rt, job.id)


def abandoned(rt):
    """The id of a runner that died in mid-job, and of the job."""
    job_id = asking.start(rt, WANTED, by=SYSTEM)

    def die(_rt, _job, _progress):
        raise SystemExit

    dying = runner(rt, die)
    with pytest.raises(SystemExit):
        dying.run_next()
    held = asking.get_job(rt, job_id).lease
    assert held is not None
    return held.runner, job_id


@contextmanager
def in_a_thread(act) -> Iterator[None]:
    thread = Thread(target=act)
    thread.start()
    try:
        yield
    finally:
        thread.join()
