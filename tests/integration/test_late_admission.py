"""Who comes late starts individually: the whole time until the window's end decides, and nothing after it."""

from datetime import timedelta

import pytest

from cbt.delivery.core.seat_state import SeatState
from cbt.delivery.services.seating import look
from cbt.delivery.services.sweeping import expire_overdue
from cbt.delivery.store.attempts import get_attempt
from cbt.scheduling.services.attendance import check_in_in
from tests.factories_exam import make_world, sit_down, start_exam
from tests.factories_http import service

# The window of the sitting ends five hours after the room was opened; the exam has ten minutes, its grace ten seconds.
WINDOW_END = timedelta(hours=5)
ALLOWED = timedelta(minutes=10)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize("after", [timedelta(0), timedelta(minutes=9), timedelta(hours=3), WINDOW_END - TICK])
def test_whoever_comes_late_has_the_whole_time(rt, after) -> None:
    world = make_world(rt, checked_in=False)
    rt.clock.advance(after)
    with rt.transaction() as tx:
        check_in_in(tx, rt.clock.now(), world.registration(), by=world.staff)
    page = sit_down(world)
    rt.clock.advance(ALLOWED)
    page.send(page.answer(1))
    assert expire_overdue(rt) == 0
    rt.clock.advance(timedelta(seconds=10))
    assert expire_overdue(rt) == 1
    with rt.reading() as tx:
        assert get_attempt(tx, page.facts.attempt_id).answered == {1}


@pytest.mark.parametrize("after", [WINDOW_END, WINDOW_END + timedelta(hours=1)])
def test_nobody_begins_once_the_window_has_ended(rt, after) -> None:
    world = make_world(rt)
    rt.clock.advance(after)
    assert look(rt, world.registration(), "first browser").state is SeatState.CLOSED
    seating = start_exam(rt, world.registration(), "first browser")
    assert (seating.state, seating.attempt.started_at) == (SeatState.CLOSED, None)


def test_who_has_begun_goes_on_beyond_the_window_and_comes_back_to_it(rt) -> None:
    world = make_world(rt)
    rt.clock.advance(WINDOW_END - timedelta(minutes=1))
    page = sit_down(world)
    rt.clock.advance(timedelta(minutes=5))
    assert start_exam(rt, world.registration(), "first browser").state is SeatState.OPEN
    assert start_exam(rt, world.registration(), "another browser").state is SeatState.TAKEN
    assert not page.send(page.answer(1)).document["refused"]


def test_start_at_the_door_is_refused_once_the_window_has_ended(rt) -> None:
    with service(rt) as web:
        world = make_world(rt)
        visitor = web.visitor()
        visitor.sign_in(world.people[0])
        seat = visitor.get("/delivery/seat").json()
        token = {"Authorization": f"Bearer {seat['seat_token']}"}
        rt.clock.advance(WINDOW_END)
        answer = visitor.ask("POST", "/delivery/start", json={}, headers=token)
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not-open")
        late = visitor.ask("POST", "/delivery/start", json={"offline": {"claimed_at": None}}, headers=token)
        assert late.status_code == 200  # begun without a line, within the window: it counts from the room's opening
        assert late.json()["remaining_s"] == 0
