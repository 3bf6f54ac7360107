"""A candidate on a bad line, against a plain model: no acknowledged answer is lost, whatever the line does."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cbt.delivery.core import timing
from cbt.delivery.core.attempt import Attempt
from cbt.delivery.core.batch import parse_batch
from cbt.delivery.core.decision import Decision, Stop, StoredEntry, decide, known_entries, stored_entry
from cbt.delivery.core.entries import Answered, Refused, sent_of
from cbt.delivery.core.journal import Linked, advance, graded_set, replay
from cbt.delivery.core.receipts import Receipt
from cbt.delivery.core.refusals import EntryRefused
from tests.factories_delivery import (
    NINE,
    choices,
    expired,
    extended,
    moved,
    paused,
    ready,
    received,
    resumed,
    started,
    terminated,
)
from tests.strategies import wire_entries

CHOICES = choices()
_NO_TIME = timedelta(0)


@dataclass
class Page:
    """A candidate's page: it counts under its lease, and drops what is receipted."""

    lease: int
    typed: int = 0
    outbox: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Plain:
    """What should be true, kept without journal, lease rules or timing of the product."""

    state: str = "running"
    left: timedelta = timedelta(minutes=10)
    late: timedelta = timedelta(seconds=10)
    answers: dict[int, Any] = field(default_factory=dict)
    rows: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def pass_time(self, passed: timedelta) -> None:
        if self.state == "running":
            self.left -= passed

    @property
    def is_open(self) -> bool:
        return self.state == "running" and self.left + self.late >= _NO_TIME


class BadLine(RuleBasedStateMachine):
    """Requests and replies are lost, doubled and overtaken; staff and clock step in; the server restarts."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NINE
        attempt, first = advance(ready(), started(0))
        self.attempt: Attempt = attempt
        self.rows: list[Linked] = [first]
        self.page = Page(lease=1)
        self.old_pages: list[Page] = []
        self.requests: list[tuple[Page, bytes]] = []
        self.replies: list[tuple[Page, Decision]] = []
        self.receipts: dict[tuple[int, int], Receipt] = {}
        self.acknowledged: dict[tuple[int, int], dict[str, Any]] = {}
        self.plain = Plain()

    # the candidate

    @rule(entries=st.lists(wire_entries(), min_size=1, max_size=4))
    def act(self, entries: list[dict[str, Any]]) -> None:
        for entry in entries:
            self.page.typed += 1
            self.page.outbox.append({**entry, "number": self.page.typed})

    # Not too soon, or most runs would be over before anything happened.
    @precondition(lambda self: self.page.typed > 6)
    @rule()
    def hand_in(self) -> None:
        self.page.typed += 1
        self.page.outbox.append({"kind": "submitted", "number": self.page.typed})

    @precondition(lambda self: self.page.outbox)
    @rule(data=st.data())
    def send(self, data: st.DataObject) -> None:
        self._send(self.page, data)

    @precondition(lambda self: any(page.outbox for page in self.old_pages))
    @rule(data=st.data())
    def old_page_sends(self, data: st.DataObject) -> None:
        self._send(data.draw(st.sampled_from([page for page in self.old_pages if page.outbox])), data)

    def _send(self, page: Page, data: st.DataObject) -> None:
        first = data.draw(st.integers(0, len(page.outbox) - 1))
        last = data.draw(st.integers(first + 1, len(page.outbox)))
        body = json.dumps({"lease": page.lease, "entries": data.draw(st.permutations(page.outbox[first:last]))})
        self.requests.append((page, body.encode()))

    @precondition(lambda self: self.acknowledged)
    @rule(data=st.data())
    def number_is_used_again_for_something_else(self, data: st.DataObject) -> None:
        lease, number = data.draw(st.sampled_from(sorted(self.acknowledged)))
        forged = {**self.acknowledged[lease, number], "forged": True}
        before = self.attempt
        decision = self._record(json.dumps({"lease": lease, "entries": [forged]}).encode())
        assert decision.stop == Stop(code="entry-conflict", number=number)
        assert (decision.receipt, self.attempt) == (None, before)

    # the line

    @precondition(lambda self: self.requests)
    @rule(data=st.data(), doubled=st.booleans())
    def request_arrives(self, data: st.DataObject, doubled: bool) -> None:
        place = data.draw(st.integers(0, len(self.requests) - 1))
        page, body = self.requests[place] if doubled else self.requests.pop(place)
        self.replies.append((page, self._record(body)))

    @precondition(lambda self: self.requests)
    @rule(data=st.data())
    def request_is_lost(self, data: st.DataObject) -> None:
        self.requests.pop(data.draw(st.integers(0, len(self.requests) - 1)))

    @precondition(lambda self: self.replies)
    @rule(data=st.data(), doubled=st.booleans())
    def reply_arrives(self, data: st.DataObject, doubled: bool) -> None:
        place = data.draw(st.integers(0, len(self.replies) - 1))
        page, decision = self.replies[place] if doubled else self.replies.pop(place)
        if decision.receipt is None:
            return
        upto = decision.receipt.number
        for entry in page.outbox:
            if entry["number"] <= upto:
                self.acknowledged[page.lease, entry["number"]] = entry
        page.outbox = [entry for entry in page.outbox if entry["number"] > upto]

    @precondition(lambda self: self.replies)
    @rule(data=st.data())
    def reply_is_lost(self, data: st.DataObject) -> None:
        self.replies.pop(data.draw(st.integers(0, len(self.replies) - 1)))

    # the server

    def _record(self, body: bytes) -> Decision:
        batch = received(body)
        known: dict[int, StoredEntry] = {}
        for row in self.rows:
            sent, stored = sent_of(row.entry), stored_entry(row.number, row.hash, row.entry)
            if sent is not None and stored is not None and sent.lease == batch.lease:
                known[stored[0]] = stored[1]
        following = self.attempt.lease_next
        decision = decide(self.attempt, batch, self.now, CHOICES, known)
        if batch.lease == self.attempt.lease and min(entry.number for entry in batch.entries) <= following:
            assert decision.stop is None or decision.stop.code == "entry-conflict"
        self._expect(decision, batch.lease, json.loads(body)["entries"])
        self.attempt = decision.after
        self.rows.extend(decision.linked)
        return decision

    def _expect(self, decision: Decision, lease: int, entries: list[dict[str, Any]]) -> None:
        by_number = {entry["number"]: entry for entry in entries}
        for number, stored in known_entries(decision.linked).items():
            assert (lease, number) not in self.plain.rows, "an entry was taken twice"
            self.plain.rows[lease, number] = stored.hash
            self._expect_one(by_number[number], stored)
        if decision.receipt is not None:
            before = self.receipts.setdefault((lease, decision.receipt.number), decision.receipt)
            assert before == decision.receipt, "a retry got another receipt"
            numbers = range(1, decision.receipt.number + 1)
            assert all((lease, number) in self.plain.rows for number in numbers), "a receipt covers a hole"

    def _expect_one(self, entry: dict[str, Any], stored: StoredEntry) -> None:
        was_open = self.plain.is_open
        if entry["kind"] in {"answered", "flagged", "submitted"} and not was_open:
            assert stored.refused_code in {"paused", "time-over", "already-ended"} or not _is_good(entry)
        elif _is_good(entry) and was_open:
            assert stored.refused_code is None
        if stored.refused_code is None and entry["kind"] == "answered":
            self.plain.answers[entry["slot"]] = entry["responses"]
        if stored.refused_code is None and entry["kind"] == "submitted":
            self.plain.state = "submitted"

    @rule()
    def server_restarts(self) -> None:
        self.attempt = replay(ready(), self.rows, head=self.attempt.head)

    # the clock and the staff

    @rule(passed=st.integers(1, 90))
    def time_passes(self, passed: int) -> None:
        self.now += timedelta(seconds=passed)
        self.plain.pass_time(timedelta(seconds=passed))

    @precondition(lambda self: self.plain.state == "running" and self.plain.left > _NO_TIME)
    @rule(beyond=st.integers(-1, 11))
    def time_is_almost_over(self, beyond: int) -> None:
        passed = self.plain.left + timedelta(seconds=beyond)
        self.now += passed
        self.plain.pass_time(passed)

    def _order(self, make: Any, *extra: int) -> bool:
        second = (self.attempt.stamp(self.now) - NINE).total_seconds()
        try:
            self.attempt, row = advance(self.attempt, make(second, *extra))
        except EntryRefused:
            return False
        self.rows.append(row)
        return True

    @rule()
    def staff_pause(self) -> None:
        assert self._order(paused) is self.plain.is_open
        if self.plain.is_open:
            self.plain.state = "paused"

    @rule()
    def staff_resume(self) -> None:
        assert self._order(resumed) is (self.plain.state == "paused")
        if self.plain.state == "paused":
            self.plain.state = "running"

    @rule(extra=st.integers(1, 300))
    def staff_extend(self, extra: int) -> None:
        may = self.plain.is_open or self.plain.state == "paused"
        assert self._order(extended, extra) is may
        if may:
            self.plain.left += timedelta(seconds=extra)

    @rule()
    def staff_move_the_seat(self) -> None:
        if self._order(moved, self.attempt.lease + 1):
            self.old_pages.append(self.page)
            self.page = Page(lease=self.attempt.lease)

    @rule()
    def sweeper_comes_by(self) -> None:
        if self._order(expired):
            assert self.plain.state == "running"
            assert self.plain.left + self.plain.late <= _NO_TIME
            self.plain.state = "expired"

    @precondition(lambda self: len(self.rows) > 12)
    @rule()
    def staff_terminate(self) -> None:
        may = self.plain.is_open or self.plain.state == "paused"
        assert self._order(terminated) is may
        if may:
            self.plain.state = "terminated"

    # what always holds

    @invariant()
    def state_is_the_plain_one(self) -> None:
        assert self.attempt.state.value == self.plain.state

    @invariant()
    def graded_set_is_the_plain_one(self) -> None:
        found = graded_set(row.entry for row in self.rows)
        shown = {slot: CHOICES.responses_to_opaque(slot, responses) for slot, responses in found.items()}
        expected = {
            slot: responses
            for slot, responses in self.plain.answers.items()
            if any(value.strip() for values in responses.values() for value in values)
        }
        assert shown == expected

    @invariant()
    def no_acknowledged_answer_is_lost(self) -> None:
        kept = {(sent.lease, sent.number): row.entry for row in self.rows if (sent := sent_of(row.entry))}
        for place, entry in self.acknowledged.items():
            assert kept[place].sent.digest == _digest(place[0], entry)
            if entry["kind"] == "answered":
                assert isinstance(kept[place], (Answered, Refused))

    @invariant()
    def clock_is_the_plain_one(self) -> None:
        if not self.attempt.has_ended:
            assert timing.remaining(self.attempt, self.now) == max(_NO_TIME, self.plain.left)

    def teardown(self) -> None:
        assert replay(ready(), self.rows, head=self.attempt.head) == self.attempt


def _is_good(entry: dict[str, Any]) -> bool:
    values = [value for given in entry.get("responses", {}).values() for value in given]
    return entry["kind"] != "guessed" and entry.get("slot", 1) <= 5 and "bad" not in values


def _digest(lease: int, entry: dict[str, Any]) -> bytes:
    return parse_batch({"lease": lease, "entries": [entry]}).entries[0].digest


BadLine.TestCase.settings = settings(stateful_step_count=40)
TestBadLine = BadLine.TestCase
