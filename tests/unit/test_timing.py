"""The clock, as a table of timelines: ten minutes allowed from second 0, ten seconds of grace."""

from datetime import timedelta
from fractions import Fraction

import pytest

from cbt.delivery.core import timing
from cbt.delivery.core.entry_kinds import NotADuration
from tests.factories_delivery import (
    after,
    at,
    expired,
    extended,
    hand_raised,
    moved,
    paused,
    ready,
    resumed,
    started,
    submitted,
    terminated,
)

S = started(0)
TIMELINES = [
    # history                                                       now  state         left deadline used overdue
    ((S,), 0, "running", 600, 600, 0, False),
    ((S,), 0.5, "running", 599.5, 600, 0.5, False),
    ((S,), 599, "running", 1, 600, 599, False),
    ((S,), 600, "running", 0, 600, 600, False),
    ((S,), 605, "running", 0, 600, 605, False),
    ((S,), 609.999999, "running", 0, 600, 609.999999, False),
    ((S,), 610, "running", 0, 600, 610, True),
    ((S,), 86_400, "running", 0, 600, 86_400, True),
    ((S, expired(610)), 700, "expired", 0, 600, 610, False),
    ((S, submitted(30, 1)), 700, "submitted", 0, 600, 30, False),
    ((S, terminated(30)), 700, "terminated", 0, 600, 30, False),
    # pauses: the clock stands still, then the deadline has moved
    ((S, paused(100)), 100, "paused", 500, None, 100, False),
    ((S, paused(100)), 5_000, "paused", 500, None, 100, False),
    ((S, paused(100), resumed(400)), 400, "running", 500, 900, 100, False),
    ((S, paused(100), resumed(400)), 899, "running", 1, 900, 599, False),
    ((S, paused(100), resumed(100)), 100, "running", 500, 600, 100, False),
    ((S, paused(100), resumed(400), paused(500)), 9_999, "paused", 400, None, 200, False),
    ((S, paused(100), resumed(400), paused(500), resumed(600)), 600, "running", 400, 1_000, 200, False),
    ((S, paused(604), resumed(900)), 900, "running", 0, 896, 604, False),
    ((S, paused(604), resumed(900)), 906, "running", 0, 896, 610, True),
    ((S, paused(100), terminated(400)), 500, "terminated", 0, 900, 100, False),
    # extensions
    ((S, extended(10, 300)), 10, "running", 890, 900, 10, False),
    ((S, extended(10, 300), extended(20, 60)), 20, "running", 940, 960, 20, False),
    ((S, extended(605, 300)), 605, "running", 295, 900, 605, False),
    ((S, paused(100), extended(200, 300)), 300, "paused", 800, None, 100, False),
    ((S, paused(100), extended(200, 300), resumed(300)), 300, "running", 800, 1_100, 100, False),
    # what has no bearing on the clock
    ((S, hand_raised(50, 1)), 60, "running", 540, 600, 60, False),
    ((S, moved(50)), 60, "running", 540, 600, 60, False),
    # midnight in Seoul (second 54,000) is an instant like any other
    ((started(53_900),), 54_100, "running", 400, 54_500, 200, False),
]


@pytest.mark.parametrize(("history", "now", "state", "left", "deadline", "used", "overdue"), TIMELINES)
def test_timeline(history, now, state, left, deadline, used, overdue) -> None:
    attempt = after(*history)
    assert attempt.state == state
    assert timing.remaining(attempt, at(now)) == timedelta(seconds=left)
    assert timing.deadline_at(attempt) == (None if deadline is None else at(deadline))
    assert timing.used(attempt, at(now)) == timedelta(seconds=used)
    assert timing.is_overdue(attempt, at(now)) is overdue


def test_nothing_runs_before_the_start() -> None:
    assert timing.remaining(ready(), at(0)) is None
    assert timing.deadline_at(ready()) is None
    assert timing.closes_at(ready()) is None
    assert timing.used(ready(), at(50)) == timedelta(0)
    assert not timing.is_overdue(ready(), at(1_000_000))


def test_closing_is_deadline_and_grace() -> None:
    assert timing.closes_at(after(S)) == at(610)


def test_clock_set_back_gives_no_time_beyond_what_is_allowed() -> None:
    assert timing.remaining(after(started(100)), at(40)) == timedelta(seconds=600)


@pytest.mark.parametrize(
    ("seconds", "factor", "expected"),
    [
        (9_000, Fraction(1), 9_000),
        (9_000, Fraction(3, 2), 13_500),
        (9_000, Fraction(17, 10), 15_300),
        (100, Fraction(4, 3), 134),
        (1, Fraction(1_000_001, 1_000_000), 2),
        (3_600, Fraction(2), 7_200),
    ],
)
def test_factor_is_exact_and_rounds_up_to_whole_seconds(seconds, factor, expected) -> None:
    assert timing.allowed_with_factor(timedelta(seconds=seconds), factor) == timedelta(seconds=expected)


@pytest.mark.parametrize(("seconds", "factor"), [(9_000, Fraction(99, 100)), (0, Fraction(2)), (-1, Fraction(2))])
def test_accommodation_never_takes_time_away(seconds, factor) -> None:
    with pytest.raises(NotADuration):
        timing.allowed_with_factor(timedelta(seconds=seconds), factor)
