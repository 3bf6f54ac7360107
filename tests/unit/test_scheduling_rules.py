"""Pure rules of scheduling: zones, pass rules, windows, the states of a room, seats in words."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from uuid import UUID

import pytest

from cbt.kernel.score import score
from cbt.people.core.inputs import Fields, InputRefused
from cbt.scheduling.core.exams import read_exam
from cbt.scheduling.core.pass_rules import NotAPassRule, Overall, SubjectsAndAverage, parse_rule, rule_text
from cbt.scheduling.core.places import is_zone, read_centre, read_room
from cbt.scheduling.core.registrations import FreeSeat, find_seats, read_registration
from cbt.scheduling.core.sittings import RoomState, RoomStateRefused, RoomStep, next_room_state, read_sitting

ROOM = str(UUID(int=1))
EXAM = {
    "code": "ip-2026",
    "title_ko": "정보처리",
    "title_en": "",
    "blueprint": str(UUID(int=7)),
    "minutes": "150",
    "grace_s": "10",
    "rule": "subjects-and-average",
    "subject_floor": "40",
    "average_floor": "60.0",
    "result_policy": "provisional",
    "calculator": "plain",
}
SITTING = {
    "code": "r4",
    "title_ko": "제4회",
    "time_zone": "Asia/Seoul",
    "opens_at": "2026-11-22T10:00",
    "closes_at": "2026-11-22T13:00",
    "exam": str(UUID(int=2)),
}


@pytest.mark.parametrize(
    ("name", "known"), [("Asia/Seoul", True), ("Europe/Berlin", True), ("Asia", False), ("../etc", False), ("", False)]
)
def test_time_zones_are_those_of_the_list(name, known):
    assert is_zone(name) is known


@pytest.mark.parametrize("text", ["subjects-and-average:40:60", "overall:60", "count:26:35", "overall:59.5"])
def test_pass_rules_are_written_as_they_are_read(text):
    assert rule_text(parse_rule(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "overall", "overall:101", "overall:x", "overall:1:2", "count:36:35", "best:1", "overall:NaN"],
)
def test_impossible_pass_rules_are_refused(text):
    with pytest.raises(NotAPassRule):
        parse_rule(text)


def test_the_same_rule_is_the_same_document():
    assert parse_rule("overall:60.000") == parse_rule("overall:60") == Overall(least=score("60"))


def test_an_exam_is_read_from_a_page():
    exam = read_exam(EXAM)
    assert (exam.code, exam.time_allowed, exam.grace) == ("IP-2026", timedelta(minutes=150), timedelta(seconds=10))
    assert exam.pass_rule == SubjectsAndAverage(floor=score("40"), average=score("60"))


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("blueprint", "", "no-blueprint"),
        ("minutes", "0", "number-range"),
        ("minutes", "x", "bad-number"),
        ("subject_floor", "400", "floor-range"),
        ("subject_floor", "", "missing"),
        ("average_floor", "x", "bad-points"),
        ("calculator", "graphic", "bad-choice"),
        ("rule", "", "bad-choice"),
        ("title_ko", "", "missing"),
    ],
)
def test_each_field_of_an_exam_is_checked(field, value, code):
    with pytest.raises(InputRefused) as refusal:
        read_exam({**EXAM, field: value})
    assert [(problem.where, problem.code) for problem in refusal.value.problems] == [(field, code)]


def test_a_sitting_is_entered_in_local_time():
    sitting = read_sitting(SITTING, (ROOM,))
    assert sitting.opens_at == datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    assert sitting.rooms == {UUID(int=1)}


@pytest.mark.parametrize(
    ("changes", "rooms", "found"),
    [
        ({"closes_at": "2026-11-22T10:00"}, (ROOM,), ("closes_at", "window-backwards")),
        ({"closes_at": "2027-11-22T10:00"}, (ROOM,), ("closes_at", "window-long")),
        ({"opens_at": "soon"}, (ROOM,), ("opens_at", "bad-time")),
        ({"time_zone": "Seoul"}, (ROOM,), ("time_zone", "bad-zone")),
        ({"exam": "x"}, (ROOM,), ("exam", "no-exam")),
        ({}, (), ("rooms", "no-room")),
        ({}, ("x",), ("rooms", "no-room")),
    ],
)
def test_each_field_of_a_sitting_is_checked(changes, rooms, found):
    with pytest.raises(InputRefused) as refusal:
        read_sitting({**SITTING, **changes}, rooms)
    assert found in {(problem.where, problem.code) for problem in refusal.value.problems}


def test_a_room_goes_through_its_states_once():
    assert next_room_state(RoomState.WAITING, RoomStep.OPEN) is RoomState.OPEN
    assert next_room_state(RoomState.OPEN, RoomStep.CLOSE) is RoomState.CLOSED
    for state in (RoomState.OPEN, RoomState.CLOSED):
        with pytest.raises(RoomStateRefused):
            next_room_state(state, RoomStep.OPEN)


def test_places_are_checked():
    with pytest.raises(InputRefused):
        read_centre({"code": "S", "title_ko": "서울", "time_zone": "Mars/Base"})
    with pytest.raises(InputRefused):
        read_room({"code": "R1", "title_ko": "1실", "seats": "501"})
    assert read_room({"code": "r1", "title_ko": "1실", "seats": "30"}).code == "R1"


def _seat(centre, room, number):
    return FreeSeat(
        seat_id=UUID(int=number), sitting_room_id=UUID(int=0), centre_code=centre, room_code=room, number=number
    )


@pytest.mark.parametrize(
    ("text", "fitting"), [("17", 3), ("R1 17", 2), ("seoul/r1 17", 1), ("R2/17", 1), ("18", 0), ("x", 0)]
)
def test_a_seat_is_named_as_shortly_as_it_is_clear(text, fitting):
    seats = (_seat("SEOUL", "R1", 17), _seat("BUSAN", "R1", 17), _seat("SEOUL", "R2", 17))
    assert len(find_seats(text, seats)) == fitting


def test_an_empty_time_factor_is_one():
    fields = Fields({"number": "1234", "name": "A", "birth": "1999-01-31"})
    entry = read_registration(fields, 2, today=datetime(2026, 11, 22, tzinfo=UTC).date())
    assert (entry.time_factor, entry.seat) == (Fraction(1), "")
