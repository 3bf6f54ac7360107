"""Places, exams, sittings, registrations and attendance on a real database."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from cbt.people.core.audit import AuditFilter
from cbt.people.core.inputs import InputRefused
from cbt.people.services.audit import list_audit
from cbt.people.services.candidates import find_by_number, import_candidates, list_candidates
from cbt.scheduling.core.pass_rules import parse_rule
from cbt.scheduling.core.places import CentreInput, RoomInput
from cbt.scheduling.core.registrations import AlreadyCheckedIn, NotCheckedIn, RegistrationInUse
from cbt.scheduling.core.sittings import (
    OutsideWindow,
    RoomState,
    RoomStateRefused,
    SittingBegun,
    SittingCancelled,
    SittingInput,
)
from cbt.scheduling.services.attendance import check_in_in, close_room_in, open_room_in, undo_check_in_in
from cbt.scheduling.services.exams import create_exam, list_exams, list_versions, revise_exam
from cbt.scheduling.services.places import change_room, create_centre, get_centre, list_centres
from cbt.scheduling.services.registrations import (
    change_registration,
    find_registrations,
    list_registrations,
    register_candidate,
    registrations_of_room_in,
    remove_registration,
)
from cbt.scheduling.services.sittings import (
    cancel_sitting,
    change_sitting,
    get_sitting,
    get_sitting_by_code,
    list_sitting_rooms_in,
    list_sittings,
    mark_prepared_in,
    restore_sitting,
)
from tests.factories_scheduling import (
    BIRTH,
    SYSTEM,
    exam_input,
    make_centre,
    make_exam,
    make_room,
    make_sitting,
    register,
    title,
)

ONE, TWO, THREE = "2611-0001,김하늘,1999-01-31,,", "2611-0002,박바다,2000-02-03,3,3/2", "2611-0003,이솔,2001-12-31,,"


def _codes(refusal):
    return {problem.where: problem.code for problem in refusal.value.problems}


def _as_input(overview, **changes):
    sitting = overview.sitting
    entered = SittingInput(
        code=sitting.code,
        title=sitting.title,
        exam_version_id=sitting.exam_version_id,
        opens_at=sitting.opens_at,
        closes_at=sitting.closes_at,
        rooms=frozenset(room.room.id for room in overview.rooms),
    )
    return replace(entered, **changes)


def test_a_room_gets_its_seats(rt):
    centre_id = make_centre(rt)
    make_room(rt, centre_id, seats=30)
    plan = get_centre(rt, centre_id)
    assert [(room.room.code, room.seats) for room in plan.rooms] == [("R1", 30)]


def test_codes_are_given_once(rt):
    centre_id = make_centre(rt)
    make_room(rt, centre_id)
    make_exam(rt)
    with pytest.raises(InputRefused) as refusal:
        create_centre(rt, CentreInput(code="SEOUL", title=title("x"), time_zone="Asia/Seoul"), by=SYSTEM)
    assert _codes(refusal) == {"code": "code-taken"}
    with pytest.raises(InputRefused):
        make_room(rt, centre_id)
    with pytest.raises(InputRefused):
        create_exam(rt, exam_input(), by=SYSTEM)
    assert len(list_centres(rt)) == 1


def test_a_room_grows_and_shrinks_but_keeps_given_seats(rt):
    centre_id = make_centre(rt)
    room_id = make_room(rt, centre_id, seats=5)
    sitting_id = make_sitting(rt, rooms=(room_id,))
    register(rt, sitting_id, "2611-0001,A,1999-01-31,4,")
    change_room(rt, room_id, RoomInput(code="R1", title=title("R1"), seats=8), by=SYSTEM)
    change_room(rt, room_id, RoomInput(code="R1", title=title("R1"), seats=4), by=SYSTEM)
    assert get_centre(rt, centre_id).seats == 4
    with pytest.raises(InputRefused) as refusal:
        change_room(rt, room_id, RoomInput(code="R1", title=title("R1"), seats=3), by=SYSTEM)
    assert _codes(refusal) == {"seats": "seats-in-use"}


def test_an_exam_is_revised_into_a_new_version(rt):
    first = make_exam(rt)
    second = revise_exam(rt, first.exam_id, exam_input(minutes=120), by=SYSTEM)
    assert [version.version for version in list_versions(rt, first.exam_id)] == [2, 1]
    assert [exam.id for exam in list_exams(rt)] == [second.id]
    assert second.pass_rule == parse_rule("subjects-and-average:40:60")


def test_a_sitting_knows_its_exam_and_rooms_and_hides_its_secret(rt):
    sitting_id = make_sitting(rt)
    overview = get_sitting(rt, sitting_id)
    assert (overview.exam.exam_code, overview.seats, overview.registered) == ("IP", 5, 0)
    assert len(overview.sitting.secret) == 32
    assert "secret" not in repr(overview.sitting)
    assert get_sitting_by_code(rt, "s1").id == sitting_id


def test_registering_from_a_table_gives_every_row_a_seat(rt):
    sitting_id = make_sitting(rt)
    result = register(rt, sitting_id, ONE, TWO, THREE)
    assert (result.problems, result.fresh) == ((), 3)
    found = {facts.candidate.number: facts for facts in list_registrations(rt, sitting_id)}
    assert {number: facts.seat_number for number, facts in found.items()} == {
        "2611-0001": 1,
        "2611-0002": 3,
        "2611-0003": 2,
    }
    assert found["2611-0002"].registration.time_factor == Fraction(3, 2)
    assert found["2611-0002"].centre.time_zone == "Asia/Seoul"


def test_a_dry_run_tells_the_same_and_writes_nothing(rt):
    sitting_id = make_sitting(rt)
    planned = register(rt, sitting_id, ONE, TWO, dry_run=True)
    assert (len(planned.placements), planned.fresh) == (2, 2)
    assert list_registrations(rt, sitting_id) == ()
    assert list_candidates(rt).total == 0
    assert register(rt, sitting_id, ONE, TWO).placements == planned.placements


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("2611-0001,김하늘,1999-01-31,,", ("number", "already-registered")),
        ("2611-0009,A,1999-01-31,1,", ("seat", "seat-taken")),
        ("2611-0009,A,1999-01-31,77,", ("seat", "unknown-seat")),
        ("2611-0009,A,1999-01-31,R2 1,", ("seat", "unknown-seat")),
        ("2611-0009,A,1999-01-31,,9", ("time_factor", "bad-factor")),
        ("2611-0009,A,1999-01-31,front,", ("seat", "bad-seat")),
    ],
)
def test_a_bad_row_stops_the_whole_upload(rt, row, found):
    sitting_id = make_sitting(rt)
    register(rt, sitting_id, ONE)
    result = register(rt, sitting_id, THREE, row)
    assert [(problem.row, problem.column, problem.code) for problem in result.problems] == [(3, *found)]
    assert len(list_registrations(rt, sitting_id)) == 1
    assert find_by_number(rt, "26110003") is None


def test_an_upload_does_not_rename_a_known_candidate(rt):
    import_candidates(rt, b"number,name,birth\n2611-0001,A,1999-01-31\n", by=SYSTEM)
    result = register(rt, make_sitting(rt), ONE)
    assert [problem.code for problem in result.problems] == ["candidate-differs"]


def test_more_rows_than_seats_are_refused(rt):
    rows = [f"2611-{number:04d},A,1999-01-31,," for number in range(1, 8)]
    result = register(rt, make_sitting(rt), *rows)
    assert [(problem.row, problem.code) for problem in result.problems] == [(7, "no-seat-left"), (8, "no-seat-left")]


def test_seats_of_several_rooms_are_named_with_their_room(rt):
    centre_id = make_centre(rt)
    sitting_id = make_sitting(rt, rooms=(make_room(rt, centre_id, "R1", 1), make_room(rt, centre_id, "R2", 2)))
    result = register(rt, sitting_id, "2611-0001,A,1999-01-31,1,")
    assert [problem.code for problem in result.problems] == ["ambiguous-seat"]
    register(rt, sitting_id, "2611-0001,A,1999-01-31,R2 1,", "2611-0002,B,1999-01-31,,", "2611-0003,C,1999-01-31,,")
    seats = [(facts.room.code, facts.seat_number) for facts in list_registrations(rt, sitting_id)]
    assert seats == [("R1", 1), ("R2", 1), ("R2", 2)]


def test_one_person_is_registered_from_a_page(rt):
    sitting_id = make_sitting(rt)
    raw = {"number": "2611-0001", "name": "김하늘", "birth": "1999. 1. 31.", "seat": "2", "time_factor": "1.5"}
    register_candidate(rt, sitting_id, raw, by=SYSTEM)
    with pytest.raises(InputRefused) as refusal:
        register_candidate(rt, sitting_id, {**raw, "number": "2611-0002"}, by=SYSTEM)
    assert _codes(refusal) == {"seat": "seat-taken"}


def test_seat_and_time_factor_change_until_check_in(rt):
    sitting_id = make_sitting(rt)
    register(rt, sitting_id, ONE, TWO)
    first, second = list_registrations(rt, sitting_id)
    wanted = {"seat": "5", "time_factor": "150%"}
    change_registration(rt, first.registration.id, wanted, by=SYSTEM, reason="window seat")
    moved = list_registrations(rt, sitting_id)[1]
    assert (moved.seat_number, moved.registration.time_factor) == (5, Fraction(3, 2))
    with pytest.raises(InputRefused) as refusal:
        change_registration(rt, second.registration.id, wanted, by=SYSTEM, reason="")
    assert _codes(refusal) == {"seat": "seat-taken"}
    with rt.transaction() as tx:
        check_in_in(tx, rt.clock.now(), second.registration.id, by=SYSTEM)
    for act in (
        lambda: change_registration(rt, second.registration.id, {"seat": "4"}, by=SYSTEM, reason=""),
        lambda: remove_registration(rt, second.registration.id, by=SYSTEM, reason=""),
    ):
        with pytest.raises(RegistrationInUse):
            act()
    remove_registration(rt, first.registration.id, by=SYSTEM, reason="withdrawn")
    assert len(list_registrations(rt, sitting_id)) == 1


def test_a_person_signs_in_with_number_and_birth_date_around_the_sitting(rt, clock):
    register(rt, make_sitting(rt), ONE)
    assert [facts.seat_number for facts in find_registrations(rt, "2611 0001", BIRTH, clock.now())] == [1]
    assert find_registrations(rt, "2611-0001", BIRTH.replace(year=2000), clock.now()) == ()
    assert find_registrations(rt, "2611-0001", BIRTH, clock.now() + timedelta(days=2)) == ()


def test_check_in_is_noted_once_and_taken_back(rt):
    sitting_id = make_sitting(rt)
    register(rt, sitting_id, ONE)
    registration_id = list_registrations(rt, sitting_id)[0].registration.id
    now = rt.clock.now()
    with rt.transaction() as tx:
        facts = check_in_in(tx, now, registration_id, by=SYSTEM)
        assert (facts.registration.checked_in_at, facts.registration.checked_in_by) == (now, "test")
    with pytest.raises(AlreadyCheckedIn), rt.transaction() as tx:
        check_in_in(tx, now, registration_id, by=SYSTEM)
    with rt.transaction() as tx:
        undo_check_in_in(tx, now, registration_id, by=SYSTEM)
    with pytest.raises(NotCheckedIn), rt.transaction() as tx:
        undo_check_in_in(tx, now, registration_id, by=SYSTEM)
    assert list_audit(rt, AuditFilter(subject="S1/2611-0001")).total == 2


def test_a_room_opens_once_within_its_window(rt, clock):
    sitting_id = make_sitting(rt)
    room = get_sitting(rt, sitting_id).rooms[0].sitting_room
    with rt.transaction() as tx:
        opened = open_room_in(tx, clock.now(), room.id, by=SYSTEM)
    assert (opened.state, opened.opened_at) == (RoomState.OPEN, clock.now())
    with pytest.raises(RoomStateRefused), rt.transaction() as tx:
        open_room_in(tx, clock.now(), room.id, by=SYSTEM)
    with rt.transaction() as tx:
        assert close_room_in(tx, clock.now(), room.id, by=SYSTEM).state is RoomState.CLOSED
    with pytest.raises(SittingBegun):
        cancel_sitting(rt, sitting_id, by=SYSTEM, reason="")


def test_a_room_stays_closed_outside_its_window(rt, clock):
    room = get_sitting(rt, make_sitting(rt)).rooms[0].sitting_room
    clock.advance(timedelta(hours=5))
    with pytest.raises(OutsideWindow), rt.transaction() as tx:
        open_room_in(tx, clock.now(), room.id, by=SYSTEM)


def test_a_cancelled_sitting_takes_nobody(rt):
    sitting_id = make_sitting(rt)
    register(rt, sitting_id, ONE)
    cancel_sitting(rt, sitting_id, by=SYSTEM, reason="power cut")
    registration_id = list_registrations(rt, sitting_id)[0].registration.id
    with pytest.raises(SittingCancelled), rt.transaction() as tx:
        check_in_in(tx, rt.clock.now(), registration_id, by=SYSTEM)
    with pytest.raises(SittingCancelled):
        register(rt, sitting_id, THREE)
    assert find_registrations(rt, "2611-0001", BIRTH, rt.clock.now()) == ()
    restore_sitting(rt, sitting_id, by=SYSTEM)
    assert len(find_registrations(rt, "2611-0001", BIRTH, rt.clock.now())) == 1


def test_the_exam_stays_once_papers_are_made(rt):
    sitting_id = make_sitting(rt)
    other = make_exam(rt, "OTHER")
    overview = get_sitting(rt, sitting_id)
    change_sitting(rt, sitting_id, _as_input(overview, exam_version_id=other.id), by=SYSTEM)
    with rt.transaction() as tx:
        mark_prepared_in(tx, rt.clock.now(), sitting_id)
    with pytest.raises(InputRefused) as refusal:
        change_sitting(rt, sitting_id, _as_input(overview), by=SYSTEM)
    assert _codes(refusal) == {"exam": "sitting-begun"}


def test_a_room_with_candidates_stays_in_its_sitting(rt):
    centre_id = make_centre(rt)
    first, second = make_room(rt, centre_id, "R1"), make_room(rt, centre_id, "R2")
    sitting_id = make_sitting(rt, rooms=(first,))
    overview = get_sitting(rt, sitting_id)
    change_sitting(rt, sitting_id, _as_input(overview, rooms=frozenset({first, second})), by=SYSTEM)
    register(rt, sitting_id, ONE)
    change_sitting(rt, sitting_id, _as_input(overview, rooms=frozenset({first})), by=SYSTEM)
    with pytest.raises(InputRefused) as refusal:
        change_sitting(rt, sitting_id, _as_input(overview, rooms=frozenset({second})), by=SYSTEM)
    assert _codes(refusal) == {"rooms": "room-in-use"}


def test_rooms_of_a_day_go_by_their_own_calendar(rt, clock):
    seoul, berlin = make_centre(rt), make_centre(rt, "BERLIN", "Europe/Berlin")
    make_sitting(rt, rooms=(make_room(rt, seoul), make_room(rt, berlin, "B1")))
    clock.advance(timedelta(0))
    with rt.reading() as tx:
        today = list_sitting_rooms_in(tx, on=clock.now().date())
        yesterday = list_sitting_rooms_in(tx, on=clock.now().date() - timedelta(days=1))
    assert [room.room.code for room in today] == ["B1", "R1"]
    assert yesterday == ()


def test_counts_of_a_sitting_come_with_it(rt):
    sitting_id = make_sitting(rt)
    register(rt, sitting_id, ONE, TWO)
    with rt.transaction() as tx:
        room_id = list_sitting_rooms_in(tx)[0].sitting_room.id
        first = registrations_of_room_in(tx, room_id)[0]
        check_in_in(tx, rt.clock.now(), first.registration.id, by=SYSTEM)
    overview = list_sittings(rt)[0]
    assert (overview.centres, overview.seats, overview.registered, overview.checked_in) == (1, 5, 2, 1)


def test_candidates_are_loaded_once(rt):
    table = "응시번호,이름,생년월일\n2611-0001,김하늘,1999-01-31\n2611-0002,박바다,2000-02-03\n".encode("cp949")
    assert len(import_candidates(rt, table, by=SYSTEM, dry_run=True).fresh) == 2
    assert list_candidates(rt).total == 0
    import_candidates(rt, table, by=SYSTEM)
    again = import_candidates(rt, table, by=SYSTEM)
    assert (len(again.fresh), again.known) == (0, 2)
    assert [person.name for person in list_candidates(rt, "하늘").people] == ["김하늘"]
    assert [person.name for person in list_candidates(rt, "26110002").people] == ["박바다"]
