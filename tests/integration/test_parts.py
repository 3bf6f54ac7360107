"""An exam whose parts are passed in one direction: entered, sat, left to itself, swept."""

import json
from datetime import timedelta

import pytest

from cbt.delivery.core.status import short_status
from cbt.delivery.services import orders
from cbt.delivery.services.reading import replay_attempt, timeline_in
from cbt.delivery.services.recording import Recorded
from cbt.delivery.services.seating import look, seated_state
from cbt.delivery.services.sweeping import expire_overdue
from cbt.delivery.store.attempts import get_attempt
from cbt.people.core.actors import Role
from cbt.people.core.inputs import InputRefused
from cbt.scheduling.core.exams import Navigation
from cbt.scheduling.services.exams import create_exam, revise_exam
from proctor.core.wire import seat_document
from proctor.services.rooms import read_room
from tests.factories_exam import in_parts, make_small_exam, make_world, sit_down
from tests.factories_http import service
from tests.factories_scheduling import SYSTEM, exam_input, make_staff

MINUTE = timedelta(minutes=1)


@pytest.fixture
def world(rt):
    return make_world(rt, parts=((10, 2), (5, 0)))


@pytest.fixture
def sitter(world):
    return sit_down(world)


def told(outcome):
    assert isinstance(outcome, Recorded), outcome
    assert not outcome.document["refused"], outcome.document["refused"]
    return outcome.document["state"]


def refusals(outcome):
    assert isinstance(outcome, Recorded), outcome
    return [refused["code"] for refused in outcome.document["refused"]]


def test_exam_in_parts_lasts_as_long_as_they_do(rt):
    exam = make_small_exam(rt, parts=((10, 2), (5, 0)))
    assert exam.navigation is Navigation.PARTS
    assert exam.time_allowed == 15 * MINUTE
    assert [(part.code, part.items, part.time_allowed, part.break_after) for part in exam.parts] == [
        ("1", 4, 10 * MINUTE, 2 * MINUTE),
        ("2", 4, 5 * MINUTE, 0 * MINUTE),
    ]


@pytest.mark.parametrize(("parts", "code"), [(((10, 0),), "not-the-parts"), (((10, 0),) * 3, "not-the-parts")])
def test_parts_are_those_of_the_blueprint(rt, parts, code):
    exam = make_small_exam(rt)
    entered = in_parts(exam_input("SMALL"), parts)
    wrong = {name: getattr(entered, name) for name in entered.__slots__}
    wrong["blueprint_version_id"] = exam.blueprint_version_id
    with pytest.raises(InputRefused) as caught:
        revise_exam(rt, exam.exam_id, type(entered)(**wrong), by=SYSTEM)
    assert [(problem.where, problem.code) for problem in caught.value.problems] == [("navigation", code)]


def test_paper_names_minutes_and_breaks(sitter):
    assert sitter.paper["exam"]["navigation"] == "parts"
    assert [(part["minutes"], part["break_minutes"]) for part in sitter.paper["parts"]] == [(10, 2), (5, 0)]


def test_free_paper_is_as_it_always_was(rt):
    sitter = sit_down(make_world(rt))
    assert "navigation" not in sitter.paper["exam"]
    assert set(sitter.paper["parts"][0]) == {"code", "title", "first", "last"}


def test_candidate_goes_from_part_to_part(world, sitter):
    state = told(sitter.send(sitter.answer(1)))
    assert (state["part"]["index"], state["part"]["remaining_s"]) == (0, 600)
    assert refusals(sitter.send(sitter.answer(5))) == ["part-closed"]
    world.rt.clock.advance(3 * MINUTE)
    state = told(sitter.send({"kind": "part-left", "part": 0}))
    assert (state["part"]["on_break"], state["part"]["remaining_s"]) == (True, 120)
    assert state["may"] == ["enter-part", "raise-hand"]
    state = told(sitter.send({"kind": "part-entered", "part": 1}))
    assert (state["part"]["index"], state["part"]["remaining_s"], state["remaining_s"]) == (1, 300, 300)
    assert refusals(sitter.send(sitter.answer(2))) == ["part-closed"]
    told(sitter.send(sitter.answer(5)))
    assert told(sitter.send({"kind": "submitted"}))["state"] == "submitted"
    assert replay_attempt(world.rt, sitter.facts.attempt_id).broken is None


def test_who_says_nothing_goes_on_by_the_clock_and_gains_nothing(world, sitter):
    rt = world.rt
    told(sitter.send(sitter.answer(1)))
    rt.clock.advance(10 * MINUTE + timedelta(seconds=5))
    told(sitter.send(sitter.answer(2)))  # on its way when the part ran out
    rt.clock.advance(2 * MINUTE)
    assert refusals(sitter.send(sitter.answer(3))) == ["part-closed"]
    told(sitter.send(sitter.answer(5)))
    rt.clock.advance(5 * MINUTE + timedelta(seconds=4))
    assert expire_overdue(rt) == 0
    rt.clock.advance(timedelta(seconds=1))
    assert expire_overdue(rt) == 1
    replayed = replay_attempt(rt, sitter.facts.attempt_id)
    assert replayed.broken is None
    assert replayed.attempt.answered == {1, 2, 5}


def test_sweeper_ends_at_the_end_of_the_last_part_when_parts_were_left_early(world, sitter):
    rt = world.rt
    told(sitter.send({"kind": "part-left", "part": 0}))
    rt.clock.advance(7 * MINUTE + timedelta(seconds=9))
    assert expire_overdue(rt) == 0
    rt.clock.advance(timedelta(seconds=1))
    assert expire_overdue(rt) == 1


def test_reload_keeps_the_place(world, sitter):
    rt = world.rt
    told(sitter.send({"kind": "part-left", "part": 0}))
    rt.clock.advance(MINUTE)
    part = seated_state(rt, world.registration(), "first browser")["part"]
    assert (part["index"], part["on_break"], part["remaining_s"]) == (1, True, 60)


def test_accommodation_gives_each_part_its_share_and_no_longer_breaks(rt):
    world = make_world(rt, parts=((10, 2), (5, 0)), factor="4/3")
    sitter = sit_down(world)
    with rt.reading() as tx:
        status = short_status(get_attempt(tx, sitter.facts.attempt_id), rt.clock.now())
    assert (status["allowed_s"], status["part"]["limit_s"]) == (1_200, 800)
    assert status["remaining_s"] == 800 + 120 + 400
    assert look(rt, world.registration(), "first browser").minutes == 20


def test_extension_in_a_break_is_for_the_part_that_follows(world, sitter):
    rt = world.rt
    told(sitter.send({"kind": "part-left", "part": 0}))
    now = rt.clock.now()
    with rt.transaction() as tx:
        orders.extend_in(tx, now, sitter.facts.attempt_id, extra=MINUTE, reason="noise", by=world.staff.id)
    state = told(sitter.send({"kind": "part-entered", "part": 1}))
    assert state["part"]["remaining_s"] == 360


def test_room_sees_part_break_and_what_is_left(world, sitter):
    rt = world.rt
    seat = _seat(rt, world, sitter)
    assert seat["part"] == {
        "number": 1,
        "of": 2,
        "on_break": False,
        "remaining_s": 600,
        "ends_at": seat["part"]["ends_at"],
    }
    told(sitter.send({"kind": "part-left", "part": 0}))
    assert (_seat(rt, world, sitter)["part"]["number"], _seat(rt, world, sitter)["part"]["on_break"]) == (2, True)
    rt.clock.advance(2 * MINUTE)
    assert _seat(rt, world, sitter)["part"]["on_break"] is False
    told(sitter.send({"kind": "submitted"}))
    assert _seat(rt, world, sitter)["part"] is None


def test_history_names_the_parts(world, sitter):
    told(sitter.send({"kind": "part-left", "part": 0}, {"kind": "part-entered", "part": 1}))
    with world.rt.reading() as tx:
        lines = timeline_in(tx, sitter.facts.attempt_id)
    assert [(line["kind"], line.get("part")) for line in lines][1:] == [("part-left", 0), ("part-entered", 1)]
    assert json.dumps(lines)


def test_exam_in_parts_is_entered_from_the_service_too(rt):
    exam = make_small_exam(rt)
    entered = in_parts(exam_input("OTHER"), ((None, 5), (None, 0)))
    fields = {name: getattr(entered, name) for name in entered.__slots__}
    fields["blueprint_version_id"] = exam.blueprint_version_id
    made = create_exam(rt, type(entered)(**fields), by=SYSTEM)
    assert (made.time_allowed, [part.time_allowed for part in made.parts]) == (150 * MINUTE, [None, None])


def _seat(rt, world, sitter):
    snapshot = read_room(rt, world.room_id)
    number = sitter.paper["candidate"]["number"]
    seat = next(seat for seat in snapshot.seats if seat.sitter.number == number)
    return seat_document(seat, snapshot.now)


def test_exam_in_parts_is_entered_on_its_page_and_shown_to_candidates(rt):
    world = make_world(rt, parts=((10, 2), (5, 0)), opened=False)
    make_staff(rt, "admin1", Role.ADMIN)
    version = world.people[0].exam
    page = f"/admin/exams/{version.exam_id}"
    form = {
        "code": version.exam_code,
        "title_en": "Small exam",
        "blueprint": str(version.blueprint_version_id),
        "minutes": "1",
        "grace_s": "10",
        "rule": "overall",
        "floor": "60",
        "calculator": "plain",
        "result_policy": "provisional",
        "navigation": "parts",
        "part_minutes_1": "40",
        "break_minutes_1": "10",
        "part_minutes_2": "",
    }
    with service(rt) as web:
        admin = web.staff("admin1")
        refused = admin.post(page, form, seen=page)
        assert (refused.status_code, "Give every part its minutes, or none of them." in refused.text) == (400, True)
        assert admin.post(page, form | {"part_minutes_2": "50"}, seen=page).status_code == 303
        shown = admin.get(page).text
        assert "Part 1: First subject, 40 min, then a break of 10 min" in shown
        candidate = web.visitor("ko")
        candidate.sign_in(world.people[0])
        for path in ("/exam/notice", "/exam/wait"):
            assert "1교시 첫째 과목 10분, 쉬는 시간 2분" in candidate.get(path).text
