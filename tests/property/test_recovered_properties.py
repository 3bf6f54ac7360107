"""What holds for every journal with older leases, late answers and admissions in it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cbt.delivery.core.attempt import Attempt
from cbt.delivery.core.decision import Decision, StoredEntry, decide, stored_entry
from cbt.delivery.core.entries import Answered, Entry, LateAdmitted, Recovered, Responses
from cbt.delivery.core.entry_documents import to_bytes
from cbt.delivery.core.entry_kinds import Way
from cbt.delivery.core.journal import Linked, advance, graded_set, graded_set_of, read_entry, replay
from cbt.delivery.core.leases import LeaseBook
from cbt.delivery.core.recovery import recover
from cbt.delivery.core.refusals import EntryRefused
from cbt.delivery.core.timing import closes_at
from cbt.kernel.canonical import instant_text
from tests.factories_delivery import (
    NINE,
    STAFF,
    batch,
    choices,
    expired,
    moved,
    opaque,
    paused,
    ready,
    resumed,
    started,
    submitted,
    terminated,
    wire_answer,
)

CHOICES = choices()
ORDERS = {"pause": paused, "resume": resumed, "move": moved, "expire": expired, "terminate": terminated}
acts = st.one_of(
    st.tuples(st.just("live"), st.integers(1, 3), st.sampled_from("ABC"), st.integers(0, 40)),
    st.tuples(st.just("live"), st.integers(1, 3), st.sampled_from("ABC"), st.integers(0, 40)),
    st.tuples(st.just("old"), st.integers(1, 3), st.sampled_from("ABC"), st.integers(-100, 100)),
    st.tuples(st.just("file"), st.integers(1, 3), st.sampled_from("ABC"), st.integers(-100, 100)),
    st.tuples(st.sampled_from([*ORDERS, "move", "submit"]), st.just(0), st.just(""), st.integers(0, 90)),
    st.tuples(st.just("later"), st.just(0), st.just(""), st.integers(0, 300)),
    st.tuples(st.just("admit"), st.integers(0, 1), st.just(""), st.integers(0, 9)),
)


@dataclass
class Told:
    """A journal that grew as the acts say, by the same functions as the recorder uses."""

    attempt: Attempt = field(default_factory=ready)
    rows: list[Linked] = field(default_factory=list)
    second: float = 0

    @property
    def entries(self) -> list[Entry]:
        return [row.entry for row in self.rows]

    def add(self, entry: Entry) -> None:
        try:
            self.attempt, row = advance(self.attempt, entry)
        except EntryRefused:
            return
        self.rows.append(row)

    def take(self, decision: Decision) -> None:
        self.attempt = decision.after
        self.rows.extend(decision.linked)

    def known(self, lease: int) -> dict[int, StoredEntry]:
        found = [
            stored_entry(row.number, row.hash, row.entry)
            for row in self.rows
            if getattr(getattr(row.entry, "sent", None), "lease", 0) == lease
        ]
        return dict(pair for pair in found if pair is not None)

    def act(self, kind: str, slot: int, letter: str, number: int) -> None:
        now = NINE + timedelta(seconds=self.second)
        claimed = instant_text(now + timedelta(seconds=min(number, 0)))
        match kind:
            case "live":
                entry = {**wire_answer(self.attempt.lease_next, slot, *opaque_of(slot, letter)), "claimed_at": claimed}
                self.second += number
                self.take(decide(self.attempt, batch(entry, lease=self.attempt.lease), now, CHOICES, {}))
            case "old" | "file":
                book = LeaseBook(self.entries)
                lease = max(1, self.attempt.lease - (kind == "old" or number % 2))
                entry = {**wire_answer(book.next_of(lease), slot, *opaque_of(slot, letter)), "claimed_at": claimed}
                way = Way.OLDER_LEASE if lease < self.attempt.lease and kind == "old" else Way.ANSWER_FILE
                sent = batch(entry, lease=lease)
                self.take(recover(self.attempt, sent, now, CHOICES, self.known(lease), book=book, way=way))
            case "later":
                self.second += number
            case "submit":
                self.add(submitted(self.second, self.attempt.lease_next, self.attempt.lease))
            case "admit":
                self.admit(over=bool(slot), skip=number)
            case _:
                more = (self.attempt.lease + 1,) if kind == "move" else ()
                self.add(ORDERS[kind](self.second, *more))

    def admit(self, *, over: bool, skip: int) -> None:
        entries = self.entries
        kept = [n for n, one in enumerate(entries, start=1) if isinstance(one, Recovered) and not one.counts]
        if not kept:
            return
        made = LateAdmitted(
            at=self.attempt.stamp(NINE + timedelta(seconds=self.second)),
            numbers=tuple(kept[skip % len(kept) :]),
            reason="power cut",
            by=STAFF,
            overriding=over,
        )
        answered = tuple(graded_set([*entries, made]))
        self.add(LateAdmitted(**{**{name: getattr(made, name) for name in made.__slots__}, "answered": answered}))


def opaque_of(slot: int, letter: str) -> list[str]:
    return opaque(slot, letter)


@st.composite
def told(draw: st.DrawFn) -> Told:
    story = Told()
    story.add(started(0))
    for act in draw(st.lists(acts, min_size=1, max_size=25)):
        story.act(*act)
    return story


@given(told())
def test_replay_of_the_journal_is_the_state(story: Told) -> None:
    assert replay(ready(), story.rows, head=story.attempt.head) == story.attempt
    assert [read_entry(row.content) for row in story.rows] == story.entries


@given(told())
def test_answered_slots_are_those_of_the_graded_set(story: Told) -> None:
    assert set(graded_set(story.entries)) == story.attempt.answered


@given(told())
def test_nothing_that_came_after_the_end_changes_the_graded_set_without_an_admission(story: Told) -> None:
    attempt, before_the_end = ready(), None
    for place, row in enumerate(story.rows):
        closing = closes_at(attempt)
        over = attempt.has_ended or (closing is not None and row.entry.at > closing)
        if over and before_the_end is None:
            before_the_end = story.entries[:place]
        attempt, _ = advance(attempt, row.entry)
    later = [entry for entry in story.entries if not isinstance(entry, LateAdmitted)]
    assert before_the_end is None or graded_set(before_the_end) == graded_set(later)


@given(told())
def test_late_and_admitted_rows_are_graded_from_what_is_stored(story: Told) -> None:
    assert graded_set_of(map(to_bytes, story.entries)) == graded_set(story.entries)


@given(told())
def test_the_answer_of_a_newer_lease_is_never_beaten(story: Told) -> None:
    entries = [entry for entry in story.entries if not (isinstance(entry, LateAdmitted) and entry.overriding)]
    newest: dict[int, tuple[int, Responses]] = {}
    for entry in entries:
        if isinstance(entry, Answered):
            newest[entry.slot] = (entry.sent.lease, entry.responses)
    graded = graded_set(entries)
    admitted = {n for entry in entries if isinstance(entry, LateAdmitted) for n in entry.numbers}
    for number, entry in enumerate(story.entries, start=1):
        if isinstance(entry, Recovered) and (entry.counts or number in admitted):
            lease, _ = newest.get(entry.slot, (0, {}))
            if lease > entry.sent.lease:
                stands = graded.get(entry.slot, {"RESPONSE": ()})
                assert stands in [
                    other.responses
                    for other in story.entries
                    if isinstance(other, (Answered, Recovered))
                    and other.slot == entry.slot
                    and other.sent.lease > entry.sent.lease
                ]


@given(told(), st.sampled_from(["submit", "expire", "terminate"]))
def test_every_ending_grades_the_same_answers(story: Told, ending: str) -> None:
    before = graded_set(story.entries)
    attempt: Any = story.attempt
    if ending == "expire" and (closing := closes_at(attempt)) is not None:
        story.second = max(story.second, (closing - NINE).total_seconds())
    story.act(ending, 0, "", 0)
    assert graded_set(story.entries) == before
