"""F32: what an admin changes during a sitting does not reach those who sit; what would reach them is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cbt.delivery.services.preparing import prepare
from cbt.delivery.store.attempts import get_attempt
from cbt.grading.services.grading import grade_ended
from cbt.grading.services.results import latest_result
from cbt.people.core.actors import Role
from cbt.people.core.inputs import InputRefused
from cbt.scheduling.core.places import RoomInput
from cbt.scheduling.core.sittings import RoomRuns, SittingBegun, SittingInput
from cbt.scheduling.services import registrations
from cbt.scheduling.services.attendance import close_room_in
from cbt.scheduling.services.exams import get_exam_by_code, revise_exam
from cbt.scheduling.services.places import change_room
from cbt.scheduling.services.sittings import cancel_sitting, change_sitting, get_sitting
from itembank.core.keys import MatchCorrect, ResponseKey
from itembank.formats.parsed import ParsedItem
from itembank.formats.toml_blueprint import parse_blueprint_toml
from itembank.services.blueprints import save_blueprint
from tests.factories_exam import BLUEPRINT, World, load_small_bank, make_world, sit_down
from tests.factories_http import service
from tests.factories_scheduling import SYSTEM, exam_input, make_staff, title

HOUR = timedelta(hours=1)


def entered(world: World, **changes) -> SittingInput:
    """The sitting as it stands, with changes."""
    facts = world.people[0]
    same = {
        "code": facts.sitting.code,
        "title": facts.sitting.title,
        "exam_version_id": facts.sitting.exam_version_id,
        "opens_at": facts.sitting.opens_at,
        "closes_at": facts.sitting.closes_at,
        "rooms": frozenset({facts.room.id}),
    }
    return SittingInput(**(same | changes))


def problems(act) -> list[tuple[str, str]]:
    with pytest.raises(InputRefused) as caught:
        act()
    return [(problem.where, problem.code) for problem in caught.value.problems]


def all_d(item: ParsedItem) -> ParsedItem:
    """The item with another key."""
    wrong = ResponseKey(identifier="RESPONSE", rule=MatchCorrect(correct=("D",)))
    return replace(item, key=replace(item.key, responses=(wrong,)))


@pytest.fixture
def world(rt) -> World:
    return make_world(rt)


def test_f32_another_key_makes_a_new_version_and_changes_no_paper_and_no_grade(rt, world) -> None:
    page = sit_down(world)
    page.send(*[page.answer(slot) for slot in range(1, 9)])
    with rt.reading() as tx:
        before = get_attempt(tx, page.facts.attempt_id).form_digest
    load_small_bank(rt, all_d)  # the whole bank again, with other keys
    prepare(rt, world.people[0].sitting.id, by=SYSTEM)
    page.send({"kind": "submitted"})
    grade_ended(rt)
    with rt.reading() as tx:
        assert get_attempt(tx, page.facts.attempt_id).form_digest == before
    result = latest_result(rt, page.facts.attempt_id)
    assert result is not None
    assert [mark.earned for mark in result.result.marks.slots] == [25] * 8  # by the keys that the papers were made with


def test_f32_other_blueprint_and_other_pass_mark_are_new_versions_for_other_sittings(rt, world) -> None:
    exam = get_exam_by_code(rt, "SMALL")
    other = BLUEPRINT.replace("count = 4", "count = 2").replace('"25"', '"50"')
    saved = save_blueprint(rt, "SMALL", parse_blueprint_toml(other.encode()).blueprint, SYSTEM)
    assert saved.stored is not None
    plain = exam_input("SMALL", "overall:90", 5)
    revise_exam(rt, exam.exam_id, replace(plain, blueprint_version_id=saved.stored.version_id), by=SYSTEM)
    facts = registrations.get_registration(rt, world.registration())
    assert (facts.exam.version, facts.exam.time_allowed) == (1, timedelta(minutes=10))
    assert facts.exam.blueprint_version_id == exam.blueprint_version_id
    assert len(sit_down(world).paper["slots"]) == 8


@pytest.mark.parametrize("opened", [True, False], ids=["running", "prepared"])
def test_f32_sitting_keeps_its_exam(rt, opened) -> None:
    world = make_world(rt, opened=opened)
    exam = get_exam_by_code(rt, "SMALL")
    again = replace(exam_input("SMALL"), blueprint_version_id=exam.blueprint_version_id)
    newer = revise_exam(rt, exam.exam_id, again, by=SYSTEM)
    change = entered(world, exam_version_id=newer.id)
    assert problems(lambda: change_sitting(rt, world.people[0].sitting.id, change, by=SYSTEM)) == [
        ("exam", "sitting-begun")
    ]


@pytest.mark.parametrize(("field", "by"), [("closes_at", HOUR), ("closes_at", -HOUR), ("opens_at", HOUR / 4)])
def test_f32_window_stays_while_a_room_is_open(rt, world, field, by) -> None:
    sitting = world.people[0].sitting
    change = entered(world, **{field: getattr(sitting, field) + by})
    assert problems(lambda: change_sitting(rt, sitting.id, change, by=SYSTEM)) == [(field, "sitting-runs")]
    with rt.transaction() as tx:
        close_room_in(tx, rt.clock.now(), world.room_id, by=world.staff)
    change_sitting(rt, sitting.id, change, by=SYSTEM)


def test_f32_open_room_stays_in_its_sitting_and_the_sitting_takes_place(rt, world) -> None:
    sitting = world.people[0].sitting
    change = entered(world, rooms=frozenset())
    assert problems(lambda: change_sitting(rt, sitting.id, change, by=SYSTEM)) == [("rooms", "room-runs")]
    with pytest.raises(SittingBegun):
        cancel_sitting(rt, sitting.id, by=SYSTEM, reason="too late")


@pytest.mark.parametrize("seats", [2, 30])
def test_f32_open_room_keeps_its_seats(rt, world, seats) -> None:
    room = world.people[0].room
    other = RoomInput(code=room.code, title=title("R1"), seats=seats)
    assert problems(lambda: change_room(rt, room.id, other, by=SYSTEM)) == [("seats", "room-runs")]
    change_room(rt, room.id, RoomInput(code=room.code, title=title("New name"), seats=3), by=SYSTEM)


def test_f32_who_sits_in_an_open_room_stays(rt) -> None:
    world = make_world(rt, checked_in=False)
    one = world.registration()
    with pytest.raises(RoomRuns):
        registrations.change_registration(rt, one, {"seat": "3"}, by=SYSTEM, reason="x")
    with pytest.raises(RoomRuns):
        registrations.remove_registration(rt, one, by=SYSTEM, reason="x")
    person = {"number": "2611-9", "name": "새 사람", "birth": "1999-01-31", "seat": "3"}
    sitting_id = world.people[0].sitting.id
    assert problems(lambda: registrations.register_candidate(rt, sitting_id, person, by=SYSTEM)) == [
        ("seat", "room-runs")
    ]
    anywhere = person | {"seat": ""}
    assert problems(lambda: registrations.register_candidate(rt, sitting_id, anywhere, by=SYSTEM)) == [
        ("seat", "no-seat-left")
    ]


def test_f32_pages_refuse_in_words_what_would_reach_those_who_sit(rt) -> None:
    world = make_world(rt, checked_in=False)
    make_staff(rt, "admin1", Role.ADMIN)
    sitting, room, one = world.people[0].sitting, world.people[0].room, world.registration()
    with service(rt) as web:
        admin = web.staff("admin1")
        page = f"/admin/sittings/{sitting.id}"
        window = {
            "code": sitting.code,
            "title_en": "Round 4",
            "exam": str(sitting.exam_version_id),
            "time_zone": "UTC",
            "opens_at": f"{sitting.opens_at:%Y-%m-%dT%H:%M}",
            "closes_at": f"{sitting.closes_at + HOUR:%Y-%m-%dT%H:%M}",
            "rooms": str(room.id),
        }
        refused = {
            f"{page}/edit": (window, 400, "the window stays until all rooms are closed"),
            f"/admin/rooms/{room.id}": (
                {"code": room.code, "title_en": "R1", "seats": "9"},
                400,
                "its seats stay as they are",
            ),
            f"/admin/registrations/{one}": ({"seat": "3", "reason": "x"}, 409, "stays as it is until it is closed"),
            f"{page}/registrations": (
                {"number": "2611-9", "name": "A B", "birth": "1999-01-31", "seat": "3"},
                400,
                "nobody is registered in it any more",
            ),
        }
        for path, (form, status, words) in refused.items():
            answer = admin.post(path, form, seen=page)
            assert (answer.status_code, words in answer.text) == (status, True), (path, answer.status_code, answer.text)
    assert get_sitting(rt, sitting.id).sitting.closes_at == sitting.closes_at
