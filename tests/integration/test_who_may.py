"""Every address and every role: who reaches what."""

import re
from collections.abc import Iterator

import pytest

from cbt.people.core.actors import Role
from tests.factories_exam import World, make_world
from tests.factories_http import Service, addresses, bearer, service, started
from tests.factories_scheduling import make_staff

READERS = {Role.ADMIN, Role.AUTHOR, Role.AUDITOR}
WRITERS = {Role.ADMIN, Role.AUTHOR}
OVERSEERS = {Role.ADMIN, Role.AUDITOR}
# The first pattern that fits "METHOD rule" says who may; every address below /admin and /proctor is in one of them.
MAY = (
    (r"(GET|POST) /(staff/password|admin/jobs)", set(Role)),
    (r"GET /admin/banks/<code>/(load|export|blueprints/(new|file)|items/(new|<item_code>/(facts|edit)))", WRITERS),
    (r"GET /admin/load-example", WRITERS),
    (r"POST /admin/(banks/<code>/supply|blueprints/<code>/fairness)", READERS),
    (r"GET /admin/(banks|blueprints|assets)\b", READERS),
    (r"POST /admin/(banks|blueprints)\b", WRITERS),
    (r"(GET|POST) /admin/marking\b", WRITERS),
    (r"GET /admin/(results|documents|audit)\b", OVERSEERS),
    (r"(GET|POST) /admin/", {Role.ADMIN}),
    (r"(GET|POST) /proctor/", {Role.ADMIN, Role.PROCTOR}),
)
OPEN_TO_ALL = {
    "static", "people.static", "live", "ready", "metrics", "language", "delivery.sign_in", "delivery.sign_in_post",
    "delivery.sign_out", "people.staff_sign_in", "people.staff_sign_in_post", "people.staff_sign_out",
    "reports.verify", "reports.verify_post", "reports.verify_code",
    "delivery.identity_post", "delivery.notice_post",  # they only lead on to the next page, which asks
    "delivery.worker", "delivery.shell", "delivery.recover", "delivery.form_token",  # the same for everybody, empty
    "checks.enter", "checks.run", "checks.payload", "checks.save", "checks.results",  # with the code of a room
}  # fmt: skip
FOR_CANDIDATES = {
    "delivery.choose", "delivery.identity", "delivery.notice", "delivery.wait", "delivery.practice_page",
    "delivery.seat", "delivery.sealed_paper", "delivery.sealed_asset", "delivery.exam", "delivery.state",
    "delivery.send_file", "delivery.file_facts", "delivery.own_file_again",
    "reports.result", "reports.sheet",
}  # fmt: skip


@pytest.fixture
def web(rt) -> Iterator[Service]:
    with service(rt) as made:
        yield made


@pytest.fixture
def world(rt) -> World:
    """Two candidates in an open room."""
    return make_world(rt)


def who_may(rule: str) -> set[Role]:
    return next(roles for pattern, roles in MAY if re.match(pattern, rule))


def test_every_address_is_for_staff_for_candidates_or_open_to_all(rt):
    others = {
        endpoint for endpoint, rule, _path in addresses(rt) if not re.search(r" /(admin|proctor|staff/pass)", rule)
    }
    assert others == OPEN_TO_ALL | FOR_CANDIDATES


@pytest.mark.parametrize("role", list(Role))
def test_each_role_reaches_its_own_addresses_and_no_others(rt, web, role):
    make_staff(rt, "person", role)
    person = web.staff("person")
    token = person.token("/verify")
    wrong = []
    for endpoint, rule, path in addresses(rt):
        if endpoint in OPEN_TO_ALL | FOR_CANDIDATES:
            continue
        method = rule.split()[0]
        data = {"csrf_token": token} if method == "POST" else None
        status = person.ask(method, path, data=data).status_code
        assert status != 500, rule
        if (status != 403) is not (role in who_may(rule)):
            wrong.append((rule, status))
    assert wrong == []


def test_strangers_and_candidates_reach_nothing_of_staff(rt, web, world):
    candidate, _state = started(web, world.people[0])
    for visitor in (web.visitor(), candidate):
        token = visitor.token("/verify")
        for endpoint, rule, path in addresses(rt):
            if endpoint in OPEN_TO_ALL | FOR_CANDIDATES:
                continue
            method = rule.split()[0]
            answer = visitor.ask(method, path, data={"csrf_token": token} if method == "POST" else None)
            assert answer.status_code == 303, rule
            assert answer.headers["location"].startswith("/staff/sign-in"), rule


def test_strangers_reach_nothing_of_candidates(rt, web):
    stranger = web.visitor()
    token = stranger.token("/verify")
    for endpoint, rule, path in addresses(rt):
        if endpoint in FOR_CANDIDATES:
            method = rule.split()[0]
            answer = stranger.ask(method, path, data={"csrf_token": token} if method == "POST" else None)
            assert (answer.status_code, answer.headers.get("location")) == (303, "/"), rule


def test_the_rooms_stream_is_for_its_watchers(rt, web, world):
    make_staff(rt, "author1", Role.AUTHOR)
    path = f"/proctor/rooms/{world.room_id}/stream"
    assert b"event: room" in web.staff("proctor1").first_event(path)
    assert web.staff("author1").get(path).status_code == 403
    assert web.visitor().get(path).status_code == 401
    candidate, state = started(web, world.people[0])
    assert candidate.get(path, headers=bearer(state)).status_code == 401
