"""Starting at a seat while staff act on it, and what a seat may still read once its exam has ended."""

from datetime import timedelta

import pytest

from cbt.delivery.core.seat_state import SeatState
from cbt.delivery.services.reading import filed_in, room_attempts_in
from cbt.delivery.services.seat import sealed_paper_of
from cbt.delivery.services.seating import ExamEnded, NotSeated, seated_state
from cbt.delivery.services.sweeping import expire_overdue
from cbt.people.core.audit import AuditFilter
from cbt.people.services.audit import list_audit
from cbt.scheduling.core.sittings import RoomState, SittingBegun
from cbt.scheduling.services.attendance import check_in_in, open_room_in
from cbt.scheduling.services.registrations import change_registration, get_registration
from cbt.scheduling.services.sittings import cancel_sitting, get_sitting
from proctor.core.orders import Order, OrderKind
from proctor.core.orders import SeatState as RoomSeat
from proctor.core.rooms import RoomStillBusy
from proctor.services.orders import give_order
from proctor.services.rooms import read_room
from tests.factories_exam import World, add_room, make_world, sit_down, start_exam
from tests.factories_http import service, started
from tests.factories_races import both
from tests.factories_scheduling import SYSTEM, make_sitting


def _order(world: World, kind: OrderKind, *places: int):
    ids = tuple(world.registration(place) for place in places)
    order = Order(kind=kind, registrations=ids, anyway=True)
    return give_order(world.rt, world.room_id, order, by=world.staff)


def test_a_check_in_is_not_undone_while_the_exam_starts(any_rt):
    world = make_world(any_rt)
    _, undone = both(
        any_rt,
        lambda: start_exam(any_rt, world.registration(), "seat"),
        lambda: _order(world, OrderKind.UNDO_CHECK_IN, 0),
    )
    assert [each.code for each in undone.result().refused] == ["order-not-possible"]
    assert get_registration(any_rt, world.registration()).registration.checked_in_at is not None


def test_nobody_starts_in_a_room_that_is_being_closed(any_rt):
    world = make_world(any_rt)
    _, closed = both(
        any_rt,
        lambda: start_exam(any_rt, world.registration(), "seat"),
        lambda: _order(world, OrderKind.CLOSE_ROOM),
    )
    with pytest.raises(RoomStillBusy):
        closed.result()
    assert read_room(any_rt, world.room_id).head.state is RoomState.OPEN


def test_a_start_that_meets_the_closing_comes_too_late(any_rt):
    world = make_world(any_rt)
    _, started = both(
        any_rt,
        lambda: _order(world, OrderKind.CLOSE_ROOM),
        lambda: start_exam(any_rt, world.registration(), "seat"),
    )
    assert started.result().state is SeatState.CLOSED
    assert read_room(any_rt, world.room_id).seats[0].state is RoomSeat.CHECKED_IN


def test_a_sitting_is_not_cancelled_while_its_room_is_opened(any_rt):
    sitting_id = make_sitting(any_rt)
    [room] = get_sitting(any_rt, sitting_id).rooms

    def open_it() -> None:
        with any_rt.transaction() as tx:
            open_room_in(tx, any_rt.clock.now(), room.sitting_room.id, by=SYSTEM)

    _, cancelled = both(any_rt, open_it, lambda: cancel_sitting(any_rt, sitting_id, by=SYSTEM, reason="snow"))
    with pytest.raises(SittingBegun):
        cancelled.result()


def test_a_seat_that_is_changed_twice_at_once_keeps_a_true_record(any_rt):
    world = make_world(any_rt, candidates=3, checked_in=False, opened=False)
    first = world.registration()
    both(
        any_rt,
        lambda: change_registration(any_rt, first, {"seat": "4", "time_factor": ""}, by=SYSTEM, reason="a"),
        lambda: change_registration(any_rt, first, {"seat": "4", "time_factor": "1.5"}, by=SYSTEM, reason="b"),
    )
    records = list_audit(any_rt, AuditFilter(act="scheduling.registration-changed")).records
    [later] = [record for record in records if record.reason == "b"]
    assert later.details["before"]["seat"] == "R1 4"


def test_a_paper_that_was_made_before_the_seat_changed_follows_it(any_rt):
    world = make_world(any_rt, checked_in=False, opened=False)
    other = add_room(world)
    first = world.registration()
    change_registration(any_rt, first, {"seat": "R2 5", "time_factor": ""}, by=SYSTEM, reason="lift")
    with any_rt.transaction() as tx:
        check_in_in(tx, any_rt.clock.now(), first, by=SYSTEM)
        open_room_in(tx, any_rt.clock.now(), other, by=SYSTEM)
    page = sit_down(world)
    assert page.paper["candidate"]["seat"] == "1"
    candidate = {"number": "2611-1000", "name": "홍길동가", "seat": "5"}
    assert seated_state(any_rt, first, "first browser")["candidate"] == candidate
    with any_rt.reading() as tx:
        assert filed_in(tx, page.facts.attempt_id).sitting_room_id == other
    assert read_room(any_rt, other).seats[0].state is RoomSeat.RUNNING


@pytest.mark.parametrize("ending", ["submitted", "expired"])
def test_after_the_end_a_seat_reads_its_status_only(rt, clock, ending):
    world = make_world(rt)
    page = sit_down(world)
    page.send(page.answer(1))
    if ending == "submitted":
        page.send({"kind": "submitted"})
    else:
        clock.advance(timedelta(minutes=11))
        assert expire_overdue(rt) == 1
    state = seated_state(rt, world.registration(), "first browser")
    assert (state["state"], state["remaining_s"], state["may"]) == (ending, 0, [])
    assert not state.keys() & {"responses", "token", "flags", "candidate"}
    with pytest.raises(ExamEnded):
        sealed_paper_of(rt, world.registration())
    with pytest.raises(NotSeated):
        seated_state(rt, world.registration(), "another browser")


def test_the_exam_screen_is_closed_after_the_hand_in(rt):
    world = make_world(rt)
    with service(rt) as web:
        visitor, state = started(web, world.people[0])
        assert visitor.paper(state["key"])["attempt"] == _attempt_of(world)
        _order_end(world)
        for path in ("/delivery/sealed/paper", f"/delivery/sealed/assets/{'0' * 64}"):
            refused = visitor.get(path, headers={"Accept": "application/json"})
            assert (refused.status_code, refused.json()["error"]["code"]) == (409, "exam-ended")
        assert visitor.get("/delivery/state").json()["state"] == "terminated"
        assert visitor.get("/exam/paper").headers["location"] == "/result"


def _attempt_of(world: World) -> str:
    with world.rt.reading() as tx:
        return str(room_attempts_in(tx, [world.registration()])[world.registration()].attempt.id)


def _order_end(world: World) -> None:
    order = Order(kind=OrderKind.END, registrations=(world.registration(),), reason="phone")
    assert give_order(world.rt, world.room_id, order, by=world.staff).done
