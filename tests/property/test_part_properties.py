"""What holds for every journal of a paper whose parts are passed in one direction, whatever happens and whenever."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cbt.delivery.core import parts, timing
from cbt.delivery.core.attempt import Attempt, AttemptState
from cbt.delivery.core.entries import Answered, Entry, Extended, PartEntered, PartLeft, Resumed, Sent, Started
from cbt.delivery.core.entry_documents import from_document, to_document
from cbt.delivery.core.journal import Linked, advance, replay
from cbt.delivery.core.part_documents import place_document, place_from
from cbt.delivery.core.refusals import EntryRefused
from tests.factories_delivery import SLOTS, ready, started_in_parts
from tests.strategies import entry_of, steps

NONE = timedelta(0)
GRACE = timedelta(seconds=10)


@dataclass(frozen=True)
class Course:
    """A journal in parts that grew legally, with the attempt before each row."""

    start: Started
    before: tuple[Attempt, ...]
    rows: tuple[Linked, ...]
    after: Attempt

    @property
    def steps(self) -> tuple[tuple[Attempt, Entry, Attempt], ...]:
        """Each entry between the attempts around it."""
        return tuple(
            (before, row.entry, after)
            for before, row, after in zip(self.before, self.rows, (*self.before[1:], self.after), strict=True)
        )


@st.composite
def starts(draw: st.DrawFn) -> Started:
    """A start with two to four parts that share the five slots; all with limits, or none."""
    cuts = sorted(draw(st.sets(st.integers(1, SLOTS - 1), min_size=1, max_size=3)))
    sizes = [last - first for first, last in zip([0, *cuts], [*cuts, SLOTS], strict=True)]
    limited = draw(st.booleans())
    limits = [draw(st.integers(30, 600)) if limited else None for _ in sizes]
    pauses = [draw(st.sampled_from([0, 0, 30, 120])) for _ in sizes[:-1]] + [0]
    return started_in_parts(*zip(sizes, limits, pauses, strict=True))


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """A course of legal steps, illegal ones left out."""
    start = draw(starts())
    attempt = ready()
    before, rows = [], []
    attempt_after, row = advance(attempt, start)
    before.append(attempt)
    rows.append(row)
    attempt = attempt_after
    turns = st.tuples(st.sampled_from(["step", "step", "left", "entered"]), steps, st.integers(0, 4))
    for turn in draw(st.lists(turns, max_size=25)):
        try:
            attempt_after, row = advance(attempt, _entry(turn, attempt))
        except EntryRefused:
            continue
        before.append(attempt)
        rows.append(row)
        attempt = attempt_after
    return Course(start=start, before=tuple(before), rows=tuple(rows), after=attempt)


def _entry(turn: tuple[str, Any, int], attempt: Attempt) -> Entry:
    kind, step, part = turn
    if kind == "step":
        return entry_of(step, attempt)
    sent = Sent(lease=attempt.lease, number=attempt.lease_next, claimed_at=None, digest=b"d" * 32)
    made = PartLeft if kind == "left" else PartEntered
    return made(at=attempt.head.at + step.gap, sent=sent, part=part)


@given(courses())
def test_replay_of_a_journal_in_parts_is_the_state(course: Course) -> None:
    assert replay(ready(), course.rows, head=course.after.head) == course.after


@given(courses())
def test_entries_and_place_are_read_back(course: Course) -> None:
    for _, entry, after in course.steps:
        assert from_document(to_document(entry)) == entry
        if after.place is not None:
            assert place_from(place_document(after.place)) == after.place


@given(courses(), st.timedeltas(NONE, timedelta(hours=1)), st.timedeltas(NONE, timedelta(hours=1)))
def test_what_the_clock_does_does_not_depend_on_how_often_it_is_looked_at(
    course: Course, first: timedelta, second: timedelta
) -> None:
    attempt, now = course.after, course.after.head.at
    looked = parts.settled(attempt, now + first)
    assert parts.settled(looked, now + first + second) == parts.settled(attempt, now + first + second)
    assert timing.deadline_at(looked) == timing.deadline_at(attempt)


@given(courses())
def test_end_moves_later_only_by_extension_pause_or_a_break_that_was_reached(course: Course) -> None:
    for before, entry, after in course.steps[1:]:
        was, now = timing.deadline_at(before), timing.deadline_at(after)
        if was is None or now is None or after.has_ended:
            continue
        reached = NONE
        if isinstance(entry, PartLeft) and before.parts[entry.part].time_allowed is None:
            reached = before.parts[entry.part].break_after
        assert now - was <= (entry.extra if isinstance(entry, Extended) else reached)


@given(courses())
def test_pause_moves_the_end_by_its_length_and_gives_no_time(course: Course) -> None:
    for before, entry, after in course.steps[1:]:
        if isinstance(entry, Resumed):
            assert timing.remaining(before, entry.at) == timing.remaining(after, entry.at)


@given(courses())
def test_no_answer_counts_outside_its_part_or_beyond_its_limit_and_grace(course: Course) -> None:
    for before, entry, _ in course.steps:
        place = parts.settled(before, entry.at).place
        if isinstance(entry, Answered) and place is not None:
            part = parts.part_of(before.parts, entry.slot)
            if place.part != part:  # in the grace of the part before, which ran out
                assert place.part == part + 1
                assert place.ran_out_at is not None
                assert entry.at <= place.ran_out_at + GRACE
            assert timing.used(before, entry.at) <= timing.allowed(before) + GRACE


@given(courses())
def test_no_part_lasts_longer_than_its_limit_with_its_extensions(course: Course) -> None:
    for before, entry, _ in course.steps[1:]:
        attempt = parts.settled(before, entry.at)
        place = attempt.place
        if place is None or place.on_break or attempt.state is not AttemptState.RUNNING:
            continue
        limit = attempt.parts[place.part].time_allowed
        allowed = timing.allowed(attempt) - place.worked if limit is None else limit + place.extended
        passed = entry.at - place.since - place.paused
        overdue = timing.is_overdue(attempt, entry.at)
        assert passed <= allowed + GRACE or overdue


@given(courses(), st.timedeltas(NONE, timedelta(hours=2)))
def test_silence_never_helps(course: Course, silence: timedelta) -> None:
    attempt = course.after
    if attempt.state is not AttemptState.RUNNING:
        return
    now = attempt.head.at + silence
    left = timing.remaining(attempt, now)
    before = timing.remaining(attempt, attempt.head.at)
    assert left is not None
    assert before is not None
    assert left == max(NONE, before - silence)


@given(starts())
def test_plan_covers_every_slot_once(start: Started) -> None:
    slots = [slot for part in start.parts for slot in range(part.first, part.last + 1)]
    assert slots == list(range(1, SLOTS + 1))
    assert all(parts.part_of(start.parts, slot) == -1 for slot in (0, SLOTS + 1))
