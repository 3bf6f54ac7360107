"""A whole exam on the real services and a real database, against a plain model: candidate, proctor, clock and line.

Requests and replies are lost, doubled and overtaken; the server restarts from its database; staff pause, extend, move
and end; answers come late, from old browsers and by answer file; rule and persons admit. At the end everything that was
typed has been brought in and graded, and I1 to I6 hold.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from cbt.delivery.core.batch import parse_batch
from cbt.delivery.core.choices import choice_map_from
from cbt.delivery.core.entries import Answered, Recovered, Refused, Submitted, sent_of
from cbt.delivery.core.refusals import EntryRefused
from cbt.delivery.core.token import TokenFacts
from cbt.delivery.services import answer_files, orders
from cbt.delivery.services.reading import graded_set_in
from cbt.delivery.services.recording import ChoiceMaps, Recorded, RecordRequest, record
from cbt.delivery.services.sweeping import expire_overdue
from cbt.delivery.store import attempts, papers
from cbt.grading.services import late
from cbt.grading.services.grading import grade_ended
from cbt.grading.services.results import latest_result
from cbt.kernel import canonical
from cbt.kernel.ids import new_id
from cbt.kernel.runtime import Runtime
from cbt.kernel.settings import Settings
from cbt.people.core.actors import Actor
from tests import databases
from tests.conftest import NOON
from tests.factories import ManualClock
from tests.factories_answer_files import sealed_file, sitting_key
from tests.factories_exam import make_world, sit_down
from tests.factories_late import set_late_rule, two_admins
from tests.faults.invariants import all_hold, journal
from tests.property.delivery_model import COUNTS, DONE, KEPT, REFUSED, ZERO, Plain

SLOTS = (1, 2)  # few, so that answers meet


@dataclass
class Page:
    """A browser: it counts under its lease, keeps all it typed, and drops from its outbox what is receipted."""

    lease: int
    typed: list[dict[str, Any]] = field(default_factory=list)
    outbox: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Template:
    """A sitting whose first candidate has just begun, on disk, to be copied for each run."""

    home: Path
    attempt_id: Any
    form: str
    key: bytes
    staff: Actor
    admins: tuple[Actor, Actor]


def started_runtime(home: Path, clock: ManualClock) -> Runtime:
    url = f"sqlite:///{home / 'cbt.sqlite3'}"
    return Runtime.start(Settings.from_env({"CBT_HOME": str(home), "CBT_DATABASE_URL": url}), clock=clock)


@contextmanager
def template(empty: Path) -> Iterator[Template]:
    with tempfile.TemporaryDirectory(prefix="cbt-machine-") as folder:
        home = Path(folder)
        databases.copied(empty, home)
        rt = started_runtime(home, ManualClock(NOON))
        world = make_world(rt, candidates=1, minutes=10)
        set_late_rule(rt, 30)
        page = sit_down(world)
        facts = (page.facts.attempt_id, page.paper["form"], sitting_key(rt, world.people[0].sitting.id))
        made = Template(home, *facts, staff=world.staff, admins=two_admins(rt))
        rt.close()
        yield made


class Delivery(RuleBasedStateMachine):
    """One candidate's exam from the first minute to the result."""

    def __init__(self, made: Template) -> None:
        super().__init__()
        self.made = made
        self.folder = tempfile.mkdtemp(prefix="cbt-run-")
        self.home = Path(self.folder) / "home"
        shutil.copytree(made.home, self.home)
        self.clock = ManualClock(NOON)
        self.rt = started_runtime(self.home, self.clock)
        self.maps = ChoiceMaps()
        self.attempt_id = made.attempt_id
        with self.rt.reading() as tx:
            self.choices = choice_map_from(canonical.decode(papers.choices_of(tx, [self.attempt_id])[self.attempt_id]))
        self.pages = [Page(lease=1)]
        self.requests: list[tuple[Page, list[dict[str, Any]]]] = []
        self.replies: list[tuple[Page, Recorded]] = []
        self.acknowledged: dict[tuple[int, int], dict[str, Any]] = {}
        self.plain = Plain(began=NOON)
        self.facts: dict[str, dict[str, Any]] = {}

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
            self._add(page, {"kind": "answered", "slot": slot, "responses": given, "claimed_at": claimed})
        self._use(page, line)

    def _use(self, page: Page, line: str) -> None:
        """All that waits goes out at once, and the reply comes back or not; a cut line leaves it at the seat."""
        if line != "cut":
            self._arrive(page, list(page.outbox))
        if line == "good":
            self._hear(*self.replies.pop())

    @precondition(lambda self: any(page.outbox for page in self.pages))
    @rule(data=st.data())
    def line_comes_back(self, data: st.DataObject) -> None:
        self._use(data.draw(st.sampled_from([page for page in self.pages if page.outbox])), "good")

    @precondition(lambda self: len(self.plain.fates) > 8)
    @rule(line=st.sampled_from(["good", "cut", "deaf"]))
    def hands_in(self, line: str) -> None:
        self._add(self.pages[-1], {"kind": "submitted", "claimed_at": canonical.instant_text(self.clock.now())})
        self._use(self.pages[-1], line)

    def _add(self, page: Page, entry: dict[str, Any]) -> None:
        numbered = {"number": len(page.typed) + 1, **entry}
        page.typed.append(numbered)
        page.outbox.append(numbered)

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
        self._arrive(page, entries)

    @precondition(lambda self: len(self.requests) > 1)
    @rule(data=st.data())
    def two_requests_share_a_commit(self, data: st.DataObject) -> None:
        first, second = (self.requests.pop(data.draw(st.integers(0, len(self.requests) - 1))) for _ in range(2))
        outcomes = record(self.rt, self.maps, [self._request(*first), self._request(*second)])
        for (page, entries), outcome in zip((first, second), outcomes, strict=True):
            self._expect(page, entries)
            self._answer(page, outcome)

    @precondition(lambda self: self.requests or self.replies)
    @rule(data=st.data())
    def line_loses_something(self, data: st.DataObject) -> None:
        lossy: list[Any] = data.draw(st.sampled_from([one for one in (self.requests, self.replies) if one]))
        lossy.pop(data.draw(st.integers(0, len(lossy) - 1)))

    @precondition(lambda self: self.replies)
    @rule(data=st.data(), doubled=st.booleans())
    def reply_arrives(self, data: st.DataObject, doubled: bool) -> None:
        place = data.draw(st.integers(0, len(self.replies) - 1))
        self._hear(*(self.replies[place] if doubled else self.replies.pop(place)))

    def _hear(self, page: Page, reply: Recorded) -> None:
        receipt = reply.document["receipt"]
        if receipt is None:
            return
        assert receipt["lease"] == page.lease
        for entry in page.outbox:
            if entry["number"] <= receipt["number"]:
                self.acknowledged[page.lease, entry["number"]] = entry
        page.outbox = [entry for entry in page.outbox if entry["number"] > receipt["number"]]

    @precondition(lambda self: self.pages[0].typed)
    @rule(data=st.data())
    def answer_file_is_brought(self, data: st.DataObject) -> None:
        page = data.draw(st.sampled_from(self.pages))
        first = data.draw(st.integers(0, max(0, len(page.typed) - len(page.outbox))))
        self._bring(page, page.typed[first:])

    def _bring(self, page: Page, held: list[dict[str, Any]]) -> None:
        made, by = self.made, self.made.staff
        payload = sealed_file(made.key, attempt=made.attempt_id, form=made.form, entries=held, lease=page.lease)
        look = answer_files.upload(self.rt, "a.cbtanswers", payload, by=by)
        assert look.problem is None, look.problem
        assert look.stored is not None
        done = answer_files.merge_file(self.rt, look.stored.id, by=by)
        assert done.sum == look.sum
        for entry in held:
            if entry["number"] == self.plain.next.get(page.lease, 1):
                self.plain.take(page.lease, self._plainly(entry), self.clock.now(), file=True)

    def _request(self, page: Page, entries: list[dict[str, Any]]) -> RecordRequest:
        facts = TokenFacts(attempt_id=self.attempt_id, lease=page.lease, expires_at=NOON + timedelta(days=1))
        body = json.dumps({"lease": page.lease, "entries": entries}).encode()
        return RecordRequest(facts=facts, batch=parse_batch(body))

    def _arrive(self, page: Page, entries: list[dict[str, Any]]) -> None:
        outcome = record(self.rt, self.maps, [self._request(page, entries)])[0]
        self._expect(page, entries)
        self._answer(page, outcome)

    def _answer(self, page: Page, outcome: Any) -> None:
        if isinstance(outcome, Recorded):
            self.replies.append((page, outcome))
        else:
            assert outcome.code == "entry-gap"
            assert outcome.ids["expected"] == self.plain.next.get(page.lease, 1)

    def _expect(self, page: Page, entries: list[dict[str, Any]]) -> None:
        for entry in sorted(entries, key=lambda one: int(one["number"])):
            if entry["number"] == self.plain.next.get(page.lease, 1):
                self.plain.take(page.lease, self._plainly(entry), self.clock.now())

    def _plainly(self, entry: dict[str, Any]) -> dict[str, Any]:
        claimed = None if entry["claimed_at"] == "?" else canonical.instant(entry["claimed_at"])
        value = entry.get("responses", {}).get("RESPONSE", [])
        return {**entry, "claimed": claimed, "value": [self._canonical(entry["slot"], one) for one in value]}

    def _canonical(self, slot: int, name: str) -> str:
        return self.choices.to_canonical(slot, "RESPONSE", name)

    # the server

    @rule()
    def server_restarts(self) -> None:
        self.rt.close()
        self.rt = started_runtime(self.home, self.clock)
        self.maps = ChoiceMaps()

    @rule()
    def sweepers_come_by(self) -> None:
        over = self.plain.state == "running" and self.plain.left + self.plain.grace <= ZERO
        assert expire_overdue(self.rt) == int(over)
        if over:
            self.plain.end("expired", self.clock.now())
        grade_ended(self.rt)
        self._sweep_late()

    def _sweep_late(self) -> None:
        unasked = set() if self.plain.ended is None else self.plain.by_rule() - self.asked
        assert late.admit_by_rule(self.rt) == bool(unasked)
        if self.plain.ended is not None:
            self.asked |= {place for place, one in self.plain.given.items() if one.fate == KEPT}
            for place in unasked:
                self.plain.given[place].admitted_over = 1
        late.settle_late(self.rt)

    @property
    def asked(self) -> set[tuple[int, int]]:
        return self.facts.setdefault("asked", set())  # type: ignore[arg-type,return-value]

    @asked.setter
    def asked(self, places: set[tuple[int, int]]) -> None:
        self.facts["asked"] = places  # type: ignore[assignment]

    # the clock

    @rule(passed=st.integers(1, 90))
    def time_passes(self, passed: int) -> None:
        self._pass(timedelta(seconds=passed))

    @precondition(lambda self: self.plain.state == "running" and self.plain.left > ZERO)
    @rule(beyond=st.integers(-1, 11))
    def time_is_almost_over(self, beyond: int) -> None:
        self._pass(max(self.plain.left + timedelta(seconds=beyond), timedelta(seconds=1)))

    @precondition(lambda self: self.plain.ended is not None)
    @rule()
    def late_window_closes(self) -> None:
        self._pass(timedelta(minutes=31))

    def _pass(self, passed: timedelta) -> None:
        self.clock.advance(passed)
        if self.plain.state == "running":
            self.plain.left -= passed

    # the proctor and those who decide

    def _order(self, order: Any, **more: Any) -> bool:
        assert self.made.staff.id is not None
        try:
            with self.rt.transaction() as tx:
                order(tx, self.clock.now(), self.attempt_id, by=self.made.staff.id, **more)
        except EntryRefused:
            return False
        return True

    @rule()
    def proctor_pauses(self) -> None:
        assert self._order(orders.pause_in, reason="fire alarm") is self.plain.open
        if self.plain.open:
            self.plain.state = "paused"
            self.plain.pauses.append([self.clock.now(), None])

    @rule()
    def proctor_resumes(self) -> None:
        assert self._order(orders.resume_in) is (self.plain.state == "paused")
        if self.plain.state == "paused":
            self.plain.state = "running"
            self.plain.pauses[-1][1] = self.clock.now()

    @rule(extra=st.integers(1, 300))
    def proctor_extends(self, extra: int) -> None:
        may = self.plain.open or self.plain.state == "paused"
        assert self._order(orders.extend_in, extra=timedelta(seconds=extra), reason="late start") is may
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
        assert self._order(orders.move_in, reason="PC broken") is may
        if may:
            self.plain.moves[self.plain.lease] = self.clock.now()
            self.plain.lease += 1
            self.pages.append(Page(lease=self.plain.lease))

    @precondition(lambda self: len(self.plain.fates) > 6)
    @rule()
    def proctor_ends_it(self) -> None:
        may = self.plain.open or self.plain.state == "paused"
        assert self._order(orders.terminate_in, reason="evacuation") is may
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
                found[origin.lease, origin.number] = _fate(entry)
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

    def teardown(self) -> None:
        try:
            self._bring_all_in()
            self.every_answer_has_its_plain_fate()
            self.graded_set_and_state_are_the_plain_ones()
            all_hold(self.rt, acknowledged={self.attempt_id: self.acknowledged})
            self._result_is_the_plain_one()
        finally:
            self.rt.close()
            shutil.rmtree(self.folder)

    def _bring_all_in(self) -> None:
        """The exam ends, every browser's file is brought, and the late window closes."""
        if self.plain.state == "paused":
            self.proctor_resumes()
        self._pass(max(self.plain.left, ZERO) + timedelta(seconds=11))
        self.sweepers_come_by()
        for page in self.pages:
            self._bring(page, page.typed)
            page.outbox = []
        self.sweepers_come_by()
        self._pass(timedelta(hours=1))
        self.sweepers_come_by()
        typed = {(page.lease, entry["number"]) for page in self.pages for entry in page.typed}
        assert typed == self.plain.fates.keys()

    def _result_is_the_plain_one(self) -> None:
        found = latest_result(self.rt, self.attempt_id)
        assert found is not None
        assert found.status.value == "final"
        answered = {mark.slot for mark in found.result.marks.slots if mark.answered}
        assert answered == self.plain.graded().keys()


def _fate(entry: Any) -> str:
    match entry:
        case Answered() | Recovered(counts=True):
            return COUNTS
        case Recovered():
            return KEPT
        case Refused():
            return REFUSED
        case Submitted():
            return DONE
        case _:
            raise AssertionError(entry)


def test_a_whole_exam_is_what_the_plain_model_says(sqlite_template: Path) -> None:
    with template(sqlite_template) as made:
        run_state_machine_as_test(
            lambda: Delivery(made),
            settings=settings(max_examples=max(10, settings.default.max_examples // 3), stateful_step_count=40),
        )
