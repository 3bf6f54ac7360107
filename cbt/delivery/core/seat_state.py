"""How one browser stands to one candidate's exam: what the waiting page says, and what a start would find."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from cbt.scheduling.core.sittings import RoomState


class SeatState(StrEnum):
    """How one browser stands to one registration's exam."""

    NOT_ADMITTED = "not-admitted"
    WAITING = "waiting"
    OPEN = "open"
    TAKEN = "taken"
    ENDED = "ended"
    CLOSED = "closed"


#: What the waiting page is told.
WAIT_WORDS: Final[Mapping[SeatState, str]] = MappingProxyType(
    {
        SeatState.NOT_ADMITTED: "waiting",
        SeatState.WAITING: "checked-in",
        SeatState.OPEN: "open",
        SeatState.TAKEN: "seat-taken",
        SeatState.ENDED: "ended",
        SeatState.CLOSED: "closed",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Whether a room lets people begin: its state, and whether the sitting's window has ended.

    Who begins before the end of the window has the whole time, also beyond it; after it nobody begins any more.
    """

    state: RoomState
    over: bool = False

    @property
    def is_shut(self) -> bool:
        """Return whether nobody begins here any more."""
        return self.over or self.state is RoomState.CLOSED


def seat_state(door: Door, *, checked_in: bool, holder: str | None, ended: bool, device: str) -> SeatState:
    """Return how the browser `device` stands; `holder` names the one that started, if any did."""
    if ended:
        return SeatState.ENDED
    if holder is not None:
        return SeatState.OPEN if holder == device else SeatState.TAKEN
    if door.is_shut:
        return SeatState.CLOSED
    if not checked_in:
        return SeatState.NOT_ADMITTED
    return SeatState.OPEN if door.state is RoomState.OPEN else SeatState.WAITING
