"""Answer files: looked at, merged by the recorder's rules, refused with the reason when something is wrong."""

import json
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from cbt.delivery.cli import delivery
from cbt.delivery.services import answer_files
from cbt.delivery.services.orders import terminate_in
from cbt.delivery.services.reading import graded_set_in
from cbt.delivery.services.sweeping import expire_overdue
from cbt.delivery.store import attempts
from cbt.grading.services.grading import grade_ended
from cbt.kernel.canonical import instant_text
from cbt.people.services.audit import list_latest
from cbt.scheduling.services.attendance import check_in_in, open_room_in
from cbt.scheduling.services.registrations import change_registration
from tests.factories_answer_files import sealed_file, sitting_key
from tests.factories_exam import Page, World, add_room, make_world, sit_down
from tests.factories_scheduling import SYSTEM
from tests.faults.invariants import all_hold


def numbered(page: Page, *entries: dict[str, Any], start: int) -> list[dict[str, Any]]:
    at = instant_text(page.rt.clock.now())
    return [{"number": start + place, "claimed_at": at, **entry} for place, entry in enumerate(entries)]


def file_of(world: World, page: Page, entries: list[dict[str, Any]], **more: Any) -> bytes:
    key = sitting_key(world.rt, world.people[0].sitting.id)
    known = {"attempt": page.facts.attempt_id, "form": page.paper["form"], "entries": entries}
    return sealed_file(key, **{**known, **more})


def graded(world: World, page: Page) -> list[int]:
    with world.rt.reading() as tx:
        return list(graded_set_in(tx, page.facts.attempt_id))


def test_a_file_is_looked_at_then_merged_and_merged_once(any_rt):
    world = make_world(any_rt)
    page = sit_down(world)
    sent = numbered(page, page.answer(1), start=1)
    page.send(*sent)
    held = [*sent, *numbered(page, page.answer(2), page.answer(3), page.answer(2, right=False), start=2)]
    payload = file_of(world, page, held)
    look = answer_files.upload(any_rt, "2611-1000-1.cbtanswers", payload, by=world.staff, room_id=world.room_id)
    assert look.problem is None
    assert (look.facts.candidate.number, look.facts.seat_number) == ("2611-1000", 1)
    assert (look.sum.entries, look.sum.known, look.sum.new, look.sum.counting) == (4, 1, 3, 3)
    assert (look.sum.conflicts, look.may_merge) == ((), True)
    assert graded(world, page) == [1]
    done = answer_files.merge_file(any_rt, look.stored.id, by=world.staff, room_id=world.room_id)
    assert done.sum == look.sum
    assert graded(world, page) == [1, 2, 3]
    again = answer_files.upload(any_rt, "copy.cbtanswers", payload, by=world.staff)
    assert (again.stored.id, again.may_merge, again.sum.new) == (look.stored.id, False, 0)
    assert answer_files.merge_file(any_rt, look.stored.id, by=world.staff).sum is None
    # The line comes back: the page sends the same entries and gets receipts for them.
    assert page.send(*held[1:], number=2).document["receipt"]["number"] == 4
    acts = {record.act for record in list_latest(any_rt, 20)}
    assert {"delivery.answer-file-opened", "delivery.answer-file-merged"} <= acts
    acknowledged = {(1, entry["number"]): entry for entry in held}
    all_hold(any_rt, acknowledged={page.facts.attempt_id: acknowledged})


def test_a_file_that_comes_after_the_end_is_kept_and_not_graded(any_rt, clock):
    world = make_world(any_rt, minutes=10)
    page = sit_down(world)
    payload = file_of(world, page, numbered(page, page.answer(1), {"kind": "submitted"}, start=1))
    clock.advance(timedelta(minutes=11))
    assert (expire_overdue(any_rt), grade_ended(any_rt)) == (1, 1)
    look = answer_files.upload(any_rt, "a.cbtanswers", payload, by=world.staff)
    done = answer_files.merge_file(any_rt, look.stored.id, by=world.staff)
    assert (done.sum.counting, done.sum.kept, done.sum.refused) == (0, 1, 1)
    assert graded(world, page) == []
    all_hold(any_rt)


def test_a_number_that_holds_something_else_is_told_and_what_follows_is_taken(any_rt):
    world = make_world(any_rt)
    page = sit_down(world)
    page.send(page.answer(1))
    held = numbered(page, page.answer(1, right=False), page.answer(2), start=1)
    look = answer_files.upload(any_rt, "a.cbtanswers", file_of(world, page, held), by=world.staff)
    assert (look.sum.conflicts, look.sum.counting) == ((1,), 1)
    answer_files.merge_file(any_rt, look.stored.id, by=world.staff)
    assert graded(world, page) == [1, 2]


def test_a_file_without_its_beginning_is_refused_and_names_what_is_missing(any_rt):
    world = make_world(any_rt)
    page = sit_down(world)
    payload = file_of(world, page, numbered(page, page.answer(1), start=4))
    look = answer_files.upload(any_rt, "a.cbtanswers", payload, by=world.staff)
    assert look.problem.code == "answer-file-gap"
    assert "1 to 3" in look.problem.message


def test_a_file_of_an_exam_that_the_server_never_heard_of_starts_it_from_the_rooms_opening(rt, clock):
    world = make_world(rt, minutes=10)
    clock.advance(timedelta(minutes=4))
    paper = sit_down(world, 1).paper  # another candidate's page: the small bank has one form for all
    with rt.reading() as tx:
        from_room = attempts.attempts_of_registrations(tx, [world.registration(0)])
    attempt = from_room[world.registration(0)]
    key = sitting_key(rt, world.people[0].sitting.id)
    started = {"offline": True, "claimed_at": instant_text(clock.now() - timedelta(minutes=3))}
    entries = [{"kind": "flagged", "number": 1, "slot": 1, "on": True, "claimed_at": started["claimed_at"]}]
    payload = sealed_file(key, attempt=attempt.id, form=attempt.form_digest.hex(), entries=entries, started=started)
    assert paper["slots"]
    look = answer_files.upload(rt, "a.cbtanswers", payload, by=world.staff)
    assert (look.problem, look.sum.starts) == (None, True)
    answer_files.merge_file(rt, look.stored.id, by=world.staff)
    with rt.reading() as tx:
        begun = attempts.get_attempt(tx, attempt.id)
    assert begun.flagged == {1}
    assert begun.started_at == clock.now() - timedelta(minutes=4)


def test_a_file_belongs_to_the_room_where_the_candidate_sits_now(any_rt):
    world = make_world(any_rt, checked_in=False, opened=False)
    other, person = add_room(world), world.registration()
    change_registration(any_rt, person, {"seat": "R2 5", "time_factor": ""}, by=SYSTEM, reason="lift")
    with any_rt.transaction() as tx:
        check_in_in(tx, any_rt.clock.now(), person, by=SYSTEM)
        open_room_in(tx, any_rt.clock.now(), other, by=SYSTEM)
        attempt = attempts.attempts_of_registrations(tx, [person])[person]
    started = {"offline": True, "claimed_at": instant_text(any_rt.clock.now())}
    form, key = attempt.form_digest.hex(), sitting_key(any_rt, world.people[0].sitting.id)
    payload = sealed_file(key, attempt=attempt.id, form=form, entries=[], started=started)
    before = answer_files.upload(any_rt, "a.cbtanswers", payload, by=world.staff, room_id=world.room_id)
    assert before.problem.code == "answer-file-stranger"
    look = answer_files.upload(any_rt, "a.cbtanswers", payload, by=world.staff, room_id=other)
    assert (look.problem, look.sum.starts) == (None, True)
    assert [one.name for one in answer_files.files_of_room(any_rt, other)[1]] == ["a.cbtanswers"]
    assert answer_files.files_of_room(any_rt, world.room_id)[1] == ()


def changed(payload: bytes, name: str) -> bytes:
    """The file with one character of a field replaced."""
    document = json.loads(payload)
    text = document[name]
    document[name] = ("B" if text[20] != "B" else "C").join((text[:20], text[21:]))
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda payload: payload[: len(payload) // 2], "answer-file-broken"),
        (lambda _: b"", "answer-file-broken"),
        (lambda _: b"[1]", "answer-file-broken"),
        (lambda payload: payload.replace(b"cbt-answers/1", b"cbt-answers/9"), "answer-file-broken"),
        (lambda payload: payload.replace(b'"lease": 1', b'"lease": 2', 1), "answer-file-broken"),
        (lambda payload: changed(payload, "sealed"), "answer-file-changed"),
        (lambda payload: changed(payload, "wrapped_key"), "answer-file-changed"),
        (lambda payload: payload + b" " * (8 * 1024 * 1024), "answer-file-too-large"),
    ],
)
def test_a_damaged_file_is_refused_with_the_reason(rt, damage, code):
    world = make_world(rt)
    page = sit_down(world)
    payload = file_of(world, page, numbered(page, page.answer(1), start=1))
    look = answer_files.upload(rt, "a.cbtanswers", damage(payload), by=world.staff)
    assert look.problem.code == code
    assert answer_files.files_of_room(rt, world.room_id)[1] == ()


def test_a_file_of_somebody_else_is_refused_with_the_reason(rt):
    world = make_world(rt)
    page, other = sit_down(world), sit_down(world, 1)
    entries = numbered(page, page.answer(1), start=1)
    mine = file_of(world, page, entries)

    def code(payload: bytes, **more: Any) -> str:
        return answer_files.upload(rt, "a.cbtanswers", payload, by=world.staff, **more).problem.code

    assert code(mine, room_id=page.facts.attempt_id) == "answer-file-stranger"
    assert code(file_of(world, page, entries, attempt=world.room_id)) == "answer-file-stranger"
    assert code(file_of(world, page, entries, key_id="0" * 64)) == "answer-file-other-key"
    assert code(file_of(world, page, entries, form="0" * 64)) == "answer-file-other-form"
    renamed = json.loads(mine) | {"attempt": str(other.facts.attempt_id)}
    assert code(json.dumps(renamed).encode()) == "answer-file-changed"
    assert code(file_of(world, page, entries, lease=5)) == "answer-file-lease"


def test_a_file_whose_exam_was_ended_by_staff_still_waits_for_an_admission(rt, clock):
    world = make_world(rt)
    page = sit_down(world)
    payload = file_of(world, page, numbered(page, page.answer(1), start=1))
    with rt.transaction() as tx:
        terminate_in(tx, clock.now(), page.facts.attempt_id, reason="evacuation", by=world.staff.id)
    look = answer_files.upload(rt, "a.cbtanswers", payload, by=world.staff)
    assert (look.sum.counting, look.sum.kept) == (0, 1)


def test_the_shell_looks_at_a_file_and_merges_it(rt, tmp_path):
    world = make_world(rt)
    page = sit_down(world)
    path = tmp_path / "2611-1000-1.cbtanswers"
    path.write_bytes(file_of(world, page, numbered(page, page.answer(1), start=1)))
    looked = CliRunner().invoke(delivery, ["merge", "--look", str(path)], obj=rt)
    assert (looked.exit_code, "new: 1" in looked.output) == (0, True)
    assert graded(world, page) == []
    assert "merged" in CliRunner().invoke(delivery, ["merge", str(path)], obj=rt).output
    assert "merged before" in CliRunner().invoke(delivery, ["merge", str(path)], obj=rt).output
    assert graded(world, page) == [1]
    path.write_bytes(b"{")
    assert CliRunner().invoke(delivery, ["merge", str(path)], obj=rt).exit_code == 1
