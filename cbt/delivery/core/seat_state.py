"""How one browser stands to one candidate's exam: what the waiting page says, and what a start would find."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
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

    Who begins before the end of the window has the whole time, also beyond it; after it nobody begins any more. What
    the release code began is another matter: see `lets_in_begun`.
    """

    state: RoomState
    over: bool = False

    @property
    def is_shut(self) -> bool:
        """Return whether nobody begins here any more."""
        return self.over or self.state is RoomState.CLOSED

    @property
    def lets_begin(self) -> bool:
        """Return whether who is checked in begins here now."""
        return self.state is RoomState.OPEN and not self.over


def lets_in_begun(opened_at: datetime | None) -> bool:
    """Return whether an exam that the release code began is taken in: it counts from the room's opening.

    What was done at that PC is done: neither the closing of the room nor the end of the window keeps it out.
    """
    return opened_at is not None


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
    return SeatState.OPEN if door.lets_begin else SeatState.WAITING
