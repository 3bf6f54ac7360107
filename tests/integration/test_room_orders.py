"""A proctor's orders on a real sitting: what is done, what is refused, and what is left behind."""

import sqlite3
from datetime import timedelta
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from cbt.delivery.core.seat_state import SeatState as SeatingState
from cbt.grading.services.grading import grade_ended
from cbt.kernel.errors import CbtError
from cbt.people.core.actors import Actor
from cbt.people.services.audit import list_latest
from cbt.scheduling.core.sittings import RoomState
from proctor.core.incidents import IncidentCategory
from proctor.core.orders import NotInThisRoom, Order, OrderKind, SeatState
from proctor.core.rooms import PeopleWaiting, RoomStillBusy, report_on
from proctor.core.seats import SeatWord
from proctor.services.incidents import StaffOnly, turn_away
from proctor.services.orders import give_order
from proctor.services.rooms import graded_of, read_room, rooms_of_today
from proctor.services.seats import read_desk, seat_history
from tests.factories_exam import make_world, sit_down, start_exam
from tests.factories_races import both

SECOND = timedelta(seconds=1)
ONCE = UUID(int=1)


def order(world, kind, *places, **more):
    ids = tuple(world.registration(place) for place in places)
    return give_order(world.rt, world.room_id, Order(kind=OrderKind(kind), registrations=ids, **more), by=world.staff)


def seat(world, place=0):
    return read_room(world.rt, world.room_id).seats[place]


def test_a_seat_shows_what_its_attempt_is_doing(rt, clock):
    world = make_world(rt)
    assert seat(world).state is SeatState.CHECKED_IN
    page = sit_down(world)
    page.send(page.answer(1), page.answer(2))
    clock.advance(5 * SECOND)
    shown = seat(world)
    assert (shown.state, shown.word) == (SeatState.RUNNING, SeatWord.WORKING)
    assert (shown.progress.answered, shown.progress.items) == (2, 8)
    assert shown.progress.deadline_at == clock.now() + timedelta(minutes=10) - 5 * SECOND
    assert read_room(rt, world.room_id).empty == ("3",)


def test_a_beat_keeps_a_quiet_seat_online_and_silence_turns_it_offline(rt, clock):
    world = make_world(rt)
    page = sit_down(world)
    clock.advance(20 * SECOND)
    assert seat(world).word is SeatWord.SLOW
    rt.broker.mark_present(f"attempt:{page.facts.attempt_id}", clock.now(), timedelta(minutes=30))
    assert seat(world).word is SeatWord.WORKING
    clock.advance(31 * SECOND)
    assert seat(world).word is SeatWord.OFFLINE


def test_one_refused_seat_does_not_undo_the_others(any_rt):
    rt = any_rt
    world = make_world(rt, candidates=3)
    sit_down(world, 0, "a")
    sit_down(world, 2, "c")
    outcome = order(world, "pause", 0, 1, 2, reason="화재 경보")
    assert outcome.done == (world.registration(0), world.registration(2))
    assert [(each.registration, each.code) for each in outcome.refused] == [
        (world.registration(1), "order-not-possible")
    ]
    assert [each.state.value for each in read_room(rt, world.room_id).seats] == ["paused", "checked-in", "paused"]
    assert seat(world).progress.pause.words == "화재 경보"


def test_a_pause_and_extra_time_move_the_end(rt, clock):
    world = make_world(rt)
    sit_down(world)
    order(world, "pause", 0, reason="화장실")
    clock.advance(timedelta(minutes=3))
    assert seat(world).progress.remaining == timedelta(minutes=10)
    order(world, "extend", 0, minutes=5, reason="PC 장애")
    order(world, "resume", 0)
    assert seat(world).progress.deadline_at == clock.now() + timedelta(minutes=15)
    assert seat(world).progress.extended == timedelta(minutes=5)


def test_ending_an_exam_leaves_an_incident_and_an_audit_record(any_rt):
    rt = any_rt
    world = make_world(rt)
    sit_down(world)
    order(world, "end", 0, reason="휴대전화 소지")
    snapshot = read_room(rt, world.room_id)
    assert snapshot.seats[0].word is SeatWord.ENDED
    incident = snapshot.incidents[0]
    assert (incident.seat, incident.about, incident.words) == ("1", "end", "휴대전화 소지")
    assert incident.category is IncidentCategory.TEST_TAKER
    acts = {record.act: record for record in list_latest(rt, 50)}
    assert acts["proctor.exam-ended"].reason == "휴대전화 소지"
    assert acts["proctor.exam-ended"].subject == "R4/2611-1000"
    assert "proctor.incident-written" in acts
    assert order(world, "end", 0, reason="다시").refused[0].code == "already-ended"


def test_a_waiting_browser_is_shown_and_gets_the_seat(rt):
    world = make_world(rt)
    sit_down(world, device="old")
    assert start_exam(rt, world.registration(), "new").state is SeatingState.TAKEN
    assert seat(world).word is SeatWord.CLAIM
    assert order(world, "grant-seat", 0, reason="PC 교체").done
    assert seat(world).word is SeatWord.WORKING
    assert start_exam(rt, world.registration(), "new").state is SeatingState.OPEN


def test_a_raised_hand_is_shown_with_its_words_until_it_is_settled(rt):
    world = make_world(rt)
    page = sit_down(world)
    page.send({"kind": "hand-raised", "words": "글자가 작아요"})
    assert seat(world).word is SeatWord.HAND
    assert seat(world).progress.hand.words == "글자가 작아요"
    order(world, "lower-hand", 0)
    assert seat(world).word is SeatWord.WORKING


def test_check_in_is_undone_only_before_the_exam(rt):
    world = make_world(rt)
    assert order(world, "undo-check-in", 0).done
    assert seat(world).state is SeatState.ABSENT
    assert order(world, "check-in", 0).done
    sit_down(world)
    assert order(world, "undo-check-in", 0).refused[0].code == "order-not-possible"


def test_a_registration_of_another_room_is_refused(rt):
    world = make_world(rt)
    before = read_room(rt, world.room_id).head
    foreign = Order(kind=OrderKind.PAUSE, registrations=(before.id,), reason="x")
    assert give_order(rt, world.room_id, foreign, by=world.staff).refused[0].code == "no-such-registration"
    note = Order(
        kind=OrderKind.INCIDENT,
        registrations=(world.registration(),),
        reason="소란",
        category=IncidentCategory.ENVIRONMENT,
    )
    with pytest.raises(NotInThisRoom):
        give_order(rt, world.registration(), note, by=world.staff)
    assert read_room(rt, world.room_id).incidents == ()


def test_only_staff_give_orders(rt):
    world = make_world(rt)
    with pytest.raises(StaffOnly):
        give_order(rt, world.room_id, Order(kind=OrderKind.CLOSE_ROOM), by=Actor.system("nobody"))


def test_a_room_is_closed_once_nobody_works_in_it(rt):
    world = make_world(rt)
    page = sit_down(world)
    with pytest.raises(RoomStillBusy):
        order(world, "close-room")
    assert read_room(rt, world.room_id).head.state is RoomState.OPEN
    page.send({"kind": "submitted"})
    order(world, "undo-check-in", 1)
    order(world, "close-room")
    snapshot = read_room(rt, world.room_id)
    assert snapshot.head.state is RoomState.CLOSED
    report = report_on(snapshot.seats, graded=graded_of(rt, snapshot))
    assert (report.expected, report.present, report.absent, report.submitted) == (2, 1, 1, 1)
    assert (report.received, report.graded, report.reconciles) == (1, 0, False)
    assert grade_ended(rt) == 1
    assert report_on(snapshot.seats, graded=graded_of(rt, snapshot)).reconciles


def test_a_room_in_which_people_wait_is_closed_at_the_second_word(rt):
    world = make_world(rt, candidates=3)
    sit_down(world).send({"kind": "submitted"})
    with pytest.raises(PeopleWaiting) as refused:
        order(world, "close-room")
    assert refused.value.message == "2, 3"
    assert read_room(rt, world.room_id).head.state is RoomState.OPEN
    order(world, "close-room", anyway=True)
    assert read_room(rt, world.room_id).head.state is RoomState.CLOSED


def test_a_room_that_was_closed_unopened_gets_its_opening_and_stays_closed(rt, clock):
    world = make_world(rt, opened=False)
    began = clock.now().astimezone(ZoneInfo("Asia/Seoul"))
    clock.advance(timedelta(minutes=30))
    order(world, "close-room", anyway=True)
    with pytest.raises(CbtError) as refused:
        order(world, "open-room", reason="no line")
    assert refused.value.code == "room-state-refused"
    clock.advance(timedelta(hours=23, minutes=50))  # the same time of day has come again
    order(world, "open-room", opened=began.time(), reason="no line")
    head = read_room(rt, world.room_id).head
    assert (head.state, head.opened_at) == (RoomState.CLOSED, began)
    [record] = [each for each in list_latest(rt, 9) if each.act == "scheduling.room-opened"]
    assert (record.reason, record.details["state"]) == ("no line", "closed")
    with pytest.raises(CbtError):  # once
        order(world, "open-room", opened=began.time(), reason="again")


def test_an_open_room_is_not_opened_again(rt):
    with pytest.raises(CbtError) as refused:
        order(make_world(rt), "open-room")
    assert refused.value.code == "room-state-refused"


def test_who_is_turned_away_stands_in_the_list_until_checked_in(rt):
    world = make_world(rt)
    order(world, "undo-check-in", 0)
    turn_away(rt, world.room_id, world.registration(), "정보가 다름", by=world.staff)
    desk = read_desk(rt, world.room_id)
    assert desk.lines[0].turned_away == "정보가 다름"
    assert desk.counts.left == 1
    assert desk.find("26111000").registration == world.registration()
    assert desk.find("홍길동") is None
    order(world, "check-in", 0)
    assert read_desk(rt, world.room_id).lines[0].turned_away == ""


def test_a_resident_number_never_reaches_the_log(rt):
    world = make_world(rt)
    with pytest.raises(CbtError) as refused:
        turn_away(rt, world.room_id, world.registration(), "900101-1234567", by=world.staff)
    assert refused.value.code == "resident-number"


def test_the_history_of_a_seat_tells_who_did_what_and_never_what_was_answered(rt, clock):
    world = make_world(rt)
    page = sit_down(world)
    page.send(page.answer(3))
    clock.advance(SECOND)
    order(world, "extend", 0, minutes=5, reason="PC 장애")
    lines = seat_history(rt, world.room_id, world.registration())
    assert [line.kind for line in lines][:2] == ["extended", "answered"]
    assert {line.kind for line in lines} == {"extended", "answered", "started", "checked-in"}
    assert (lines[0].minutes, lines[0].words, lines[0].by_name) == (5, "PC 장애", world.staff.name)
    assert (lines[1].slot, lines[1].words) == (3, "")
    assert lines[1].claimed_at is not None


def test_todays_rooms_count_their_people(rt):
    world = make_world(rt)
    sit_down(world)
    today = rooms_of_today(rt)
    assert today.day.isoformat() == "2026-11-22"
    [room] = today.rooms
    assert (room.registered, room.checked_in, room.working, room.finished) == (2, 2, 1, 0)


def test_an_order_that_fails_in_the_middle_leaves_nothing(any_rt):
    rt = any_rt
    world = make_world(rt)
    sit_down(world)
    with pytest.raises(CbtError):
        order(world, "end", 0, reason="900101-1234567")  # the audit trail refuses it after the journal was written
    assert seat(world).state is SeatState.RUNNING
    with rt.reading() as tx:
        assert tx.session.scalar(text("SELECT count(*) FROM proctor_incident")) == 0


@pytest.fixture
def failing(rt):
    """Numbers of transactions that fail as on a full disk, counted from the first one after this is filled."""
    numbers: set[int] = set()
    counted = count(1)

    def begin(_connection, _cursor, statement, *_more):
        if numbers and statement == "BEGIN IMMEDIATE" and next(counted) in numbers:
            raise OperationalError(statement, {}, sqlite3.OperationalError("database or disk is full"))

    event.listen(rt.engine, "before_cursor_execute", begin)
    yield numbers
    event.remove(rt.engine, "before_cursor_execute", begin)


def test_a_seat_that_could_not_be_stored_is_refused_and_a_repetition_is_for_it_alone(rt, failing):
    world = make_world(rt, candidates=3)
    for place in range(3):
        sit_down(world, place)
    failing.add(2)
    outcome = order(world, "extend", 0, 1, 2, minutes=5, reason="PC", id=ONCE)
    assert outcome.done == (world.registration(0), world.registration(2))
    assert [(each.registration, each.code) for each in outcome.refused] == [
        (world.registration(1), "database-unavailable")
    ]
    again = order(world, "extend", 0, 1, 2, minutes=5, reason="PC", id=ONCE)
    assert again.done == tuple(world.registration(place) for place in range(3))
    assert {seat(world, place).progress.extended for place in range(3)} == {timedelta(minutes=5)}
    assert order(world, "extend", 0, minutes=5, reason="PC", id=UUID(int=2)).done
    assert seat(world).progress.extended == timedelta(minutes=10)


def test_an_order_gives_up_where_nothing_can_be_stored(rt, failing):
    world = make_world(rt, candidates=5)
    for place in range(5):
        sit_down(world, place)
    failing.update((1, 2, 3))
    outcome = order(world, "pause", 0, 1, 2, 3, 4, reason="화재 경보")
    assert outcome.done == ()
    assert [each.code for each in outcome.refused] == ["database-unavailable"] * 5


def test_an_order_that_comes_twice_at_once_is_done_once(any_rt):
    world = make_world(any_rt)
    sit_down(world)
    first, second = both(
        any_rt,
        lambda: order(world, "extend", 0, minutes=5, reason="PC", id=ONCE),
        lambda: order(world, "extend", 0, minutes=5, reason="PC", id=ONCE),
    )
    assert first.result().done == second.result().done == (world.registration(),)
    assert seat(world).progress.extended == timedelta(minutes=5)


def test_a_room_adds_240_minutes_to_one_exam_at_most(any_rt):
    world = make_world(any_rt)
    sit_down(world)
    for minutes in (120, 60):
        assert order(world, "extend", 0, minutes=minutes, reason="PC").done
    _, second = both(
        any_rt,
        lambda: order(world, "extend", 0, minutes=60, reason="PC"),
        lambda: order(world, "extend", 0, minutes=1, reason="PC"),
    )
    assert [each.code for each in second.result().refused] == ["too-much-extra"]
    assert seat(world).progress.extended == timedelta(minutes=240)
