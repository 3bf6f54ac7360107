"""How one browser stands to one candidate's exam: what the waiting page says, and what a start would find."""

from collections.abc import Mapping
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


def seat_state(room: RoomState, *, checked_in: bool, holder: str | None, ended: bool, device: str) -> SeatState:
    """Return how the browser `device` stands; `holder` names the one that started, if any did."""
    if ended:
        return SeatState.ENDED
    if holder is not None:
        return SeatState.OPEN if holder == device else SeatState.TAKEN
    if room is RoomState.CLOSED:
        return SeatState.CLOSED
    if not checked_in:
        return SeatState.NOT_ADMITTED
    return SeatState.OPEN if room is RoomState.OPEN else SeatState.WAITING
