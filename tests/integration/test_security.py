"""What every answer carries, what no request may do, and how guessing is slowed down: over HTTP, through both doors."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from cbt.app import LARGEST_FORM_BYTES
from cbt.kernel.runtime import Runtime
from cbt.kernel.web.cookies import CANDIDATE, STAFF
from cbt.kernel.web.headers import SECURITY_HEADERS
from cbt.people.core.actors import Role
from tests.factories_exam import World, make_world
from tests.factories_http import Service, addresses, bearer, service, started
from tests.factories_scheduling import make_staff


@pytest.fixture
def web(rt) -> Iterator[Service]:
    with service(rt) as made:
        yield made


@pytest.fixture
def world(rt) -> World:
    """Two candidates in an open room."""
    return make_world(rt)


def test_every_answer_of_both_doors_carries_the_security_headers(web, world):
    visitor, state = started(web, world.people[0])
    for path in ("/", "/nothing-here", "/static/base.css", "/verify", "/delivery/seat", "/delivery/clock", "/result"):
        visitor.get(path)
    visitor.entries(state, {"kind": "flagged", "slot": 1, "on": True})
    visitor.first_event("/delivery/stream", state)
    web.visitor().get("/delivery/state", headers={"Accept": "application/json"})
    web.visitor().get("/delivery/stream")
    for one in visitor.seen:
        got = {name: one.headers.get(name) for name in SECURITY_HEADERS}
        assert got == dict(SECURITY_HEADERS), one.asked
        assert "server" not in one.headers or "python" not in one.headers["server"].lower()
        kept = one.headers["cache-control"]
        assert "max-age" in kept if "/static/" in one.asked else kept == "no-store", one.asked


def test_the_content_policy_lets_nothing_inline_run():
    policy = {name: values for name, *values in map(str.split, SECURITY_HEADERS["Content-Security-Policy"].split(";"))}
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["form-action"] == ["'self'"]
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert "unsafe" not in SECURITY_HEADERS["Content-Security-Policy"]


def test_no_page_needs_inline_script_or_style(web, world):
    visitor, _state = started(web, world.people[0])
    staff = web.staff("proctor1")
    pages = [visitor.get(path) for path in ("/", "/exam/identity", "/exam/paper", "/verify", "/staff/sign-in")]
    pages += [staff.get("/proctor/"), staff.get(f"/proctor/rooms/{world.room_id}")]
    for page in pages:
        assert page.status_code in {200, 303}
        assert not re.search(r"<[^>]*\s(style|on[a-z]+)=", page.text), page.url
        inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", page.text)
        assert all('type="application/json"' in attributes for attributes in inline), page.url


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "https://exam.example"])
def test_cookies_are_guarded(rt, world, address):
    """With https they are Secure and bound to the host; plain http is for the loopback address."""
    secure = address.startswith("https")
    settings = replace(rt.settings, public_url=address)
    guarded = Runtime.start(settings, clock=rt.clock)
    with service(guarded) as web:
        visitor = web.visitor()
        visitor.sign_in(world.people[0])
        visitor.post(
            "/staff/sign-in", {"login": "proctor1", "password": "correct-horse-battery"}, seen="/staff/sign-in"
        )
        set_cookies = [value for one in visitor.seen for value in one.headers.get_list("set-cookie")]
        transport = visitor.seen[-1].headers.get("strict-transport-security")
    guarded.close()
    names = {value.split("=")[0].removeprefix("__Host-") for value in set_cookies}
    assert {CANDIDATE, STAFF, "session", "device"} <= names
    for value in set_cookies:
        assert "HttpOnly" in value
        assert "SameSite=Lax" in value
        assert "Path=/" in value
        assert "Domain=" not in value
        assert ("Secure" in value, value.startswith("__Host-")) == (secure, secure), value
    assert (transport is not None) is secure


def test_no_form_is_taken_without_its_token(rt, web):
    make_staff(rt, "chief", *Role)
    chief = web.staff("chief")
    for endpoint, rule, path in addresses(rt):
        if rule.startswith("POST"):
            assert chief.ask("POST", path, data={"login": "x"}).status_code == 400, rule
            foreign = {"csrf_token": web.visitor().token("/verify")} if endpoint == "people.staff_new" else None
            assert chief.ask("POST", path, data=foreign).status_code == 400, rule


def test_the_door_takes_no_cookie_for_a_token(web, world):
    """So that no other site can write into an exam with the candidate's cookies."""
    visitor, state = started(web, world.people[0])
    assert visitor.entries({**state, "token": ""}, {"kind": "submitted"}).status_code == 401
    assert visitor.ask("POST", "/delivery/entries", json={}).status_code == 401
    assert visitor.get("/delivery/state").json()["state"] == "running"


@pytest.mark.parametrize("size", [64 * 1024 + 1, 1024 * 1024])
def test_a_body_beyond_64_kib_is_refused_at_the_door(web, world, size):
    visitor, state = started(web, world.people[0])
    answer = visitor.ask("POST", "/delivery/entries", content=b" " * size, headers=bearer(state))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too-large")


def test_a_huge_form_is_refused(web):
    stranger = web.visitor()
    form = {"number": "1" * LARGEST_FORM_BYTES, "birth": "1", "csrf_token": stranger.token("/")}
    assert stranger.ask("POST", "/", data=form).status_code == 413
    assert stranger.ask("POST", "/verify", data=form, files={"code": b"1"}).status_code == 413


def test_failed_sign_ins_count_for_the_candidate_and_not_for_the_room(web, world):
    first, second = world.people
    address = "198.51.100.9"  # of the whole room
    guess = {"number": first.candidate.number, "birth": "19700101"}
    statuses = [web.visitor(address=address).post("/", guess).status_code for _try in range(21)]
    assert set(statuses) == {400, 429}
    assert web.visitor(address=address).sign_in(first).status_code == 429
    assert web.visitor(address="203.0.113.1").sign_in(first).status_code == 429
    assert web.visitor(address=address).sign_in(second).status_code == 303


def test_a_wrong_number_and_a_wrong_birth_date_look_the_same(web, world):
    pages = []
    for number in (world.people[0].candidate.number, "2611-7777"):
        page = web.visitor().post("/", {"number": number, "birth": "19700101"}).text
        pages.append(re.sub(r'(value|content)="[^"]*"', "", page).replace(number, ""))
    assert pages[0] == pages[1]


def test_checks_of_codes_are_limited(web):
    statuses = [web.visitor(address="203.0.113.7").get(f"/verify/{n:013}").status_code for n in range(120)]
    assert 429 in statuses
    assert web.visitor(address="203.0.113.8").get("/verify/0000000000000").status_code == 200
