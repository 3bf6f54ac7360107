"""A room and its PCs: the newest check of every seat, and how many are good."""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType
from uuid import UUID

from cbt.checks.core.measures import CheckLine, Measures, judge, will_do
from cbt.kernel.errors import NotFound
from cbt.scheduling.core.places import Centre, Room

CheckId = NewType("CheckId", UUID)


class NoSuchCheckLink(NotFound):
    """No room has this code; look at the printed address again."""

    code = "no-such-check-link"


@dataclass(frozen=True, slots=True, kw_only=True)
class PcCheck:
    """One run of the check at a seat's PC."""

    id: CheckId
    seat: int
    at: datetime
    measures: Measures

    @property
    def lines(self) -> tuple[CheckLine, ...]:
        """Return the lines by the rules of today."""
        return judge(self.measures)

    @property
    def good(self) -> bool:
        """Tell whether the PC will do."""
        return will_do(self.lines)

    @property
    def bad_lines(self) -> tuple[CheckLine, ...]:
        """Return the lines that are not good."""
        return tuple(line for line in self.lines if not line.good)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatCheck:
    """A seat and the newest check of its PC, if there was one."""

    seat: int
    check: PcCheck | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRoom:
    """A room with all its seats; `code` is what its PCs type to be checked."""

    centre: Centre
    room: Room
    code: str
    seats: tuple[SeatCheck, ...]

    @property
    def good(self) -> int:
        """The number of PCs that will do."""
        return sum(one.check is not None and one.check.good for one in self.seats)

    @property
    def bad(self) -> int:
        """The number of PCs that were checked and will not do."""
        return sum(one.check is not None and not one.check.good for one in self.seats)

    @property
    def missing(self) -> int:
        """The number of PCs that nobody has checked."""
        return sum(one.check is None for one in self.seats)
