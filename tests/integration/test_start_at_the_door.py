"""From check-in to start: what a browser gets sealed, who may start, and what the key opens."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.serialization import load_der_public_key

from cbt.delivery.core.release import draw_release_code
from cbt.delivery.core.sealing import SealBroken, open_paper, paper_key
from cbt.delivery.core.seat_token import make_seat_token, read_seat_token
from cbt.delivery.core.token import TokenInvalid
from cbt.delivery.services.reading import room_attempts_in
from cbt.delivery.services.seat import SEAT_PURPOSE
from cbt.delivery.services.seating import TOKEN_PURPOSE
from cbt.kernel.canonical import instant_text, read_base64url
from cbt.scheduling.services.attendance import open_room_in, undo_check_in_in
from proctor.core.orders import Order, OrderKind
from proctor.services.orders import give_order
from tests.factories_exam import make_world
from tests.factories_http import service

DEVICE = "a browser"
JSON = {"Accept": "application/json"}


@pytest.fixture
def web(rt):
    with service(rt) as running:
        yield running


@pytest.fixture
def waiting(rt):
    """A sitting whose candidates are checked in and whose room waits."""
    return make_world(rt, opened=False)


def open_room(world):
    with world.rt.transaction() as tx:
        open_room_in(tx, world.rt.clock.now(), world.room_id, by=world.staff)


def at_the_seat(web, person):
    """A candidate's browser, signed in, and what it got for its seat."""
    visitor = web.visitor()
    visitor.sign_in(person)
    return visitor, visitor.get("/delivery/seat").json()


def start(visitor, seat, document=None):
    headers = {"Authorization": f"Bearer {seat['seat_token']}"}
    return visitor.ask("POST", "/delivery/start", json=document or {}, headers=headers)


def code_of(answer):
    return answer.status_code, answer.json()["error"]["code"]


def opened(seat, sealed, key):
    document = open_paper(read_base64url(key), sealed, UUID(seat["attempt"]), bytes.fromhex(seat["form"]))
    return json.loads(document)


def test_the_paper_lies_sealed_until_the_start_gives_its_key(web, waiting):
    visitor, seat = at_the_seat(web, waiting.people[0])
    sealed = visitor.get(seat["sealed"]).content
    assert b"slots" not in sealed
    assert seat["state"] == "checked-in"
    assert code_of(start(visitor, seat)) == (409, "not-open")
    open_room(waiting)
    state = start(visitor, seat).json()
    paper = opened(seat, sealed, state["key"])
    assert paper["attempt"] == seat["attempt"]
    assert len(paper["slots"]) == 8
    assert state["lease"] == 1
    assert state["responses"] == {}


def test_the_start_answers_what_a_reloaded_page_gets(web, rt):
    world = make_world(rt)
    visitor, seat = at_the_seat(web, world.people[0])
    state = start(visitor, seat).json()
    again = visitor.get("/delivery/state").json()
    assert state == again
    visitor.entries(state, {"kind": "flagged", "slot": 3, "on": True})
    assert start(visitor, seat).json() == visitor.get("/delivery/state").json()


def test_starting_twice_gives_the_same_key_and_writes_once(web, rt):
    world = make_world(rt)
    visitor, seat = at_the_seat(web, world.people[0])
    first, second = start(visitor, seat).json(), start(visitor, seat).json()
    assert first == second
    assert second["head"] == 1


def test_the_seat_names_keys_that_browsers_can_use(web, waiting):
    _, seat = at_the_seat(web, waiting.people[0])
    public = load_der_public_key(read_base64url(seat["sitting_key"]))
    assert public.key_size == 3072
    assert len(read_base64url(seat["receipt_key"])) == 32


def test_the_seat_names_the_candidates_own_time_to_the_second(web, rt):
    world = make_world(rt, minutes=10, factor="1.25", opened=False)
    visitor, seat = at_the_seat(web, world.people[0])
    assert seat["allowed_s"] == 750
    open_room(world)
    assert start(visitor, seat).json()["allowed_s"] == 750


def test_pictures_come_sealed_and_only_those_of_the_paper(web, rt):
    world = make_world(rt)
    visitor, seat = at_the_seat(web, world.people[0])
    for asset in seat["assets"]:
        sealed = visitor.get(asset["url"])
        assert len(sealed.content) == asset["bytes"]
        assert "immutable" in sealed.headers["cache-control"]
    assert visitor.get(f"/delivery/sealed/assets/{'0' * 64}").status_code == 404


def test_another_browser_waits_until_the_proctor_grants_the_seat(web, rt):
    world = make_world(rt)
    person = world.people[0]
    first, seat = at_the_seat(web, person)
    start(first, seat)
    second, other_seat = at_the_seat(web, person)
    assert other_seat["state"] == "seat-taken"
    assert code_of(start(second, other_seat)) == (409, "seat-taken")
    with rt.reading() as tx:
        assert room_attempts_in(tx, [person.registration.id])[person.registration.id].claimed_at is not None
    grant = Order(kind=OrderKind.GRANT_SEAT, registrations=(person.registration.id,), reason="broken")
    assert give_order(rt, world.room_id, grant, by=world.staff).done
    state = start(second, other_seat).json()
    assert state["lease"] == 2
    assert opened(other_seat, second.get(other_seat["sealed"]).content, state["key"])["attempt"] == seat["attempt"]
    assert code_of(start(first, seat)) == (409, "seat-taken")


def test_nobody_gets_anything_before_the_check_in(web, rt):
    world = make_world(rt, opened=False, checked_in=False)
    visitor = web.visitor()
    visitor.sign_in(world.people[0])
    assert visitor.get("/delivery/seat").json() == {"waits": "not-admitted"}
    for path in ("/delivery/sealed/paper", f"/delivery/sealed/assets/{'0' * 64}"):
        assert code_of(visitor.get(path, headers=JSON)) == (409, "not-admitted")


def test_a_check_in_that_was_taken_back_holds_for_the_token_too(web, waiting):
    visitor, seat = at_the_seat(web, waiting.people[0])
    with waiting.rt.transaction() as tx:
        undo_check_in_in(tx, waiting.rt.clock.now(), waiting.registration(), by=waiting.staff)
    open_room(waiting)
    assert code_of(start(visitor, seat)) == (409, "not-admitted")
    assert visitor.get("/delivery/seat").json() == {"waits": "not-admitted"}


def test_strangers_get_no_seat(web):
    assert web.visitor().get("/delivery/seat", headers=JSON).status_code == 401
    assert code_of(start(web.visitor(), {"seat_token": "x"})) == (401, "token-invalid")


def test_an_ended_exam_is_not_started_again(web, rt):
    world = make_world(rt)
    visitor, seat = at_the_seat(web, world.people[0])
    state = start(visitor, seat).json()
    visitor.entries(state, {"kind": "submitted"})
    assert code_of(start(visitor, seat)) == (409, "exam-ended")
    assert code_of(visitor.get(seat["sealed"], headers=JSON)) == (409, "exam-ended")
    assert visitor.get("/delivery/seat").json()["state"] == "ended"


def test_one_seats_token_opens_no_other_seat(web, rt):
    world = make_world(rt)
    (first, seat), (second, other) = (at_the_seat(web, person) for person in world.people)
    key = start(second, seat).json()["key"]  # the token is all that the door asks for: it starts its own exam
    with pytest.raises(SealBroken):
        opened(other, second.get(other["sealed"]).content, key)
    assert second.get("/delivery/state").status_code == 409  # the cookie's browser holds nothing
    assert start(first, seat).json()["key"] == key


def test_tokens_are_of_one_kind_only(web, rt):
    world = make_world(rt)
    visitor, seat = at_the_seat(web, world.people[0])
    state = start(visitor, seat).json()
    assert code_of(start(visitor, {"seat_token": state["token"]})) == (401, "token-invalid")
    answer = visitor.ask("POST", "/delivery/beat", json={}, headers={"Authorization": f"Bearer {seat['seat_token']}"})
    assert code_of(answer) == (401, "token-invalid")
    key, now = rt.keys.derive(SEAT_PURPOSE), rt.clock.now()
    facts = read_seat_token(key, seat["seat_token"], now)
    with pytest.raises(TokenInvalid):
        read_seat_token(rt.keys.derive(TOKEN_PURPOSE), seat["seat_token"], now)
    with pytest.raises(TokenInvalid):
        read_seat_token(key, seat["seat_token"], facts.expires_at)
    for place in range(0, len(seat["seat_token"]), 7):
        letter = "A" if seat["seat_token"][place] != "A" else "B"
        with pytest.raises(TokenInvalid):
            read_seat_token(key, seat["seat_token"][:place] + letter + seat["seat_token"][place + 1 :], now)


def test_a_token_for_an_attempt_that_is_not_there_is_invalid(web, waiting):
    visitor, seat = at_the_seat(web, waiting.people[0])
    key = waiting.rt.keys.derive(SEAT_PURPOSE)
    facts = read_seat_token(key, seat["seat_token"], waiting.rt.clock.now())
    forged = make_seat_token(key, replace(facts, attempt_id=UUID(int=9)))
    assert code_of(start(visitor, {"seat_token": forged})) == (401, "token-invalid")


def test_an_exam_that_the_code_began_is_taken_in_after_the_room_was_closed(web, rt):
    world = make_world(rt)
    visitor, seat = at_the_seat(web, world.people[0])
    other, other_seat = at_the_seat(web, world.people[1])
    opened_at = rt.clock.now()
    rt.clock.advance(timedelta(minutes=4))
    give_order(rt, world.room_id, Order(kind=OrderKind.CLOSE_ROOM, anyway=True), by=world.staff)
    state = start(visitor, seat, {"offline": {"claimed_at": instant_text(opened_at)}}).json()
    assert (state["state"], state["remaining_s"]) == ("running", 360)
    assert code_of(start(other, other_seat)) == (409, "not-open")  # nobody begins anew


def test_a_room_that_was_never_opened_takes_in_nothing(web, waiting):
    visitor, seat = at_the_seat(web, waiting.people[0])
    began = {"offline": {"claimed_at": instant_text(waiting.rt.clock.now())}}
    assert code_of(start(visitor, seat, began)) == (409, "not-open")
    give_order(waiting.rt, waiting.room_id, Order(kind=OrderKind.CLOSE_ROOM, anyway=True), by=waiting.staff)
    assert code_of(start(visitor, seat, began)) == (409, "not-open")
    zone = waiting.people[0].centre.time_zone
    clock = waiting.rt.clock.now().astimezone(ZoneInfo(zone)).time()
    stated = Order(kind=OrderKind.OPEN_ROOM, opened=clock, reason="no line")
    give_order(waiting.rt, waiting.room_id, stated, by=waiting.staff)
    assert start(visitor, seat, began).json()["state"] == "running"


@pytest.mark.parametrize(
    "document", [{"offline": True}, {"offline": {"claimed_at": 5}}, {"offline": {"claimed_at": "yesterday"}}]
)
def test_a_start_that_cannot_be_read_is_refused(web, waiting, document):
    visitor, seat = at_the_seat(web, waiting.people[0])
    assert code_of(start(visitor, seat, document)) == (400, "start-malformed")


def test_the_code_of_another_centre_opens_no_paper(web, waiting):
    visitor, seat = at_the_seat(web, waiting.people[0])
    sealed = visitor.get(seat["sealed"]).content
    wrong = paper_key(draw_release_code(lambda count: bytes([7] * count)), UUID(seat["attempt"]))
    with pytest.raises(SealBroken):
        open_paper(wrong, sealed, UUID(seat["attempt"]), bytes.fromhex(seat["form"]))


def test_a_tampered_paper_does_not_open(web, rt):
    world = make_world(rt)
    visitor, seat = at_the_seat(web, world.people[0])
    sealed = bytearray(visitor.get(seat["sealed"]).content)
    key = start(visitor, seat).json()["key"]
    sealed[-1] ^= 1
    with pytest.raises(SealBroken):
        opened(seat, bytes(sealed), key)


def test_the_waiting_page_hears_of_every_change(web, waiting):
    visitor, seat = at_the_seat(web, waiting.people[0])
    token = {"token": seat["seat_token"]}
    assert b'"state":"checked-in"' in visitor.first_event("/delivery/wait", token)
    open_room(waiting)
    assert b'"state":"open"' in visitor.first_event("/delivery/wait", token)
    state = start(visitor, seat).json()
    assert b'"state":"open"' in visitor.first_event("/delivery/wait", token)
    visitor.entries(state, {"kind": "submitted"})
    assert b'"state":"ended"' in visitor.first_event("/delivery/wait", token)
    assert visitor.get("/delivery/wait").status_code == 401
