"""The day of a centre as a drawing: where a window of time begins and ends on a strip of hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

STRIP_WIDTH: Final = 290
MOST_TICKS: Final = 7
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One hour of the strip."""

    x: float
    hour: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A window of time on the strip; `done` is how much of its width lies in the past."""

    x: float
    width: float
    done: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """The hours that are drawn, from `start` to `end` (wall-clock instants of one day), and where now is."""

    start: datetime
    end: datetime
    now: datetime

    def x(self, at: datetime) -> float:
        """Return where an instant stands, held within the strip."""
        share = (at - self.start) / (self.end - self.start)
        return round(STRIP_WIDTH * min(max(share, 0.0), 1.0), 1)

    @property
    def now_x(self) -> float | None:
        """Return where now stands, or None when it is not on the strip."""
        return self.x(self.now) if self.start <= self.now <= self.end else None

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """Return the hours to write, seven at most."""
        hours = int((self.end - self.start) / _HOUR)
        step = -(-hours // (MOST_TICKS - 1)) if hours else 1
        return tuple(
            Tick(x=self.x(self.start + offset * _HOUR), hour=(self.start.hour + offset) % 24)
            for offset in range(0, hours + 1, step)
        )

    def bar(self, opens_at: datetime, closes_at: datetime) -> Bar:
        """Return the bar of a window."""
        left, right = self.x(opens_at), self.x(closes_at)
        return Bar(x=left, width=max(right - left, 2.0), done=min(max(self.x(self.now) - left, 0.0), right - left))


def strip_of(day_start: datetime, now: datetime, windows: tuple[tuple[datetime, datetime], ...]) -> Strip:
    """Return a strip of whole hours that holds what of `windows` falls on the day, from eight to eight at least."""
    day_end = day_start + timedelta(days=1)
    opens = min((max(opens_at, day_start) for opens_at, _closes in windows), default=day_end)
    closes = max((min(closes_at, day_end) for _opens, closes_at in windows), default=day_start)
    first = min(_hours(opens - day_start), 8)
    last = max(-_hours(day_start - closes), 20)
    zone = day_start.tzinfo
    return Strip(start=day_start + first * _HOUR, end=day_start + last * _HOUR, now=now.astimezone(zone))


def _hours(span: timedelta) -> int:
    """Return whole hours, rounded down (so that of a negative span, up in size)."""
    return span // _HOUR
