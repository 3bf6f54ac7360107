"""A file that was looked at is loaded by whoever uploaded it, on no better word than that person's."""

import pytest

from cbt.jobs.core.jobs import JobState
from cbt.jobs.services import asking
from cbt.people.core.actors import Role
from itembank.core.mapping import ColumnMapping
from itembank.core.records import ItemStatus
from itembank.services.mapping import start_mapped_check
from itembank.services.pages import create_bank
from itembank.services.uploading import NotYourUpload, Upload, start_check, start_load
from tests.factories_http import service
from tests.factories_itembank import csv_file, row
from tests.factories_jobs import do_jobs
from tests.factories_scheduling import make_staff


@pytest.fixture
def checked(rt):
    """A look at a file that an administrator vouches for."""
    admin = make_staff(rt, "boss", Role.ADMIN)
    create_bank(rt, {"code": "B", "title_ko": "은행"}, admin)
    upload = Upload(name="a.csv", items=csv_file(row("Q1")), status=ItemStatus.APPROVED)
    job_id = start_check(rt, "B", upload, by=admin, page="/admin/banks/B/load")
    assert do_jobs(rt) == 1
    return admin, job_id


def test_nobody_else_loads_or_reads_anew_what_an_administrator_vouches_for(rt, checked):
    admin, job_id = checked
    author = make_staff(rt, "author1", Role.AUTHOR)
    with pytest.raises(NotYourUpload):
        start_load(rt, job_id, by=author, page="/x")
    with pytest.raises(NotYourUpload):
        start_mapped_check(rt, job_id, ColumnMapping(key="wrong"), by=author, page="/x")
    loaded = start_load(rt, job_id, by=admin, page="/x")
    assert do_jobs(rt) == 1
    assert asking.get_job(rt, loaded).state is JobState.DONE


def test_the_button_is_on_the_page_of_whoever_uploaded(rt, checked):
    _admin, job_id = checked
    make_staff(rt, "author1", Role.AUTHOR)
    page = f"/admin/banks/B/load?job={job_id}"
    with service(rt) as web:
        assert "/load/confirm" in web.staff("boss").get(page).text
        author = web.staff("author1")
        assert "/load/confirm" not in author.get(page).text
        assert author.post("/admin/banks/B/load/confirm", {"job": str(job_id)}, seen="/admin/banks").status_code == 403
