"""The anchored clock: it goes on by the monotonic clock, and only tells that the wall clock was stepped."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from cbt.kernel import clock
from cbt.kernel.clock import STEP_ALARM, SystemClock

NOON = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


class Machine:
    """The two clocks of a machine, moved by hand; only a real machine's owner could step the real ones."""

    def __init__(self):
        self.wall_ns = int(NOON.timestamp()) * 10**9
        self.monotonic_at_ns = 5_000

    def time_ns(self):
        return self.wall_ns

    def monotonic_ns(self):
        return self.monotonic_at_ns

    def run(self, by):
        self.step(by)
        self.monotonic_at_ns += by // timedelta(microseconds=1) * 1000

    def step(self, by):
        self.wall_ns += by // timedelta(microseconds=1) * 1000


@pytest.fixture
def machine(monkeypatch):
    made = Machine()
    monkeypatch.setattr(clock, "time", made)
    return made


def test_clock_starts_at_the_wall_clocks_time(machine):
    machine.step(timedelta(hours=-1))
    assert SystemClock().now() == NOON - timedelta(hours=1)


def test_clock_runs_with_the_machine(machine):
    anchored = SystemClock()
    machine.run(timedelta(hours=3, microseconds=7))
    assert anchored.now() == NOON + timedelta(hours=3, microseconds=7)
    assert anchored.drift() == timedelta(0)


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(hours=-9), timedelta(seconds=3), timedelta(days=-400)])
def test_a_stepped_wall_clock_is_not_followed_but_told(machine, step):
    anchored = SystemClock()
    machine.run(timedelta(minutes=10))
    machine.step(step)
    machine.run(timedelta(minutes=10))
    assert anchored.now() == NOON + timedelta(minutes=20)
    assert anchored.drift() == step
    assert abs(anchored.drift()) > STEP_ALARM


def test_a_slow_slew_stays_below_the_alarm(machine):
    anchored = SystemClock()
    machine.step(timedelta(milliseconds=40))
    assert abs(anchored.drift()) < STEP_ALARM


def test_parts_of_a_microsecond_are_cut(machine):
    machine.wall_ns += 1999
    assert SystemClock().now() == NOON + timedelta(microseconds=1)


def test_the_machines_own_clock_is_told_in_utc_and_never_runs_back():
    anchored = SystemClock()
    told = [anchored.now() for _ in range(1000)]
    assert all(before <= after for before, after in pairwise(told))
    assert {each.tzinfo for each in told} == {UTC}
    assert abs(anchored.drift()) < STEP_ALARM
