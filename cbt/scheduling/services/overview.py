"""What the administrator's first page shows: the day's sittings, the days to come, the banks, the latest acts."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from cbt.kernel.runtime import Runtime
from cbt.people.core.audit import AuditRecord
from cbt.people.services.audit import list_latest
from cbt.scheduling.core.sittings import SittingState
from cbt.scheduling.core.timeline import Strip, strip_of
from cbt.scheduling.services.sittings import SittingOverview, list_sittings
from itembank.core.records import BankSummary
from itembank.services.banks import list_banks

DAYS_AHEAD: Final = 7
LATEST_ACTS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """One day to come: how many sittings touch it, how many are registered, how many lack their papers."""

    on: date
    sittings: int
    registered: int
    unprepared: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The facts of one moment."""

    now: datetime
    on: date
    sittings: tuple[SittingOverview, ...]
    strip: Strip
    days: tuple[DayFigures, ...]
    banks: tuple[BankSummary, ...]
    acts: tuple[AuditRecord, ...]

    @property
    def centres(self) -> int:
        """Return in how many centres something takes place today."""
        return len({room.centre.id for sitting in self.sittings for room in sitting.rooms})

    @property
    def registered(self) -> int:
        """Return how many candidates are registered today."""
        return sum(sitting.registered for sitting in self.sittings)

    @property
    def checked_in(self) -> int:
        """Return how many candidates are checked in today."""
        return sum(sitting.checked_in for sitting in self.sittings)


def look_at(rt: Runtime, zone: str) -> Overview:
    """Return the day as the calendar of `zone` shows it, and the seven days after it."""
    now = rt.clock.now()
    local = now.astimezone(ZoneInfo(zone))
    today = local.replace(hour=0, minute=0, second=0, microsecond=0)
    starts = tuple(today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD + 2))
    found = list_sittings(rt, since=starts[0], until=starts[-1])
    sittings = _touching(found, starts[0], starts[1])
    windows = tuple((one.sitting.opens_at, one.sitting.closes_at) for one in sittings)
    return Overview(
        now=now,
        on=today.date(),
        sittings=sittings,
        strip=strip_of(today, now, windows),
        days=tuple(_figures(start, _touching(found, start, end)) for start, end in pairwise(starts[1:])),
        banks=list_banks(rt),
        acts=list_latest(rt, LATEST_ACTS),
    )


def _touching(found: tuple[SittingOverview, ...], start: datetime, end: datetime) -> tuple[SittingOverview, ...]:
    return tuple(one for one in found if one.sitting.opens_at < end and one.sitting.closes_at > start)


def _figures(start: datetime, sittings: tuple[SittingOverview, ...]) -> DayFigures:
    planned = [one for one in sittings if one.sitting.state is SittingState.PLANNED]
    return DayFigures(
        on=start.date(),
        sittings=len(planned),
        registered=sum(one.registered for one in planned),
        unprepared=sum(one.sitting.prepared_at is None for one in planned),
    )
