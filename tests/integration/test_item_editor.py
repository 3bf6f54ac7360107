"""The item editor over HTTP: an item is written, looked at and saved; what is wrong stands beside its field."""

import re

import pytest
from flask.testing import FlaskClient

from cbt.app import create_app
from itembank.core.documents import INTERACTIONS
from itembank.core.keys import MatchCorrect
from itembank.core.records import ItemStatus
from itembank.services.pages import look_at_item
from tests.factories_review import Bench, make_bench, one
from tests.factories_scheduling import PASSWORD

NEW = "/admin/banks/B/items/new?kind=choice"
EDIT = "/admin/banks/B/items/Q1/edit"
ENGLISH = {"Accept-Language": "en", "Referer": "http://localhost/"}
FIELD = re.compile(r"<(input|textarea|select)\b([^>]*)>(?:([^<]*)</textarea>)?")
CHOICE = {
    "code": "N-1", "area": "X", "language": "en", "seen": "0", "act": "save", "body": "Which is <b>even</b>?",
    "i-0-kind": "choice", "i-0-response": "RESPONSE", "i-0-max_choices": "1",
    "i-0-choices-0-identifier": "A", "i-0-choices-0-content": "one",
    "i-0-choices-1-identifier": "B", "i-0-choices-1-content": "two", "i-0-choices-1-right": "on",
}  # fmt: skip


@pytest.fixture
def bench(rt, clock) -> Bench:
    made = make_bench(rt, clock)
    made.load(one(), status=ItemStatus.APPROVED)
    return made


@pytest.fixture
def client(bench) -> FlaskClient:
    app = create_app(bench.rt.settings, rt=bench.rt)
    app.testing = True
    return signed_in(app.test_client(), "writer")


def signed_in(client, login) -> FlaskClient:
    assert post(client, "/staff/sign-in", {"login": login, "password": PASSWORD}).status_code == 303
    return client


def post(client, path, fields, *, seen="/staff/sign-in", **more):
    page = client.get(seen, headers=ENGLISH, follow_redirects=True).get_data(as_text=True)
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)[1]
    return client.post(path, data={**fields, "csrf_token": token}, headers=ENGLISH, **more)


def test_a_new_item_begins_as_its_authors_draft(client, rt):
    answer = post(client, NEW, CHOICE)
    assert answer.location.endswith("/admin/banks/B/items/N-1"), answer.get_data(as_text=True)
    sheet = look_at_item(rt, "B", "N-1")
    assert (sheet.shown.status, sheet.shown.author_name) == (ItemStatus.DRAFT, "이출제")
    assert sheet.shown.content.body == '<p>Which is <b>even</b>?</p><div data-interaction="RESPONSE"></div>'
    assert sheet.key.responses[0].rule == MatchCorrect(correct=("B",))


def test_the_editor_of_every_kind_opens(client):
    for kind in INTERACTIONS:
        page = client.get(f"/admin/banks/B/items/new?kind={kind}", headers=ENGLISH)
        assert page.status_code == 200
        assert f'name="i-0-kind" value="{kind}"' in page.get_data(as_text=True)


def test_an_approved_item_is_changed_only_by_a_new_version(client, rt):
    page = client.get(EDIT, headers=ENGLISH).get_data(as_text=True)
    assert "Which one?" in page
    changed = CHOICE | {"seen": "1", "title": "Which one?"}
    assert post(client, EDIT, changed).status_code == 303
    sheet = look_at_item(rt, "B", "Q1")
    assert [(one.number, one.status) for one in sheet.versions] == [(2, ItemStatus.DRAFT), (1, ItemStatus.APPROVED)]
