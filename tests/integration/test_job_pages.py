"""Long work on screen: the way from a button to its outcome, the bar, cancelling, and who may see what."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from cbt.jobs.core.jobs import JobState, Wanted
from cbt.jobs.services import asking
from cbt.people.core.actors import Role
from tests.factories_exam import make_world
from tests.factories_http import Service, service
from tests.factories_jobs import SYSTEM, do_jobs, runner, working
from tests.factories_scheduling import make_staff

KIND = "test.count"
FOR_AUTHORS = Wanted(kind=KIND, subject="bank-1", roles=frozenset({Role.AUTHOR}))


@pytest.fixture
def web(rt) -> Iterator[Service]:
    with service(rt) as made:
        yield made


@pytest.fixture
def author(rt, web):
    make_staff(rt, "author1", Role.AUTHOR)
    return web.staff("author1")


def test_a_running_job_shows_its_bar_and_answers_its_script(rt, author):
    seen = {}

    def count(rt, job, progress):
        progress(3, 4, "Making papers")
        while asking.get_job(rt, job.id).progress.done != 3:
            pass
        seen["page"] = author.get(f"/admin/jobs/{job.id}").text
        seen["status"] = author.get(f"/admin/jobs/{job.id}/status").json()
        return {}

    job_id = asking.start(rt, FOR_AUTHORS, by=SYSTEM)
    assert runner(rt, count).run_next()
    assert '<progress class="job-bar" aria-labelledby="how-title" value="3" max="4">' in seen["page"]
    assert "Cancel this work" in seen["page"]
    assert seen["status"] == {"state": "running", "done": 3, "total": 4, "words": "Making papers: 3 / 4", "go": None}
    ended = author.get(f"/admin/jobs/{job_id}/status").json()
    assert (ended["state"], ended["go"]) == ("done", f"/admin/jobs/{job_id}")
    assert "The work is done." in author.get(f"/admin/jobs/{job_id}").text


def test_a_waiting_job_is_cancelled_on_its_page(rt, author):
    job_id = asking.start(rt, FOR_AUTHORS, by=SYSTEM)
    page = f"/admin/jobs/{job_id}"
    assert author.post(f"{page}/cancel", seen=page).headers["location"] == page
    assert "This work was cancelled." in author.get(page).text
    again = author.post(f"{page}/cancel", seen=page)
    assert (again.status_code, asking.get_job(rt, job_id).state) == (303, JobState.CANCELLED)
    assert "The work has ended already." in author.get(page).text


def test_a_failed_job_says_why_and_where(rt, author):
    def stumble(_rt, _job, _progress):
        raise ZeroDivisionError

    job_id = asking.start(rt, FOR_AUTHORS, by=SYSTEM)
    assert runner(rt, stumble).run_next()
    page = author.get(f"/admin/jobs/{job_id}").text
    assert "The work failed; the log of the worker says why." in page
    assert "job-failed" in page
    assert "tests/integration/test_job_pages.py:" in page


def test_a_job_is_there_for_its_roles_and_hidden_from_others(rt, web, author):
    job_id = asking.start(rt, FOR_AUTHORS, by=SYSTEM)
    make_staff(rt, "proctor1", Role.PROCTOR)
    proctor = web.staff("proctor1")
    for method, path in (("GET", ""), ("GET", "/status"), ("POST", "/cancel")):
        address = f"/admin/jobs/{job_id}{path}"
        answer = proctor.post(address) if method == "POST" else proctor.get(address)
        assert answer.status_code == 404, path
    assert str(job_id) in author.get("/admin/jobs").text
    assert str(job_id) not in proctor.get("/admin/jobs").text
    assert author.get(f"/admin/jobs/{UUID(int=9)}").status_code == 404


def test_papers_are_prepared_as_a_job_and_the_sitting_says_how_many(rt, web):
    world = make_world(rt)
    make_staff(rt, "admin1", Role.ADMIN)
    admin = web.staff("admin1")
    sitting = world.people[0].sitting
    with working(rt):
        sent = admin.post(f"/admin/sittings/{sitting.id}/prepare", seen=f"/admin/sittings/{sitting.id}")
    assert sent.headers["location"].startswith(f"/admin/sittings/{sitting.id}/prepared?job=")
    back = admin.get(sent.headers["location"], follow_redirects=True)
    assert "papers prepared." in back.text


def test_without_a_worker_the_job_waits_and_its_page_says_so(rt, web, monkeypatch):
    monkeypatch.setattr("cbt.jobs.web.PATIENCE_S", 0.0)
    world = make_world(rt)
    make_staff(rt, "admin1", Role.ADMIN)
    admin = web.staff("admin1")
    path = f"/admin/sittings/{world.people[0].sitting.id}"
    sent = [admin.post(f"{path}/prepare", seen=path).headers["location"] for _ in range(2)]
    assert sent[0] == sent[1], "the same work is not asked for twice"
    assert "Waiting to begin" in admin.get(sent[0]).text
    assert do_jobs(rt) == 1
    assert admin.get(f"{sent[0]}/status").json()["go"].startswith(f"{path}/prepared?job=")
