"""From a bank to a sheet through the services: every part real, only the clock moved by hand."""

import io
from datetime import date, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select, text

from cbt.delivery.core.refusals import EntryConflict, EntryGap
from cbt.delivery.core.seat_state import SeatState
from cbt.delivery.services.orders import extend_in, move_in, pause_in, resume_in, terminate_in
from cbt.delivery.services.reading import graded_set_in, replay_attempt
from cbt.delivery.services.recording import Recorded
from cbt.delivery.services.seating import seated_state
from cbt.delivery.services.sweeping import expire_overdue
from cbt.delivery.tables import EntryRow
from cbt.grading.services.grading import grade_ended
from cbt.grading.services.results import latest_result
from reports.core.facts import PublicStatus
from reports.core.verify_code import show_code
from reports.services.checking import check, latest_of_attempt
from reports.services.issuing import issue_missing
from reports.services.results import document_pdf
from tests.factories_exam import make_world, sit_down, start_exam

SECOND = timedelta(seconds=1)


def test_a_right_paper_passes_and_a_stranger_can_check_its_sheet(any_rt):
    world = make_world(any_rt)
    page = sit_down(world)
    recorded = page.send(*(page.answer(slot) for slot in range(1, 9)), {"kind": "submitted"})
    assert isinstance(recorded, Recorded)
    assert recorded.document["state"]["state"] == "submitted"
    assert recorded.document["receipt"]["number"] == 9
    assert grade_ended(any_rt) == 1
    assert grade_ended(any_rt) == 0
    result = latest_result(any_rt, page.facts.attempt_id)
    assert result is not None
    assert result.result.outcome.passed
    assert [subject.correct for subject in result.result.marks.subjects] == [4, 4]
    assert issue_missing(any_rt) == 1
    document = latest_of_attempt(any_rt, page.facts.attempt_id)
    assert document is not None
    pdf = document_pdf(any_rt, document.id)
    assert pdf is not None
    printed = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "홍길동" in printed
    code = show_code(document.record.verify_code)
    assert code in printed
    assert check(any_rt, code, None, "198.51.100.7").status is PublicStatus.PROVISIONAL
    full = check(any_rt, code.lower(), date(1999, 3, 14), "198.51.100.7").full
    assert full is not None
    assert full.overall.correct == 8


def test_time_running_out_grades_what_was_saved(any_rt, clock):
    world = make_world(any_rt, minutes=10)
    page = sit_down(world)
    page.send(page.answer(1), page.answer(5, right=False))
    clock.advance(timedelta(minutes=10) + 9 * SECOND)
    assert expire_overdue(any_rt) == 0
    clock.advance(SECOND)
    assert expire_overdue(any_rt) == 1
    grade_ended(any_rt)
    result = latest_result(any_rt, page.facts.attempt_id)
    assert result is not None
    assert [mark.correct for mark in result.result.marks.slots] == [True] + [False] * 7
    assert not result.result.outcome.passed


def test_a_repeated_request_gets_the_same_receipt_and_changes_nothing(any_rt):
    page = sit_down(make_world(any_rt))
    first = page.send(page.answer(1), page.answer(2))
    again = page.send(page.answer(1), page.answer(2), number=1)
    assert isinstance(first, Recorded)
    assert isinstance(again, Recorded)
    assert again.document["receipt"] == first.document["receipt"]
    with any_rt.reading() as tx:
        assert tx.session.scalar(text("SELECT count(*) FROM delivery_entry")) == 3  # started and two answers


def test_other_content_under_a_used_number_is_a_conflict(any_rt):
    page = sit_down(make_world(any_rt))
    page.send(page.answer(1))
    assert isinstance(page.send(page.answer(1, right=False), number=1), EntryConflict)


def test_a_gap_names_the_number_to_go_on_with(any_rt):
    page = sit_down(make_world(any_rt))
    refused = page.send(page.answer(1), number=4)
    assert isinstance(refused, EntryGap)
    assert refused.ids["expected"] == 1


def test_an_unknown_choice_is_refused_and_blocks_nothing(any_rt):
    page = sit_down(make_world(any_rt))
    bad = {"kind": "answered", "slot": 1, "responses": {"RESPONSE": ["A"]}}
    recorded = page.send(bad, page.answer(2))
    assert isinstance(recorded, Recorded)
    assert recorded.document["refused"] == [{"number": 1, "code": "unknown-choice"}]
    with any_rt.reading() as tx:
        assert list(graded_set_in(tx, page.facts.attempt_id)) == [2]


def test_another_browser_waits_until_the_seat_is_granted(any_rt):
    world = make_world(any_rt)
    old = sit_down(world, device="first")
    old.send(old.answer(1))
    assert start_exam(any_rt, world.registration(), "second").state is SeatState.TAKEN
    assert world.staff.id is not None
    with any_rt.transaction() as tx:
        move_in(tx, any_rt.clock.now(), old.facts.attempt_id, reason="PC broken", by=world.staff.id)
    new = sit_down(world, device="second")
    state = seated_state(any_rt, world.registration(), "second")
    assert list(state["responses"]) == ["1"]
    held = old.send(old.answer(2))
    assert isinstance(held, Recorded)
    assert held.document["state"]["lease"] == 2
    assert held.document["state"]["may"] == []
    assert isinstance(new.send(new.answer(2)), Recorded)


def test_a_pause_stops_the_clock_and_an_extension_moves_the_end(any_rt, clock):
    world = make_world(any_rt, minutes=10)
    page = sit_down(world)
    attempt_id, staff = page.facts.attempt_id, world.staff.id
    assert staff is not None
    clock.advance(timedelta(minutes=4))
    with any_rt.transaction() as tx:
        pause_in(tx, clock.now(), attempt_id, reason="fire alarm", by=staff)
    clock.advance(timedelta(minutes=30))
    with any_rt.transaction() as tx:
        resume_in(tx, clock.now(), attempt_id, by=staff)
        extend_in(tx, clock.now(), attempt_id, extra=timedelta(minutes=2), reason="lost time", by=staff)
    assert seated_state(any_rt, world.registration(), "first browser")["remaining_s"] == 8 * 60


@pytest.mark.parametrize("ending", ["handed in", "timed out", "ended by staff"])
def test_every_ending_grades_the_same_answers(any_rt, clock, ending):
    world = make_world(any_rt)
    page = sit_down(world)
    page.send(page.answer(1), page.answer(2, right=False), page.answer(5))
    if ending == "handed in":
        page.send({"kind": "submitted"})
    elif ending == "timed out":
        clock.advance(timedelta(minutes=11))
        expire_overdue(any_rt)
    else:
        assert world.staff.id is not None
        with any_rt.transaction() as tx:
            terminate_in(tx, clock.now(), page.facts.attempt_id, reason="phone", by=world.staff.id)
    grade_ended(any_rt)
    result = latest_result(any_rt, page.facts.attempt_id)
    assert result is not None
    assert [mark.slot for mark in result.result.marks.slots if mark.correct] == [1, 5]


def test_a_changed_byte_in_the_journal_is_found(any_rt):
    page = sit_down(make_world(any_rt))
    page.send(page.answer(1), page.answer(2))
    assert replay_attempt(any_rt, page.facts.attempt_id).broken is None
    with any_rt.engine.begin() as connection:
        sqlite = connection.dialect.name == "sqlite"
        drop = "delivery_entry_no_update" if sqlite else "delivery_entry_no_change ON delivery_entry"
        connection.exec_driver_sql(f"DROP TRIGGER {drop}")
        content = connection.execute(select(EntryRow.content).where(EntryRow.number == 2)).scalar_one()
        changed = content.replace(b'"slot":1', b'"slot":3')
        connection.execute(text("UPDATE delivery_entry SET content = :c WHERE number = 2"), {"c": changed})
    broken = replay_attempt(any_rt, page.facts.attempt_id).broken
    assert broken is not None
    assert broken.number == 2
