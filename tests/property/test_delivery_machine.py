"""A whole exam on the real services and a real database, against a plain model: candidate, proctor, clock and line.

Requests and replies are lost, doubled and overtaken; the server restarts from its database; staff pause, extend, move
and end; answers come late, from old browsers and by answer file; rule and persons admit. At the end everything that was
typed has been brought in and graded, and I1 to I6 hold.
"""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from cbt.delivery.core.entries import sent_of
from cbt.delivery.services import orders
from cbt.delivery.services.reading import graded_set_in
from cbt.delivery.services.recording import record
from cbt.delivery.services.sweeping import expire_overdue
from cbt.delivery.store import attempts, papers
from cbt.grading.services import late
from cbt.grading.services.grading import grade_ended
from cbt.kernel import canonical
from cbt.kernel.ids import new_id
from tests.faults.invariants import all_hold, journal
from tests.property.delivery_bench import SLOTS, Bench, Page, Template, fate, postgres_sitting, sqlite_sitting
from tests.property.delivery_model import ZERO


class Delivery(RuleBasedStateMachine, Bench):
    """One candidate's exam from the first minute to the result."""

    def __init__(self, made: Template) -> None:
        RuleBasedStateMachine.__init__(self)
        Bench.__init__(self, made)

    # the candidate

    @rule(
        data=st.data(),
        answers=st.lists(st.tuples(st.sampled_from(SLOTS), st.integers(0, 4)), min_size=1, max_size=3),
        skew=st.sampled_from([0, 0, 0, 0, -20, 20, None]),
        line=st.sampled_from(["good", "good", "cut", "cut", "deaf"]),
    )
    def works(self, data: st.DataObject, answers: list[tuple[int, int]], skew: int | None, line: str) -> None:
        page = data.draw(st.sampled_from(self.pages))
        claimed = "?" if skew is None else canonical.instant_text(self.clock.now() + timedelta(seconds=skew))
        for slot, place in answers:
            names = list(self.choices.slots[slot]["RESPONSE"].canonical)
            given = {"RESPONSE": [] if place == len(names) else [names[place]]}
            self.type_in(page, {"kind": "answered", "slot": slot, "responses": given, "claimed_at": claimed})
        self.use_line(page, line)

    @precondition(lambda self: any(page.outbox for page in self.pages))
    @rule(data=st.data())
    def line_comes_back(self, data: st.DataObject) -> None:
        self.use_line(data.draw(st.sampled_from([page for page in self.pages if page.outbox])), "good")

    @precondition(lambda self: len(self.plain.fates) > 8)
    @rule(line=st.sampled_from(["good", "cut", "deaf"]))
    def hands_in(self, line: str) -> None:
        self.type_in(self.pages[-1], {"kind": "submitted", "claimed_at": canonical.instant_text(self.clock.now())})
        self.use_line(self.pages[-1], line)

    # the line

    @precondition(lambda self: any(page.outbox for page in self.pages))
    @rule(data=st.data())
    def sends(self, data: st.DataObject) -> None:
        page = data.draw(st.sampled_from([page for page in self.pages if page.outbox]))
        first = data.draw(st.integers(0, len(page.outbox) - 1))
        last = data.draw(st.integers(first + 1, len(page.outbox)))
        self.requests.append((page, data.draw(st.permutations(page.outbox[first:last]))))

    @precondition(lambda self: self.requests)
    @rule(data=st.data(), doubled=st.booleans())
    def request_arrives(self, data: st.DataObject, doubled: bool) -> None:
        place = data.draw(st.integers(0, len(self.requests) - 1))
        page, entries = self.requests[place] if doubled else self.requests.pop(place)
        self.arrive(page, entries)

    @precondition(lambda self: len(self.requests) > 1)
    @rule(data=st.data())
    def two_requests_share_a_commit(self, data: st.DataObject) -> None:
        first, second = (self.requests.pop(data.draw(st.integers(0, len(self.requests) - 1))) for _ in range(2))
        outcomes = record(self.rt, self.maps, [self.request(*first), self.request(*second)])
        for (page, entries), outcome in zip((first, second), outcomes, strict=True):
            self.expect(page, entries)
            self.answer(page, outcome)

    @precondition(lambda self: self.requests or self.replies)
    @rule(data=st.data())
    def line_loses_something(self, data: st.DataObject) -> None:
        lossy: list[Any] = data.draw(st.sampled_from([one for one in (self.requests, self.replies) if one]))
        lossy.pop(data.draw(st.integers(0, len(lossy) - 1)))

    @precondition(lambda self: self.replies)
    @rule(data=st.data(), doubled=st.booleans())
    def reply_arrives(self, data: st.DataObject, doubled: bool) -> None:
        place = data.draw(st.integers(0, len(self.replies) - 1))
        self.hear(*(self.replies[place] if doubled else self.replies.pop(place)))

    @precondition(lambda self: self.pages[0].typed)
    @rule(data=st.data())
    def answer_file_is_brought(self, data: st.DataObject) -> None:
        page = data.draw(st.sampled_from(self.pages))
        first = data.draw(st.integers(0, max(0, len(page.typed) - len(page.outbox))))
        self.bring_file(page, page.typed[first:])

    # the server

    @rule()
    def server_restarts(self) -> None:
        self.restart()

    @rule()
    def sweepers_come_by(self) -> None:
        over = self.plain.state == "running" and self.plain.left + self.plain.grace <= ZERO
        assert expire_overdue(self.rt) == int(over)
        if over:
            self.plain.end("expired", self.clock.now())
        grade_ended(self.rt)
        self.sweep_late()

    # the clock

    @rule(passed=st.integers(1, 90))
    def time_passes(self, passed: int) -> None:
        self.pass_time(timedelta(seconds=passed))

    @precondition(lambda self: self.plain.state == "running" and self.plain.left > ZERO)
    @rule(beyond=st.integers(-1, 11))
    def time_is_almost_over(self, beyond: int) -> None:
        self.pass_time(max(self.plain.left + timedelta(seconds=beyond), timedelta(seconds=1)))

    @precondition(lambda self: self.plain.ended is not None)
    @rule()
    def late_window_closes(self) -> None:
        self.pass_time(timedelta(minutes=31))

    # the proctor and those who decide

    @rule()
    def proctor_pauses(self) -> None:
        assert self.order(orders.pause_in, reason="fire alarm") is self.plain.open
        if self.plain.open:
            self.plain.state = "paused"
            self.plain.pauses.append([self.clock.now(), None])

    @rule()
    def proctor_resumes(self) -> None:
        assert self.order(orders.resume_in) is (self.plain.state == "paused")
        if self.plain.state == "paused":
            self.plain.state = "running"
            self.plain.pauses[-1][1] = self.clock.now()

    @rule(extra=st.integers(1, 300))
    def proctor_extends(self, extra: int) -> None:
        may = self.plain.open or self.plain.state == "paused"
        assert self.order(orders.extend_in, extra=timedelta(seconds=extra), reason="late start") is may
        if may:
            self.plain.left += timedelta(seconds=extra)

    @precondition(lambda self: len(self.pages) < 4 and self.pages[-1].typed)
    @rule()
    def proctor_moves_the_seat(self) -> None:
        may = self.plain.open or self.plain.state == "paused"
        claim = papers.SeatClaim(
            id=new_id(self.clock.now()),
            attempt_id=self.attempt_id,
            device=f"device {len(self.pages)}",
            claimed_at=self.clock.now(),
        )
        with self.rt.transaction() as tx:
            papers.claim_seat(tx, claim)
        assert self.order(orders.move_in, reason="PC broken") is may
        if may:
            self.plain.moves[self.plain.lease] = self.clock.now()
            self.plain.lease += 1
            self.pages.append(Page(lease=self.plain.lease))

    @precondition(lambda self: len(self.plain.fates) > 6)
    @rule()
    def proctor_ends_it(self) -> None:
        may = self.plain.open or self.plain.state == "paused"
        assert self.order(orders.terminate_in, reason="evacuation") is may
        if may:
            self.plain.end("terminated", self.clock.now())

    @precondition(lambda self: self.plain.ended is not None)
    @rule(data=st.data(), over=st.booleans())
    def two_persons_admit(self, data: st.DataObject, over: bool) -> None:
        case = late.late_case(self.rt, self.attempt_id)
        if not case.waiting:
            return
        numbers = data.draw(st.sets(st.sampled_from([one.number for one in case.waiting]), min_size=1))
        first, second = self.made.admins
        proposal = late.propose(
            self.rt, self.attempt_id, sorted(numbers), reason="power cut", overriding=over, by=first
        )
        late.decide(self.rt, proposal.id, admit=True, by=second)
        rows = journal(self.rt, self.attempt_id)
        self.plain.orders += 1
        for number in sorted(numbers):
            origin = sent_of(rows[number - 1])
            assert origin is not None
            given = self.plain.given[origin.lease, origin.number]
            given.admitted_over = 1 + (self.plain.orders if over else 0)

    # what always holds

    @invariant()
    def every_answer_has_its_plain_fate(self) -> None:
        found = {}
        for entry in journal(self.rt, self.attempt_id):
            origin = sent_of(entry)
            if origin is not None:
                found[origin.lease, origin.number] = fate(entry)
        assert found == self.plain.fates

    @invariant()
    def graded_set_and_state_are_the_plain_ones(self) -> None:
        with self.rt.reading() as tx:
            graded = graded_set_in(tx, self.attempt_id)
            stored = attempts.get_attempt(tx, self.attempt_id)
        assert {slot: responses["RESPONSE"] for slot, responses in graded.items()} == self.plain.graded()
        assert (stored.state.value, stored.lease) == (self.plain.state, self.plain.lease)
        assert stored.answered == set(graded)

    @invariant()
    def nothing_typed_is_lost(self) -> None:
        for page in self.pages:
            at_the_seat = {entry["number"] for entry in page.outbox}
            for entry in page.typed:
                assert entry["number"] in at_the_seat or (page.lease, entry["number"]) in self.plain.fates

    def bring_all_in(self) -> None:
        """The exam ends, every browser's file is brought, and the late window closes."""
        if self.plain.state == "paused":
            self.proctor_resumes()
        self.pass_time(max(self.plain.left, ZERO) + timedelta(seconds=11))
        self.sweepers_come_by()
        for page in self.pages:
            self.bring_file(page, page.typed)
            page.outbox = []
        self.sweepers_come_by()
        self.pass_time(timedelta(hours=1))
        self.sweepers_come_by()
        typed = {(page.lease, entry["number"]) for page in self.pages for entry in page.typed}
        assert typed == self.plain.fates.keys()

    def teardown(self) -> None:
        try:
            self.bring_all_in()
            self.every_answer_has_its_plain_fate()
            self.graded_set_and_state_are_the_plain_ones()
            all_hold(self.rt, acknowledged={self.attempt_id: self.acknowledged})
            self.result_is_the_plain_one()
        finally:
            self.rt.close()
            self.databases.close()
            shutil.rmtree(self.folder)


def run(made: Template) -> None:
    examples = max(8, settings.default.max_examples // 6)
    run_state_machine_as_test(lambda: Delivery(made), settings=settings(max_examples=examples, stateful_step_count=40))


def test_a_whole_exam_is_what_the_plain_model_says(sqlite_template: Path) -> None:
    with sqlite_sitting(sqlite_template) as made:
        run(made)


@pytest.mark.slow
@pytest.mark.postgresql
def test_a_whole_exam_on_postgresql_is_what_the_plain_model_says(postgres: str) -> None:
    with postgres_sitting(postgres) as made:
        run(made)
