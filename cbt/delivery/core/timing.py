"""The clock of an attempt, derived from its journal: nothing here is stored, and `now` is always the server's.

deadline = start + time allowed (with accommodation) + extensions + pauses. What arrives up to `grace` after it is
in time; from then on the attempt is over, whether or not a sweeper has already written so.
"""

from datetime import datetime, timedelta
from fractions import Fraction

from cbt.delivery.core.attempt import Attempt, AttemptState
from cbt.delivery.core.entries import SECOND, ZERO
from cbt.delivery.core.entry_kinds import NotADuration
from cbt.delivery.core.parts import ends_at, settled, worked

_MICROSECOND = timedelta(microseconds=1)


def deadline_at(attempt: Attempt) -> datetime | None:
    """Return when the time is over, or None before the start and while paused (then it moves with the clock)."""
    if attempt.started_at is None or attempt.state is AttemptState.PAUSED:
        return None
    return _ends_at(attempt)


def closes_at(attempt: Attempt) -> datetime | None:
    """Return the last instant at which an entry is in time (deadline and grace), or None as `deadline_at`."""
    deadline = deadline_at(attempt)
    return None if deadline is None else deadline + attempt.grace


def allowed(attempt: Attempt) -> timedelta:
    """Return the whole working time: as allowed at the start, and all extensions."""
    return attempt.time_allowed + attempt.extended


def used(attempt: Attempt, now: datetime) -> timedelta:
    """Return the working time that has passed, pauses left out; it stands still once the attempt has ended."""
    if attempt.started_at is None:
        return ZERO
    until = attempt.ended_at or attempt.paused_at or now
    place = settled(attempt, until).place
    if place is not None:
        return worked(place, until)
    return max(ZERO, until - attempt.started_at - attempt.paused_total)


def remaining(attempt: Attempt, now: datetime) -> timedelta | None:
    """Return the working time left (never negative): frozen while paused, none once ended, None before the start."""
    if attempt.started_at is None:
        return None
    if attempt.has_ended:
        return ZERO
    if attempt.place is not None:
        return max(ZERO, ends_at(attempt, attempt.place) - (attempt.paused_at or max(now, attempt.place.since)))
    return max(ZERO, allowed(attempt) - used(attempt, now))


def _ends_at(attempt: Attempt) -> datetime | None:
    if attempt.started_at is None:
        return None
    if attempt.place is not None:
        return ends_at(attempt, attempt.place)
    return attempt.started_at + allowed(attempt) + attempt.paused_total


def is_overdue(attempt: Attempt, now: datetime) -> bool:
    """Return whether a running attempt has passed its deadline and grace, so that it must be ended."""
    closing = closes_at(attempt)
    return attempt.state is AttemptState.RUNNING and closing is not None and now >= closing


def allowed_with_factor(time_allowed: timedelta, factor: Fraction) -> timedelta:
    """Return the time with an accommodation's exact factor (3/2 is time and a half), rounded up to whole seconds.

    Raises NotADuration for a factor below 1 or a time that is not positive: an accommodation never takes time away.
    """
    if factor < 1 or time_allowed <= ZERO:
        raise NotADuration(duration=time_allowed, factor=factor)
    microseconds = Fraction(time_allowed // _MICROSECOND) * factor
    return -(-microseconds // 1_000_000) * SECOND
