"""The life of an item over HTTP: only legal moves are offered, refusals stand at their field, readers are logged."""

import re

import pytest
from flask.testing import FlaskClient

from cbt.app import create_app
from cbt.people.core.actors import Role
from itembank.core.records import ItemStatus
from itembank.core.review_log import SeenHow
from itembank.services.reviewing import life_of
from tests.factories_review import ROLES, Bench, make_bench, one
from tests.factories_scheduling import PASSWORD, SYSTEM, make_staff

ITEM = "/admin/banks/B/items/Q1"


@pytest.fixture
def bench(rt, clock) -> Bench:
    made = make_bench(rt, clock)
    made.load(one())
    return made


@pytest.fixture
def clients(bench) -> dict[str, FlaskClient]:
    rt = bench.rt
    app = create_app(rt.settings, rt=rt)
    app.testing = True
    make_staff(rt, "auditor", Role.AUDITOR, name="최감사")
    return {login: signed_in(app, login) for login in ("writer", "second", "auditor")}


def signed_in(app, login) -> FlaskClient:
    client = app.test_client()
    assert post(client, "/staff/sign-in", {"login": login, "password": PASSWORD}).status_code == 303
    return client


def post(client, path, fields, *, seen=None):
    page = client.get(seen or path, headers={"Accept-Language": "en"}).get_data(as_text=True)
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)[1]
    headers = {"Referer": "http://localhost/", "Accept-Language": "en"}
    return client.post(path, data={**fields, "csrf_token": token}, headers=headers)


def offered(client) -> list[str]:
    page = client.get(ITEM, headers={"Accept-Language": "en"}).get_data(as_text=True)
    return re.findall(r'name="to" value="([a-z]+)"', page)


def move(client, to, seen, words=""):
    return post(client, f"{ITEM}/move", {"version": 1, "to": to, "seen": seen, "words": words}, seen=ITEM)


def test_an_item_is_moved_by_two_people(clients):
    writer, second = clients["writer"], clients["second"]
    assert offered(writer) == ["review", "blocked", "retired"]
    assert move(writer, "review", "draft").location.endswith("/items/Q1?version=1")
    assert offered(writer) == ["draft", "blocked", "retired"]
    assert "somebody else approves it" in writer.get(ITEM, headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert offered(second) == ["approved", "rework", "blocked", "retired"]
    assert offered(clients["auditor"]) == []
    assert move(second, "approved", "review").status_code == 303
    assert offered(writer) == ["blocked", "retired"]


def test_what_may_not_be_is_refused_and_said(clients, rt):
    writer = clients["writer"]
    move(writer, "review", "draft")
    for to, seen, words, status, said in (
        ("approved", "review", "x", 403, "Somebody else than the author decides on an item."),
        ("blocked", "review", " ", 400, "Say why"),
        ("blocked", "review", "x" * 2001, 400, "too long"),
        ("blocked", "draft", "x", 409, "look at the item again"),
    ):
        refused = move(writer, to, seen, words)
        assert refused.status_code == status
        assert said in refused.get_data(as_text=True)
    assert move(writer, "nonsense", "review").status_code == 409
    assert move(clients["auditor"], "approved", "review").status_code == 403
    assert life_of(rt, "B", "Q1", 1, by=SYSTEM, roles=ROLES).steps[-1].after is ItemStatus.REVIEW


def test_comments_stand_below_the_item(clients):
    for words, status in (("Option B is <right> too.", 303), ("", 400), ("x" * 2001, 400), ("991231-1234567", 400)):
        fields = {"version": 1, "comment": words}
        assert post(clients["second"], f"{ITEM}/comments", fields, seen=ITEM).status_code == status
    page = clients["writer"].get(ITEM).get_data(as_text=True)
    assert "Option B is &lt;right&gt; too." in page
    assert page.count('class="said">') == 2  # the comment, and the item's first step
    assert post(clients["auditor"], f"{ITEM}/comments", {"version": 1, "comment": "x"}, seen=ITEM).status_code == 403


def test_who_opens_an_item_is_written_down(clients, rt, bench):
    clients["auditor"].get(ITEM)
    clients["auditor"].get(ITEM)
    clients["second"].get(ITEM)
    seen = life_of(rt, "B", "Q1", 1, by=bench.second, roles=ROLES).seen
    assert {(one.by_name, one.how) for one in seen} == {("최감사", SeenHow.PAGE), ("박검토", SeenHow.PAGE)}
    assert "최감사" in clients["writer"].get(ITEM).get_data(as_text=True)


def test_a_version_that_is_not_there_cannot_be_moved(clients):
    for version in ("", "9", "x"):
        fields = {"version": version, "to": "review", "seen": "draft"}
        assert post(clients["writer"], f"{ITEM}/move", fields, seen=ITEM).status_code == 404


def test_only_an_administrator_says_that_items_were_approved_elsewhere(clients, rt):
    make_staff(rt, "admin", Role.ADMIN, name="한관리")
    offers = {}
    for login in ("writer", "admin"):
        client = clients.get(login) or signed_in(clients["writer"].application, login)
        page = client.get("/admin/banks/B/load").get_data(as_text=True)
        offers[login] = re.findall(r'<option value="(approved|draft|review)"', page)
    assert offers == {"writer": ["draft", "review"], "admin": ["approved", "draft", "review"]}
