"""Time: the only module that reads a clock.

The server's instant decides everything, so it must not jump: the wall clock is read once, as the anchor, and carried
forward by the time since boot (`cbt.kernel.anchor` lets all processes share one anchor). A wall clock that later steps
away is noticed (`drift`), never followed.
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from cbt.kernel.errors import Conflict

STEP_ALARM: Final = timedelta(seconds=2)


class ClockStepped(Conflict):
    """The server's clock was set while it ran; a room opens once that is put right."""

    code = "clock-stepped"


class Clock(Protocol):
    """Whatever tells the instant; aware, UTC."""

    def now(self) -> datetime:
        """Return the present instant."""
        ...

    def drift(self) -> timedelta:
        """Return how far the wall clock is ahead of this one; beyond `STEP_ALARM` somebody stepped it."""
        ...


class SystemClock:
    """The wall clock, anchored to the time since boot: at `anchor`, or now."""

    def __init__(self, anchor: int | None = None) -> None:
        self._anchor_ns = anchor_ns() if anchor is None else anchor

    def now(self) -> datetime:
        """Return the anchored instant, UTC, to the microsecond."""
        return _instant(self._anchor_ns + _since_boot_ns())

    def drift(self) -> timedelta:
        """Return how far the wall clock has moved from the anchor; beyond `STEP_ALARM` somebody stepped it."""
        return _instant(time.time_ns()) - self.now()


def anchor_ns() -> int:
    """Return by how many nanoseconds the wall clock is ahead of the time since boot."""
    return time.time_ns() - _since_boot_ns()


def _since_boot_ns() -> int:
    """Return the time that no one can set; where the system has one, it runs on while the machine is suspended."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic_ns() if clock is None else time.clock_gettime_ns(clock)


def _instant(nanoseconds: int) -> datetime:
    seconds, rest_ns = divmod(nanoseconds, 1_000_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest_ns // 1000)
