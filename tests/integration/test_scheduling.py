"""Places, exams, sittings, registrations and attendance on a real database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from cbt.kernel.clock import STEP_ALARM, ClockStepped
from cbt.kernel.errors import Conflict
from cbt.people.core.audit import AuditFilter
from cbt.people.core.inputs import InputRefused
from cbt.people.services.audit import list_audit, seal_audit, verify_audit
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


def test_a_room_gets_its_seats(any_rt):
    centre_id = make_centre(any_rt)
    make_room(any_rt, centre_id, seats=30)
    plan = get_centre(any_rt, centre_id)
    assert [(room.room.code, room.seats) for room in plan.rooms] == [("R1", 30)]


def test_codes_are_given_once(any_rt):
    centre_id = make_centre(any_rt)
    make_room(any_rt, centre_id)
    make_exam(any_rt)
    with pytest.raises(InputRefused) as refusal:
        create_centre(any_rt, CentreInput(code="SEOUL", title=title("x"), time_zone="Asia/Seoul"), by=SYSTEM)
    assert _codes(refusal) == {"code": "code-taken"}
    with pytest.raises(InputRefused):
        make_room(any_rt, centre_id)
    with pytest.raises(InputRefused):
        create_exam(any_rt, exam_input(), by=SYSTEM)
    assert len(list_centres(any_rt)) == 1


def test_a_room_grows_and_shrinks_but_keeps_given_seats(any_rt):
    centre_id = make_centre(any_rt)
    room_id = make_room(any_rt, centre_id, seats=5)
    sitting_id = make_sitting(any_rt, rooms=(room_id,))
    register(any_rt, sitting_id, "2611-0001,A,1999-01-31,4,")
    change_room(any_rt, room_id, RoomInput(code="R1", title=title("R1"), seats=8), by=SYSTEM)
    change_room(any_rt, room_id, RoomInput(code="R1", title=title("R1"), seats=4), by=SYSTEM)
    assert get_centre(any_rt, centre_id).seats == 4
    with pytest.raises(InputRefused) as refusal:
        change_room(any_rt, room_id, RoomInput(code="R1", title=title("R1"), seats=3), by=SYSTEM)
    assert _codes(refusal) == {"seats": "seats-in-use"}


def test_an_exam_is_revised_into_a_new_version(any_rt):
    first = make_exam(any_rt)
    second = revise_exam(any_rt, first.exam_id, exam_input(minutes=120), by=SYSTEM)
    assert [version.version for version in list_versions(any_rt, first.exam_id)] == [2, 1]
    assert [exam.id for exam in list_exams(any_rt)] == [second.id]
    assert second.pass_rule == parse_rule("subjects-and-average:40:60")


def test_a_sitting_knows_its_exam_and_rooms_and_hides_its_secret(any_rt):
    sitting_id = make_sitting(any_rt)
    overview = get_sitting(any_rt, sitting_id)
    assert (overview.exam.exam_code, overview.seats, overview.registered) == ("IP", 5, 0)
    assert len(overview.sitting.secret) == 32
    assert "secret" not in repr(overview.sitting)
    assert get_sitting_by_code(any_rt, "s1").id == sitting_id


def test_registering_from_a_table_gives_every_row_a_seat(any_rt):
    sitting_id = make_sitting(any_rt)
    result = register(any_rt, sitting_id, ONE, TWO, THREE)
    assert (result.problems, result.fresh) == ((), 3)
    found = {facts.candidate.number: facts for facts in list_registrations(any_rt, sitting_id)}
    assert {number: facts.seat_number for number, facts in found.items()} == {
        "2611-0001": 1,
        "2611-0002": 3,
        "2611-0003": 2,
    }
    assert found["2611-0002"].registration.time_factor == Fraction(3, 2)
    assert found["2611-0002"].centre.time_zone == "Asia/Seoul"


def test_a_dry_run_tells_the_same_and_writes_nothing(any_rt):
    sitting_id = make_sitting(any_rt)
    planned = register(any_rt, sitting_id, ONE, TWO, dry_run=True)
    assert (len(planned.placements), planned.fresh) == (2, 2)
    assert list_registrations(any_rt, sitting_id) == ()
    assert list_candidates(any_rt).total == 0
    assert register(any_rt, sitting_id, ONE, TWO).placements == planned.placements


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
def test_a_bad_row_stops_the_whole_upload(any_rt, row, found):
    sitting_id = make_sitting(any_rt)
    register(any_rt, sitting_id, ONE)
    result = register(any_rt, sitting_id, THREE, row)
    assert [(problem.row, problem.column, problem.code) for problem in result.problems] == [(3, *found)]
    assert len(list_registrations(any_rt, sitting_id)) == 1
    assert find_by_number(any_rt, "26110003") is None


def test_an_upload_does_not_rename_a_known_candidate(any_rt):
    import_candidates(any_rt, b"number,name,birth\n2611-0001,A,1999-01-31\n", by=SYSTEM)
    result = register(any_rt, make_sitting(any_rt), ONE)
    assert [problem.code for problem in result.problems] == ["candidate-differs"]


def test_more_rows_than_seats_are_refused(any_rt):
    rows = [f"2611-{number:04d},A,1999-01-31,," for number in range(1, 8)]
    result = register(any_rt, make_sitting(any_rt), *rows)
    assert [(problem.row, problem.code) for problem in result.problems] == [(7, "no-seat-left"), (8, "no-seat-left")]


def test_seats_of_several_rooms_are_named_with_their_room(any_rt):
    centre_id = make_centre(any_rt)
    sitting_id = make_sitting(
        any_rt, rooms=(make_room(any_rt, centre_id, "R1", 1), make_room(any_rt, centre_id, "R2", 2))
    )
    result = register(any_rt, sitting_id, "2611-0001,A,1999-01-31,1,")
    assert [problem.code for problem in result.problems] == ["ambiguous-seat"]
    register(any_rt, sitting_id, "2611-0001,A,1999-01-31,R2 1,", "2611-0002,B,1999-01-31,,", "2611-0003,C,1999-01-31,,")
    seats = [(facts.room.code, facts.seat_number) for facts in list_registrations(any_rt, sitting_id)]
    assert seats == [("R1", 1), ("R2", 1), ("R2", 2)]


def test_one_person_is_registered_from_a_page(any_rt):
    sitting_id = make_sitting(any_rt)
    raw = {"number": "2611-0001", "name": "김하늘", "birth": "1999. 1. 31.", "seat": "2", "time_factor": "1.5"}
    register_candidate(any_rt, sitting_id, raw, by=SYSTEM)
    with pytest.raises(InputRefused) as refusal:
        register_candidate(any_rt, sitting_id, {**raw, "number": "2611-0002"}, by=SYSTEM)
    assert _codes(refusal) == {"seat": "seat-taken"}


def test_a_seat_changes_until_check_in(any_rt):
    sitting_id = make_sitting(any_rt)
    register(any_rt, sitting_id, ONE, TWO)
    first, second = list_registrations(any_rt, sitting_id)
    wanted = {"seat": "5"}
    change_registration(any_rt, first.registration.id, wanted, by=SYSTEM, reason="window seat")
    moved = list_registrations(any_rt, sitting_id)[1]
    assert moved.seat_number == 5
    with pytest.raises(InputRefused) as refusal:
        change_registration(any_rt, second.registration.id, wanted, by=SYSTEM, reason="")
    assert _codes(refusal) == {"seat": "seat-taken"}
    with any_rt.transaction() as tx:
        check_in_in(tx, any_rt.clock.now(), second.registration.id, by=SYSTEM)
    for act in (
        lambda: change_registration(any_rt, second.registration.id, {"seat": "4"}, by=SYSTEM, reason=""),
        lambda: remove_registration(any_rt, second.registration.id, by=SYSTEM, reason=""),
    ):
        with pytest.raises(RegistrationInUse):
            act()
    remove_registration(any_rt, first.registration.id, by=SYSTEM, reason="withdrawn")
    assert len(list_registrations(any_rt, sitting_id)) == 1


def test_a_person_signs_in_with_number_and_birth_date_around_the_sitting(any_rt, clock):
    register(any_rt, make_sitting(any_rt), ONE)
    assert [facts.seat_number for facts in find_registrations(any_rt, "2611 0001", BIRTH, clock.now())] == [1]
    assert find_registrations(any_rt, "2611-0001", BIRTH.replace(year=2000), clock.now()) == ()
    assert find_registrations(any_rt, "2611-0001", BIRTH, clock.now() + timedelta(days=2)) == ()


def test_check_in_is_noted_once_and_taken_back(any_rt):
    sitting_id = make_sitting(any_rt)
    register(any_rt, sitting_id, ONE)
    registration_id = list_registrations(any_rt, sitting_id)[0].registration.id
    now = any_rt.clock.now()
    with any_rt.transaction() as tx:
        facts = check_in_in(tx, now, registration_id, by=SYSTEM)
        assert (facts.registration.checked_in_at, facts.registration.checked_in_by) == (now, "test")
    with pytest.raises(AlreadyCheckedIn), any_rt.transaction() as tx:
        check_in_in(tx, now, registration_id, by=SYSTEM)
    with any_rt.transaction() as tx:
        undo_check_in_in(tx, now, registration_id, by=SYSTEM)
    with pytest.raises(NotCheckedIn), any_rt.transaction() as tx:
        undo_check_in_in(tx, now, registration_id, by=SYSTEM)
    assert list_audit(any_rt, AuditFilter(subject="S1/2611-0001")).total == 2


def test_a_room_opens_once_within_its_window(any_rt, clock):
    sitting_id = make_sitting(any_rt)
    room = get_sitting(any_rt, sitting_id).rooms[0].sitting_room
    with any_rt.transaction() as tx:
        opened = open_room_in(tx, clock.now(), room.id, by=SYSTEM)
    assert (opened.state, opened.opened_at) == (RoomState.OPEN, clock.now())
    with pytest.raises(RoomStateRefused), any_rt.transaction() as tx:
        open_room_in(tx, clock.now(), room.id, by=SYSTEM)
    with any_rt.transaction() as tx:
        assert close_room_in(tx, clock.now(), room.id, by=SYSTEM).state is RoomState.CLOSED
    with pytest.raises(SittingBegun):
        cancel_sitting(any_rt, sitting_id, by=SYSTEM, reason="")


def test_a_room_stays_closed_while_the_clock_cannot_be_believed(any_rt, clock):
    room = get_sitting(any_rt, make_sitting(any_rt)).rooms[0].sitting_room
    clock.stepped = -STEP_ALARM - timedelta(microseconds=1)
    with pytest.raises(ClockStepped), any_rt.transaction() as tx:
        open_room_in(tx, clock.now(), room.id, by=SYSTEM)
    clock.stepped = STEP_ALARM
    with any_rt.transaction() as tx:
        assert open_room_in(tx, clock.now(), room.id, by=SYSTEM).state is RoomState.OPEN


def test_a_room_stays_closed_outside_its_window(any_rt, clock):
    room = get_sitting(any_rt, make_sitting(any_rt)).rooms[0].sitting_room
    clock.advance(timedelta(hours=5))
    with pytest.raises(OutsideWindow), any_rt.transaction() as tx:
        open_room_in(tx, clock.now(), room.id, by=SYSTEM)


def test_a_cancelled_sitting_takes_nobody(any_rt):
    sitting_id = make_sitting(any_rt)
    register(any_rt, sitting_id, ONE)
    cancel_sitting(any_rt, sitting_id, by=SYSTEM, reason="power cut")
    registration_id = list_registrations(any_rt, sitting_id)[0].registration.id
    with pytest.raises(SittingCancelled), any_rt.transaction() as tx:
        check_in_in(tx, any_rt.clock.now(), registration_id, by=SYSTEM)
    with pytest.raises(SittingCancelled):
        register(any_rt, sitting_id, THREE)
    assert find_registrations(any_rt, "2611-0001", BIRTH, any_rt.clock.now()) == ()
    restore_sitting(any_rt, sitting_id, by=SYSTEM)
    assert len(find_registrations(any_rt, "2611-0001", BIRTH, any_rt.clock.now())) == 1


def test_the_exam_stays_once_papers_are_made(any_rt):
    sitting_id = make_sitting(any_rt)
    other = make_exam(any_rt, "OTHER")
    overview = get_sitting(any_rt, sitting_id)
    change_sitting(any_rt, sitting_id, _as_input(overview, exam_version_id=other.id), by=SYSTEM)
    with any_rt.transaction() as tx:
        mark_prepared_in(tx, any_rt.clock.now(), sitting_id)
    with pytest.raises(InputRefused) as refusal:
        change_sitting(any_rt, sitting_id, _as_input(overview), by=SYSTEM)
    assert _codes(refusal) == {"exam": "sitting-begun"}


def test_a_room_with_candidates_stays_in_its_sitting(any_rt):
    centre_id = make_centre(any_rt)
    first, second = make_room(any_rt, centre_id, "R1"), make_room(any_rt, centre_id, "R2")
    sitting_id = make_sitting(any_rt, rooms=(first,))
    overview = get_sitting(any_rt, sitting_id)
    change_sitting(any_rt, sitting_id, _as_input(overview, rooms=frozenset({first, second})), by=SYSTEM)
    register(any_rt, sitting_id, ONE)
    change_sitting(any_rt, sitting_id, _as_input(overview, rooms=frozenset({first})), by=SYSTEM)
    with pytest.raises(InputRefused) as refusal:
        change_sitting(any_rt, sitting_id, _as_input(overview, rooms=frozenset({second})), by=SYSTEM)
    assert _codes(refusal) == {"rooms": "room-in-use"}


def test_rooms_of_a_day_go_by_their_own_calendar(any_rt, clock):
    seoul, berlin = make_centre(any_rt), make_centre(any_rt, "BERLIN", "Europe/Berlin")
    make_sitting(any_rt, rooms=(make_room(any_rt, seoul), make_room(any_rt, berlin, "B1")))
    clock.advance(timedelta(0))
    with any_rt.reading() as tx:
        today = list_sitting_rooms_in(tx, on=clock.now().date())
        yesterday = list_sitting_rooms_in(tx, on=clock.now().date() - timedelta(days=1))
    assert [room.room.code for room in today] == ["B1", "R1"]
    assert yesterday == ()


def test_counts_of_a_sitting_come_with_it(any_rt):
    sitting_id = make_sitting(any_rt)
    register(any_rt, sitting_id, ONE, TWO)
    with any_rt.transaction() as tx:
        room_id = list_sitting_rooms_in(tx)[0].sitting_room.id
        first = registrations_of_room_in(tx, room_id)[0]
        check_in_in(tx, any_rt.clock.now(), first.registration.id, by=SYSTEM)
    overview = list_sittings(any_rt)[0]
    assert (overview.centres, overview.seats, overview.registered, overview.checked_in) == (1, 5, 2, 1)


def test_candidates_are_loaded_once(any_rt):
    table = "응시번호,이름,생년월일\n2611-0001,김하늘,1999-01-31\n2611-0002,박바다,2000-02-03\n".encode("cp949")
    assert len(import_candidates(any_rt, table, by=SYSTEM, dry_run=True).fresh) == 2
    assert list_candidates(any_rt).total == 0
    import_candidates(any_rt, table, by=SYSTEM)
    again = import_candidates(any_rt, table, by=SYSTEM)
    assert (len(again.fresh), again.known) == (0, 2)
    assert [person.name for person in list_candidates(any_rt, "하늘").people] == ["김하늘"]
    assert [person.name for person in list_candidates(any_rt, "26110002").people] == ["박바다"]


def test_many_hands_never_oversell_the_seats(any_rt):
    """Eight people are registered at the same moment in a room of five."""
    sitting_id = make_sitting(any_rt)

    def try_one(number):
        try:
            return register(any_rt, sitting_id, f"2611-{number:04d},A,1999-01-31,,").problems
        except Conflict as refused:
            return refused

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(try_one, range(8)))
    facts = list_registrations(any_rt, sitting_id)
    assert sorted(one.seat_number for one in facts) == [1, 2, 3, 4, 5]
    assert outcomes.count(()) == 5


def test_a_sealer_chains_what_several_hands_wrote(any_rt):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: make_centre(any_rt, f"C{number}"), range(8)))
    assert seal_audit(any_rt) == 8
    assert verify_audit(any_rt) == ()
