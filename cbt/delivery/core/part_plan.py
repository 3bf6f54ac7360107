"""Parts that are passed in one direction, as values: what was planned at the start, and where an attempt stands.

An attempt without a plan is free: every slot is open until the end. The rules are in `parts`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

_NONE = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPlan:
    """One part: its slots (`first` to `last`), its own limit with the accommodation in it, and the break after it.

    Either every part of a plan has a limit or none has; without limits the whole working time runs through all parts.
    """

    first: int
    last: int
    time_allowed: timedelta | None = None
    break_after: timedelta = _NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an attempt stands in its plan since an instant: in `part`, or on the break that leads to it.

    `paused` holds finished pauses since then, `extended` the extra time of this part, `worked` the working time that
    went into the parts before. `ran_out_at` is when the part before ended by itself; None when it was left.
    """

    part: int
    since: datetime
    on_break: bool = False
    paused: timedelta = _NONE
    extended: timedelta = _NONE
    worked: timedelta = _NONE
    ran_out_at: datetime | None = None
