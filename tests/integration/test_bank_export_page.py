"""The export page of a bank: choose, wait, take the file; each for the person who asked."""

import io
import zipfile

import pytest

from cbt.people.core.actors import Role
from tests.factories_exam import load_small_bank
from tests.factories_http import Service, Visitor, service
from tests.factories_jobs import working
from tests.factories_scheduling import make_staff

PAGE = "/admin/banks/SMALL/export"


@pytest.fixture
def web(rt):
    load_small_bank(rt)
    for login, role in (("author", Role.AUTHOR), ("other", Role.AUTHOR), ("admin", Role.ADMIN)):
        make_staff(rt, login, role)
    with service(rt) as made, working(rt):
        yield made


def written(person: Visitor, form: dict[str, str]) -> str:
    """Return the address of the page that shows what was written."""
    answer = person.post(PAGE, form, seen=PAGE)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_the_file_is_there_for_the_person_who_asked_and_for_nobody_else(web: Service):
    person = web.staff("author")
    where = written(person, {"format": "qti3"})
    assert where.startswith(f"{PAGE}?job=")
    assert "0 left out" in person.get(where).text
    file = person.get(where.replace("/export?", "/export/file?"))
    assert file.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(file.content)) as package:
        assert "imsmanifest.xml" in package.namelist()
        assert package.testzip() is None
    assert web.staff("other").get(where.replace("/export?", "/export/file?")).status_code == 404
    assert web.staff("admin").get(where.replace("/export?", "/export/file?")).status_code == 403


def test_what_a_format_cannot_carry_is_told(web: Service):
    person = web.staff("author")
    page = person.get(written(person, {"format": "csv", "status": "approved"})).text
    assert "items written" in page


def test_an_unknown_wish_is_refused_on_the_page(web: Service):
    person = web.staff("author")
    for form in ({}, {"format": "doc"}, {"format": "csv", "status": "best"}):
        answer = person.post(PAGE, form, seen=PAGE)
        assert answer.status_code == 400
        assert "Choose a format." in answer.text
    answer = person.post(PAGE, {"format": "csv", "area": "Nowhere"}, seen=PAGE)
    assert answer.status_code == 404
    assert "no content area" in answer.text
