"""The proctor's pages over HTTP: who may see them, what they carry, and orders that come in as JSON."""

import re
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from cbt.app import create_app
from cbt.kernel.web.cookies import STAFF, cookie_name
from cbt.people.core.actors import Role
from cbt.people.services.staff import sign_in
from proctor.core.orders import SeatState
from proctor.services.rooms import read_room
from tests.factories_exam import make_world, sit_down
from tests.factories_scheduling import PASSWORD, make_staff


class Browser:
    """A signed-in browser that sends the page's CSRF token."""

    def __init__(self, rt, login="proctor1", language="en"):
        self.client = create_app(rt.settings, rt=rt).test_client()
        self.client.set_cookie(cookie_name(rt.settings, STAFF), sign_in(rt, login, PASSWORD, "198.51.100.7"))
        self.language = {"Accept-Language": language}

    def get(self, path, **more):
        return self.client.get(path, headers=self.language, **more)

    def token(self):
        return re.search(r'csrf-token" content="([^"]+)"', self.get("/proctor/").text)[1]

    def order(self, room_id, document):
        headers = {"X-CSRFToken": self.token(), "Accept": "application/json", **self.language}
        return self.client.post(f"/proctor/rooms/{room_id}/orders", json=document, headers=headers)

    def at_the_door(self, room_id, act, registration, **more):
        form = {"csrf_token": self.token(), "act": act, "person": str(registration), **more}
        return self.client.post(f"/proctor/rooms/{room_id}/check-in", data=form, headers=self.language)


def test_the_pages_are_shown_in_both_languages(rt):
    world = make_world(rt)
    for language, words in (("en", "Rooms today"), ("ko", "오늘의 고사실")):
        browser = Browser(rt, language=language)
        assert words in browser.get("/proctor/").text
        for page in ("", "/check-in", f"/check-in?person={world.registration()}", "/report"):
            response = browser.get(f"/proctor/rooms/{world.room_id}{page}")
            assert response.status_code == 200, page
            assert "style=" not in response.text


@pytest.mark.parametrize("page", ["/proctor/", "/proctor/rooms/{room}", "/proctor/rooms/{room}/report"])
def test_pages_are_for_proctors_and_admins_only(rt, page):
    world = make_world(rt)
    make_staff(rt, "author1", Role.AUTHOR)
    address = page.format(room=world.room_id)
    stranger = create_app(rt.settings, rt=rt).test_client()
    assert stranger.get(address).location.startswith("/staff/sign-in")
    assert Browser(rt, "author1").get(address).status_code == 403
    assert Browser(rt).get(address).status_code == 200


def test_an_order_tells_for_whom_it_was_done(rt):
    world = make_world(rt)
    sit_down(world)
    ids = [str(world.registration(0)), str(world.registration(1))]
    answer = Browser(rt).order(world.room_id, {"order": "pause", "registrations": ids, "reason": "fire drill"})
    assert answer.json["done"] == ids[:1]
    [refused] = answer.json["refused"]
    assert (refused["registration"], refused["code"]) == (ids[1], "order-not-possible")
    assert refused["message"] == "The seat has changed in the meantime; this no longer fits."


@pytest.mark.parametrize(
    ("document", "status", "code"),
    [
        ({"order": "pause", "registrations": ["x"], "reason": "y"}, 400, "order-malformed"),
        ({"order": "open-room"}, 409, "room-state-refused"),
        ({"order": "open-room", "id": 7}, 400, "order-malformed"),
        ({"order": "open-room", "id": "once"}, 400, "order-malformed"),
        (["no", "object"], 400, "order-malformed"),
        ({"order": "incident", "category": "staff", "reason": "900101-1234567"}, 400, "resident-number"),
    ],
)
def test_a_refused_order_names_its_code(rt, document, status, code):
    world = make_world(rt)
    answer = Browser(rt, language="ko").order(world.room_id, document)
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)
    assert re.search("[가-힣]", answer.json["error"]["message"])


def test_an_order_without_the_token_of_the_page_is_refused(rt):
    world = make_world(rt)
    answer = Browser(rt).client.post(f"/proctor/rooms/{world.room_id}/orders", json={"order": "close-room"})
    assert answer.status_code == 400


def test_an_order_that_is_sent_again_under_its_id_changes_nothing(rt):
    world = make_world(rt)
    sit_down(world)
    sent = {"order": "extend", "registrations": [str(world.registration())], "minutes": 5, "reason": "PC"}
    browser = Browser(rt)
    for number in (1, 1, 2):
        answer = browser.order(world.room_id, {**sent, "id": str(UUID(int=number))})
        assert answer.json == {"done": [str(world.registration())], "refused": []}
    assert read_room(rt, world.room_id).seats[0].progress.extended == timedelta(minutes=10)


def test_the_report_closes_the_room_at_the_second_word_and_takes_its_opening(rt, clock):
    world = make_world(rt, opened=False)
    began = clock.now().astimezone(ZoneInfo("Asia/Seoul"))
    browser = Browser(rt)
    report = f"/proctor/rooms/{world.room_id}/report"

    def send(path, **fields):
        return browser.client.post(path, data={"csrf_token": browser.token(), **fields}, headers=browser.language)

    asked = send(report)
    assert (asked.status_code, "seats 1, 2" in asked.text, 'value="yes"' in asked.text) == (409, True, True)
    assert send(report, anyway="yes").status_code == 303
    assert "closed without having been opened" in browser.get(report).text
    assert send(f"{report}/opening", opened=f"{began:%H:%M:%S}", reason="").status_code == 400
    assert send(f"{report}/opening", opened=f"{began:%H:%M:%S}", reason="no line").status_code == 303
    assert read_room(rt, world.room_id).head.opened_at is not None
    assert "closed without having been opened" not in browser.get(report).text


def test_check_in_leads_to_the_next_person(rt):
    world = make_world(rt)
    browser = Browser(rt)
    first, second = world.registration(0), world.registration(1)
    for registration in (first, second):
        browser.at_the_door(world.room_id, "undo-check-in", registration)
    assert {seat.state for seat in read_room(rt, world.room_id).seats} == {SeatState.ABSENT}
    done = browser.at_the_door(world.room_id, "check-in", first)
    assert f"person={second}" in done.location
    assert "Checked in." in browser.get(done.location).text
    again = browser.at_the_door(world.room_id, "check-in", first)
    assert "no longer fits" in browser.get(again.location).text


def test_a_scanned_number_opens_its_person_and_an_unknown_one_says_so(rt):
    world = make_world(rt)
    browser = Browser(rt)
    desk = f"/proctor/rooms/{world.room_id}/check-in"
    assert f"person={world.registration(1)}" in browser.get(f"{desk}?q=2611 1001").location
    assert "Nobody in this room fits this." in browser.get(f"{desk}?q=9999").text


def test_turning_somebody_away_needs_a_reason(rt):
    world = make_world(rt)
    browser = Browser(rt)
    browser.at_the_door(world.room_id, "undo-check-in", world.registration())
    refused = browser.at_the_door(world.room_id, "turn-away", world.registration(), reason=" ")
    assert refused.status_code == 400
    assert "Say why in a few words." in refused.text
    browser.at_the_door(world.room_id, "turn-away", world.registration(), reason="Details differ")
    page = browser.get(f"/proctor/rooms/{world.room_id}/check-in?person={world.registration()}").text
    assert "Not admitted: Details differ" in page


def test_the_history_of_a_seat_is_worded_for_the_reader(rt):
    world = make_world(rt)
    page = sit_down(world)
    page.send(page.answer(3))
    address = f"/proctor/rooms/{world.room_id}/seats/{world.registration()}"
    words = [line["words"] for line in Browser(rt, language="ko").get(address).json["timeline"]]
    assert words == ["3번 답 저장", "시험 시작", "입실"]


def test_a_room_that_is_still_busy_stays_open(rt):
    world = make_world(rt)
    sit_down(world)
    browser = Browser(rt)
    address = f"/proctor/rooms/{world.room_id}/report"
    refused = browser.client.post(address, data={"csrf_token": browser.token()}, headers=browser.language)
    assert refused.status_code == 409
    assert "still running" in refused.text


def test_an_unknown_room_is_not_found(rt):
    world = make_world(rt)
    assert Browser(rt).get(f"/proctor/rooms/{world.registration()}").status_code == 404
    assert Browser(rt).get("/proctor/rooms/x").status_code == 404
