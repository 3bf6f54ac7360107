"""What an old browser still holds after a move, and what comes late: kept with a receipt, counted by rule."""

import json
from datetime import timedelta
from typing import Any

import pytest

from cbt.delivery.services.orders import move_in, pause_in, resume_in, terminate_in
from cbt.delivery.services.reading import graded_set_in, timeline_in
from cbt.delivery.services.recording import Recorded
from cbt.delivery.services.seating import seated_state
from cbt.delivery.services.sweeping import expire_overdue
from cbt.grading.services.grading import grade_ended
from cbt.kernel.canonical import instant_text
from proctor.core.wire import seat_document
from proctor.services.rooms import read_room
from proctor.services.seats import seat_history
from tests.factories_exam import Page, World, make_world, sit_down, start_exam
from tests.faults.invariants import all_hold


def claimed(page: Page, slot: int, *, right: bool = True, ago_s: int = 0) -> dict[str, Any]:
    """An answer that the page's clock claims so long ago."""
    at = page.rt.clock.now() - timedelta(seconds=ago_s)
    return {**page.answer(slot, right=right), "claimed_at": instant_text(at)}


def moved(world: World, old: Page) -> Page:
    """The page of the second browser, which has the seat now."""
    start_exam(world.rt, world.registration(), "second")
    assert world.staff.id is not None
    with world.rt.transaction() as tx:
        move_in(tx, world.rt.clock.now(), old.facts.attempt_id, reason="PC broken", by=world.staff.id)
    return sit_down(world, device="second")


def graded(world: World, page: Page) -> list[int]:
    with world.rt.reading() as tx:
        return list(graded_set_in(tx, page.facts.attempt_id))


def codes(outcome) -> dict[int, str]:
    assert isinstance(outcome, Recorded), outcome
    return {one["number"]: one["code"] for one in outcome.document["refused"]}


def test_what_the_old_browser_still_held_counts_where_nothing_newer_stands(any_rt, clock):
    world = make_world(any_rt)
    old = sit_down(world, device="first")
    old.send(claimed(old, 1))
    flag = {"kind": "flagged", "slot": 3, "on": True, "claimed_at": "2026-11-22T03:00:00Z"}
    held = [claimed(old, 2), claimed(old, 3), flag, claimed(old, 1, right=False)]
    clock.advance(timedelta(seconds=30))
    new = moved(world, old)
    new.send(claimed(new, 3, right=False))
    outcome = old.send(*held)
    # The flag, and the answer where the new browser has answered, are kept and do nothing.
    assert codes(outcome) == {3: "lease-ended", 4: "lease-ended"}
    assert outcome.document["receipt"]["number"] == 5
    assert outcome.document["state"]["next"] == 6
    assert graded(world, old) == [1, 2, 3]
    state = seated_state(any_rt, world.registration(), "second")
    assert state["responses"]["1"] == held[3]["responses"]
    assert state["responses"]["3"] != held[1]["responses"]
    acknowledged = {(1, number): entry for number, entry in enumerate(held, start=2)}
    all_hold(any_rt, acknowledged={old.facts.attempt_id: acknowledged})


def test_an_answer_that_the_old_browser_claims_after_the_move_is_kept_only(any_rt, clock):
    world = make_world(any_rt)
    old = sit_down(world, device="first")
    moved(world, old)
    clock.advance(timedelta(seconds=1))
    assert codes(old.send(claimed(old, 2))) == {1: "lease-ended"}
    assert graded(world, old) == []


def test_an_old_browser_counts_on_from_its_own_number(any_rt):
    world = make_world(any_rt)
    old = sit_down(world, device="first")
    old.send(claimed(old, 1))
    new = moved(world, old)
    gap = old.send(claimed(old, 2), number=4)
    assert (gap.code, gap.ids["expected"]) == ("entry-gap", 2)
    first = old.send(claimed(old, 2), number=2)
    assert first.document["receipt"] == old.send(claimed(old, 2), number=2).document["receipt"]
    assert old.send(claimed(old, 2, right=False), number=2).code == "entry-conflict"
    assert isinstance(new.send(new.answer(2)), Recorded)
    all_hold(any_rt)


@pytest.mark.parametrize("ending", ["timed out", "ended by staff"])
def test_what_comes_after_the_end_is_kept_and_not_graded(any_rt, clock, ending):
    world = make_world(any_rt, minutes=10)
    page = sit_down(world)
    page.send(claimed(page, 1))
    assert world.staff.id is not None
    if ending == "timed out":
        clock.advance(timedelta(minutes=10, seconds=11))
        assert expire_overdue(any_rt) == 1
    else:
        with any_rt.transaction() as tx:
            terminate_in(tx, clock.now(), page.facts.attempt_id, reason="evacuation", by=world.staff.id)
    late = page.send(claimed(page, 2, ago_s=60))
    assert codes(late) == {2: "time-over"}
    assert grade_ended(any_rt) == 1
    assert graded(world, page) == [1]
    with any_rt.reading() as tx:
        line = timeline_in(tx, page.facts.attempt_id)[-1]
    assert (line["kind"], line["way"], line["counts"], line["slot"]) == ("recovered", "late", False, 2)
    assert "responses" not in json.dumps(line)
    all_hold(any_rt)


def test_after_the_hand_in_an_answer_stays_refused(any_rt):
    world = make_world(any_rt)
    page = sit_down(world)
    page.send(claimed(page, 1), {"kind": "submitted"})
    assert codes(page.send(claimed(page, 2))) == {3: "already-ended"}
    with any_rt.reading() as tx:
        assert timeline_in(tx, page.facts.attempt_id)[-1]["kind"] == "refused"


def test_f31_an_answer_made_while_paused_is_kept_but_flagged(any_rt, clock):
    world = make_world(any_rt)
    page = sit_down(world)
    assert world.staff.id is not None
    with any_rt.transaction() as tx:
        pause_in(tx, clock.now(), page.facts.attempt_id, reason="fire alarm", by=world.staff.id)
    assert codes(page.send(claimed(page, 2))) == {1: "paused"}
    with any_rt.transaction() as tx:
        resume_in(tx, clock.now(), page.facts.attempt_id, by=world.staff.id)
        line = timeline_in(tx, page.facts.attempt_id)[1:-1][-1]
    assert (line["kind"], line["way"], line["counts"]) == ("recovered", "paused", False)
    page.send(claimed(page, 2))
    assert graded(world, page) == [2]
    all_hold(any_rt)


def test_the_room_tells_how_many_answers_were_recovered_and_how_many_count(rt, clock):
    world = make_world(rt)
    old = sit_down(world, device="first")
    held = claimed(old, 2)
    clock.advance(timedelta(seconds=30))
    new = moved(world, old)
    new.send(claimed(new, 3))
    old.send(held, claimed(old, 3))
    seat = read_room(rt, world.room_id).seats[0]
    assert seat.progress is not None
    assert (seat.progress.recovered, seat.progress.not_counted) == (2, 1)
    document = seat_document(seat, clock.now())
    assert (document["recovered"], document["not_counted"]) == (2, 1)
    kinds = [line.kind for line in seat_history(rt, world.room_id, world.registration())]
    assert kinds.count("recovered") == 2
