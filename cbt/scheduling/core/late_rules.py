"""What an exam's written rule says of answers that arrive after its end.

Without one they count only when a person admits them. With "claimed in time" those count that the seat's own clock
says were given before the end, if they arrive within a window after it; until it closes a result is provisional.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from cbt.people.core.inputs import Fields

LONGEST_WINDOW_MINUTES: Final = 7 * 24 * 60
MINUTE: Final = timedelta(minutes=1)


class LateKind(StrEnum):
    """Which rule an exam has."""

    NONE = "none"
    CLAIMED_IN_TIME = "claimed-in-time"


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRule:
    """The rule of one exam version; `window` is how long after the ending answers may arrive under it."""

    kind: LateKind = LateKind.NONE
    window: timedelta = timedelta(0)

    @property
    def minutes(self) -> int:
        """The window in whole minutes."""
        return self.window // MINUTE

    def is_open(self, ended_at: datetime | None, now: datetime) -> bool:
        """Tell whether answers of an attempt that ended at `ended_at` may still come under the rule."""
        return ended_at is not None and now < ended_at + self.window

    @property
    def text(self) -> str:
        """The rule as the journal names it: "claimed-in-time:30", or "none"."""
        return self.kind.value if self.kind is LateKind.NONE else f"{self.kind.value}:{self.minutes}"


NO_LATE_RULE: Final = LateRule()


def read_late_rule(fields: Fields) -> LateRule:
    """Return the rule of a page's fields; what is wrong is noted on them."""
    if not fields.raw("late_rule"):
        return NO_LATE_RULE
    kind = fields.choice("late_rule", tuple(kind.value for kind in LateKind))
    if kind != LateKind.CLAIMED_IN_TIME:
        return NO_LATE_RULE
    minutes = fields.whole("late_minutes", least=1, most=LONGEST_WINDOW_MINUTES)
    return LateRule(kind=LateKind.CLAIMED_IN_TIME, window=minutes * MINUTE)
