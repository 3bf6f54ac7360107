"""Time: the only module that reads a clock.

The server's instant decides everything, so it must not jump: the wall clock is read once per process and carried
forward by the monotonic clock. A wall clock that later steps away is noticed (`drift`), never followed.
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

STEP_ALARM: Final = timedelta(seconds=2)


class Clock(Protocol):
    """Whatever tells the instant; aware, UTC."""

    def now(self) -> datetime:
        """Return the present instant."""
        ...


class SystemClock:
    """The wall clock, anchored to the monotonic clock when the process starts."""

    def __init__(self) -> None:
        self._wall_ns = time.time_ns()
        self._monotonic_ns = time.monotonic_ns()

    def now(self) -> datetime:
        """Return the anchored instant, UTC, to the microsecond."""
        elapsed_ns = time.monotonic_ns() - self._monotonic_ns
        return _instant(self._wall_ns + elapsed_ns)

    def drift(self) -> timedelta:
        """Return how far the wall clock has moved from the anchor; beyond `STEP_ALARM` somebody stepped it."""
        return _instant(time.time_ns()) - self.now()


def _instant(nanoseconds: int) -> datetime:
    seconds, rest_ns = divmod(nanoseconds, 1_000_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest_ns // 1000)
