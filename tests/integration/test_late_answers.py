"""Answers after the end: admitted by the exam's written rule or by two persons, with a new version of the result."""

from datetime import timedelta
from typing import Any

import pytest

from cbt.delivery.services.admitting import judge_by_rule_in
from cbt.delivery.services.orders import pause_in, resume_in
from cbt.delivery.services.reading import graded_set_in
from cbt.delivery.services.sweeping import expire_overdue
from cbt.grading.core.admissions import NothingChosen, OwnProposal, ProposalDecided, ReasonWanted
from cbt.grading.services import late
from cbt.grading.services.grading import grade_ended
from cbt.grading.services.results import failures_in, latest_result
from cbt.kernel.canonical import instant_text
from cbt.people.services.audit import list_latest
from cbt.scheduling.core.exams import ResultPolicy
from tests.factories_exam import Page, World, make_world, sit_down
from tests.factories_late import set_late_rule, two_admins
from tests.faults.invariants import all_hold


def ended(world: World, page: Page, clock: Any, *late_claims_s: int) -> None:
    """The exam ran out, and answers to slots 2, 3… arrive a minute later with these claims before the deadline."""
    page.send({**page.answer(1), "claimed_at": instant_text(clock.now())})
    deadline = clock.now() + timedelta(minutes=10)
    clock.advance(timedelta(minutes=11))
    assert expire_overdue(world.rt) == 1
    for slot, seconds in enumerate(late_claims_s, start=2):
        page.send({**page.answer(slot), "claimed_at": instant_text(deadline - timedelta(seconds=seconds))})


def standing(world: World, page: Page) -> tuple[int, str, int]:
    """Version and status of the newest result, and how many slots it has answered."""
    found = latest_result(world.rt, page.facts.attempt_id)
    assert found is not None
    return found.version, found.status.value, sum(mark.answered for mark in found.result.marks.slots)


def test_the_written_rule_admits_what_was_claimed_in_time(any_rt, clock):
    world = make_world(any_rt, minutes=10)
    set_late_rule(any_rt, 30)
    page = sit_down(world)
    ended(world, page, clock, 30, 0, -1)
    assert grade_ended(any_rt) == 1
    assert standing(world, page) == (1, "provisional", 1)
    assert late.admit_by_rule(any_rt) == 1
    assert standing(world, page) == (2, "provisional", 3)
    assert late.admit_by_rule(any_rt) == 0
    assert late.settle_late(any_rt) == 0
    clock.advance(timedelta(minutes=30))
    assert late.settle_late(any_rt) == 1
    assert standing(world, page) == (3, "final", 3)
    assert late.settle_late(any_rt) == 0
    assert "grading.late-admitted" in {record.act for record in list_latest(any_rt, 9)}
    all_hold(any_rt)


def test_an_attempt_that_cannot_be_judged_holds_up_nobody(any_rt, clock, monkeypatch):
    world = make_world(any_rt, minutes=10)
    set_late_rule(any_rt, 30)
    pages = [sit_down(world, place) for place in range(2)]
    claimed = instant_text(clock.now())
    clock.advance(timedelta(minutes=11))
    assert expire_overdue(any_rt) == 2
    for page in pages:
        page.send({**page.answer(2), "claimed_at": claimed})
        clock.advance(timedelta(seconds=1))
    assert grade_ended(any_rt) == 2
    broken, sound = pages
    real, asked = judge_by_rule_in, []

    def judge(tx, now, attempt_id, rule):
        asked.append(attempt_id)
        if attempt_id == broken.facts.attempt_id:
            raise RecursionError
        return real(tx, now, attempt_id, rule)

    monkeypatch.setattr(late, "judge_by_rule_in", judge)
    monkeypatch.setattr(late, "BATCH", 1)
    assert [late.admit_by_rule(any_rt), late.admit_by_rule(any_rt)] == [0, 1]
    assert asked == [broken.facts.attempt_id, sound.facts.attempt_id]  # as they came in, and the first one rests
    clock.advance(timedelta(minutes=2))
    monkeypatch.setattr(late, "judge_by_rule_in", real)
    assert late.admit_by_rule(any_rt) == 1
    with any_rt.reading() as tx:
        assert failures_in(tx, [broken.facts.attempt_id]) == {}


def test_what_arrives_after_the_window_waits_for_a_person(rt, clock):
    world = make_world(rt, minutes=10)
    set_late_rule(rt, 30)
    page = sit_down(world)
    ended(world, page, clock)
    clock.advance(timedelta(minutes=31))
    page.send({**page.answer(2), "claimed_at": instant_text(clock.now() - timedelta(minutes=40))})
    assert grade_ended(rt) == 1
    assert late.admit_by_rule(rt) == 0
    assert standing(world, page) == (1, "final", 1)
    assert [one.slot for one in late.list_late(rt)[0].waiting] == [2]


def test_the_rule_leaves_answers_of_a_pause_to_a_person(rt, clock):
    world = make_world(rt, minutes=10)
    set_late_rule(rt, 30)
    page = sit_down(world)
    with rt.transaction() as tx:
        pause_in(tx, clock.now(), page.facts.attempt_id, reason="fire alarm", by=world.staff.id)
    page.send({**page.answer(2), "claimed_at": instant_text(clock.now())})
    clock.advance(timedelta(minutes=1))
    with rt.transaction() as tx:
        resume_in(tx, clock.now(), page.facts.attempt_id, by=world.staff.id)
    ended(world, page, clock)
    assert late.admit_by_rule(rt) == 0
    with rt.reading() as tx:
        assert list(graded_set_in(tx, page.facts.attempt_id)) == [1]


def test_without_a_rule_a_result_is_final_at_once_and_two_persons_can_still_change_it(any_rt, clock):
    world = make_world(any_rt, minutes=10)
    set_late_rule(any_rt, 0)
    first, second = two_admins(any_rt)
    page = sit_down(world)
    ended(world, page, clock, 30, 20)
    assert grade_ended(any_rt) == 1
    assert standing(world, page) == (1, "final", 1)
    assert late.admit_by_rule(any_rt) == 0
    [case] = late.list_late(any_rt)
    assert [(one.slot, one.way.value) for one in case.waiting] == [(2, "late"), (3, "late")]
    number = case.waiting[0].number
    with pytest.raises(ReasonWanted):
        late.propose(any_rt, case.attempt_id, [number], reason=" ", overriding=False, by=first)
    with pytest.raises(NothingChosen):
        late.propose(any_rt, case.attempt_id, [1], reason="power cut", overriding=False, by=first)
    proposal = late.propose(any_rt, case.attempt_id, [number], reason="power cut", overriding=False, by=first)
    with pytest.raises(OwnProposal):
        late.decide(any_rt, proposal.id, admit=True, by=first)
    assert standing(world, page) == (1, "final", 1)
    late.decide(any_rt, proposal.id, admit=True, by=second)
    assert standing(world, page) == (2, "final", 2)
    assert [one.slot for one in late.list_late(any_rt)[0].waiting] == [3]
    with pytest.raises(ProposalDecided):
        late.decide(any_rt, proposal.id, admit=True, by=second)
    acts = {record.act for record in list_latest(any_rt, 9)}
    assert {"grading.late-admitted", "grading.admission-proposed"} <= acts
    all_hold(any_rt)


def test_a_declined_proposal_changes_nothing_and_may_be_made_anew(rt, clock):
    world = make_world(rt, minutes=10)
    set_late_rule(rt, 0, policy=ResultPolicy.PROVISIONAL)
    first, second = two_admins(rt)
    page = sit_down(world)
    ended(world, page, clock, 30)
    grade_ended(rt)
    [case] = late.list_late(rt)
    number = case.waiting[0].number
    proposal = late.propose(rt, case.attempt_id, [number], reason="power cut", overriding=False, by=first)
    with pytest.raises(ProposalDecided):
        late.propose(rt, case.attempt_id, [number], reason="again", overriding=False, by=first)
    late.decide(rt, proposal.id, admit=False, by=second)
    assert standing(world, page) == (1, "provisional", 1)
    late.propose(rt, case.attempt_id, [number], reason="new facts", overriding=False, by=second)
    all_hold(rt)


def test_a_result_with_an_open_proposal_stays_provisional_when_the_window_closes(rt, clock):
    world = make_world(rt, minutes=10)
    set_late_rule(rt, 30)
    first, second = two_admins(rt)
    page = sit_down(world)
    ended(world, page, clock, -5)
    grade_ended(rt)
    assert late.admit_by_rule(rt) == 0
    [case] = late.list_late(rt)
    proposal = late.propose(rt, case.attempt_id, [case.waiting[0].number], reason="x", overriding=True, by=first)
    clock.advance(timedelta(hours=1))
    assert late.settle_late(rt) == 0
    late.decide(rt, proposal.id, admit=True, by=second)
    assert standing(world, page) == (2, "final", 2)
    assert late.list_late(rt) == ()  # nothing of it waits any more
