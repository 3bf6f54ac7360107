"""Hostile words are shown as words and searched for as words."""

from collections.abc import Iterator

import pytest

from cbt.people.core.actors import Role
from tests.factories_exam import World, make_world
from tests.factories_http import Service, service, started
from tests.factories_scheduling import make_centre, make_room, make_sitting, make_staff, register

HOSTILE = """'"><script>alert(1)</script><img src=x onerror=alert(2)> OR 1=1; DROP TABLE people_candidate; --"""


@pytest.fixture
def web(rt) -> Iterator[Service]:
    with service(rt) as made:
        yield made


@pytest.fixture
def world(rt) -> World:
    """Two candidates in an open room."""
    return make_world(rt)


def inert(page: str) -> bool:
    return "<script>alert" not in page and "<img src=x" not in page


def test_hostile_words_are_shown_as_words(web, world):
    stranger, staff = web.visitor(), web.staff("proctor1")
    pages = [
        stranger.post("/", {"number": HOSTILE, "birth": HOSTILE}),
        stranger.post("/verify", {"code": HOSTILE, "birth": HOSTILE}),
        stranger.get("/verify", params={"code": HOSTILE}, follow_redirects=True),
        stranger.post(
            "/staff/sign-in", {"login": HOSTILE, "password": HOSTILE, "next": HOSTILE}, seen="/staff/sign-in"
        ),
        staff.get(
            f"/proctor/rooms/{world.room_id}/check-in", params={"q": HOSTILE, "show": HOSTILE, "person": HOSTILE}
        ),
    ]
    assert [page.status_code for page in pages if page.status_code >= 500] == []
    assert all(inert(page.text) for page in pages)
    assert "&lt;script&gt;" in pages[0].text


def test_hostile_names_reasons_and_help_words_stay_words(rt, web, world):
    make_staff(rt, "chief", *Role)
    chief = web.staff("chief")
    sitting_id = make_sitting(rt, code="HOSTILE", rooms=(make_room(rt, make_centre(rt, "BUSAN")),))
    name = "<script>alert(1)</script>"
    register(rt, sitting_id, f"2611-0009,{name},1999-01-31,,")
    visitor, state = started(web, world.people[0])
    visitor.entries(state, {"kind": "hand-raised", "words": HOSTILE[:200]})
    registration = str(world.registration())
    order = {"order": "pause", "registrations": [registration], "reason": HOSTILE}
    headers = {"X-CSRFToken": chief.token("/proctor/"), "Accept": "application/json"}
    done = chief.ask("POST", f"/proctor/rooms/{world.room_id}/orders", json=order, headers=headers)
    assert done.json()["done"] == [registration]
    for path in (
        "/admin/", "/admin/candidates", f"/admin/sittings/{sitting_id}", "/admin/audit", "/proctor/",
        f"/proctor/rooms/{world.room_id}/check-in", f"/proctor/rooms/{world.room_id}/report",
    ):  # fmt: skip
        page = chief.get(path)
        assert page.status_code == 200, path
        assert inert(page.text), path
    history = chief.get(f"/proctor/rooms/{world.room_id}/seats/{registration}")
    assert history.headers["content-type"] == "application/json"
    assert any(HOSTILE in line["detail"] for line in history.json()["timeline"])


@pytest.mark.parametrize("query", ["' OR '1'='1", "%", "_", "\\", "'; DROP TABLE people_audit; --", "\x00"])
def test_search_words_are_no_sql(rt, web, query):
    make_staff(rt, "chief", *Role)
    chief = web.staff("chief")
    paths = ("/admin/candidates", "/admin/audit", "/admin/staff", "/admin/sittings", "/admin/banks")
    names = ("q", "text", "act", "actor", "subject", "login", "since", "page", "area")
    for path in paths:
        answer = chief.get(path, params=dict.fromkeys(names, query))
        assert answer.status_code in {200, 400}, (path, query)
    assert "chief" in chief.get("/admin/staff").text
